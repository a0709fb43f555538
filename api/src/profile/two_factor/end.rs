//! `DELETE /profile/two_factor`: turns the second factor off.

use actix_web::{HttpRequest, HttpResponse, delete, web};
use siteward_store::{StoreError, companies, two_factor};
use siteward_worker::mail::AccountChange;

use super::super::telling::tell;
use super::OwnProof;
use crate::access::Enrolling;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::session::proof::{Proof, code_wrong, prove};

/// Turns the caller's second factor off, with all recovery codes; not where the company wants one.
#[utoipa::path(tag = "account", request_body = OwnProof, responses(
    (status = 204, description = "It is off"),
    (status = 409, description = "The company wants one, or none is on", body = ErrorBody),
    (status = 423, description = "Locked; details.locked_until tells until when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/profile/two_factor")]
pub(crate) async fn end_two_factor(
    caller: Enrolling,
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<OwnProof>,
) -> Result<HttpResponse, ApiError> {
    let record = &caller.0.record;
    note.object("staff", &record.staff_id, &record.staff_name);
    let OwnProof { password, code } = body.into_inner();
    let Proof { account, from, shown, turn } = prove(&platform, &request, &caller.0, password, Some(&code)).await?;
    let now = platform.clock.now();
    let off = platform.write(move |conn| {
        let company = companies::find_company(conn, &account.company_id)?.ok_or(StoreError::NotFound)?;
        if company.two_factor_required {
            return Ok(Err(ApiError::new(codes::TWO_FACTOR_REQUIRED)));
        }
        if two_factor::status_of(conn, &account.id)?.since.is_none() {
            return Ok(Err(ApiError::new(codes::TWO_FACTOR_OFF)));
        }
        if !shown.take(conn, now)? {
            return Ok(Err(code_wrong()));
        }
        two_factor::take_away(conn, &account.id)?;
        tell(conn, &account.company_id, &account.id, AccountChange::TwoFactorOff, &from.address, now)?;
        Ok::<_, StoreError>(Ok(()))
    });
    off.await??;
    (platform.wake_worker)();
    drop(turn);
    Ok(HttpResponse::NoContent().finish())
}
