//! What the commands need beyond the checker's own view: the calls of a session, and to which of
//! them a message or a finding belongs.
//!
//! The checker shows the call of now for each conversation. Here its changes are followed and
//! numbered, so that a call is a range of frames. Nothing here judges a message.

use std::collections::{BTreeMap, VecDeque};

use callscope_protocol::{
    Call, CallDirection, CallPhase, Checker, Conversation, ConversationId, Fact, Finding, Frame,
    Severity,
};
use callscope_session_log::{Log, Session};

/// Names a call: its conversation, and its number there, from 1.
pub(crate) type CallId = (ConversationId, u32);

/// A call and its place in the session.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CallRecord {
    pub(crate) id: CallId,
    /// The frame that began it; those of its conversation up to the next call's are its own.
    pub(crate) first_seq: u64,
    /// The last frame of its conversation before the next call.
    pub(crate) last_seq: u64,
    pub(crate) call: Call,
}

/// Follows the calls of all conversations.
#[derive(Clone, Debug)]
pub(crate) struct Calls {
    /// The calls of each conversation, the newest last.
    by_conversation: BTreeMap<ConversationId, (u32, VecDeque<CallRecord>)>,
    /// How many calls of a conversation are kept.
    keep: usize,
    /// Calls that are kept beyond that, once their time has come.
    pinned: BTreeMap<CallId, Option<CallRecord>>,
}

impl Calls {
    /// Keeps all calls.
    pub(crate) const fn all() -> Self {
        Self {
            by_conversation: BTreeMap::new(),
            keep: usize::MAX,
            pinned: BTreeMap::new(),
        }
    }

    /// Keeps the calls that late messages can still be about.
    pub(crate) const fn recent() -> Self {
        Self {
            by_conversation: BTreeMap::new(),
            keep: 6,
            pinned: BTreeMap::new(),
        }
    }

    /// Looks at a conversation after the checker has taken in a frame of it.
    pub(crate) fn observe(&mut self, frame: &Frame, conversation: Option<&Conversation>) {
        let Some(now) = conversation.and_then(|it| it.call.as_ref()) else {
            return;
        };
        let (count, calls) = self.by_conversation.entry(frame.conversation).or_default();
        match calls.back_mut() {
            Some(record) if is_same(&record.call, now) => {
                record.last_seq = frame.seq;
                if record.call != *now {
                    let began_at = record.call.began_at;
                    now.clone_into(&mut record.call);
                    // The request to dial is where the call began.
                    record.call.began_at = began_at.or(record.call.began_at);
                }
            }
            _ => {
                *count += 1;
                if calls.len() == self.keep
                    && let Some(old) = calls.pop_front()
                    && let Some(pinned) = self.pinned.get_mut(&old.id)
                {
                    *pinned = Some(old);
                }
                calls.push_back(CallRecord {
                    id: (frame.conversation, *count),
                    first_seq: frame.seq,
                    last_seq: frame.seq,
                    call: now.clone(),
                });
            }
        }
    }

    /// The call that a frame belongs to.
    pub(crate) fn find(&self, conversation: ConversationId, seq: u64) -> Option<&CallRecord> {
        let (_, calls) = self.by_conversation.get(&conversation)?;
        calls.iter().rev().find(|call| call.first_seq <= seq)
    }

    pub(crate) fn get(&self, id: CallId) -> Option<&CallRecord> {
        let pinned = self.pinned.get(&id).and_then(Option::as_ref);
        pinned.or_else(|| {
            self.by_conversation
                .get(&id.0)?
                .1
                .iter()
                .rev()
                .find(|call| call.id == id)
        })
    }

    /// Keeps a call for as long as this lives.
    pub(crate) fn pin(&mut self, id: CallId) {
        self.pinned.entry(id).or_default();
    }

    /// The calls that are kept, by conversation and number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &CallRecord> {
        self.by_conversation.values().flat_map(|(_, calls)| calls)
    }

    /// How many calls there were, whether or not they are kept.
    pub(crate) fn count(&self) -> u64 {
        self.by_conversation
            .values()
            .map(|(count, _)| u64::from(*count))
            .sum()
    }
}

