//! A session and its findings, kept up to date while facts arrive.

mod causes;
mod history;
mod places;
mod replay;
#[cfg(test)]
mod tests;
mod timeline;
mod told;

use std::collections::{BTreeSet, HashMap};

use callscope_protocol::{
    Answer, Call, CallId, Cause, Checker, Condition, Conversation, ConversationId, Fact, Finding,
    Millis, PageCause, Placement, RecordedMessage, Severity, Summary, Waiting,
};

use crate::kind::finding;
use crate::kind::header::Header;
use crate::line::LogLine;
use crate::read::Log;
use history::History;
use places::Places;
use replay::Replay;
use timeline::Timeline;

pub use timeline::Placed;

/// The facts of a session in session order, and the checker's findings about them.
///
/// Both the panel and the command line use this type, so that they cannot disagree. The findings
/// are always those for the facts in their present order, however the facts arrived.
///
/// - From a log: [`push`](Self::push) each fact; line order is session order, and messages keep
///   their `seq`.
/// - From a recorder: [`insert_all`](Self::insert_all) what arrives, [`remove`](Self::remove) what
///   the recorder dropped, and [`advance`](Self::advance) the clock. Messages are numbered from 1
///   in session order, so a number changes when an earlier message arrives late or is dropped; the
///   [`id`](Placed::id) does not.
///
/// A fact added at the end costs only its own check; elsewhere, everything from there on is checked
/// again.
///
/// ```
/// use callscope_session_log::{Log, Session};
///
/// let log = Log::read(br#"{"kind":"header","format":"callscope-session","version":1}
/// {"kind":"frame","seq":1,"at":1,"from":"host","origin":"https://app.hubspot.com","message":null}"#)?;
/// let session = Session::from(log);
/// assert_eq!(session.message_count(), 1);
/// assert_eq!(session.message(1).map(|message| message.message.as_str()), Some("null"));
/// # Ok::<(), callscope_session_log::LogError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Session {
    timeline: Timeline,
    replay: Replay<Checker>,
    /// The positions of a message's findings, in ascending order.
    by_seq: HashMap<u64, Vec<usize>>,
    /// The position of each fact that is no message and has a finding, with the finding's; both
    /// ascend.
    by_fact: Vec<(usize, usize)>,
    /// The positions of the findings that belong to no message, in ascending order.
    unanchored: Vec<usize>,
    /// What was counted in `by_seq` and `severities`, finding by finding.
    counted: Vec<Counted>,
    severities: [usize; Severity::ALL.len()],
    places: Places,
    revision: u64,
    judgments: u64,
    /// The first position whose fact has changed since the last
    /// [`take_changes`](Self::take_changes).
    changed_from: Option<usize>,
    /// Earlier messages whose findings have changed, by `seq`.
    judged: BTreeSet<u64>,
}

/// What has changed in a session: see [`Session::take_changes`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// From this position on, facts are new, gone or have moved; `None` if there are none.
    pub from: Option<usize>,
    /// The positions of earlier messages whose findings have changed, in ascending order.
    pub judged: Vec<usize>,
}

impl Session {
    /// An empty session.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a fact at the end, whatever its time.
    pub fn push(&mut self, line: impl Into<LogLine>) {
        let from = self.timeline.facts().len();
        self.timeline.push(line.into());
        self.recheck(Some(from));
    }

    /// Adds facts at the end, whatever their times, and checks only once.
    pub fn push_all<L: Into<LogLine>>(&mut self, lines: impl IntoIterator<Item = L>) {
        let from = self.timeline.facts().len();
        for line in lines {
            self.timeline.push(line.into());
        }
        if self.timeline.facts().len() > from {
            self.recheck(Some(from));
        }
    }

    /// Reserves memory for this many more facts, so that nothing has to be moved later.
    pub fn reserve(&mut self, count: usize) {
        self.timeline.reserve(count);
    }

