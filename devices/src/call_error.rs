//! What can go wrong in a call to a device, told apart as far as a person can act on it.

use std::io;

use chrono::{DateTime, Utc};
use siteward_domain::health::Reachability;

use crate::address_policy::AddressRefused;

/// Why a call to a device gave no answer that could be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// No connection, or no answer in time.
    #[error("the device cannot be reached: {reason}")]
    Unreachable {
        /// A stable code: `timeout`, `refused`, `no_route`, `dns`, `closed`, `tls` or `network`; over a link also
        /// `link_down`, `unknown_device` (the link has not found it) and `port_not_allowed`.
        reason: &'static str,
    },
    /// User name or password refused. The client that met this never tries again.
    #[error("the device refused user name or password")]
    LoginRefused {
        /// Tries left before it locks, where it tells.
        tries_left: Option<u32>,
    },
    /// The device wants a login, and none was given to the client.
    #[error("the device wants a login")]
    NeedsLogin,
    /// The device locked the account or our address.
    #[error("the device has locked this login")]
    Locked {
        /// When it unlocks, where it tells.
        until: Option<DateTime<Utc>>,
    },
    /// Too many sessions just now; the credential is not at fault.
    #[error("the device has too many sessions")]
    TooManySessions,
    /// The TLS certificate is not the one pinned at first use. Nothing was sent.
    #[error("the device shows another certificate than the one pinned")]
    CertificateChanged {
        /// SHA-256 of the certificate now shown, hex.
        fingerprint: String,
    },
    /// The device has never been activated.
    #[error("the device is not activated")]
    NotActivated,
    /// The device does not have this resource.
    #[error("the device does not support this")]
    NotSupported,
    /// The account may not read this resource.
    #[error("the account has too few rights on the device")]
    LowPrivilege,
    /// An answer that is no ISAPI, too large, a redirect, or broken.
    #[error("the device gave an answer that cannot be used: {what}")]
    BadAnswer {
        /// What is wrong with it: a stable code such as `redirect`, `too_large`, `not_http`.
        what: &'static str,
    },
    /// The address may not be dialled.
    #[error(transparent)]
    AddressRefused(#[from] AddressRefused),
    /// The device refused for a reason of its own, e.g. busy.
    #[error("the device refused: {sub_status_code} ({status_code})")]
    Refused {
        /// `statusCode` of its `ResponseStatus`, or the HTTP status where there is none.
        status_code: u32,
        /// `subStatusCode` as the device writes it; may be empty.
        sub_status_code: String,
    },
}

impl CallError {
    /// What this says of the device's reachability; `None` where it says nothing (address refused by policy).
    pub fn reachability(&self) -> Option<Reachability> {
        Some(match self {
            Self::Unreachable { reason } => Reachability::Unreachable { reason: (*reason).to_owned() },
            Self::BadAnswer { .. } => Reachability::Unreachable { reason: "bad_answer".to_owned() },
            Self::LoginRefused { tries_left } => Reachability::LoginRefused { tries_left: *tries_left },
            Self::Locked { until } => Reachability::Locked { until: *until },
            Self::TooManySessions => Reachability::TooManySessions,
            Self::CertificateChanged { fingerprint } => {
                Reachability::CertificateChanged { fingerprint: fingerprint.clone() }
            }
            Self::NotActivated => Reachability::NotActivated,
            // It answered us, logged in; it only does not do this one thing.
            Self::NotSupported | Self::LowPrivilege | Self::NeedsLogin | Self::Refused { .. } => Reachability::Ok,
            Self::AddressRefused(_) => return None,
        })
    }

    /// A stable code, also used as a failure code of imports and manual adds.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "device_unreachable",
            Self::LoginRefused { .. } => "device_login_refused",
            Self::NeedsLogin => "device_needs_login",
            Self::Locked { .. } => "device_locked",
            Self::TooManySessions => "device_too_many_sessions",
            Self::CertificateChanged { .. } => "device_certificate_changed",
            Self::NotActivated => "device_not_activated",
            Self::NotSupported => "device_not_supported",
            Self::LowPrivilege => "device_low_privilege",
            Self::BadAnswer { .. } => "device_bad_answer",
            Self::AddressRefused(refused) => refused.code(),
            Self::Refused { .. } => "device_refused",
        }
    }

    /// Whether this ends a look at once: every further call would meet the same.
    pub(crate) fn ends_a_look(&self) -> bool {
        !matches!(self, Self::NotSupported | Self::LowPrivilege | Self::Refused { .. } | Self::BadAnswer { .. })
    }
}

/// The stable code of an I/O error.
pub(crate) fn unreachable_because(error: &io::Error) -> CallError {
    use io::ErrorKind as Kind;
    let reason = match error.kind() {
        Kind::ConnectionRefused => "refused",
        Kind::HostUnreachable | Kind::NetworkUnreachable | Kind::NetworkDown | Kind::AddrNotAvailable => "no_route",
        Kind::TimedOut => "timeout",
        Kind::ConnectionReset
        | Kind::ConnectionAborted
        | Kind::BrokenPipe
        | Kind::UnexpectedEof
        // A stream of a link that ended.
        | Kind::WriteZero => "closed",
        _ => "network",
    };
    CallError::Unreachable { reason }
}
