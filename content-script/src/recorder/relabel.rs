//! Filing everything again, because a handshake showed that one window had been taken for another.

use callscope_protocol::{ConversationId, Fact, Gap, GapReason};

use super::Recorder;
use super::documents::DocIx;
use super::heard::{Filed, Heard};

impl Recorder {
    /// Makes the conversations anew from what is in the history; panels start over.
    pub(super) fn file_anew(&mut self, now: f64) {
        let all = self.history.take_all();
        let waiting = self.conversations.forget();
        let mut renamed: Vec<(ConversationId, ConversationId)> = Vec::new();
        let mut rest = Vec::new();
        for Filed { fact, from } in all {
            match (fact, from) {
                (Fact::Frame(frame), Some(from)) => {
                    let before = frame.conversation;
                    if let Some(after) = self.file(Heard { from, frame })
                        && !renamed.contains(&(before, after))
                    {
                        renamed.push((before, after));
                    }
                }
                (fact, _) if !comes_again(&fact) => rest.push(fact),
                _ => {}
            }
        }
        for heard in waiting {
            self.file(heard);
        }
        for mut fact in rest {
            if let Fact::Gap(Gap {
                conversation: Some(conversation),
                ..
            }) = &mut fact
                && let Some((_, new)) = renamed.iter().find(|(old, _)| old == conversation)
            {
                *conversation = *new;
            }
            self.history.push(fact.into());
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

/// Whether a fact follows from the documents and the messages.
fn comes_again(fact: &Fact) -> bool {
    match fact {
        Fact::Conversation(_) | Fact::Closed(_) => true,
        Fact::Gap(gap) => {
            matches!(gap.why, GapReason::HalfMissing(_) | GapReason::LateStart)
        }
        Fact::Frame(_) | Fact::Setting(_) | Fact::End(_) => false,
    }
}
