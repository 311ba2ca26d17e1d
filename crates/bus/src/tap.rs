//! The messages between a tap (any frame), the relay (service worker) and the recorder (top frame).

use crate::parked::Goodbye;
use crate::wire::{Input, Wire, wire_enum, wire_struct};

/// Identifies one document for as long as it lives: a random text made by its tap.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentId(pub String);

/// The name of the port that a panel opens to a frame when the worker does not answer, to take the
/// worker's place: `chrome.tabs.connect(tab, {name, documentId})`.
///
/// Through it, the frame's content script sends what it would send to the worker, an encoded
/// [`RelayRequest`], and gets back the recorder's answer, or an empty text if there was none.
pub const RELAY_PORT: &str = "callscope-relay";

/// A message from a content script to the relay.
///
/// The relay only reads this enum: what it forwards stays text.
#[derive(Clone, Debug, PartialEq)]
pub enum RelayRequest {
    /// Run the content script in the sender's document, and in the top frame of its tab if it is
    /// not running there: calling-extension traffic was seen. There is no answer other than the
    /// start of the script.
    Start,
    /// Run the content script in the frames of the sender's tab that have this origin, where the
    /// extension is allowed to: they have sent messages, so what they receive must be recorded,
    /// too. Only the top frame may request it.
    StartFrames {
        /// The frames' own origin: `self.origin`.
        origin: String,
    },
    /// Forward to the recorder in the top frame of the sender's tab; its answer goes back to the
    /// sender.
    ToRecorder {
        /// An encoded [`TapMessage`].
        text: String,
    },
    /// Forward to another frame of the sender's tab; only the top frame may request it.
    ToFrame {
        /// Chrome's id of the document, which the relay gave the recorder in [`FromTap::document`].
        document: String,
        /// An encoded [`ToTap`].
        text: String,
    },
    /// Keep this readable after the sender's page has unloaded; only a top frame, or a document
    /// that is unloading, may request it.
    Park {
        /// [`Parked::recorder`](crate::Parked::recorder).
        recorder: DocumentId,
        /// [`Parked::began`](crate::Parked::began).
        began: f64,
        /// See [`Parked::is_ahead`](crate::Parked::is_ahead). If true, the answer is an empty text.
        is_ahead: bool,
        /// The encoded [`Parked`](crate::Parked).
        text: String,
    },
    /// The sender's document is unloading. The relay forwards this to the recorder as
    /// [`TapMessage::Goodbye`]; if the recorder does not accept it, the relay stores it beside what
    /// the recorder parks.
    Leave {
        /// What the document has not got acknowledged.
        goodbye: Goodbye,
    },
    /// Only answer, with an empty text: the panel asks whether the relay is alive.
    Ping,
}

/// What arrives at the recorder: a tap's message, with what the relay knows about its sender.
#[derive(Clone, Debug, PartialEq)]
pub struct FromTap {
    /// Chrome's `sender.documentId`, to which actions are sent.
    pub document: String,
    /// Chrome's `sender.frameId`.
    pub frame_id: i32,
    /// The encoded [`TapMessage`], unchanged.
    pub text: String,
}

/// A message from a tap.
#[derive(Clone, Debug, PartialEq)]
pub enum TapMessage {
    /// A document began to listen.
    Hello(Hello),
    /// Messages that it received; repeated until acknowledged.
    Batch(Batch),
    /// The document is unloading; this is what was not acknowledged yet.
    ///
    /// Only the recorder that knows the document accepts it. Another one, and one whose own page is
    /// unloading, answers that it does not know the document.
    Goodbye(Goodbye),
}

/// A document, and its place in the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Hello {
    /// The document.
    pub document: DocumentId,
    /// `self.origin`: `null` for a sandboxed document.
    pub origin: String,
    /// Indices into `window.frames`, from the top frame down; empty for the top frame itself.
    ///
    /// Only a hint: the indices shift when the page adds or removes frames.
    pub path: Vec<u32>,
    /// When the tap began to listen, in milliseconds since the epoch.
    pub at: f64,
    /// Whether it has been listening since `document_start`; `false` if it was injected later.
    pub from_start: bool,
    /// Whether its URL is `about:blank`: a frame has such a document until the intended one loads.
    pub blank: bool,
}

