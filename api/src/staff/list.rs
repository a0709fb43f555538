//! `GET /staff`: the company's staff by name.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use siteward_store::staff;
use utoipa::{IntoParams, ToSchema};

use super::member::StaffMember;
use crate::access::May;
use crate::access::rights::ManageStaffOrAllSites;
use crate::error::{ApiError, ErrorBody};
use crate::page;
use crate::platform::Platform;

/// Whom, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct StaffQuery {
    /// Words that are in the name or the e-mail address, in any case.
    #[param(max_length = 128)]
    search: Option<String>,
    /// `next_cursor` of the page before.
    #[param(max_length = 2048)]
    cursor: Option<String>,
    /// Members wanted, 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// A page of staff.
#[derive(Serialize, ToSchema)]
pub(crate) struct StaffPage {
    /// The members, by name.
    #[schema(max_items = 100)]
    items: Vec<StaffMember>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists the company's staff by name.
#[utoipa::path(tag = "staff", params(StaffQuery), responses(
    (status = 200, description = "A page of staff", body = StaffPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/staff")]
pub(crate) async fn list_staff(
    may: May<ManageStaffOrAllSites>,
    platform: web::Data<Platform>,
    query: web::Query<StaffQuery>,
) -> Result<web::Json<StaffPage>, ApiError> {
    let (company, now, query) = (may.company_id(), platform.clock.now(), query.into_inner());
    let (search, limit) = (page::search(query.search)?, page::limit(query.limit)?);
    let found = platform
        .read(move |conn| staff::list_staff(conn, &company, search.as_deref(), now, query.cursor.as_deref(), limit))
        .await?;
    let items = found.items.into_iter().map(StaffMember::from).collect();
    Ok(web::Json(StaffPage { items, next_cursor: found.next_cursor }))
}
