//! `POST /my/share_applications/{share_application_id}/accept`: lets an applicant in.

use actix_web::{post, web};
use serde::Deserialize;
use siteward_domain::ShareApplicationId;
use siteward_store::share_applications;
use siteward_worker::share_applications::tell_answered;
use utoipa::ToSchema;

use super::{ShareApplication, answered};
use crate::access::EndUser;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::handovers::share_refused;
use crate::my::channels_to_share::{ChannelToShare, to_share};
use crate::operation_log::Note;
use crate::platform::Platform;

/// What the applicant gets.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShareApplicationAccept {
    /// Channels of the same site with permissions; absent: what the code offers.
    #[schema(min_items = 1, max_items = 1024)]
    channels: Option<Vec<ChannelToShare>>,
}

/// Lets an applicant in, who is told by mail: what is named is shared with them from now on.
#[utoipa::path(tag = "my sharing", request_body = ShareApplicationAccept, params(("share_application_id" = String, Path, format = "uuid", description = "The application")), responses(
    (status = 200, description = "Accepted", body = ShareApplication),
    (status = 409, description = "It was answered or withdrawn already, or cannot be shared", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/share_applications/{share_application_id}/accept")]
pub(crate) async fn accept_share_application(
    end_user: EndUser,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<ShareApplicationId>,
    body: Body<ShareApplicationAccept>,
) -> Result<web::Json<ShareApplication>, ApiError> {
    let (now, giver) = (platform.clock.now(), end_user.0.id());
    let channels = body.into_inner().channels.map(to_share).transpose()?;
    let actor = format!("end_user:{giver}");
    note.object("share_application", &*id, "");
    let accepted = platform.write(move |conn| {
        let accepted = share_applications::accept(conn, &giver, &id, channels.as_deref(), &actor, now);
        let application = match answered(accepted)? {
            Ok(Ok(application)) => application,
            Ok(Err(refusal)) => return Ok(Err(share_refused(refusal))),
            Err(refused) => return Ok(Err(refused)),
        };
        tell_answered(conn, &application, now).map(|()| Ok(application))
    });
    let accepted = accepted.await??;
    (platform.wake_worker)();
    Ok(web::Json(ShareApplication::from(accepted)))
}
