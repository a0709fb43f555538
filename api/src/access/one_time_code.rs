//! Codes that a person carries from one screen to another and that are good once: three groups of four, about 60 bits.

use rand::RngExt as _;

/// Letters and digits that are not mistaken for each other.
const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A new code, as `XXXX-XXXX-XXXX`.
pub(crate) fn generate() -> String {
    let mut random = rand::rng();
    let mut code = String::with_capacity(14);
    for place in 0..12 {
        if place > 0 && place % 4 == 0 {
            code.push('-');
        }
        let letter = ALPHABET.get(random.random_range(0..ALPHABET.len())).copied().unwrap_or(b'A');
        code.push(char::from(letter));
    }
    code
}

/// Codes are compared in capitals and without the dashes.
pub(crate) fn normal(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_three_groups_of_four_and_is_read_in_any_form() {
        let code = generate();
        assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4]);
        assert_eq!(normal(&code.to_lowercase().replace('-', " ")), code.replace('-', ""));
        assert_ne!(code, generate());
    }
}
