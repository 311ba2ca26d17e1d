//! Which messages are calling-extension traffic, decided in the listener while the page waits.

use callscope_bus::Source;

use crate::speech::{Speech, judge};

/// Knows who has spoken the protocol to this document.
///
/// Whatever such a window sends is kept: null, text and messages without a type are what gives a
/// broken widget or host away.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    parent: bool,
    slots: Vec<u32>,
}

impl Filter {
    /// Whether to copy a message and hand it on; if not, it is only counted. A sender that speaks
    /// the protocol is remembered.
    ///
    /// `type_name` is the message's `type` if that is text, `has_id` whether it has a `messageId`.
    pub(crate) fn keeps(&mut self, type_name: Option<&str>, has_id: bool, source: &Source) -> bool {
        let speech = judge(type_name, has_id);
        if let Speech::Distinct(_) = speech {
            match source {
                Source::Parent => self.parent = true,
                Source::Child { slot, .. } => {
                    if !self.slots.contains(slot) {
                        self.slots.push(*slot);
                    }
                }
                Source::Own | Source::Opener | Source::Other | Source::Page => {}
            }
        }
        let party = match source {
            Source::Parent => self.parent,
            Source::Child { slot, .. } => self.slots.contains(slot),
            Source::Own | Source::Opener | Source::Other | Source::Page => false,
        };
        party || speech != Speech::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDGET: Source = Source::Child { slot: 1, index: 0 };
    const ADVERT: Source = Source::Child { slot: 2, index: 1 };

    #[test]
    fn junk_of_a_stranger_is_counted() {
        let mut filter = Filter::default();
        assert!(!filter.keeps(None, false, &Source::Own));
        assert!(!filter.keeps(Some("webpackOk"), false, &ADVERT));
    }

    #[test]
    fn junk_of_a_party_is_kept() {
        let mut filter = Filter::default();
        assert!(!filter.keeps(None, false, &WIDGET));
        assert!(filter.keeps(Some("SYNC_ACK"), true, &WIDGET));
        assert!(filter.keeps(None, false, &WIDGET));
        assert!(!filter.keeps(None, false, &ADVERT));
        assert!(!filter.keeps(None, false, &Source::Parent));
    }

    #[test]
    fn a_page_that_talks_to_itself_is_no_party() {
        let mut filter = Filter::default();
        assert!(filter.keeps(Some("SYNC"), true, &Source::Own));
        assert!(!filter.keeps(None, false, &Source::Own));
    }
}
