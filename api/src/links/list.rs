//! `GET /sites/{site_id}/links`: the links of a site.

use actix_web::{get, web};
use siteward_domain::SiteId;
use siteward_store::{links, sites};

use super::Link;
use super::view::LinkList;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Lists the links of a site, oldest first.
#[utoipa::path(tag = "links", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "Its links", body = LinkList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/sites/{site_id}/links")]
pub(crate) async fn list_links(
    on: OnSites,
    platform: web::Data<Platform>,
    site_id: web::Path<SiteId>,
) -> Result<web::Json<LinkList>, ApiError> {
    let company = on.company_id();
    let links = platform
        .read(move |conn| {
            sites::get_site(conn, &company, &site_id)?;
            links::list_links(conn, &company, &site_id)
        })
        .await?;
    Ok(web::Json(LinkList { items: links.into_iter().map(Link::from).collect() }))
}
