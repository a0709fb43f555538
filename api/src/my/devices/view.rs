//! A device as its owner sees it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use siteward_domain::health::Topic;
use siteward_store::devices as stored;
use siteward_store::facts::Fact;
use utoipa::ToSchema;

use crate::devices::{FactView, FirmwareVerdict, Heartbeat, OpenException};
use crate::monitoring::Monitoring;
use crate::platform::Yardstick;
use crate::words::{DeviceHealth, DeviceKind};

/// Hours that are shown of each device.
const HOURS_SHOWN: i64 = 24;
/// What an owner learns of a device: how it is, not how it is reached.
const SHOWN: [Topic; 7] =
    [Topic::Status, Topic::Channels, Topic::Disks, Topic::Clock, Topic::Panel, Topic::Smart, Topic::Recording];

/// A device in the list of its owner.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyDeviceSummary {
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
    /// Its model as it writes it; may be empty.
    model: String,
    /// Its firmware as it writes it; may be empty.
    firmware: String,
    /// What is known of that firmware.
    firmware_verdict: FirmwareVerdict,
    /// Its short serial number.
    #[schema(required = true)]
    serial: Option<String>,
    /// Whether and why it is watched.
    monitoring: Monitoring,
    /// Its state; `unknown` when it was not looked at lately, or nobody watches it.
    health: DeviceHealth,
    /// Since when it is in that state.
    #[schema(required = true)]
    health_since: Option<DateTime<Utc>>,
    /// When it was last looked at.
    #[schema(required = true)]
    measured_at: Option<DateTime<Utc>>,
    /// Until when that look counts; from then on its state is `unknown`.
    #[schema(required = true)]
    fresh_until: Option<DateTime<Utc>>,
    /// What is wrong with it now.
    open_exceptions: Vec<OpenException>,
    /// The last 24 hours, oldest first; null for an hour in which nobody looked.
    heartbeat: Vec<Option<Heartbeat>>,
}

/// A device with what is known of how it is.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyDevice {
    #[serde(flatten)]
    summary: MyDeviceSummary,
    /// What is known of it, each with its age.
    facts: Vec<FactView>,
}

impl MyDeviceSummary {
    /// Shows a device as it stands now: what is stale is unknown (R-H1).
    pub(crate) fn new(summary: stored::DeviceSummary, now: DateTime<Utc>, yardstick: &Yardstick) -> Self {
        let device = summary.device;
        let shown = device.health.shown(device.measured_at, now, yardstick.period);
        let monitoring = Monitoring::of(&device);
        let open = summary.open_exceptions.into_iter();
        Self {
            id: device.id.to_string(),
            site_id: device.site_id.to_string(),
            site_name: device.site_name,
            name: device.name,
            kind: DeviceKind(device.kind),
            firmware_verdict: yardstick.firmware.vulnerabilities.judge(&device.model, &device.firmware).into(),
            model: device.model,
            firmware: device.firmware,
            serial: device.serial.map(Into::into),
            monitoring,
            health: DeviceHealth(shown),
            health_since: device.health_since.filter(|_| shown == device.health),
            measured_at: device.measured_at,
            fresh_until: device.measured_at.map(|at| at + yardstick.period * 2),
            open_exceptions: open.map(Into::into).collect(),
            heartbeat: Heartbeat::fill(&summary.heartbeat, now, HOURS_SHOWN),
        }
    }
}

impl MyDevice {
    /// Shows a device with its facts.
    pub(crate) fn new(
        summary: stored::DeviceSummary,
        facts: Vec<Fact>,
        now: DateTime<Utc>,
        yardstick: &Yardstick,
    ) -> Self {
        let (unwatched, looked_at) = (summary.device.unwatched, summary.device.measured_at);
        let shown = facts.into_iter().filter(|fact| SHOWN.contains(&fact.topic)).map(|mut fact| {
            if fact.topic == Topic::Channels {
                without_addresses(&mut fact.value);
            }
            FactView::new(fact, now, yardstick.period, unwatched, looked_at)
        });
        Self { facts: shown.collect(), summary: MyDeviceSummary::new(summary, now, yardstick) }
    }
}

/// Takes the addresses of cameras out of the channels of a recorder.
fn without_addresses(channels: &mut Value) {
    for channel in channels.as_array_mut().into_iter().flatten() {
        if let Some(address) = channel.get_mut("address") {
            *address = Value::Null;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_owner_is_not_told_the_addresses_behind_a_recorder() {
        let mut channels = json!([{ "number": 1, "address": "10.0.0.7", "online": true }, { "number": 2 }]);
        without_addresses(&mut channels);
        assert_eq!(channels, json!([{ "number": 1, "address": null, "online": true }, { "number": 2 }]));
    }
}
