//! `POST /my/share_applications`: applies with a code that was scanned.

use actix_web::{HttpRequest, HttpResponse, post, web};
use siteward_domain::ShareApplicationId;
use siteward_domain::share::MOST_APPLICATIONS_AN_HOUR;
use siteward_store::mail_paces::{self, Pace};
use siteward_store::share_applications::{ApplyRefusal, NewApplication, apply};
use siteward_worker::share_applications::tell_applied;

use super::OwnApplication;
use crate::access::EndUser;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::my::share_codes::{ShareCodeShown, shown};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Applies with a code. The owner is told at once and by mail; nothing is shared before they accept. Needs an account of the same region.
#[utoipa::path(tag = "my sharing", request_body = ShareCodeShown, responses(
    (status = 201, description = "Applied", body = OwnApplication),
    (status = 409, description = "As many have applied as may, one applied before, the regions differ, or the code is one's own", body = ErrorBody),
    (status = 410, description = "The code is over, or nobody's", body = ErrorBody),
    (status = 422, description = "The password is wrong, or needed", body = ErrorBody),
    (status = 423, description = "Too many wrong passwords; details.locked_until tells until when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/share_applications")]
pub(crate) async fn create_share_application(
    end_user: EndUser,
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<ShareCodeShown>,
) -> Result<HttpResponse, ApiError> {
    let (body, applicant) = (body.into_inner(), end_user.0.id());
    let code = shown(&platform, &request, &body).await?;
    let now = platform.clock.now();
    let new = NewApplication {
        id: ShareApplicationId::generate(now),
        token_hash: body.token_hash(),
        applicant_id: applicant,
    };
    note.object("share_application", &new.id, code.label);
    let applied = platform.write(move |conn| {
        let subject = new.applicant_id.to_string();
        let pace = Pace { purpose: "share_application", subject, most: MOST_APPLICATIONS_AN_HOUR };
        if let Some(free_at) = mail_paces::take_turn(conn, &[pace], now)? {
            return Ok(Err(ApiError::too_many_until(free_at, now)));
        }
        match apply(conn, &new, now)? {
            Ok(application) => tell_applied(conn, &application, now).map(|()| Ok(application)),
            Err(refusal) => Ok(Err(refused(refusal))),
        }
    });
    let applied = applied.await??;
    (platform.wake_worker)();
    Ok(HttpResponse::Created().json(OwnApplication::from(applied)))
}

fn refused(refusal: ApplyRefusal) -> ApiError {
    ApiError::new(match refusal {
        ApplyRefusal::Ended => codes::SHARE_CODE_ENDED,
        ApplyRefusal::Expired => codes::SHARE_CODE_EXPIRED,
        ApplyRefusal::Full => codes::SHARE_CODE_FULL,
        ApplyRefusal::Own => codes::SHARE_CODE_OWN,
        ApplyRefusal::RegionDiffers => codes::REGION_DIFFERS,
        ApplyRefusal::Applied => codes::SHARE_APPLICATION_EXISTS,
        ApplyRefusal::TooOften => codes::SHARE_APPLICATION_TOO_OFTEN,
    })
}
