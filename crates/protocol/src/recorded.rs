//! How much of a session a recording holds.

use crate::Fact;
use crate::parsed_message::ParsedMessage;

/// How much of a session was recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Recorded {
    /// Messages, whatever they are.
    pub(crate) message_count: u64,
    /// Messages of the SDK, or of something that speaks like it.
    pub(crate) calling_count: u64,
    /// A page that contains a widget was found.
    pub(crate) has_conversation: bool,
    /// Something is missing.
    pub(crate) has_gap: bool,
    /// How many messages, as far as that is known.
    pub(crate) lost_count: u64,
}

impl Recorded {
    pub(crate) fn add(&mut self, fact: &Fact) {
        match fact {
            Fact::Gap(gap) => {
                self.has_gap |= gap.lost != Some(0);
                let lost = gap.lost.unwrap_or_default();
                self.lost_count = self.lost_count.saturating_add(lost);
            }
            Fact::Conversation(_) => self.has_conversation = true,
            Fact::Message(_)
            | Fact::Closed(_)
            | Fact::Setting(_)
            | Fact::Inside(_)
            | Fact::End(_) => {}
        }
    }

    pub(crate) fn add_message(&mut self, seen: &ParsedMessage<'_>) {
        self.message_count += 1;
        // An unknown type may belong to a newer SDK; a message that was cut may have any type.
        let speaks_so = seen.type_name.is_some() && seen.id.is_some();
        let is_calling = seen.ty.is_some() || speaks_so || seen.recorded.truncated.is_some();
        self.calling_count += u64::from(is_calling);
    }
}
