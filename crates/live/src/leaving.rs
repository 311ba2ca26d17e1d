//! Completes page loads from what their pages have left.

use std::collections::HashSet;

use callscope_bus::{Parked, Record, RecorderInfo, Rest};
use callscope_protocol::{Fact, Millis};
use callscope_session_log::{LineError, LogLine, Placed, Session};

use crate::left::{FIRST, MOST_RESTS};
use crate::{Edits, PageLoad, PageLoads, Tab, id, place_of};

impl PageLoads {
    /// A recorder's page has gone, and this is what it held.
    ///
    /// It completes the page load; what of it is known already stays as it is. The same may come
    /// more than once. A page load of which nothing else was heard is taken in if an earlier one
    /// is in the session. While a recorder is listened to, only what it has parked since is to be
    /// handed in: its page may have come back from the browser's cache.
    ///
    /// What was kept ahead says nothing about a page load of which more was heard.
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
                .partition(|rest: &Rest| match &rest.recorder {
                    Some(recorder) => *recorder == parked.recorder,
                    None => (parked.began..=parked.at).contains(&rest.hello.at),
                });
        self.strays = others;
        if let Some(load) = self.loads.get_mut(place) {
            let left = &mut load.left;
            edits.remove.append(&mut left.ids);
            for rest in strays.drain(..) {
                left.take(rest);
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
        // All that was made of what was known before is gone by now.
        edits.insert.extend(self.make(place));
        edits
    }

    /// A document has gone, and this is what its recorder may not have taken; the same as for
    /// [`park`](Self::park), and before or after it.
    pub fn leave(&mut self, rest: Rest, session: &Session) -> Edits {
        let is_its_own = |load: &PageLoad| match &rest.recorder {
            Some(recorder) => load.recorder == *recorder,
            None => (load.left.parked.as_ref())
                .is_some_and(|it| (it.began..=it.at).contains(&rest.hello.at)),
        };
        let Some(place) = self.loads.iter().position(is_its_own) else {
            (self.strays).retain(|it| it.hello.document != rest.hello.document);
            if self.strays.len() < MOST_RESTS {
                self.strays.push(rest);
            }
            return Edits::default();
        };
        if let Some(load) = self.loads.get_mut(place) {
            load.left.take(rest);
        }
        self.update(place, session)
    }

    /// So much time has passed since a page went away that what it has not left is missing: says so
    /// as gaps, which go again should it come after all.
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

    /// A page that had left was heard of once more, and has left nothing else.
    fn go_again(&mut self, place: usize, session: &Session) -> Edits {
        let load = self.loads.get_mut(place);
        if load.is_some_and(|load| std::mem::take(&mut load.left.is_back)) {
            self.update(place, session)
        } else {
            Edits::default()
        }
    }

    /// Whether anything was heard before this time.
    fn has_before(&self, at: f64, session: &Session) -> bool {
        let first = session.facts().first();
        !self.loads.is_empty() && first.is_some_and(|first| first.fact.at().0 < at)
    }

    /// Whether more was heard of a page load than was kept, or all that its page left.
    fn has_more(&self, place: usize, kept: &Parked) -> bool {
        let kept_through = kept.held.last().map_or(0, |(_, last)| *last);
        let load = self.loads.get(place);
        load.is_some_and(|it| it.left.parked.is_some() || it.last_record > kept_through)
    }

    /// Brings the session in step with what is known of a page load's end.
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
                // The ends stay; their gaps, and what more has been left by now, come anew.
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

    /// What follows from what is known of a page load's end.
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

/// The session of one page that has gone, from what it has left; what is missing is a gap.
///
/// With it come the records that could not be read.
#[must_use]
pub fn left_by(parked: Parked, rests: Vec<Rest>) -> (Session, Vec<LineError>) {
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
    for rest in rests {
        loads.leave(rest, &session).apply(&mut session);
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

/// Whether a number is in one of these ranges, which rise.
fn holds(ranges: &[(u64, u64)], number: u64) -> bool {
    let next = ranges.partition_point(|(_, last)| *last < number);
    ranges.get(next).is_some_and(|(first, _)| *first <= number)
}

/// Whether two facts are one; a session gives its messages numbers of its own.
fn is_same(one: &Fact, two: &Fact) -> bool {
    matches!((one, two), (Fact::Message(_), Fact::Message(_))) || one == two
}
