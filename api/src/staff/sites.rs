//! `GET /staff/{staff_id}/sites`: the sites assigned to a member of staff (R-S4).

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::StaffId;
use siteward_store::{Page, site_managers, staff};
use utoipa::ToSchema;

use crate::access::May;
use crate::access::rights::ManageStaffOrAllSites;
use crate::error::{ApiError, ErrorBody};
use crate::page::PageQuery;
use crate::platform::Platform;

/// A site that is assigned to somebody.
#[derive(Serialize, ToSchema)]
pub(crate) struct AssignedSite {
    /// The site.
    #[schema(format = "uuid")]
    site_id: String,
    /// Its name.
    name: String,
    /// Until when; null: without an end. Past it the site is listed and out of reach.
    #[schema(required = true)]
    expires_at: Option<DateTime<Utc>>,
}

/// A page of assigned sites.
#[derive(Serialize, ToSchema)]
pub(crate) struct AssignedSitePage {
    /// The sites, by name.
    #[schema(max_items = 100)]
    items: Vec<AssignedSite>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists the sites assigned to a member of staff, by name; of them those that the caller may work on. Those who manage
/// every site need none.
#[utoipa::path(tag = "site managers", params(PageQuery, ("staff_id" = String, Path, format = "uuid", description = "The member of staff")), responses(
    (status = 200, description = "A page of sites", body = AssignedSitePage),
    (status = 404, description = "Not there or not yours", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/staff/{staff_id}/sites")]
pub(crate) async fn list_assigned_sites(
    may: May<ManageStaffOrAllSites>,
    platform: web::Data<Platform>,
    id: web::Path<StaffId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<AssignedSitePage>, ApiError> {
    let (company, reach) = (may.company_id(), may.caller().reach(platform.clock.now()));
    let limit = query.limit()?;
    let found = platform
        .read(move |conn| {
            staff::get_staff(conn, &company, &id)?;
            match &reach {
                Some(reach) => site_managers::list_of_staff(conn, reach, &id, query.cursor.as_deref(), limit),
                None => Ok(Page { items: Vec::new(), next_cursor: None }),
            }
        })
        .await?;
    let items = found.items.into_iter().map(|site| AssignedSite {
        site_id: site.site_id.to_string(),
        name: site.name,
        expires_at: site.expires_at,
    });
    Ok(web::Json(AssignedSitePage { items: items.collect(), next_cursor: found.next_cursor }))
}
