//! Rules of compatibility: a company's own, else the platform's, which are those that ship or those of the file that the
//! settings name. The platform's stand in the database too, so that every process judges alike.

mod affected;

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use siteward_domain::firmware::CompatibilityRules;
use siteward_domain::{CompanyId, StaffId};

use crate::columns::{micros, time};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::monitoring;
use crate::select::Select;
use crate::settings;

pub use affected::{Affected, AffectedDevice, affected};

/// The setting that holds the platform's rules.
const OF_THE_PLATFORM: &str = "compatibility_rules";

static SHIPPED: LazyLock<Arc<CompatibilityRules>> = LazyLock::new(|| Arc::new(CompatibilityRules::shipped()));

/// A company's own rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRules {
    /// The rules.
    pub rules: Arc<CompatibilityRules>,
    /// When they were saved.
    pub updated_at: DateTime<Utc>,
    /// The name of who saved them, while they are there.
    pub updated_by: Option<String>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    rules: String,
    #[diesel(sql_type = BigInt)]
    updated_at: i64,
    #[diesel(sql_type = Nullable<Text>)]
    updated_by: Option<String>,
}

/// The rules that a company's devices are judged by.
pub fn of_company(conn: &mut DbConn, company: &CompanyId) -> Result<Arc<CompatibilityRules>, StoreError> {
    match find_own(conn, company)? {
        Some(own) => Ok(own.rules),
        None => of_platform(conn),
    }
}

/// The rules of a company that has none of its own.
pub fn of_platform(conn: &mut DbConn) -> Result<Arc<CompatibilityRules>, StoreError> {
    match settings::find(conn, OF_THE_PLATFORM)? {
        Some(file) => parse(&file, "settings.value"),
        None => Ok(Arc::clone(&SHIPPED)),
    }
}

/// A company's own rules, where it has any.
pub fn find_own(conn: &mut DbConn, company: &CompanyId) -> Result<Option<OwnRules>, StoreError> {
    let query = Select::new(
        "SELECT r.rules, r.updated_at, s.name AS updated_by FROM compatibility_rules r
         LEFT JOIN staff s ON s.id = r.updated_by WHERE r.company_id = ",
    );
    let Some(row) = query.text(company.as_str()).load::<Row>(conn)?.pop() else { return Ok(None) };
    Ok(Some(OwnRules {
        rules: parse(&row.rules, "compatibility_rules.rules")?,
        updated_at: time(row.updated_at)?,
        updated_by: row.updated_by,
    }))
}

/// Gives a company rules of its own, and judges its devices by them; gives how many are watched now that were not, or the
/// other way round.
pub fn set_own(
    conn: &mut DbConn,
    company: &CompanyId,
    rules: &CompatibilityRules,
    by: &StaffId,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    Select::new("INSERT INTO compatibility_rules (company_id, rules, updated_at, updated_by) VALUES (")
        .text(company.as_str())
        .sql(", ")
        .text(rules.to_text())
        .sql(", ")
        .number(micros(now))
        .sql(", ")
        .text(by.as_str())
        .sql(
            ") ON CONFLICT (company_id) DO UPDATE SET rules = excluded.rules, updated_at = excluded.updated_at,
             updated_by = excluded.updated_by",
        )
        .execute(conn)?;
    monitoring::judge_company(conn, company, by.as_str(), now)
}

/// Has a company go by the platform's rules again; gives how many devices are watched now that were not, or the other way
/// round.
pub fn delete_own(
    conn: &mut DbConn,
    company: &CompanyId,
    by: &StaffId,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    Select::new("DELETE FROM compatibility_rules WHERE company_id = ").text(company.as_str()).execute(conn)?;
    monitoring::judge_company(conn, company, by.as_str(), now)
}

/// Takes over the platform's rules as a process that starts has read them. Where they are others than before, the devices
/// of all companies without rules of their own are judged by them; gives how many are watched now that were not, or the
/// other way round.
pub fn set_platform(conn: &mut DbConn, rules: &CompatibilityRules, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let text = rules.to_text();
    if settings::find(conn, OF_THE_PLATFORM)?.is_some_and(|before| before == text) {
        return Ok(0);
    }
    settings::put(conn, OF_THE_PLATFORM, &text)?;
    monitoring::judge_platform(conn, now)
}

fn parse(text: &str, column: &'static str) -> Result<Arc<CompatibilityRules>, StoreError> {
    CompatibilityRules::parse(text).map(Arc::new).map_err(|_| StoreError::Unreadable { column })
}

#[cfg(test)]
mod tests;
