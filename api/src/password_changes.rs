//! New passwords for several devices at once, as after an export QR that others may have seen (R-D2).

pub(crate) mod create;
pub(crate) mod list;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use rand::Rng as _;
use secrecy::SecretString;
use siteward_domain::device_password;
use siteward_domain::{CompanyId, DeviceId};
use siteward_store::password_changes::{self as stored, new_password_place};
use siteward_store::{DbConn, SealedText, Store, StoreError, jobs};
use siteward_worker::jobs::change_password;

use crate::error::ApiError;
use crate::words::PasswordChangeState;

/// The changes of a site.
#[derive(Serialize, ToSchema)]
pub(crate) struct PasswordChangeList {
    /// One a device; those done are told for a day.
    #[schema(max_items = 1000)]
    items: Vec<DevicePasswordState>,
}

/// A change of one device's password.
#[derive(Serialize, ToSchema)]
pub(crate) struct DevicePasswordState {
    /// The device.
    #[schema(format = "uuid")]
    device_id: String,
    #[serde(flatten)]
    change: PasswordChange,
}

/// How the change of a device's password goes.
#[derive(Serialize, ToSchema)]
pub(crate) struct PasswordChange {
    /// Where it stands.
    pub(crate) state: PasswordChangeState,
    /// A code of docs/errors.md that says why it failed.
    #[schema(required = true)]
    pub(crate) reason: Option<String>,
    /// When it was asked for.
    pub(crate) requested_at: DateTime<Utc>,
}

impl From<stored::PasswordChange> for PasswordChange {
    fn from(change: stored::PasswordChange) -> Self {
        Self { state: PasswordChangeState(change.state), reason: change.reason_code, requested_at: change.requested_at }
    }
}

impl From<stored::PasswordChange> for DevicePasswordState {
    fn from(change: stored::PasswordChange) -> Self {
        Self { device_id: change.device_id.to_string(), change: change.into() }
    }
}

/// A random password that every device takes, sealed for a change.
pub(crate) fn random(store: &Store, company: &CompanyId, device: &DeviceId) -> Result<SealedText, ApiError> {
    let mut bytes = [0_u8; 64];
    rand::rng().fill_bytes(&mut bytes);
    seal(store, company, device, &device_password::generate(&bytes).into())
}

/// A new password, sealed for a change.
pub(crate) fn seal(
    store: &Store,
    company: &CompanyId,
    device: &DeviceId,
    password: &SecretString,
) -> Result<SealedText, ApiError> {
    store.vault().seal(new_password_place(company, device), password).map_err(ApiError::internal)
}

/// Asks for a change and has the worker do it, in one transaction. One that ended without its being known which
/// password the device has goes on with the password it was made with. `None`: a change is under way already.
pub(crate) fn request(
    conn: &mut DbConn,
    company: &CompanyId,
    device: &DeviceId,
    sealed: &SealedText,
    now: DateTime<Utc>,
) -> Result<Option<stored::PasswordChange>, StoreError> {
    let requested = match stored::request(conn, company, device, sealed, now) {
        Err(StoreError::Duplicate { .. }) => match stored::retry(conn, company, device, now) {
            Err(StoreError::Stale) => return Ok(None),
            retried => retried?,
        },
        requested => requested?,
    };
    jobs::enqueue_anew(conn, &change_password::new_job(device, now), now)?;
    Ok(Some(requested))
}
