//! Message ids that are never repeated.

use callscope_protocol::{Millis, Side};

/// Creates ids of the SDK's form, `<instance>_<milliseconds>`, each only once.
///
/// The SDK drops messages whose id begins with its own instance, which is the clock at its
/// construction, and compares without the underscore. So the instances here begin with a digit that
/// no clock has before the year 2223, a different one for each side.
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
        // In halves, because a lowered script has no 64-bit integers and would have to emulate
        // them.
        #[expect(clippy::cast_possible_truncation, reason = "the halves of the seed")]
        let (high, low) = ((seed >> 32) as u32, seed as u32);
        let first_half = scrambled(low ^ scrambled(high));
        for mut rest in [first_half, scrambled(first_half ^ high)] {
            for _ in 0..DIGITS / 2 {
                push_digit(&mut instance, rest % 10);
                rest /= 10;
            }
        }
        Self {
            instance,
            last: 0.0,
        }
    }

    /// The part before the underscore, which all ids of one object share.
    pub(crate) fn instance(&self) -> &str {
        &self.instance
    }

    /// The next id. Within one millisecond, the number runs ahead of the clock.
    pub(crate) fn mint(&mut self, now: Millis) -> String {
        self.last = now.0.floor().max(self.last + 1.0);
        let mut id = self.instance.clone();
        id.push('_');
        push_decimal(&mut id, self.last);
        id
    }
}

/// Whether two ids come from two different objects, as far as their form shows.
pub(crate) fn are_of_two_objects(one: &str, other: &str) -> bool {
    matches!((instance(one), instance(other)), (Some(a), Some(b)) if a != b)
}

fn instance(id: &str) -> Option<&str> {
    let hyphen = id.bytes().position(|it| it == b'_')?;
    let (instance, minted) = (id.get(..hyphen)?, id.get(hyphen + 1..)?);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    (is_number(instance) && is_number(minted)).then_some(instance)
}

/// Mixes a seed, so that seeds that differ in one bit give numbers that differ in many.
///
/// These are the final steps of `MurmurHash3`, which is in the public domain.
const fn scrambled(seed: u32) -> u32 {
    let mut mixed = seed.wrapping_add(0x9e37_79b9);
    mixed = (mixed ^ (mixed >> 16)).wrapping_mul(0x85eb_ca6b);
    mixed = (mixed ^ (mixed >> 13)).wrapping_mul(0xc2b2_ae35);
    mixed ^ (mixed >> 16)
}

/// `to_string` would not do: in a lowered script, number formatting would be the largest part.
pub(crate) fn push_decimal(text: &mut String, number: f64) {
    let mut unit = 1.0;
    while number / unit >= 10.0 {
        unit *= 10.0;
    }
    let mut rest = number;
    while unit >= 1.0 {
        let digit = (rest / unit).floor();
        rest -= digit * unit;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a digit"
        )]
        push_digit(text, digit as u32);
        unit /= 10.0;
    }
}

fn push_digit(text: &mut String, digit: u32) {
    text.push(char::from_digit(digit, 10).unwrap_or('0'));
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
    fn numbers_are_written_digit_by_digit() {
        for number in [
            0.0,
            7.0,
            10.0,
            99.0,
            1_764_147_000_123.0,
            9_007_199_254_740_991.0,
        ] {
            let mut text = String::new();
            push_decimal(&mut text, number);
            assert_eq!(text, number.to_string());
        }
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
