//! Staff of a company: rights, and the rules for their passwords and sign-in.

use serde::{Deserialize, Serialize};

/// What a role allows (R-S3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// See and manage every site of the company.
    ManageAllSites,
    /// See and manage the sites assigned to oneself.
    ManageAssignedSites,
    /// Make new sites.
    AddSite,
    /// Invite, edit and disable staff.
    ManageStaff,
    /// Edit roles.
    ManageRoles,
    /// Hand a site over to its owner.
    Handover,
    /// See health exceptions.
    ViewExceptions,
    /// Upgrade firmware.
    UpgradeFirmware,
    /// Open a device's own configuration.
    RemoteConfiguration,
}

impl Right {
    /// Every right; the Installer Admin holds all of them.
    pub const ALL: [Self; 9] = [
        Self::ManageAllSites,
        Self::ManageAssignedSites,
        Self::AddSite,
        Self::ManageStaff,
        Self::ManageRoles,
        Self::Handover,
        Self::ViewExceptions,
        Self::UpgradeFirmware,
        Self::RemoteConfiguration,
    ];
}

/// Refused sign-ins within [`FAILURE_WINDOW_SECONDS`] that lock an account (R-S7).
pub const FAILURES_TO_LOCK: usize = 5;
/// The window in which failures count, in seconds.
pub const FAILURE_WINDOW_SECONDS: i64 = 15 * 60;
/// How long a locked account stays locked, in seconds.
pub const LOCK_SECONDS: i64 = 30 * 60;
/// A session ends after this many seconds without a request (T15).
pub const SESSION_IDLE_SECONDS: i64 = 30 * 60;
/// A session ends this many seconds after sign-in whatever happens (T15).
pub const SESSION_ABSOLUTE_SECONDS: i64 = 12 * 60 * 60;

/// Why a password is refused (R-S7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Not 8 to 64 characters.
    #[error("a password has 8 to 64 characters")]
    Length,
    /// Fewer than three of: small letters, capitals, digits, others.
    #[error("a password mixes three of: small letters, capitals, digits, other characters")]
    Classes,
    /// It is the user name or the part of it before the @.
    #[error("a password may not be the user name")]
    UserName,
    /// It is on the list of common passwords.
    #[error("this password is too common")]
    Common,
}

/// Checks a password that a person chooses for their account.
pub fn check_password(password: &str, user_name: &str) -> Result<(), WeakPassword> {
    let length = password.chars().count();
    if !(8..=64).contains(&length) {
        return Err(WeakPassword::Length);
    }
    if character_classes(password) < 3 {
        return Err(WeakPassword::Classes);
    }
    let lower = password.to_lowercase();
    let user = user_name.to_lowercase();
    if lower == user || user.split('@').next().is_some_and(|local| local == lower) {
        return Err(WeakPassword::UserName);
    }
    if COMMON_PASSWORDS.lines().any(|common| common == lower) {
        return Err(WeakPassword::Common);
    }
    Ok(())
}

/// How many of the four classes a password uses: small letters, capitals, digits, others.
pub fn character_classes(password: &str) -> usize {
    let classes: [fn(char) -> bool; 4] =
        [char::is_lowercase, char::is_uppercase, char::is_numeric, |c| !c.is_alphanumeric()];
    classes.iter().filter(|class| password.chars().any(**class)).count()
}

/// Small-letter forms of passwords that pass the class rule and are still guessed first.
const COMMON_PASSWORDS: &str = include_str!("common_passwords.txt");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_rules_hold() {
        for (password, expected) in [
            ("Abc12", Err(WeakPassword::Length)),
            ("abcdefgh1", Err(WeakPassword::Classes)),
            ("Anna.Smith1", Err(WeakPassword::UserName)),
            ("P@ssw0rd", Err(WeakPassword::Common)),
            ("Correct-horse7", Ok(())),
        ] {
            assert_eq!(check_password(password, "anna.smith1@example.com"), expected, "{password}");
        }
        assert_eq!(check_password(&"Aa1".repeat(22), "x"), Err(WeakPassword::Length));
    }
}
