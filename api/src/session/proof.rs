//! Step-up: before something that only the account's owner may do, they show anew who they are. The cookie alone, which
//! a forgotten browser gives to anybody, is not enough.

use actix_web::HttpRequest;
use secrecy::{ExposeSecret as _, SecretString};
use siteward_store::end_users::{self, EndUser};
use siteward_store::staff::{self, StaffRecord};
use siteward_store::{DbConn, StoreError};

use super::MOST_CHARACTERS;
use super::attempt::{Account, Attempt, Factor, Shown};
use super::guessing::Door;
use super::start::From;
use crate::access::end_user::EndUserCaller;
use crate::access::second_factor;
use crate::access::session::Caller;
use crate::error::{ApiError, codes};
use crate::platform::Platform;

/// What was proven. Others who try the same account wait until it is dropped.
pub(crate) struct Proof<A = StaffRecord> {
    /// Who it was.
    pub(crate) account: A,
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
    let (company, id) = (caller.company_id(), caller.staff_id());
    let find = move |conn: &mut DbConn| staff::get_staff(conn, &company, &id);
    prove_at(platform, request, (Door::Staff, &caller.record.email), find, password, code).await
}

/// The same for an end user.
pub(crate) async fn prove_end_user(
    platform: &Platform,
    request: &HttpRequest,
    caller: &EndUserCaller,
    password: SecretString,
    code: Option<&SecretString>,
) -> Result<Proof<EndUser>, ApiError> {
    let id = caller.id();
    let find = move |conn: &mut DbConn| end_users::get_end_user(conn, &id);
    prove_at(platform, request, (Door::EndUser, caller.email()), find, password, code).await
}

async fn prove_at<A>(
    platform: &Platform,
    request: &HttpRequest,
    (door, email): (Door, &str),
    find: impl FnMut(&mut DbConn) -> Result<A, StoreError> + Send + 'static,
    password: SecretString,
    code: Option<&SecretString>,
) -> Result<Proof<A>, ApiError>
where
    A: Send + 'static,
    for<'a> Account: std::convert::From<&'a A>,
{
    // Nobody's password or code is so long: refused without looking.
    if password.expose_secret().chars().count() > MOST_CHARACTERS {
        return Err(ApiError::field(codes::OWN_PASSWORD_WRONG, "password"));
    }
    if code.is_some_and(second_factor::is_too_long) {
        return Err(code_wrong());
    }
    let from = From::of(request, platform);
    let turn = Attempt::begin(platform, door, email, &from.address).await?;
    let (account, pause) = turn.look_up(platform, find).await?;
    tokio::time::sleep(pause).await;
    let hash = Account::from(&account).password_hash;
    if !turn.password_is_right(platform, Some(hash), password).await? {
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
