//! What the widget's page reported about itself, from inside its own world, because the user asked
//! for it.
//!
//! A message is recorded where it arrives. What never arrives, or is not a message at all, is known
//! only inside the page: the SDK drops a message and says so on the console, a script fails, a
//! `postMessage` names an origin that the other window does not have. Callscope's script in the
//! page's own world reports these.
//!
//! These are the page's claims: a page can report what it likes, and nothing here guarantees that
//! it is true.

use crate::{ConversationId, Millis, Side};

/// One thing that a page reported about itself. Which texts it has depends on [`what`](Self::what).
#[derive(Clone, Debug, PartialEq)]
pub struct Inside {
    /// When, by the page's own clock.
    pub at: Millis,
    /// The conversation that the page takes part in; `None` if there is none, or it is not known.
    pub conversation: Option<ConversationId>,
    /// Whose page it is.
    pub side: Side,
    /// The page's origin.
    pub origin: String,
    /// What happened.
    pub what: InsideKind,
    /// The type of the message that it is about.
    pub type_name: Option<String>,
    /// The `messageId` of the message that it is about.
    pub message_id: Option<String>,
    /// What failed, in the page's words; for [`InsideKind::Lost`], how many.
    pub text: Option<String>,
    /// Where the script failed: address, line and column.
    pub place: Option<String>,
    /// The `targetOrigin` that was given to `postMessage`.
    pub target: Option<String>,
    /// The origin of the window that the message was posted to.
    pub recipient: Option<String>,
    /// The name of the `BroadcastChannel`.
    pub channel: Option<String>,
    /// The value that was dropped or broadcast: its JSON text, if it has one, cut if it is long.
    pub message: Option<String>,
    /// The stack as the browser wrote it.
    pub stack: Option<String>,
}

impl Inside {
    /// A report without details.
    #[must_use]
    pub const fn new(at: Millis, side: Side, what: InsideKind) -> Self {
        Self {
            at,
            conversation: None,
            side,
            origin: String::new(),
            what,
            type_name: None,
            message_id: None,
            text: None,
            place: None,
            target: None,
            recipient: None,
            channel: None,
            message: None,
            stack: None,
        }
    }

    /// Where in the page's scripts it happened: "softphone.js:120 onCallStarted".
    ///
    /// For a message, this is the place that called the SDK, not one inside the SDK.
    #[must_use]
    pub fn call_site(&self) -> Option<String> {
        let from_stack = || Some(call_site(self.stack.as_deref()?)?.to_string());
        match self.what {
            InsideKind::Error => {
                let place = self.place.as_deref().and_then(Frame::of_place);
                from_stack().or_else(|| place.map(|frame| frame.to_string()))
            }
            _ => from_stack(),
        }
    }

    /// How and where a script failed: "`TypeError: x is not a function` (softphone.js:120 start)".
    #[must_use]
    pub fn failure(&self) -> String {
        let text = self.text.as_deref().unwrap_or_default();
        let text = text.strip_prefix("Uncaught ").unwrap_or(text);
        let text = match text.split_once('\n').map_or(text, |(first, _)| first) {
            "" => "an error without words",
            text => text,
        };
        match self.call_site() {
            Some(site) => format!("{text} ({site})"),
            None => text.to_owned(),
        }
    }

    /// Whether it is an error that stops nothing: an observer is notified a frame later.
    pub(crate) fn is_harmless(&self) -> bool {
        matches!(self.what, InsideKind::Error | InsideKind::Rejection)
            && self.failure().starts_with("ResizeObserver loop")
    }

    /// The type of the message that it is about, for the beginning of a sentence.
    pub(crate) fn message_name(&self) -> &str {
        match self.type_name.as_deref() {
            Some(name) if !name.is_empty() => name,
            _ => "A message without a type",
        }
    }

    /// Which message the SDK dropped, why, and where it came from: "`LOGGED_IN` was dropped: …".
    pub(crate) fn dropped(&self) -> String {
        let (name, site) = (self.message_name(), self.sent_from());
        format!("{name} was dropped: the SDK was not ready{site}")
    }

    /// Where the message was sent, to be added to a sentence: "; sent from softphone.js:120".
    pub(crate) fn sent_from(&self) -> String {
        self.call_site()
            .map_or_else(String::new, |site| format!("; sent from {site}"))
    }

    /// Which message cannot arrive, and why: "`SYNC_ACK` was not delivered: it was posted to …".
    #[must_use]
    pub fn undelivered(&self) -> String {
        format!("{} {}", self.message_name(), self.not_delivered())
    }

    /// That the widget does not hear the host, and why: see [`sync_never_arrives`].
    #[must_use]
    pub fn redirected(&self) -> String {
        let from = self.target.as_deref().unwrap_or("the widget");
        sync_never_arrives(from, self.recipient.as_deref())
    }

