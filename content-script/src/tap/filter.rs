//! Decides which messages are calling-extension traffic.

use callscope_bus::{Source, bounds};

use crate::speech::{Speech, judge};

/// The most child windows that are known to speak the protocol; the one that has been silent the
/// longest is forgotten.
const MOST_SPEAKERS: usize = bounds::SPEAKERS;

/// Remembers who has spoken the protocol to this document.
///
/// Everything that such a window sends is kept: null, strings, and messages without a type reveal a
/// broken widget or host.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    parent: bool,
    /// The slots of child windows, the last to speak at the end.
    slots: Vec<u32>,
}

impl Filter {
    /// Whether to copy and forward a message; if not, it is only counted. Remembers a sender that
    /// speaks the protocol.
    ///
    /// `type_name` is the message's `type` if that is a string; `has_id` whether it has a
    /// `messageId`.
    pub(crate) fn keeps(&mut self, type_name: Option<&str>, has_id: bool, source: &Source) -> bool {
        let speech = judge(type_name, has_id);
        if let Speech::Distinct(_) = speech {
            match source {
                Source::Parent => self.parent = true,
                Source::Child { slot, .. } => {
                    self.slots.retain(|known| known != slot);
                    if self.slots.len() == MOST_SPEAKERS {
                        self.slots.remove(0);
                    }
                    self.slots.push(*slot);
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
    fn of_many_parties_the_silent_ones_are_forgotten() {
        let mut filter = Filter::default();
        let child = |slot| Source::Child { slot, index: 0 };
        let mut speak = |slot| assert!(filter.keeps(Some("LOGGED_IN"), true, &child(slot)));
        for slot in 2..1_000 {
            speak(slot);
            speak(1);
        }
        assert_eq!(filter.slots.len(), MOST_SPEAKERS);
        assert!(filter.keeps(None, false, &child(1)));
        assert!(filter.keeps(None, false, &child(999)));
        assert!(!filter.keeps(None, false, &child(2)));
    }

    #[test]
    fn a_page_that_talks_to_itself_is_no_party() {
        let mut filter = Filter::default();
        assert!(filter.keeps(Some("SYNC"), true, &Source::Own));
        assert!(!filter.keeps(None, false, &Source::Own));
    }
}
