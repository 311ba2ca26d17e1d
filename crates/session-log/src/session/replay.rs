//! A judge kept in step with a list of facts that grows, mostly at its end.

use std::collections::VecDeque;

use callscope_protocol::{Checker, Fact, Finding, Millis};

use super::places::{Conditions, Record};
use super::timeline::Placed;

/// How many facts lie between two checkpoints.
const CHECKPOINT_EVERY: usize = 512;

/// More checkpoints than this are thinned out, the older half first.
const MAX_CHECKPOINTS: usize = 32;

/// How many of the last updates can be taken back without going further.
///
/// Of two frames that talk, each hands on what it heard in pieces of its own, so every piece has
/// something that belongs before the end.
const RECENT: usize = 4;

/// So few facts are observed again sooner than a judge is copied.
const FEW: usize = 32;

/// What is kept in step: the protocol checker, or a stand-in in tests.
pub(super) trait Judge: Clone + Default {
    /// What it says is wrong.
    type Finding;
    /// What else it tells of a fact.
    type Record;

    /// What the records of a fact are held against.
    type Before;

    /// Looks at what the next fact may change.
    fn before(&self, fact: &Fact) -> Self::Before;

    /// Takes in the next fact.
    fn observe(&mut self, fact: &Fact);

    /// Lets time pass.
    fn advance(&mut self, now: Millis);

    /// When letting time pass will make a difference.
    fn next_deadline(&self) -> Option<Millis>;

    /// What it has said since the last call.
    fn drain(&mut self) -> Vec<Self::Finding>;

    /// Adds what it tells of the fact that it has just seen, the one at this position.
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
/// Findings are what judging all facts in order gives, then letting the time pass to `now`: how
/// the facts came in makes no difference.
#[derive(Clone, Debug)]
pub(super) struct Replay<J: Judge> {
    /// Has seen all facts and nothing else.
    judge: J,
    fact_count: usize,
    checkpoints: Vec<Checkpoint<J>>,
    /// Where the last updates began, the oldest first; empty until one had to go back.
    recent: VecDeque<Checkpoint<J>>,
    has_gone_back: bool,
    findings: Vec<J::Finding>,
    /// How many of the findings come from facts; the others come from time alone.
    settled: usize,
    now: Option<Millis>,
    /// `judge` after time has passed, if that made a difference. It is kept apart, so that a fact
    /// that happened before `now` is judged as if nobody had looked at the clock.
    ahead: Option<J>,
}

#[derive(Clone, Debug, Default)]
struct Checkpoint<J> {
    judge: J,
    fact_count: usize,
    settled: usize,
}

/// What a change of the facts has changed.
#[derive(Debug)]
pub(super) struct Update<R> {
    /// How many of the old findings still stand.
    pub(super) findings: usize,
    /// Of how many facts the old records still stand.
    pub(super) facts: usize,
    /// The records of those after them.
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
            findings: Vec::new(),
            settled: 0,
            now: None,
            ahead: None,
        }
    }
}

impl<J: Judge> Replay<J> {
    pub(super) fn findings(&self) -> &[J::Finding] {
        &self.findings
    }

    /// The judge at the time that was last said.
    pub(super) fn judge(&self) -> &J {
        self.ahead.as_ref().unwrap_or(&self.judge)
    }

    /// The judge after the facts, before any time has passed.
    pub(super) const fn settled_judge(&self) -> &J {
        &self.judge
    }

    /// The findings that facts gave, without those of time alone.
    pub(super) fn settled_findings(&self) -> &[J::Finding] {
        self.findings.get(..self.settled).unwrap_or_default()
    }

    pub(super) const fn now(&self) -> Option<Millis> {
        self.now
    }

    /// Judges facts that have changed from position `from` on.
    pub(super) fn update(&mut self, facts: &[Placed], from: usize) -> Update<J::Record> {
        if from < self.fact_count {
            self.go_back(from);
        }
        self.keep_recent(facts.len());
        let mut update = Update {
            findings: self.settled,
            facts: self.fact_count,
            new: Vec::new(),
        };
        self.findings.truncate(update.findings);
        self.ahead = None;
        for placed in facts.get(self.fact_count..).unwrap_or_default() {
            let before = self.judge.before(&placed.fact);
            self.judge.observe(&placed.fact);
            self.findings.extend(self.judge.drain());
            let position = self.fact_count;
            (self.judge).records(&placed.fact, position, before, &mut update.new);
            self.settled = self.findings.len();
            self.fact_count += 1;
            if self.fact_count.is_multiple_of(CHECKPOINT_EVERY) {
                self.keep_checkpoint();
            }
        }
        self.look_ahead();
        update
    }

    /// Lets time pass; an earlier time than before changes nothing.
    ///
    /// Returns whether anything has changed.
    pub(super) fn advance(&mut self, now: Millis) -> bool {
        if self.now.is_some_and(|latest| now <= latest) {
            return false;
        }
        self.now = Some(now);
        self.look_ahead()
    }

    fn look_ahead(&mut self) -> bool {
        let Some(now) = self.now else {
            return false;
        };
        if self.judge().next_deadline().is_none_or(|due| due > now) {
            return false;
        }
        let mut judge = self.ahead.take().unwrap_or_else(|| self.judge.clone());
        judge.advance(now);
        self.findings.extend(judge.drain());
        self.ahead = Some(judge);
        true
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

    /// Remembers where an update begins after which there are so many facts.
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
