//! The messages around findings, read in a second pass over the log.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::io::BufRead;

use callscope_protocol::{ConversationId, Fact, Finding, Millis, RecordedMessage, Side};
use callscope_session_log::{Entry, LogReader};
use callscope_session_view::Digest;

use crate::analysis::LocatedFinding;

/// How many messages of the conversation are shown before and after the one that a finding is
/// about.
const BEFORE: usize = 2;
const AFTER: usize = 1;

/// More conversations than any session has at a time; beyond that, those that have been quiet for
/// longest are forgotten.
const MANY_TAILS: usize = 1_024;

/// One message as a line of text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct MessageLine {
    pub(super) seq: u64,
    /// Its line in the log.
    pub(super) line: u64,
    pub(super) at: Millis,
    pub(super) from: Side,
    pub(super) injected: bool,
    pub(super) digest: Digest,
}

/// The messages around findings.
#[derive(Debug, Default)]
pub(super) struct Excerpts {
    lines: BTreeMap<u64, MessageLine>,
    /// For each finding's message: the messages around it.
    around: HashMap<u64, Vec<u64>>,
}

impl Excerpts {
    /// Reads a log again for the messages that `found` are about.
    ///
    /// The log was read once without an error. If it has changed since, missing messages are left
    /// out.
    pub(super) fn read(reader: impl BufRead, found: &[LocatedFinding]) -> Self {
        let anchors: HashSet<u64> = found.iter().filter_map(|it| it.finding.seq).collect();
        let related: HashSet<u64> = found
            .iter()
            .flat_map(|it| it.finding.related.iter().copied())
            .collect();
        let mut pending: HashSet<u64> = anchors.union(&related).copied().collect();
        let mut excerpts = Self::default();
        let mut tails: HashMap<ConversationId, Tail> = HashMap::new();
        let Ok(mut reader) = LogReader::new(reader) else {
            return excerpts;
        };
        // After the last finding, only the messages that follow it are still needed.
        while !pending.is_empty() || tails.values().any(|tail| !tail.open.is_empty()) {
            let Some(Ok(entry)) = reader.next() else {
                break;
            };
            let Entry::Fact(line) = entry else { continue };
            let Fact::Message(recorded) = line.fact else {
                continue;
            };
            let (seq, number) = (recorded.seq, reader.line());
            if tails.len() == MANY_TAILS && !tails.contains_key(&recorded.conversation) {
                forget_quiet(&mut tails);
            }
            let tail = tails.entry(recorded.conversation).or_default();
            let is_awaited = pending.remove(&seq);
            if is_awaited || !tail.open.is_empty() {
                excerpts
                    .lines
                    .insert(seq, MessageLine::new(&recorded, number));
            }
            tail.open.retain_mut(|(anchor, left)| {
                excerpts.around.entry(*anchor).or_default().push(seq);
                *left -= 1;
                *left > 0
            });
            if anchors.contains(&seq) {
                let around = excerpts.around.entry(seq).or_default();
                for (earlier, number) in &tail.recent {
                    around.push(earlier.seq);
                    let lines = excerpts.lines.entry(earlier.seq);
                    lines.or_insert_with(|| MessageLine::new(earlier, *number));
                }
                around.push(seq);
                tail.open.push((seq, AFTER));
            }
            if tail.recent.len() == BEFORE {
                tail.recent.pop_front();
            }
            tail.recent.push_back((recorded, number));
        }
        excerpts
    }

    /// What to show for a finding: its message, those around it, and those that it refers to.
    pub(super) fn of(&self, finding: &Finding) -> Vec<&MessageLine> {
        let around = finding.seq.and_then(|seq| self.around.get(&seq));
        let mut seqs: Vec<u64> = around
            .into_iter()
            .flatten()
            .chain(&finding.related)
            .copied()
            .collect();
        seqs.sort_unstable();
        seqs.dedup();
        seqs.iter().filter_map(|seq| self.lines.get(seq)).collect()
    }
}

impl MessageLine {
    fn new(recorded: &RecordedMessage, line: u64) -> Self {
        Self {
            seq: recorded.seq,
            line,
            at: recorded.at,
            from: recorded.from,
            injected: recorded.injected,
            digest: Digest::new(recorded),
        }
    }
}

/// Keeps the half with the latest messages.
fn forget_quiet(tails: &mut HashMap<ConversationId, Tail>) {
    let mut seqs: Vec<u64> = tails.values().map(Tail::last_seq).collect();
    let middle = seqs.len() / 2;
    let (_, median, _) = seqs.select_nth_unstable(middle);
    tails.retain(|_, tail| tail.last_seq() >= *median);
}

/// The last messages of a conversation read so far.
#[derive(Default)]
struct Tail {
    recent: VecDeque<(RecordedMessage, u64)>,
    /// Findings that still need messages after them, and how many.
    open: Vec<(u64, usize)>,
}

impl Tail {
    fn last_seq(&self) -> u64 {
        self.recent.back().map_or(0, |(recorded, _)| recorded.seq)
    }
}