/// What one document received since the last acknowledged batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The receiving document.
    pub document: DocumentId,
    /// The sequence number of the first item. A document's sequence numbers start at 1 and have no
    /// holes except those counted in `lost`.
    pub first: u32,
    /// The messages, in the order in which the document received them.
    pub items: Vec<Observed>,
    /// How many calling-extension messages this document had to drop before `first`, in total.
    pub lost: u32,
    /// How many messages this document has received that are not calling-extension traffic, in
    /// total.
    pub others: u32,
    /// Whether the document has more messages waiting for the next batch.
    pub more: bool,
}

/// One received message that is, or may be, calling-extension traffic.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// When it was received, by the receiving document's clock, in milliseconds since the epoch.
    pub at: f64,
    /// The window that sent it, as the receiver sees it.
    pub source: Source,
    /// `event.origin`.
    pub origin: String,
    /// `event.data` as JSON text, limited in size.
    pub message: String,
    /// What JSON cannot represent, as the JSON text of an object: path → what was there. Empty if
    /// there is nothing.
    pub cloned: String,
    /// The original length of the JSON text, if `message` was cut; above a limit, an estimate.
    pub truncated: Option<u32>,
}

/// Who sent a message, as far as the receiving frame can tell by comparing windows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The parent window.
    Parent,
    /// A child frame's window.
    Child {
        /// Numbers the distinct windows that this document has received messages from, from 1. It
        /// stays the same as long as the frame element lives, even if the frame reloads.
        ///
        /// 0 in a [`Post`]: no message has come from the window yet, so `index` identifies it.
        slot: u32,
        /// Its index in `window.frames` when it sent the message.
        index: u32,
    },
    /// The receiving window itself.
    Own,
    /// The window that opened this one.
    Opener,
    /// Any other window, or one that has closed.
    Other,
    /// No window: not a message, but a report of the receiving page about itself, written by
    /// `inside.js`.
    Page,
}

/// The recorder's answer to a tap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ack {
    /// The highest sequence number up to which everything has arrived.
    pub through: u32,
    /// The recorder's own document. A value that differs from before means a new recorder, which
    /// needs a [`Hello`] first.
    pub recorder: DocumentId,
    /// Whether the recorder has seen this document's [`Hello`].
    pub known: bool,
    /// Whether a panel is watching. If not, the next batch is not urgent.
    pub watched: bool,
}

/// A request from the recorder to the content script in another frame, which answers with an
/// encoded [`Outcome`](crate::Outcome).
#[derive(Clone, Debug, PartialEq)]
pub enum ToTap {
    /// Post a message for the user.
    Post(Post),
}

/// A message to post for the user.
#[derive(Clone, Debug, PartialEq)]
pub struct Post {
    /// The window to post it to, as the posting document sees it.
    pub to: Source,
    /// The `targetOrigin` to post it with.
    pub target_origin: String,
    /// The value as JSON text.
    pub message: String,
}

impl Wire for DocumentId {
    fn write(&self, out: &mut String) {
        self.0.write(out);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        String::read(input).map(Self)
    }
}

wire_enum!(RelayRequest {
    Start,
    StartFrames { origin },
    ToRecorder { text },
    ToFrame { document, text },
    Park { recorder, began, is_ahead, text },
    Leave { goodbye },
    Ping,
});
wire_struct!(FromTap {
    document,
    frame_id,
    text
});
wire_enum!(TapMessage { Hello(hello), Batch(batch), Goodbye(goodbye) });
wire_struct!(Hello {
    document,
    origin,
    path,
    at,
    from_start,
    blank
});
wire_struct!(Batch {
    document,
    first,
    items,
    lost,
    others,
    more
});
wire_struct!(Observed {
    at,
    source,
    origin,
    message,
    cloned,
    truncated
});
wire_enum!(Source { Parent, Child { slot, index }, Own, Opener, Other, Page });
wire_struct!(Ack {
    through,
    recorder,
    known,
    watched
});
wire_enum!(ToTap { Post(post) });
wire_struct!(Post {
    to,
    target_origin,
    message
});
