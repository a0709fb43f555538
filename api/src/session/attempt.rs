//! One attempt to show who one is, by password and second factor, at the door or before something that only the account's
//! owner may do. Whatever is wrong counts against account and network address alike.

use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use siteward_domain::CompanyId;
use siteward_store::end_users::EndUser;
use siteward_store::person::Person;
use siteward_store::staff::StaffRecord;
use siteward_store::two_factor::{self, SecondFactor};
use siteward_store::{DbConn, StoreError, passwords, sign_in};

use super::MOST_CHARACTERS;
use super::guessing::{self, Door, Standing, Turn};
use crate::access::password;
use crate::access::second_factor;
use crate::error::{ApiError, codes};
use crate::platform::{Platform, off_thread};

/// Whether what was typed at a door is too long, or too odd, to be anybody's: refused without looking.
pub(crate) fn is_nobodys(account: &str, password: &SecretString, code: Option<&SecretString>) -> bool {
    let is_long = |text: &str| text.chars().count() > MOST_CHARACTERS;
    let code_is_long = code.is_some_and(second_factor::is_too_long);
    code_is_long || is_long(account) || is_long(password.expose_secret()) || account.chars().any(char::is_control)
}

/// An attempt whose turn it is. Attempts on one account wait for each other.
pub(crate) struct Attempt {
    account_key: String,
    code_key: String,
    address: String,
    _turn: Turn,
}

/// The account that is tried. No `Debug`: it holds a password hash.
#[derive(Clone)]
pub(crate) struct Account {
    person: Person,
    /// End users have none.
    company_id: Option<CompanyId>,
    pub(super) password_hash: String,
}

impl From<&StaffRecord> for Account {
    fn from(staff: &StaffRecord) -> Self {
        Self {
            person: Person::from(&staff.id),
            company_id: Some(staff.company_id.clone()),
            password_hash: staff.password_hash.clone(),
        }
    }
}

impl From<&EndUser> for Account {
    fn from(end_user: &EndUser) -> Self {
        let person = Person::from(&end_user.id);
        Self { person, company_id: None, password_hash: end_user.password_hash.clone() }
    }
}

/// What became of the second factor.
pub(crate) enum Factor {
    /// Right, or none is on.
    Right(Shown),
    /// One is on, and no code was given.
    Missing,
    /// The code is wrong, used already, or too old.
    Wrong,
}

/// What somebody has shown, and what it counts against: taken in the transaction of what it was shown for.
pub(crate) struct Shown {
    account_key: String,
    code_key: String,
    address: String,
    person: Person,
    password_hash: String,
    code: Option<GoodCode>,
}

enum GoodCode {
    Step(i64),
    Recovery(String),
}

impl Attempt {
    /// Waits for one's turn with the account of this e-mail address.
    pub(crate) async fn begin(platform: &Platform, door: Door, email: &str, address: &str) -> Result<Self, ApiError> {
        let account_key = guessing::account_key(door, email);
        let address = guessing::address_key(address);
        let turn = platform.sign_in_lanes.enter(&account_key, &address).await?;
        Ok(Self { account_key, code_key: guessing::code_key(door, email), address, _turn: turn })
    }

    /// What `read` gives, and the pause that earlier failures cost. Refused while account or address are locked.
    pub(crate) async fn look_up<T: Send + 'static>(
        &self,
        platform: &Platform,
        mut read: impl FnMut(&mut DbConn) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<(T, Duration), ApiError> {
        let now = platform.clock.now();
        let (key, address) = (self.account_key.clone(), self.address.clone());
        let found = platform.read(move |conn| Ok((guessing::standing(conn, &key, &address, now)?, read(conn)?)));
        match found.await? {
            (Standing::Locked(until), _) => Err(ApiError::locked(until, now)),
            (Standing::AddressBusy, _) => Err(address_busy()),
            (Standing::Open(pause), found) => Ok((found, pause)),
        }
    }

    /// Whether the password is right that an account has as `hash`; no account takes as long and never has one. A wrong one is counted.
    pub(crate) async fn password_is_right(
        &self,
        platform: &Platform,
        hash: Option<String>,
        given: SecretString,
    ) -> Result<bool, ApiError> {
        // Many attempts at once, each on another account, have all seen an address of good standing: so it is asked once
        // more by the few whose turn it is.
        let _turn = platform.turn_to_hash().await?;
        let (address, now) = (self.address.clone(), platform.clock.now());
        if platform.read(move |conn| guessing::is_busy(conn, &address, now)).await? {
            return Err(address_busy());
        }
        let right = off_thread(move || password::is_right(given.expose_secret(), hash.as_deref())).await?;
        if !right {
            let (key, address, now) = (self.account_key.clone(), self.address.clone(), platform.clock.now());
            platform.write(move |conn| guessing::failed(conn, &key, &address, now)).await?;
        }
        Ok(right)
    }

