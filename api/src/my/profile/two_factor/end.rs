//! `DELETE /my/profile/two_factor`: turns an end user's second factor off.

use actix_web::{HttpRequest, HttpResponse, delete, web};
use siteward_store::{StoreError, two_factor};
use siteward_worker::mail::AccountChange;

use super::super::telling::tell_end_user;
use crate::access::EndUser;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::profile::two_factor::OwnProof;
use crate::session::proof::{Proof, code_wrong, prove_end_user};

/// Turns the end user's second factor off, with all recovery codes.
#[utoipa::path(tag = "my", request_body = OwnProof, responses(
    (status = 204, description = "It is off"),
    (status = 409, description = "None is on", body = ErrorBody),
    (status = 423, description = "Locked; details.locked_until tells until when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/my/profile/two_factor")]
pub(crate) async fn end_my_two_factor(
    caller: EndUser,
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<OwnProof>,
) -> Result<HttpResponse, ApiError> {
    let caller = caller.0;
    note.object("end_user", &caller.id(), caller.name());
    let OwnProof { password, code } = body.into_inner();
    let Proof { account, from, shown, turn } =
        prove_end_user(&platform, &request, &caller, password, Some(&code)).await?;
    let now = platform.clock.now();
    let off = platform.write(move |conn| {
        if two_factor::status_of(conn, &account.id)?.since.is_none() {
            return Ok(Err(ApiError::new(codes::TWO_FACTOR_OFF)));
        }
        if !shown.take(conn, now)? {
            return Ok(Err(code_wrong()));
        }
        two_factor::take_away(conn, &account.id)?;
        tell_end_user(conn, &account.id, AccountChange::TwoFactorOff, &from.address, now)?;
        Ok::<_, StoreError>(Ok(()))
    });
    off.await??;
    (platform.wake_worker)();
    drop(turn);
    Ok(HttpResponse::NoContent().finish())
}
