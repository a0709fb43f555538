//! Alarm panels whose accounts are kept as they should be (R-A1 to R-A4).
//!
//! A panel has a row here beside its device's. The row outlives the device: whatever removes a device calls [`leave`], and
//! the row keeps what reaches the panel until the staff's accounts are off it. A worker leases rows that are due
//! ([`claim`]), reads everything that one comparison needs ([`get_case`]), writes down what it is about to do on the
//! panel before it does it ([`write_intents`]), and what came of it at the end ([`write_outcome`]).
//!
//! Whatever decides who has an account raises the row's version, so that a change in the middle of a comparison makes
//! the panel due again.

mod claiming;
mod following;
mod loading;
mod taking_over;
mod writing;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use siteward_domain::device::DeviceAddress;
use siteward_domain::panel_accounts::{AccountMethod, PersonKind, Situation};
use siteward_domain::{CompanyId, DeviceId, EndUserId, LinkId, PanelExitId, SerialNumber, SiteId, StaffId};

use crate::devices::Breaker;
use crate::error::StoreError;
use crate::panel_accounts::PanelAccount;
use crate::panel_passwords::{self, Holder};
use crate::vault::{SealedText, Vault};

pub use claiming::{any_due, claim, release, renew};
pub use following::{
    check, follow, leave, leave_site, leave_unbound, touch_company, touch_end_user, touch_returned, touch_site,
    touch_staff,
};
pub use loading::get_case;
pub use writing::{Outcome, Pace, Remaining, Rest, Written, write_intents, write_outcome};

/// Everything that one comparison of one panel needs.
#[derive(Debug, Clone)]
pub struct Case {
    /// The panel.
    pub device_id: DeviceId,
    /// The company.
    pub company_id: CompanyId,
    /// Its site; `None`: it is leaving the platform.
    pub site_id: Option<SiteId>,
    /// Its leaving, if it is leaving.
    pub exit: Option<Leaving>,
    /// How it is reached.
    pub way: Way,
    /// Who should have an account.
    pub situation: Situation,
    /// The accounts as known.
    pub accounts: Vec<PanelAccount>,
    /// Login passwords that wait to be delivered, of those who should have an account.
    pub passwords: Vec<Held>,
    /// The version of the row that this is.
    pub wanted_version: i32,
    /// Comparisons that failed, one after the other.
    pub failures: u32,
    /// How it keeps its accounts, once known.
    pub method: Option<AccountMethod>,
    /// Why the last comparison failed, if it did.
    pub reason_code: Option<String>,
}

/// A panel's leaving of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// Its id.
    pub exit_id: PanelExitId,
    /// Given up by itself then.
    pub give_up_at: Option<DateTime<Utc>>,
}

/// How a panel is reached and logged in to.
#[derive(Debug, Clone)]
pub struct Way {
    /// Where HTTP reaches it.
    pub address: DeviceAddress,
    /// The link it is reached through, and its serial there; `None`: directly.
    pub link: Option<(LinkId, SerialNumber)>,
    /// SHA-256 of the pinned TLS certificate, hex.
    pub pin: Option<String>,
    /// The user name on the panel.
    pub user_name: String,
    /// The password, sealed for [`crate::devices::password_place`], also when the device is gone.
    pub sealed_password: SealedText,
    /// The version of that login; 0 for a panel that is leaving.
    pub credential_version: i32,
    /// Why it is not logged in to any more, if so.
    pub breaker: Option<Breaker>,
}

/// A login password that waits to be delivered.
#[derive(Debug, Clone)]
pub struct Held {
    /// Staff or end user.
    pub person: PersonKind,
    /// Their id.
    pub person_id: String,
    /// Which of that person's passwords.
    pub version: i32,
    /// Sealed for its row of `panel_passwords`.
    pub sealed: SealedText,
}

impl Held {
    /// Opens it. `company`: that of the panel, and so of the member of staff.
    pub fn open(&self, vault: &Vault, company: &CompanyId) -> Result<SecretString, StoreError> {
        let unreadable = |_| StoreError::Unreadable { column: "panel_passwords.person_id" };
        let opened = match self.person {
            PersonKind::Staff => {
                let id = StaffId::parse(&self.person_id).map_err(unreadable)?;
                panel_passwords::open_held(vault, Holder::Staff(company, &id), &self.sealed)
            }
            PersonKind::EndUser => {
                let id = EndUserId::parse(&self.person_id).map_err(unreadable)?;
                panel_passwords::open_held(vault, Holder::EndUser(&id), &self.sealed)
            }
        };
        Ok(opened?)
    }
}

#[cfg(test)]
mod tests;
