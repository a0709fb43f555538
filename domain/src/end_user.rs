//! End users (R-E1): customers with an account of their own, apart from the staff of companies.

/// Hours in which the link that confirms a registration is good.
pub const REGISTRATION_HOURS: i64 = 24;
/// Most characters of an end user's name.
pub const MOST_NAME_CHARACTERS: usize = 128;

/// How long the code that confirms a phone number is good, in minutes.
pub const PHONE_CODE_MINUTES: i64 = 10;
/// Wrong codes after which it is void.
pub const PHONE_CODE_TRIES: i64 = 5;
/// Text messages that one account causes within an hour: each costs whoever runs the platform.
pub const MOST_TEXT_MESSAGES_AN_HOUR: usize = 10;
/// Codes to one number within an hour, whoever asks for them: with their tries this bounds how often a code can be guessed.
pub const MOST_CODES_TO_A_NUMBER_AN_HOUR: usize = 5;
/// Offers to one number within an hour, whoever makes them.
pub const MOST_OFFERS_TO_A_NUMBER_AN_HOUR: usize = 10;
/// How long a text message about an offer is tried, in minutes.
pub const OFFER_TEXT_MINUTES: i64 = 120;
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

/// Whether a login that was read is a phone number, and not an e-mail address.
pub fn is_number(login: &str) -> bool {
    !login.contains('@')
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
