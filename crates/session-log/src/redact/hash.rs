//! A keyed hash of short texts: SipHash-2-4, which is made for exactly this use.

use std::hash::Hasher as _;

use siphasher::sip::SipHasher24;

/// The secret of one file.
///
/// Only bytes are hashed, so that a key and a text give the same hash on every platform.
#[derive(Clone, Copy)]
pub(super) struct Key(SipHasher24);

impl Key {
    pub(super) fn new(salt: [u8; 16]) -> Self {
        Self(SipHasher24::new_with_key(&salt))
    }

    /// The hash of a text; `purpose` keeps the hashes of different uses apart.
    pub(super) fn hash(self, purpose: u8, text: &str) -> u64 {
        let Self(mut hasher) = self;
        // Not `write_u8` and `write_str`, because each hasher decides what they hash.
        hasher.write(&[purpose]);
        hasher.write(text.as_bytes());
        hasher.finish()
    }

    pub(super) fn sip(self, input: &[u8]) -> u64 {
        self.0.hash(input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key::new(std::array::from_fn(|index| u8::try_from(index).unwrap()))
    }

    /// From appendix A of "`SipHash`: a fast short-input PRF" (Aumasson and Bernstein, 2012), and
    /// the vector for empty input that comes with its reference code.
    #[test]
    fn the_published_vectors() {
        let input: Vec<u8> = (0..15).collect();
        assert_eq!(key().sip(&[]), 0x726f_db47_dd0e_0e31);
        assert_eq!(key().sip(&input), 0xa129_ca61_49be_45e5);
    }

    #[test]
    fn a_purpose_and_a_text_are_hashed_as_their_bytes() {
        for text in ["", "é", "1234567", "12345678 and more"] {
            let bytes = [b"n", text.as_bytes()].concat();
            assert_eq!(key().hash(b'n', text), key().sip(&bytes), "{text}");
        }
    }
}
