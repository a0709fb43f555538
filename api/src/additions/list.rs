//! `GET /sites/{site_id}/additions`: what is being added to a site.

use actix_web::{get, web};
use siteward_domain::SiteId;
use siteward_store::additions;

use super::Addition;
use super::view::AdditionList;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Lists the additions of a site that go on, newest first.
#[utoipa::path(tag = "additions", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "The additions", body = AdditionList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/sites/{site_id}/additions")]
pub(crate) async fn list_additions(
    on: OnSites,
    platform: web::Data<Platform>,
    site_id: web::Path<SiteId>,
) -> Result<web::Json<AdditionList>, ApiError> {
    let (reach, now) = (on.reach(), platform.clock.now());
    let items = platform
        .read(move |conn| {
            let open = additions::list_for_site(conn, reach.company_id(), &site_id, now)?;
            // Newest first.
            open.into_iter()
                .rev()
                .map(|addition| Addition::describe(conn, &reach, addition))
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
    Ok(web::Json(AdditionList { items }))
}
