//! `POST /my/confirm/{token}`: makes the account and signs its owner in.
//!
//! It takes the link, which only the owner of the address has, and the password, which only the one who registered knows: so
//! that nobody gets an account for somebody else's address, with a password of their own, by a click of that somebody.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use siteward_domain::EndUserId;
use siteward_store::end_user_operations::{self, NewEndUserOperation};
use siteward_store::end_user_registrations::Registration;
use siteward_store::mail_paces::{self, Pace};
use siteward_store::{end_user_registrations, end_user_sessions, end_users};

use super::{ConfirmPage, gone};
use crate::access::end_user::EndUserCaller;
use crate::access::{password, token};
use crate::error::{ApiError, codes};
use crate::my::session::start::NewEndUserToken;
use crate::pages::frame::answer;
use crate::pages::is_own_form;
use crate::pages::language::language_of;
use crate::pages::message::refused;
use crate::platform::Platform;
use crate::session::start::From;

/// Passwords that are tried with one link within an hour.
const MOST_TRIES: usize = 10;

/// What the page sends.
#[derive(Deserialize)]
pub(crate) struct ConfirmForm {
    /// The password of the registration, or of the account.
    pub(crate) password: SecretString,
}

/// Confirms the address: the person has an account from now on, and is signed in.
pub(crate) async fn confirm_registration(
    request: HttpRequest,
    platform: web::Data<Platform>,
    token: web::Path<String>,
    form: Option<web::Form<ConfirmForm>>,
) -> HttpResponse {
    let language = language_of(&request, None);
    if !is_own_form(&request) {
        return refused(language, &ApiError::new(codes::CSRF_MISSING));
    }
    let hash = token::hash(&token);
    let known = match registered(&platform, hash.clone(), form.map(|form| form.into_inner().password)).await {
        Ok(Some(known)) => known,
        Ok(None) => return gone(&request),
        Err(error) => return refused(language, &error),
    };
    if !known.is_right {
        let language = language_of(&request, Some(known.registration.language));
        return answer(StatusCode::UNPROCESSABLE_ENTITY, &ConfirmPage::wrong(language, &known.registration.email));
    }
    match confirm(&request, &platform, hash).await {
        Ok(response) => response,
        Err(error) if error.code() == codes::NOT_FOUND.code || error.code() == codes::EMAIL_TAKEN.code => {
            gone(&request)
        }
        Err(error) => refused(language, &error),
    }
}

/// The registration of a link, and whether a password is its.
struct Known {
    registration: Registration,
    is_right: bool,
}

async fn registered(
    platform: &Platform,
    token_hash: String,
    given: Option<SecretString>,
) -> Result<Option<Known>, ApiError> {
    let now = platform.clock.now();
    let found = platform.write(move |conn| {
        let Some(registration) = end_user_registrations::find_registration(conn, &token_hash, now)? else {
            return Ok(None);
        };
        let pace = Pace { purpose: "confirmation", subject: token_hash.clone(), most: MOST_TRIES };
        Ok(Some((registration, mail_paces::take_turn(conn, &[pace], now)?.is_none())))
    });
    let Some((registration, may_try)) = found.await? else { return Ok(None) };
    if !may_try {
        return Err(ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(3600));
    }
    let hash = registration.password_hash.clone();
    let given = given.unwrap_or_default();
    let right = web::block(move || password::is_right(given.expose_secret(), Some(&hash)));
    Ok(Some(Known { registration, is_right: right.await.map_err(ApiError::internal)? }))
}

async fn confirm(request: &HttpRequest, platform: &Platform, token_hash: String) -> Result<HttpResponse, ApiError> {
    let (now, from) = (platform.clock.now(), From::of(request, platform));
    let (id, from_address) = (EndUserId::generate(now), from.address.clone());
    let token = NewEndUserToken::generate(&id, from, now);
    let session = token.session.clone();
    let before = EndUserCaller::find(platform, request).await?.map(|caller| caller.record.id);
    let confirmed = platform.write(move |conn| {
        end_user_registrations::confirm(conn, &token_hash, &id, now)?;
        if let Some(before) = &before {
            end_user_sessions::end_session(conn, before)?;
        }
        end_user_sessions::create_session(conn, &session)?;
        let operation = NewEndUserOperation {
            end_user_id: id.clone(),
            action: "POST /my/confirm/{token}".to_owned(),
            object_kind: "end_user".to_owned(),
            object_id: id.to_string(),
            object_name: end_users::get_end_user(conn, &id)?.name,
            from_address: from_address.clone(),
            result: "ok".to_owned(),
            at: now,
        };
        end_user_operations::append(conn, &operation)
    });
    confirmed.await?;
    let cookie = token.cookie(platform).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, "/my")).cookie(cookie).finish())
}
