//! `POST /my/session`: signs an end user in.

use actix_web::http::StatusCode;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, post, web};
use secrecy::SecretString;
use serde::Deserialize;
use siteward_domain::end_user;
use siteward_store::end_users::EndUser;
use siteward_store::panel_passwords::{self, Holder};
use siteward_store::{end_user_sessions, end_users};
use utoipa::ToSchema;

use super::MySession;
use super::start::NewEndUserToken;
use crate::access::end_user::EndUserCaller;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::session::attempt::{Attempt, Factor, Shown, is_nobodys};
use crate::session::guessing::Door;
use crate::session::start::From;

/// E-mail address or phone number, and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MySignIn {
    /// E-mail address, in any case, or the phone number of the account.
    #[schema(max_length = 256)]
    email: String,
    /// Password.
    #[schema(value_type = String, max_length = 256, format = Password)]
    password: SecretString,
    /// The code of the second factor, or a recovery code, where one is on.
    #[schema(value_type = Option<String>, max_length = 64, format = Password)]
    code: Option<SecretString>,
}

/// Signs an end user in. Known and unknown accounts are refused alike, in text and in time.
#[utoipa::path(tag = "my", request_body = MySignIn, security(()), responses(
    (status = 200, description = "Signed in", body = MySession),
    (status = 401, description = "E-mail, password or code is wrong, or a code is needed too", body = ErrorBody),
    (status = 423, description = "Locked; details.locked_until tells until when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/session")]
pub(crate) async fn create_my_session(
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<MySignIn>,
) -> Result<HttpResponse, ApiError> {
    let MySignIn { email, password, code } = body.into_inner();
    if is_nobodys(&email, &password, code.as_ref()) {
        return Err(ApiError::new(codes::SIGN_IN_REFUSED));
    }
    let from = From::of(&request, &platform);
    let code = code.as_ref().map(secrecy::ExposeSecret::expose_secret);
    let (account, shown) = show(&platform, &from, &email, password, code, Some(&note)).await?;
    let before = request.extensions().get::<EndUserCaller>().cloned();
    let (token, shown) = begin(&platform, &account, shown, from, before).await?;
    drop(shown);
    token.answer(&platform, StatusCode::OK).await
}

/// What somebody showed at the door: the second factor, their turn there, and the password, which panels may wait for.
pub(crate) type Proof = (Shown, Attempt, SecretString);

/// One attempt at the door: who it is, and what they showed, to be taken in the transaction of what it was shown for.
/// Pages call this too.
pub(crate) async fn show(
    platform: &Platform,
    from: &From,
    email: &str,
    password: SecretString,
    code: Option<&str>,
    note: Option<&Note>,
) -> Result<(EndUser, Proof), ApiError> {
    let email = email_of(platform, email).await?;
    let attempt = Attempt::begin(platform, Door::EndUser, &email, &from.address).await?;
    let (account, pause) = attempt.look_up(platform, move |conn| end_users::find_by_email(conn, &email)).await?;
    if let Some((account, note)) = account.as_ref().zip(note) {
        note.end_user(account.id.clone());
        note.object("end_user", &account.id, &account.name);
    }
    tokio::time::sleep(pause).await;
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let right = attempt.password_is_right(platform, hash, password.clone()).await?;
    let account = account.filter(|_| right).ok_or_else(|| ApiError::new(codes::SIGN_IN_REFUSED))?;
    match attempt.second_factor(platform, &account, code).await? {
        Factor::Right(shown) => Ok((account, (shown, attempt, password))),
        Factor::Missing => Err(ApiError::new(codes::SECOND_FACTOR_NEEDED)),
        Factor::Wrong => Err(ApiError::new(codes::SIGN_IN_REFUSED)),
    }
}

/// The e-mail address that was meant: of a phone number that of its account, so that both are guessed at as one. A number
/// that nobody has is counted as one, however it is spelled: else five spellings would tell it from one that somebody has.
async fn email_of(platform: &Platform, given: &str) -> Result<String, ApiError> {
    let given = given.trim().to_owned();
    let Some(phone) = end_user::phone(&given) else { return Ok(given) };
    platform
        .read(move |conn| {
            Ok(end_users::find_by_phone(conn, &phone)?.map_or_else(|| phone.clone(), |account| account.email))
        })
        .await
}

/// Begins the session, in place of the one that the browser had; panels that wait for the password get it (R-A3). Others
/// who try the same account wait until what is given back beside it is dropped.
pub(crate) async fn begin(
    platform: &Platform,
    account: &EndUser,
    (shown, turn, password): Proof,
    from: From,
    before: Option<EndUserCaller>,
) -> Result<(NewEndUserToken, Attempt), ApiError> {
    let now = platform.clock.now();
    let token = NewEndUserToken::generate(&account.id, from, now);
    let (session, store) = (token.session.clone(), platform.store.clone());
    let begun = platform.write(move |conn| {
        if !shown.take(conn, now)? {
            return Ok(false);
        }
        if let Some(before) = &before {
            end_user_sessions::end_session(conn, &before.record.id)?;
        }
        end_user_sessions::create_session(conn, &session)?;
        let holder = Holder::EndUser(&session.end_user_id);
        panel_passwords::hold_if_wanted(conn, store.vault(), holder, &password, now)?;
        Ok(true)
    });
    if begun.await? { Ok((token, turn)) } else { Err(ApiError::new(codes::SIGN_IN_REFUSED)) }
}
