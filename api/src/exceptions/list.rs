//! `GET /exceptions`: what is or was wrong, newest first.

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use siteward_domain::{DeviceId, SiteId};
use siteward_store::exceptions::{self, ExceptionFilter};
use utoipa::{IntoParams, ToSchema};

use crate::access::OnSites;
use crate::access::rights::ViewExceptions;
use crate::error::{ApiError, ErrorBody};
use crate::page;
use crate::platform::Platform;
use crate::words::ExceptionKind;

/// Which exceptions, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExceptionQuery {
    /// Only of devices of this site.
    #[param(value_type = Option<String>, format = "uuid")]
    site_id: Option<SiteId>,
    /// Only of this device.
    #[param(value_type = Option<String>, format = "uuid")]
    device_id: Option<DeviceId>,
    /// Only of this kind.
    kind: Option<ExceptionKind>,
    /// Only open ones, or only closed ones.
    open: Option<bool>,
    /// `next_cursor` of the page before.
    #[param(max_length = 2048)]
    cursor: Option<String>,
    /// Exceptions wanted, 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// Something that is or was wrong with a device.
#[derive(Serialize, ToSchema)]
pub(crate) struct Exception {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The device's site.
    #[schema(format = "uuid")]
    site_id: String,
    /// The site's name.
    site_name: String,
    /// The device.
    #[schema(format = "uuid")]
    device_id: String,
    /// The device's name.
    device_name: String,
    /// What is wrong.
    kind: ExceptionKind,
    /// With which part: a channel number or disk id; empty for the device itself.
    part: String,
    /// When it was first seen.
    opened_at: DateTime<Utc>,
    /// When it was seen to be over; null while it lasts.
    #[schema(required = true)]
    closed_at: Option<DateTime<Utc>>,
    /// How long it lasted, in seconds; null while it lasts.
    #[schema(required = true)]
    duration_seconds: Option<i64>,
}

/// A page of exceptions.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExceptionPage {
    /// The exceptions, newest first.
    #[schema(max_items = 100)]
    items: Vec<Exception>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists what is or was wrong with devices on sites that the caller may work on, newest first.
#[utoipa::path(tag = "exceptions", params(ExceptionQuery), responses(
    (status = 200, description = "A page of exceptions", body = ExceptionPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/exceptions")]
pub(crate) async fn list_exceptions(
    on: OnSites<ViewExceptions>,
    platform: web::Data<Platform>,
    query: web::Query<ExceptionQuery>,
) -> Result<web::Json<ExceptionPage>, ApiError> {
    let reach = on.reach();
    let query = query.into_inner();
    let limit = page::limit(query.limit)?;
    let filter = ExceptionFilter {
        site_id: query.site_id,
        device_id: query.device_id,
        kind: query.kind.map(|kind| kind.0),
        open: query.open,
    };
    let found =
        platform.read(move |conn| exceptions::list(conn, &reach, &filter, query.cursor.as_deref(), limit)).await?;
    let items = found.items.into_iter().map(|exception| Exception {
        id: exception.id.to_string(),
        site_id: exception.site_id.to_string(),
        site_name: exception.site_name,
        device_id: exception.device_id.to_string(),
        device_name: exception.device_name,
        kind: ExceptionKind(exception.key.kind),
        part: exception.key.part,
        opened_at: exception.opened_at,
        closed_at: exception.closed_at,
        duration_seconds: exception.closed_at.map(|closed| (closed - exception.opened_at).num_seconds()),
    });
    Ok(web::Json(ExceptionPage { items: items.collect(), next_cursor: found.next_cursor }))
}
