//! `GET /handovers/{handover_id}/pack/pdf`: the pack of a site that was handed over, on paper.

use actix_web::{HttpResponse, get, web};
use siteward_domain::HandoverId;
use siteward_store::handover_packs::get_pack;

use super::{PackFile, PackQuery, on_paper};
use crate::access::OnSites;
use crate::access::rights::Handover;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Gives the pack of an accepted invitation as a PDF.
#[utoipa::path(tag = "handovers",
    params(("handover_id" = String, Path, format = "uuid", description = "The invitation"), PackQuery),
    responses(
        (status = 200, description = "The pack", body = PackFile, content_type = "application/pdf"),
        (status = 404, description = "No such invitation, or it was not accepted", body = ErrorBody),
        (status = "4XX", description = "Refused", body = ErrorBody),
    ))]
#[get("/handovers/{handover_id}/pack/pdf")]
pub(crate) async fn get_handover_pack_pdf(
    on: OnSites<Handover>,
    platform: web::Data<Platform>,
    id: web::Path<HandoverId>,
    query: web::Query<PackQuery>,
) -> Result<HttpResponse, ApiError> {
    let company = on.company_id();
    let kept = platform.read(move |conn| get_pack(conn, &company, &id)).await?;
    on_paper(kept, query.language()).await
}
