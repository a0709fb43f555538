//! `GET /my/sites/{site_id}/pack`: what the owner was handed, as data.

use actix_web::{HttpResponse, get, web};
use siteward_domain::SiteId;
use siteward_store::handover_packs::get_pack_of_site;

use crate::access::Owned;
use crate::error::{ApiError, ErrorBody};
use crate::handover_packs::{PackFile, as_data};
use crate::platform::Platform;

/// Gives the handover pack of one's own site as data: the very text of which the access log has the SHA-256.
#[utoipa::path(tag = "my", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "The pack", body = PackFile, content_type = "application/json"),
    (status = 404, description = "Not there, not yours, or it was never handed over with a pack", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/sites/{site_id}/pack")]
pub(crate) async fn get_my_pack(
    owned: Owned,
    platform: web::Data<Platform>,
    site: web::Path<SiteId>,
) -> Result<HttpResponse, ApiError> {
    let owner = owned.id();
    as_data(platform.read(move |conn| get_pack_of_site(conn, &site, &owner)).await?)
}
