//! `POST /my/registrations`: asks for an account of an end user.
//!
//! What is answered, and when, hangs on nothing that is known of the address: it is looked up only after the answer (T13).

use actix_web::{HttpRequest, HttpResponse, post, web};
use chrono::{DateTime, Duration, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use siteward_domain::end_user::{MOST_NAME_CHARACTERS, REGISTRATION_HOURS};
use siteward_domain::staff::check_password;
use siteward_domain::text;
use siteward_store::end_user_registrations::{self, Registration};
use siteward_store::mail_paces::{self, Pace};
use siteward_store::{DbConn, StoreError, Vault, end_users};
use siteward_worker::mail::{self, EndUserNews, EndUserTold, is_address};
use utoipa::ToSchema;

use super::region;
use crate::access::token;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, bad_name, codes};
use crate::operation_log::address_of;
use crate::platform::Platform;
use crate::profile::password::hashed;
use crate::session::guessing::{Door, account_key, address_key};
use crate::session::{email, weak_password};
use crate::sites::time_zone;
use crate::words::MailLanguage;

/// Mails an hour for one address.
const MOST_AN_HOUR: usize = 3;
/// Mails an hour that one network address causes.
const MOST_AN_HOUR_FROM: usize = 30;

/// Who wants an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegistrationCreate {
    /// The person's name.
    #[schema(min_length = 1, max_length = 128)]
    name: String,
    /// The e-mail address: a link that confirms it goes there.
    #[schema(min_length = 3, max_length = 254)]
    email: String,
    /// Two letters of a country code.
    #[schema(min_length = 2, max_length = 2)]
    region: String,
    /// The language to read.
    language: MailLanguage,
    /// IANA name of the time zone.
    #[schema(min_length = 1, max_length = 64)]
    time_zone: String,
    /// 8 to 64 characters, three of: small letters, capitals, digits, others.
    #[schema(value_type = String, min_length = 8, max_length = 64, format = Password)]
    password: SecretString,
}

/// Taken; it tells nothing.
#[derive(Serialize, ToSchema)]
pub(crate) struct RegistrationTaken {}

/// Sends a link that makes the account, good once and for 24 hours; an address that has one is told so by mail. At most 3
/// mails an hour to one address. Known and unknown addresses are answered alike.
#[utoipa::path(tag = "my", request_body = RegistrationCreate, security(()), responses(
    (status = 202, description = "Taken", body = RegistrationTaken),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/registrations")]
pub(crate) async fn create_registration(
    request: HttpRequest,
    platform: web::Data<Platform>,
    body: Body<RegistrationCreate>,
) -> Result<HttpResponse, ApiError> {
    let body = body.into_inner();
    let address = email(&body.email).filter(|address| is_address(address));
    let address = address.ok_or_else(|| ApiError::field(codes::EMAIL_INVALID, "email"))?;
    check_password(body.password.expose_secret(), &address).map_err(|weak| weak_password(weak, "password"))?;
    let mut registration = Registration {
        name: text::needed_line(&body.name, MOST_NAME_CHARACTERS).map_err(|error| bad_name(&error, "name"))?,
        email: address,
        region: region(&body.region)?,
        language: body.language.0,
        time_zone: time_zone(&body.time_zone)?,
        password_hash: String::new(),
    };
    let busy = |_| ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(10);
    let place = platform.resets_at_once.clone().try_acquire_owned().map_err(busy)?;
    registration.password_hash = hashed(&platform, &body.password).await?;
    let from = address_key(&address_of(&request, &platform));
    let for_later = platform.get_ref().clone();
    platform.runtime.spawn(async move {
        mail_link(&for_later, registration, from).await;
        drop(place);
    });
    Ok(HttpResponse::Accepted().json(RegistrationTaken {}))
}

/// Mails the link. Nobody waits for it, so that what goes wrong is told to the log only.
async fn mail_link(platform: &Platform, registration: Registration, from: String) {
    let (store, now) = (platform.store.clone(), platform.clock.now());
    let secret = token::new_token();
    let mailed = platform.write(move |conn| write_mail(conn, store.vault(), &registration, &secret, &from, now));
    match mailed.await {
        Ok(true) => (platform.wake_worker)(),
        Ok(false) => tracing::info!("no link to a new account was mailed: there were enough for this hour"),
        Err(error) => {
            tracing::error!(code = error.code(), cause = error.cause(), "a link to a new account was not mailed");
        }
    }
}

fn write_mail(
    conn: &mut DbConn,
    vault: &Vault,
    registration: &Registration,
    secret: &str,
    from: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let receiver = &registration.email;
    let paces = [
        Pace { purpose: "registration", subject: account_key(Door::EndUser, receiver), most: MOST_AN_HOUR },
        Pace { purpose: "registration", subject: token::hash(&format!("from:{from}")), most: MOST_AN_HOUR_FROM },
    ];
    if mail_paces::take_turn(conn, &paces, now)?.is_some() {
        return Ok(false);
    }
    let url = mail::public_url(conn)?;
    if let Some(known) = end_users::find_by_email(conn, receiver)? {
        let told = EndUserTold { news: EndUserNews::Known, name: &known.name, url: &url };
        let letter = told.letter(known.language);
        mail::enqueue(conn, &mail::address_from_platform(&url, &known.email, letter, now), now)?;
        return Ok(true);
    }
    let expires_at = now + Duration::hours(REGISTRATION_HOURS);
    end_user_registrations::create_registration(conn, &token::hash(secret), registration, now, expires_at)?;
    let told = EndUserTold { news: EndUserNews::Registration, name: &registration.name, url: &url };
    let (letter, secret) = (told.letter(registration.language), SecretString::from(secret));
    let mail = mail::address_from_platform_with_token(vault, &url, receiver, letter, &secret, now)?;
    mail::enqueue(conn, &mail, now)?;
    Ok(true)
}
