//! `GET /imports/{import_id}`: where an import stands.

use actix_web::{get, web};
use siteward_domain::ImportId;

use super::Import;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Tells where an import stands.
#[utoipa::path(tag = "imports", params(("import_id" = String, Path, format = "uuid", description = "The import")), responses(
    (status = 200, description = "The import", body = Import),
    (status = 404, description = "Not there or not yours", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/imports/{import_id}")]
pub(crate) async fn get_import(
    on: OnSites,
    platform: web::Data<Platform>,
    id: web::Path<ImportId>,
) -> Result<web::Json<Import>, ApiError> {
    let (now, reach) = (platform.clock.now(), on.reach());
    Ok(web::Json(platform.read(move |conn| Import::read(conn, &reach, &id, now)).await?))
}
