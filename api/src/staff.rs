//! What the command line may do to staff: make the first Admin, and help out who forgot a password.

use chrono::{DateTime, Utc};
use siteward_domain::company::Region;
use siteward_domain::mail::MailLanguage;
use siteward_domain::staff::check_password;
use siteward_domain::{CompanyId, StaffId, text};
use siteward_store::companies::{self, NewCompany};
use siteward_store::staff::{self as stored, NewStaff};
use siteward_store::{Store, StoreError, sessions, sign_in};

use crate::access::password;
use crate::error::{ApiError, bad_name, codes};
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

/// Sets a new password, ends every session of the account and takes its lock away. Blocks.
pub fn reset_password(store: &Store, address: &str, secret: &str) -> Result<(), ApiError> {
    let account = store.read(|conn| stored::find_by_email(conn, address.trim()))?;
    let account = account.ok_or_else(|| ApiError::new(codes::NOT_FOUND).with_message("no account has this address"))?;
    check_password(secret, &account.email).map_err(|weak| weak_password(weak, "password"))?;
    let hash = password::hash(secret)?;
    let key = guessing::account_key(&account.email);
    store.write(|conn| {
        stored::set_password_hash(conn, &account.id, &hash)?;
        sessions::end_sessions_of(conn, &account.id)?;
        sign_in::clear(conn, &key)
    })?;
    Ok(())
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
