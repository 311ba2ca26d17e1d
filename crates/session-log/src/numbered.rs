//! A map from mostly consecutive numbers to values.

use std::collections::BTreeMap;

/// How many neighboring numbers share a page.
const PAGE: u64 = 256;

/// `PAGE` as a length.
const SLOTS: usize = 256;

/// A map from numbers to values, for numbers that are mostly consecutive, such as the ids of facts
/// and the `seq` of messages.
///
/// It needs no hashing and grows page by page. A hash map moves all of its entries when it grows,
/// during which a panel with a million messages would freeze.
#[derive(Clone, Debug)]
pub struct Numbered<T> {
    pages: BTreeMap<u64, Page<T>>,
    len: usize,
}

#[derive(Clone, Debug)]
struct Page<T> {
    /// The values of the page's numbers, up to the last one in use.
    values: Vec<Option<T>>,
    count: usize,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self {
            pages: BTreeMap::new(),
            len: 0,
        }
    }
}

impl<T> Numbered<T> {
    /// How many values there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no values.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The value of a number.
    #[must_use]
    pub fn get(&self, number: u64) -> Option<&T> {
        let page = self.pages.get(&(number / PAGE))?;
        page.values.get(slot(number))?.as_ref()
    }

    /// The value of a number.
    pub fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        let page = self.pages.get_mut(&(number / PAGE))?;
        page.values.get_mut(slot(number))?.as_mut()
    }

    /// Whether a number has a value.
    #[must_use]
    pub fn contains(&self, number: u64) -> bool {
        self.get(number).is_some()
    }

    /// Sets a number's value; returns the previous one.
    pub fn insert(&mut self, number: u64, value: T) -> Option<T> {
        let page = self.pages.entry(number / PAGE).or_insert_with(|| Page {
            values: Vec::new(),
            count: 0,
        });
        let slot = slot(number);
        if page.values.len() <= slot {
            // Most pages fill up, and a full page has no spare capacity.
            page.values.reserve_exact(SLOTS - page.values.len());
            page.values.resize_with(slot + 1, || None);
        }
        let before = page.values.get_mut(slot)?.replace(value);
        if before.is_none() {
            page.count += 1;
            self.len += 1;
        }
        before
    }

    /// Removes and returns a number's value.
    pub fn remove(&mut self, number: u64) -> Option<T> {
        let key = number / PAGE;
        let page = self.pages.get_mut(&key)?;
        let value = page.values.get_mut(slot(number))?.take()?;
        page.count -= 1;
        self.len -= 1;
        if page.count == 0 {
            self.pages.remove(&key);
        }
        Some(value)
    }

    /// Removes the values of all numbers above this one; returns them with their numbers, in
    /// descending order.
    pub(crate) fn take_after(&mut self, number: u64) -> Vec<(u64, T)> {
        let mut taken = Vec::new();
        while let Some(mut last) = self.pages.last_entry() {
            let first = *last.key() * PAGE;
            let page = last.get_mut();
            while let Some(at) = page.values.len().checked_sub(1) {
                let of = first + at as u64;
                if of <= number {
                    break;
                }
                if let Some(value) = page.values.pop().flatten() {
                    page.count -= 1;
                    taken.push((of, value));
                }
            }
            if page.count > 0 {
                break;
            }
            last.remove();
        }
        self.len -= taken.len();
        taken
    }

    /// All values with their numbers, in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &T)> {
        self.pages.iter().flat_map(|(key, page)| {
            let values = page.values.iter().enumerate();
            values
                .filter_map(move |(slot, value)| Some((key * PAGE + slot as u64, value.as_ref()?)))
        })
    }
}

const fn slot(number: u64) -> usize {
    (number % PAGE) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_map() {
        let mut map = Numbered::default();
        for number in [0, 255, 256, 3, u64::MAX] {
            assert_eq!(map.insert(number, number), None);
        }
        assert_eq!(map.insert(3, 4), Some(3));
        assert_eq!(map.len(), 5);
        let all: Vec<(u64, u64)> = map.iter().map(|(number, value)| (number, *value)).collect();
        assert_eq!(
            all,
            [(0, 0), (3, 4), (255, 255), (256, 256), (u64::MAX, u64::MAX)]
        );
        assert_eq!(
            (map.get(1), map.get(257), map.get(3)),
            (None, None, Some(&4))
        );
        assert_eq!(map.remove(3), Some(4));
        assert_eq!(map.remove(3), None);
        assert_eq!(map.remove(512), None);
        assert_eq!(map.remove(u64::MAX), Some(u64::MAX));
        assert!(!map.contains(3) && map.contains(256));
        assert_eq!(map.len(), 3);
    }

    #[test]
    fn what_is_above_a_number_can_be_taken() {
        let all = [3, 255, 256, 300, 1_000, u64::MAX];
        for number in [0, 2, 3, 254, 255, 256, 299, 511, 512, 1_000, u64::MAX - 1] {
            let mut map = Numbered::default();
            for it in all {
                map.insert(it, it);
            }
            let taken = map.take_after(number);
            let (above, below): (Vec<u64>, Vec<u64>) = all.iter().partition(|it| **it > number);
            let taken: Vec<u64> = taken.into_iter().rev().map(|(it, _)| it).collect();
            assert_eq!(taken, above, "{number}");
            let left: Vec<u64> = map.iter().map(|(it, _)| it).collect();
            assert_eq!((left.len(), &left), (map.len(), &below), "{number}");
            map.insert(255, 1);
            assert_eq!(map.get(255), Some(&1));
        }
        let mut map = Numbered::<u64>::default();
        assert!(map.take_after(0).is_empty());
    }

    #[test]
    fn what_is_gone_takes_no_room() {
        let mut map = Numbered::default();
        for number in 0..10_000 {
            map.insert(number, ());
        }
        for number in 0..10_000 {
            map.remove(number);
        }
        assert!(map.is_empty());
        assert_eq!(map.pages.len(), 0);
    }
}
