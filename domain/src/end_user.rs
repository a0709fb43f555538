//! End users (R-E1): customers with an account of their own, apart from the staff of companies.

/// Hours in which the link that confirms a registration is good.
pub const REGISTRATION_HOURS: i64 = 24;
/// Most characters of an end user's name.
pub const MOST_NAME_CHARACTERS: usize = 128;

/// Most digits of a phone number, country code included (ITU-T E.164).
const MOST_PHONE_DIGITS: usize = 15;
/// Fewest digits of one that leads anywhere.
const FEWEST_PHONE_DIGITS: usize = 7;

/// Reads a phone number as people write it, with its country code: `+` and digits, without what parts them.
pub fn phone(text: &str) -> Option<String> {
    let rest = text.trim().strip_prefix('+')?;
    let mut number = String::from("+");
    for character in rest.chars() {
        match character {
            '0'..='9' => number.push(character),
            ' ' | '-' | '.' | '(' | ')' | '/' => {}
            _ => return None,
        }
    }
    let digits = number.len() - 1;
    let good = (FEWEST_PHONE_DIGITS..=MOST_PHONE_DIGITS).contains(&digits) && !number.starts_with("+0");
    good.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_is_read_as_people_write_it() {
        for (text, number) in [
            (" +48 600 100-200 ", Some("+48600100200")),
            ("+49 (0)30/12345", Some("+4903012345")),
            ("+7 (495) 123.45.67", Some("+74951234567")),
            ("48600100200", None),
            ("+0123456789", None),
            ("+48600", None),
            ("+1234567890123456", None),
            ("+48600100200x", None),
            ("olga@example.com", None),
        ] {
            assert_eq!(phone(text).as_deref(), number, "{text}");
        }
    }
}
