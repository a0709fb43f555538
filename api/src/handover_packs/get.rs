//! `GET /handovers/{handover_id}/pack`: the pack of a site that was handed over, as data.

use actix_web::{HttpResponse, get, web};
use siteward_domain::HandoverId;
use siteward_store::handover_packs::get_pack;

use super::{PackFile, as_data};
use crate::access::OnSites;
use crate::access::rights::Handover;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Gives the pack of an accepted invitation as data: the very text of which the access log has the SHA-256.
#[utoipa::path(tag = "handovers",
    params(("handover_id" = String, Path, format = "uuid", description = "The invitation")),
    responses(
        (status = 200, description = "The pack", body = PackFile, content_type = "application/json"),
        (status = 404, description = "No such invitation, or it was not accepted", body = ErrorBody),
        (status = "4XX", description = "Refused", body = ErrorBody),
    ))]
#[get("/handovers/{handover_id}/pack")]
pub(crate) async fn get_handover_pack(
    on: OnSites<Handover>,
    platform: web::Data<Platform>,
    id: web::Path<HandoverId>,
) -> Result<HttpResponse, ApiError> {
    let company = on.company_id();
    as_data(platform.read(move |conn| get_pack(conn, &company, &id)).await?)
}
