//! A session, with a digest of each of its messages, and its rows.

use std::collections::BTreeSet;

use callscope_protocol::{Fact, Finding, Inside, InsideKind, Millis, RecordedMessage, Severity};
use callscope_session_log::{Header, Log, LogLine, Placed, Session};

use crate::digest::Digest;
use crate::digests::{Digests, sent_id};
use crate::filter::{Filter, Subject};
use crate::rows::{self, Rows, ViewOptions};
use crate::visible;

/// A session in the form in which it is displayed.
///
/// Each message is decoded once, when it is added. [`update_rows`](Self::update_rows) only rebuilds
/// the rows that changed, so that a message at the end of a long session costs as much as one at
/// the end of a short one. [`work`](Self::work) counts the work.
#[derive(Debug, Default)]
pub struct SessionView {
    session: Session,
    digests: Digests,
    rows: Rows,
    /// The options that `rows` were built for.
    options: Option<ViewOptions>,
    /// The rows for other options, while they are being built.
    next: Option<(ViewOptions, Rows)>,
    /// The current time, while the session is going on.
    clock: Option<Millis>,
}

/// How much work a [`SessionView`] has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Messages that were decoded.
    pub decoded: u64,
    /// Facts that were tested against the filter and placed in the list, or left out of it.
    pub placed: u64,
}

/// How far the clocks of two pages may differ, in milliseconds.
pub(crate) const CLOCKS: f64 = 2.0;

impl SessionView {
    /// A view of a session, without rows until it is looked at.
    #[must_use]
    pub fn new(session: Session) -> Self {
        let mut digests = Digests::default();
        for placed in session.facts() {
            digests.add_fact(placed.id, &placed.fact);
        }
        Self {
            session,
            digests,
            ..Self::default()
        }
    }

    /// The session.
    #[must_use]
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// The messages, in session order.
    pub fn messages(&self) -> impl Iterator<Item = &RecordedMessage> {
        self.session.facts().iter().filter_map(Placed::message)
    }

    /// The rows for the current options.
    #[must_use]
    pub const fn rows(&self) -> &Rows {
        &self.rows
    }

    /// The current options.
    pub(crate) const fn options(&self) -> Option<&ViewOptions> {
        self.options.as_ref()
    }

