//! However facts arrive, each is judged about once, and what is found is that of the facts in order.

use std::cell::Cell;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

use callscope_protocol::{Fact, Millis, Side};

use super::{Judge, Replay};
use crate::session::tests::recorded;
use crate::session::timeline::{Placed, Timeline};
use crate::session::told::Tale;

thread_local! {
    static OBSERVED: Cell<usize> = const { Cell::new(0) };
}

/// Reports after every fact what it has seen so far, and finds a silence of 50 ms wrong.
#[derive(Clone, Debug, Default, PartialEq)]
struct Chain {
    hash: u64,
    due: Option<f64>,
    findings: Vec<u64>,
}

impl Tale for u64 {
    fn is_replacing(&self) -> bool {
        false
    }

    fn replaces(&self, _: &Self) -> bool {
        false
    }
}

impl Judge for Chain {
    type Finding = u64;
    type Record = u64;
    type Before = ();

    fn before(&self, _: &Fact) {}

    fn observe(&mut self, fact: &Fact) {
        OBSERVED.set(OBSERVED.get() + 1);
        self.advance(fact.at());
        let mut hasher = DefaultHasher::new();
        (self.hash, format!("{fact:?}")).hash(&mut hasher);
        self.hash = hasher.finish();
        self.findings.push(self.hash);
        self.due = Some(fact.at().0 + 50.0);
    }

    fn advance(&mut self, now: Millis) {
        if self.due.is_some_and(|due| due <= now.0) {
            self.due = None;
            self.findings.push(self.hash ^ 1);
        }
    }

    fn next_deadline(&self) -> Option<Millis> {
        self.due.map(Millis)
    }

    fn drain(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.findings)
    }

    fn records(&mut self, _: &Fact, _: usize, (): (), records: &mut Vec<u64>) {
        records.push(self.hash);
    }
}

fn from_scratch(facts: &[Placed], now: f64) -> Vec<u64> {
    let mut chain = Chain::default();
    for placed in facts {
        chain.observe(&placed.fact);
    }
    chain.advance(Millis(now));
    chain.drain()
}

#[test]
fn thousands_of_facts_with_stragglers_cost_little_and_lose_nothing() {
    let mut timeline = Timeline::default();
    let mut replay = Replay::<Chain>::default();
    OBSERVED.set(0);
    let count = 40_000_u32;
    for id in 0..count {
        // One in a hundred is up to 5 ms late, one in ten thousand up to 30 s.
        let late = match id {
            id if id % 9_999 == 9_998 => 30_000.0,
            id if id % 100 == 99 => 5.0,
            _ => 0.0,
        };
        let now = f64::from(id);
        let fact = recorded(now - late - 0.5, 1, Side::Host, "null");
        let from = timeline
            .insert([(u64::from(id), fact.into())])
            .expect("new");
        replay.update(timeline.facts(), from);
        replay.advance(Millis(now + f64::from(id % 70)));
    }
    let observed = OBSERVED.get();
    // 400 stragglers go back to a checkpoint, on average 256 facts away; four go far back.
    assert!(observed < 5 * 40_000 + 4 * 40_000, "{observed}");
    let now = replay.now().expect("advanced").0;
    assert!(replay.findings() == from_scratch(timeline.facts(), now));
}

#[test]
fn in_order_every_fact_is_looked_at_once() {
    let mut timeline = Timeline::default();
    let mut replay = Replay::<Chain>::default();
    OBSERVED.set(0);
    for id in 0..5_000_u32 {
        let at = f64::from(id) * 100.0;
        let fact = recorded(at, 1, Side::Host, "null");
        let from = timeline
            .insert([(u64::from(id), fact.into())])
            .expect("new");
        let kept = replay.update(timeline.facts(), from);
        let told = replay.findings().len();
        assert_eq!(kept.findings, told - if id == 0 { 1 } else { 2 });
        assert_eq!((kept.facts, kept.new.len()), (id as usize, 1));
        assert!(replay.advance(Millis(at + 49.0)).is_none());
        assert!(replay.advance(Millis(at + 51.0)).is_some());
        assert!(replay.advance(Millis(at + 52.0)).is_none());
    }
    assert_eq!(OBSERVED.get(), 5_000);
}

#[test]
fn frames_that_hand_on_pieces_in_turn_cost_little_more_than_one() {
    let mut timeline = Timeline::default();
    let mut replay = Replay::<Chain>::default();
    OBSERVED.set(0);
    let (pieces, length) = (400_u32, 20_u32);
    for piece in 0..pieces {
        // Host and widget hand on the messages of the same 40 ms one after the other.
        let start = f64::from(piece / 2) * 40.0;
        let (side, shift) = if piece % 2 == 0 {
            (Side::Host, 0.0)
        } else {
            (Side::Widget, 1.0)
        };
        let facts = (0..length).map(|index| {
            let at = start + shift + 2.0 * f64::from(index);
            let id = u64::from(piece * length + index);
            (id, recorded(at, 1, side, "null").into())
        });
        let from = timeline.insert(facts).expect("new");
        replay.update(timeline.facts(), from);
    }
    // Going back to the last checkpoint would cost 256 more for each second piece, on average.
    let observed = OBSERVED.get();
    assert!(observed < 3 * timeline.facts().len(), "{observed}");
    let now = timeline.facts().last().expect("some").fact.at();
    replay.advance(now);
    assert!(replay.findings() == from_scratch(timeline.facts(), now.0));
}
