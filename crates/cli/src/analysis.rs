//! Checks a log as a stream, for the commands.
//!
//! The checker decides what belongs to which call and what answers what; this adds line numbers,
//! and keeps what a command asks for.

use std::collections::{BTreeMap, VecDeque};

use callscope_protocol::{
    Call, CallId, Checker, Conversation, ConversationId, Fact, Finding, Stage, Summary,
};
use callscope_session_log::Header;

/// A finding with its line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LocatedFinding {
    pub(crate) finding: Finding,
    /// The line of the log that has what it is about: its message, or the gap, the setting or the
    /// page's report.
    pub(crate) line: Option<u64>,
}

/// How many findings are held back at most.
const MAX_HELD: usize = 1_000;

/// Checks a stream of facts; its memory does not grow with their number.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    checker: Checker,
    /// A fact has been processed.
    has_facts: bool,
    lines: Lines,
    /// Calls to keep after they are over.
    pinned: BTreeMap<CallId, Option<Call>>,
    /// Findings that a later one may replace, oldest first: what is printed cannot be taken back.
    held: VecDeque<LocatedFinding>,
    /// Calls that the last fact ended, so that findings about them can still look at them.
    over: Vec<Call>,
}

impl Stream {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Processes the fact on a line, and returns its findings, without those that a later one may
    /// replace.
    pub(crate) fn observe(&mut self, fact: &Fact, line: u64) -> Vec<LocatedFinding> {
        self.keep_pinned();
        self.checker.observe(fact);
        self.has_facts = true;
        if let Fact::Message(recorded) = fact {
            self.lines.push(recorded.seq, line);
        }
        self.found(Some(line))
    }

    /// Drops the calls that are over, except pinned ones.
    fn keep_pinned(&mut self) {
        for call in self.over.drain(..) {
            if let Some(pinned) = self.pinned.get_mut(&call.id) {
                *pinned = Some(call);
            }
        }
    }

    /// The findings since the last time, given the line of the fact that they were made at.
    fn found(&mut self, at: Option<u64>) -> Vec<LocatedFinding> {
        self.over.extend(self.checker.drain_calls());
        let mut found = Vec::new();
        for finding in self.checker.drain_findings() {
            self.held.retain(|it| !finding.replaces(&it.finding));
            let is_open = finding.stage == Stage::Open;
            let located = LocatedFinding {
                line: match finding.seq {
                    Some(seq) => self.lines.find(seq),
                    None => at.filter(|_| finding.fact.is_some()),
                },
                finding,
            };
            if !is_open {
                found.push(located);
                continue;
            }
            if let Some(call) = located.finding.call {
                self.pin(call);
            }
            self.held.push_back(located);
            if self.held.len() > MAX_HELD {
                found.extend(self.held.pop_front());
            }
        }
        found
    }

    /// Ends the session, if the log does not, and returns the findings that were held back and those
    /// that depend on the end.
    pub(crate) fn finish(&mut self, header: &Header) -> Vec<LocatedFinding> {
        self.keep_pinned();
        if self.has_facts {
            self.checker.finish();
        } else {
            self.checker.observe(&Fact::End(header.written_at()));
        }
        let last = self.found(None);
        self.held.drain(..).chain(last).collect()
    }

    pub(crate) fn conversations(&self) -> impl Iterator<Item = &Conversation> {
        self.checker.conversations()
    }

    pub(crate) fn conversation(&self, id: ConversationId) -> Option<&Conversation> {
        self.checker.conversation(id)
    }

    pub(crate) fn summary(&self) -> Summary {
        self.checker.summary()
    }

    /// A call that is not over yet, was ended by the last fact, or was pinned.
    pub(crate) fn call(&self, id: CallId) -> Option<Call> {
        let over = self.over.iter().find(|call| call.id == id);
        let kept = self.pinned.get(&id).and_then(Option::as_ref).or(over);
        kept.cloned().or_else(|| self.checker.open_call(id))
    }

