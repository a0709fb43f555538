//! The work that stands for a picture: a number whose hash begins with zeros. Nobody needs eyes for it, and nobody does
//! it by the thousand.

use sha2::{Digest as _, Sha256};

/// Zero bits that are needed: about 260,000 hashes, a second or two in a browser.
pub(super) const DIFFICULTY: u32 = 18;

/// Whether a number is the work done.
pub(super) fn is_done(challenge: &str, number: &str) -> bool {
    // One spelling a number: digits only, no leading zeros.
    let plain = number.parse::<u64>().is_ok_and(|parsed| parsed.to_string() == number);
    plain && zero_bits(&Sha256::digest(format!("{challenge}:{number}").as_bytes())) >= DIFFICULTY
}

fn zero_bits(hash: &[u8]) -> u32 {
    let zeros = hash.iter().take_while(|byte| **byte == 0).count();
    let next = hash.get(zeros).map_or(0, |byte| byte.leading_zeros());
    u32::try_from(zeros).unwrap_or(0) * 8 + next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_number_with_enough_zeros_is_the_work_done() {
        let found = (0..10_000_000_u64).map(|n| n.to_string()).find(|n| is_done("challenge", n)).unwrap();
        assert!(found.parse::<u64>().unwrap() > 1000, "{found}");
        assert!(!is_done("another", &found));
        assert!(!is_done("challenge", &format!("0{found}")));
        assert!(!is_done("challenge", &format!("+{found}")));
        assert!(!is_done("challenge", ""));
    }

    #[test]
    fn zero_bits_are_counted_over_bytes() {
        for (hash, bits) in [(&[0xff_u8, 0][..], 0), (&[0, 0x80], 8), (&[0, 0, 0x3f], 18), (&[0, 0], 16)] {
            assert_eq!(zero_bits(hash), bits, "{hash:?}");
        }
    }
}
