//! `PATCH /my/given_shares/{given_share_id}`: other channels, or other permissions.

use actix_web::{patch, web};
use serde::Deserialize;
use siteward_domain::{DeviceId, ShareId};
use siteward_store::shares;
use utoipa::ToSchema;

use super::GivenShare;
use crate::access::EndUser;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::handovers::share_refused;
use crate::my::channels_to_share::{ChannelToShare, to_share};
use crate::operation_log::Note;
use crate::platform::Platform;

/// What is shared from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GivenShareUpdate {
    /// The device whose channels these are, where others are to stay as they are.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    device_id: Option<DeviceId>,
    /// All channels that are to be shared, of that device or at all; others are not any more.
    #[schema(min_items = 1, max_items = 1024)]
    channels: Vec<ChannelToShare>,
}

/// Changes what is shared with somebody, who is told.
#[utoipa::path(tag = "my sharing", request_body = GivenShareUpdate, params(("given_share_id" = String, Path, format = "uuid", description = "The share")), responses(
    (status = 200, description = "Changed", body = GivenShare),
    (status = 409, description = "A channel is shared with as many as it may be, or nothing of what is named is on the site", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[patch("/my/given_shares/{given_share_id}")]
pub(crate) async fn update_given_share(
    caller: EndUser,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<ShareId>,
    body: Body<GivenShareUpdate>,
) -> Result<web::Json<GivenShare>, ApiError> {
    let (giver, now) = (caller.0.id(), platform.clock.now());
    let GivenShareUpdate { device_id: of, channels } = body.into_inner();
    let channels = to_share(channels)?;
    if of.as_ref().is_some_and(|device| channels.iter().any(|channel| channel.device_id != *device)) {
        return Err(ApiError::field(codes::FIELD_INVALID, "channels"));
    }
    let actor = format!("end_user:{giver}");
    note.object("share", &*id, "");
    let changed = platform.write(move |conn| {
        if let Err(refusal) = shares::change_given(conn, &giver, &id, of.as_ref(), &channels, &actor, now)? {
            return Ok(Err(share_refused(refusal)));
        }
        shares::get_given(conn, &giver, &id).map(Ok)
    });
    let changed = changed.await??;
    (platform.wake_worker)();
    Ok(web::Json(GivenShare::from(changed)))
}
