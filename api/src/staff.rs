//! Staff of the company; and what the command line may do to it: make the first Admin, help out who forgot a password.

pub(crate) mod delete;
pub(crate) mod disable;
pub(crate) mod enable;
pub(crate) mod end_sessions;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod member;
pub(crate) mod reset_two_factor;
pub(crate) mod sites;
pub(crate) mod update;

use chrono::{DateTime, Utc};
use siteward_domain::company::Region;
use siteward_domain::mail::MailLanguage;
use siteward_domain::staff::check_password;
use siteward_domain::{CompanyId, StaffId, text};
use siteward_store::companies::{self, NewCompany};
use siteward_store::passwords::{self, NewPassword};
use siteward_store::staff::{self as stored, NewStaff, StaffRecord};
use siteward_store::{Store, StoreError, sessions, two_factor};
use siteward_worker::mail::AccountChange;

use crate::access::password;
use crate::error::{ApiError, bad_name, codes};
use crate::profile::telling::tell;
use crate::session::{email, guessing, weak_password};
use crate::setup::code;

/// The company and Installer Admin to make.
#[derive(Debug, Clone)]
pub struct FirstAdmin {
    /// The company's name.
    pub company: String,
    /// Its country code.
    pub region: String,
    /// How people reach the server.
    pub public_url: String,
    /// The Admin's name.
    pub name: String,
    /// The Admin's e-mail address.
    pub email: String,
}

/// Makes company and Installer Admin without the set-up page. Blocks.
pub fn create_admin(store: &Store, first: &FirstAdmin, secret: &str, now: DateTime<Utc>) -> Result<(), ApiError> {
    let company = NewCompany {
        id: CompanyId::generate(now),
        name: text::needed_line(&first.company, 128).map_err(|error| bad_name(&error, "company"))?,
        region: Region::parse(&first.region).map_err(|_| ApiError::field(codes::REGION_INVALID, "region"))?,
        public_url: crate::company::public_url(&first.public_url)
            .ok_or_else(|| ApiError::field(codes::PUBLIC_URL_INVALID, "public_url"))?,
    };
    let email = email(&first.email).ok_or_else(|| ApiError::field(codes::EMAIL_INVALID, "email"))?;
    check_password(secret, &email).map_err(|weak| weak_password(weak, "password"))?;
    let admin = NewStaff {
        id: StaffId::generate(now),
        company_id: company.id.clone(),
        name: text::needed_line(&first.name, 128).map_err(|error| bad_name(&error, "name"))?,
        email,
        password_hash: password::hash(secret)?,
        is_admin: true,
        role_id: None,
        language: MailLanguage::En,
        time_zone: "UTC".to_owned(),
    };
    let made = store.write(|conn| {
        companies::create_first_company(conn, &company, now)?;
        stored::create_staff(conn, &admin, now)?;
        code::forget(conn)
    });
    made.map_err(|error| match error {
        StoreError::Stale => ApiError::new(codes::SETUP_DONE),
        other => other.into(),
    })
}

/// Sets a new password, ends every session of the account and takes its lock away. Their accounts on alarm panels get it too.
/// Blocks.
pub fn reset_password(store: &Store, address: &str, secret: &str, now: DateTime<Utc>) -> Result<(), ApiError> {
    let account = find_account(store, address)?;
    check_password(secret, &account.email).map_err(|weak| weak_password(weak, "password"))?;
    let new = NewPassword {
        company_id: account.company_id,
        staff_id: account.id,
        hash: password::hash(secret)?,
        password: secret.to_owned().into(),
    };
    store.write(|conn| {
        passwords::change_password(conn, store.vault(), &new, now)?;
        guessing::forget(conn, guessing::Door::Staff, &account.email)?;
        tell(conn, &new.company_id, &new.staff_id, AccountChange::Password, "", now)
    })?;
    Ok(())
}

/// Takes an account's second factor away with its recovery codes, and ends every session of it. Blocks.
pub fn reset_two_factor(store: &Store, address: &str, now: DateTime<Utc>) -> Result<(), ApiError> {
    let account = find_account(store, address)?;
    let was_on = store.write(|conn| {
        if !two_factor::take_away(conn, &account.id)? {
            return Ok(false);
        }
        sessions::end_sessions_of(conn, &account.id)?;
        guessing::forget(conn, guessing::Door::Staff, &account.email)?;
        tell(conn, &account.company_id, &account.id, AccountChange::TwoFactorReset, "", now)?;
        Ok(true)
    })?;
    if was_on { Ok(()) } else { Err(ApiError::new(codes::TWO_FACTOR_OFF)) }
}

fn find_account(store: &Store, address: &str) -> Result<StaffRecord, ApiError> {
    let account = store.read(|conn| stored::find_by_email(conn, address.trim()))?;
    account.ok_or_else(|| ApiError::new(codes::NOT_FOUND).with_message("no account has this address"))
}

/// A new password of 20 letters and digits in groups, with about 100 random bits.
pub fn new_password() -> String {
    use rand::RngExt as _;
    const LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut random = rand::rng();
    let mut letter = || LETTERS.get(random.random_range(0..LETTERS.len())).copied().map_or('a', char::from);
    let groups: Vec<String> = (0..4).map(|_| (0..5).map(|_| letter()).collect()).collect();
    // The classes that the rules want, whatever the dice said.
    format!("{}-Aa2", groups.join("-"))
}