    /// What rows are built from.
    pub(crate) fn source(&self) -> Source<'_> {
        Source {
            session: &self.session,
            digests: &self.digests,
            muted: self.muted(),
        }
    }

    /// How much work was done so far.
    #[must_use]
    pub fn work(&self) -> Work {
        Work {
            decoded: self.digests.decoded,
            placed: self
                .next
                .as_ref()
                .map_or(&self.rows, |(_, rows)| rows)
                .placed(),
        }
    }

    /// Adds lines of a log at the end; see [`Session::push_all`].
    pub fn push_all(&mut self, lines: impl IntoIterator<Item = LogLine>) {
        let from = self.session.facts().len();
        self.session.push_all(lines);
        for placed in self.session.facts().get(from..).unwrap_or_default() {
            self.digests.add_fact(placed.id, &placed.fact);
        }
    }

    /// Reserves memory for this many more facts; see [`Session::reserve`].
    pub fn reserve(&mut self, count: usize) {
        self.session.reserve(count);
        self.rows.reserve(count);
    }

    /// Ends the session as its log says; see [`Session::end_as_log`].
    pub fn end_as_log(&mut self, header: &Header) {
        self.session.end_as_log(header);
    }

    /// Adds what a recorder sent; see [`Session::insert_all`].
    pub fn insert(&mut self, lines: Vec<(u64, LogLine)>) {
        for (id, line) in &lines {
            self.digests.add_fact(*id, &line.fact);
        }
        self.session.insert_all(lines);
    }

    /// Removes what a recorder dropped; see [`Session::remove`].
    pub fn remove(&mut self, ids: &[u64]) {
        for id in ids {
            let position = self.session.position(*id);
            let placed = position.and_then(|it| self.session.facts().get(it));
            if let Some(placed) = placed
                && let Fact::Inside(inside) = &placed.fact
                && let Some(message_id) = sent_id(inside)
            {
                self.digests.remove_sent(*id, message_id);
            }
            let recorded = placed.and_then(Placed::message);
            let origin = recorded.map(|it| &*it.origin);
            self.digests.remove(*id, origin);
        }
        self.session.remove(ids);
    }

    /// Advances the time; see [`Session::advance`].
    pub fn advance(&mut self, now: Millis) {
        self.session.advance(now);
    }

    /// [`update_rows`](Self::update_rows) in small steps, so that the caller can do other work in
    /// between: each call tests at most this many facts against a new filter. Until all are tested,
    /// the rows are those of the previous options, kept up to date with the session.
    ///
    /// Returns whether the rows are those of these options.
    pub fn update_rows_in_part(&mut self, options: &ViewOptions, facts: usize) -> bool {
        let Some(before) = &self.options else {
            self.update_rows(options);
            return true;
        };
        if self.session.facts().len() <= facts || rows::differ_in_folds(before, options) {
            self.update_rows(options);
            return true;
        }
        let before = before.clone();
        let changes = self.session.take_changes();
        let is_kept = self.next.as_ref().is_some_and(|(of, rows)| {
            // The rows that are already built must still be valid.
            of == options
                && changes.from.is_none_or(|from| from >= rows.end())
                && changes.judged.iter().all(|judged| *judged >= rows.end())
        });
        if !is_kept {
            self.forget_next();
        }
        // Until then, the rows of the previous options stay visible.
        let source = Source {
            session: &self.session,
            digests: &self.digests,
            muted: Some(&before.muted),
        };
        let placed = self.rows.placed();
        self.rows.update(source, Some(&before), &before, changes);
        let (options, mut rows) = if let Some((options, mut rows)) = self.next.take() {
            rows.add_placed(self.rows.placed() - placed);
            (options, rows)
        } else {
            (options.clone(), Rows::begin(self.rows.placed()))
        };
        let source = Source {
            muted: Some(&options.muted),
            ..source
        };
        let hidden = options.narrows(&before).then_some(&self.rows);
        let is_done = rows.go_on(source, &options, facts, hidden);
        if is_done {
            self.rows = rows;
            self.options = Some(options);
        } else {
            self.next = Some((options, rows));
        }
        is_done
    }

    /// How many facts the filter being applied has seen, and how many there are.
    #[must_use]
    pub fn filtering(&self) -> Option<(usize, usize)> {
        let (_, rows) = self.next.as_ref()?;
        Some((rows.end(), self.session.facts().len()))
    }

    fn forget_next(&mut self) {
        if let Some((_, rows)) = self.next.take() {
            self.rows.add_placed(rows.placed() - self.rows.placed());
        }
    }

    /// Sets the time for rows that show how long something has been waiting; `None` for a session
    /// that is not going on.
    ///
    /// This makes no findings: see [`advance`](Self::advance).
    pub const fn tell_time(&mut self, now: Option<Millis>) {
        self.clock = now;
    }

    pub(crate) const fn clock(&self) -> Option<Millis> {
        self.clock
    }

    /// Updates the rows for the session as it is now and for these options.
    pub fn update_rows(&mut self, options: &ViewOptions) {
        self.forget_next();
        let changes = self.session.take_changes();
        let source = Source {
            session: &self.session,
            digests: &self.digests,
            muted: Some(&options.muted),
        };
        self.rows
            .update(source, self.options.as_ref(), options, changes);
        if self.options.as_ref() != Some(options) {
            self.options = Some(options.clone());
        }
    }

    /// A message's digest, by the id of its fact.
    #[must_use]
    pub fn digest(&self, id: u64) -> Option<&Digest> {
        self.digests.get(id)
    }

    /// The fact with this id, and its position.
    #[must_use]
    pub fn find(&self, id: u64) -> Option<(usize, &Placed)> {
        let position = self.session.position(id)?;
        Some((position, self.session.facts().get(position)?))
    }

    /// Whether a filter would show the message with this id, whatever the rows are filtered by.
    #[must_use]
    pub fn holds(&self, id: u64, filter: &Filter) -> bool {
        let source = self.source();
        let message = self.find(id).and_then(|(_, placed)| placed.message());
        message.is_some_and(|recorded| source.matches(filter, id, recorded))
    }

    /// The id of the message with this number.
    #[must_use]
    pub fn id_of(&self, seq: u64) -> Option<u64> {
        let index = self.session.message_index(seq)?;
        Some(self.session.nth_message(index)?.id)
    }

    /// The text of a link to a message: "3 `CALL_ENDED`".
    #[must_use]
    pub fn named(&self, seq: u64) -> String {
        let digest = self.id_of(seq).and_then(|id| self.digest(id));
        let name = digest.map_or("message", Digest::type_words);
        format!("{seq} {}", visible::name(name))
    }

    /// The text of a link to an entry of the timeline: that of its message, or "the gap", "the
    /// setting", "the widget's page".
    #[must_use]
    pub fn entry_name(&self, placed: &Placed) -> String {
        match &placed.fact {
            Fact::Message(recorded) => self.named(recorded.seq),
            Fact::Gap(_) => "the gap".to_owned(),
            Fact::Setting(_) => "the setting".to_owned(),
            Fact::Inside(inside) if inside.what == InsideKind::Redirected => {
                "the redirect".to_owned()
            }
            Fact::Inside(inside) => format!("the {}'s page", inside.side.name()),
            Fact::Conversation(_) | Fact::Closed(_) | Fact::End(_) => "the entry".to_owned(),
        }
    }

    /// The id of the last message with this `messageId`; ids may repeat.
    #[must_use]
    pub fn last_with_message_id(&self, message_id: &str) -> Option<u64> {
        let same = self.with_message_id(message_id);
        let placed = same.map(|(id, ..)| (self.session.position(id), id));
        placed.max().map(|(_, id)| id)
    }

    /// The messages with this `messageId`, by the ids of their facts; the real SDK repeats them.
    fn with_message_id<'a>(
        &'a self,
        message_id: &'a str,
    ) -> impl Iterator<Item = (u64, &'a Digest, &'a RecordedMessage)> {
        let may = self.digests.with_hash_of(message_id);
        may.filter_map(move |(id, digest)| {
            let recorded = self.find(id)?.1.message()?;
            let is_same = digest.message_id(&recorded.message) == message_id;
            is_same.then_some((id, digest, recorded))
        })
    }

    /// The reports of where messages like this one were sent, in session order.
    pub(crate) fn sent_as(&self, digest: &Digest, recorded: &RecordedMessage) -> Vec<&Inside> {
        let message_id = digest.message_id(&recorded.message);
        let ids = self.digests.sent.get(message_id);
        let mut found: Vec<(usize, &Inside)> = ids
            .into_iter()
            .flatten()
            .filter_map(|id| self.find(*id))
            .filter_map(|(position, placed)| match &placed.fact {
                Fact::Inside(inside) => Some((position, &**inside)),
                _ => None,
            })
            .filter(|(_, inside)| {
                inside.conversation == Some(recorded.conversation)
                    && inside.side == recorded.from
                    && inside.type_name.as_deref().unwrap_or_default() == &*digest.type_name
            })
            .collect();
        found.sort_by_key(|(position, _)| *position);
        found.into_iter().map(|(_, inside)| inside).collect()
    }

    /// The numbers of the messages with the same id, type and sender, in ascending order.
    pub(crate) fn same_as(&self, digest: &Digest, recorded: &RecordedMessage) -> Vec<u64> {
        let same = self.with_message_id(digest.message_id(&recorded.message));
        let mut seqs: Vec<u64> = same
            .filter(|(_, other, _)| other.type_name == digest.type_name)
            .map(|(.., it)| it)
            .filter(|it| it.conversation == recorded.conversation && it.from == recorded.from)
            .map(|it| it.seq)
            .collect();
        seqs.sort_unstable();
        seqs
    }

    /// The time between a fact and the previous one.
    #[must_use]
    pub fn since(&self, position: usize) -> Option<Millis> {
        let facts = self.session.facts();
        let before = facts.get(position.checked_sub(1)?)?;
        Some(self.session.between(before, facts.get(position)?))
    }
}

