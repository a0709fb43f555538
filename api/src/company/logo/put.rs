//! `PUT /company/logo`: the picture by which customers know the company.

use actix_web::{HttpMessage as _, HttpRequest, put, web};
use siteward_store::StoreError;
use siteward_store::company_logos::{Logo, find_logo, put_logo};

use super::CompanyLogo;
use super::drawing::{MOST_BYTES, draw};
use crate::access::Admin;
use crate::body::collect;
use crate::error::{ApiError, ErrorBody, codes};
use crate::imports::scan::Picture;
use crate::operation_log::Note;
use crate::platform::{Platform, off_thread};

/// Puts a logo in the place of the one before. It is drawn anew, as a PNG of 512 pixels a side at most.
#[utoipa::path(tag = "company",
    request_body(content(
        (Picture = "image/png"),
        (Picture = "image/jpeg"),
        (Picture = "image/webp"),
        (Picture = "application/octet-stream"),
    )),
    responses(
        (status = 200, description = "The logo as it is kept", body = CompanyLogo),
        (status = 413, description = "More than 4 MB or 16 megapixels", body = ErrorBody),
        (status = 422, description = "No PNG, JPEG or WebP, or less than 16 pixels a side", body = ErrorBody),
        (status = "4XX", description = "Refused", body = ErrorBody),
    ))]
#[put("/company/logo")]
pub(crate) async fn put_company_logo(
    admin: Admin,
    platform: web::Data<Platform>,
    note: Note,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<web::Json<CompanyLogo>, ApiError> {
    let (company, now) = (admin.0.company_id(), platform.clock.now());
    note.object("company", &company, "");
    if request.content_type() == "application/json" {
        return Err(ApiError::new(codes::UNSUPPORTED_CONTENT));
    }
    let bytes = collect(&request, payload, MOST_BYTES, || ApiError::new(codes::PICTURE_TOO_LARGE)).await?;
    let _permit = platform.pictures.clone().acquire_owned().await.map_err(ApiError::internal)?;
    let (png, width, height) = off_thread(move || draw(&bytes)).await?.map_err(ApiError::new)?;
    let drawn = Logo { png, width, height, updated_at: now };
    let logo = platform
        .write(move |conn| {
            put_logo(conn, &company, &drawn)?;
            find_logo(conn, &company)?.ok_or(StoreError::NotFound)
        })
        .await?;
    Ok(web::Json(logo.into()))
}
