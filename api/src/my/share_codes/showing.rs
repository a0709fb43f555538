//! Whoever shows the token of a code, and its password where it has one, is told what it is for (T14).
//!
//! Wrong passwords are counted for the code and the network address together, so that nobody locks a code for others; and for the code
//! alone they slow every try down, and very many let it rest, so that it is not guessed from many addresses.

use std::time::Duration as StdDuration;

use actix_web::HttpRequest;
use chrono::{DateTime, Duration, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use siteward_domain::share::MOST_CODE_FAILURES;
use siteward_domain::share_code::CodeStanding;
use siteward_domain::staff::FAILURE_WINDOW_SECONDS;
use siteward_store::share_codes::{ShareCode, find_code};
use siteward_store::sign_in;
use utoipa::ToSchema;

use crate::access::{password, token};
use crate::error::{ApiError, codes, rfc3339};
use crate::operation_log::address_of;
use crate::platform::{Platform, off_thread};
use crate::session::guessing::{self, Standing, address_key};

/// The most that a code's wrong passwords, wherever they come from, slow the next try down.
const LONGEST_PAUSE: StdDuration = StdDuration::from_millis(500);
/// Wrong passwords of a code, from anywhere, after which each try waits.
const FREE_FAILURES: u64 = 10;

/// What the page behind a code hands in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShareCodeShown {
    /// What stands behind the `#` of the link.
    #[schema(max_length = 64)]
    token: String,
    /// The password, where the code has one.
    #[schema(value_type = Option<String>, max_length = 64, format = Password)]
    password: Option<SecretString>,
}

impl ShareCodeShown {
    /// What is kept of the token.
    pub(crate) fn token_hash(&self) -> String {
        token::hash(&self.token)
    }
}

/// The code that somebody shows, if they may apply with it; else why not.
pub(crate) async fn shown(
    platform: &Platform,
    request: &HttpRequest,
    given: &ShareCodeShown,
) -> Result<ShareCode, ApiError> {
    let (now, address) = (platform.clock.now(), address_key(&address_of(request, platform)));
    if !platform.captchas.allows(&format!("share code from {address}"), now) {
        return Err(ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(60));
    }
    let hash = given.token_hash();
    let code = platform.read(move |conn| find_code(conn, &hash)).await?;
    let code = code.ok_or_else(|| ApiError::new(codes::SHARE_CODE_ENDED))?;
    match code.terms().standing(now) {
        CodeStanding::Open => {}
        CodeStanding::Ended => return Err(ApiError::new(codes::SHARE_CODE_ENDED)),
        CodeStanding::Expired => return Err(ApiError::new(codes::SHARE_CODE_EXPIRED)),
        CodeStanding::Full => return Err(ApiError::new(codes::SHARE_CODE_FULL)),
    }
    if let Some(hash) = code.password_hash.clone() {
        let password = given.password.clone();
        let password = password.ok_or_else(|| ApiError::new(codes::SHARE_CODE_PASSWORD_NEEDED))?;
        check(platform, code.id.as_str(), address, hash, password).await?;
    }
    Ok(code)
}

fn locked(until: DateTime<Utc>, now: DateTime<Utc>) -> ApiError {
    let details = json!({ "locked_until": rfc3339(until) });
    ApiError::new(codes::SHARE_CODE_LOCKED).with_details(details).retry_at(until, now)
}

/// Checks the password of a code, one try after the other.
async fn check(
    platform: &Platform,
    code: &str,
    address: String,
    hash: String,
    given: SecretString,
) -> Result<(), ApiError> {
    let of_code = token::hash(&format!("share-code:{code}"));
    let of_both = token::hash(&format!("share-code:{code}:{address}"));
    let _turn = platform.sign_in_lanes.enter(&of_code, &address).await?;
    let now = platform.clock.now();
    let (both, all, from) = (of_both.clone(), of_code.clone(), address.clone());
    let found = platform.read(move |conn| {
        let since = now - Duration::seconds(FAILURE_WINDOW_SECONDS);
        Ok((guessing::standing(conn, &both, &from, now)?, sign_in::failures_since(conn, &all, since)?))
    });
    let pause = match found.await? {
        (Standing::Locked(until), _) => return Err(locked(until, now)),
        (Standing::AddressBusy, _) => return Err(ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(60)),
        (Standing::Open(_), MOST_CODE_FAILURES..) => {
            return Err(locked(now + Duration::seconds(FAILURE_WINDOW_SECONDS), now));
        }
        (Standing::Open(pause), failures) if failures < FREE_FAILURES => pause,
        (Standing::Open(pause), _) => pause.max(LONGEST_PAUSE),
    };
    tokio::time::sleep(pause).await;
    let turn = platform.turn_to_hash().await?;
    let right = off_thread(move || password::is_right(given.expose_secret(), Some(&hash))).await?;
    drop(turn);
    let counted = platform.write(move |conn| {
        if right {
            return sign_in::clear(conn, &of_both);
        }
        guessing::failed(conn, &of_both, &address, now)?;
        // Counted for the code alone, with no address: one failure, not two, of theirs.
        sign_in::record_failure(conn, &of_code, "", now)
    });
    counted.await?;
    if right { Ok(()) } else { Err(ApiError::new(codes::SHARE_CODE_PASSWORD_WRONG)) }
}
