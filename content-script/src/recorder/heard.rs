//! A message on its way through the recorder: first [`Heard`] by a document, then [`Passed`] in a
//! conversation. It gets its number last, in the history.

use callscope_bus::Source;
use callscope_protocol::{ConversationId, Millis, Side};
use callscope_session_log::{FrameLine, write_frame};

use super::documents::DocIx;
use super::message::Message;

/// The direction of a message between the reporting document and its neighbor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// A widget received it from its host.
    FromParent,
    /// A host received it from a child window.
    FromChild {
        /// The window's slot.
        slot: u32,
        /// The window's index in the page when the message arrived.
        index: u32,
    },
    /// A host posted it at the user's request to a window without a tap, so nobody will report it.
    ToChild {
        /// The window's slot.
        slot: u32,
    },
}

impl Direction {
    /// The direction of a received message; `None` if it did not pass between a page and one of its
    /// frames.
    pub(crate) fn of(source: &Source) -> Option<Self> {
        match *source {
            Source::Parent => Some(Self::FromParent),
            Source::Child { slot, index } => Some(Self::FromChild { slot, index }),
            Source::Own | Source::Opener | Source::Other | Source::Page => None,
        }
    }

    /// The side that sent it.
    pub(crate) fn sender(self) -> Side {
        match self {
            Self::FromParent | Self::ToChild { .. } => Side::Host,
            Self::FromChild { .. } => Side::Widget,
        }
    }
}

/// A message between a page and one of its frames, as reported by one document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Heard {
    /// The document that received it, or that posted it.
    pub(crate) by: DocIx,
    pub(crate) direction: Direction,
    /// The time, by that document's clock.
    pub(crate) at: f64,
    /// The sender's origin.
    pub(crate) origin: String,
    pub(crate) message: Message,
    /// What JSON cannot represent, as the tap wrote it: the JSON text of an object, or empty.
    pub(crate) cloned: String,
    /// The length of the whole JSON text, if the message was cut.
    pub(crate) truncated: Option<u32>,
    /// Whether it was posted at the user's request.
    pub(crate) injected: bool,
}

impl Heard {
    /// The size of its texts, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.message.bytes() + self.origin.len() + self.cloned.len()
    }
}

/// A message in a conversation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Passed {
    pub(crate) conversation: ConversationId,
    pub(crate) heard: Heard,
}

impl Passed {
    /// The side that sent it.
    pub(crate) fn sender(&self) -> Side {
        self.heard.direction.sender()
    }

    /// Its log line, with this number.
    pub(crate) fn line(&self, seq: u64) -> String {
        let heard = &self.heard;
        write_frame(&FrameLine {
            seq,
            at: Millis(heard.at),
            conversation: self.conversation,
            from: self.sender(),
            origin: &heard.origin,
            injected: heard.injected,
            message: heard.message.text(),
            cloned: &heard.cloned,
            truncated: heard.truncated.map(u64::from),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use callscope_protocol::{Fact, RecordedMessage};
    use callscope_session_log::{Entry, read_fact};

    use super::super::documents::Documents;
    use super::*;

    #[test]
    fn what_json_cannot_hold_is_in_the_line() {
        let hello = callscope_bus::Hello {
            document: callscope_bus::DocumentId("w".to_owned()),
            origin: String::new(),
            path: Vec::new(),
            at: 0.0,
            from_start: true,
            blank: false,
        };
        let (by, _) = Documents::default().greet(hello, None, 0);
        let passed = Passed {
            conversation: ConversationId(2),
            heard: Heard {
                by,
                direction: Direction::FromParent,
                at: 1.5,
                origin: "https://host.test".to_owned(),
                message: Message::read("{}".to_owned()),
                cloned: r#"{"data.when":"Date","":"Map"}"#.to_owned(),
                truncated: Some(9),
                injected: false,
            },
        };
        let Ok(Entry::Fact(read)) = read_fact(&passed.line(7)) else {
            panic!("{}", passed.line(7))
        };
        let cloned = [("data.when", "Date"), ("", "Map")]
            .map(|(path, what)| (path.to_owned(), what.to_owned()));
        assert_eq!(
            read.fact,
            Fact::Message(RecordedMessage {
                seq: 7,
                at: Millis(1.5),
                conversation: ConversationId(2),
                from: Side::Host,
                origin: "https://host.test".into(),
                injected: false,
                message: "{}".into(),
                cloned: BTreeMap::from(cloned),
                truncated: Some(9),
            })
        );
    }
}
