//! What an account of a panel may do; one table, so that a corrected fact is one line.

use serde::{Deserialize, Serialize};

/// What an account of an alarm panel is, in the panel's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PanelRole {
    /// The first account of every panel.
    LocalAdmin,
    /// The installer that every panel has from the factory, disabled until the admin enables it.
    LocalInstaller,
    /// Somebody who arms and disarms.
    LocalOperator,
    /// The owner's cloud account.
    CloudAdmin,
    /// Somebody whom the owner let in.
    CloudOperator,
    /// The installer's company.
    InstallerAdmin,
    /// One of its people.
    InstallerEmployee,
}

/// What a role may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rights {
    /// Arm, disarm, clear alarms.
    pub(crate) arm: Arm,
    /// Bypass zones.
    pub(crate) bypass: bool,
    /// See, create, change and delete accounts.
    pub(crate) accounts: bool,
    /// Change how the panel itself is set up.
    pub(crate) configure: bool,
}

/// Whether a role arms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arm {
    Always,
    /// Only where the panel lets installers.
    WhereLet,
}

impl PanelRole {
    /// Every role.
    pub const ALL: [Self; 7] = [
        Self::LocalAdmin,
        Self::LocalInstaller,
        Self::LocalOperator,
        Self::CloudAdmin,
        Self::CloudOperator,
        Self::InstallerAdmin,
        Self::InstallerEmployee,
    ];

    /// The panel's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LocalAdmin => "localAdmin",
            Self::LocalInstaller => "localInstaller",
            Self::LocalOperator => "localOperator",
            Self::CloudAdmin => "cloudAdmin",
            Self::CloudOperator => "cloudOperator",
            Self::InstallerAdmin => "installerAdmin",
            Self::InstallerEmployee => "installerEmployee",
        }
    }

    /// The role of a word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// As `X-Userlevel` counts: 0 for installers, 1 for everybody else.
    pub(crate) const fn level(self) -> u8 {
        match self {
            Self::LocalInstaller | Self::InstallerAdmin | Self::InstallerEmployee => 0,
            _ => 1,
        }
    }

    /// Whether every panel has exactly one of these.
    pub(crate) const fn is_factory(self) -> bool {
        matches!(self, Self::LocalAdmin | Self::LocalInstaller)
    }

    /// The table. **[?]** not verified on hardware: the manuals say that administrators and installers manage users, and
    /// that an installer arms only where the owner lets them; the rest is what follows from the words.
    pub(crate) const fn rights(self) -> Rights {
        let (arm, bypass, accounts, configure) = match self {
            Self::LocalAdmin | Self::CloudAdmin => (Arm::Always, true, true, true),
            Self::LocalOperator | Self::CloudOperator => (Arm::Always, true, false, false),
            Self::LocalInstaller | Self::InstallerAdmin => (Arm::WhereLet, true, true, true),
            Self::InstallerEmployee => (Arm::WhereLet, true, false, true),
        };
        Rights { arm, bypass, accounts, configure }
    }
}
