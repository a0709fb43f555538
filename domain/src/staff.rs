//! Staff of a company: rights, and the rules for their passwords and sign-in.

use crate::words::words;

words! {
    /// What a role allows (R-S3).
    pub enum Right {
        /// See and manage every site of the company.
        ManageAllSites = "manage_all_sites",
        /// See and manage the sites assigned to oneself.
        ManageAssignedSites = "manage_assigned_sites",
        /// Make new sites.
        AddSite = "add_site",
        /// Invite, edit and disable staff.
        ManageStaff = "manage_staff",
        /// Edit roles.
        ManageRoles = "manage_roles",
        /// Hand a site over to its owner.
        Handover = "handover",
        /// See health exceptions.
        ViewExceptions = "view_exceptions",
        /// Upgrade firmware.
        UpgradeFirmware = "upgrade_firmware",
        /// Open a device's own configuration.
        RemoteConfiguration = "remote_configuration",
    }
}

impl Right {
    /// Those of `wanted` that are not among `held`: nobody gives to others what they lack themself.
    pub fn lacking(wanted: &[Self], held: &[Self]) -> Vec<Self> {
        wanted.iter().copied().filter(|right| !held.contains(right)).collect()
    }
}

words! {
    /// Where an invitation to the staff stands (R-S2).
    pub enum InvitationState {
        /// Whoever has the link may accept.
        Pending = "pending",
        /// Somebody accepted.
        Accepted = "accepted",
        /// A colleague took it back.
        Cancelled = "cancelled",
        /// Nobody accepted in time.
        Expired = "expired",
    }
}

/// A role that every new company has.
#[derive(Debug, Clone, Copy)]
pub struct DefaultRole {
    /// Its name.
    pub name: &'static str,
    /// What it allows.
    pub rights: &'static [Right],
}

/// The roles of a new company; it may edit and delete them like any other.
pub const DEFAULT_ROLES: [DefaultRole; 2] = [
    DefaultRole {
        name: "Installer",
        rights: &[
            Right::ManageAssignedSites,
            Right::AddSite,
            Right::Handover,
            Right::ViewExceptions,
            Right::UpgradeFirmware,
            Right::RemoteConfiguration,
        ],
    },
    DefaultRole {
        name: "Manager",
        rights: &[
            Right::ManageAllSites,
            Right::AddSite,
            Right::ManageStaff,
            Right::Handover,
            Right::ViewExceptions,
            Right::UpgradeFirmware,
            Right::RemoteConfiguration,
        ],
    },
];

/// Most characters of the name of a role.
pub const MOST_ROLE_NAME_CHARACTERS: usize = 64;
/// Most roles of a company.
pub const MOST_ROLES: usize = 100;
/// Most characters of a person's name.
pub const MOST_NAME_CHARACTERS: usize = 128;
/// How long an invitation to the staff can be accepted, in hours (R-S2).
pub const INVITATION_HOURS: i64 = 72;
/// Most invitations an hour that go to one address.
pub const INVITATIONS_OF_ADDRESS: usize = 3;
/// Most invitations an hour that a company sends.
pub const INVITATIONS_OF_COMPANY: usize = 30;

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
    fn nobody_gives_a_right_they_lack() {
        let held = [Right::ManageStaff, Right::AddSite];
        assert_eq!(Right::lacking(&[Right::AddSite], &held), []);
        assert_eq!(Right::lacking(&[Right::Handover, Right::AddSite], &held), [Right::Handover]);
        assert_eq!(Right::lacking(Right::ALL, Right::ALL), []);
    }

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
