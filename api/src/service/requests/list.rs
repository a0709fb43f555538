//! `GET /service_requests`: the sites that the company asked to serve.

use actix_web::{get, web};
use serde::Serialize;
use siteward_store::grant_requests;
use utoipa::ToSchema;

use crate::access::{May, rights};
use crate::error::{ApiError, ErrorBody};
use crate::grant_requests::GrantRequest;
use crate::platform::Platform;

/// Applications to serve sites.
#[derive(Serialize, ToSchema)]
pub(crate) struct ServiceRequestList {
    /// The applications, newest first.
    #[schema(max_items = 100)]
    items: Vec<GrantRequest>,
}

/// Lists the sites that the company asked to serve, the newest hundred.
#[utoipa::path(tag = "custody", responses(
    (status = 200, description = "The applications", body = ServiceRequestList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/service_requests")]
pub(crate) async fn list_service_requests(
    may: May<rights::Handover>,
    platform: web::Data<Platform>,
) -> Result<web::Json<ServiceRequestList>, ApiError> {
    let company = may.company_id();
    let items = platform
        .read(move |conn| {
            let requests = grant_requests::list_to_serve(conn, &company)?;
            requests.into_iter().map(|request| GrantRequest::describe(conn, request)).collect::<Result<Vec<_>, _>>()
        })
        .await?;
    Ok(web::Json(ServiceRequestList { items }))
}
