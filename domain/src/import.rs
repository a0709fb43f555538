//! Importing devices from a vendor export QR (R-D2): states of the import and of its rows.

use serde::{Deserialize, Serialize};

use crate::words::words;

/// How long passwords wait, sealed, between scan and confirm, in seconds.
pub const WAIT_SECONDS: i64 = 15 * 60;
/// Ports tried for HTTP(S), after the one that the QR gives (R-D2).
pub const HTTP_PORTS: [u16; 4] = [80, 443, 8080, 8443];

words! {
    /// What was scanned.
    pub enum ImportKind {
        /// An export of the vendor's clients: anyone with the picture has the passwords.
        VendorExport = "vendor_export",
        /// A sealed QR of ours.
        Sealed = "sealed",
    }
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// The QR carries a password of its own, which is not given yet; no row is told.
    PasswordNeeded,
    /// The rows are listed and wait for ticks.
    Ready,
    /// Ticked rows are being added.
    Running,
    /// Every ticked row has ended.
    Done,
    /// Nobody confirmed within 15 minutes; its secrets are erased.
    Expired,
}

impl ImportState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::PasswordNeeded, Self::Ready, Self::Running, Self::Done, Self::Expired];

    /// The state as stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PasswordNeeded => "password_needed",
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Done => "done",
            Self::Expired => "expired",
        }
    }

    /// Reads a stored state.
    pub fn from_stored(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// Where one row of an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// Can be ticked.
    New,
    /// The same address and port stand earlier in this QR.
    DuplicateInQr,
    /// A device of this site has the address.
    OnThisSite,
    /// A device of another site of the company has the address.
    OnOtherSite,
    /// The entry's mode is not 0, whose meaning is not known.
    UnsupportedEntry,
    /// The record cannot be read; the reason tells how.
    Invalid,
    /// The address may not be dialled by policy.
    AddressNotAllowed,
    /// Ticked, waits for its turn.
    Waiting,
    /// Being tried.
    Running,
    /// Added; the row names the device.
    Added,
    /// Not added; the reason tells why.
    Failed,
}

impl RowState {
    /// Every state.
    pub const ALL: [Self; 11] = [
        Self::New,
        Self::DuplicateInQr,
        Self::OnThisSite,
        Self::OnOtherSite,
        Self::UnsupportedEntry,
        Self::Invalid,
        Self::AddressNotAllowed,
        Self::Waiting,
        Self::Running,
        Self::Added,
        Self::Failed,
    ];

    /// The state as stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::DuplicateInQr => "duplicate_in_qr",
            Self::OnThisSite => "on_this_site",
            Self::OnOtherSite => "on_other_site",
            Self::UnsupportedEntry => "unsupported_entry",
            Self::Invalid => "invalid",
            Self::AddressNotAllowed => "address_not_allowed",
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Added => "added",
            Self::Failed => "failed",
        }
    }

    /// Reads a stored state.
    pub fn from_stored(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether a person may tick the row.
    pub fn can_be_ticked(self) -> bool {
        self == Self::New
    }

    /// Whether nothing more will happen to a ticked row.
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Added | Self::Failed)
    }
}

/// Every port to try for HTTP(S), in order, the given one first, none twice.
pub fn ports_to_try(given: u16) -> Vec<u16> {
    let mut ports = vec![given];
    ports.extend(HTTP_PORTS.into_iter().filter(|port| *port != given));
    ports
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_given_port_is_tried_first_and_none_twice() {
        assert_eq!(ports_to_try(8000), vec![8000, 80, 443, 8080, 8443]);
        assert_eq!(ports_to_try(443), vec![443, 80, 8080, 8443]);
    }
}
