//! A device with everything that is known of it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::device_functions::Unwatched;
use siteward_domain::firmware::Function;
use siteward_domain::health::{Reachability, Topic as TopicOfFact};
use siteward_domain::observation::Channel as ObservedChannel;
use siteward_domain::site::{SiteAction, SiteStatus};
use siteward_domain::{CompanyId, DeviceId};
use siteward_store::devices::{self, Breaker};
use siteward_store::facts::{self, Fact};
use siteward_store::{DbConn, StoreError, password_changes, sites};
use utoipa::ToSchema;

use super::DeviceSummary;
use crate::password_changes::PasswordChange;
use crate::platform::Yardstick;
use crate::words::Topic;

/// A device with its facts.
#[derive(Serialize, ToSchema)]
pub(crate) struct Device {
    #[serde(flatten)]
    summary: DeviceSummary,
    /// What is known of it, each with source and age.
    facts: Vec<FactView>,
    /// Its channels, from the fact of that name; empty while none is known.
    channels: Vec<Channel>,
    /// Its TLS certificate; null where it is reached without TLS.
    #[schema(required = true)]
    certificate: Option<Certificate>,
    /// How its login stands.
    credential: Credential,
    /// How it is looked at.
    polling: Polling,
    /// The change of its password that was asked for last; told for a day after it is done.
    #[schema(required = true)]
    password_change: Option<PasswordChange>,
    /// What may be done with it now.
    operations: Vec<DeviceOperation>,
}

/// What may be done with a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeviceOperation {
    /// Change name, address, login, kind.
    Edit,
    /// Move it to another site.
    Move,
    /// Take it off the platform.
    Delete,
    /// Tell it to restart.
    Reboot,
    /// Set its clock.
    Time,
    /// Take a picture now.
    Snapshot,
    /// Give it a new password.
    Password,
    /// Make a QR of it.
    DeviceQr,
    /// Use its own web pages.
    RemoteConfiguration,
}

/// One fact.
#[derive(Serialize, ToSchema)]
pub(crate) struct FactView {
    /// What it is about.
    topic: Topic,
    /// The value; its form depends on the topic.
    #[schema(value_type = Value)]
    value: serde_json::Value,
    /// The resource it was read from.
    source: String,
    /// When it was last measured.
    measured_at: DateTime<Utc>,
    /// Whether it still counts: younger than two of its periods.
    fresh: bool,
}

/// A channel of a camera or recorder.
#[derive(Serialize, ToSchema)]
pub(crate) struct Channel {
    /// Its number, from 1.
    number: u32,
    /// Its name; may be empty.
    name: String,
    /// `ip`, `analog` or `own`.
    source: String,
    /// Whether it is online, where the device tells.
    #[schema(required = true)]
    online: Option<bool>,
    /// Whether its picture is lost, where the device tells.
    #[schema(required = true)]
    video_loss: Option<bool>,
    /// The device's own word on the connection.
    #[schema(required = true)]
    detail: Option<String>,
    /// Address of the camera behind it.
    #[schema(required = true)]
    address: Option<String>,
    /// Model of the camera behind it.
    #[schema(required = true)]
    model: Option<String>,
    /// Firmware of the camera behind it.
    #[schema(required = true)]
    firmware: Option<String>,
    /// Whether it is being recorded, where the device tells.
    #[schema(required = true)]
    recording: Option<bool>,
}

/// A TLS certificate, pinned at first use.
#[derive(Serialize, ToSchema)]
pub(crate) struct Certificate {
    /// SHA-256 of the pinned certificate, hex.
    fingerprint: String,
    /// SHA-256 of another one that the device shows now and that waits to be accepted.
    #[schema(required = true)]
    pending: Option<String>,
}

/// How a login stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct Credential {
    /// Whether it works.
    state: CredentialState,
    /// Until when the device has it locked, where it tells.
    #[schema(required = true)]
    until: Option<DateTime<Utc>>,
}

/// Whether a login works.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CredentialState {
    /// Nothing speaks against it.
    Ok,
    /// Refused: not tried again until it changes or a person asks.
    Refused,
    /// The device locked it.
    Locked,
}

/// How a device is looked at.
#[derive(Serialize, ToSchema)]
pub(crate) struct Polling {
    /// When it is looked at next, about; null while its login is not tried, or its health monitoring is off.
    #[schema(required = true)]
    next_at: Option<DateTime<Utc>>,
}

