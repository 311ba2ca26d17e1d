//! Message ids that no two messages share.

use callscope_protocol::{Millis, Side};

/// Mints ids of the SDK's form, `<instance>_<milliseconds>`, each only once.
///
/// An SDK end swallows what begins with its own instance, which is the clock at its construction,
/// and compares without the hyphen. So the instances here begin with a digit that no clock begins
/// with before the year 2223, another for each side.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    instance: String,
    last: f64,
}

const DIGITS: usize = 14;

impl Ids {
    pub(crate) fn new(side: Side, seed: u64) -> Self {
        let first = match side {
            Side::Host => '9',
            Side::Widget => '8',
        };
        let mut instance = String::with_capacity(1 + DIGITS);
        instance.push(first);
        let mut rest = scrambled(seed);
        for _ in 0..DIGITS {
            instance.push(char::from(b'0' + (rest % 10) as u8));
            rest /= 10;
        }
        Self {
            instance,
            last: 0.0,
        }
    }

    /// The part before the hyphen, which all ids of one object share.
    pub(crate) fn instance(&self) -> &str {
        &self.instance
    }

    /// The next id. Within one millisecond the number goes ahead of the clock.
    pub(crate) fn mint(&mut self, now: Millis) -> String {
        self.last = now.0.floor().max(self.last + 1.0);
        let mut id = self.instance.clone();
        id.push('_');
        push_decimal(&mut id, self.last);
        id
    }
}

/// Whether the two ids come from two objects, as far as their form tells.
pub(crate) fn are_of_two_objects(one: &str, other: &str) -> bool {
    matches!((instance(one), instance(other)), (Some(a), Some(b)) if a != b)
}

fn instance(id: &str) -> Option<&str> {
    let (instance, minted) = id.split_once('_')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    (is_number(instance) && is_number(minted)).then_some(instance)
}

/// Seeds that differ in a bit give numbers that differ in many.
///
/// The finishing steps of `SplitMix64`, a published generator.
const fn scrambled(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Not `to_string`: in a lowered script, formatting floats would be the largest part of all.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a time in milliseconds is a whole number here, and far below 2^53"
)]
pub(crate) fn push_decimal(text: &mut String, number: f64) {
    let mut rest = number as u64;
    let at = text.len();
    loop {
        text.insert(at, char::from(b'0' + (rest % 10) as u8));
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_of_one_millisecond_differ() {
        let mut ids = Ids::new(Side::Widget, 1);
        let first = ids.mint(Millis(1_764_147_000_123.9));
        let second = ids.mint(Millis(1_764_147_000_123.9));
        let third = ids.mint(Millis(1_764_147_000_200.0));
        let minted = |id: &str| id.split_once('_').unwrap().1.to_owned();
        assert_eq!(minted(&first), "1764147000123");
        assert_eq!(minted(&second), "1764147000124");
        assert_eq!(minted(&third), "1764147000200");
    }

    #[test]
    fn a_clock_that_goes_back_repeats_no_id() {
        let mut ids = Ids::new(Side::Host, 1);
        let made: BTreeSet<String> = [5.0, 5.0, 3.0, 0.0, 6.0]
            .map(|now| ids.mint(Millis(now)))
            .into();
        assert_eq!(made.len(), 5);
    }

    #[test]
    fn objects_differ_by_seed_and_side() {
        let instances: BTreeSet<String> = (0..1_000)
            .flat_map(|seed| [Ids::new(Side::Host, seed), Ids::new(Side::Widget, seed)])
            .map(|ids| ids.instance().to_owned())
            .collect();
        assert_eq!(instances.len(), 2_000);
    }

    #[test]
    fn two_objects_are_told_apart_by_their_ids_only() {
        assert!(are_of_two_objects("17_1", "18_1"));
        assert!(!are_of_two_objects("17_1", "17_2"));
        assert!(!are_of_two_objects("17_1", "x"));
        assert!(!are_of_two_objects("a_1", "b_1"));
    }
}
