//! Keeps a judge up to date with a list of facts that grows, mostly at its end.

use std::collections::VecDeque;

use callscope_protocol::{Checker, Fact, Finding, Millis};

use super::places::{Conditions, Record};
use super::timeline::Placed;
use super::told::{Tale, Told};

/// How many facts lie between two checkpoints.
const CHECKPOINT_EVERY: usize = 512;

/// From this number of checkpoints on, they are thinned out, the older half first.
const MAX_CHECKPOINTS: usize = 32;

/// How many of the last updates can be undone without going back to a checkpoint.
///
/// Two frames that talk to each other each hand on their messages in pieces, so every piece has
/// something that belongs before the end.
const RECENT: usize = 4;

/// Observing this few facts again is cheaper than copying a judge.
const FEW: usize = 32;

/// What is kept up to date: the protocol checker, or a stand-in in tests.
pub(super) trait Judge: Clone + Default {
    /// What it reports as wrong.
    type Finding: Tale;
    /// What else it says about a fact.
    type Record;

    /// What a fact's records are compared with.
    type Before;

    /// Notes the state that the next fact may change.
    fn before(&self, fact: &Fact) -> Self::Before;

    /// Processes the next fact.
    fn observe(&mut self, fact: &Fact);

    /// Advances the time.
    fn advance(&mut self, now: Millis);

    /// When advancing the time will make a difference.
    fn next_deadline(&self) -> Option<Millis>;

    /// Its findings since the last call.
    fn drain(&mut self) -> Vec<Self::Finding>;

    /// Adds its records for the fact that it has just seen, which is at this position.
    fn records(
        &mut self,
        fact: &Fact,
        position: usize,
        before: Self::Before,
        records: &mut Vec<Self::Record>,
    );
}

impl Judge for Checker {
    type Finding = Finding;
    type Record = Record;
    type Before = Conditions;

    fn before(&self, fact: &Fact) -> Self::Before {
        Conditions::before(self, fact)
    }

    fn observe(&mut self, fact: &Fact) {
        Self::observe(self, fact);
    }

    fn advance(&mut self, now: Millis) {
        Self::advance(self, now);
    }

    fn next_deadline(&self) -> Option<Millis> {
        Self::next_deadline(self)
    }

    fn drain(&mut self) -> Vec<Finding> {
        self.drain_findings()
    }

    fn records(
        &mut self,
        fact: &Fact,
        position: usize,
        before: Conditions,
        records: &mut Vec<Record>,
    ) {
        Record::add(self, fact, position, &before, records);
    }
}

/// A judge, what it has said, and how to go back.
///
/// The findings are those of judging all facts in order and then advancing the time to `now`,
/// however the facts arrived.
#[derive(Clone, Debug)]
pub(super) struct Replay<J: Judge> {
    /// It has seen all facts and nothing else.
    judge: J,
    fact_count: usize,
    checkpoints: Vec<Checkpoint<J>>,
    /// Copies from the beginnings of the last updates, the oldest first; empty until the first need
    /// to go back.
    recent: VecDeque<Checkpoint<J>>,
    has_gone_back: bool,
    findings: Told<J::Finding>,
    /// How many of the findings come from facts; the others depend only on time.
    settled: usize,
    now: Option<Millis>,
    /// `judge` after the time was advanced, if that made a difference. It is separate, so that a
    /// fact from before `now` is judged as if nobody had looked at the clock.
    ahead: Option<J>,
}

#[derive(Clone, Debug, Default)]
struct Checkpoint<J> {
    judge: J,
    fact_count: usize,
    settled: usize,
}

/// The result of an update.
#[derive(Debug)]
pub(super) struct Update<R> {
    /// How many of the old findings are still valid.
    pub(super) findings: usize,
    /// For how many facts the old records are still valid.
    pub(super) facts: usize,
    /// The records for the facts after them.
    pub(super) new: Vec<R>,
}

impl<J: Judge> Default for Replay<J> {
    fn default() -> Self {
        Self {
            judge: J::default(),
            fact_count: 0,
            checkpoints: Vec::new(),
            recent: VecDeque::new(),
            has_gone_back: false,
            findings: Told::default(),
            settled: 0,
            now: None,
            ahead: None,
        }
    }
}

