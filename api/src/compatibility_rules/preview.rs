//! `POST /compatibility_rules/preview`: what rules would change, before they are saved.

use actix_web::{post, web};
use serde::Serialize;
use siteward_store::compatibility_rules::{self, AffectedDevice as Found};
use utoipa::ToSchema;

use super::CompatibilityRulesUpdate;
use crate::access::Admin;
use crate::body::Body;
use crate::devices::Compatibility;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;
use crate::words::DeviceKind;

/// What rules would change.
#[derive(Serialize, ToSchema)]
pub(crate) struct CompatibilityPreview {
    /// Devices that would lose functions, get some back, or need another version for them.
    devices: u64,
    /// Those of them that would not be watched any more.
    unwatched: u64,
    /// The first hundred of them, by site and name.
    #[schema(max_items = 100)]
    named: Vec<AffectedDevice>,
}

/// A device for which rules would change something.
#[derive(Serialize, ToSchema)]
pub(crate) struct AffectedDevice {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name; may be empty.
    name: String,
    /// The name of its site.
    site_name: String,
    /// What it is.
    kind: DeviceKind,
    /// Its model as it writes it.
    model: String,
    /// Its firmware as it writes it.
    firmware: String,
    /// What its firmware is too old for by the rules that count now.
    #[schema(required = true)]
    now: Option<Compatibility>,
    /// What it would be too old for.
    #[schema(required = true)]
    then: Option<Compatibility>,
}

/// Tells what rules would change for the company's devices. Nothing is saved.
#[utoipa::path(tag = "compatibility", request_body = CompatibilityRulesUpdate, responses(
    (status = 200, description = "What would change", body = CompatibilityPreview),
    (status = 422, description = "A rule cannot be read: details tell its place and the field", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/compatibility_rules/preview")]
pub(crate) async fn preview_compatibility_rules(
    Admin(caller): Admin,
    platform: web::Data<Platform>,
    body: Body<CompatibilityRulesUpdate>,
) -> Result<web::Json<CompatibilityPreview>, ApiError> {
    let company = caller.company_id();
    let rules = body.0.read(platform.clock.now())?;
    let found = platform.read(move |conn| compatibility_rules::affected(conn, &company, &rules)).await?;
    Ok(web::Json(CompatibilityPreview {
        devices: found.devices,
        unwatched: found.unwatched,
        named: found.named.into_iter().map(Into::into).collect(),
    }))
}

impl From<Found> for AffectedDevice {
    fn from(found: Found) -> Self {
        Self {
            id: found.id.to_string(),
            name: found.name,
            site_name: found.site_name,
            kind: DeviceKind(found.kind),
            model: found.model,
            firmware: found.firmware,
            now: found.now.map(Into::into),
            then: found.then.map(Into::into),
        }
    }
}