    /// Ends the session as the log says that the facts were read from.
    ///
    /// A log without an end, such as one that was cut off, ends at its last fact; an empty one when
    /// it was written.
    pub fn end_as_log(&mut self, header: &Header) {
        let is_ended = matches!(
            self.facts().last().map(|last| &last.fact),
            Some(Fact::End(_))
        );
        if !is_ended {
            // Times may run backwards from line to line, but the checker's clock does not.
            let times = self.facts().iter().map(|placed| placed.fact.at());
            let latest = times.max_by(|a, b| a.0.total_cmp(&b.0));
            self.push(Fact::End(latest.unwrap_or(header.written_at())));
        }
    }

    /// Adds a fact that arrived as number `id`, in its place.
    ///
    /// See [`insert_all`](Self::insert_all).
    pub fn insert(&mut self, id: u64, line: impl Into<LogLine>) {
        self.insert_all([(id, line)]);
    }

    /// Adds facts, in their places, with the numbers under which they arrived, and checks only
    /// once.
    ///
    /// Facts are ordered by time; at equal times, messages from the host come before those from the
    /// widget, and otherwise the order of arrival counts. A conversation fact comes before the
    /// first message of its conversation, and an answer after its request if that is almost as old,
    /// even if the documents' clocks say otherwise; messages received by one document stay in their
    /// order. A fact whose `id` is already in the session is ignored.
    pub fn insert_all<L: Into<LogLine>>(&mut self, items: impl IntoIterator<Item = (u64, L)>) {
        let items = items.into_iter().map(|(id, line)| (id, line.into()));
        let from = self.timeline.insert(items);
        self.recheck(from);
    }

    /// Removes the facts with these ids; unknown ids are ignored.
    ///
    /// Everything that follows is checked again as if they had never existed, so a recorder should
    /// evict in large pieces.
    pub fn remove(&mut self, ids: &[u64]) {
        let from = self.timeline.remove(ids);
        self.recheck(from);
    }

    /// Advances the time while nothing arrives, so that missing messages are noticed.
    ///
    /// An earlier time than before changes nothing.
    pub fn advance(&mut self, now: Millis) {
        if let Some(kept) = self.replay.advance(now) {
            self.count_findings(kept);
            self.revision += 1;
        }
    }