impl<J: Judge> Replay<J> {
    pub(super) fn findings(&self) -> &[J::Finding] {
        self.findings.valid()
    }

    /// The judge at the latest time it was told.
    pub(super) fn judge(&self) -> &J {
        self.ahead.as_ref().unwrap_or(&self.judge)
    }

    /// The judge after the facts, before any time has passed.
    pub(super) const fn settled_judge(&self) -> &J {
        &self.judge
    }

    /// The findings from facts, without those that depend only on time.
    pub(super) fn settled_findings(&self) -> Told<J::Finding> {
        let mut settled = self.findings.clone();
        settled.go_back(self.settled);
        settled
    }

    pub(super) const fn now(&self) -> Option<Millis> {
        self.now
    }

    /// Judges the facts again that have changed from position `from` on.
    pub(super) fn update(&mut self, facts: &[Placed], from: usize) -> Update<J::Record> {
        if from < self.fact_count {
            self.go_back(from);
        }
        self.keep_recent(facts.len());
        let mut update = Update {
            findings: self.findings.go_back(self.settled),
            facts: self.fact_count,
            new: Vec::new(),
        };
        self.ahead = None;
        for placed in facts.get(self.fact_count..).unwrap_or_default() {
            let before = self.judge.before(&placed.fact);
            self.judge.observe(&placed.fact);
            let same = self.findings.extend(self.judge.drain());
            update.findings = update.findings.min(same);
            let position = self.fact_count;
            (self.judge).records(&placed.fact, position, before, &mut update.new);
            self.settled = self.findings.count();
            self.fact_count += 1;
            if self.fact_count.is_multiple_of(CHECKPOINT_EVERY) {
                self.keep_checkpoint();
            }
        }
        if let Some(same) = self.look_ahead() {
            update.findings = update.findings.min(same);
        }
        update
    }

    /// Advances the time; an earlier time than before changes nothing.
    ///
    /// Returns how many of the old findings are still valid, if anything has changed.
    pub(super) fn advance(&mut self, now: Millis) -> Option<usize> {
        if self.now.is_some_and(|latest| now <= latest) {
            return None;
        }
        self.now = Some(now);
        self.look_ahead()
    }

    fn look_ahead(&mut self) -> Option<usize> {
        let now = self.now?;
        if self.judge().next_deadline().is_none_or(|due| due > now) {
            return None;
        }
        let mut judge = self.ahead.take().unwrap_or_else(|| self.judge.clone());
        judge.advance(now);
        let same = self.findings.extend(judge.drain());
        self.ahead = Some(judge);
        Some(same)
    }

    fn go_back(&mut self, from: usize) {
        let usable = self
            .checkpoints
            .partition_point(|checkpoint| checkpoint.fact_count <= from);
        self.checkpoints.truncate(usable);
        self.recent
            .retain(|checkpoint| checkpoint.fact_count <= from);
        self.has_gone_back = true;
        let start = Checkpoint::default();
        let both = [self.checkpoints.last(), self.recent.back()];
        let last = both.into_iter().flatten();
        let last = last.max_by_key(|checkpoint| checkpoint.fact_count);
        let last = last.unwrap_or(&start);
        self.judge = last.judge.clone();
        self.fact_count = last.fact_count;
        self.settled = last.settled;
    }

    fn checkpoint(&self) -> Checkpoint<J> {
        Checkpoint {
            judge: self.judge.clone(),
            fact_count: self.fact_count,
            settled: self.settled,
        }
    }

    /// Remembers the beginning of an update after which there are `count` facts.
    fn keep_recent(&mut self, count: usize) {
        let last = self.recent.back().map_or(0, |last| last.fact_count);
        let is_worth_it = self.fact_count >= last + FEW && count > self.fact_count;
        if !self.has_gone_back || !is_worth_it {
            return;
        }
        if self.recent.len() >= RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(self.checkpoint());
    }

    fn keep_checkpoint(&mut self) {
        self.checkpoints.push(self.checkpoint());
        if self.checkpoints.len() > MAX_CHECKPOINTS {
            let mut index = 0;
            self.checkpoints.retain(|_| {
                index += 1;
                index > MAX_CHECKPOINTS / 2 || index % 2 == 0
            });
        }
    }
}

#[cfg(test)]
mod tests;
