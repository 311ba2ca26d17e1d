//! What a judge has told, without what it has replaced since.

use callscope_protocol::{Finding, Stage};

/// What a judge tells, some of which replaces what it told earlier.
pub(super) trait Tale: Clone {
    /// Whether it replaces anything.
    fn is_replacing(&self) -> bool;

    /// Whether it replaces what was told earlier.
    fn replaces(&self, earlier: &Self) -> bool;
}

impl Tale for Finding {
    fn is_replacing(&self) -> bool {
        matches!(self.stage, Stage::Replacing(_))
    }

    fn replaces(&self, earlier: &Self) -> bool {
        Self::replaces(self, earlier)
    }
}

/// What was told and is not replaced, in the order in which it was told.
#[derive(Clone, Debug)]
pub(super) struct Told<T> {
    valid: Vec<T>,
    /// In the order in which they were replaced.
    replaced: Vec<Replaced<T>>,
    /// How many were told in all.
    count: usize,
}

#[derive(Clone, Debug)]
struct Replaced<T> {
    /// Its place among all that was told.
    place: usize,
    /// The place of what replaced it.
    by: usize,
    tale: T,
}

impl<T> Default for Told<T> {
    fn default() -> Self {
        Self {
            valid: Vec::new(),
            replaced: Vec::new(),
            count: 0,
        }
    }
}

impl<T: Tale> Told<T> {
    /// What is valid.
    pub(super) fn valid(&self) -> &[T] {
        &self.valid
    }

    /// How many were told in all, replaced or not.
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// Adds what is told next; returns for how many of the valid ones nothing has changed.
    pub(super) fn extend(&mut self, tales: impl IntoIterator<Item = T>) -> usize {
        let mut same = self.valid.len();
        for tale in tales {
            let mut valid = self.valid.iter();
            if tale.is_replacing()
                && let Some(index) = valid.rposition(|it| tale.replaces(it))
            {
                same = same.min(index);
                let earlier = self.valid.remove(index);
                self.replaced.push(Replaced {
                    place: self.place_of(index),
                    by: self.count,
                    tale: earlier,
                });
            }
            self.valid.push(tale);
            self.count += 1;
        }
        same
    }

    /// Goes back to when this many were told; returns for how many of the valid ones nothing has
    /// changed.
    pub(super) fn go_back(&mut self, count: usize) -> usize {
        let mut same = self.valid.len();
        while let Some(last) = self.replaced.pop_if(|it| it.by >= count) {
            let index = self.index_of(last.place);
            self.valid.insert(index, last.tale);
            same = same.min(index);
        }
        self.valid.truncate(self.index_of(count));
        self.count = self.count.min(count);
        same.min(self.valid.len())
    }

    /// The index among the valid ones of the place among all.
    fn index_of(&self, place: usize) -> usize {
        let before = self.replaced.iter().filter(|it| it.place < place);
        place - before.count()
    }

    /// The place among all of what is, or was until now, at this index of the valid ones.
    fn place_of(&self, index: usize) -> usize {
        let mut places: Vec<usize> = self.replaced.iter().map(|it| it.place).collect();
        places.sort_unstable();
        places.into_iter().fold(index, |place, replaced| {
            place + usize::from(replaced <= place)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A negative number replaces its opposite.
    impl Tale for i64 {
        fn is_replacing(&self) -> bool {
            *self < 0
        }

        fn replaces(&self, earlier: &Self) -> bool {
            *self == -earlier
        }
    }

    fn told(tales: &[i64]) -> Told<i64> {
        let mut told = Told::default();
        told.extend(tales.iter().copied());
        told
    }

    #[test]
    fn what_is_replaced_is_gone_and_comes_back() {
        let all = [1, 2, 3, -2, 4, -1, 5, -4, -9];
        let valid = [
            &[][..],
            &[1],
            &[1, 2],
            &[1, 2, 3],
            &[1, 3, -2],
            &[1, 3, -2, 4],
            &[3, -2, 4, -1],
            &[3, -2, 4, -1, 5],
            &[3, -2, -1, 5, -4],
            &[3, -2, -1, 5, -4, -9],
        ];
        for (count, expected) in valid.iter().enumerate() {
            assert_eq!(told(&all[..count]).valid(), *expected);
            for back in 0..=count {
                let mut it = told(&all[..count]);
                let before = it.valid().to_vec();
                let same = it.go_back(back);
                assert_eq!(it.valid(), valid[back], "from {count} to {back}");
                assert_eq!(it.valid()[..same], before[..same]);
                let before = it.valid().to_vec();
                let same = it.extend(all[back..].iter().copied());
                assert_eq!(it.valid(), valid[all.len()], "from {back} on");
                assert_eq!(it.valid()[..same], before[..same]);
                assert_eq!(it.count(), all.len());
            }
        }
    }
}
