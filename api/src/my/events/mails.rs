//! `PUT /my/devices/{device_id}/alarm_mails`: whether somebody wants mails about alarms of a device that is shared with them.

use actix_web::{HttpResponse, put, web};
use serde::Deserialize;
use siteward_domain::DeviceId;
use siteward_domain::share::SharePermission;
use siteward_store::{end_user_events, viewing};
use utoipa::ToSchema;

use crate::access::EndUser;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Whether mails are wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlarmMails {
    /// Whether they are.
    wanted: bool,
}

/// Switches mails about alarms of a device on or off, for oneself.
#[utoipa::path(tag = "my", request_body = AlarmMails, params(
    ("device_id" = String, Path, format = "uuid", description = "The device"),
), responses(
    (status = 204, description = "Noted"),
    (status = 404, description = "Not shared with you", body = ErrorBody),
    (status = 409, description = "Its alarms are not among what is shared with you", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[put("/my/devices/{device_id}/alarm_mails")]
pub(crate) async fn set_my_alarm_mails(
    caller: EndUser,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceId>,
    body: Body<AlarmMails>,
) -> Result<HttpResponse, ApiError> {
    let (who, id, wanted) = (caller.0.id(), id.into_inner(), body.into_inner().wanted);
    note.object("device", &id, "");
    let noted = platform
        .write(move |conn| {
            let shared = viewing::get_viewed(conn, &who, &id)?.shared.unwrap_or_default();
            if !shared.values().any(|permissions| permissions.contains(&SharePermission::Alarm)) {
                return Ok(Err(ApiError::new(codes::NOT_SHARED)));
            }
            end_user_events::want_mails(conn, &who, &id, wanted).map(Ok)
        })
        .await?;
    noted.map(|()| HttpResponse::NoContent().finish())
}