    /// Why the message cannot arrive: "was not delivered: it was posted to …".
    pub(crate) fn not_delivered(&self) -> String {
        let why = match (&self.text, &self.target, &self.recipient) {
            (Some(text), ..) => format!("postMessage failed: {text}"),
            (None, Some(target), Some(recipient)) => {
                format!("it was posted to {target}, but the page around the widget is {recipient}")
            }
            _ => {
                "it was posted to another origin than that of the page around the widget".to_owned()
            }
        };
        format!("was not delivered: {why}")
    }
}

/// That a frame whose origin is `to` does not get the `SYNC` that the host posts to `from`, the
/// origin of the address that it loads the widget from. Where the frame is comes first: in a narrow
/// panel the end may not fit.
#[must_use]
pub fn sync_never_arrives(from: &str, to: Option<&str>) -> String {
    match to {
        Some(to) => format!(
            "The widget's frame was redirected to {to}: HubSpot's SYNC to {from} never arrives"
        ),
        None => format!(
            "The widget's frame is not at {from}, where HubSpot's SYNC goes, but where Callscope may \
             not listen"
        ),
    }
}

/// What a page can report about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InsideKind {
    /// The SDK dropped a message because the handshake was not complete: `type_name`, `message`,
    /// `stack`.
    Dropped,
    /// The SDK received a message for which the widget has no handler: `type_name`.
    Unhandled,
    /// A `postMessage` to the host that cannot arrive: `type_name`, `message_id`, `target`,
    /// `recipient` or `text`, `stack`.
    Undelivered,
    /// An error that nothing caught, or a script that did not load: `text`, `place`, `stack`.
    Error,
    /// A promise that was rejected without a handler: `text`, `stack`.
    Rejection,
    /// A message was posted to the host: `type_name`, `message_id`, `target`, `stack`.
    Sent,
    /// A value was posted on a `BroadcastChannel`: `channel`, `message`, `stack`.
    ChannelPosted,
    /// A value arrived on a `BroadcastChannel`: `channel`, `message`.
    ChannelReceived,
    /// The page reported more than there was room for: `text` is how many are missing.
    Lost,
    /// The widget's frame has another origin than the host posts to, `recipient` instead of
    /// `target`. No page says this: Callscope looked where the frames are.
    Redirected,
}

impl InsideKind {
    /// All kinds.
    pub const ALL: [Self; 10] = [
        Self::Dropped,
        Self::Unhandled,
        Self::Undelivered,
        Self::Error,
        Self::Rejection,
        Self::Sent,
        Self::ChannelPosted,
        Self::ChannelReceived,
        Self::Lost,
        Self::Redirected,
    ];

    /// Its name in a session log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dropped => "dropped",
            Self::Unhandled => "unhandled",
            Self::Undelivered => "undelivered",
            Self::Error => "error",
            Self::Rejection => "rejection",
            Self::Sent => "sent",
            Self::ChannelPosted => "channel posted",
            Self::ChannelReceived => "channel received",
            Self::Lost => "lost",
            Self::Redirected => "redirected",
        }
    }

    /// What it is, in a few words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Dropped => "the SDK dropped a message",
            Self::Unhandled => "no handler for a message",
            Self::Undelivered => "a message cannot be delivered",
            Self::Error => "a script failed",
            Self::Rejection => "a promise was rejected",
            Self::Sent => "a message was posted",
            Self::ChannelPosted => "a value was broadcast",
            Self::ChannelReceived => "a broadcast was received",
            Self::Lost => "there was no room for more",
            Self::Redirected => "the widget's frame was redirected",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// The SDK methods through which a widget sends, besides those in the catalogue.
const SENDING: &[&str] = &[
    "sendMessage",
    "onReady",
    "onMessage",
    "onMessageHandler",
    "messageHandler",
];

/// How far down the stack to look for the SDK.
const SDK_DEPTH: usize = 12;

/// One line of a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Frame<'a> {
    function: &'a str,
    url: &'a str,
    line: u32,
    column: u32,
}

impl<'a> Frame<'a> {
    /// Reads `    at Phone.dial (https://widget.example/phone.js:140:14)`.
    fn parse(line: &'a str) -> Option<Self> {
        let rest = line.trim().strip_prefix("at ")?;
        let (function, place) = match rest.strip_suffix(')').and_then(|it| it.rsplit_once(" (")) {
            Some((function, place)) => (function, place),
            None => ("", rest),
        };
        let function = function.trim_start_matches("async ");
        let frame = Self::of_place(place.trim_start_matches("async "))?;
        Some(Self { function, ..frame })
    }

    /// Reads `https://widget.example/phone.js:140:14`.
    fn of_place(place: &'a str) -> Option<Self> {
        let (rest, column) = place.rsplit_once(':')?;
        let (url, line) = rest.rsplit_once(':')?;
        Some(Self {
            function: "",
            url,
            line: line.parse().ok()?,
            column: column.parse().ok()?,
        })
    }

