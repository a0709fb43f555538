//! What an alarm panel starts with; the other devices leave it aside.

use std::time::Duration;

use serde::Deserialize;

use crate::panel::PanelRole;

/// Settings of an alarm panel.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own that any combination may have")]
pub struct PanelSettings {
    /// The role of the device's own account, which has number 1.
    pub role: PanelRole,
    /// Further accounts.
    pub accounts: Vec<PanelAccount>,
    /// How many accounts it holds, its own two among them.
    pub user_limit: usize,
    /// How many sessions are open at a time; one more is refused.
    pub session_limit: usize,
    /// How long a session may be idle.
    pub session_idle: Duration,
    /// Whether it takes digest for what lies outside of the panel's own resources; without, it offers no challenge.
    pub digest: bool,
    /// Whether it knows `CloudUserManage`; without, it has the older `Configuration/users`.
    pub cloud_user_manage: bool,
    /// Whether creating a cloudAdmin expires the localAdmin, as the vendor says.
    pub expire_local_admin: bool,
    /// Whether installers may arm.
    pub installer_may_arm: bool,
    /// Whether all of its JSON is labelled as XML; the list of peripherals always is.
    pub json_as_xml: bool,
    /// How many zones it has; they count from 0.
    pub zones: u32,
    /// How many areas; they count from 1.
    pub areas: u32,
}

impl Default for PanelSettings {
    fn default() -> Self {
        Self {
            role: PanelRole::LocalAdmin,
            accounts: Vec::new(),
            user_limit: 64,
            session_limit: 16,
            session_idle: Duration::from_secs(5 * 60),
            digest: true,
            cloud_user_manage: true,
            expire_local_admin: false,
            installer_may_arm: false,
            json_as_xml: false,
            zones: 6,
            areas: 2,
        }
    }
}

/// An account that a panel has without anybody having created it over the network.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PanelAccount {
    /// Its name. Two accounts may share one, if one is an installer's and the other is not.
    pub name: String,
    /// What it is.
    pub role: PanelRole,
    /// Its password, whatever the panel's rules say about it.
    pub password: String,
    /// Its mail address.
    #[serde(default)]
    pub email: String,
    /// Its phone number.
    #[serde(default)]
    pub phone: String,
    /// Whether it can sign in.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Whether it was replaced and cannot sign in any more.
    #[serde(default)]
    pub expired: bool,
}

impl PanelAccount {
    /// An account that can sign in.
    pub fn new(name: impl Into<String>, role: PanelRole, password: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            role,
            password: password.into(),
            email: String::new(),
            phone: String::new(),
            enabled: true,
            expired: false,
        }
    }
}

const fn yes() -> bool {
    true
}
