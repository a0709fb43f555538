//! An alarm panel of the AX family: accounts, sessions, what it watches, and what can go wrong with it.
//!
//! A panel is a device like the others, with this beside what they have. **Invariant:** who locks both a panel and a
//! door locks the panel first.

use crate::device::{Device, held};
use crate::identity::{self, Identity};
use crate::settings::DeviceSettings;

pub(crate) mod accounts;
mod arming;
mod assumed;
pub(crate) mod change;
pub(crate) mod entrance;
mod premises;
mod roles;
pub(crate) mod routes;
mod sessions;
mod status;

use accounts::{Account, Accounts, OWN};
pub use change::{PanelAccountChange, PanelAccountView, PanelChange, PanelFailure, PanelView, ZoneChange};
use premises::Premises;
pub use premises::{Arming, PanelBattery, PanelLink};
pub use roles::PanelRole;
use sessions::{Sessions, Style};

/// The state of a panel.
pub(crate) struct Panel {
    pub(crate) accounts: Accounts,
    pub(crate) sessions: Sessions,
    pub(crate) premises: Premises,
    pub(crate) switches: Switches,
    style: Style,
    serial: String,
}

/// How a panel behaves at the moment.
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own that any combination may have")]
pub(crate) struct Switches {
    pub(crate) digest: bool,
    pub(crate) cloud_user_manage: bool,
    pub(crate) installer_may_arm: bool,
    pub(crate) json_as_xml: bool,
    /// Writes that fail from now on, and how.
    pub(crate) fail_next_writes: u32,
    pub(crate) failing: PanelFailure,
}

impl Panel {
    /// The panel of a device that is one.
    pub(crate) fn new(given: &DeviceSettings, identity: &Identity, seed: u64, index: usize) -> Option<Self> {
        if !identity.profile.is_panel() {
            return None;
        }
        let panel = &given.panel;
        let installer = identity::password(seed.rotate_left(9), index);
        let mut accounts = Accounts::new(&given.user, panel.role, installer, &panel.accounts, panel.user_limit);
        accounts.expire_local_admin = panel.expire_local_admin;
        Some(Self {
            accounts,
            sessions: Sessions::new(panel.session_limit, panel.session_idle),
            premises: Premises::new(panel.zones, panel.areas),
            switches: Switches {
                digest: panel.digest,
                cloud_user_manage: panel.cloud_user_manage,
                installer_may_arm: panel.installer_may_arm,
                json_as_xml: panel.json_as_xml,
                fail_next_writes: 0,
                failing: PanelFailure::Busy,
            },
            style: Style::of(identity.profile),
            serial: identity.short_serial.clone(),
        })
    }

    /// The password of an account; that of the device's own is kept by its door.
    pub(crate) fn password_of(account: &Account, device: &Device) -> String {
        account.password.clone().unwrap_or_else(|| held(&device.door).password().to_owned())
    }

    /// Hands a new password of the device's own account to the door.
    pub(crate) fn pass_on(index: u32, password: Option<&str>, device: &Device) {
        if let Some(password) = password.filter(|_| index == OWN) {
            held(&device.door).set_password(password);
        }
    }
}
