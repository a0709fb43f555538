//! Passwords for devices (R-D6): what a device accepts as a new one, and making one.

use crate::staff::character_classes;

/// Fewest characters.
pub const FEWEST_CHARACTERS: usize = 8;
/// Most characters: devices refuse more.
pub const MOST_CHARACTERS: usize = 16;
/// Characters of a made password.
const MADE_CHARACTERS: usize = 16;

/// Why a new password for a device is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum DevicePasswordRule {
    /// Not 8 to 16 characters.
    #[error("a device's password has 8 to 16 characters")]
    Length,
    /// Something other than printable ASCII.
    #[error("a device's password has only letters, digits and signs of ASCII")]
    Characters,
    /// Fewer than two of: small letters, capitals, digits, others.
    #[error("a device's password mixes two of: small letters, capitals, digits, other characters")]
    Classes,
    /// It contains `admin` or `nimda`, in any case.
    #[error("a device's password may not contain admin or nimda")]
    Admin,
    /// It is or contains the user name, forwards or backwards.
    #[error("a device's password may not contain the user name")]
    UserName,
}

impl DevicePasswordRule {
    /// The rule as sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Characters => "characters",
            Self::Classes => "classes",
            Self::Admin => "admin",
            Self::UserName => "user_name",
        }
    }
}

/// Checks a new password of `user` on a device.
pub fn check_new(password: &str, user: &str) -> Result<(), DevicePasswordRule> {
    if !(FEWEST_CHARACTERS..=MOST_CHARACTERS).contains(&password.chars().count()) {
        return Err(DevicePasswordRule::Length);
    }
    if !password.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
        return Err(DevicePasswordRule::Characters);
    }
    if character_classes(password) < 2 {
        return Err(DevicePasswordRule::Classes);
    }
    let lower = password.to_ascii_lowercase();
    if lower.contains("admin") || lower.contains("nimda") {
        return Err(DevicePasswordRule::Admin);
    }
    let user = user.trim().to_ascii_lowercase();
    let reverse: String = user.chars().rev().collect();
    if !user.is_empty() && (lower.contains(&user) || lower.contains(&reverse)) {
        return Err(DevicePasswordRule::UserName);
    }
    Ok(())
}

/// Letters and digits that nobody mistakes for another, without `i`: no made password contains `admin`. The signs are
/// those that mean nothing in XML, JSON, URLs and shells.
const CLASSES: [&[u8]; 4] = [b"abcdefghjkmnpqrstuvwxyz", b"ABCDEFGHJKLMNPQRSTUVWXYZ", b"23456789", b"-_.+="];

/// Makes a password of 16 characters and all four classes from random bytes: more than 85 bits of it are chance.
pub fn generate(random: &[u8; 64]) -> String {
    let all: Vec<u8> = CLASSES.concat();
    let mut numbers =
        random.chunks_exact(2).map(|pair| pair.iter().fold(0_usize, |number, byte| number * 256 + usize::from(*byte)));
    let mut pick = |from: &[u8]| {
        let number = numbers.next().unwrap_or(0);
        from.get(number % from.len().max(1)).copied().unwrap_or(b'2')
    };
    let mut made: Vec<u8> = CLASSES.iter().map(|class| pick(class)).collect();
    made.extend((CLASSES.len()..MADE_CHARACTERS).map(|_| pick(&all)));
    for last in (1..made.len()).rev() {
        let other = numbers.next().unwrap_or(0) % (last + 1);
        made.swap(last, other);
    }
    made.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_rule_of_a_new_password_holds() {
        use DevicePasswordRule as Rule;
        for (password, user, expected) in [
            ("Abc1234", "admin", Err(Rule::Length)),
            ("Abcdefgh12345678x", "admin", Err(Rule::Length)),
            ("Пароль1234", "admin", Err(Rule::Characters)),
            ("abc\tdef12", "admin", Err(Rule::Characters)),
            ("abcdefgh", "admin", Err(Rule::Classes)),
            ("12345678", "admin", Err(Rule::Classes)),
            ("myAdMiN12", "admin", Err(Rule::Admin)),
            ("12nImDa34", "operator", Err(Rule::Admin)),
            ("operator1", "Operator", Err(Rule::UserName)),
            ("rotarepo1", "operator", Err(Rule::UserName)),
            ("abcdefg1", "admin", Ok(())),
            ("Canary-7", "admin", Ok(())),
            ("Canary-7-Canary7", "", Ok(())),
        ] {
            assert_eq!(check_new(password, user), expected, "{password}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]
        #[test]
        fn a_made_password_keeps_every_rule(random in prop::array::uniform32(any::<u8>()), more in prop::array::uniform32(any::<u8>())) {
            let mut bytes = [0_u8; 64];
            bytes[..32].copy_from_slice(&random);
            bytes[32..].copy_from_slice(&more);
            let made = generate(&bytes);
            prop_assert_eq!(made.len(), MADE_CHARACTERS);
            prop_assert_eq!(character_classes(&made), 4);
            prop_assert_eq!(check_new(&made, "admin"), Ok(()));
        }
    }
}
