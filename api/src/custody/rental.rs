//! `POST /sites/{site_id}/rental`: asks the owner for rental.

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use siteward_domain::grant::RequestKind;
use siteward_domain::handover::Asks;
use siteward_domain::{GrantRequestId, SiteId};
use siteward_store::access_log::Actor;
use siteward_store::grant_requests::{self, NewGrantRequest};
use siteward_store::{StoreError, custody};
use siteward_worker::grants::tell_request;
use utoipa::ToSchema;

use super::Custody;
use crate::access::{OnSites, rights};
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::grant_requests::checking::remark;
use crate::operation_log::Note;
use crate::platform::Platform;

/// What there is to say to the owner.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RentalAsk {
    /// In one line.
    #[serde(default)]
    #[schema(max_length = 500)]
    remark: String,
}

/// Asks the owner to agree that the company may pause their use of the site. The owner is told by mail.
#[utoipa::path(tag = "custody", request_body = RentalAsk, params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 201, description = "The owner decides", body = Custody),
    (status = 409, description = "It has no owner, or they were asked already", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/sites/{site_id}/rental")]
pub(crate) async fn ask_for_rental(
    on: OnSites<rights::Handover>,
    platform: web::Data<Platform>,
    note: Note,
    site_id: web::Path<SiteId>,
    body: Body<RentalAsk>,
) -> Result<HttpResponse, ApiError> {
    let (now, caller, site_id) = (platform.clock.now(), on.caller().clone(), site_id.into_inner());
    let new = NewGrantRequest {
        id: GrantRequestId::generate(now),
        company_id: caller.company_id(),
        site_id,
        kind: RequestKind::Rental,
        remark: remark(&body.into_inner().remark)?,
        asks: Asks::default(),
        asked_by: caller.staff_id(),
        asked_by_name: caller.record.staff_name.clone(),
    };
    note.object("site", &new.site_id, "");
    let asked = platform
        .write(move |conn| {
            let by = Actor::Staff(new.asked_by.clone());
            let custody = match custody::ask_for_rental(conn, &new.company_id, &new.site_id, &by, now) {
                Err(StoreError::Stale) => return Ok(Err(ApiError::new(codes::RENTAL_NOT_POSSIBLE))),
                custody => custody?,
            };
            grant_requests::create_request(conn, &new, now)?;
            let made = grant_requests::get_request(conn, &new.site_id, &new.id)?;
            tell_request(conn, &made, &by, now)?;
            Custody::describe(conn, &custody).map(Ok)
        })
        .await??;
    (platform.wake_worker)();
    Ok(HttpResponse::Created().json(asked))
}
