//! Results that are recomputed only when their inputs have changed.

use std::rc::Rc;

use callscope_protocol::Millis;

/// The last result, with the key that it was computed from.
#[derive(Debug)]
pub(super) struct Cached<K, V>(Option<(K, Rc<V>)>);

impl<K, V> Default for Cached<K, V> {
    fn default() -> Self {
        Self(None)
    }
}

impl<K: PartialEq, V> Cached<K, V> {
    /// The last result.
    pub(super) fn last(&self) -> Option<&V> {
        self.0.as_ref().map(|(_, value)| &**value)
    }

    /// The result for this key: the last one if the key is the same, otherwise a new one.
    pub(super) fn get(&mut self, key: K, make: impl FnOnce() -> V) -> Rc<V> {
        if let Some((last, value)) = &self.0
            && *last == key
        {
            return Rc::clone(value);
        }
        let value = Rc::new(make());
        self.0 = Some((key, Rc::clone(&value)));
        value
    }
}

/// Like [`Cached`], for results that take long to compute from a whole session: while messages
/// arrive, the result may lag behind for a pause.
#[derive(Debug)]
pub(super) struct Paced<K, V>(Option<Last<K, V>>);

#[derive(Debug)]
struct Last<K, V> {
    key: K,
    revision: u64,
    /// When it was computed.
    at: Millis,
    value: Rc<V>,
    is_behind: bool,
}

impl<K, V> Default for Paced<K, V> {
    fn default() -> Self {
        Self(None)
    }
}

impl<K: PartialEq, V> Paced<K, V> {
    /// The last result.
    pub(super) fn last(&self) -> Option<&V> {
        self.0.as_ref().map(|last| &*last.value)
    }

    /// The last result, shared.
    pub(super) fn last_one(&self) -> Option<Rc<V>> {
        self.0.as_ref().map(|last| Rc::clone(&last.value))
    }

    /// The result for this key and revision of the session, or for this key and an earlier revision
    /// if it was computed less than a pause ago.
    pub(super) fn get(
        &mut self,
        (key, revision): (K, u64),
        now: Millis,
        pause: Millis,
        make: impl FnOnce() -> V,
    ) -> Rc<V> {
        if let Some(last) = &mut self.0
            && last.key == key
        {
            last.is_behind = last.revision != revision;
            // The clock may have been set back.
            let is_fresh = (0.0..pause.0).contains(&(now - last.at).0);
            if !last.is_behind || is_fresh {
                return Rc::clone(&last.value);
            }
        }
        let value = Rc::new(make());
        self.0 = Some(Last {
            key,
            revision,
            at: now,
            value: Rc::clone(&value),
            is_behind: false,
        });
        value
    }

    /// When to ask again because the last result was out of date.
    pub(super) fn due(&self, pause: Millis) -> Option<Millis> {
        let last = self.0.as_ref().filter(|last| last.is_behind)?;
        Some(last.at + pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn while_messages_come_it_is_worked_out_once_in_a_pause() {
        let mut cached = Paced::<u8, u64>::default();
        let pause = Millis(100.0);
        let mut get = |key: u8, revision: u64, now: f64| {
            let value = cached.get((key, revision), Millis(now), pause, || revision);
            (*value, cached.due(pause).map(|due| due.0))
        };
        assert_eq!(get(1, 1, 1_000.0), (1, None));
        assert_eq!(get(1, 2, 1_050.0), (1, Some(1_100.0)));
        assert_eq!(get(1, 3, 1_100.0), (3, None));
        assert_eq!(get(1, 3, 1_150.0), (3, None));
        // With another key, the last result is of no use.
        assert_eq!(get(2, 4, 1_160.0), (4, None));
        // The clock was set back.
        assert_eq!(get(2, 5, 20.0), (5, None));
    }
}
