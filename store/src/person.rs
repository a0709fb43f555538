//! Somebody with an account of their own: a member of staff or an end user. What both have alike is kept in tables of the
//! same columns.

use siteward_domain::panel_accounts::PersonKind;
use siteward_domain::{EndUserId, StaffId};

/// Whose account it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Person {
    /// A member of staff.
    Staff(StaffId),
    /// An end user.
    EndUser(EndUserId),
}

impl Person {
    /// The id alone.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Staff(id) => id.as_str(),
            Self::EndUser(id) => id.as_str(),
        }
    }

    /// A member of staff, or an end user.
    pub fn kind(&self) -> PersonKind {
        match self {
            Self::Staff(_) => PersonKind::Staff,
            Self::EndUser(_) => PersonKind::EndUser,
        }
    }

    /// The table of accounts.
    pub(crate) fn table(&self) -> &'static str {
        match self {
            Self::Staff(_) => "staff",
            Self::EndUser(_) => "end_users",
        }
    }

    /// The table of recovery codes, and its column that says whose they are.
    pub(crate) fn recovery_codes(&self) -> (&'static str, &'static str) {
        match self {
            Self::Staff(_) => ("recovery_codes", "staff_id"),
            Self::EndUser(_) => ("end_user_recovery_codes", "end_user_id"),
        }
    }
}

impl From<&StaffId> for Person {
    fn from(id: &StaffId) -> Self {
        Self::Staff(id.clone())
    }
}

impl From<&EndUserId> for Person {
    fn from(id: &EndUserId) -> Self {
        Self::EndUser(id.clone())
    }
}

impl From<&Person> for Person {
    fn from(person: &Person) -> Self {
        person.clone()
    }
}