impl From<Session> for SessionView {
    fn from(session: Session) -> Self {
        Self::new(session)
    }
}

impl From<Log> for SessionView {
    fn from(log: Log) -> Self {
        Self::new(Session::from(log))
    }
}

/// What rows are built from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) session: &'a Session,
    pub(crate) digests: &'a Digests,
    /// The rules that are muted.
    pub(crate) muted: Option<&'a BTreeSet<&'static str>>,
}

impl<'a> Source<'a> {
    pub(crate) fn fact(self, position: usize) -> Option<&'a Placed> {
        self.session.facts().get(position)
    }

    /// The findings about a message that are not muted.
    pub(crate) fn findings_of(self, seq: u64) -> impl Iterator<Item = &'a Finding> {
        let findings = self.session.findings_of(seq);
        findings.filter(move |it| !self.mutes(it))
    }

    /// Whether a filter shows a message.
    pub(crate) fn matches(self, filter: &Filter, id: u64, recorded: &RecordedMessage) -> bool {
        if filter.is_empty() {
            return true;
        }
        let Some(digest) = self.digests.get(id) else {
            return true;
        };
        let placement = self.session.placement(recorded.seq);
        let subject = Subject {
            type_name: &digest.type_name,
            known: digest.known,
            message_id: digest.message_id(&recorded.message),
            from: recorded.from,
            origin: &recorded.origin,
            summary: &digest.summary,
            injected: recorded.injected,
            truncated: recorded.truncated,
            conversation: recorded.conversation.0,
            call: placement.call,
            latency: placement.answers.map(|answer| answer.latency),
            text: recorded.message.as_str(),
        };
        let finding_keys = finding_keys(filter, self.findings_of(recorded.seq));
        filter.matches(&subject, &finding_keys)
    }

    /// Whether a filter shows the report of a page at this position.
    pub(crate) fn matches_inside(self, filter: &Filter, position: usize, inside: &Inside) -> bool {
        let finding_keys = finding_keys(filter, self.findings_at(position));
        let call_of = |about: &RecordedMessage| self.session.placement(about.seq).call;
        let call = || match self.message_of(position, inside) {
            Some(about) => call_of(about),
            // What else it reports right after a message of a call.
            None => self.findings_at(position).find_map(|it| it.call),
        };
        filter.matches_inside(inside, &call, &finding_keys)
    }

    /// Whether a filter shows the setting at this position, which it is not about by itself.
    pub(crate) fn matches_setting(self, filter: &Filter, position: usize) -> bool {
        let mut findings = self.findings_at(position);
        filter.is_empty() || findings.any(|it| filter.matches_finding(it))
    }

    /// The findings about the fact at this position that are not muted.
    pub(crate) fn findings_at(self, position: usize) -> impl Iterator<Item = &'a Finding> {
        let findings = self.session.findings_at(position);
        findings.filter(move |it| !self.mutes(it))
    }

    fn mutes(self, finding: &Finding) -> bool {
        self.muted
            .is_some_and(|muted| muted.contains(finding.rule.code))
    }
}

/// What a filter asks about findings, if it asks about them.
fn finding_keys<'a>(
    filter: &Filter,
    findings: impl Iterator<Item = &'a Finding>,
) -> Vec<(Severity, &'static str)> {
    if !filter.looks_at_findings() {
        return Vec::new();
    }
    let keys = findings.map(|finding| (finding.severity, finding.rule.code));
    keys.collect()
}
