//! An end user's own account: name, region, language, time zone, phone, password, second factor, what is kept of them, and
//! its end.

pub(crate) mod delete;
pub(crate) mod email;
pub(crate) mod export;
pub(crate) mod get;
pub(crate) mod password;
pub(crate) mod recovery_codes;
pub(crate) mod telling;
pub(crate) mod two_factor;
pub(crate) mod update;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::EndUserId;
use siteward_store::{DbConn, StoreError, end_users};
use utoipa::ToSchema;

use crate::profile::TwoFactor;
use crate::words::MailLanguage;

/// The end user's own account.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyProfile {
    /// Their name.
    name: String,
    /// Their e-mail address.
    email: String,
    /// Their phone number, a second name to sign in with unless somebody else signs in with it.
    #[schema(required = true)]
    phone: Option<String>,
    /// Whether they have shown that it is theirs.
    phone_confirmed: bool,
    /// Whether text messages go from this server to phones: without them no number can be confirmed.
    texts_are_sent: bool,
    /// Their region: the two capital letters of a country code.
    region: String,
    /// The language they read.
    language: MailLanguage,
    /// The IANA name of their time zone.
    time_zone: String,
    /// Their second factor.
    two_factor: TwoFactor,
    /// Since when there is the account.
    created_at: DateTime<Utc>,
}

impl MyProfile {
    /// Reads it; `sends_texts`: whether this server sends text messages.
    pub(crate) fn read(conn: &mut DbConn, id: &EndUserId, sends_texts: bool) -> Result<Self, StoreError> {
        let account = end_users::get_end_user(conn, id)?;
        Ok(Self {
            name: account.name,
            email: account.email,
            phone: account.phone_given,
            phone_confirmed: account.phone_confirmed_at.is_some(),
            texts_are_sent: sends_texts,
            region: account.region.as_str().to_owned(),
            language: MailLanguage(account.language),
            time_zone: account.time_zone,
            two_factor: siteward_store::two_factor::status_of(conn, id)?.into(),
            created_at: account.created_at,
        })
    }
}
