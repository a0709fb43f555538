//! `POST /profile/password`: a new password.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, post, web};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use siteward_domain::staff::check_password;
use siteward_store::passwords::{self, NewPassword};
use siteward_store::sessions;
use siteward_worker::mail::AccountChange;
use utoipa::ToSchema;

use super::telling::tell;
use crate::access::{Enrolling, password};
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::{Platform, off_thread};
use crate::session::proof::{Proof, code_wrong, prove};
use crate::session::start::NewToken;
use crate::session::{Session, weak_password};

/// The password so far and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnPasswordChange {
    /// The password so far.
    #[schema(value_type = String, max_length = 256, format = Password)]
    pub(crate) password: SecretString,
    /// The new one: 8 to 64 characters, three of: small letters, capitals, digits, others.
    #[schema(value_type = String, min_length = 8, max_length = 64, format = Password)]
    pub(crate) new_password: SecretString,
    /// The code of the second factor, or a recovery code, where one is on.
    #[schema(value_type = Option<String>, max_length = 64, format = Password)]
    pub(crate) code: Option<SecretString>,
}

/// Changes the caller's password: every session of theirs ends, this one goes on under a new id. Their accounts on alarm
/// panels get it too.
#[utoipa::path(tag = "account", request_body = OwnPasswordChange, responses(
    (status = 200, description = "Changed; the new session", body = Session),
    (status = 423, description = "Locked; details.locked_until tells until when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/profile/password")]
pub(crate) async fn change_password(
    caller: Enrolling,
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<OwnPasswordChange>,
) -> Result<HttpResponse, ApiError> {
    let OwnPasswordChange { password: given, new_password, code } = body.into_inner();
    let record = &caller.0.record;
    note.object("staff", &record.staff_id, &record.staff_name);
    check_password(new_password.expose_secret(), &record.email).map_err(|weak| weak_password(weak, "new_password"))?;
    let Proof { account, from, shown, turn } = prove(&platform, &request, &caller.0, given, code.as_ref()).await?;
    let hash = hashed(&platform, &new_password).await?;
    let new = NewPassword {
        company_id: account.company_id.clone(),
        staff_id: account.id.clone(),
        hash,
        password: new_password,
    };
    let (now, address) = (platform.clock.now(), from.address.clone());
    let token = NewToken::generate(&account.company_id, &account.id, from, now);
    let (session, store) = (token.session.clone(), platform.store.clone());
    let ended = platform.write(move |conn| {
        if !shown.take(conn, now)? {
            return Ok(None);
        }
        let ended = passwords::change_password(conn, store.vault(), &new, now)?;
        sessions::create_session(conn, &session)?;
        tell(conn, &new.company_id, &new.staff_id, AccountChange::Password, &address, now)?;
        Ok(Some(ended))
    });
    platform.live.end_sessions(&ended.await?.ok_or_else(code_wrong)?);
    (platform.wake_worker)();
    drop(turn);
    token.answer(&platform, StatusCode::OK).await
}

/// The hash of a new password, made when it is its turn.
pub(crate) async fn hashed(platform: &Platform, secret: &SecretString) -> Result<String, ApiError> {
    let secret = secret.clone();
    let _turn = platform.turn_to_hash().await?;
    off_thread(move || password::hash(secret.expose_secret())).await?
}
