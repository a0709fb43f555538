//! Adding cloud devices (R-D1, R-D3 to R-D9): one addition a serial number, led from state to state until it is added.
//!
//! An addition is kept in the database, so that it goes on after a restart, and ends by itself when nobody goes on.

pub(crate) mod activation;
pub(crate) mod batch;
pub(crate) mod check;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
mod help;
pub(crate) mod list;
pub(crate) mod login;
pub(crate) mod service;
mod starting;
pub(crate) mod upgrade;
pub(crate) mod verification_code;
mod view;

pub(crate) use starting::{Wanted, begin};
pub(crate) use view::Addition;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use siteward_domain::device_password::DevicePasswordRule;
use siteward_domain::site::SiteAction;
use siteward_domain::verification_code::NotACode;
use siteward_domain::{AdditionId, CompanyId, VerificationCode};
use siteward_store::additions::{self as stored, get};
use siteward_store::reach::Reach;
use siteward_store::{DbConn, StoreError, sites};
use siteward_worker::adding::AddingError;

use crate::error::{ApiError, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::allows;

/// The user name that devices come with.
pub(crate) const USUAL_USER: &str = "admin";

/// An addition of the company that goes on, on a site that allows devices to be managed.
async fn changeable(
    platform: &Platform,
    note: &Note,
    company: &CompanyId,
    id: &AdditionId,
) -> Result<stored::Addition, ApiError> {
    note.object("addition", id, "");
    let (company, id, now) = (company.clone(), id.clone(), platform.clock.now());
    let addition = platform.read(move |conn| find_changeable(conn, &company, &id, now)).await??;
    note.object("addition", &addition.id, addition.serial.as_str());
    Ok(addition)
}

fn find_changeable(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &AdditionId,
    now: DateTime<Utc>,
) -> Result<Result<stored::Addition, ApiError>, StoreError> {
    let addition = get(conn, company, id)?;
    if addition.expires_at <= now {
        return Err(StoreError::NotFound);
    }
    let site = sites::get_site(conn, company, &addition.site_id)?;
    if let Err(refusal) = allows(&site, SiteAction::ManageDevices) {
        return Ok(Err(refusal));
    }
    Ok(if addition.state.has_ended() { Err(ApiError::new(codes::ADDITION_ENDED)) } else { Ok(addition) })
}

/// Shows an addition after it was led on.
async fn show(platform: &Platform, reach: Reach, id: AdditionId) -> Result<Addition, ApiError> {
    let now = platform.clock.now();
    platform.read(move |conn| Addition::read(conn, &reach, &id, now)).await
}

impl From<AddingError> for ApiError {
    fn from(error: AddingError) -> Self {
        match error {
            AddingError::NotFound => Self::new(codes::NOT_FOUND),
            AddingError::NotNow => Self::new(codes::ADDITION_NOT_READY),
            AddingError::WeakPassword(rule) => weak_device_password(rule),
            AddingError::Store(StoreError::Stale) => Self::new(codes::ADDITION_ENDED),
            AddingError::Store(error) => error.into(),
            AddingError::Vault(error) => Self::internal(error),
        }
    }
}

/// A password that a device would not take.
pub(crate) fn weak_device_password(rule: DevicePasswordRule) -> ApiError {
    ApiError::new(codes::DEVICE_PASSWORD_WEAK)
        .with_message(rule.to_string())
        .with_details(json!({ "field": "password", "rule": rule.as_str() }))
}

/// A code as it stands on a label, or as somebody once chose it.
fn known_code(text: &SecretString) -> Result<VerificationCode, ApiError> {
    VerificationCode::parse(text.expose_secret().trim()).map_err(|error| bad_code(&error))
}

/// A code that a person chooses now.
fn chosen_code(text: &SecretString) -> Result<VerificationCode, ApiError> {
    VerificationCode::choose(text.expose_secret().trim()).map_err(|error| bad_code(&error))
}

fn bad_code(error: &NotACode) -> ApiError {
    let rule = match error {
        NotACode::Length => "length",
        NotACode::Characters => "characters",
        NotACode::Default => "default",
    };
    ApiError::new(codes::VERIFICATION_CODE_INVALID)
        .with_message(error.to_string())
        .with_details(json!({ "field": "verification_code", "rule": rule }))
}
