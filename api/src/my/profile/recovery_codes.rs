//! `POST /my/profile/recovery_codes`: new recovery codes of an end user in place of all old ones.

use actix_web::{HttpRequest, post, web};
use siteward_store::{StoreError, two_factor};
use siteward_worker::mail::AccountChange;

use super::telling::tell_end_user;
use crate::access::{EndUser, second_factor};
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::profile::recovery_codes::RecoveryCodes;
use crate::profile::two_factor::OwnProof;
use crate::session::proof::{Proof, code_wrong, prove_end_user};

/// Makes new recovery codes; the old ones are void.
#[utoipa::path(tag = "my", request_body = OwnProof, responses(
    (status = 200, description = "The new codes", body = RecoveryCodes),
    (status = 409, description = "No second factor is on", body = ErrorBody),
    (status = 423, description = "Locked; details.locked_until tells until when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/profile/recovery_codes")]
pub(crate) async fn renew_my_recovery_codes(
    caller: EndUser,
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<OwnProof>,
) -> Result<web::Json<RecoveryCodes>, ApiError> {
    let caller = caller.0;
    note.object("end_user", &caller.id(), caller.name());
    let OwnProof { password, code } = body.into_inner();
    let Proof { account, from, shown, turn } =
        prove_end_user(&platform, &request, &caller, password, Some(&code)).await?;
    let (recovery_codes, hashes) = second_factor::new_recovery_codes(&account.id);
    let now = platform.clock.now();
    let renewed = platform.write(move |conn| {
        if two_factor::status_of(conn, &account.id)?.since.is_none() {
            return Ok(Err(ApiError::new(codes::TWO_FACTOR_OFF)));
        }
        if !shown.take(conn, now)? {
            return Ok(Err(code_wrong()));
        }
        two_factor::replace_recovery_codes(conn, &account.id, &hashes)?;
        tell_end_user(conn, &account.id, AccountChange::RecoveryCodes, &from.address, now)?;
        Ok::<_, StoreError>(Ok(()))
    });
    renewed.await??;
    (platform.wake_worker)();
    drop(turn);
    Ok(web::Json(RecoveryCodes { recovery_codes }))
}
