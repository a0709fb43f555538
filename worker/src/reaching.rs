//! A stored device, ready to be asked: directly or through its link, with its login, and never with one that it refused.
//!
//! For what a person or a job asks of a device beside the polling, which keeps clients of its own.

use std::io::ErrorKind;

use chrono::{DateTime, Duration, Utc};
use siteward_devices::{AddressPolicy, CallError, DeviceClient, Limits, Login, Pin, Target, Transport};
use siteward_domain::device::DeviceAddress;
use siteward_domain::health::Reachability;
use siteward_domain::{CompanyId, DeviceId};
use siteward_store::devices::{Breaker, Credential, Device, open_password};
use siteward_store::panels::Way;
use siteward_store::polling::{BreakerRow, open_breaker};
use siteward_store::{DbConn, Store, StoreError};

use tokio::net::TcpStream;

use crate::links::LinkHub;

/// How long a lock lasts where the device does not tell.
pub(crate) const LOCK_WITHOUT_END: Duration = Duration::minutes(30);

/// Makes clients of stored devices. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Reaching {
    /// The links.
    pub hub: LinkHub,
    /// What may be dialled directly.
    pub policy: AddressPolicy,
    /// What a call may cost.
    pub limits: Limits,
}

/// Whether something is there: a connection, and not a byte on it, within `longest`. Where nothing need listen,
/// a refusal is an answer too.
pub async fn knock(
    policy: &AddressPolicy,
    address: &DeviceAddress,
    longest: std::time::Duration,
    refusal_is_answer: bool,
) -> Result<(), CallError> {
    let knocking = async {
        let address = policy.resolve(&address.host, address.port).await?;
        match TcpStream::connect(address).await {
            Ok(_) => Ok(()),
            Err(error) if refusal_is_answer && error.kind() == ErrorKind::ConnectionRefused => Ok(()),
            Err(_) => Err(CallError::Unreachable { reason: "refused" }),
        }
    };
    let timeout = Err(CallError::Unreachable { reason: "timeout" });
    tokio::time::timeout(longest, knocking).await.unwrap_or(timeout)
}

/// Why a device is not asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resting {
    /// Its login was refused, is locked, or it has too many sessions: asking again would make it worse (R-H3).
    Breaker(CallError),
    /// It is of a kind that is not logged in to.
    NoLogin,
    /// Its password is sealed with another master key than the server has.
    PasswordLocked,
}

impl Resting {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Breaker(error) => error.code(),
            Self::NoLogin => "device_has_no_login",
            Self::PasswordLocked => "password_locked",
        }
    }
}

impl Reaching {
    /// A client with the device's own login. Nothing is dialled yet.
    pub fn client(
        &self,
        store: &Store,
        device: &Device,
        credential: &Credential,
        now: DateTime<Utc>,
    ) -> Result<DeviceClient, Resting> {
        if !device.kind.has_login() {
            return Err(Resting::NoLogin);
        }
        if let Some(error) = resting(device, credential, now) {
            return Err(Resting::Breaker(error));
        }
        let password = open_password(store, &device.company_id, &device.id, &credential.sealed_password);
        let password = password.map_err(|_| Resting::PasswordLocked)?;
        Ok(self.client_with(device, Login { user_name: credential.user_name.clone(), password }))
    }

    /// A client with another login.
    pub fn client_with(&self, device: &Device, login: Login) -> DeviceClient {
        let pin = device.pin.as_deref().and_then(Pin::parse);
        let target = Target { address: device.address.clone(), login, pin };
        DeviceClient::new(target, self.limits, self.transport(device))
    }

    /// A client for an alarm panel, also for one whose device is gone. Nothing is dialled yet.
    pub fn panel_client(
        &self,
        store: &Store,
        company: &CompanyId,
        device: &DeviceId,
        way: &Way,
        now: DateTime<Utc>,
    ) -> Result<DeviceClient, Resting> {
        if let Some(error) = way.breaker.as_ref().and_then(|breaker| refused_by(breaker, now)) {
            return Err(Resting::Breaker(error));
        }
        let password = open_password(store, company, device, &way.sealed_password);
        let login =
            Login { user_name: way.user_name.clone(), password: password.map_err(|_| Resting::PasswordLocked)? };
        let pin = way.pin.as_deref().and_then(Pin::parse);
        let transport = match &way.link {
            Some((link, serial)) => self.hub.transport(link, serial),
            None => self.policy.into(),
        };
        Ok(DeviceClient::new(Target { address: way.address.clone(), login, pin }, self.limits, transport))
    }

    /// The way to a device.
    pub fn transport(&self, device: &Device) -> Transport {
        match (&device.link_id, &device.serial) {
            (Some(link), Some(serial)) => self.hub.transport(link, serial),
            _ => self.policy.into(),
        }
    }
}

/// Why the login is not sent now, if so.
fn resting(device: &Device, credential: &Credential, now: DateTime<Utc>) -> Option<CallError> {
    let breaker = device.breaker.as_ref().filter(|breaker| breaker.credential_version == credential.version)?;
    refused_by(breaker, now)
}

/// What an open breaker stands for, as long as it does.
fn refused_by(breaker: &Breaker, now: DateTime<Utc>) -> Option<CallError> {
    if breaker.until.is_some_and(|until| until <= now) {
        return None;
    }
    match &breaker.reason {
        Reachability::LoginRefused { tries_left } => Some(CallError::LoginRefused { tries_left: *tries_left }),
        Reachability::Locked { .. } => Some(CallError::Locked { until: breaker.until }),
        Reachability::TooManySessions => Some(CallError::TooManySessions),
        _ => None,
    }
}

/// Opens the breaker of a device's login where the device refused it, so that nobody repeats it (R-H3).
pub fn note_refusal(
    conn: &mut DbConn,
    device: &Device,
    error: &CallError,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    match breaker_after(&device.id, device.credential_version, error, now) {
        Some(row) => open_breaker(conn, &row, now),
        None => Ok(()),
    }
}

/// The breaker that an error opens, if it does.
pub(crate) fn breaker_after(
    device: &DeviceId,
    credential_version: i32,
    error: &CallError,
    now: DateTime<Utc>,
) -> Option<BreakerRow> {
    let breaker = match error {
        CallError::LoginRefused { tries_left } => (Reachability::LoginRefused { tries_left: *tries_left }, None),
        CallError::Locked { until } => {
            let end = until.filter(|until| *until > now).unwrap_or(now + LOCK_WITHOUT_END);
            (Reachability::Locked { until: *until }, Some(end))
        }
        _ => return None,
    };
    Some(BreakerRow { device_id: device.clone(), credential_version, breaker: Some(breaker) })
}
