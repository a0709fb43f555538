//! `POST /reset/{token}`: sets the new password.

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use siteward_domain::SessionId;
use siteward_domain::staff::check_password;
use siteward_store::operations::{self, NewOperation};
use siteward_store::password_resets;
use siteward_store::passwords::{self, NewPassword};
use siteward_worker::mail::AccountChange;

use super::page::{Wrong, page, texts};
use super::{Link, gone, refused};
use crate::error::{ApiError, codes};
use crate::operation_log::address_of;
use crate::pages::password::refusal;
use crate::platform::Platform;
use crate::profile::password::hashed;
use crate::profile::telling::tell;
use crate::session::attempt::{Attempt, Factor, Shown};
use crate::session::guessing::Door;

/// The form.
#[derive(Deserialize)]
pub(crate) struct ResetForm {
    password: SecretString,
    code: Option<SecretString>,
}

/// What became of it.
enum Outcome {
    /// Set; these sessions ended.
    Set(Vec<SessionId>),
    /// Something of the form is wrong.
    Wrong(Wrong),
    /// The link was used meanwhile.
    Gone,
}

/// Sets the new password with the link: every session ends, a lock is lifted, and the person signs in anew.
pub(crate) async fn submit_reset(
    request: HttpRequest,
    platform: web::Data<Platform>,
    token: web::Path<String>,
    form: Result<web::Form<ResetForm>, actix_web::Error>,
) -> HttpResponse {
    let link = match Link::find(&platform, &token).await {
        Ok(Some(link)) => link,
        Ok(None) => return gone(&request),
        Err(error) => return refused(&request, &error),
    };
    let Ok(form) = form else { return refused(&request, &ApiError::new(codes::BAD_REQUEST)) };
    match set(&request, &platform, &link, form.into_inner()).await {
        Ok(Outcome::Set(ended)) => {
            platform.live.end_sessions(&ended);
            (platform.wake_worker)();
            HttpResponse::SeeOther().insert_header((LOCATION, "/sign-in?reset=done")).finish()
        }
        Ok(Outcome::Wrong(wrong)) => page(&link, link.language(&request), &wrong),
        Ok(Outcome::Gone) => gone(&request),
        Err(error) => refused(&request, &error),
    }
}

async fn set(request: &HttpRequest, platform: &Platform, link: &Link, form: ResetForm) -> Result<Outcome, ApiError> {
    let language = link.language(request);
    if let Err(weak) = check_password(form.password.expose_secret(), &link.account.email) {
        return Ok(Outcome::Wrong(Wrong { password: Some(refusal(weak, language)), code: None }));
    }
    let address = address_of(request, platform);
    // The account's own lock is no hindrance: whoever has the link may lift it. Codes are guarded by a lock of theirs.
    let attempt = Attempt::begin(platform, Door::Staff, &link.account.email, &address).await?;
    let code = form.code.as_ref().map(secrecy::ExposeSecret::expose_secret);
    let texts = texts(language);
    let wrong = |code| Ok(Outcome::Wrong(Wrong { password: None, code: Some(code) }));
    let shown = match attempt.second_factor(platform, &link.account, code).await {
        Ok(Factor::Right(shown)) => shown,
        Ok(Factor::Missing) => return wrong(texts.code_needed),
        Ok(Factor::Wrong) => return wrong(texts.code_wrong),
        Err(error) if error.code() == codes::ACCOUNT_LOCKED.code => return wrong(texts.code_locked),
        Err(error) => return Err(error),
    };
    let hash = hashed(platform, &form.password).await?;
    match write(platform, link, shown, hash, form.password, address).await? {
        None => wrong(texts.code_wrong),
        Some(outcome) => Ok(outcome),
    }
}

/// `None`: the code was used at the same instant.
async fn write(
    platform: &Platform,
    link: &Link,
    shown: Shown,
    hash: String,
    password: SecretString,
    address: String,
) -> Result<Option<Outcome>, ApiError> {
    let (now, store) = (platform.clock.now(), platform.store.clone());
    let (account, token_hash) = (link.account.clone(), link.token_hash.clone());
    let new = NewPassword { company_id: account.company_id.clone(), staff_id: account.id.clone(), hash, password };
    let operation = NewOperation {
        company_id: account.company_id.clone(),
        staff_id: Some(account.id.clone()),
        action: "POST /reset/{token}".to_owned(),
        object_kind: "staff".to_owned(),
        object_id: account.id.to_string(),
        object_name: account.name.clone(),
        from_address: address.clone(),
        result: "ok".to_owned(),
        at: now,
    };
    platform
        .write(move |conn| {
            if !shown.take(conn, now)? {
                return Ok(None);
            }
            if !password_resets::use_up(conn, &token_hash, now)? {
                return Ok(Some(Outcome::Gone));
            }
            let ended = passwords::change_password(conn, store.vault(), &new, now)?;
            tell(conn, &account.company_id, &account.id, AccountChange::Password, &address, now)?;
            operations::append(conn, &operation)?;
            Ok(Some(Outcome::Set(ended)))
        })
        .await
}
