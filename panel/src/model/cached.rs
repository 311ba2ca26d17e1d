//! Something that is worked out again only when what it depends on has changed.

use std::rc::Rc;

/// The last result, and what it was worked out from.
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

    /// The last result, to keep.
    pub(super) fn last_one(&self) -> Option<Rc<V>> {
        self.0.as_ref().map(|(_, value)| Rc::clone(value))
    }

    /// The result for this key: the last one if it was the same, else a new one.
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
