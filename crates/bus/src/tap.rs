//! Between a tap (any frame), the relay (service worker) and the recorder (top frame).

use crate::parked::Rest;
use crate::wire::{Input, Wire, wire_enum, wire_struct};

/// Names one document for as long as it lives: random, made by its tap.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentId(pub String);

/// The name of the port that a panel opens to a frame to take the worker's place, while that is
/// silent: `chrome.tabs.connect(tab, {name, documentId})`.
///
/// Through it goes what the frame's content script would tell the worker, an encoded
/// [`RelayRequest`], and back comes what the recorder answered, or an empty text if nobody did.
pub const RELAY_PORT: &str = "callscope-relay";

/// What a content script says to the relay.
///
/// The relay looks at nothing but this enum: what it forwards stays text.
#[derive(Clone, Debug, PartialEq)]
pub enum RelayRequest {
    /// Run the content script in the sender's document, and in the top frame of its tab if none
    /// runs there: calling-extension traffic was seen. There is no answer; the script that starts
    /// is one.
    Start,
    /// Run the content script in the frames of the sender's tab that have this origin, where the
    /// extension may: what they spoke was heard, and that they hear nothing must be known, too.
    /// Only the top frame may ask for it.
    StartFrames {
        /// The frames' own origin: `self.origin`.
        origin: String,
    },
    /// For the recorder in the top frame of the sender's tab; the answer goes back to the sender.
    ToRecorder {
        /// An encoded [`TapMessage`].
        text: String,
    },
    /// For another frame of the sender's tab; only the top frame may ask for it.
    ToFrame {
        /// Chrome's id of the document, as the relay told the recorder in
        /// [`FromTap::document`].
        document: String,
        /// An encoded [`ToTap`].
        text: String,
    },
    /// Keep this readable after the sender's page has gone; only a top frame, and a document that
    /// goes away, may ask for it.
    Park {
        /// [`Parked::recorder`](crate::Parked::recorder).
        recorder: DocumentId,
        /// [`Parked::began`](crate::Parked::began).
        began: f64,
        /// [`Parked::is_ahead`](crate::Parked::is_ahead). Then an empty text is the answer.
        is_ahead: bool,
        /// The encoded [`Parked`](crate::Parked).
        text: String,
    },
    /// The sender's document goes away: for the recorder, as [`TapMessage::Goodbye`], and unless
    /// that takes it, to be kept beside what it parks.
    Leave {
        /// What is left to say.
        rest: Rest,
    },
    /// Nothing but an answer, an empty text: does the relay live? The panel asks it.
    Ping,
}

/// What arrives at the recorder: a tap's message with what the relay knows of its sender.
#[derive(Clone, Debug, PartialEq)]
pub struct FromTap {
    /// Chrome's `sender.documentId`: where actions go.
    pub document: String,
    /// Chrome's `sender.frameId`.
    pub frame_id: i32,
    /// The encoded [`TapMessage`], untouched.
    pub text: String,
}

/// What a tap says.
#[derive(Clone, Debug, PartialEq)]
pub enum TapMessage {
    /// A document started to listen.
    Hello(Hello),
    /// Messages that it received; sent again until acknowledged.
    Batch(Batch),
    /// The document goes away; this is what was not acknowledged yet.
    ///
    /// Only the recorder that knows the document takes it; another one, and one whose own page is
    /// going away, answers that it does not know the document.
    Goodbye(Rest),
}

/// A document and where it sits.
#[derive(Clone, Debug, PartialEq)]
pub struct Hello {
    /// The document.
    pub document: DocumentId,
    /// `self.origin`: `null` for a sandboxed document.
    pub origin: String,
    /// Indices into `window.frames`, from the top frame down; empty for the top frame itself.
    ///
    /// A hint only: the indices shift when the page adds or removes frames.
    pub path: Vec<u32>,
    /// When the tap began to listen, in milliseconds since the epoch.
    pub at: f64,
    /// Whether it has listened since `document_start`; `false` if it was injected later.
    pub from_start: bool,
    /// Whether its address is `about:blank`: a frame has such a document until the one comes that
    /// it was made for.
    pub blank: bool,
}

/// What one document received since the last acknowledged batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The receiving document.
    pub document: DocumentId,
    /// The sequence number of the first item; sequence numbers of a document start at 1 and have
    /// no holes except those counted in `lost`.
    pub first: u32,
    /// The messages, in the order in which the document received them.
    pub items: Vec<Observed>,
    /// How many calling-extension messages this document had to drop before `first`, in all.
    pub lost: u32,
    /// How many messages this document has received that are not calling-extension traffic, in all.
    pub others: u32,
    /// Whether more waits in the document for the next batch.
    pub more: bool,
}

/// One received message that is, or may be, calling-extension traffic.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// When, by the receiving document's clock: milliseconds since the epoch.
    pub at: f64,
    /// The window that sent it, as the receiver sees it.
    pub source: Source,
    /// `event.origin`.
    pub origin: String,
    /// `event.data` as JSON text, bounded.
    pub message: String,
    /// What JSON cannot hold, as the JSON text of an object: path → what was there. Empty if that
    /// is nothing.
    pub cloned: String,
    /// The true length of the JSON text if `message` was cut; beyond a bound an estimate.
    pub truncated: Option<u32>,
}

/// Who sent a message, as far as the receiving frame can tell by comparing windows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The parent window.
    Parent,
    /// A child frame's window.
    Child {
        /// Numbers the distinct windows that this document has heard from, from 1; stays the
        /// same while the frame element lives, also over reloads inside it.
        ///
        /// 0 in a [`Post`]: the window has not been heard from, `index` says which it is.
        slot: u32,
        /// Its index in `window.frames` when it sent this.
        index: u32,
    },
    /// The receiving window itself.
    Own,
    /// The window that opened this one.
    Opener,
    /// Any other window, or one that is gone.
    Other,
    /// Nobody: it is no message but what the receiving page told of itself, as `inside.js` wrote it.
    Page,
}

/// The recorder's answer to a tap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ack {
    /// The highest sequence number that has arrived without a hole.
    pub through: u32,
    /// The recorder's own document: another value than before means a new recorder, which needs a
    /// [`Hello`] first.
    pub recorder: DocumentId,
    /// Whether the recorder has seen this document's [`Hello`].
    pub known: bool,
    /// Whether a panel watches. If none does, nobody waits for the next batch.
    pub watched: bool,
}

/// What the recorder asks of the content script in another frame; it answers with an encoded
/// [`Outcome`](crate::Outcome).
#[derive(Clone, Debug, PartialEq)]
pub enum ToTap {
    /// Post a message that the user asked for.
    Post(Post),
}

/// A message to post on behalf of the user.
#[derive(Clone, Debug, PartialEq)]
pub struct Post {
    /// The window to post to, as the posting document sees it.
    pub to: Source,
    /// The origin that may receive it.
    pub target_origin: String,
    /// The value, as JSON text.
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
    Leave { rest },
    Ping,
});
wire_struct!(FromTap {
    document,
    frame_id,
    text
});
wire_enum!(TapMessage { Hello(hello), Batch(batch), Goodbye(rest) });
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
