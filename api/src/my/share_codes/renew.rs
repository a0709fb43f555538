//! `POST /my/share_codes/{share_code_id}/renew`: gives a code a new link.

use actix_web::{post, web};
use siteward_domain::ShareCodeId;
use siteward_store::{StoreError, share_codes};

use super::{Drawing, ShareCodeMade};
use crate::access::{EndUser, token};
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Gives a code a new link; the old one is dead from then on. A temporary code lasts 300 seconds anew, a long-term one as long as it did.
#[utoipa::path(tag = "my sharing", params(("share_code_id" = String, Path, format = "uuid", description = "The code")), responses(
    (status = 200, description = "Renewed", body = ShareCodeMade),
    (status = 410, description = "It was revoked, or its days are over", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/share_codes/{share_code_id}/renew")]
pub(crate) async fn renew_share_code(
    end_user: EndUser,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<ShareCodeId>,
) -> Result<web::Json<ShareCodeMade>, ApiError> {
    let (now, giver, token) = (platform.clock.now(), end_user.0.id(), token::new_code_token());
    note.object("share_code", &*id, "");
    let token_hash = token::hash(&token);
    let renewed = platform.write(move |conn| match share_codes::renew_code(conn, &giver, &id, &token_hash, now) {
        Ok(Ok(code)) => Drawing::of(conn, code).map(Ok),
        Ok(Err(_)) => Ok(Err(ApiError::new(codes::SHARE_CODES_TOO_MANY))),
        Err(StoreError::Stale) => Ok(Err(ApiError::new(codes::SHARE_CODE_ENDED))),
        Err(error) => Err(error),
    });
    Ok(web::Json(renewed.await??.made(&token, now).await?))
}
