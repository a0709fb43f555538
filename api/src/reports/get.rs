//! `GET /sites/{site_id}/report`: the report of a site as data.

use actix_web::{get, web};
use siteward_domain::SiteId;

use super::making;
use super::query::ReportQuery;
use super::view::SiteReport;
use crate::access::OnSites;
use crate::access::rights::ViewExceptions;
use crate::error::{ApiError, ErrorBody};
use crate::platform::{Platform, off_thread};

/// Exceptions listed; the CSV has all.
const MOST_EXCEPTIONS: u32 = 200;

/// Tells how available the devices of a site were over a span of days, what was wrong, and how disks and firmware are.
#[utoipa::path(tag = "reports",
    params(("site_id" = String, Path, format = "uuid", description = "The site"), ReportQuery),
    responses(
        (status = 200, description = "The report", body = SiteReport),
        (status = 400, description = "A span that is none, or longer than 366 days", body = ErrorBody),
        (status = "4XX", description = "Refused", body = ErrorBody),
    ))]
#[get("/sites/{site_id}/report")]
pub(crate) async fn get_site_report(
    on: OnSites<ViewExceptions>,
    platform: web::Data<Platform>,
    id: web::Path<SiteId>,
    query: web::Query<ReportQuery>,
) -> Result<web::Json<SiteReport>, ApiError> {
    let report = making::make(&platform, on.company_id(), id.into_inner(), query.into_inner(), MOST_EXCEPTIONS).await?;
    Ok(web::Json(off_thread(move || SiteReport::from(report)).await?))
}
