//! A device as lists show it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::exception::ExceptionKey;
use siteward_store::devices as stored;
use siteward_store::history::UptimeHour;
use utoipa::ToSchema;

use super::{Compatibility, FirmwareVerdict};
use crate::monitoring::Monitoring;
use crate::platform::Yardstick;
use crate::words::{DeviceHealth, DeviceKind, ExceptionKind, Scheme};

/// Hours that a list shows of each device.
const HOURS_SHOWN: i64 = 24;

/// A device in a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeviceSummary {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its site.
    #[schema(format = "uuid")]
    site_id: String,
    /// The site's name.
    site_name: String,
    /// Its name; may be empty.
    name: String,
    /// What it is.
    kind: DeviceKind,
    /// Whether a person said what it is.
    kind_is_manual: bool,
    /// Its model as it writes it; may be empty.
    model: String,
    /// Its firmware as it writes it; may be empty.
    firmware: String,
    /// What is known of that firmware.
    firmware_verdict: FirmwareVerdict,
    /// What that firmware is too old for; null where no rule speaks against it.
    #[schema(required = true)]
    compatibility: Option<Compatibility>,
    /// Whether and why it is watched.
    monitoring: Monitoring,
    /// Its short serial number.
    #[schema(required = true)]
    serial: Option<String>,
    /// How the platform reaches it.
    access: Access,
    /// The link it is reached through.
    #[schema(required = true)]
    link: Option<LinkOfDevice>,
    /// Its MAC address, where it is known.
    #[schema(required = true)]
    mac: Option<String>,
    /// How HTTP reaches it.
    scheme: Scheme,
    /// Where.
    host: String,
    /// On which port.
    port: u16,
    /// The user name on the device.
    user_name: String,
    /// Its state; `unknown` when it was not looked at lately, or nobody watches it.
    health: DeviceHealth,
    /// Since when it is in that state.
    #[schema(required = true)]
    health_since: Option<DateTime<Utc>>,
    /// When it was last looked at.
    #[schema(required = true)]
    measured_at: Option<DateTime<Utc>>,
    /// What is wrong with it now.
    open_exceptions: Vec<OpenException>,
    /// The last 24 hours, oldest first; null for an hour in which nobody looked.
    heartbeat: Vec<Option<Heartbeat>>,
}

/// How the platform reaches a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Access {
    /// Straight, at its address.
    Direct,
    /// Through a link in its LAN.
    Link,
}

/// The link that a device is reached through.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkOfDevice {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name.
    name: String,
    /// Whether it is connected.
    online: bool,
}

/// Something that is wrong now.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpenException {
    /// What.
    kind: ExceptionKind,
    /// With which part: a channel number or disk id; empty for the device itself.
    part: String,
}

/// One hour of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Heartbeat {
    /// When the hour began.
    hour: DateTime<Utc>,
    /// Seconds seen up.
    up_seconds: u32,
    /// Seconds seen down.
    down_seconds: u32,
}

impl DeviceSummary {
    /// Shows a device as it stands now: what is stale is unknown (R-H1).
    pub(crate) fn new(summary: stored::DeviceSummary, now: DateTime<Utc>, yardstick: &Yardstick) -> Self {
        let device = summary.device;
        let shown = device.health.shown(device.measured_at, now, yardstick.period);
        let (known, monitoring) = (&yardstick.firmware, Monitoring::of(&device));
        let open = summary.open_exceptions.into_iter();
        Self {
            id: device.id.to_string(),
            site_id: device.site_id.to_string(),
            site_name: device.site_name,
            name: device.name,
            kind: DeviceKind(device.kind),
            kind_is_manual: device.kind_is_manual,
            firmware_verdict: known.vulnerabilities.judge(&device.model, &device.firmware).into(),
            compatibility: summary.standing.incompatibility.map(Into::into),
            monitoring,
            model: device.model,
            firmware: device.firmware,
            serial: device.serial.map(Into::into),
            access: if device.link_id.is_some() { Access::Link } else { Access::Direct },
            link: device.link_id.zip(device.link).map(|(id, link)| LinkOfDevice {
                id: id.to_string(),
                name: link.name,
                online: link.online,
            }),
            mac: device.mac,
            scheme: Scheme(device.address.scheme),
            host: device.address.host,
            port: device.address.port,
            user_name: device.user_name,
            health: DeviceHealth(shown),
            health_since: device.health_since.filter(|_| shown == device.health),
            measured_at: device.measured_at,
            open_exceptions: open.map(Into::into).collect(),
            heartbeat: Heartbeat::fill(&summary.heartbeat, now, HOURS_SHOWN),
        }
    }
}

impl From<ExceptionKey> for OpenException {
    fn from(key: ExceptionKey) -> Self {
        Self { kind: ExceptionKind(key.kind), part: key.part }
    }
}

impl Heartbeat {
    /// The last `count` hours up to the running one, oldest first, with gaps where nobody looked.
    pub(crate) fn fill(hours: &[UptimeHour], now: DateTime<Utc>, count: i64) -> Vec<Option<Self>> {
        let last = hour_of(now);
        let one = |hour: i64| {
            let known = hours.iter().find(|known| known.hour == hour)?;
            let began = DateTime::from_timestamp(hour * 3600, 0)?;
            Some(Self { hour: began, up_seconds: known.up_seconds, down_seconds: known.down_seconds })
        };
        (last - count + 1..=last).map(one).collect()
    }
}

/// Hours since 1970.
pub(crate) fn hour_of(time: DateTime<Utc>) -> i64 {
    time.timestamp().div_euclid(3600)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_without_a_look_are_gaps() {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let known = UptimeHour { hour: hour_of(now) - 1, up_seconds: 3600, down_seconds: 0 };
        let filled = Heartbeat::fill(&[known], now, 3);
        assert_eq!(filled.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!(filled[1].as_ref().unwrap().hour.timestamp() % 3600, 0);
    }
}