    /// When [`advance`](Self::advance) will make a difference if nothing arrives until then.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Millis> {
        self.replay.judge().next_deadline()
    }

    /// The findings that a message would have if it came next.
    #[must_use]
    pub fn findings_if(&self, mut message: RecordedMessage) -> Vec<Finding> {
        message.seq = self.timeline.last_seq_before(self.facts().len()) + 1;
        let seq = Some(message.seq);
        let mut checker = self.replay.judge().clone();
        checker.observe(&Fact::Message(message));
        let mut findings = checker.drain_findings();
        findings.retain(|it| it.seq == seq);
        findings
    }

    /// The latest time that [`advance`](Self::advance) was given.
    #[must_use]
    pub const fn now(&self) -> Option<Millis> {
        self.replay.now()
    }

    /// All facts, in session order.
    #[must_use]
    pub fn facts(&self) -> &[Placed] {
        self.timeline.facts()
    }

    /// The index in [`facts`](Self::facts) of the fact with this id; fast for any fact.
    #[must_use]
    pub fn position(&self, id: u64) -> Option<usize> {
        self.timeline.position(id)
    }

    /// What has changed since the last call, for code that keeps something up to date with this
    /// session: the first time, everything.
    ///
    /// Findings that depend only on time are made again with each fact; if they are the same as
    /// before, they do not count as changed.
    pub fn take_changes(&mut self) -> Changes {
        let from = self.changed_from.take();
        let judged = std::mem::take(&mut self.judged);
        let positions = judged
            .into_iter()
            .filter_map(|seq| self.timeline.position_of_message(seq))
            .filter(|position| from.is_none_or(|from| *position < from));
        Changes {
            from,
            judged: positions.collect(),
        }
    }

    /// How many of the facts are messages.
    #[must_use]
    pub fn message_count(&self) -> usize {
        self.timeline.message_count()
    }

    /// The message with this `seq`.
    #[must_use]
    pub fn message(&self, seq: u64) -> Option<&RecordedMessage> {
        let index = self.timeline.message_index(seq)?;
        self.timeline.nth_message(index)?.message()
    }

    /// The fact that is the `index`th message, counted from 0; fast for any index.
    #[must_use]
    pub fn nth_message(&self, index: usize) -> Option<&Placed> {
        self.timeline.nth_message(index)
    }

    /// When a fact counts as having happened: at its own time, but a conversation starts with its
    /// first message at the latest, even if the recorder heard an answer to it earlier.
    #[must_use]
    pub fn at(&self, placed: &Placed) -> Millis {
        let own = placed.fact.at();
        let Fact::Conversation(start) = &placed.fact else {
            return own;
        };
        let first = self.timeline.first_message(start.id);
        first.map_or(own, |first| Millis(own.0.min(first)))
    }

    /// The time from one fact to a later one: 0 where their documents' clocks are too coarse to
    /// tell, so that it is negative only in a log that is not in order of time.
    #[must_use]
    pub fn between(&self, before: &Placed, after: &Placed) -> Millis {
        let Millis(since) = self.at(after) - self.at(before);
        let is_rounding = (-causes::RESOLUTION..0.0).contains(&since);
        Millis(if is_rounding { 0.0 } else { since })
    }

    /// The facts that are not messages, with their indices in [`facts`](Self::facts); fast, however
    /// many messages there are.
    pub fn other_facts(&self) -> impl Iterator<Item = (usize, &Placed)> {
        self.timeline.others()
    }

    /// The index among the messages, counted from 0, of the one with this `seq`.
    #[must_use]
    pub fn message_index(&self, seq: u64) -> Option<usize> {
        self.timeline.message_index(seq)
    }

    /// All findings, in the order in which the checker made them.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        self.replay.findings()
    }

    /// The findings anchored to the message with this `seq`.
    pub fn findings_of(&self, seq: u64) -> impl Iterator<Item = &Finding> {
        let positions = self.by_seq.get(&seq).map(Vec::as_slice).unwrap_or_default();
        positions
            .iter()
            .filter_map(|position| self.findings().get(*position))
    }

    /// The findings about the fact at this position: those anchored to it.
    pub fn findings_at(&self, position: usize) -> impl Iterator<Item = &Finding> {
        let message = self.facts().get(position).and_then(Placed::message);
        let of_message = message.and_then(|recorded| self.by_seq.get(&recorded.seq));
        let from = self.by_fact.partition_point(|(fact, _)| *fact < position);
        let others = self.by_fact.get(from..).into_iter().flatten();
        let others = others.take_while(move |(fact, _)| *fact == position);
        let positions = of_message.into_iter().flatten();
        let positions = positions.chain(others.map(|(_, finding)| finding));
        positions.filter_map(|position| self.findings().get(*position))
    }

    /// The fact that a finding is anchored to: its message, or else the gap, the setting or the
    /// page's report that it is about.
    #[must_use]
    pub fn anchor_of(&self, finding: &Finding) -> Option<&Placed> {
        self.anchor(finding.seq, finding.fact)
    }

    /// The entry that the cause of a finding is anchored to.
    #[must_use]
    pub fn anchor_of_cause(&self, cause: &Cause) -> Option<&Placed> {
        self.anchor(cause.seq, cause.fact)
    }

    fn anchor(&self, seq: Option<u64>, fact: Option<usize>) -> Option<&Placed> {
        match seq {
            Some(seq) => self.nth_message(self.message_index(seq)?),
            None => self.facts().get(fact?),
        }
    }

    /// The findings that are anchored to no message.
    pub fn findings_without_message(&self) -> impl Iterator<Item = &Finding> {
        let positions = self.unanchored.iter();
        positions.filter_map(|position| self.findings().get(*position))
    }

    /// How many findings have this severity.
    #[must_use]
    pub fn finding_count(&self, severity: Severity) -> usize {
        self.severities[slot(severity)]
    }

    /// The conversations after all facts, at the time of [`now`](Self::now), by their numbers.
    pub fn conversations(&self) -> impl Iterator<Item = &Conversation> {
        self.replay.judge().conversations()
    }

    /// One conversation.
    #[must_use]
    pub fn conversation(&self, id: ConversationId) -> Option<&Conversation> {
        self.replay.judge().conversation(id)
    }

    /// Which call the message with this `seq` belongs to, and which request it answers.
    #[must_use]
    pub fn placement(&self, seq: u64) -> Placement {
        self.places.placement(seq)
    }

    /// The answers to the message with this `seq`, each with the answering message's `seq`.
    pub fn answers_to(&self, seq: u64) -> impl Iterator<Item = (u64, Answer)> {
        let answers = self.places.answers_to(seq).iter();
        answers.filter_map(|answer| Some((*answer, self.placement(*answer).answers?)))
    }

    /// The states of a conversation, each with the position in [`facts`](Self::facts) from which it
    /// holds, in ascending order.
    pub fn conditions(
        &self,
        id: ConversationId,
    ) -> impl Iterator<Item = (usize, Condition)> + Clone {
        self.places.history(id).into_iter().flat_map(History::iter)
    }

    /// The state of a conversation before the fact at this position; fast at any position.
    #[must_use]
    pub fn condition_before(&self, id: ConversationId, position: usize) -> Condition {
        let history = self.places.history(id);
        history
            .and_then(|history| history.before(position))
            .unwrap_or_default()
    }

    /// The requests of a conversation that are not answered at the time of [`now`](Self::now).
    pub fn waiting(&self, id: ConversationId) -> impl Iterator<Item = Waiting> {
        self.replay.judge().waiting(id)
    }

    /// Why a conversation does not get ready, if the widget's page has said it; see
    /// [`Checker::why_not_ready`].
    #[must_use]
    pub fn why_not_ready(&self, id: ConversationId) -> Option<PageCause> {
        self.replay.judge().why_not_ready(id)
    }

    /// Why a waiting request is not answered, if the widget's page has said it; see
    /// [`Checker::why_unanswered`].
    #[must_use]
    pub fn why_unanswered(&self, id: ConversationId, request: u64) -> Option<PageCause> {
        self.replay.judge().why_unanswered(id, request)
    }

    /// The calls, by conversation, in the order in which they were requested or began.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        let over = self.places.over().values().cloned();
        let mut calls: Vec<Call> = over.chain(self.replay.judge().open_calls()).collect();
        calls.sort_by_key(|call| call.id);
        calls
    }

    /// The last `most` [calls](Self::calls) that are over, and all that are not.
    #[must_use]
    pub fn last_calls(&self, most: usize) -> Vec<Call> {
        let over = self.places.over().values().rev().take(most).cloned();
        let mut calls: Vec<Call> = over.chain(self.replay.judge().open_calls()).collect();
        calls.sort_by_key(|call| call.id);
        calls
    }

    /// One call.
    #[must_use]
    pub fn call(&self, id: CallId) -> Option<Call> {
        let over = self.places.over().get(&id).cloned();
        over.or_else(|| self.replay.judge().open_call(id))
    }

    /// A summary of the session.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.replay.judge().summary()
    }

    /// A number that changes whenever anything else here does, and never repeats.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// The lines of a log of this session, without the header: the facts, the end, and the findings
    /// for people to read.
    ///
    /// These findings, unlike the others, include what was still open when the recording ended:
    /// they are the findings that reading and checking the log gives.
    pub fn to_lines(&self) -> impl Iterator<Item = String> {
        let end = self.end();
        let mut checker = self.replay.settled_judge().clone();
        if let Some(end) = &end {
            checker.observe(end);
        }
        let facts = self.facts().iter().map(Placed::to_line);
        let end = end.as_ref().map(crate::line::write_fact);
        let mut findings = self.replay.settled_findings();
        findings.extend(checker.drain_findings());
        let findings: Vec<String> = findings
            .valid()
            .iter()
            .map(finding::write_finding)
            .collect();
        facts.chain(end).chain(findings)
    }

    /// The end of the recording, unless the last fact is one.
    fn end(&self) -> Option<Fact> {
        let now = self.now()?;
        match self.facts().last().map(|last| &last.fact) {
            Some(Fact::End(_)) => None,
            Some(last) if last.at() > now => Some(Fact::End(last.at())),
            _ => Some(Fact::End(now)),
        }
    }

    /// Changes whenever a finding is gone or another one has its place; not when findings are added
    /// at the end.
    #[must_use]
    pub const fn judgments(&self) -> u64 {
        self.judgments
    }

    fn recheck(&mut self, from: Option<usize>) {
        if let Some(from) = from {
            self.changed_from = Some(self.changed_from.map_or(from, |it| it.min(from)));
            let update = self.replay.update(self.timeline.facts(), from);
            let kept = (update.facts, self.timeline.last_seq_before(update.facts));
            self.places.update(kept, update.new);
            self.count_findings(update.findings);
            self.revision += 1;
        }
    }

    /// Updates the counts for changed findings, of which the first `kept` are unchanged.
    fn count_findings(&mut self, kept: usize) {
        let Self {
            replay,
            by_seq,
            by_fact,
            unanchored,
            counted,
            severities,
            judged,
            judgments,
            ..
        } = self;
        let mut gone = Vec::new();
        while counted.len() > kept {
            let Some(it) = counted.pop() else {
                break;
            };
            severities[slot(it.severity)] -= 1;
            let positions = match it.seq {
                Some(seq) => by_seq.get_mut(&seq),
                None => Some(&mut *unanchored),
            };
            if let Some(positions) = positions {
                positions.pop();
            }
            gone.push(it);
        }
        by_fact.truncate(by_fact.partition_point(|(_, finding)| *finding < kept));
        let new = replay.findings().iter().enumerate().skip(counted.len());
        for (position, finding) in new {
            let it = Counted {
                seq: finding.seq,
                severity: finding.severity,
                code: finding.rule.code,
            };
            counted.push(it);
            severities[slot(finding.severity)] += 1;
            let positions = match finding.seq {
                Some(seq) => by_seq.entry(seq).or_default(),
                None => &mut *unanchored,
            };
            positions.push(position);
            if let Some(fact) = finding.fact {
                by_fact.push((fact, position));
            }
        }
        // A finding that was removed and made again has not changed.
        let again = counted.get(kept..).unwrap_or_default();
        if again.len() < gone.len() || !again.iter().zip(gone.iter().rev()).all(|(a, b)| a == b) {
            *judgments += 1;
        }
        let mut balance: HashMap<Counted, i64> = HashMap::new();
        for it in gone {
            *balance.entry(it).or_default() -= 1;
        }
        for it in counted.iter().skip(kept) {
            *balance.entry(*it).or_default() += 1;
        }
        balance.retain(|_, count| *count != 0);
        judged.extend(balance.into_keys().filter_map(|it| it.seq));
    }
}

/// What was counted for a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Counted {
    seq: Option<u64>,
    severity: Severity,
    code: &'static str,
}

const fn slot(severity: Severity) -> usize {
    severity as usize
}

impl From<Log> for Session {
    /// Replays a saved session to its end; see [`end_as_log`](Session::end_as_log).
    fn from(log: Log) -> Self {
        let mut session: Self = log
            .entries
            .into_iter()
            .filter_map(crate::Entry::into_fact)
            .collect();
        session.end_as_log(&log.header);
        session
    }
}

impl<L: Into<LogLine>> Extend<L> for Session {
    fn extend<T: IntoIterator<Item = L>>(&mut self, lines: T) {
        for line in lines {
            self.push(line);
        }
    }
}

impl<L: Into<LogLine>> FromIterator<L> for Session {
    fn from_iter<T: IntoIterator<Item = L>>(lines: T) -> Self {
        let mut session = Self::new();
        session.extend(lines);
        session
    }
}