    /// The method's own name: `sendMessage` for `e.value [as sendMessage]` and for `t.sendMessage`.
    fn method(&self) -> &'a str {
        let name = match self.function.strip_suffix(']') {
            Some(aliased) => aliased.rsplit_once("[as ").map_or("", |(_, name)| name),
            None => self.function,
        };
        name.rsplit('.').next().unwrap_or(name)
    }

    fn is_of_sdk(&self) -> bool {
        let method = self.method();
        SENDING.contains(&method)
            || crate::MessageType::ALL
                .iter()
                .any(|ty| ty.spec().sdk_methods.contains(&method))
    }
}

impl std::fmt::Display for Frame<'_> {
    /// Named as a reader of the page's scripts would; the column only where the line says nothing.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = self.url.split(['?', '#']).next().unwrap_or(self.url);
        let file = match path.trim_end_matches('/').rsplit('/').next() {
            Some(file) if !file.is_empty() => file,
            _ => path,
        };
        write!(f, "{file}:{}", self.line)?;
        if self.column > MINIFIED {
            write!(f, ":{}", self.column)?;
        }
        match self.function {
            "" => Ok(()),
            function => write!(f, " {function}"),
        }
    }
}

/// Nobody writes lines this long by hand.
const MINIFIED: u32 = 300;

/// The first line of a stack that is not in the SDK.
///
/// The SDK is either in a file of its own or bundled with the widget's code. In the second case
/// only the names of its methods, which minifiers leave unchanged, identify it.
fn call_site(stack: &str) -> Option<Frame<'_>> {
    let frames: Vec<Frame<'_>> = stack.lines().filter_map(Frame::parse).collect();
    let looked_at = frames.get(..SDK_DEPTH.min(frames.len()))?;
    let first = looked_at
        .iter()
        .position(|frame| frame.method() == "sendMessage");
    let Some(first) = first else {
        return frames.first().copied();
    };
    let url = frames.get(first)?.url;
    let is_sdk = |frame: &&Frame<'_>| frame.url == url && frame.is_of_sdk();
    let count = frames.iter().skip(first).take_while(is_sdk).count();
    // What the SDK sends by itself, such as SYNC_ACK, has no caller.
    frames.get(first + count).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(stack: &str, expected: &str) {
        let site = call_site(stack).map(|it| it.to_string());
        assert_eq!(site.as_deref().unwrap_or("none"), expected);
    }

    #[test]
    fn the_sdks_own_frames_are_left_out() {
        check(
            "Error\n    at Object.postMessage (https://w.example/log.js:60:16)\n    at \
             t.sendMessage (https://w.example/sdk/0.9.7.js:1:9000)\n    at e.sendMessage \
             (https://w.example/sdk/0.9.7.js:1:700)\n    at e.outgoingCall \
             (https://w.example/sdk/0.9.7.js:1:800)\n    at Phone.dial \
             (https://w.example/phone.js?v=1:140:14)\n    at https://w.example/widget.js:9:1",
            "phone.js:140 Phone.dial",
        );
        // Bundled with the widget's code, as a class lowered to functions.
        check(
            "Error\n    at n.value [as sendMessage] (https://w.example/app.js:2:9000)\n    at \
             n.value [as callEnded] (https://w.example/app.js:2:7000)\n    at async hangUp \
             (https://w.example/app.js:2:100200)",
            "app.js:2:100200 hangUp",
        );
    }

    #[test]
    fn what_the_sdk_sends_by_itself_has_no_call_site() {
        check(
            "Error\n    at e.sendMessage (https://w.example/sdk.js:1:11878)\n    at e.onMessage \
             (https://w.example/sdk.js:1:12904)\n    at messageHandler \
             (https://w.example/sdk.js:1:9556)",
            "none",
        );
    }

    #[test]
    fn a_page_that_posts_itself_is_its_own_call_site() {
        check("Error\n    at https://w.example/:12:5", "w.example:12");
        check("Error\n    at <anonymous>", "none");
        check("", "none");
    }

    #[test]
    fn a_failure_is_told_with_its_place() {
        let mut it = Inside::new(Millis(0.0), Side::Widget, InsideKind::Error);
        it.text = Some("Uncaught TypeError: x is not a function".to_owned());
        it.place = Some("https://w.example/softphone.js:120:7".to_owned());
        assert_eq!(
            it.failure(),
            "TypeError: x is not a function (softphone.js:120)"
        );
        it.stack = Some("TypeError: x\n    at start (https://w.example/a.js:3:1)".to_owned());
        assert_eq!(
            it.failure(),
            "TypeError: x is not a function (a.js:3 start)"
        );
        it = Inside::new(Millis(0.0), Side::Widget, InsideKind::Rejection);
        assert_eq!(it.failure(), "an error without words");
    }

    #[test]
    fn every_kind_has_its_name() {
        for kind in InsideKind::ALL {
            assert_eq!(InsideKind::named(kind.name()), Some(kind));
        }
        assert_eq!(InsideKind::named("something else"), None);
    }
}