/// Whether the view of a call shows the same call as before.
fn is_same(before: &Call, now: &Call) -> bool {
    match (before.phase, now.phase) {
        (CallPhase::DialRequested, CallPhase::DialRequested) => true,
        // What HubSpot asked for has begun.
        (CallPhase::DialRequested, CallPhase::Started) => {
            now.direction == Some(CallDirection::Outbound)
        }
        (_, CallPhase::Started | CallPhase::Ringing) => {
            before.phase == now.phase && before.since == now.since
        }
        // Another request, or a call whose beginning is not known.
        (_, CallPhase::DialRequested) | (CallPhase::DialRequested, _) => false,
        _ => {
            let ids = (&before.external_call_id, &now.external_call_id);
            now.direction == before.direction
                && (now.direction.is_some() || !matches!(ids, (Some(a), Some(b)) if a != b))
        }
    }
}

/// A finding in its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Verdict {
    pub(crate) finding: Finding,
    /// The call that it is about.
    pub(crate) call: Option<CallId>,
    /// The line of the log that its frame is on.
    pub(crate) line: Option<u64>,
}

/// Checks a stream of facts; its memory does not grow with their number.
#[derive(Debug)]
pub(crate) struct Stream {
    checker: Checker,
    calls: Calls,
    lines: Lines,
    pub(crate) totals: Totals,
}

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) messages: u64,
    pub(crate) conversations: u64,
    pub(crate) calls: u64,
    /// Messages that are known to be missing.
    pub(crate) lost: u64,
}

impl Stream {
    pub(crate) fn new() -> Self {
        Self {
            checker: Checker::new(),
            calls: Calls::recent(),
            lines: Lines::default(),
            totals: Totals::default(),
        }
    }

    /// Takes in the fact on a line, and returns what is wrong.
    pub(crate) fn observe(&mut self, fact: &Fact, line: u64) -> Vec<Verdict> {
        self.checker.observe(fact);
        match fact {
            Fact::Frame(frame) => {
                self.totals.messages += 1;
                self.lines.push(frame.seq, line);
                let conversation = self.checker.conversation(frame.conversation);
                self.calls.observe(frame, conversation);
            }
            Fact::Gap(gap) => self.totals.lost += gap.lost.unwrap_or_default(),
            Fact::Conversation(_) | Fact::Closed(_) | Fact::Setting(_) | Fact::End(_) => {}
        }
        self.verdicts()
    }

    fn verdicts(&mut self) -> Vec<Verdict> {
        let findings = self.checker.drain_findings();
        findings
            .into_iter()
            .map(|finding| self.place(finding))
            .collect()
    }

    fn place(&self, finding: Finding) -> Verdict {
        let seq = finding.seq;
        let call = seq.and_then(|seq| self.calls.find(finding.conversation, seq));
        Verdict {
            call: call.map(|call| call.id),
            line: seq.and_then(|seq| self.lines.find(seq)),
            finding,
        }
    }

    /// Ends the session, if its writer did not, and brings the counts up to date.
    ///
    /// Returns what can only be said at the end.
    pub(crate) fn finish(&mut self) -> Vec<Verdict> {
        self.checker.finish();
        self.totals.calls = self.calls.count();
        self.totals.conversations = self.checker.conversations().count() as u64;
        self.verdicts()
    }

    pub(crate) fn conversations(&self) -> impl Iterator<Item = &Conversation> {
        self.checker.conversations()
    }

    pub(crate) fn call(&self, id: CallId) -> Option<&CallRecord> {
        self.calls.get(id)
    }

    /// Keeps what becomes of a call until the end of the stream.
    pub(crate) fn pin(&mut self, id: CallId) {
        self.calls.pin(id);
    }
}

/// On which line a frame is.
///
/// Lines and numbers of frames rise together, so only where they part has to be known.
#[derive(Clone, Debug, Default)]
struct Lines(VecDeque<(u64, u64)>);

impl Lines {
    /// A log with more than this between its frames has its early lines forgotten.
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

/// A whole session with its findings and calls.
#[derive(Clone, Debug)]
pub(crate) struct Whole {
    pub(crate) session: Session,
    pub(crate) calls: Calls,
}

impl Whole {
    pub(crate) fn new(log: Log) -> Self {
        let session = Session::from(log);
        let mut checker = Checker::new();
        let mut calls = Calls::all();
        for placed in session.facts() {
            checker.observe(&placed.fact);
            checker.drain_findings();
            if let Fact::Frame(frame) = &placed.fact {
                calls.observe(frame, checker.conversation(frame.conversation));
            }
        }
        Self { session, calls }
    }

    pub(crate) fn frames(&self) -> impl Iterator<Item = &Frame> {
        self.session
            .facts()
            .iter()
            .filter_map(|placed| placed.frame())
    }

