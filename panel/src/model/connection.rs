//! The panel's end of the port, and how a recorder's records become entries of the session.

use callscope_bus::{DocumentId, RecorderInfo};
use callscope_protocol::{ConversationId, Fact};

use crate::event::Page;

/// Whether there is a recorder to talk to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Connection {
    /// The panel runs outside of DevTools: there is no page to inspect.
    Detached,
    /// A port is being opened.
    #[default]
    Connecting,
    /// The recorder has answered.
    Attached(RecorderInfo),
    /// Nobody answers in the page.
    Absent(Page),
    /// The other end belongs to another build of the extension.
    Outdated(String),
}

impl Connection {
    pub(crate) const fn is_attached(&self) -> bool {
        matches!(self, Self::Attached(_))
    }
}

/// A page load in the session: with the log preserved there are several, each with a recorder
/// that counts its records and conversations from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Era {
    /// The recorder; `None` before the first.
    pub(crate) recorder: Option<DocumentId>,
    /// Added to the ids of its records.
    pub(crate) first_id: u64,
    /// Added to the numbers of its conversations.
    pub(crate) first_conversation: u32,
    /// The last record that was received, by the recorder's counting.
    pub(crate) last_record: u64,
}

impl Era {
    /// Puts a fact of this era's recorder into the session's numbers.
    pub(crate) fn renumber(&self, fact: &mut Fact) {
        let add = |id: &mut ConversationId| id.0 = id.0.saturating_add(self.first_conversation);
        match fact {
            Fact::Frame(frame) => add(&mut frame.conversation),
            Fact::Gap(gap) => gap.conversation.iter_mut().for_each(add),
            Fact::Conversation(start) => {
                add(&mut start.id);
                start.continues.iter_mut().for_each(add);
            }
            Fact::Closed(closed) => add(&mut closed.conversation),
            Fact::Setting(_) | Fact::End(_) => {}
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A recorder.
    pub(crate) fn info() -> RecorderInfo {
        RecorderInfo {
            recorder: DocumentId("r1".to_owned()),
            page: "https://app.hubspot.com/contacts".to_owned(),
            user_agent: "Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0"
                .to_owned(),
        }
    }
}
