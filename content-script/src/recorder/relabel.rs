//! Files everything again after a handshake has shown that a window was mistaken for another.

use callscope_protocol::{ConversationId, Gap, GapReason};

use super::Recorder;
use super::documents::DocIx;
use super::filed::Filed;
use super::heard::Passed;

impl Recorder {
    /// Rebuilds the conversations from the history; panels start over.
    pub(super) fn file_anew(&mut self, now: f64) {
        let all = self.history.take_all();
        let waiting = self.conversations.forget();
        let mut renamed: Vec<(ConversationId, ConversationId)> = Vec::new();
        let mut rest = Vec::new();
        let mut inside_again = Vec::new();
        for filed in all {
            match filed {
                Filed::Message(Passed {
                    conversation: before,
                    heard,
                }) => {
                    if let Some(after) = self.file(heard)
                        && !renamed.contains(&(before, after))
                    {
                        renamed.push((before, after));
                    }
                }
                Filed::Inside(report) => inside_again.push(*report),
                other if comes_again(&other) => {}
                other => rest.push(other),
            }
        }
        for heard in waiting {
            self.file(heard);
        }
        for mut filed in rest {
            if let Filed::Gap(Gap {
                conversation: Some(conversation),
                ..
            }) = &mut filed
                && let Some((_, new)) = renamed.iter().find(|(old, _)| old == conversation)
            {
                *conversation = *new;
            }
            self.history.push(filed);
        }
        for report in inside_again {
            self.file_inside(report);
        }
        let gone = self
            .documents
            .iter()
            .filter_map(|(ix, document)| Some((ix, document.gone?)));
        let gone: Vec<(DocIx, f64)> = gone.collect();
        for (ix, at) in gone {
            let filed = self.conversations.close(ix, at);
            self.record(filed);
        }
        self.panels.reset(now);
    }
}

/// Whether a fact will be derived again from documents and messages.
fn comes_again(filed: &Filed) -> bool {
    match filed {
        Filed::Start(_) | Filed::Closed(_) => true,
        Filed::Gap(gap) => {
            matches!(gap.why, GapReason::HalfMissing(_) | GapReason::LateStart)
        }
        Filed::Message(_) | Filed::Setting(_) | Filed::Inside(_) => false,
    }
}
