//! `GET /my/sites/{site_id}/pack/pdf`: what the owner was handed, on paper.

use actix_web::{HttpResponse, get, web};
use siteward_domain::SiteId;
use siteward_store::handover_packs::get_pack_of_site;

use crate::access::Owned;
use crate::error::{ApiError, ErrorBody};
use crate::handover_packs::{PackFile, PackQuery, on_paper};
use crate::platform::Platform;

/// Gives the handover pack of one's own site as a PDF.
#[utoipa::path(tag = "my",
    params(("site_id" = String, Path, format = "uuid", description = "The site"), PackQuery),
    responses(
        (status = 200, description = "The pack", body = PackFile, content_type = "application/pdf"),
        (status = 404, description = "Not there, not yours, or it was never handed over with a pack", body = ErrorBody),
        (status = "4XX", description = "Refused", body = ErrorBody),
    ))]
#[get("/my/sites/{site_id}/pack/pdf")]
pub(crate) async fn get_my_pack_pdf(
    owned: Owned,
    platform: web::Data<Platform>,
    site: web::Path<SiteId>,
    query: web::Query<PackQuery>,
) -> Result<HttpResponse, ApiError> {
    let owner = owned.id();
    let kept = platform.read(move |conn| get_pack_of_site(conn, &site, &owner)).await?;
    on_paper(kept, query.language()).await
}
