//! `POST /firmware_files`: uploads a firmware file.

use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use siteward_domain::{FirmwareFileId, text};
use siteward_store::StoreError;
use siteward_store::firmware_files::{self, NewFirmwareFile};
use utoipa::{IntoParams, ToSchema};

use super::receiving::receive;
use super::{FirmwareFile, OBJECT};
use crate::access::Admin;
use crate::error::{ApiError, ErrorBody, bad_name, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

const MOST_NAME: usize = 128;

/// What the file is called.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FirmwareUpload {
    /// Its name, such as `digicap.dav`.
    #[param(min_length = 1, max_length = 128)]
    file_name: String,
}

/// The bytes of a firmware file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its description is used; the bytes are read as they come")]
pub(crate) struct FirmwareBytes(Vec<u8>);

/// Uploads a firmware file: the body is the file. It is written to the disk as it comes in, and an upload that breaks off
/// leaves nothing. A file that the company has already is told as it is. What it is for is said afterwards.
#[utoipa::path(tag = "firmware", params(FirmwareUpload),
    request_body(content = FirmwareBytes, content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "Uploaded", body = FirmwareFile),
        (status = 200, description = "The company has this file already", body = FirmwareFile),
        (status = 413, description = "The file is larger than the server takes", body = ErrorBody),
        (status = 507, description = "The disk would be full", body = ErrorBody),
        (status = "4XX", description = "Refused", body = ErrorBody),
    ))]
#[post("/firmware_files")]
pub(crate) async fn create_firmware_file(
    admin: Admin,
    platform: web::Data<Platform>,
    note: Note,
    query: web::Query<FirmwareUpload>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let (company, now) = (admin.0.company_id(), platform.clock.now());
    let id = FirmwareFileId::generate(now);
    let name = query.file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let file_name = text::needed_line(name, MOST_NAME).map_err(|error| bad_name(&error, "file_name"))?;
    note.object(OBJECT, &id, file_name.clone());
    let header = |name| request.headers().get(name).and_then(|value: &_| value.to_str().ok());
    if header(CONTENT_TYPE) != Some("application/octet-stream") {
        return Err(ApiError::new(codes::UNSUPPORTED_CONTENT));
    }
    let announced = header(CONTENT_LENGTH).and_then(|length| length.parse().ok());
    let received = receive(&platform.settings, &id, announced, payload).await?;
    let new = NewFirmwareFile {
        id,
        company_id: company,
        sha256: received.sha256,
        size: received.size,
        file_name,
        uploaded_by: admin.0.staff_id(),
    };
    let (file, is_new) = platform
        .write(move |conn| match firmware_files::create(conn, &new, now) {
            Ok(made) => Ok(Ok(made)),
            Err(StoreError::Stale) => Ok(Err(ApiError::new(codes::FIRMWARE_LIMIT_REACHED))),
            Err(error) => Err(error),
        })
        .await??;
    note.object(OBJECT, &file.id, file.file_name.clone());
    let file = FirmwareFile::from(file);
    Ok(if is_new { HttpResponse::Created().json(file) } else { HttpResponse::Ok().json(file) })
}
