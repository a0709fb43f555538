//! Step-up: before something that only the account's owner may do, they show anew who they are. The cookie alone, which
//! a forgotten browser gives to anybody, is not enough.

use actix_web::HttpRequest;
use secrecy::{ExposeSecret as _, SecretString};
use siteward_store::staff::{self, StaffRecord};

use super::MOST_CHARACTERS;
use super::attempt::{Attempt, Factor, Shown};
use super::guessing::Door;
use super::start::From;
use crate::access::second_factor;
use crate::access::session::Caller;
use crate::error::{ApiError, codes};
use crate::platform::Platform;

/// What was proven. Others who try the same account wait until it is dropped.
pub(crate) struct Proof {
    /// Who it was.
    pub(crate) account: StaffRecord,
    /// From where.
    pub(crate) from: From,
    /// To be taken in the transaction of what it was shown for.
    pub(crate) shown: Shown,
    /// Their turn.
    pub(crate) turn: Attempt,
}

/// Checks the caller's own password, and the code of their second factor where one is on. Each failure counts like one at
/// the door and may lock the account (R-S7).
pub(crate) async fn prove(
    platform: &Platform,
    request: &HttpRequest,
    caller: &Caller,
    password: SecretString,
    code: Option<&SecretString>,
) -> Result<Proof, ApiError> {
    // Nobody's password or code is so long: refused without looking.
    if password.expose_secret().chars().count() > MOST_CHARACTERS {
        return Err(ApiError::field(codes::OWN_PASSWORD_WRONG, "password"));
    }
    if code.is_some_and(second_factor::is_too_long) {
        return Err(code_wrong());
    }
    let from = From::of(request, platform);
    let turn = Attempt::begin(platform, Door::Staff, &caller.record.email, &from.address).await?;
    let (company, id) = (caller.company_id(), caller.staff_id());
    let (account, pause) = turn.look_up(platform, move |conn| staff::get_staff(conn, &company, &id)).await?;
    tokio::time::sleep(pause).await;
    if !turn.password_is_right(platform, Some(account.password_hash.clone()), password).await? {
        return Err(ApiError::field(codes::OWN_PASSWORD_WRONG, "password"));
    }
    match turn.second_factor(platform, &account, code.map(secrecy::ExposeSecret::expose_secret)).await? {
        Factor::Right(shown) => Ok(Proof { account, from, shown, turn }),
        Factor::Missing => Err(ApiError::field(codes::TWO_FACTOR_CODE_NEEDED, "code")),
        Factor::Wrong => Err(code_wrong()),
    }
}

/// The refusal where [`Shown::take`] takes nothing.
pub(crate) fn code_wrong() -> ApiError {
    ApiError::field(codes::TWO_FACTOR_CODE_WRONG, "code")
}
