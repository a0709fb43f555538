//! How panels' rows follow devices, sites and staff: made with a panel, due again with every change, kept when it leaves.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
use siteward_domain::device::DeviceKind;
use siteward_domain::health::Reachability;
use siteward_domain::panel_accounts::ExitState;
use siteward_domain::{CompanyId, DeviceId, EndUserId, PanelExitId, SiteId, StaffId};

use super::taking_over::{Returning, end_as_superseded, take_over};
use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::devices::breaker;
use crate::error::StoreError;
use crate::select::Select;

/// When a panel is due that is not to be tried again by itself: the end of the year 9999.
pub(super) const NEVER: i64 = 253_402_300_799_000_000;
/// How long a panel that somebody else holds now is tried.
const TRIED_FOR: chrono::Duration = chrono::Duration::days(7);

#[derive(QueryableByName)]
struct DeviceRow {
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    site_name: String,
    #[diesel(sql_type = Text)]
    model: String,
    #[diesel(sql_type = Nullable<Text>)]
    serial: Option<String>,
    #[diesel(sql_type = Text)]
    host_lower: String,
    #[diesel(sql_type = Integer)]
    port: i32,
    #[diesel(sql_type = Bool)]
    behind_link: bool,
    #[diesel(sql_type = Bool)]
    leaving: bool,
    #[diesel(sql_type = Nullable<Text>)]
    exit_id: Option<String>,
}

/// A device was added, moved, got another login or address, or turned out to be something else: its row as a panel is made,
/// made due, or kept as that of a panel that leaves. A panel that the company had before and that is still leaving comes
/// back with its accounts, and its exit ends as superseded. For devices of other kinds it does nothing.
pub fn follow(conn: &mut DbConn, id: &DeviceId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let rows: Vec<DeviceRow> = Select::new(
        "SELECT d.company_id, d.kind, d.name, s.name AS site_name, d.model, d.serial, d.host_lower, d.port,
         d.link_id IS NOT NULL AS behind_link, p.leaving_since IS NOT NULL AS leaving, p.exit_id
         FROM devices d JOIN sites s ON s.id = d.site_id LEFT JOIN panels p ON p.device_id = d.id WHERE d.id = ",
    )
    .text(id.as_str())
    .load(conn)?;
    let Some(row) = rows.into_iter().next() else { return Ok(()) };
    if row.kind != DeviceKind::AlarmPanel.as_str() {
        return leave(conn, id, now);
    }
    let insert =
        Select::new("INSERT INTO panels (device_id, company_id, name, site_name, model, due_at, serial) VALUES (")
            .text(id.as_str())
            .sql(", ")
            .text(row.company_id.as_str())
            .sql(", ")
            .text(row.name.as_str())
            .sql(", ")
            .text(row.site_name.as_str())
            .sql(", ")
            .text(row.model.as_str())
            .sql(", ")
            .number(micros(now))
            .sql(", ");
    let insert = match &row.serial {
        Some(serial) => insert.text(serial.as_str()),
        None => insert.sql("NULL"),
    };
    insert
        .sql(
            ") ON CONFLICT (device_id) DO UPDATE SET name = excluded.name, site_name = excluded.site_name,
             model = excluded.model, serial = excluded.serial, wanted_version = panels.wanted_version + 1, failures = 0,
             due_at = CASE WHEN panels.due_at < excluded.due_at THEN panels.due_at ELSE excluded.due_at END,
             leaving_since = NULL, give_up_at = NULL, exit_id = NULL, scheme = NULL, host = NULL, port = NULL,
             user_name = NULL, sealed_password = NULL, pin = NULL, link_id = NULL",
        )
        .execute(conn)?;
    let company: CompanyId = read(row.company_id, "devices.company_id")?;
    if let Some(exit) = row.exit_id.filter(|_| row.leaving) {
        end_as_superseded(conn, &company, id, &exit, now)?;
    }
    let returning = Returning {
        company_id: &company,
        device_id: id,
        serial: row.serial.as_deref(),
        address: (!row.behind_link).then_some((row.host_lower.as_str(), row.port)),
    };
    take_over(conn, &returning, now)
}

/// Makes the company's panels due: something that decides about all of them changed, a role for instance.
pub fn touch_company(conn: &mut DbConn, company: &CompanyId, now: DateTime<Utc>) -> Result<(), StoreError> {
    touched(now).sql(" AND company_id = ").text(company.as_str()).execute(conn)?;
    Ok(())
}

