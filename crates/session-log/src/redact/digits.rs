//! Replaces digits with digits: a permutation of all numbers of one length.
//!
//! Phone numbers and ids keep their length and their leading zeros, and two numbers are equal
//! afterwards exactly if they were before, without a table of the numbers seen.

use super::hash::Key;

/// Enough for a Feistel network that nobody can undo without the key.
const ROUNDS: u8 = 10;

/// Two halves of this many digits fit the arithmetic.
const MAX_DIGITS: usize = 36;

/// Replaces a text of ASCII digits.
pub(super) fn replace(key: Key, digits: &str) -> String {
    let number = digits.trim_start_matches('0');
    let zeros = digits.len() - number.len();
    let mut out = digits.get(..zeros).unwrap_or_default().to_owned();
    let mut rest = number;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(rest.len().min(MAX_DIGITS));
        let mut permuted = permute(key, chunk);
        // The first digit must not become a zero. Repeating the permutation until it is not zero is
        // a permutation of the numbers without a leading zero.
        while rest.len() == number.len() && permuted.starts_with('0') {
            permuted = permute(key, &permuted);
        }
        out.push_str(&permuted);
        rest = after;
    }
    out
}

fn permute(key: Key, digits: &str) -> String {
    let (left, right) = digits.split_at(digits.len() / 2);
    let (left_len, right_len) = (left.len(), right.len());
    let mut left: u64 = left.parse().unwrap_or(0);
    let mut right: u64 = right.parse().unwrap_or(0);
    let [left_size, right_size] =
        [left_len, right_len].map(|len| 10_u64.pow(len.try_into().unwrap_or(0)));
    for round in 0..ROUNDS {
        let (target, size, other) = if round % 2 == 0 {
            (&mut right, right_size, left)
        } else {
            (&mut left, left_size, right)
        };
        let mut input = [0; 10];
        let (head, tail) = input.split_at_mut(2);
        head.copy_from_slice(&[round, u8::try_from(digits.len()).unwrap_or(0)]);
        tail.copy_from_slice(&other.to_le_bytes());
        // Up to 18 digits: the sum of two numbers below 10^18 fits into 64 bits.
        *target = (*target + key.sip(&input) % size) % size;
    }
    if left_len == 0 {
        format!("{right:0right_len$}")
    } else {
        format!("{left:0left_len$}{right:0right_len$}")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn key(byte: u8) -> Key {
        Key::new([byte; 16])
    }

    #[test]
    fn every_short_number_has_its_own() {
        for length in 1..=4 {
            let numbers = 10_u32.pow(length - 1)..10_u32.pow(length);
            let replaced: HashSet<String> = numbers
                .clone()
                .map(|number| replace(key(7), &number.to_string()))
                .collect();
            assert_eq!(replaced.len(), numbers.len());
            for text in replaced {
                assert_eq!(text.len(), length as usize);
                assert!(!text.starts_with('0'));
            }
        }
    }

    #[test]
    fn lengths_and_leading_zeros_stay() {
        for text in ["", "0", "000", "007", "0044207946095", "15550100199"] {
            let replaced = replace(key(1), text);
            assert_eq!(replaced.len(), text.len());
            let zeros = |text: &str| text.len() - text.trim_start_matches('0').len();
            assert_eq!(zeros(&replaced), zeros(text), "{text} {replaced}");
        }
        let long = "9".repeat(100);
        let replaced = replace(key(1), &long);
        assert_eq!(replaced.len(), 100);
        assert_ne!(replaced, long);
    }

    #[test]
    fn another_key_gives_other_digits() {
        assert_ne!(
            replace(key(1), "15550100199"),
            replace(key(2), "15550100199")
        );
        assert_ne!(replace(key(1), "15550100199"), "15550100199");
        assert_eq!(
            replace(key(1), "15550100199"),
            replace(key(1), "15550100199")
        );
    }
}
