//! `PUT /profile/two_factor`: the first code turns the second factor on.

use actix_web::{HttpRequest, HttpResponse, put, web};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use siteward_domain::SessionId;
use siteward_store::two_factor::{self, SecondFactor};
use siteward_store::{DbConn, StoreError, sessions, staff};
use siteward_worker::mail::AccountChange;
use utoipa::ToSchema;

use super::super::telling::tell;
use crate::access::{Enrolling, second_factor};
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::session::Session;
use crate::session::attempt::{Account, Attempt};
use crate::session::guessing::Door;
use crate::session::proof::code_wrong;
use crate::session::start::{From, NewToken};

/// A code of the app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirstCode {
    /// The code that the app shows.
    #[schema(value_type = String, max_length = 64, format = Password)]
    pub(crate) code: SecretString,
}

/// What the person keeps, and the session that goes on.
#[derive(Serialize, ToSchema)]
pub(crate) struct TwoFactorConfirmed {
    /// Ten codes, told this once, each good once in place of a code of the app.
    recovery_codes: Vec<String>,
    /// The session under its new id.
    session: Session,
}

/// Turns the second factor on with the first code of the app: all other sessions of the caller end, this one goes on under
/// a new id.
#[utoipa::path(tag = "account", request_body = FirstCode, responses(
    (status = 200, description = "It is on", body = TwoFactorConfirmed),
    (status = 409, description = "None was begun", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[put("/profile/two_factor")]
pub(crate) async fn confirm_two_factor(
    caller: Enrolling,
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<FirstCode>,
) -> Result<HttpResponse, ApiError> {
    let caller = caller.0;
    note.object("staff", &caller.record.staff_id, &caller.record.staff_name);
    let from = From::of(&request, &platform);
    let attempt = Attempt::begin(&platform, Door::Staff, &caller.record.email, &from.address).await?;
    let (company, id) = (caller.company_id(), caller.staff_id());
    let find = move |conn: &mut DbConn| {
        Ok((staff::get_staff(conn, &company, &id)?, two_factor::find_second_factor(conn, &id)?))
    };
    let (factor, step) = first_step(&platform, &attempt, find, &body.into_inner().code).await?;
    let (now, address) = (platform.clock.now(), from.address.clone());
    let (company, id) = (caller.company_id(), caller.staff_id());
    let (recovery_codes, hashes) = second_factor::new_recovery_codes(&id);
    let token = NewToken::generate(&company, &id, from, now);
    let session = token.session.clone();
    let confirmed = platform.write(move |conn| -> Result<Vec<SessionId>, StoreError> {
        two_factor::confirm(conn, &id, &factor.sealed_seed, step, &hashes, now)?;
        let ended = sessions::end_sessions_of(conn, &id)?;
        sessions::create_session(conn, &session)?;
        tell(conn, &company, &id, AccountChange::TwoFactorOn, &address, now)?;
        Ok(ended)
    });
    platform.live.end_sessions(&confirmed.await?);
    (platform.wake_worker)();
    drop(attempt);
    let (cookie, session) = token.describe(&platform).await?;
    Ok(HttpResponse::Ok().cookie(cookie).json(TwoFactorConfirmed { recovery_codes, session }))
}

/// The factor that the caller has begun, and the step of time whose code was given. A wrong code counts like one at the door.
pub(crate) async fn first_step<A>(
    platform: &Platform,
    attempt: &Attempt,
    find: impl FnMut(&mut DbConn) -> Result<(A, Option<SecondFactor>), StoreError> + Send + 'static,
    code: &SecretString,
) -> Result<(SecondFactor, i64), ApiError>
where
    A: Send + 'static,
    for<'a> Account: std::convert::From<&'a A>,
{
    let ((account, factor), pause) = attempt.look_up(platform, find).await?;
    tokio::time::sleep(pause).await;
    let factor = factor.ok_or_else(|| ApiError::new(codes::TWO_FACTOR_NOT_BEGUN))?;
    if factor.confirmed_at.is_some() {
        return Err(ApiError::new(codes::TWO_FACTOR_ON));
    }
    if second_factor::is_too_long(code) {
        return Err(code_wrong());
    }
    let step = attempt.step_of(platform, &account, &factor, code.expose_secret()).await?;
    Ok((factor, step.ok_or_else(code_wrong)?))
}
