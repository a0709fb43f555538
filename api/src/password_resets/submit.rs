//! `POST /reset/{token}` and `POST /my/reset/{token}`: set the new password.

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use siteward_domain::SessionId;
use siteward_domain::panel_accounts::PersonKind;
use siteward_domain::staff::check_password;
use siteward_store::end_user_operations::{self, NewEndUserOperation};
use siteward_store::end_users::EndUser;
use siteward_store::operations::{self, NewOperation};
use siteward_store::passwords::{self, NewPassword};
use siteward_store::staff::StaffRecord;
use siteward_store::{DbConn, StoreError, Vault, password_resets};
use siteward_worker::mail::AccountChange;

use super::page::{Wrong, page, texts};
use super::{Link, Person, gone, refused, sign_in_page};
use crate::error::{ApiError, codes};
use crate::my::profile::telling::tell_end_user;
use crate::operation_log::address_of;
use crate::pages::password::refusal;
use crate::platform::Platform;
use crate::profile::password::hashed;
use crate::profile::telling::tell;
use crate::session::attempt::{Attempt, Factor};

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
    submit(&request, &platform, PersonKind::Staff, &token, form).await
}

/// The same for an end user.
pub(crate) async fn submit_my_reset(
    request: HttpRequest,
    platform: web::Data<Platform>,
    token: web::Path<String>,
    form: Result<web::Form<ResetForm>, actix_web::Error>,
) -> HttpResponse {
    submit(&request, &platform, PersonKind::EndUser, &token, form).await
}

async fn submit(
    request: &HttpRequest,
    platform: &Platform,
    kind: PersonKind,
    token: &str,
    form: Result<web::Form<ResetForm>, actix_web::Error>,
) -> HttpResponse {
    let link = match Link::find(platform, kind, token).await {
        Ok(Some(link)) => link,
        Ok(None) => return gone(request, kind),
        Err(error) => return refused(request, &error),
    };
    let Ok(form) = form else { return refused(request, &ApiError::new(codes::BAD_REQUEST)) };
    match set(request, platform, &link, form.into_inner()).await {
        Ok(Outcome::Set(ended)) => {
            platform.live.end_sessions(&ended);
            (platform.wake_worker)();
            let next = format!("{}?reset=done", sign_in_page(kind));
            HttpResponse::SeeOther().insert_header((LOCATION, next)).finish()
        }
        Ok(Outcome::Wrong(wrong)) => page(&link, link.language(request), &wrong),
        Ok(Outcome::Gone) => gone(request, kind),
        Err(error) => refused(request, &error),
    }
}

async fn set(request: &HttpRequest, platform: &Platform, link: &Link, form: ResetForm) -> Result<Outcome, ApiError> {
    let language = link.language(request);
    if let Err(weak) = check_password(form.password.expose_secret(), link.person.email()) {
        return Ok(Outcome::Wrong(Wrong { password: Some(refusal(weak, language)), code: None }));
    }
    let address = address_of(request, platform);
    // The account's own lock is no hindrance: whoever has the link may lift it. Codes are guarded by a lock of theirs.
    let attempt = Attempt::begin(platform, link.person.door(), link.person.email(), &address).await?;
    let code = form.code.as_ref().map(secrecy::ExposeSecret::expose_secret);
    let texts = texts(language);
    let wrong = |code| Ok(Outcome::Wrong(Wrong { password: None, code: Some(code) }));
    let shown = match attempt.second_factor(platform, link.person.account(), code).await {
        Ok(Factor::Right(shown)) => shown,
        Ok(Factor::Missing) => return wrong(texts.code_needed),
        Ok(Factor::Wrong) => return wrong(texts.code_wrong),
        Err(error) if error.code() == codes::ACCOUNT_LOCKED.code => return wrong(texts.code_locked),
        Err(error) => return Err(error),
    };
    let hash = hashed(platform, &form.password).await?;
    let Link { token_hash, person, .. } = link.clone();
    let password = form.password;
    let (now, store) = (platform.clock.now(), platform.store.clone());
    let written = platform.write(move |conn| {
        if !shown.take(conn, now)? {
            return Ok(None);
        }
        if !password_resets::use_up(conn, person.kind(), &token_hash, now)? {
            return Ok(Some(Outcome::Gone));
        }
        let new = (hash.as_str(), &password, address.as_str());
        match &person {
            Person::Staff(account) => change_of_staff(conn, store.vault(), account, new, now),
            Person::EndUser(account) => change_of_end_user(conn, store.vault(), account, new, now),
        }
        .map(|ended| Some(Outcome::Set(ended)))
    });
    // None: the code was used at the same instant.
    written.await?.map_or_else(|| wrong(texts.code_wrong), Ok)
}

fn change_of_staff(
    conn: &mut DbConn,
    vault: &Vault,
    account: &StaffRecord,
    (hash, password, address): (&str, &SecretString, &str),
    now: DateTime<Utc>,
) -> Result<Vec<SessionId>, StoreError> {
    let new = NewPassword {
        company_id: account.company_id.clone(),
        staff_id: account.id.clone(),
        hash: hash.to_owned(),
        password: password.clone(),
    };
    let ended = passwords::change_password(conn, vault, &new, now)?;
    tell(conn, &account.company_id, &account.id, AccountChange::Password, address, now)?;
    let operation = NewOperation {
        company_id: account.company_id.clone(),
        staff_id: Some(account.id.clone()),
        action: "POST /reset/{token}".to_owned(),
        object_kind: "staff".to_owned(),
        object_id: account.id.to_string(),
        object_name: account.name.clone(),
        from_address: address.to_owned(),
        result: "ok".to_owned(),
        at: now,
    };
    operations::append(conn, &operation)?;
    Ok(ended)
}

/// Streams of end users look at their session themselves: there is nobody to tell which ended.
fn change_of_end_user(
    conn: &mut DbConn,
    vault: &Vault,
    account: &EndUser,
    (hash, password, address): (&str, &SecretString, &str),
    now: DateTime<Utc>,
) -> Result<Vec<SessionId>, StoreError> {
    passwords::change_end_user_password(conn, vault, &account.id, hash, password, now)?;
    tell_end_user(conn, &account.id, AccountChange::Password, address, now)?;
    let operation = NewEndUserOperation {
        end_user_id: account.id.clone(),
        action: "POST /my/reset/{token}".to_owned(),
        object_kind: "end_user".to_owned(),
        object_id: account.id.to_string(),
        object_name: account.name.clone(),
        from_address: address.to_owned(),
        result: "ok".to_owned(),
        at: now,
    };
    end_user_operations::append(conn, &operation)?;
    Ok(Vec::new())
}
