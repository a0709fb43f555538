//! A site's status and what it allows (R-T3).

use serde::{Deserialize, Serialize};

/// Most characters in a site's name and in its address (R-T1).
pub const MOST_NAME_CHARACTERS: usize = 128;

/// Where a site stands between the installer and its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteStatus {
    /// Nobody has been invited to own it.
    NotInvited,
    /// Invited; the invitation is not accepted, or the invited person is not registered.
    NotAccepted,
    /// It has an owner who has not authorized the company.
    NotAuthorized,
    /// It has an owner who authorized the company.
    Authorized,
}

/// What somebody wants to do with a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteAction {
    /// Search and view.
    View,
    /// Invite an owner.
    InviteOwner,
    /// Add, edit, delete devices.
    ManageDevices,
    /// Edit name, address, time zone.
    Edit,
    /// Delete the site.
    Delete,
    /// Apply for authorization by the owner.
    ApplyForAuthorization,
}

impl SiteStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::NotInvited, Self::NotAccepted, Self::NotAuthorized, Self::Authorized];

    /// Whether a site of this status allows `action`: the table of R-T3.
    pub fn allows(self, action: SiteAction) -> bool {
        use SiteAction as A;
        match self {
            Self::NotInvited | Self::NotAccepted => action != A::ApplyForAuthorization,
            Self::NotAuthorized => matches!(action, A::View | A::ApplyForAuthorization),
            Self::Authorized => matches!(action, A::View | A::ManageDevices | A::Edit),
        }
    }

    /// The stable code of a refusal because of this status.
    pub fn refusal_code(self) -> &'static str {
        match self {
            Self::NotInvited => "site_not_invited",
            Self::NotAccepted => "site_not_accepted",
            Self::NotAuthorized => "site_not_authorized",
            Self::Authorized => "site_authorized",
        }
    }

    /// The status as stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotInvited => "not_invited",
            Self::NotAccepted => "not_accepted",
            Self::NotAuthorized => "not_authorized",
            Self::Authorized => "authorized",
        }
    }

    /// Reads a stored status.
    pub fn from_stored(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use SiteAction as A;
    use SiteStatus as S;

    /// The table of R-T3, a row an action, a column a status.
    const TABLE: [(A, [bool; 4]); 6] = [
        (A::View, [true, true, true, true]),
        (A::InviteOwner, [true, true, false, false]),
        (A::ManageDevices, [true, true, false, true]),
        (A::Edit, [true, true, false, true]),
        (A::Delete, [true, true, false, false]),
        (A::ApplyForAuthorization, [false, false, true, false]),
    ];

    #[test]
    fn every_cell_of_the_status_table_holds() {
        for (action, row) in TABLE {
            for (status, allowed) in S::ALL.into_iter().zip(row) {
                assert_eq!(status.allows(action), allowed, "{action:?} in {status:?}");
            }
        }
    }

    #[test]
    fn a_stored_status_reads_back() {
        for status in S::ALL {
            assert_eq!(S::from_stored(status.as_str()), Some(status));
        }
        assert_eq!(S::from_stored("gone"), None);
    }
}
