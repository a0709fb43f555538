//! Signing in and out, and what a signed-in console needs to know.

pub(crate) mod attempt;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod guessing;
pub(crate) mod proof;
pub(crate) mod start;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::staff::WeakPassword;
use siteward_store::sessions::SessionRecord;
use utoipa::ToSchema;

use crate::access::csrf;
use crate::access::session::Caller;
use crate::company::Company;
use crate::error::{ApiError, codes};
use crate::platform::Platform;
use crate::words::{MailLanguage, Right};

/// Who is signed in, and what their console needs.
#[derive(Serialize, ToSchema)]
pub(crate) struct Session {
    /// Who.
    staff: Staff,
    /// Their company.
    company: Company,
    /// To be sent as `X-CSRF-Token` with everything that changes something.
    csrf_token: String,
    /// When the session ends if nothing more is asked.
    expires_at: DateTime<Utc>,
    /// Whether the company wants a second factor and they have none: until they set it up nothing else is open to them.
    two_factor_enrolment_needed: bool,
    /// Whether their company may change the public address of the server: only the one that set it up may.
    may_set_public_url: bool,
    /// Seconds between two looks at a device.
    poll_period_seconds: u32,
    /// What this server allows.
    limits: SessionLimits,
}

/// A member of staff.
#[derive(Serialize, ToSchema)]
pub(crate) struct Staff {
    /// Their id.
    #[schema(format = "uuid")]
    id: String,
    /// Their name.
    name: String,
    /// Their e-mail address.
    email: String,
    /// Whether they are the Installer Admin.
    is_admin: bool,
    /// What they may do.
    rights: Vec<Right>,
    /// The language they read.
    language: MailLanguage,
    /// The IANA name of their time zone.
    time_zone: String,
}

/// What this server allows.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionLimits {
    /// Whether devices on loopback may be added; for trials.
    devices_allow_loopback: bool,
}

impl Session {
    /// Describes a session.
    pub(crate) fn describe(platform: &Platform, caller: &Caller, company: Company, may_set_public_url: bool) -> Self {
        let record: &SessionRecord = &caller.record;
        Self {
            staff: Staff {
                id: record.staff_id.to_string(),
                name: record.staff_name.clone(),
                email: record.email.clone(),
                is_admin: record.is_admin,
                rights: caller.rights().iter().copied().map(Right).collect(),
                language: MailLanguage(record.language),
                time_zone: record.time_zone.clone(),
            },
            company,
            csrf_token: csrf::token_of(&caller.token),
            expires_at: record.expires_at(),
            two_factor_enrolment_needed: record.two_factor_enrolment_needed,
            may_set_public_url,
            poll_period_seconds: platform.settings.polling.period_seconds,
            limits: SessionLimits { devices_allow_loopback: platform.settings.devices.allow_loopback },
        }
    }
}

/// Longer texts are no e-mail address or password of anybody: refused without looking.
pub(crate) const MOST_CHARACTERS: usize = 256;
/// Most characters of an e-mail address.
const MOST_EMAIL: usize = 254;

/// Reads an e-mail address: something, one `@`, and a domain; no spaces and no controls.
pub(crate) fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@')?;
    let plain = text.chars().count() <= MOST_EMAIL && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    let good = !local.is_empty() && local.len() <= 64 && !local.contains('@') && !domain.is_empty();
    let dots = !domain.starts_with('.') && !domain.ends_with('.') && !domain.contains("..");
    (plain && good && dots).then(|| text.to_owned())
}

/// A refused new password, with the rule that it breaks.
pub(crate) fn weak_password(weak: WeakPassword, field: &'static str) -> ApiError {
    let rule = match weak {
        WeakPassword::Length => "length",
        WeakPassword::Classes => "classes",
        WeakPassword::UserName => "user_name",
        WeakPassword::Common => "common",
    };
    ApiError::new(codes::WEAK_PASSWORD)
        .with_message(weak.to_string())
        .with_details(serde_json::json!({ "field": field, "rule": rule }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_address_has_one_at_and_a_domain() {
        for (text, good) in [
            (" Anna@Example.com ", true),
            ("anna@localhost", true),
            ("anna", false),
            ("@example.com", false),
            ("a@b@c", false),
            ("anna@.com", false),
            ("an na@example.com", false),
            ("anna@example.com\nBcc: x", false),
        ] {
            assert_eq!(email(text).is_some(), good, "{text}");
        }
    }
}