/// Makes the panels of a site due: its status or its managers changed.
pub fn touch_site(conn: &mut DbConn, company: &CompanyId, site: &SiteId, now: DateTime<Utc>) -> Result<(), StoreError> {
    touched(now)
        .sql(" AND device_id IN (SELECT id FROM devices WHERE company_id = ")
        .text(company.as_str())
        .sql(" AND site_id = ")
        .text(site.as_str())
        .sql(")")
        .execute(conn)?;
    Ok(())
}

/// Makes the panels due on which a person has an account, or should have one now. Call it after the change; where a role
/// was lost the accounts themselves tell which panels they were.
pub fn touch_staff(
    conn: &mut DbConn,
    company: &CompanyId,
    staff: &StaffId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    touched(now)
        .sql(" AND company_id = ")
        .text(company.as_str())
        .sql(" AND (device_id IN (SELECT device_id FROM panel_accounts WHERE person_id = ")
        .text(staff.as_str())
        .sql(") OR device_id IN (SELECT d.id FROM devices d JOIN site_managers m ON m.site_id = d.site_id WHERE m.staff_id = ")
        .text(staff.as_str())
        .sql(
            ") OR EXISTS (SELECT 1 FROM staff s WHERE (s.is_admin OR EXISTS (SELECT 1 FROM role_rights r
             WHERE r.role_id = s.role_id AND r.name = 'manage_all_sites')) AND s.id = ",
        )
        .text(staff.as_str())
        .sql("))")
        .execute(conn)?;
    Ok(())
}

/// The same for an end user: panels on which they have an account, and those of sites that they own, of whatever companies.
/// Call it before their account goes.
pub fn touch_end_user(conn: &mut DbConn, id: &EndUserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    touched(now)
        .sql(" AND (device_id IN (SELECT device_id FROM panel_accounts WHERE person_kind = 'end_user' AND person_id = ")
        .text(id.as_str())
        .sql(") OR device_id IN (SELECT d.id FROM devices d JOIN sites s ON s.id = d.site_id WHERE s.owner_id = ")
        .text(id.as_str())
        .sql("))")
        .execute(conn)?;
    Ok(())
}

/// The panels that are still here, due now with a higher version.
fn touched(now: DateTime<Utc>) -> Select {
    Select::new("UPDATE panels SET wanted_version = wanted_version + 1, due_at = CASE WHEN due_at < ")
        .number(micros(now))
        .sql(" THEN due_at ELSE ")
        .number(micros(now))
        .sql(" END WHERE leaving_since IS NULL")
}

/// Makes panels due that were not reached and answer again.
pub fn touch_returned(conn: &mut DbConn, devices: &[DeviceId], now: DateTime<Utc>) -> Result<(), StoreError> {
    for some in devices.chunks(500) {
        Select::new("UPDATE panels SET due_at = ")
            .number(micros(now))
            .sql(" WHERE failures > 0 AND due_at > ")
            .number(micros(now))
            .sql(" AND device_id IN ")
            .texts(some.iter().map(DeviceId::as_str))
            .execute(conn)?;
    }
    Ok(())
}

/// A person asks for a comparison now. [`StoreError::NotFound`] when the company has no such panel.
pub fn check(conn: &mut DbConn, company: &CompanyId, device: &DeviceId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let changed = touched(now)
        .sql(" AND company_id = ")
        .text(company.as_str())
        .sql(" AND device_id = ")
        .text(device.as_str())
        .execute(conn)?;
    if changed == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = Text)]
    device_id: String,
}

#[derive(QueryableByName)]
struct LeavingRow {
    #[diesel(sql_type = Bool)]
    leaving: bool,
    #[diesel(sql_type = Bool)]
    was_reached: bool,
    #[diesel(sql_type = BigInt)]
    ours: i64,
    #[diesel(sql_type = Nullable<Text>)]
    breaker: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    breaker_until: Option<i64>,
    #[diesel(sql_type = Nullable<Integer>)]
    breaker_credential: Option<i32>,
    #[diesel(sql_type = Integer)]
    credential_version: i32,
}

/// A device is about to be deleted, in this transaction. A panel with accounts of ours keeps what reaches it until they are
/// off, and its exit begins; one that was never reached, or has none, is forgotten. Does nothing for other devices.
pub fn leave(conn: &mut DbConn, id: &DeviceId, now: DateTime<Utc>) -> Result<(), StoreError> {
    begin_to_leave(conn, id, None, now)
}

