//! What a person changes of their own account without anybody's leave.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::mail::MailLanguage;
use siteward_domain::{CompanyId, StaffId};

use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::staff::dsl;
use crate::staff::{self, StaffChange};

/// What to change; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct ProfileChange {
    /// The name.
    pub name: Option<String>,
    /// The language that the person reads.
    pub language: Option<MailLanguage>,
    /// The IANA name of the person's time zone.
    pub time_zone: Option<String>,
}

/// Changes a person's own account.
pub fn update_profile(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &StaffId,
    change: &ProfileChange,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if change.name.is_some() {
        let named = StaffChange { name: change.name.clone(), ..StaffChange::default() };
        staff::update_staff(conn, company, id, &named, now)?;
    }
    let own = || dsl::staff.filter(dsl::company_id.eq(company.as_str())).filter(dsl::id.eq(id.as_str()));
    if let Some(language) = change.language {
        diesel::update(own()).set(dsl::language.eq(language.as_str())).execute(conn)?;
    }
    if let Some(zone) = &change.time_zone {
        diesel::update(own()).set(dsl::time_zone.eq(zone)).execute(conn)?;
    }
    Ok(())
}
