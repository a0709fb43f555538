//! Rijndael with a settable number of rounds: the export format uses four instead of ten, which no library offers.
//!
//! This protects nothing, the key is public: it only reads and writes what the vendor's apps do. Source: FIPS-197, whose
//! vectors at ten rounds are the test.

use std::array;
use std::sync::LazyLock;

/// The bytes of a block.
pub(super) const BLOCK: usize = 16;

const KEY: &[u8; BLOCK] = b"dkfj4593@#&*wlfm";
const ROUNDS: usize = 4;

static VENDOR: LazyLock<Rijndael> = LazyLock::new(|| Rijndael::new(KEY, ROUNDS));

type Block = [u8; BLOCK];

/// Deciphers a text: whole blocks, ended by its first NUL. `None` if the length is not a multiple of 16.
pub(super) fn decipher(ciphertext: &[u8]) -> Option<Vec<u8>> {
    let (blocks, rest) = ciphertext.as_chunks::<BLOCK>();
    if !rest.is_empty() {
        return None;
    }
    let mut plain: Vec<u8> = blocks.iter().flat_map(|block| VENDOR.decrypt(*block)).collect();
    let end = plain.iter().position(|byte| *byte == 0).unwrap_or(plain.len());
    plain.truncate(end);
    Some(plain)
}

/// Enciphers a text, padded with NUL to whole blocks; an empty text makes one block, as the vendor's apps do.
pub(super) fn encipher(plain: &[u8]) -> Vec<u8> {
    let mut padded = plain.to_vec();
    padded.resize(plain.len().div_ceil(BLOCK).max(1) * BLOCK, 0);
    let (blocks, _) = padded.as_chunks::<BLOCK>();
    blocks.iter().flat_map(|block| VENDOR.encrypt(*block)).collect()
}

/// Rijndael with 128 bits of block and key.
struct Rijndael {
    round_keys: Vec<Block>,
    substitution: [u8; 256],
    inverse: [u8; 256],
}

impl Rijndael {
    fn new(key: &Block, rounds: usize) -> Self {
        let substitution = array::from_fn(|byte| substitute(u8::try_from(byte).unwrap_or_default()));
        let mut inverse = [0; 256];
        for (byte, substituted) in (0..=u8::MAX).zip(substitution) {
            if let Some(place) = inverse.get_mut(usize::from(substituted)) {
                *place = byte;
            }
        }
        Self { round_keys: expand(key, rounds, &substitution), substitution, inverse }
    }

    fn encrypt(&self, block: Block) -> Block {
        let mut keys = self.round_keys.iter();
        let mut state = block;
        if let Some(first) = keys.next() {
            state = add(state, first);
        }
        let last = keys.next_back();
        for key in keys {
            state = add(mix(shift(look_up(state, &self.substitution)), [2, 3, 1, 1]), key);
        }
        last.map_or(state, |key| add(shift(look_up(state, &self.substitution)), key))
    }

    fn decrypt(&self, block: Block) -> Block {
        let mut keys = self.round_keys.iter();
        let first = keys.next();
        let mut state = block;
        if let Some(last) = keys.next_back() {
            state = look_up(shift_back(add(state, last)), &self.inverse);
        }
        for key in keys.rev() {
            state = look_up(shift_back(mix(add(state, key), [14, 11, 13, 9])), &self.inverse);
        }
        first.map_or(state, |key| add(state, key))
    }
}

/// The round keys, one more than there are rounds.
fn expand(key: &Block, rounds: usize, substitution: &[u8; 256]) -> Vec<Block> {
    let mut round_keys = vec![*key];
    let mut constant = 1;
    let mut previous = *key;
    for _ in 0..rounds {
        let [.., a, b, c, d] = previous;
        let mut word = [b, c, d, a].map(|byte| at(substitution, usize::from(byte)));
        if let Some(first) = word.first_mut() {
            *first ^= constant;
        }
        constant = times(constant, 2);
        for (index, byte) in previous.iter_mut().enumerate() {
            let column_byte = at(&word, index % 4) ^ *byte;
            *byte = column_byte;
            if let Some(place) = word.get_mut(index % 4) {
                *place = column_byte;
            }
        }
        round_keys.push(previous);
    }
    round_keys
}

fn at(bytes: &[u8], index: usize) -> u8 {
    bytes.get(index).copied().unwrap_or_default()
}

fn add(state: Block, key: &Block) -> Block {
    array::from_fn(|index| at(&state, index) ^ at(key, index))
}

fn look_up(state: Block, table: &[u8; 256]) -> Block {
    state.map(|byte| at(table, usize::from(byte)))
}

/// Row r of the column-major state moves r columns to the left.
fn shift(state: Block) -> Block {
    array::from_fn(|index| at(&state, (index + 4 * (index % 4)) % BLOCK))
}

fn shift_back(state: Block) -> Block {
    array::from_fn(|index| at(&state, (index + BLOCK - 4 * (index % 4)) % BLOCK))
}

/// Multiplies each column by the circulant matrix with this first row.
fn mix(state: Block, first_row: [u8; 4]) -> Block {
    array::from_fn(|index| {
        let (column, row) = (index / 4 * 4, index % 4);
        (0..4).fold(0, |sum, k| sum ^ times(at(&first_row, (k + 4 - row) % 4), at(&state, column + k)))
    })
}

/// The product in GF(2⁸) modulo x⁸ + x⁴ + x³ + x + 1.
fn times(mut a: u8, mut b: u8) -> u8 {
    let mut product = 0;
    while b != 0 {
        if b & 1 == 1 {
            product ^= a;
        }
        let carry = a & 0x80 != 0;
        a <<= 1;
        if carry {
            a ^= 0x1B;
        }
        b >>= 1;
    }
    product
}

/// The S-box: the inverse in GF(2⁸), which is the 254th power, then the affine map.
fn substitute(byte: u8) -> u8 {
    let inverse = (0..254).fold(1, |power, _| times(power, byte));
    (0..5).fold(0x63, |sum, turn| sum ^ inverse.rotate_left(turn))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS-197, appendix B and appendix C.1.
    #[test]
    fn ten_rounds_give_the_published_vectors() {
        for (key, plain, cipher) in [
            (
                0x2b7e_1516_28ae_d2a6_abf7_1588_09cf_4f3c_u128,
                0x3243_f6a8_885a_308d_3131_98a2_e037_0734_u128,
                0x3925_841d_02dc_09fb_dc11_8597_196a_0b32_u128,
            ),
            (
                0x0001_0203_0405_0607_0809_0a0b_0c0d_0e0f,
                0x0011_2233_4455_6677_8899_aabb_ccdd_eeff,
                0x69c4_e0d8_6a7b_0430_d8cd_b780_70b4_c55a,
            ),
        ] {
            let rijndael = Rijndael::new(&key.to_be_bytes(), 10);
            assert_eq!(rijndael.encrypt(plain.to_be_bytes()), cipher.to_be_bytes());
            assert_eq!(rijndael.decrypt(cipher.to_be_bytes()), plain.to_be_bytes());
        }
    }

    #[test]
    fn texts_of_any_length_come_back_and_odd_ciphertexts_are_refused() {
        for length in 0..40 {
            let plain = vec![b'x'; length];
            assert_eq!(decipher(&encipher(&plain)), Some(plain));
        }
        assert_eq!(encipher(b"").len(), BLOCK);
        assert_eq!(decipher(&[0; 15]), None);
    }
}
