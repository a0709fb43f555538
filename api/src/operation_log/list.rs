//! `GET /operation_log`: who did what, newest first.

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::operations;
use utoipa::ToSchema;

use crate::access::Admin;
use crate::error::{ApiError, ErrorBody};
use crate::page::PageQuery;
use crate::platform::Platform;

/// A row of the operation log.
#[derive(Serialize, ToSchema)]
pub(crate) struct Operation {
    /// Its id; grows with time.
    id: String,
    /// When.
    at: DateTime<Utc>,
    /// The name of the member of staff.
    #[schema(required = true)]
    who: Option<String>,
    /// Method and route.
    action: String,
    /// What kind of thing it was about.
    object_kind: String,
    /// Its id.
    object_id: String,
    /// Its name at that time.
    object_name: String,
    /// The address the call came from.
    from_address: String,
    /// `ok` or the code of the refusal.
    result: String,
}

/// A page of the operation log.
#[derive(Serialize, ToSchema)]
pub(crate) struct OperationPage {
    /// The rows.
    #[schema(max_items = 100)]
    items: Vec<Operation>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists who did what, newest first.
#[utoipa::path(tag = "company", params(PageQuery), responses(
    (status = 200, description = "A page of the log", body = OperationPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/operation_log")]
pub(crate) async fn list_operations(
    admin: Admin,
    platform: web::Data<Platform>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<OperationPage>, ApiError> {
    let company = admin.0.company_id();
    let limit = query.limit()?;
    let cursor = query.into_inner().cursor;
    let page = platform.read(move |conn| operations::list(conn, &company, cursor.as_deref(), limit)).await?;
    let items = page.items.into_iter().map(|row| Operation {
        id: row.id.to_string(),
        at: row.at,
        who: row.who,
        action: row.action,
        object_kind: row.object_kind,
        object_id: row.object_id,
        object_name: row.object_name,
        from_address: row.from_address,
        result: row.result,
    });
    Ok(web::Json(OperationPage { items: items.collect(), next_cursor: page.next_cursor }))
}
