//! `GET /incidents`: what went wrong, one entry a root cause, newest first.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use siteward_domain::SiteId;
use siteward_store::incidents::{self, IncidentFilter};
use utoipa::{IntoParams, ToSchema};

use super::Incident;
use crate::access::OnSites;
use crate::access::rights::ViewExceptions;
use crate::error::{ApiError, ErrorBody};
use crate::page;
use crate::platform::Platform;
use crate::words::IncidentKind;

/// Which incidents, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct IncidentQuery {
    /// Only on this site.
    #[param(value_type = Option<String>, format = "uuid")]
    site_id: Option<SiteId>,
    /// Only of this kind.
    kind: Option<IncidentKind>,
    /// Only open ones, or only closed ones.
    open: Option<bool>,
    /// `next_cursor` of the page before.
    #[param(max_length = 2048)]
    cursor: Option<String>,
    /// Incidents wanted, 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// A page of incidents.
#[derive(Serialize, ToSchema)]
pub(crate) struct IncidentPage {
    /// The incidents, newest first.
    #[schema(max_items = 100)]
    items: Vec<Incident>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists what went wrong on sites that the caller may work on, one entry a root cause, newest first.
#[utoipa::path(tag = "exceptions", params(IncidentQuery), responses(
    (status = 200, description = "A page of incidents", body = IncidentPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/incidents")]
pub(crate) async fn list_incidents(
    on: OnSites<ViewExceptions>,
    platform: web::Data<Platform>,
    query: web::Query<IncidentQuery>,
) -> Result<web::Json<IncidentPage>, ApiError> {
    let (reach, query) = (on.reach(), query.into_inner());
    let limit = page::limit(query.limit)?;
    let filter = IncidentFilter { site_id: query.site_id, kind: query.kind.map(|kind| kind.0), open: query.open };
    let found =
        platform.read(move |conn| incidents::list(conn, &reach, &filter, query.cursor.as_deref(), limit)).await?;
    let items = found.items.into_iter().map(Incident::from).collect();
    Ok(web::Json(IncidentPage { items, next_cursor: found.next_cursor }))
}