/// The same for all panels of a site that is about to be deleted (R-T4).
pub fn leave_site(conn: &mut DbConn, company: &CompanyId, site: &SiteId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let rows: Vec<IdRow> =
        Select::new("SELECT p.device_id FROM panels p JOIN devices d ON d.id = p.device_id WHERE d.company_id = ")
            .text(company.as_str())
            .sql(" AND d.site_id = ")
            .text(site.as_str())
            .sql(" ORDER BY p.device_id")
            .load(conn)?;
    for row in rows {
        leave(conn, &read(row.device_id, "panels.device_id")?, now)?;
    }
    Ok(())
}

/// The same where somebody else holds the panel from now on: after a week it is given up.
pub fn leave_unbound(conn: &mut DbConn, id: &DeviceId, now: DateTime<Utc>) -> Result<(), StoreError> {
    begin_to_leave(conn, id, Some(now + TRIED_FOR), now)
}

fn begin_to_leave(
    conn: &mut DbConn,
    id: &DeviceId,
    give_up_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    // Holds the row until the commit: what a comparison under way writes down comes before or after all of this.
    let held =
        Select::new("UPDATE panels SET wanted_version = wanted_version + 1 WHERE device_id = ").text(id.as_str());
    if held.execute(conn)? == 0 {
        return Ok(());
    }
    let rows: Vec<LeavingRow> = Select::new(
        "SELECT p.leaving_since IS NOT NULL AS leaving, p.method IS NOT NULL AS was_reached,
         (SELECT count(*) FROM panel_accounts a WHERE a.device_id = p.device_id AND a.person_id IS NOT NULL) AS ours,
         d.breaker, d.breaker_until, d.breaker_credential, d.credential_version
         FROM panels p JOIN devices d ON d.id = p.device_id WHERE p.device_id = ",
    )
    .text(id.as_str())
    .load(conn)?;
    let Some(row) = rows.into_iter().next().filter(|row| !row.leaving) else { return Ok(()) };
    if row.ours == 0 || !row.was_reached {
        Select::new("DELETE FROM panels WHERE device_id = ").text(id.as_str()).execute(conn)?;
        return Ok(());
    }
    let exit = PanelExitId::generate(now);
    let refused = breaker(row.breaker, row.breaker_until, row.breaker_credential, row.credential_version)?;
    let (reason, due) = match &refused {
        // A login that was refused is not sent again, whoever would send it (R-H3).
        Some(open) => (Some(open.reason.code()), open.until.map_or(rest_of(&open.reason, now), micros)),
        None => (None, micros(now)),
    };
    let due = give_up_at.map_or(due, |at| due.min(micros(at)));
    let update =
        Select::new("UPDATE panels SET leaving_since = ").number(micros(now)).sql(", exit_id = ").text(exit.as_str());
    let update = match give_up_at {
        Some(at) => update.sql(", give_up_at = ").number(micros(at)),
        None => update,
    };
    let update = match reason {
        Some(code) => update.sql(", reason_code = ").text(code),
        None => update.sql(", reason_code = NULL"),
    };
    update
        .sql(", failures = 0, due_at = ")
        .number(due)
        .sql(
            ", name = d.name, site_name = s.name, model = d.model, serial = d.serial, scheme = d.scheme, host = d.host,
             port = d.port, user_name = d.user_name, sealed_password = d.sealed_password, pin = d.pin, link_id = d.link_id
             FROM devices d JOIN sites s ON s.id = d.site_id WHERE d.id = panels.device_id AND panels.device_id = ",
        )
        .text(id.as_str())
        .execute(conn)?;
    Select::new(
        "INSERT INTO panel_exits (id, company_id, device_id, device_name, model, serial, site_name, state, begun_at)
         SELECT exit_id, company_id, device_id, name, model, serial, site_name, '",
    )
    .sql(ExitState::Running.as_str())
    .sql("', leaving_since FROM panels WHERE device_id = ")
    .text(id.as_str())
    .execute(conn)?;
    Ok(())
}

/// When a panel with an open breaker and no end to it is due again.
fn rest_of(reason: &Reachability, now: DateTime<Utc>) -> i64 {
    match reason {
        Reachability::LoginRefused { .. } => NEVER,
        _ => micros(now),
    }
}
