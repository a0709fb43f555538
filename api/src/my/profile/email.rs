//! `POST /my/profile/email`: another e-mail address of an end user.
//!
//! Nothing changes before the link in the mail to the new address is opened. What is answered hangs on nothing that is known of
//! that address (T13): one that has an account is told so by mail.

use actix_web::{HttpRequest, HttpResponse, post, web};
use chrono::{DateTime, Duration, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use siteward_domain::end_user::REGISTRATION_HOURS;
use siteward_store::address_changes::{self, AddressChange};
use siteward_store::end_users::{self, EndUser as Account};
use siteward_store::mail_paces::{self, Pace};
use siteward_store::{DbConn, StoreError, Vault};
use siteward_worker::mail::{self, AccountChange, EndUserNews, EndUserTold, is_address};
use utoipa::ToSchema;

use super::telling::tell_end_user;
use crate::access::{EndUser, token};
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::session::email;
use crate::session::guessing::{Door, account_key};
use crate::session::proof::{Proof, code_wrong, prove_end_user};

/// Mails an hour for one account, and for one new address.
const MOST_AN_HOUR: usize = 3;

/// The new address, and who they are.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MyEmailChange {
    /// The new address: a link that confirms it goes there.
    #[schema(min_length = 3, max_length = 254)]
    email: String,
    /// The password.
    #[schema(value_type = String, max_length = 256, format = Password)]
    password: SecretString,
    /// The code of the second factor, or a recovery code, where one is on.
    #[schema(value_type = Option<String>, max_length = 64, format = Password)]
    code: Option<SecretString>,
}

/// Taken; it tells nothing.
#[derive(Serialize, ToSchema)]
pub(crate) struct EmailChangeTaken {}

/// Sends a link to the new address, good once and for 24 hours; the present address is told. An address that has an account is told so
/// by mail, and answered like any other.
#[utoipa::path(tag = "my", request_body = MyEmailChange, responses(
    (status = 202, description = "Taken", body = EmailChangeTaken),
    (status = 423, description = "Locked; details.locked_until tells until when", body = ErrorBody),
    (status = 429, description = "Too many; Retry-After tells when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/profile/email")]
pub(crate) async fn change_my_email(
    caller: EndUser,
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<MyEmailChange>,
) -> Result<HttpResponse, ApiError> {
    let MyEmailChange { email: wanted, password, code } = body.into_inner();
    let caller = caller.0;
    note.object("end_user", &caller.id(), caller.name());
    let wanted = email(&wanted).filter(|address| is_address(address));
    let wanted = wanted.filter(|address| address.to_lowercase() != caller.email().to_lowercase());
    let wanted = wanted.ok_or_else(|| ApiError::field(codes::EMAIL_INVALID, "email"))?;
    let Proof { account, from, shown, turn } =
        prove_end_user(&platform, &request, &caller, password, code.as_ref()).await?;
    let (now, store, secret) = (platform.clock.now(), platform.store.clone(), token::new_token());
    let asked = platform.write(move |conn| {
        if !shown.take(conn, now)? {
            return Ok(Err(code_wrong()));
        }
        let subjects = [account.id.to_string(), account_key(Door::EndUser, &wanted)];
        let paces = subjects.map(|subject| Pace { purpose: "address_change", subject, most: MOST_AN_HOUR });
        if let Some(free_at) = mail_paces::take_turn(conn, &paces, now)? {
            return Ok(Err(ApiError::too_many_until(free_at, now)));
        }
        ask(conn, store.vault(), &account, &wanted, &secret, now)?;
        tell_end_user(conn, &account.id, AccountChange::AddressAsked, &from.address, now)?;
        Ok(Ok(()))
    });
    asked.await??;
    (platform.wake_worker)();
    drop(turn);
    Ok(HttpResponse::Accepted().json(EmailChangeTaken {}))
}

fn ask(
    conn: &mut DbConn,
    vault: &Vault,
    account: &Account,
    wanted: &str,
    secret: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let url = mail::public_url(conn)?;
    if let Some(known) = end_users::find_by_email(conn, wanted)? {
        let told = EndUserTold { news: EndUserNews::Known, name: &known.name, url: &url };
        let letter = told.letter(known.language);
        return mail::enqueue(conn, &mail::address_from_platform(&url, &known.email, letter, now), now);
    }
    let change = AddressChange { end_user_id: account.id.clone(), email: wanted.to_owned() };
    address_changes::create(conn, &token::hash(secret), &change, now, now + Duration::hours(REGISTRATION_HOURS))?;
    let told = EndUserTold { news: EndUserNews::Address, name: &account.name, url: &url };
    let (letter, secret) = (told.letter(account.language), SecretString::from(secret));
    let mail = mail::address_from_platform_with_token(vault, &url, wanted, letter, &secret, now)?;
    mail::enqueue(conn, &mail, now)
}
