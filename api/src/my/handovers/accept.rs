//! `POST /my/handovers/{handover_id}/accept`: accepts an invitation that went to one's own address.

use actix_web::{post, web};
use serde::{Deserialize, Serialize};
use siteward_domain::HandoverId;
use siteward_store::StoreError;
use siteward_store::handovers::{self as stored, Accepting};
use siteward_worker::handovers;
use utoipa::ToSchema;

use crate::access::end_user::EndUser;
use crate::asks::Asks;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::handover_packs::{self, ForPack, Owner};
use crate::handovers::share_refused;
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::words::SiteStatus;

/// What to let the company do.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MyHandoverAccept {
    /// Of what was asked for; all of it unless told.
    allowed: Option<Asks>,
}

/// What was accepted.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyHandoverAccepted {
    /// The site.
    #[schema(format = "uuid")]
    site_id: String,
    /// Where it stands now.
    status: SiteStatus,
}

/// Accepts: the site and its devices are the end user's from now on, and the company gets what is allowed.
#[utoipa::path(tag = "my", request_body = MyHandoverAccept, params(("handover_id" = String, Path, format = "uuid", description = "The invitation")), responses(
    (status = 200, description = "Accepted", body = MyHandoverAccepted),
    (status = 404, description = "There is none that could be accepted, or it went to somebody else", body = ErrorBody),
    (status = 422, description = "More is allowed than was asked for", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/handovers/{handover_id}/accept")]
pub(crate) async fn accept_my_handover(
    EndUser(caller): EndUser,
    platform: web::Data<Platform>,
    note: Note,
    handover_id: web::Path<HandoverId>,
    body: Body<MyHandoverAccept>,
) -> Result<web::Json<MyHandoverAccepted>, ApiError> {
    let (now, id, allowed) = (platform.clock.now(), handover_id.into_inner(), body.into_inner().allowed);
    note.object("handover", &id, "");
    let (of_caller, of_id) = (caller.email().to_owned(), id.clone());
    let open = platform
        .read(move |conn| stored::find_by_id(conn, &of_id, &of_caller, now)?.ok_or(StoreError::NotFound))
        .await?;
    let for_pack = ForPack {
        company_id: open.company_id,
        handover_id: id.clone(),
        owner: Owner::Known(caller.id()),
        allowed: allowed.clone().map_or_else(|| open.offer.asks(), Into::into),
    };
    let pack = handover_packs::make(&platform, for_pack).await?;
    let accepted = platform
        .write(move |conn| {
            let open = stored::find_by_id(conn, &id, caller.email(), now)?.ok_or(StoreError::NotFound)?;
            let asks = open.offer.asks();
            let allowed = allowed.clone().map_or_else(|| asks.clone(), Into::into);
            if !allowed.is_within(&asks) {
                return Ok(Err(ApiError::field(codes::FIELD_INVALID, "allowed")));
            }
            let (end_user_id, email) = (caller.id(), caller.email().to_owned());
            let accepting = Accepting { id: id.clone(), token_hash: None, end_user_id, email, allowed };
            Ok(handovers::accept(conn, &accepting, pack.as_ref(), now)?.map_err(share_refused))
        })
        .await??;
    note.object("handover", &accepted.handover.id, &accepted.handover.site_name);
    (platform.wake_worker)();
    let (site_id, status) = (accepted.handover.site_id.to_string(), SiteStatus(accepted.status));
    Ok(web::Json(MyHandoverAccepted { site_id, status }))
}