impl Device {
    /// Reads everything that is known of a device of this company.
    pub(crate) fn read(
        conn: &mut DbConn,
        company: &CompanyId,
        id: &DeviceId,
        now: DateTime<Utc>,
        yardstick: &Yardstick,
    ) -> Result<Self, StoreError> {
        let period = yardstick.period;
        let device = devices::get_device(conn, company, id)?;
        let facts = facts::list_facts(conn, id)?;
        let site = sites::get_site(conn, company, &device.site_id)?;
        let password_change = password_changes::find(conn, company, id)?;
        let certificate =
            device.pin.clone().map(|pin| Certificate { fingerprint: pin, pending: device.pin_pending.clone() });
        let credential = Credential::of(device.breaker.as_ref(), device.credential_version);
        let (unwatched, looked_at) = (device.unwatched, device.measured_at);
        let next_at = match credential.state {
            _ if unwatched == Some(Unwatched::MonitoringOff) => None,
            CredentialState::Ok if unwatched.is_some() => Some(next_identity(&facts, period, now)),
            CredentialState::Ok => Some(device.measured_at.map_or(now, |at| (at + period).max(now))),
            CredentialState::Refused | CredentialState::Locked => credential.until,
        };
        let summary = devices::summarize(conn, vec![device], now)?.pop().ok_or(StoreError::NotFound)?;
        let operations = operations(&summary, site.status);
        Ok(Self {
            summary: DeviceSummary::new(summary, now, yardstick),
            channels: channels(&facts),
            facts: facts.into_iter().map(|fact| FactView::new(fact, now, period, unwatched, looked_at)).collect(),
            certificate,
            credential,
            polling: Polling { next_at },
            password_change: password_change.map(Into::into),
            operations,
        })
    }
}

impl Credential {
    fn of(breaker: Option<&Breaker>, version: i32) -> Self {
        match breaker.filter(|breaker| breaker.credential_version == version) {
            None => Self { state: CredentialState::Ok, until: None },
            Some(breaker) if matches!(breaker.reason, Reachability::Locked { .. }) => {
                Self { state: CredentialState::Locked, until: breaker.until }
            }
            Some(breaker) => Self { state: CredentialState::Refused, until: breaker.until },
        }
    }
}

impl FactView {
    /// Of what nobody watches nothing counts; what is too old to be watched is still asked who it is.
    /// Nothing counts either when nobody looked for two periods, however rarely it is asked.
    pub(crate) fn new(
        fact: Fact,
        now: DateTime<Utc>,
        period: chrono::Duration,
        unwatched: Option<Unwatched>,
        looked_at: Option<DateTime<Utc>>,
    ) -> Self {
        let is_asked = match unwatched {
            None => looked_at.is_some_and(|at| TopicOfFact::Reachability.is_fresh(at, now, period)),
            Some(Unwatched::MonitoringOff) => false,
            Some(Unwatched::FirmwareIncompatible) => fact.topic == TopicOfFact::Identity,
        };
        Self {
            fresh: is_asked && fact.topic.is_fresh(fact.measured_at, now, period),
            topic: Topic(fact.topic),
            value: fact.value,
            source: fact.source,
            measured_at: fact.measured_at,
        }
    }
}

/// When a device that is too old to be watched is asked for its firmware next.
fn next_identity(facts: &[Fact], period: chrono::Duration, now: DateTime<Utc>) -> DateTime<Utc> {
    let asked = facts.iter().find(|fact| fact.topic == TopicOfFact::Identity).map(|fact| fact.measured_at);
    let rarely = period * i32::try_from(TopicOfFact::Identity.periods()).unwrap_or(1);
    asked.map_or(now, |at| (at + rarely).max(now))
}

/// What the status of its site allows (R-T3, R-O4), and its standing (R-O2).
fn operations(summary: &devices::DeviceSummary, status: SiteStatus) -> Vec<DeviceOperation> {
    use DeviceOperation as O;
    let device = &summary.device;
    if !status.allows(SiteAction::ManageDevices) {
        return Vec::new();
    }
    let all = [
        O::Edit,
        O::Move,
        O::Delete,
        O::Reboot,
        O::Time,
        O::Snapshot,
        O::Password,
        O::DeviceQr,
        O::RemoteConfiguration,
    ];
    let may_delete = super::delete::may_delete(device, status);
    let of_login = [O::Reboot, O::Time, O::Snapshot, O::Password, O::DeviceQr, O::RemoteConfiguration];
    let is_there = |operation: &O| match operation {
        O::Delete => may_delete,
        O::RemoteConfiguration if summary.standing.may(Function::RemoteConfiguration).is_err() => false,
        operation => device.kind.has_login() || !of_login.contains(operation),
    };
    all.into_iter().filter(is_there).collect()
}

fn channels(facts: &[Fact]) -> Vec<Channel> {
    let fact = facts.iter().find(|fact| fact.topic == TopicOfFact::Channels);
    let observed = fact.and_then(|fact| serde_json::from_value::<Vec<ObservedChannel>>(fact.value.clone()).ok());
    let channel = |channel: ObservedChannel| Channel {
        number: channel.number,
        name: channel.name,
        source: serde_json::to_value(channel.source)
            .ok()
            .and_then(|word| word.as_str().map(str::to_owned))
            .unwrap_or_default(),
        online: channel.online,
        video_loss: channel.video_loss,
        detail: channel.detail,
        address: channel.address,
        model: channel.model,
        firmware: channel.firmware,
        recording: channel.recording,
    };
    observed.into_iter().flatten().map(channel).collect()
}
