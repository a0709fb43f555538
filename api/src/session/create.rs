//! `POST /session`: signs a member of staff in.

use actix_web::http::StatusCode;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, post, web};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use siteward_store::staff::{self, StaffRecord};
use siteward_store::{sessions, sign_in};
use utoipa::ToSchema;

use super::Session;
use super::guessing::{self, Standing};
use super::start::{From, NewToken};
use crate::access::password;
use crate::access::session::Caller;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::{Platform, off_thread};

/// Longer texts are no e-mail address or password of anybody: refused without looking.
const MOST_CHARACTERS: usize = 256;

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
}

/// Signs in. Known and unknown accounts are refused alike, in text and in time.
#[utoipa::path(tag = "session", request_body = SignIn, security(()), responses(
    (status = 200, description = "Signed in", body = Session),
    (status = 401, description = "E-mail or password is wrong", body = ErrorBody),
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
    let SignIn { email, password: given } = body.into_inner();
    let too_long = email.chars().count() > MOST_CHARACTERS || given.expose_secret().chars().count() > MOST_CHARACTERS;
    if too_long || email.chars().any(char::is_control) {
        return Err(ApiError::new(codes::SIGN_IN_REFUSED));
    }
    let from = From::of(&request, &platform);
    let key = guessing::account_key(&email);
    let counted = guessing::address_key(&from.address);
    let turn = platform.sign_in_lanes.enter(&key, &counted).await?;
    let account = look_up(&platform, &key, &counted, email, &note).await?;
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    // Many tries at once, each on another account, have all seen an address of good standing: so it is asked once more
    // by the few whose turn it is.
    let turn_to_hash = platform.turn_to_hash().await?;
    let (of_address, now) = (counted.clone(), platform.clock.now());
    if platform.read(move |conn| guessing::is_busy(conn, &of_address, now)).await? {
        return Err(address_busy());
    }
    let right = off_thread(move || password::is_right(given.expose_secret(), hash.as_deref())).await?;
    let now = platform.clock.now();
    let Some(account) = account.filter(|_| right) else {
        platform.write(move |conn| guessing::failed(conn, &key, &counted, now)).await?;
        return Err(ApiError::new(codes::SIGN_IN_REFUSED));
    };
    drop(turn_to_hash);
    let token = NewToken::generate(&account.company_id, &account.id, from, now);
    let session = token.session.clone();
    let before = request.extensions().get::<Caller>().map(|caller| caller.record.id.clone());
    platform
        .write(move |conn| {
            sign_in::clear(conn, &key)?;
            if let Some(before) = &before {
                sessions::end_session(conn, before)?;
            }
            sessions::create_session(conn, &session)
        })
        .await?;
    drop(turn);
    token.answer(&platform, StatusCode::OK).await
}

fn address_busy() -> ApiError {
    ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(60)
}

/// The account, if it may sign in at all; after the pause that earlier failures cost.
async fn look_up(
    platform: &Platform,
    key: &str,
    address: &str,
    email: String,
    note: &Note,
) -> Result<Option<StaffRecord>, ApiError> {
    let now = platform.clock.now();
    let (key, address) = (key.to_owned(), address.to_owned());
    let (standing, account) = platform
        .read(move |conn| {
            let standing = guessing::standing(conn, &key, &address, now)?;
            Ok((standing, staff::find_by_email(conn, email.trim())?))
        })
        .await?;
    match standing {
        Standing::Locked(until) => Err(ApiError::locked(until, now)),
        Standing::AddressBusy => Err(address_busy()),
        Standing::Open(pause) => {
            // Only a try is logged: refusing all others would let a stranger fill a log that nobody may shorten.
            if let Some(account) = &account {
                note.who(account.company_id.clone(), Some(account.id.clone()));
                note.object("staff", &account.id, &account.name);
            }
            tokio::time::sleep(pause).await;
            Ok(account.filter(|account| !account.disabled))
        }
    }
}
