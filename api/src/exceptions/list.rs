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
use crate::words::{CauseKind, ExceptionKind, IncidentKind, Severity, Unwatched};

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
    /// Only of this channel of a device.
    #[param(maximum = 65535)]
    channel: Option<u16>,
    /// Only of this kind.
    kind: Option<ExceptionKind>,
    /// Only those that are so severe.
    severity: Option<Severity>,
    /// Only what follows from this device or link, and its own.
    #[param(format = "uuid", max_length = 36)]
    cause_id: Option<String>,
    /// Only what lasted at this time or later.
    from: Option<DateTime<Utc>>,
    /// Only what began before this time.
    to: Option<DateTime<Utc>>,
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
    /// How much that matters.
    severity: Severity,
    /// With which part: a channel number or disk id; empty for the device itself.
    part: String,
    /// When it was first seen.
    opened_at: DateTime<Utc>,
    /// When it was seen to be over; null while it lasts.
    #[schema(required = true)]
    closed_at: Option<DateTime<Utc>>,
    /// Why it closed although nothing got better: nobody watches the device any more. Else null.
    #[schema(required = true)]
    closed_because: Option<Unwatched>,
    /// How long it lasted, in seconds; null while it lasts.
    #[schema(required = true)]
    duration_seconds: Option<i64>,
    /// What it follows from; null: that is not known yet.
    #[schema(required = true)]
    cause: Option<ExceptionCause>,
}

/// What an exception follows from.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExceptionCause {
    /// The incident.
    #[schema(format = "uuid")]
    incident_id: String,
    /// What kind of thing it is.
    cause: CauseKind,
    /// The device or link, which may be gone.
    #[schema(format = "uuid")]
    cause_id: String,
    /// Its name.
    name: String,
    /// What is or was wrong with it.
    kind: IncidentKind,
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
        channel: query.channel,
        kind: query.kind.map(|kind| kind.0),
        severity: query.severity.map(|severity| severity.0),
        cause_id: page::exactly(query.cause_id, "cause_id")?,
        from: query.from,
        to: query.to,
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
        severity: Severity(exception.key.kind.severity()),
        part: exception.key.part,
        opened_at: exception.opened_at,
        closed_at: exception.closed_at,
        closed_because: exception.closed_because.map(Unwatched),
        duration_seconds: exception.closed_at.map(|closed| (closed - exception.opened_at).num_seconds()),
        cause: exception.cause.map(|cause| ExceptionCause {
            incident_id: cause.incident_id.to_string(),
            cause: CauseKind(cause.cause),
            cause_id: cause.cause_id,
            name: cause.name,
            kind: IncidentKind(cause.kind),
        }),
    });
    Ok(web::Json(ExceptionPage { items: items.collect(), next_cursor: found.next_cursor }))
}
