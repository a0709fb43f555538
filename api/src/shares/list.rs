//! `GET /sites/{site_id}/shares`: what the company shares of a site.

use actix_web::{get, web};
use siteward_domain::SiteId;
use siteward_domain::share::GiverKind;
use siteward_store::shares;

use super::{Share, ShareList};
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Lists with whom the company shares channels of a site.
#[utoipa::path(tag = "shares", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "The shares", body = ShareList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/sites/{site_id}/shares")]
pub(crate) async fn list_shares(
    on: OnSites,
    platform: web::Data<Platform>,
    site_id: web::Path<SiteId>,
) -> Result<web::Json<ShareList>, ApiError> {
    let company = on.company_id();
    let shares =
        platform.read(move |conn| shares::list_of_site(conn, &site_id, (GiverKind::Company, company.as_str()))).await?;
    Ok(web::Json(ShareList { items: shares.into_iter().map(Share::from).collect() }))
}
