//! One's own account: name, language, time zone, password and second factor.

pub(crate) mod get;
pub(crate) mod password;
pub(crate) mod recovery_codes;
pub(crate) mod telling;
pub(crate) mod two_factor;
pub(crate) mod update;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::StaffId;
use siteward_domain::schedule::write_minute;
use siteward_store::two_factor::TwoFactorStatus;
use siteward_store::{DbConn, StoreError, companies, daily_summaries, staff};
use utoipa::ToSchema;

use crate::access::session::Caller;
use crate::words::{MailLanguage, SummaryMode};

/// The caller's own account.
#[derive(Serialize, ToSchema)]
pub(crate) struct Profile {
    /// Their name.
    name: String,
    /// Their e-mail address.
    email: String,
    /// The language they read.
    language: MailLanguage,
    /// The IANA name of their time zone.
    time_zone: String,
    /// Their daily summary by mail.
    daily_summary: DailySummary,
    /// Their second factor.
    two_factor: TwoFactor,
    /// Whether the company wants everybody to have one.
    two_factor_required: bool,
}

/// When somebody gets the summary of what is and was wrong.
#[derive(Serialize, ToSchema)]
pub(crate) struct DailySummary {
    /// On which days.
    mode: SummaryMode,
    /// At which time of their day, such as `07:00`.
    time: String,
}

/// Where a person's second factor stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct TwoFactor {
    /// Whether it is on.
    enabled: bool,
    /// Since when.
    #[schema(required = true)]
    since: Option<DateTime<Utc>>,
    /// Recovery codes that are not used yet.
    recovery_codes_left: u32,
}

impl From<TwoFactorStatus> for TwoFactor {
    fn from(status: TwoFactorStatus) -> Self {
        Self { enabled: status.since.is_some(), since: status.since, recovery_codes_left: status.recovery_codes_left }
    }
}

impl Profile {
    /// Reads it.
    fn read(conn: &mut DbConn, caller: &Caller) -> Result<Self, StoreError> {
        let (company, id): (_, StaffId) = (caller.company_id(), caller.staff_id());
        let account = staff::get_staff(conn, &company, &id)?;
        let company = companies::find_company(conn, &company)?.ok_or(StoreError::NotFound)?;
        let summary = daily_summaries::find(conn, &id)?;
        Ok(Self {
            name: account.name,
            email: account.email,
            language: MailLanguage(account.language),
            time_zone: account.time_zone,
            daily_summary: DailySummary { mode: SummaryMode(summary.mode), time: write_minute(summary.minute) },
            two_factor: siteward_store::two_factor::status_of(conn, &id)?.into(),
            two_factor_required: company.two_factor_required,
        })
    }
}
