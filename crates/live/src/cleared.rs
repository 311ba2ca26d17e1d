//! What the user has cleared from the list.
//!
//! Clearing hides and lets nothing go: the session is checked as before, and it can be undone.

use std::ops::Range;

use callscope_protocol::Millis;

use crate::{PLACE, PageLoads, place_of};

/// Until when each page load is cleared, to be put back by an undo.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cleared(Vec<Option<Millis>>);

/// The facts with these ids that happened up to then.
#[derive(Clone, Debug, PartialEq)]
pub struct ClearedPart {
    /// The ids of a page load's facts.
    pub ids: Range<u64>,
    /// Until when.
    pub through: Millis,
}

impl PageLoads {
    /// Whether a fact came from a page that has gone and that no conversation goes on from.
    #[must_use]
    pub fn is_over(&self, id: u64) -> bool {
        let place = place_of(id);
        let tab = self.loads.get(place).map(|load| load.tab);
        let later = self.loads.iter().skip(place + 1);
        // The one before may be continued.
        !self.is_listened_to(place) && later.filter(|load| Some(load.tab) == tab).count() > 1
    }

    /// Clears all that happened up to now; returns what was cleared before.
    pub fn clear(&mut self, now: Millis) -> Cleared {
        let loads = self.loads.iter_mut();
        Cleared(loads.map(|load| load.cleared.replace(now)).collect())
    }

    /// Puts back what was cleared then; of later page loads nothing was.
    pub fn put_back(&mut self, cleared: &Cleared) {
        for (place, load) in self.loads.iter_mut().enumerate() {
            load.cleared = cleared.0.get(place).copied().flatten();
        }
    }

    /// Until when the page load of the recorder that speaks is cleared.
    #[must_use]
    pub fn cleared_through(&self) -> Option<Millis> {
        self.loads.get(self.current)?.cleared
    }

    /// The recorder that speaks was not heard of before, and says that its list is cleared up to
    /// then.
    pub fn learn_cleared(&mut self, through: Option<Millis>) {
        if let Some(load) = self.loads.get_mut(self.current) {
            load.cleared = through;
        }
    }

    /// All that is cleared.
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