    /// How many findings of each severity there are, the worst first.
    pub(crate) fn severities(&self) -> [(Severity, u64); 3] {
        let mut all = Severity::ALL.map(|it| (it, self.session.finding_count(it) as u64));
        all.reverse();
        all
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::{fs, iter};

    use expect_test::{Expect, expect};

    use super::*;
    use crate::words;

    #[track_caller]
    fn check(frames: &str, expected: &Expect) {
        let header = r#"{"kind":"header","format":"callscope-session","version":1}"#;
        let frames = frames
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty());
        let lines = frames.zip(1..).map(|(line, seq)| {
            let (from, message) = line.split_once(' ').unwrap();
            format!(
                r#"{{"kind":"frame","seq":{seq},"at":{seq}000,"from":"{from}","origin":"https://x","message":{message}}}"#
            )
        });
        let lines: Vec<String> = iter::once(header.to_owned()).chain(lines).collect();
        let whole = Whole::new(Log::read(lines.join("\n").as_bytes()).unwrap());
        let calls: Vec<String> = whole
            .calls
            .iter()
            .map(|record| {
                let CallRecord {
                    id: (_, number),
                    first_seq,
                    last_seq,
                    call,
                } = record;
                format!(
                    "call {number} of messages {first_seq}-{last_seq}: {}\n",
                    words::call(call)
                )
            })
            .collect();
        expected.assert_eq(&calls.concat());
    }

    #[test]
    fn calls_are_ranges_of_messages() {
        check(
            r#"
            host {"type":"SYNC","messageId":"1_1","hostUrl":"https://x"}
            widget {"type":"SYNC_ACK","messageId":"1_1","version":"0.9.7","iFrameUrl":"https://x"}
            widget {"type":"INITIALIZED","messageId":"2_1","data":{"isLoggedIn":true}}
            host {"type":"DIAL_NUMBER","messageId":"1_2","data":{"phoneNumber":"+15550100"}}
            widget {"type":"OUTGOING_CALL_STARTED","messageId":"2_2","data":{"externalCallId":"a"}}
            widget {"type":"CALL_ANSWERED","messageId":"2_3","data":{"externalCallId":"a"}}
            widget {"type":"CALL_ENDED","messageId":"2_4","data":{"externalCallId":"a","callEndStatus":"COMPLETED"}}
            widget {"type":"CALL_COMPLETED","messageId":"2_5","data":{"externalCallId":"a"}}
            widget {"type":"INCOMING_CALL","messageId":"2_6","data":{"externalCallId":"b","fromNumber":"+15550111"}}
            widget {"type":"INCOMING_CALL","messageId":"2_7","data":{"externalCallId":"c","fromNumber":"+15550122"}}
            "#,
            &expect![[r#"
                call 1 of messages 4-8: outbound to +15550100 · completed · 00:01 · COMPLETED
                call 2 of messages 9-9: inbound from +15550111 · ringing
                call 3 of messages 10-10: inbound from +15550122 · ringing
            "#]],
        );
    }

    #[test]
    fn a_call_that_was_going_on() {
        check(
            r#"
            widget {"type":"CALL_ENDED","messageId":"2_4","data":{"externalCallId":"a"}}
            widget {"type":"CALL_COMPLETED","messageId":"2_5","data":{"externalCallId":"a"}}
            widget {"type":"OUTGOING_CALL_STARTED","messageId":"2_6","data":{"externalCallId":"b","toNumber":"+15550100"}}
            "#,
            &expect![[r#"
                call 1 of messages 1-2: begun before the recording · completed
                call 2 of messages 3-3: outbound to +15550100 · started
            "#]],
        );
    }

    /// What `check` finds line by line is what the panel finds in the same log, wherever the log
    /// stops.
    #[test]
    fn the_stream_agrees_with_the_session() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs");
        for entry in fs::read_dir(folder).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            for count in (2..lines.len()).step_by(7).chain([lines.len()]) {
                let log = Log::read(lines[..count].join("\n").as_bytes()).unwrap();
                let mut stream = Stream::new();
                let mut found = Vec::new();
                for (fact, line) in log.facts().zip(2..) {
                    found.extend(stream.observe(fact, line));
                }
                found.extend(stream.finish());
                let found: Vec<_> = found.into_iter().map(|verdict| verdict.finding).collect();
                assert_eq!(found, Session::from(log).findings(), "after {count} lines");
            }
        }
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
