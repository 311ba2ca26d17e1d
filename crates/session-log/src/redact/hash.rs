//! A keyed hash: SipHash-2-4 (Aumasson and Bernstein, 2012), made for exactly this use, a secret
//! key and short inputs. The standard library's own cannot be given a key.

/// The secret of one file.
#[derive(Clone, Copy)]
pub(super) struct Key {
    k0: u64,
    k1: u64,
}

impl Key {
    pub(super) fn new(salt: [u8; 16]) -> Self {
        let [low, high] = [0, 8].map(|start| {
            let bytes = salt.iter().skip(start).take(8).rev();
            bytes.fold(0, |word, byte| word << 8 | u64::from(*byte))
        });
        Self { k0: low, k1: high }
    }

    /// The hash of a text; `purpose` keeps the hashes of different uses apart.
    pub(super) fn hash(self, purpose: u8, text: &str) -> u64 {
        self.sip(&[&[purpose], text.as_bytes()].concat())
    }

    pub(super) fn sip(self, input: &[u8]) -> u64 {
        let mut v = [
            self.k0 ^ 0x736f_6d65_7073_6575,
            self.k1 ^ 0x646f_7261_6e64_6f6d,
            self.k0 ^ 0x6c79_6765_6e65_7261,
            self.k1 ^ 0x7465_6462_7974_6573,
        ];
        let mut chunks = input.chunks_exact(8);
        for chunk in &mut chunks {
            compress(&mut v, word(chunk));
        }
        let length = (input.len() as u64) << 56;
        compress(&mut v, word(chunks.remainder()) | length);
        v[2] ^= 0xff;
        for _ in 0..4 {
            round(&mut v);
        }
        v[0] ^ v[1] ^ v[2] ^ v[3]
    }
}

fn word(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |word, byte| word << 8 | u64::from(*byte))
}

fn compress(v: &mut [u64; 4], word: u64) {
    v[3] ^= word;
    round(v);
    round(v);
    v[0] ^= word;
}

const fn round(v: &mut [u64; 4]) {
    v[0] = v[0].wrapping_add(v[1]);
    v[1] = v[1].rotate_left(13) ^ v[0];
    v[0] = v[0].rotate_left(32);
    v[2] = v[2].wrapping_add(v[3]);
    v[3] = v[3].rotate_left(16) ^ v[2];
    v[0] = v[0].wrapping_add(v[3]);
    v[3] = v[3].rotate_left(21) ^ v[0];
    v[2] = v[2].wrapping_add(v[1]);
    v[1] = v[1].rotate_left(17) ^ v[2];
    v[2] = v[2].rotate_left(32);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vectors() {
        let key = Key::new(std::array::from_fn(|index| u8::try_from(index).unwrap()));
        let input: Vec<u8> = (0..15).collect();
        assert_eq!(key.sip(&[]), 0x726f_db47_dd0e_0e31);
        assert_eq!(key.sip(&input), 0xa129_ca61_49be_45e5);
    }
}
