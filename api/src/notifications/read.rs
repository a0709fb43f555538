//! `POST /notifications/read`: the caller has seen what they were told.

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use siteward_domain::NotificationId;
use siteward_store::notifications;
use utoipa::ToSchema;

use crate::access::OnSites;
use crate::access::rights::ViewExceptions;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// How far.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NotificationsRead {
    /// The newest that was seen; so were all before it.
    #[schema(value_type = String, format = "uuid")]
    last: NotificationId,
}

/// Notes that the caller has read what they were told, up to and with one notification.
#[utoipa::path(tag = "exceptions", request_body = NotificationsRead, responses(
    (status = 204, description = "Noted"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/notifications/read")]
pub(crate) async fn read_notifications(
    on: OnSites<ViewExceptions>,
    platform: web::Data<Platform>,
    body: Body<NotificationsRead>,
) -> Result<HttpResponse, ApiError> {
    let (staff, now, last) = (on.caller().staff_id(), platform.clock.now(), body.into_inner().last);
    platform.write(move |conn| notifications::mark_read(conn, &staff, &last, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}
