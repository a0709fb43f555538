//! What devices take as a password and as a verification code.

/// What a device says to a new password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// Good.
    Good,
    /// Taken, with a warning.
    Risky,
}

/// Why a device does not take a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weak {
    /// More than 16 characters.
    Long,
    /// Too short, of one class, or made of the user's name.
    Guessable,
}

/// 8–16 characters of at least two classes, without the user's name or its reverse. What is short *and* of two
/// classes only is taken with a warning.
pub(crate) fn judge_password(password: &str, user: &str) -> Result<Taken, Weak> {
    let length = password.chars().count();
    if length > 16 {
        return Err(Weak::Long);
    }
    let lower = password.to_lowercase();
    let user = user.to_lowercase();
    let reversed: String = user.chars().rev().collect();
    let classes = classes(password);
    if length < 8 || classes < 2 || lower.contains(&user) || lower.contains(&reversed) {
        return Err(Weak::Guessable);
    }
    Ok(if classes == 2 && length < 10 { Taken::Risky } else { Taken::Good })
}

fn classes(password: &str) -> usize {
    let of: [fn(char) -> bool; 4] = [
        |letter| letter.is_ascii_lowercase(),
        |letter| letter.is_ascii_uppercase(),
        |letter| letter.is_ascii_digit(),
        |letter| !letter.is_ascii_alphanumeric(),
    ];
    of.iter().filter(|class| password.chars().any(**class)).count()
}

/// 6–12 letters and digits and not the example of the manual; old firmware: six capitals.
pub(crate) fn is_code(code: &str, old: bool) -> bool {
    if code == "ABCDEF" {
        return false;
    }
    if old {
        return code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    }
    (6..=12).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_judged() {
        for (password, verdict) in [
            ("Abcdefg1", Ok(Taken::Good)),
            ("abcdefg1", Ok(Taken::Risky)),
            ("abcdefghi1", Ok(Taken::Good)),
            ("abcdefghijklmno1", Ok(Taken::Good)),
            ("abcdefghijklmnop1", Err(Weak::Long)),
            ("abcdef1", Err(Weak::Guessable)),
            ("abcdefgh", Err(Weak::Guessable)),
            ("Admin-2024", Err(Weak::Guessable)),
            ("nimdA-2024", Err(Weak::Guessable)),
            ("", Err(Weak::Guessable)),
        ] {
            assert_eq!(judge_password(password, "admin"), verdict, "{password:?}");
        }
    }

    #[test]
    fn codes_are_judged() {
        for (code, new, old) in [
            ("ABCDEF", false, false),
            ("QWERTZ", true, true),
            ("qwertz", true, false),
            ("abc123DEF456", true, false),
            ("abc123DEF4567", false, false),
            ("abc12", false, false),
            ("abc-123", false, false),
        ] {
            assert_eq!((is_code(code, false), is_code(code, true)), (new, old), "{code}");
        }
    }
}
