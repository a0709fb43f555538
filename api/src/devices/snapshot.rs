//! `GET /devices/{device_id}/snapshot`: one picture of a channel, as it is now (R-O9).

use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use siteward_devices::operations;
use siteward_domain::DeviceId;
use siteward_domain::grant::DevicePermission;
use utoipa::{IntoParams, ToSchema};

use super::reaching::Reached;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::my::channels::checked_channel;
use crate::platform::Platform;

/// Which channel.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SnapshotQuery {
    /// Its number, from 1; 1 unless told.
    #[param(minimum = 1, maximum = 4096)]
    channel: Option<u32>,
}

/// The bytes of a JPEG.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its description is used; the bytes are sent as they come")]
pub(crate) struct Jpeg(Vec<u8>);

/// Takes a picture of a channel now. It is kept nowhere.
#[utoipa::path(tag = "devices", params(("device_id" = String, Path, format = "uuid", description = "The device"), SnapshotQuery), responses(
    (status = 200, description = "The picture", body = Jpeg, content_type = "image/jpeg"),
    (status = 409, description = "The site's status or its owner forbids it", body = ErrorBody),
    (status = 422, description = "The device does not answer, or has no picture", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/devices/{device_id}/snapshot")]
pub(crate) async fn get_snapshot(
    on: OnSites,
    platform: web::Data<Platform>,
    id: web::Path<DeviceId>,
    query: web::Query<SnapshotQuery>,
) -> Result<HttpResponse, ApiError> {
    let channel = checked_channel(query.channel.unwrap_or(1))?;
    let mut reached = Reached::open_with(&platform, on.caller(), &id, DevicePermission::LiveView).await?;
    let taken = operations::snapshot(&mut reached.client, channel).await;
    let picture = reached.heard(&platform, taken).await?;
    Ok(HttpResponse::Ok().content_type(picture.content_type).body(picture.bytes))
}