    /// Keeps a call's outcome until the end of the stream.
    pub(crate) fn pin(&mut self, id: CallId) {
        self.pinned.entry(id).or_default();
    }
}

/// Which line each message is on.
///
/// Lines and message numbers usually increase together, so only the places where they do not are
/// stored.
#[derive(Clone, Debug, Default)]
struct Lines(VecDeque<(u64, u64)>);

impl Lines {
    /// If a log has more such places than this, its early lines are forgotten.
    const MANY: usize = 10_000;

    fn push(&mut self, seq: u64, line: u64) {
        if let Some((last_seq, last_line)) = self.0.back()
            && seq - last_seq == line - last_line
        {
            return;
        }
        if self.0.len() == Self::MANY {
            self.0.pop_front();
        }
        self.0.push_back((seq, line));
    }

    fn find(&self, seq: u64) -> Option<u64> {
        let after = self.0.partition_point(|(first, _)| *first <= seq);
        let (first, line) = self.0.get(after.checked_sub(1)?)?;
        Some(line + (seq - first))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use callscope_protocol::{Millis, RecordedMessage, Side};
    use callscope_session_log::{Log, Session};

    use super::*;

    /// `check` finds line by line what the panel finds in the same log, wherever the log ends.
    #[test]
    fn the_stream_agrees_with_the_session() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs");
        for entry in fs::read_dir(folder).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            for count in (1..lines.len()).step_by(7).chain([lines.len()]) {
                let log = Log::read(lines[..count].join("\n").as_bytes()).unwrap();
                let mut stream = Stream::new();
                let mut found = Vec::new();
                for (fact, line) in log.facts().zip(2..) {
                    found.extend(stream.observe(fact, line));
                }
                found.extend(stream.finish(&log.header));
                let mut found: Vec<_> = found.into_iter().map(|located| located.finding).collect();
                found.sort_by(|left, right| left.at.0.total_cmp(&right.at.0));
                let session = Session::from(log);
                let mut expected = session.findings().to_vec();
                expected.sort_by(|left, right| left.at.0.total_cmp(&right.at.0));
                assert_eq!(found, expected, "after {count} lines");
                assert_eq!(stream.summary(), session.summary(), "after {count} lines");
            }
        }
    }

    /// Of the calls that are over, only the pinned ones are kept.
    #[test]
    fn pinned_calls_stay() {
        let mut stream = Stream::new();
        let id = |serial| CallId {
            conversation: ConversationId::default(),
            serial,
        };
        for seq in 1..=20 {
            let message = format!(
                r#"{{"type":"INCOMING_CALL","messageId":"2_{seq}","data":{{"externalCallId":"{seq}"}}}}"#
            );
            let recorded = RecordedMessage {
                seq,
                at: Millis(1_000.0 * f64::from(u32::try_from(seq).unwrap())),
                conversation: ConversationId::default(),
                from: Side::Widget,
                origin: "https://widget.example".into(),
                injected: false,
                message: message.into(),
                cloned: BTreeMap::new(),
                truncated: None,
            };
            stream.observe(&Fact::Message(recorded), seq + 1);
            if seq == 3 {
                stream.pin(id(2));
            }
        }
        stream.finish(&Header::default());
        let first_seq = |serial| stream.call(id(serial)).map(|call| call.first_seq);
        assert_eq!(
            [1, 2, 3, 20].map(first_seq),
            [None, Some(2), None, Some(20)]
        );
        assert_eq!(stream.summary().calls.count, 20);
    }

    #[test]
    fn lines_are_found_again() {
        let mut lines = Lines::default();
        for (seq, line) in [(1, 2), (2, 3), (3, 5), (7, 6), (8, 7)] {
            lines.push(seq, line);
        }
        for (seq, line) in [(1, 2), (2, 3), (3, 5), (7, 6), (8, 7)] {
            assert_eq!(lines.find(seq), Some(line), "frame {seq}");
        }
        assert_eq!(lines.0.len(), 3);
        assert_eq!(lines.find(0), None);
    }
}
