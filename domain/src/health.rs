//! Health: the outcome of a poll, freshness of facts (R-H1), and the state a person sees.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// Which part of a device a fact is about; each is measured and ages on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Whether it answers and accepts the login; value: [`Reachability`].
    Reachability,
    /// [`crate::observation::Identity`].
    Identity,
    /// [`crate::observation::RunStatus`].
    Status,
    /// A list of [`crate::observation::Channel`].
    Channels,
    /// A list of [`crate::observation::Disk`].
    Disks,
    /// A list of [`crate::observation::NetworkInterface`].
    Network,
    /// [`crate::observation::Clock`].
    Clock,
    /// [`crate::observation::UserCheck`].
    UserCheck,
    /// [`crate::observation::Capabilities`].
    Capabilities,
    /// [`crate::panel::PanelStatus`]; of alarm panels only.
    Panel,
    /// A list of [`crate::observation::DiskSmart`].
    Smart,
    /// [`crate::observation::Recording`].
    Recording,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 12] = [
        Self::Reachability,
        Self::Identity,
        Self::Status,
        Self::Channels,
        Self::Disks,
        Self::Network,
        Self::Clock,
        Self::UserCheck,
        Self::Capabilities,
        Self::Panel,
        Self::Smart,
        Self::Recording,
    ];

    /// The topic as stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reachability => "reachability",
            Self::Identity => "identity",
            Self::Status => "status",
            Self::Channels => "channels",
            Self::Disks => "disks",
            Self::Network => "network",
            Self::Clock => "clock",
            Self::UserCheck => "user_check",
            Self::Capabilities => "capabilities",
            Self::Panel => "panel",
            Self::Smart => "smart",
            Self::Recording => "recording",
        }
    }

    /// Reads a stored topic.
    pub fn from_stored(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.as_str() == text)
    }

    /// Every how many poll periods this topic is measured; it is stale after two such spans.
    ///
    /// The status is asked at every look, for it is the cheapest question there is. It changes with every answer,
    /// so it is written down every fifth time, or at once when it tells something new ([`RunStatus::tells_news_after`]).
    ///
    /// [`RunStatus::tells_news_after`]: crate::observation::RunStatus::tells_news_after
    pub fn periods(self) -> u32 {
        match self {
            Self::Reachability | Self::Channels | Self::Panel => 1,
            Self::Status | Self::Disks => 5,
            Self::Clock => 15,
            Self::Identity | Self::Network | Self::UserCheck | Self::Capabilities | Self::Smart | Self::Recording => 60,
        }
    }

    /// Whether a value measured at `measured_at` still counts at `now` (R-H1).
    pub fn is_fresh(self, measured_at: DateTime<Utc>, now: DateTime<Utc>, period: Duration) -> bool {
        now - measured_at <= period * (2 * i32::try_from(self.periods()).unwrap_or(1))
    }
}

/// Whether a device could be reached and logged in to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Reachability {
    /// It answered and accepted the login.
    Ok,
    /// No connection or no answer in time; `reason` is a stable code such as `timeout`, `refused`, `dns`, `bad_answer`.
    Unreachable {
        /// A stable code.
        reason: String,
    },
    /// It refused user name or password. Not tried again until they change or a person asks (R-H3).
    LoginRefused {
        /// Tries left before it locks, where it tells.
        tries_left: Option<u32>,
    },
    /// It locked the account or our address.
    Locked {
        /// When it unlocks, where it tells.
        until: Option<DateTime<Utc>>,
    },
    /// It has too many sessions just now; the credential is not at fault.
    TooManySessions,
    /// Its TLS certificate is not the one pinned at first use.
    CertificateChanged {
        /// SHA-256 of the certificate now shown, hex.
        fingerprint: String,
    },
    /// It has never been activated: no password is set yet.
    NotActivated,
}

impl Reachability {
    /// The stable code of this state, also used as a failure code of imports and manual adds.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Unreachable { .. } => "device_unreachable",
            Self::LoginRefused { .. } => "device_login_refused",
            Self::Locked { .. } => "device_locked",
            Self::TooManySessions => "device_too_many_sessions",
            Self::CertificateChanged { .. } => "device_certificate_changed",
            Self::NotActivated => "device_not_activated",
        }
    }

    /// Whether the device answered at all, whatever it said.
    pub fn answered(&self) -> bool {
        !matches!(self, Self::Unreachable { .. })
    }
}

/// The one word a person sees for a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceHealth {
    /// Reached, logged in, nothing wrong that we can see.
    Healthy,
    /// Reached, and something is wrong: a disk, a channel, a picture.
    Faulty,
    /// Reached, but the login does not work (refused, locked, certificate changed, not activated).
    LoginFailed,
    /// Not reached.
    Offline,
    /// Not measured recently enough to say (R-H1).
    Unknown,
}

impl DeviceHealth {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Healthy, Self::Faulty, Self::LoginFailed, Self::Offline, Self::Unknown];

    /// The state as stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Faulty => "faulty",
            Self::LoginFailed => "login_failed",
            Self::Offline => "offline",
            Self::Unknown => "unknown",
        }
    }

    /// Reads a stored state.
    pub fn from_stored(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|health| health.as_str() == text)
    }

    /// Judges a device at the time of a look, from its reachability and whether a fault exception is open.
    pub fn judge(reachability: &Reachability, faults_open: bool) -> Self {
        match reachability {
            Reachability::Unreachable { .. } => Self::Offline,
            Reachability::LoginRefused { .. }
            | Reachability::Locked { .. }
            | Reachability::CertificateChanged { .. }
            | Reachability::NotActivated => Self::LoginFailed,
            Reachability::TooManySessions => Self::Unknown,
            Reachability::Ok if faults_open => Self::Faulty,
            Reachability::Ok => Self::Healthy,
        }
    }

    /// What is shown at `now` for a state judged at `measured_at`: stale is unknown, never good.
    #[must_use]
    pub fn shown(self, measured_at: Option<DateTime<Utc>>, now: DateTime<Utc>, period: Duration) -> Self {
        match measured_at {
            Some(at) if Topic::Reachability.is_fresh(at, now, period) => self,
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn a_state_older_than_two_periods_is_unknown() {
        let period = Duration::seconds(60);
        let healthy = DeviceHealth::Healthy;
        assert_eq!(healthy.shown(Some(at(0)), at(120), period), DeviceHealth::Healthy);
        assert_eq!(healthy.shown(Some(at(0)), at(121), period), DeviceHealth::Unknown);
        assert_eq!(healthy.shown(None, at(0), period), DeviceHealth::Unknown);
    }

    #[test]
    fn every_reachability_has_its_health() {
        let refused = Reachability::LoginRefused { tries_left: None };
        let gone = Reachability::Unreachable { reason: "timeout".into() };
        assert_eq!(DeviceHealth::judge(&Reachability::Ok, false), DeviceHealth::Healthy);
        assert_eq!(DeviceHealth::judge(&Reachability::Ok, true), DeviceHealth::Faulty);
        assert_eq!(DeviceHealth::judge(&refused, true), DeviceHealth::LoginFailed);
        assert_eq!(DeviceHealth::judge(&gone, false), DeviceHealth::Offline);
    }
}
