//! `POST /profile/recovery_codes`: new recovery codes in place of all old ones.

use actix_web::{HttpRequest, post, web};
use serde::Serialize;
use siteward_store::{StoreError, two_factor};
use siteward_worker::mail::AccountChange;
use utoipa::ToSchema;

use super::telling::tell;
use super::two_factor::OwnProof;
use crate::access::{Enrolling, second_factor};
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::session::proof::{Proof, code_wrong, prove};

/// New recovery codes, told this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    /// Ten codes, each good once in place of a code of the app.
    pub(crate) recovery_codes: Vec<String>,
}

/// Makes new recovery codes; the old ones are void.
#[utoipa::path(tag = "account", request_body = OwnProof, responses(
    (status = 200, description = "The new codes", body = RecoveryCodes),
    (status = 409, description = "No second factor is on", body = ErrorBody),
    (status = 423, description = "Locked; details.locked_until tells until when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/profile/recovery_codes")]
pub(crate) async fn renew_recovery_codes(
    caller: Enrolling,
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<OwnProof>,
) -> Result<web::Json<RecoveryCodes>, ApiError> {
    let record = &caller.0.record;
    note.object("staff", &record.staff_id, &record.staff_name);
    let OwnProof { password, code } = body.into_inner();
    let Proof { account, from, shown, turn } = prove(&platform, &request, &caller.0, password, Some(&code)).await?;
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
        tell(conn, &account.company_id, &account.id, AccountChange::RecoveryCodes, &from.address, now)?;
        Ok::<_, StoreError>(Ok(()))
    });
    renewed.await??;
    (platform.wake_worker)();
    drop(turn);
    Ok(web::Json(RecoveryCodes { recovery_codes }))
}
