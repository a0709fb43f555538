//! `GET /sites/{site_id}/password_changes`: how they go.

use actix_web::{get, web};
use siteward_domain::SiteId;
use siteward_store::{password_changes, sites};

use super::PasswordChangeList;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Lists the changes of passwords of a site's devices.
#[utoipa::path(tag = "devices", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "The changes", body = PasswordChangeList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/sites/{site_id}/password_changes")]
pub(crate) async fn list_password_changes(
    on: OnSites,
    platform: web::Data<Platform>,
    site_id: web::Path<SiteId>,
) -> Result<web::Json<PasswordChangeList>, ApiError> {
    let company = on.company_id();
    let items = platform
        .read(move |conn| {
            sites::get_site(conn, &company, &site_id)?;
            password_changes::list_for_site(conn, &company, &site_id)
        })
        .await?;
    Ok(web::Json(PasswordChangeList { items: items.into_iter().map(Into::into).collect() }))
}
