//! `POST /my/account_codes/read`: whose code was scanned.

use actix_web::{post, web};
use serde::{Deserialize, Serialize};
use siteward_store::account_codes;
use siteward_store::end_users::get_end_user;
use utoipa::ToSchema;

use crate::access::{EndUser, token};
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::platform::Platform;

/// What was scanned.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountCodeScanned {
    /// What stands behind the `#` of the link.
    #[schema(max_length = 64)]
    token: String,
}

/// Whose it is.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountCodeRead {
    /// Their name.
    name: String,
}

/// Tells whose code was scanned, by name alone, before something is offered to them.
#[utoipa::path(tag = "my sharing", request_body = AccountCodeScanned, responses(
    (status = 200, description = "Whose it is", body = AccountCodeRead),
    (status = 410, description = "It is too old, or nobody's", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/account_codes/read")]
pub(crate) async fn read_account_code(
    end_user: EndUser,
    platform: web::Data<Platform>,
    body: Body<AccountCodeScanned>,
) -> Result<web::Json<AccountCodeRead>, ApiError> {
    let (now, hash) = (platform.clock.now(), token::hash(&body.into_inner().token));
    if !platform.captchas.allows(&format!("account codes read by {}", end_user.0.id()), now) {
        return Err(ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(60));
    }
    let name = platform.read(move |conn| match account_codes::find(conn, &hash, now)? {
        Some(id) => get_end_user(conn, &id).map(|account| Some(account.name)),
        None => Ok(None),
    });
    let name = name.await?.ok_or_else(|| ApiError::new(codes::ACCOUNT_CODE_ENDED))?;
    Ok(web::Json(AccountCodeRead { name }))
}