    /// What the person's second factor says to a code. A wrong one is counted; refused while too many were.
    pub(crate) async fn second_factor(
        &self,
        platform: &Platform,
        account: impl Into<Account>,
        code: Option<&str>,
    ) -> Result<Factor, ApiError> {
        let account = account.into();
        let shown = |code| Shown {
            account_key: self.account_key.clone(),
            code_key: self.code_key.clone(),
            address: self.address.clone(),
            person: account.person.clone(),
            password_hash: account.password_hash.clone(),
            code,
        };
        let code = code.map(str::trim).filter(|code| !code.is_empty());
        let recovery = code.map(|code| second_factor::recovery_hash(&account.person, code)).unwrap_or_default();
        let (person, hash) = (account.person.clone(), recovery.clone());
        let found = platform.read(move |conn| {
            let factor = two_factor::find_second_factor(conn, &person)?;
            Ok((factor, two_factor::is_recovery_code(conn, &person, &hash)?))
        });
        let (factor, is_recovery) = found.await?;
        let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_some()) else {
            return Ok(Factor::Right(shown(None)));
        };
        let Some(code) = code else { return Ok(Factor::Missing) };
        if is_recovery {
            self.check_code_lock(platform).await?;
            return Ok(Factor::Right(shown(Some(GoodCode::Recovery(recovery)))));
        }
        let step = self.step_of(platform, account.clone(), &factor, code).await?;
        Ok(step.map_or(Factor::Wrong, |step| Factor::Right(shown(Some(GoodCode::Step(step))))))
    }

    /// The step of time whose code this is, unless it was used. A wrong one is counted; refused while too many were.
    pub(crate) async fn step_of(
        &self,
        platform: &Platform,
        account: impl Into<Account>,
        factor: &SecondFactor,
        code: &str,
    ) -> Result<Option<i64>, ApiError> {
        let Account { person, company_id, .. } = account.into();
        self.check_code_lock(platform).await?;
        let seed = two_factor::open_seed(&platform.store, company_id.as_ref(), &person, &factor.sealed_seed);
        let seed = seed.map_err(StoreError::from)?;
        let now = platform.clock.now();
        let step = second_factor::step_of(&seed, code, now)?;
        let step = step.filter(|step| factor.last_step.is_none_or(|last| last < *step));
        if step.is_none() {
            let (key, code_key, address) = (self.account_key.clone(), self.code_key.clone(), self.address.clone());
            platform.write(move |conn| guessing::failed_code(conn, &key, &code_key, &address, now)).await?;
        }
        Ok(step)
    }

    async fn check_code_lock(&self, platform: &Platform) -> Result<(), ApiError> {
        let (key, now) = (self.code_key.clone(), platform.clock.now());
        let locked = platform.read(move |conn| sign_in::locked_until(conn, &key, now)).await?;
        locked.map_or(Ok(()), |until| Err(ApiError::locked(until, now)))
    }
}

impl Shown {
    /// Takes what was shown and forgets earlier failures. False, and counted, where the code was used at the same instant,
    /// or password or second factor changed meanwhile: then nothing else may be done in this transaction.
    pub(crate) fn take(&self, conn: &mut DbConn, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let person = &self.person;
        let is_good = passwords::is_still(conn, person, &self.password_hash)?
            && match &self.code {
                None => {
                    two_factor::find_second_factor(conn, person)?.is_none_or(|factor| factor.confirmed_at.is_none())
                }
                Some(GoodCode::Step(step)) => two_factor::take_step(conn, person, *step)?,
                Some(GoodCode::Recovery(hash)) => two_factor::take_recovery_code(conn, person, hash, now)?,
            };
        if !is_good {
            guessing::failed_code(conn, &self.account_key, &self.code_key, &self.address, now)?;
            return Ok(false);
        }
        sign_in::clear(conn, &self.account_key)?;
        sign_in::clear(conn, &self.code_key)?;
        Ok(true)
    }
}

fn address_busy() -> ApiError {
    ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(60)
}
