//! Completes page loads with what their pages left behind.

use std::collections::HashSet;

use callscope_bus::{Goodbye, Parked, Record, RecorderInfo};
use callscope_protocol::{Fact, Millis};
use callscope_session_log::{LineError, LogLine, Placed, Session};

use crate::left::{FIRST, MOST_GOODBYES};
use crate::{Edits, PageLoad, PageLoads, Tab, id, place_of};

impl PageLoads {
    /// Adds what a recorder held when its page unloaded.
    ///
    /// This completes the page load; known records stay as they are, and repeated calls are
    /// allowed. A page load that is otherwise unknown is added if the session has an earlier one.
    /// While a recorder is being listened to, only hand in what it has parked since then: its page
    /// may have come back from the browser's cache.
    ///
    /// State that was stored in advance is ignored if more of the page load is already known.
    pub fn park(&mut self, mut parked: Parked, session: &Session) -> Edits {
        let known = (self.loads.iter()).position(|load| load.recorder == parked.recorder);
        let place = match known {
            Some(place) if parked.is_ahead && self.has_more(place, &parked) => {
                return Edits::default();
            }
            Some(place) => place,
            None if self.has_before(parked.began, session) => {
                self.loads.push(PageLoad {
                    cleared: parked.cleared.map(Millis),
                    ..PageLoad::of(Tab::OPENER, &parked.recorder)
                });
                self.loads.len() - 1
            }
            None => return Edits::default(),
        };
        let records = std::mem::take(&mut parked.records);
        let is_told = |load: &PageLoad| load.left.parked.as_ref().is_some_and(|it| *it == parked);
        if self.loads.get(place).is_some_and(is_told) {
            return if self.is_listened_to(place) {
                Edits::default()
            } else {
                self.go_again(place, session)
            };
        }
        let mut edits = Edits::default();
        let parked_ids: HashSet<u64> = records.iter().map(|it| it.id).collect();
        let mut omitted = u64::from(parked.omitted);
        for placed in of_load(session, place) {
            let own = placed.id & u64::from(u32::MAX);
            if own >= u64::from(FIRST) {
                continue;
            }
            if !holds(&parked.held, own) {
                edits.remove.push(placed.id);
            } else if placed.message().is_some() && !parked_ids.contains(&own) {
                omitted = omitted.saturating_sub(1);
            }
        }
        let (mut strays, others) =
            std::mem::take(&mut self.strays)
                .into_iter()
                .partition(|goodbye: &Goodbye| match &goodbye.recorder {
                    Some(recorder) => *recorder == parked.recorder,
                    None => (parked.began..=parked.at).contains(&goodbye.hello.at),
                });
        self.strays = others;
        if let Some(load) = self.loads.get_mut(place) {
            let left = &mut load.left;
            edits.remove.append(&mut left.ids);
            for goodbye in strays.drain(..) {
                left.take(goodbye);
            }
            if omitted == 0 {
                let last = records.last().map_or(0, |last| last.id);
                load.last_record = load.last_record.max(last);
            }
            left.parked = Some(parked);
            left.is_back = false;
            left.is_settled = false;
            left.omitted = omitted;
        }
        let is_new = |it: &Record| session.position(id(place, it.id)).is_none();
        let new = records.into_iter().filter(is_new).collect();
        let (lines, unreadable) = self.read(place, new, session);
        edits.insert = lines;
        edits.unreadable = unreadable;
        // Everything derived from the earlier state has been removed.
        edits.insert.extend(self.make(place));
        edits
    }

    /// Adds what an unloaded document left that its recorder may not have accepted; like
    /// [`park`](Self::park), and before or after it.
    pub fn leave(&mut self, goodbye: Goodbye, session: &Session) -> Edits {
        let is_its_own = |load: &PageLoad| match &goodbye.recorder {
            Some(recorder) => load.recorder == *recorder,
            None => (load.left.parked.as_ref())
                .is_some_and(|it| (it.began..=it.at).contains(&goodbye.hello.at)),
        };
        let Some(place) = self.loads.iter().position(is_its_own) else {
            (self.strays).retain(|it| it.hello.document != goodbye.hello.document);
            if self.strays.len() < MOST_GOODBYES {
                self.strays.push(goodbye);
            }
            return Edits::default();
        };
        if let Some(load) = self.loads.get_mut(place) {
            load.left.take(goodbye);
        }
        self.update(place, session)
    }

    /// To be called some time after a page has unloaded, when what it has not left will not come:
    /// adds gaps for it, which are removed if it comes after all.
    pub fn settle(&mut self, session: &Session) -> Edits {
        let mut edits = Edits::default();
        for place in 0..self.loads.len() {
            let is_there = self.is_listened_to(place);
            if let Some(load) = self.loads.get_mut(place)
                && (load.left.parked.is_some() || !is_there)
                && !std::mem::replace(&mut load.left.is_settled, true)
            {
                if !is_there {
                    load.left.is_back = false;
                }
                let Edits { remove, insert, .. } = self.update(place, session);
                edits.remove.extend(remove);
                edits.insert.extend(insert);
            }
        }
        edits
    }

