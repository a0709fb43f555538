//! `POST /my/share_codes/look`: what a code that somebody scanned is for.

use actix_web::{HttpRequest, post, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{CodeChannel, ShareCodeShown, shown};
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;
use crate::words::ShareCodeKind;

/// What a code is for.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShareCodeLook {
    /// How long it lasts.
    kind: ShareCodeKind,
    /// Who shares.
    giver_name: String,
    /// What it is for, in their words; may be empty.
    label: String,
    /// What is shared.
    #[schema(max_items = 1024)]
    channels: Vec<CodeChannel>,
    /// Until when one may apply.
    expires_at: DateTime<Utc>,
}

/// Tells whoever scanned a code who shares what, and until when. It needs no account: the token, and the password of the code where it has
/// one, are the right to it. Wrong passwords of a code lock it for their network address.
#[utoipa::path(tag = "my sharing", request_body = ShareCodeShown, security(()), responses(
    (status = 200, description = "What it is for", body = ShareCodeLook),
    (status = 409, description = "As many have applied as may", body = ErrorBody),
    (status = 410, description = "It is over, or nobody's", body = ErrorBody),
    (status = 422, description = "The password is wrong, or needed", body = ErrorBody),
    (status = 423, description = "Too many wrong passwords; details.locked_until tells until when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/share_codes/look")]
pub(crate) async fn look_at_share_code(
    request: HttpRequest,
    platform: web::Data<Platform>,
    body: Body<ShareCodeShown>,
) -> Result<web::Json<ShareCodeLook>, ApiError> {
    let code = shown(&platform, &request, &body.into_inner()).await?;
    let channels = code.channels.into_iter().map(CodeChannel::from).collect();
    Ok(web::Json(ShareCodeLook {
        kind: ShareCodeKind(code.kind),
        giver_name: code.giver_name,
        label: code.label,
        channels,
        expires_at: code.expires_at,
    }))
}
