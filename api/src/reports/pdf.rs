//! `GET /sites/{site_id}/report/pdf`: the report of a site on paper.

use actix_web::{HttpResponse, get, web};
use siteward_domain::SiteId;

use super::query::ReportQuery;
use super::{ReportFile, making, sheet};
use crate::access::OnSites;
use crate::access::rights::ViewExceptions;
use crate::documents::Texts;
use crate::error::{ApiError, ErrorBody};
use crate::platform::{Platform, off_thread};

/// Exceptions listed; the CSV has all.
const MOST_EXCEPTIONS: u32 = 1000;

/// Gives the report of a site as a PDF, in the language asked for.
#[utoipa::path(tag = "reports",
    params(("site_id" = String, Path, format = "uuid", description = "The site"), ReportQuery),
    responses(
        (status = 200, description = "The report", body = ReportFile, content_type = "application/pdf"),
        (status = 400, description = "A span that is none, or longer than 366 days", body = ErrorBody),
        (status = "4XX", description = "Refused", body = ErrorBody),
    ))]
#[get("/sites/{site_id}/report/pdf")]
pub(crate) async fn get_site_report_pdf(
    on: OnSites<ViewExceptions>,
    platform: web::Data<Platform>,
    id: web::Path<SiteId>,
    query: web::Query<ReportQuery>,
) -> Result<HttpResponse, ApiError> {
    let texts = Texts { language: query.language() };
    let report = making::make(&platform, on.company_id(), id.into_inner(), query.into_inner(), MOST_EXCEPTIONS).await?;
    let name = format!("{} {} {}.pdf", report.site.name, report.from, report.to);
    let drawn = off_thread(move || sheet::write(&report, texts)).await?.map_err(ApiError::internal)?;
    Ok(crate::documents::file("application/pdf", name, drawn))
}
