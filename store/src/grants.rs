//! What owners let companies do (R-G2, R-G4). Whether a grant still holds is asked whenever it is used, at that instant; here
//! it is given, looked up and ended, and what ended stays as it was.
//!
//! A site without an owner needs none: its company may do everything.

mod ending;
mod giving;
mod listing;
mod using;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use siteward_domain::grant::{GrantEnd, Permission};
use siteward_domain::{CompanyId, DeviceId, GrantId, SiteId};

use crate::columns::{micros, read, read_or_none, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

pub use ending::{any_over, any_without_device, end, end_of_site, end_over, end_without_device};
pub use giving::{are_on_site, give};
pub use listing::{find_by_revoke_hash, get_grant, list_open, site_of};
pub use using::{FirstUse, Owner, count_allowed, owner_of, set_revoke_hash, standing, to_note, use_grant};

/// A grant as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// The company.
    pub company_id: CompanyId,
    /// The site.
    pub site_id: SiteId,
    /// The site's name.
    pub site_name: String,
    /// The device and its name, empty when it is gone; `None`: the whole site.
    pub device: Option<(DeviceId, String)>,
    /// What it allows.
    pub permission: Permission,
    /// Since when.
    pub granted_at: DateTime<Utc>,
    /// From when on it does not hold any more; `None`: it has no end.
    pub valid_until: Option<DateTime<Utc>>,
    /// When it ended and why, if somebody wrote that down.
    pub ended: Option<(DateTime<Utc>, GrantEnd)>,
    /// When it was used first.
    pub first_used_at: Option<DateTime<Utc>>,
}

impl Grant {
    /// Whether it holds at `now`.
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        self.ended.is_none() && self.valid_until.is_none_or(|end| now < end)
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    site_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    device_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    device_name: Option<String>,
    #[diesel(sql_type = Text)]
    permission: String,
    #[diesel(sql_type = BigInt)]
    granted_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    valid_until: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    ended_at: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    ended_because: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    first_used_at: Option<i64>,
}

/// Grants, `g`, with the names of what they are for.
const GRANTS: &str = "SELECT g.id, g.company_id, g.site_id, t.name AS site_name, g.device_id, d.name AS device_name,
    g.permission, g.granted_at, g.valid_until, g.ended_at, g.ended_because, g.first_used_at
    FROM grants g JOIN sites t ON t.id = g.site_id LEFT JOIN devices d ON d.id = g.device_id WHERE ";

impl Row {
    fn read(self) -> Result<Grant, StoreError> {
        let device_id: Option<DeviceId> = read_or_none(self.device_id, "grants.device_id")?;
        let because = self.ended_because.map(|text| word(GrantEnd::from_stored(&text), "grants.ended_because"));
        Ok(Grant {
            id: read(self.id, "grants.id")?,
            company_id: read(self.company_id, "grants.company_id")?,
            site_id: read(self.site_id, "grants.site_id")?,
            site_name: self.site_name,
            device: device_id.map(|id| (id, self.device_name.unwrap_or_default())),
            permission: word(Permission::from_stored(&self.permission), "grants.permission")?,
            granted_at: time(self.granted_at)?,
            valid_until: time_or_none(self.valid_until)?,
            ended: time_or_none(self.ended_at)?.zip(because.transpose()?),
            first_used_at: time_or_none(self.first_used_at)?,
        })
    }
}

/// One at a time gives or ends grants of a site. [`StoreError::NotFound`]: the company has no such site.
fn lock(conn: &mut DbConn, company: &CompanyId, site: &SiteId) -> Result<(), StoreError> {
    let locked = Select::new("UPDATE sites SET updated_at = updated_at WHERE company_id = ")
        .text(company.as_str())
        .sql(" AND id = ")
        .text(site.as_str())
        .execute(conn)?;
    if locked == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// The condition that `g` holds at `now`.
fn holding(now: DateTime<Utc>) -> Select {
    Select::new("(g.ended_at IS NULL AND (g.valid_until IS NULL OR g.valid_until > ").number(micros(now)).sql("))")
}

#[cfg(test)]
mod tests;