    /// Handles a page that came back after it had left, and has now left again with nothing new.
    fn go_again(&mut self, place: usize, session: &Session) -> Edits {
        let load = self.loads.get_mut(place);
        if load.is_some_and(|load| std::mem::take(&mut load.left.is_back)) {
            self.update(place, session)
        } else {
            Edits::default()
        }
    }

    /// Whether the session has anything from before this time.
    fn has_before(&self, at: f64, session: &Session) -> bool {
        let first = session.facts().first();
        !self.loads.is_empty() && first.is_some_and(|first| first.fact.at().0 < at)
    }

    /// Whether more of a page load is known than what was stored in advance, or all that its page
    /// left.
    fn has_more(&self, place: usize, kept: &Parked) -> bool {
        let kept_through = kept.held.last().map_or(0, |(_, last)| *last);
        let load = self.loads.get(place);
        load.is_some_and(|it| it.left.parked.is_some() || it.last_record > kept_through)
    }

    /// The changes that bring the session up to date with what is known about a page load's end.
    fn update(&mut self, place: usize, session: &Session) -> Edits {
        let Some(load) = self.loads.get_mut(place) else {
            return Edits::default();
        };
        let left = &mut load.left;
        if left.parked.is_none() {
            let mut edits = Edits::default();
            if left.is_settled {
                edits.insert = left.missing_ends(session);
                if let Some((own, gap)) = left.unplaced() {
                    edits.insert.push((id(place, own.into()), gap));
                }
                // The ends stay; their gaps, and what was left since, are inserted again.
                let made: HashSet<u64> = edits.insert.iter().map(|(id, _)| *id).collect();
                let (again, mut ids): (Vec<u64>, Vec<u64>) =
                    left.ids.iter().partition(|id| made.contains(id));
                ids.extend(made);
                left.ids = ids;
                edits.remove = again;
            }
            return edits;
        }
        let before: HashSet<u64> = std::mem::take(&mut left.ids).into_iter().collect();
        let mut insert = self.make(place);
        let is_there = |(id, line): &(u64, LogLine)| {
            before.contains(id)
                && session
                    .position(*id)
                    .and_then(|at| session.facts().get(at))
                    .is_some_and(|placed| is_same(&placed.fact, &line.fact))
        };
        let stays: HashSet<u64> = (insert.iter())
            .filter(|it| is_there(it))
            .map(|(id, _)| *id)
            .collect();
        insert.retain(|(id, _)| !stays.contains(id));
        let gone = before.difference(&stays).copied();
        Edits {
            remove: gone.collect(),
            insert,
            unreadable: Vec::new(),
        }
    }

    /// The facts that follow from what is known about a page load's end.
    fn make(&mut self, place: usize) -> Vec<(u64, LogLine)> {
        let Some(load) = self.loads.get(place) else {
            return Vec::new();
        };
        let mut facts = load.left.facts();
        let mut made = Vec::with_capacity(facts.len());
        for (own, mut line) in facts.drain(..) {
            self.number(place, &mut line.fact);
            made.push((id(place, own.into()), line));
        }
        if let Some(load) = self.loads.get_mut(place) {
            load.left.ids = made.iter().map(|(id, _)| *id).collect();
        }
        made
    }
}

/// The session of one unloaded page, from what it left; what is missing becomes a gap.
///
/// Also returns the records that could not be read.
#[must_use]
pub fn left_by(parked: Parked, goodbyes: Vec<Goodbye>) -> (Session, Vec<LineError>) {
    let mut loads = PageLoads::default();
    let mut session = Session::new();
    let info = RecorderInfo {
        recorder: parked.recorder.clone(),
        page: parked.page.clone(),
        user_agent: String::new(),
        was_discarded: false,
        from_start: true,
    };
    loads.attach(&info, true, &session);
    let Edits {
        insert, unreadable, ..
    } = loads.park(parked, &session);
    session.insert_all(insert);
    for goodbye in goodbyes {
        loads.leave(goodbye, &session).apply(&mut session);
    }
    loads.settle(&session).apply(&mut session);
    if let Some(last) = session.facts().last() {
        session.advance(last.fact.at());
    }
    (session, unreadable)
}

/// The facts of a page load.
fn of_load(session: &Session, place: usize) -> impl Iterator<Item = &Placed> {
    let facts = session.facts().iter();
    facts.filter(move |placed| place_of(placed.id) == place)
}

/// Whether a number is in one of these ascending ranges.
fn holds(ranges: &[(u64, u64)], number: u64) -> bool {
    let next = ranges.partition_point(|(_, last)| *last < number);
    ranges.get(next).is_some_and(|(first, _)| *first <= number)
}

/// Whether two facts are the same, apart from a message's number, which the session assigns.
fn is_same(one: &Fact, two: &Fact) -> bool {
    matches!((one, two), (Fact::Message(_), Fact::Message(_))) || one == two
}
