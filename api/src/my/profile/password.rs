//! `POST /my/profile/password`: a new password of an end user.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, post, web};
use secrecy::ExposeSecret as _;
use siteward_domain::staff::check_password;
use siteward_store::{end_user_sessions, passwords};
use siteward_worker::mail::AccountChange;

use super::telling::tell_end_user;
use crate::access::EndUser;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::my::session::MySession;
use crate::my::session::start::NewEndUserToken;
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::profile::password::{OwnPasswordChange, hashed};
use crate::session::proof::{Proof, code_wrong, prove_end_user};
use crate::session::weak_password;

/// Changes the end user's password: every session of theirs ends, this one goes on under a new id. Their accounts on alarm
/// panels get it too.
#[utoipa::path(tag = "my", request_body = OwnPasswordChange, responses(
    (status = 200, description = "Changed; the new session", body = MySession),
    (status = 423, description = "Locked; details.locked_until tells until when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/profile/password")]
pub(crate) async fn change_my_password(
    caller: EndUser,
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<OwnPasswordChange>,
) -> Result<HttpResponse, ApiError> {
    let OwnPasswordChange { password: given, new_password, code } = body.into_inner();
    let caller = caller.0;
    note.object("end_user", &caller.id(), caller.name());
    let weak = check_password(new_password.expose_secret(), caller.email());
    weak.map_err(|weak| weak_password(weak, "new_password"))?;
    let Proof { account, from, shown, turn } =
        prove_end_user(&platform, &request, &caller, given, code.as_ref()).await?;
    let hash = hashed(&platform, &new_password).await?;
    let (now, address) = (platform.clock.now(), from.address.clone());
    let token = NewEndUserToken::generate(&account.id, from, now);
    let (session, store) = (token.session.clone(), platform.store.clone());
    let changed = platform.write(move |conn| {
        let taken = shown.take(conn, now)?;
        if taken {
            passwords::change_end_user_password(conn, store.vault(), &account.id, &hash, &new_password, now)?;
            end_user_sessions::create_session(conn, &session)?;
            tell_end_user(conn, &account.id, AccountChange::Password, &address, now)?;
        }
        Ok(taken)
    });
    if !changed.await? {
        return Err(code_wrong());
    }
    (platform.wake_worker)();
    drop(turn);
    token.answer(&platform, StatusCode::OK).await
}
