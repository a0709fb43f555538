//! `POST /my/email/{token}`: the account has the new address from now on.
//!
//! It takes the link, which only the owner of the address has, and the password, which only the owner of the account knows: so
//! that nobody gets somebody else's address into an account of their own by a click of that somebody.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret as _;
use siteward_store::address_changes::{self, AddressChange};
use siteward_store::end_user_operations::{self, NewEndUserOperation};
use siteward_store::end_users::{self, EndUser};
use siteward_store::mail_paces::{self, Pace};
use siteward_store::{DbConn, StoreError};
use siteward_worker::mail::AccountChange;

use crate::access::{password, token};
use crate::error::{ApiError, codes};
use crate::my::profile::telling::tell_end_user;
use crate::my::registrations::confirm::ConfirmForm;
use crate::my::registrations::{ConfirmPage, gone};
use crate::pages::frame::answer;
use crate::pages::is_own_form;
use crate::pages::language::language_of;
use crate::pages::message::refused;
use crate::platform::Platform;
use crate::session::start::From;

/// Passwords that are tried with one link within an hour.
const MOST_TRIES: usize = 10;

/// Confirms the address. The one before is told by mail.
pub(crate) async fn confirm_address_change(
    request: HttpRequest,
    platform: web::Data<Platform>,
    token: web::Path<String>,
    form: Option<web::Form<ConfirmForm>>,
) -> HttpResponse {
    let language = language_of(&request, None);
    if !is_own_form(&request) {
        return refused(language, &ApiError::new(codes::CSRF_MISSING));
    }
    let (hash, now) = (token::hash(&token), platform.clock.now());
    let given = form.map(|form| form.into_inner().password).unwrap_or_default();
    let (change, account) = match open(&platform, hash.clone(), now).await {
        Ok(Some(open)) => open,
        Ok(None) => return gone(&request),
        Err(error) => return refused(language, &error),
    };
    let right = web::block(move || password::is_right(given.expose_secret(), Some(&account.password_hash))).await;
    match right {
        Ok(true) => {}
        Ok(false) => {
            let page = ConfirmPage::wrong_of_address(language, &change.email);
            return answer(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
        Err(error) => return refused(language, &ApiError::internal(error)),
    }
    let from = From::of(&request, &platform).address;
    match platform.write(move |conn| confirm(conn, &hash, &from, now)).await {
        Ok(true) => {
            (platform.wake_worker)();
            HttpResponse::SeeOther().insert_header((LOCATION, "/my/account")).finish()
        }
        Ok(false) => gone(&request),
        Err(error) if error.code() == codes::STALE.code => gone(&request),
        Err(error) => refused(language, &error),
    }
}

/// The change of a link with its account, where a password may be tried.
async fn open(
    platform: &Platform,
    hash: String,
    now: DateTime<Utc>,
) -> Result<Option<(AddressChange, EndUser)>, ApiError> {
    let found = platform.write(move |conn| {
        let Some(change) = address_changes::find(conn, &hash, now)? else { return Ok(None) };
        let pace = Pace { purpose: "address_confirmation", subject: hash.clone(), most: MOST_TRIES };
        let may_try = mail_paces::take_turn(conn, &[pace], now)?.is_none();
        let account = end_users::get_end_user(conn, &change.end_user_id)?;
        Ok(Some((change, account, may_try)))
    });
    match found.await? {
        Some((_, _, false)) => Err(ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(3600)),
        found => Ok(found.map(|(change, account, _)| (change, account))),
    }
}

/// Changes the address and tells the one before; `false`: the link is of no use any more, or somebody has an account with the address.
fn confirm(conn: &mut DbConn, hash: &str, from: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let Some(change) = address_changes::find(conn, hash, now)? else { return Ok(false) };
    if end_users::find_by_email(conn, &change.email)?.is_some_and(|other| other.id != change.end_user_id) {
        return Ok(false);
    }
    tell_end_user(conn, &change.end_user_id, AccountChange::Address, from, now)?;
    let AddressChange { end_user_id: id, .. } = match address_changes::confirm(conn, hash, now) {
        // Somebody else clicked at the same instant: what was told is taken back with the transaction.
        Err(StoreError::NotFound) => return Err(StoreError::Stale),
        confirmed => confirmed?,
    };
    let operation = NewEndUserOperation {
        action: "POST /my/email/{token}".to_owned(),
        object_kind: "end_user".to_owned(),
        object_id: id.to_string(),
        object_name: end_users::get_end_user(conn, &id)?.name,
        from_address: from.to_owned(),
        result: "ok".to_owned(),
        at: now,
        end_user_id: id,
    };
    end_user_operations::append(conn, &operation)?;
    Ok(true)
}
