//! `POST /additions/{addition_id}/check`: looks again (R-D5).

use actix_web::{post, web};
use siteward_domain::AdditionId;
use siteward_worker::adding::Manner;

use super::{Addition, changeable, show};
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Looks again and goes on as far as it goes by itself.
#[utoipa::path(tag = "additions", params(("addition_id" = String, Path, format = "uuid", description = "The addition")), responses(
    (status = 200, description = "Where it stands now", body = Addition),
    (status = 409, description = "The site's status forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/additions/{addition_id}/check")]
pub(crate) async fn check_addition(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<AdditionId>,
) -> Result<web::Json<Addition>, ApiError> {
    let (company, id) = (on.company_id(), id.into_inner());
    // It goes on by itself too: who asks whether it did is told so.
    match changeable(&platform, &note, &company, &id).await {
        Err(refusal) if refusal.code() == codes::ADDITION_ENDED.code => {}
        refused_or_not => drop(refused_or_not?),
    }
    let manner = Manner { look_again: true, ..Manner::default() };
    platform.adding.advance_in(&company, &id, manner).await?;
    Ok(web::Json(show(&platform, on.reach(), id).await?))
}
