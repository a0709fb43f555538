//! `POST /my/share_applications/{share_application_id}/refuse`: does not let an applicant in.

use actix_web::{post, web};
use siteward_domain::ShareApplicationId;
use siteward_store::share_applications;
use siteward_worker::share_applications::tell_answered;

use super::{ShareApplication, answered};
use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Refuses an applicant, who is told by mail. Their place of the code is free again.
#[utoipa::path(tag = "my sharing", params(("share_application_id" = String, Path, format = "uuid", description = "The application")), responses(
    (status = 200, description = "Refused as asked", body = ShareApplication),
    (status = 409, description = "It was answered or withdrawn already", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/share_applications/{share_application_id}/refuse")]
pub(crate) async fn refuse_share_application(
    end_user: EndUser,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<ShareApplicationId>,
) -> Result<web::Json<ShareApplication>, ApiError> {
    let (now, giver) = (platform.clock.now(), end_user.0.id());
    note.object("share_application", &*id, "");
    let refused = platform.write(move |conn| match answered(share_applications::refuse(conn, &giver, &id, now))? {
        Ok(application) => tell_answered(conn, &application, now).map(|()| Ok(application)),
        Err(refused) => Ok(Err(refused)),
    });
    let refused = refused.await??;
    (platform.wake_worker)();
    Ok(web::Json(ShareApplication::from(refused)))
}
