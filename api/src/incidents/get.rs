//! `GET /incidents/{incident_id}`: one incident with what belongs to it.

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::IncidentId;
use siteward_store::incidents;
use utoipa::ToSchema;

use super::Incident;
use crate::access::OnSites;
use crate::access::rights::ViewExceptions;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;
use crate::words::{DeviceKind, ExceptionKind};

/// An exception that belongs, or belonged, to an incident.
#[derive(Serialize, ToSchema)]
pub(crate) struct IncidentMember {
    /// The exception.
    #[schema(format = "uuid")]
    exception_id: String,
    /// The device.
    #[schema(format = "uuid")]
    device_id: String,
    /// The device's name.
    device_name: String,
    /// What the device is.
    device_kind: DeviceKind,
    /// What is wrong.
    kind: ExceptionKind,
    /// With which part: a channel number or disk id; empty for the device itself.
    part: String,
    /// When it was first seen.
    opened_at: DateTime<Utc>,
    /// When it was seen to be over; null while it lasts.
    #[schema(required = true)]
    closed_at: Option<DateTime<Utc>>,
}

/// An incident with what belongs to it.
#[derive(Serialize, ToSchema)]
pub(crate) struct IncidentWhole {
    /// The incident.
    #[serde(flatten)]
    incident: Incident,
    /// What belongs to it, in the order in which it was seen. Behind a link that is away nobody looks, so there is nothing.
    #[schema(max_items = 500)]
    members: Vec<IncidentMember>,
}

/// Tells of one incident, with what belongs to it.
#[utoipa::path(tag = "exceptions", params(("incident_id" = String, Path, format = "uuid", description = "The incident")), responses(
    (status = 200, description = "The incident", body = IncidentWhole),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/incidents/{incident_id}")]
pub(crate) async fn get_incident(
    on: OnSites<ViewExceptions>,
    platform: web::Data<Platform>,
    id: web::Path<IncidentId>,
) -> Result<web::Json<IncidentWhole>, ApiError> {
    let reach = on.reach();
    let (incident, members) =
        platform.read(move |conn| Ok((incidents::get(conn, &reach, &id)?, incidents::members(conn, &id)?))).await?;
    let member = |one: incidents::Member| IncidentMember {
        exception_id: one.exception_id.to_string(),
        device_id: one.device_id.to_string(),
        device_name: one.device_name,
        device_kind: DeviceKind(one.device_kind),
        kind: ExceptionKind(one.key.kind),
        part: one.key.part,
        opened_at: one.opened_at,
        closed_at: one.closed_at,
    };
    Ok(web::Json(IncidentWhole { incident: incident.into(), members: members.into_iter().map(member).collect() }))
}
