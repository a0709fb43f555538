//! Devices: listed, added by hand, edited, deleted, looked at again, with their facts and history.

pub(crate) mod certificate;
pub(crate) mod check;
pub(crate) mod create;
pub(crate) mod delete;
mod firmware;
pub(crate) mod get;
pub(crate) mod history;
pub(crate) mod list;
pub(crate) mod moving;
pub(crate) mod password;
pub(crate) mod reaching;
pub(crate) mod reboot;
pub(crate) mod recordings;
pub(crate) mod snapshot;
mod summary;
pub(crate) mod time;
mod trying;
pub(crate) mod update;
mod view;

pub(crate) use create::may_add;
pub(crate) use firmware::{Compatibility, FirmwareVerdict};
pub(crate) use reaching::{client_of, reaching, refused, resting, stored};
pub(crate) use summary::{Access, DeviceSummary, Heartbeat, OpenException};
pub(crate) use trying::{host as tried_host, policy, refusal};
pub(crate) use view::{Device, FactView};

use secrecy::{ExposeSecret as _, SecretString};
use siteward_domain::SiteId;
use siteward_domain::device::{MOST_NAME_CHARACTERS, MOST_PASSWORD_BYTES, MOST_USER_BYTES};
use siteward_domain::text;
use siteward_store::devices::Occupant;
use siteward_store::reach::{Object, Reach};
use siteward_store::{DbConn, StoreError};

use crate::error::{ApiError, bad_name, codes};

pub(crate) fn name(text: &str) -> Result<String, ApiError> {
    text::optional_line(text, MOST_NAME_CHARACTERS).map_err(|error| bad_name(&error, "name"))
}

pub(crate) fn user_name(text: &str) -> Result<String, ApiError> {
    let good = !text.is_empty() && text.len() <= MOST_USER_BYTES && !text.chars().any(char::is_control);
    if good { Ok(text.to_owned()) } else { Err(ApiError::field(codes::FIELD_INVALID, "user_name")) }
}

pub(crate) fn password(secret: &SecretString) -> Result<(), ApiError> {
    let text = secret.expose_secret();
    let good = !text.is_empty() && text.len() <= MOST_PASSWORD_BYTES && !text.chars().any(char::is_control);
    if good { Ok(()) } else { Err(ApiError::field(codes::FIELD_INVALID, "password")) }
}

pub(crate) fn port(number: u32) -> Result<u16, ApiError> {
    let port = u16::try_from(number).ok().filter(|port| *port != 0);
    port.ok_or_else(|| ApiError::field(codes::FIELD_INVALID, "port"))
}

/// A device that is on some site of the company already; on which, where that is within reach.
pub(crate) fn occupied(
    conn: &mut DbConn,
    reach: &Reach,
    occupant: &Occupant,
    site: &SiteId,
) -> Result<ApiError, StoreError> {
    let code = if occupant.site_id == *site { codes::DEVICE_ON_THIS_SITE } else { codes::DEVICE_ON_OTHER_SITE };
    if !reach.holds(conn, &Object::Site(occupant.site_id.clone()))? {
        return Ok(ApiError::new(code));
    }
    Ok(ApiError::new(code).with_details(serde_json::json!({
        "device_id": occupant.device_id,
        "site": { "id": occupant.site_id, "name": occupant.site_name },
    })))
}
