//! Which messages are ours, decided in the listener with the page waiting.

use callscope_bus::Source;

use crate::speech::{Speech, judge};

/// What to do with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Copy it and hand it on.
    Keep,
    /// Count it only.
    Count,
}

/// Knows who has spoken the protocol to this document.
///
/// What such a window sends is kept whatever it is: null, text and messages without a type are
/// what a broken widget or host is found by.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    parent: bool,
    slots: Vec<u32>,
}

impl Filter {
    /// Decides about one message, and remembers a sender that speaks the protocol.
    ///
    /// `type_name` is the message's `type` if that is text, `has_id` whether it has a `messageId`.
    pub(crate) fn judge(
        &mut self,
        type_name: Option<&str>,
        has_id: bool,
        source: &Source,
    ) -> Verdict {
        let speech = judge(type_name, has_id);
        if let Speech::Distinct(_) = speech {
            match source {
                Source::Parent => self.parent = true,
                Source::Child { slot, .. } => {
                    if !self.slots.contains(slot) {
                        self.slots.push(*slot);
                    }
                }
                Source::Own | Source::Opener | Source::Other => {}
            }
        }
        let party = match source {
            Source::Parent => self.parent,
            Source::Child { slot, .. } => self.slots.contains(slot),
            Source::Own | Source::Opener | Source::Other => false,
        };
        if party || speech != Speech::Other {
            Verdict::Keep
        } else {
            Verdict::Count
        }
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
        assert_eq!(filter.judge(None, false, &Source::Own), Verdict::Count);
        assert_eq!(
            filter.judge(Some("webpackOk"), false, &ADVERT),
            Verdict::Count
        );
    }

    #[test]
    fn junk_of_a_party_is_kept() {
        let mut filter = Filter::default();
        assert_eq!(filter.judge(None, false, &WIDGET), Verdict::Count);
        assert_eq!(filter.judge(Some("SYNC_ACK"), true, &WIDGET), Verdict::Keep);
        assert_eq!(filter.judge(None, false, &WIDGET), Verdict::Keep);
        assert_eq!(filter.judge(None, false, &ADVERT), Verdict::Count);
        assert_eq!(filter.judge(None, false, &Source::Parent), Verdict::Count);
    }

    #[test]
    fn a_page_that_talks_to_itself_is_no_party() {
        let mut filter = Filter::default();
        assert_eq!(
            filter.judge(Some("SYNC"), true, &Source::Own),
            Verdict::Keep
        );
        assert_eq!(filter.judge(None, false, &Source::Own), Verdict::Count);
    }
}
