//! `POST /session`: signs a member of staff in.

use actix_web::http::StatusCode;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, post, web};
use secrecy::SecretString;
use serde::Deserialize;
use siteward_store::panel_passwords::{self, Holder};
use siteward_store::sessions;
use siteward_store::staff::{self, StaffRecord};
use utoipa::ToSchema;

use super::Session;
use super::attempt::{Attempt, Factor, Shown, is_nobodys};
use super::guessing::Door;
use super::start::{From, NewToken};
use crate::access::session::Caller;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// E-mail address and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// E-mail address, in any case.
    #[schema(max_length = 256)]
    email: String,
    /// Password.
    #[schema(value_type = String, max_length = 256, format = Password)]
    password: SecretString,
    /// The code of the second factor, or a recovery code, where one is on.
    #[schema(value_type = Option<String>, max_length = 64, format = Password)]
    code: Option<SecretString>,
}

/// Signs in. Known and unknown accounts are refused alike, in text and in time.
#[utoipa::path(tag = "session", request_body = SignIn, security(()), responses(
    (status = 200, description = "Signed in", body = Session),
    (status = 401, description = "E-mail, password or code is wrong, or a code is needed too", body = ErrorBody),
    (status = 423, description = "Locked; details.locked_until tells until when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/session")]
pub(crate) async fn create_session(
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<SignIn>,
) -> Result<HttpResponse, ApiError> {
    let SignIn { email, password, code } = body.into_inner();
    if is_nobodys(&email, &password, code.as_ref()) {
        return Err(ApiError::new(codes::SIGN_IN_REFUSED));
    }
    let from = From::of(&request, &platform);
    let attempt = Attempt::begin(&platform, Door::Staff, &email, &from.address).await?;
    let account = look_up(&platform, &attempt, email, &note).await?;
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let right = attempt.password_is_right(&platform, hash, password.clone()).await?;
    let account = account.filter(|_| right).ok_or_else(|| ApiError::new(codes::SIGN_IN_REFUSED))?;
    let code = code.as_ref().map(secrecy::ExposeSecret::expose_secret);
    let shown = match attempt.second_factor(&platform, &account, code).await? {
        Factor::Right(shown) => shown,
        Factor::Missing => return Err(ApiError::new(codes::SECOND_FACTOR_NEEDED)),
        Factor::Wrong => return Err(ApiError::new(codes::SIGN_IN_REFUSED)),
    };
    let before = request.extensions().get::<Caller>().cloned();
    begin(&platform, account, shown, password, from, before).await
}

/// Begins the session, in place of the one that the browser had; panels that wait for the password get it (R-A3).
async fn begin(
    platform: &Platform,
    account: StaffRecord,
    shown: Shown,
    password: SecretString,
    from: From,
    before: Option<Caller>,
) -> Result<HttpResponse, ApiError> {
    let now = platform.clock.now();
    let token = NewToken::generate(&account.company_id, &account.id, from, now);
    let (session, store) = (token.session.clone(), platform.store.clone());
    let begun = platform.write(move |conn| {
        if !shown.take(conn, now)? {
            return Ok(false);
        }
        if let Some(before) = &before {
            sessions::end_session(conn, &before.record.id)?;
        }
        sessions::create_session(conn, &session)?;
        let holder = Holder::Staff(&account.company_id, &account.id);
        panel_passwords::hold_if_wanted(conn, store.vault(), holder, &password, now)?;
        Ok(true)
    });
    if !begun.await? {
        return Err(ApiError::new(codes::SIGN_IN_REFUSED));
    }
    token.answer(platform, StatusCode::OK).await
}

/// The account, if it may sign in at all; after the pause that earlier failures cost.
async fn look_up(
    platform: &Platform,
    attempt: &Attempt,
    email: String,
    note: &Note,
) -> Result<Option<StaffRecord>, ApiError> {
    let (account, pause) = attempt.look_up(platform, move |conn| staff::find_by_email(conn, email.trim())).await?;
    // Only a try is logged: refusing all others would let a stranger fill a log that nobody may shorten.
    if let Some(account) = &account {
        note.who(account.company_id.clone(), Some(account.id.clone()));
        note.object("staff", &account.id, &account.name);
    }
    tokio::time::sleep(pause).await;
    Ok(account.filter(|account| !account.disabled))
}
