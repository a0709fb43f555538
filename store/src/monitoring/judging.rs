//! Judging whether devices are watched, when something that it depends on changed.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Bool, Nullable, Text};
use siteward_domain::device::DeviceKind;
use siteward_domain::device_functions::{Standing, Unwatched};
use siteward_domain::firmware::CompatibilityRules;
use siteward_domain::{CompanyId, DeviceId};

use super::resting;
use crate::columns::{read, word};
use crate::compatibility_rules;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Who makes it happen, where no person does.
const ACTOR: &str = "system";
/// Most devices of one statement.
const AT_ONCE: usize = 500;

const SELECT: &str = "SELECT id, company_id, kind, model, firmware, monitoring, unwatched_because FROM devices WHERE ";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    model: String,
    #[diesel(sql_type = Text)]
    firmware: String,
    #[diesel(sql_type = Bool)]
    monitoring: bool,
    #[diesel(sql_type = Nullable<Text>)]
    unwatched_because: Option<String>,
}

#[derive(QueryableByName)]
struct GroupRow {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    model: String,
    #[diesel(sql_type = Text)]
    firmware: String,
}

#[derive(QueryableByName)]
struct CompanyRow {
    #[diesel(sql_type = Text)]
    id: String,
}

/// What changes for devices that were judged.
#[derive(Default)]
struct Verdicts {
    to_rest: HashMap<Unwatched, Vec<DeviceId>>,
    to_wake: Vec<DeviceId>,
}

/// Judges a device whose kind, model or firmware may have changed. One that is gone is no matter.
pub(crate) fn judge(conn: &mut DbConn, device: &DeviceId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let rows: Vec<Row> = Select::new(SELECT).sql("id = ").text(device.as_str()).load(conn)?;
    let Some(row) = rows.into_iter().next() else { return Ok(()) };
    let company: CompanyId = read(row.company_id.clone(), "devices.company_id")?;
    let rules = compatibility_rules::of_company(conn, &company)?;
    let mut verdicts = Verdicts::default();
    verdicts.take(&row, &rules)?;
    verdicts.follow(conn, ACTOR, now).map(drop)
}

/// Judges a device that was just added, in the transaction that adds it: nobody knows of it yet, so nobody is told.
pub(crate) fn judge_new(conn: &mut DbConn, company: &CompanyId, device: &DeviceId) -> Result<(), StoreError> {
    if let Some(because) = super::standing(conn, company, device)?.unwatched() {
        Select::new("UPDATE devices SET unwatched_because = ")
            .text(because.as_str())
            .sql(" WHERE id = ")
            .text(device.as_str())
            .execute(conn)?;
    }
    Ok(())
}

/// Judges some devices of a company.
pub(super) fn judge_some(
    conn: &mut DbConn,
    company: &CompanyId,
    devices: &[DeviceId],
    actor: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let rules = compatibility_rules::of_company(conn, company)?;
    let mut verdicts = Verdicts::default();
    for some in devices.chunks(AT_ONCE) {
        let query = Select::new(SELECT).sql("id IN ").texts(some.iter().map(DeviceId::as_str));
        for row in query.sql(" ORDER BY id").load::<Row>(conn)? {
            verdicts.take(&row, &rules)?;
        }
    }
    verdicts.follow(conn, actor, now).map(drop)
}

/// Judges every device of a company, after its rules changed; gives how many are watched now that were not, or the other way
/// round. Devices are looked at by what they run: there are far fewer kinds of that than devices.
pub(crate) fn judge_company(
    conn: &mut DbConn,
    company: &CompanyId,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let rules = compatibility_rules::of_company(conn, company)?;
    let of_company = |what: &str| Select::new(what).text(company.as_str());
    let mut verdicts = Verdicts::default();
    let query = of_company("SELECT DISTINCT kind, model, firmware FROM devices WHERE company_id = ");
    for group in query.sql(" ORDER BY kind, model, firmware").load::<GroupRow>(conn)? {
        let kind = word(DeviceKind::from_stored(&group.kind), "devices.kind")?;
        let incompatibility = rules.check(kind, &group.model, &group.firmware);
        if (Standing { monitoring: true, incompatibility }).is_watched() {
            continue;
        }
        let rows: Vec<Row> = of_company(&format!("{SELECT}unwatched_because IS NULL AND company_id = "))
            .sql(" AND kind = ")
            .text(group.kind)
            .sql(" AND model = ")
            .text(group.model)
            .sql(" AND firmware = ")
            .text(group.firmware)
            .sql(" ORDER BY id")
            .load(conn)?;
        rows.iter().try_for_each(|row| verdicts.take(row, &rules))?;
    }
    let unwatched = of_company(&format!("{SELECT}unwatched_because IS NOT NULL AND company_id = ")).sql(" ORDER BY id");
    unwatched.load::<Row>(conn)?.iter().try_for_each(|row| verdicts.take(row, &rules))?;
    verdicts.follow(conn, actor, now)
}

/// Judges every device of the companies that go by the platform's rules.
pub(crate) fn judge_platform(conn: &mut DbConn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let companies: Vec<CompanyRow> = Select::new(
        "SELECT id FROM companies c WHERE NOT EXISTS (SELECT 1 FROM compatibility_rules r WHERE r.company_id = c.id)
         ORDER BY id",
    )
    .load(conn)?;
    let mut changed = 0;
    for company in companies {
        changed += judge_company(conn, &read(company.id, "companies.id")?, ACTOR, now)?;
    }
    Ok(changed)
}

impl Verdicts {
    fn take(&mut self, row: &Row, rules: &Arc<CompatibilityRules>) -> Result<(), StoreError> {
        let kind = word(DeviceKind::from_stored(&row.kind), "devices.kind")?;
        let incompatibility = rules.check(kind, &row.model, &row.firmware);
        let wanted = Standing { monitoring: row.monitoring, incompatibility }.unwatched();
        let is = match &row.unwatched_because {
            Some(because) => Some(word(Unwatched::from_stored(because), "devices.unwatched_because")?),
            None => None,
        };
        let device = read(row.id.clone(), "devices.id")?;
        match wanted {
            _ if wanted == is => {}
            Some(because) => self.to_rest.entry(because).or_default().push(device),
            None => self.to_wake.push(device),
        }
        Ok(())
    }

    fn follow(self, conn: &mut DbConn, actor: &str, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let mut changed = self.to_wake.len();
        for because in Unwatched::ALL {
            let devices = self.to_rest.get(because).map(Vec::as_slice).unwrap_or_default();
            changed += devices.len();
            if !devices.is_empty() {
                resting::rest(conn, devices, *because, actor, now)?;
            }
        }
        if !self.to_wake.is_empty() {
            resting::wake(conn, &self.to_wake, actor, now)?;
        }
        Ok(changed)
    }
}
