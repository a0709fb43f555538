//! An end user signs in and out, and what their console needs to know.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod start;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::csrf;
use crate::access::end_user::EndUserCaller;
use crate::words::MailLanguage;

/// Which end user is signed in, and what their console needs.
#[derive(Serialize, ToSchema)]
pub(crate) struct MySession {
    /// Who.
    end_user: Me,
    /// To be sent as `X-CSRF-Token` with everything that changes something.
    csrf_token: String,
    /// When the session ends if nothing more is asked.
    expires_at: DateTime<Utc>,
}

/// An end user.
#[derive(Serialize, ToSchema)]
pub(crate) struct Me {
    /// Their id.
    #[schema(format = "uuid")]
    id: String,
    /// Their name.
    name: String,
    /// Their e-mail address.
    email: String,
    /// Their region: the two capital letters of a country code.
    region: String,
    /// The language they read.
    language: MailLanguage,
    /// The IANA name of their time zone.
    time_zone: String,
}

impl MySession {
    /// Describes a session.
    pub(crate) fn describe(caller: &EndUserCaller) -> Self {
        let record = &caller.record;
        Self {
            end_user: Me {
                id: record.end_user_id.to_string(),
                name: record.name.clone(),
                email: record.email.clone(),
                region: record.region.as_str().to_owned(),
                language: MailLanguage(record.language),
                time_zone: record.time_zone.clone(),
            },
            csrf_token: csrf::token_of(&caller.token),
            expires_at: record.expires_at(),
        }
    }
}
