//! What the user has cleared from the list.
//!
//! Clearing only hides: the session is checked as before, and clearing can be undone.

use std::ops::Range;

use callscope_protocol::Millis;

use crate::{PLACE, PageLoads, place_of};

/// The time up to which each page load was cleared, to restore with an undo.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cleared(Vec<Option<Millis>>);

/// The facts with these ids, up to this time.
#[derive(Clone, Debug, PartialEq)]
pub struct ClearedPart {
    /// The ids of a page load's facts.
    pub ids: Range<u64>,
    /// The time up to which they are cleared.
    pub through: Millis,
}

impl PageLoads {
    /// Whether a fact came from an unloaded page that no later conversation can continue.
    #[must_use]
    pub fn is_over(&self, id: u64) -> bool {
        let place = place_of(id);
        let tab = self.loads.get(place).map(|load| load.tab);
        let later = self.loads.iter().skip(place + 1);
        // The page load before the current one may be continued.
        !self.is_listened_to(place) && later.filter(|load| Some(load.tab) == tab).count() > 1
    }

    /// Clears everything up to now; returns what was cleared before.
    pub fn clear(&mut self, now: Millis) -> Cleared {
        let loads = self.loads.iter_mut();
        Cleared(loads.map(|load| load.cleared.replace(now)).collect())
    }

    /// Restores what was cleared before; page loads since then become uncleared.
    pub fn put_back(&mut self, cleared: &Cleared) {
        for (place, load) in self.loads.iter_mut().enumerate() {
            load.cleared = cleared.0.get(place).copied().flatten();
        }
    }

    /// The time up to which the current page load is cleared.
    #[must_use]
    pub fn cleared_through(&self) -> Option<Millis> {
        self.loads.get(self.current)?.cleared
    }

    /// Notes what a recorder that is new here says about its list: the time up to which it is
    /// cleared.
    pub fn learn_cleared(&mut self, through: Option<Millis>) {
        if let Some(load) = self.loads.get_mut(self.current) {
            load.cleared = through;
        }
    }

    /// Everything that is cleared.
    #[must_use]
    pub fn cleared(&self) -> Vec<ClearedPart> {
        let loads = (0_u64..).zip(&self.loads);
        let part = |(place, through)| ClearedPart {
            ids: place << PLACE..(place + 1) << PLACE,
            through,
        };
        loads
            .filter_map(|(place, load)| Some((place, load.cleared?)))
            .map(part)
            .collect()
    }
}
