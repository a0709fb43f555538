//! Whether a device is as well after an upgrade as it was before.

use chrono::{DateTime, Duration, Utc};
use siteward_domain::upgrade::HealthMark;
use siteward_domain::{CompanyId, DeviceId};
use siteward_store::{DbConn, StoreError, devices, exceptions};

/// How a device is, as far as that is known, and when that was measured.
pub(super) fn mark(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &DeviceId,
    now: DateTime<Utc>,
    period: Duration,
) -> Result<(HealthMark, Option<DateTime<Utc>>), StoreError> {
    let device = devices::get_device(conn, company, id)?;
    let open = exceptions::open_of_devices(conn, &[id])?.remove(id).unwrap_or_default();
    let health = device.health.shown(device.measured_at, now, period);
    Ok((HealthMark { health, exceptions: open }, device.measured_at))
}

/// What a comparison came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Compared {
    /// It is not known yet, or may still get better.
    NotYet,
    /// It is as well as before.
    AsBefore,
    /// It is worse off.
    Worse,
    /// Nobody looked at it in time.
    Unknown,
}

/// Compares.
pub(super) fn compare(
    before: Option<&HealthMark>,
    after: &HealthMark,
    measured_at: Option<DateTime<Utc>>,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
    settles: Duration,
) -> Compared {
    let is_over = now - since > settles;
    if measured_at.is_none_or(|at| at <= since) {
        return if is_over { Compared::Unknown } else { Compared::NotYet };
    }
    match before {
        Some(before) if before.is_worse_after(after) && is_over => Compared::Worse,
        Some(before) if before.is_worse_after(after) => Compared::NotYet,
        _ => Compared::AsBefore,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use siteward_domain::exception::{ExceptionKey, ExceptionKind};
    use siteward_domain::health::DeviceHealth;

    #[test]
    fn a_device_that_is_worse_off_has_some_time_to_get_better() {
        let at = |seconds: i64| DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap();
        let mark = |kinds: &[ExceptionKind]| HealthMark {
            health: DeviceHealth::Healthy,
            exceptions: kinds.iter().copied().map(ExceptionKey::of_device).collect(),
        };
        let (before, bad) = (mark(&[]), mark(&[ExceptionKind::NoDisk]));
        let settles = Duration::seconds(300);
        let compare = |after: &HealthMark, measured: i64, now: i64| {
            compare(Some(&before), after, Some(at(measured)), at(0), at(now), settles)
        };
        assert_eq!(compare(&before, -5, 10), Compared::NotYet, "measured before it was back");
        assert_eq!(compare(&before, -5, 301), Compared::Unknown);
        assert_eq!(compare(&before, 5, 10), Compared::AsBefore);
        assert_eq!(compare(&bad, 5, 10), Compared::NotYet);
        assert_eq!(compare(&bad, 5, 301), Compared::Worse);
    }
}
