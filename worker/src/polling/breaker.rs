//! The breaker of a device's credential (R-H3): looking after a device never locks it.
//!
//! A refused login opens the breaker for that credential until the credential changes or a person asks. A locked
//! account is left alone until it unlocks and then tried once. Too many sessions are waited out.

use chrono::{DateTime, Duration, Utc};
use siteward_domain::health::Reachability;

/// How long a lock lasts where the device does not tell: as the maker's devices have it, 1,800 seconds.
const LOCK_WITHOUT_END: Duration = Duration::minutes(30);
/// Waited beyond the end of a lock, for clocks and rounding.
const AFTER_A_LOCK: Duration = Duration::seconds(10);
/// Waits for a free session grow up to this.
const LONGEST_SESSION_WAIT: Duration = Duration::minutes(15);

/// Whether a credential may be sent to its device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breaker {
    /// It may.
    Closed,
    /// It was refused.
    Refused {
        /// What the device said of tries left.
        tries_left: Option<u32>,
    },
    /// The account is locked.
    Locked {
        /// No try before.
        until: DateTime<Utc>,
    },
    /// The device has too many sessions.
    Busy {
        /// No try before.
        until: DateTime<Utc>,
        /// How long this wait is.
        wait: Duration,
    },
}

impl Breaker {
    /// Whether the credential may be sent now.
    pub(crate) fn allows(self, now: DateTime<Utc>) -> bool {
        match self {
            Self::Closed => true,
            Self::Refused { .. } => false,
            Self::Locked { until } | Self::Busy { until, .. } => now >= until,
        }
    }

    /// The breaker after a look that sent the credential (or could have).
    pub(crate) fn after(self, reachability: &Reachability, now: DateTime<Utc>, period: Duration) -> Self {
        match reachability {
            Reachability::Ok => Self::Closed,
            Reachability::LoginRefused { tries_left } => Self::Refused { tries_left: *tries_left },
            Reachability::Locked { until } => {
                let end = until.filter(|until| *until > now).unwrap_or(now + LOCK_WITHOUT_END);
                Self::Locked { until: end + AFTER_A_LOCK }
            }
            Reachability::TooManySessions => {
                let wait = match self {
                    Self::Busy { wait, .. } => wait * 2,
                    _ => period.max(Duration::seconds(1)),
                };
                let wait = wait.min(LONGEST_SESSION_WAIT);
                Self::Busy { until: now + wait, wait }
            }
            // None of these says anything about the credential: it was not judged.
            Reachability::Unreachable { .. } | Reachability::CertificateChanged { .. } | Reachability::NotActivated => {
                self
            }
        }
    }

    /// What a device that still answers is known to say while its credential may not be sent.
    pub(crate) fn standing(self) -> Reachability {
        match self {
            Self::Closed => Reachability::Ok,
            Self::Refused { tries_left } => Reachability::LoginRefused { tries_left },
            Self::Locked { until } => Reachability::Locked { until: Some(until - AFTER_A_LOCK) },
            Self::Busy { .. } => Reachability::TooManySessions,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIOD: Duration = Duration::seconds(60);

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn a_refused_login_is_never_tried_again() {
        let refused = Breaker::Closed.after(&Reachability::LoginRefused { tries_left: Some(4) }, at(0), PERIOD);
        assert!(!refused.allows(at(0)));
        assert!(!refused.allows(at(10 * 365 * 24 * 3600)));
        assert_eq!(refused.standing(), Reachability::LoginRefused { tries_left: Some(4) });
    }

    #[test]
    fn losing_the_device_from_sight_does_not_close_the_breaker() {
        let refused = Breaker::Refused { tries_left: None };
        let gone = Reachability::Unreachable { reason: "timeout".into() };
        assert_eq!(refused.after(&gone, at(0), PERIOD), refused);
    }

    #[test]
    fn a_lock_is_waited_out_and_then_tried() {
        let locked = Breaker::Closed.after(&Reachability::Locked { until: Some(at(600)) }, at(0), PERIOD);
        assert!(!locked.allows(at(600)));
        assert!(locked.allows(at(610)));
        assert_eq!(locked.standing(), Reachability::Locked { until: Some(at(600)) });
        let silent = Breaker::Closed.after(&Reachability::Locked { until: None }, at(0), PERIOD);
        assert!(!silent.allows(at(1799)) && silent.allows(at(1810)));
    }

    #[test]
    fn waits_for_a_session_double_up_to_a_quarter_of_an_hour() {
        let mut breaker = Breaker::Closed;
        let mut waits = Vec::new();
        for _ in 0..6 {
            breaker = breaker.after(&Reachability::TooManySessions, at(0), PERIOD);
            let Breaker::Busy { wait, .. } = breaker else { panic!("{breaker:?}") };
            waits.push(wait.num_minutes());
        }
        assert_eq!(waits, vec![1, 2, 4, 8, 15, 15]);
        assert_eq!(breaker.after(&Reachability::Ok, at(0), PERIOD), Breaker::Closed);
    }
}
