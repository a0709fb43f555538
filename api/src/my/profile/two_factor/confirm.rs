//! `PUT /my/profile/two_factor`: the first code turns an end user's second factor on.

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::Serialize;
use siteward_store::{end_user_sessions, end_users, two_factor};
use siteward_worker::mail::AccountChange;
use utoipa::ToSchema;

use super::super::telling::tell_end_user;
use crate::access::{EndUser, second_factor};
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::my::session::MySession;
use crate::my::session::start::NewEndUserToken;
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::profile::two_factor::confirm::{FirstCode, first_step};
use crate::session::attempt::Attempt;
use crate::session::guessing::Door;
use crate::session::start::From;

/// What the person keeps, and the session that goes on.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyTwoFactorConfirmed {
    /// Ten codes, told this once, each good once in place of a code of the app.
    recovery_codes: Vec<String>,
    /// The session under its new id.
    session: MySession,
}

/// Turns the second factor on with the first code of the app: all other sessions of the end user end, this one goes on
/// under a new id.
#[utoipa::path(tag = "my", request_body = FirstCode, responses(
    (status = 200, description = "It is on", body = MyTwoFactorConfirmed),
    (status = 409, description = "None was begun", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[put("/my/profile/two_factor")]
pub(crate) async fn confirm_my_two_factor(
    caller: EndUser,
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<FirstCode>,
) -> Result<HttpResponse, ApiError> {
    let caller = caller.0;
    note.object("end_user", &caller.id(), caller.name());
    let (id, from) = (caller.id(), From::of(&request, &platform));
    let attempt = Attempt::begin(&platform, Door::EndUser, caller.email(), &from.address).await?;
    let find = move |conn: &mut siteward_store::DbConn| {
        Ok((end_users::get_end_user(conn, &id)?, two_factor::find_second_factor(conn, &id)?))
    };
    let (factor, step) = first_step(&platform, &attempt, find, &body.into_inner().code).await?;
    let (now, address, id) = (platform.clock.now(), from.address.clone(), caller.id());
    let (recovery_codes, hashes) = second_factor::new_recovery_codes(&id);
    let token = NewEndUserToken::generate(&id, from, now);
    let session = token.session.clone();
    let confirmed = platform.write(move |conn| {
        two_factor::confirm(conn, &id, &factor.sealed_seed, step, &hashes, now)?;
        end_user_sessions::end_sessions_of(conn, &id, None)?;
        end_user_sessions::create_session(conn, &session)?;
        tell_end_user(conn, &id, AccountChange::TwoFactorOn, &address, now)
    });
    confirmed.await?;
    (platform.wake_worker)();
    drop(attempt);
    let (cookie, session) = token.describe(&platform).await?;
    Ok(HttpResponse::Ok().cookie(cookie).json(MyTwoFactorConfirmed { recovery_codes, session }))
}
