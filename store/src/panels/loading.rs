//! Reading everything that one comparison of one panel needs, in one view of the data.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
use siteward_domain::device::{DeviceAddress, Scheme};
use siteward_domain::panel_accounts::{AccountMethod, Member, Person, PersonKind, Situation};
use siteward_domain::share::MOST_RECEIVERS;
use siteward_domain::site::SiteStatus;
use siteward_domain::{CompanyId, DeviceId, LinkId, SerialNumber, SiteId};

use super::{Case, Held, Leaving, Way};
use crate::columns::{number, read, read_or_none, time_or_none, word};
use crate::connection::DbConn;
use crate::devices::breaker;
use crate::error::StoreError;
use crate::panel_accounts;
use crate::select::Select;
use crate::vault::SealedText;

/// Staff of a company that are read at most.
const MOST_STAFF: i64 = 1000;

#[derive(QueryableByName)]
struct PanelRow {
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Nullable<Text>)]
    exit_id: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    give_up_at: Option<i64>,
    #[diesel(sql_type = Integer)]
    wanted_version: i32,
    #[diesel(sql_type = Integer)]
    failures: i32,
    #[diesel(sql_type = Nullable<Text>)]
    method: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    reason_code: Option<String>,
}

#[derive(QueryableByName)]
struct WayRow {
    #[diesel(sql_type = Text)]
    scheme: String,
    #[diesel(sql_type = Text)]
    host: String,
    #[diesel(sql_type = Integer)]
    port: i32,
    #[diesel(sql_type = Text)]
    user_name: String,
    #[diesel(sql_type = Text)]
    sealed_password: String,
    #[diesel(sql_type = Nullable<Text>)]
    pin: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    link_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    serial: Option<String>,
    #[diesel(sql_type = Integer)]
    credential_version: i32,
    #[diesel(sql_type = Nullable<Text>)]
    breaker: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    breaker_until: Option<i64>,
    #[diesel(sql_type = Nullable<Integer>)]
    breaker_credential: Option<i32>,
}

/// A panel's site: who serves and who owns it.
#[derive(QueryableByName)]
struct SiteRow {
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Bool)]
    is_served: bool,
    #[diesel(sql_type = Bool)]
    is_in_use: bool,
    #[diesel(sql_type = Nullable<Text>)]
    owner_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    owner_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    owner_email: Option<String>,
}

#[derive(QueryableByName)]
struct LinkRow {
    #[diesel(sql_type = Text)]
    link_id: String,
}

#[derive(QueryableByName)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column")]
struct MemberRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Bool)]
    is_admin: bool,
    #[diesel(sql_type = Bool)]
    manages_all_sites: bool,
    #[diesel(sql_type = Bool)]
    manages_assigned_sites: bool,
    #[diesel(sql_type = Bool)]
    assigned: bool,
    #[diesel(sql_type = Nullable<BigInt>)]
    expires_at: Option<i64>,
}

#[derive(QueryableByName)]
struct OperatorRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    email: String,
}

#[derive(QueryableByName)]
struct HeldRow {
    #[diesel(sql_type = Text)]
    person_kind: String,
    #[diesel(sql_type = Text)]
    person_id: String,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Text)]
    sealed: String,
}

/// Everything that a comparison of a panel needs; `None` when it is gone.
pub fn get_case(conn: &mut DbConn, device: &DeviceId) -> Result<Option<Case>, StoreError> {
    let rows: Vec<PanelRow> = Select::new(
        "SELECT company_id, exit_id, give_up_at, wanted_version, failures, method, reason_code FROM panels WHERE device_id = ",
    )
    .text(device.as_str())
    .load(conn)?;
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    let company: CompanyId = read(row.company_id, "panels.company_id")?;
    let give_up_at = time_or_none(row.give_up_at)?;
    let exit = row
        .exit_id
        .map(|id| Ok::<_, StoreError>(Leaving { exit_id: read(id, "panels.exit_id")?, give_up_at }))
        .transpose()?;
    let way = if exit.is_some() { way_of_leaving(conn, &company, device)? } else { way_of_device(conn, device)? };
    let Some(way) = way else { return Ok(None) };
    let site = if exit.is_some() { None } else { site_of(conn, device)? };
    let (site_id, situation, passwords) = if let Some(site) = site {
        let site_id: SiteId = read(site.site_id.clone(), "sites.id")?;
        let situation = situation(conn, &company, device, &site_id, site)?;
        let passwords = passwords(conn, &company, &situation)?;
        (Some(site_id), situation, passwords)
    } else {
        let nobody = Situation { site: None, staff: Vec::new(), owner: None, operators: Vec::new() };
        (None, nobody, Vec::new())
    };
    Ok(Some(Case {
        accounts: panel_accounts::load(conn, device)?,
        device_id: device.clone(),
        company_id: company,
        site_id,
        exit,
        way,
        situation,
        passwords,
        wanted_version: row.wanted_version,
        failures: u32::try_from(row.failures).unwrap_or_default(),
        method: row.method.map(|method| word(AccountMethod::from_stored(&method), "panels.method")).transpose()?,
        reason_code: row.reason_code,
    }))
}

fn way_of_device(conn: &mut DbConn, device: &DeviceId) -> Result<Option<Way>, StoreError> {
    let rows: Vec<WayRow> = Select::new(
        "SELECT scheme, host, port, user_name, sealed_password, pin, link_id, serial, credential_version, breaker,
         breaker_until, breaker_credential FROM devices WHERE id = ",
    )
    .text(device.as_str())
    .load(conn)?;
    rows.into_iter().next().map(way).transpose()
}

/// As it was when the device went; behind a link through any of the company's links that sees it now.
fn way_of_leaving(conn: &mut DbConn, company: &CompanyId, device: &DeviceId) -> Result<Option<Way>, StoreError> {
    let rows: Vec<WayRow> = Select::new(
        "SELECT scheme, host, port, user_name, sealed_password, pin, link_id, serial, 0 AS credential_version,
         CAST(NULL AS TEXT) AS breaker, CAST(NULL AS BIGINT) AS breaker_until, CAST(NULL AS INTEGER) AS breaker_credential
         FROM panels WHERE leaving_since IS NOT NULL AND device_id = ",
    )
    .text(device.as_str())
    .load(conn)?;
    let Some(mut row) = rows.into_iter().next() else { return Ok(None) };
    if let (Some(_), Some(serial)) = (&row.link_id, &row.serial) {
        let seen: Vec<LinkRow> = Select::new(
            "SELECT s.link_id FROM sightings s JOIN links l ON l.id = s.link_id AND l.online WHERE s.online AND l.company_id = ",
        )
        .text(company.as_str())
        .sql(" AND s.serial = ")
        .text(serial.as_str())
        .sql(" ORDER BY s.link_id LIMIT 1")
        .load(conn)?;
        if let Some(link) = seen.into_iter().next() {
            row.link_id = Some(link.link_id);
        }
    }
    way(row).map(Some)
}

fn way(row: WayRow) -> Result<Way, StoreError> {
    let link: Option<LinkId> = read_or_none(row.link_id, "panels.link_id")?;
    let serial: Option<SerialNumber> = match &link {
        Some(_) => read_or_none(row.serial, "panels.serial")?,
        None => None,
    };
    if link.is_some() && serial.is_none() {
        return Err(StoreError::Unreadable { column: "panels.serial" });
    }
    Ok(Way {
        address: DeviceAddress {
            scheme: word(Scheme::from_stored(&row.scheme), "panels.scheme")?,
            host: row.host,
            port: number(row.port, "panels.port")?,
        },
        link: link.zip(serial),
        pin: row.pin,
        user_name: row.user_name,
        sealed_password: SealedText::from_stored(row.sealed_password),
        credential_version: row.credential_version,
        breaker: breaker(row.breaker, row.breaker_until, row.breaker_credential, row.credential_version)?,
    })
}

/// Its site, without the customers whose use stands still.
fn site_of(conn: &mut DbConn, device: &DeviceId) -> Result<Option<SiteRow>, StoreError> {
    let rows: Vec<SiteRow> = Select::new(
        "SELECT s.id AS site_id, s.status, s.unserved_since IS NULL AS is_served, s.suspended_at IS NULL AS is_in_use, u.id AS owner_id, u.name AS owner_name,
         u.email AS owner_email FROM devices d JOIN sites s ON s.id = d.site_id
         LEFT JOIN end_users u ON u.id = s.owner_id AND s.suspended_at IS NULL WHERE d.id = ",
    )
    .text(device.as_str())
    .load(conn)?;
    Ok(rows.into_iter().next())
}

/// Everybody who may matter: left out here is only who has no account whatever the rest says.
fn situation(
    conn: &mut DbConn,
    company: &CompanyId,
    device: &DeviceId,
    site: &SiteId,
    row: SiteRow,
) -> Result<Situation, StoreError> {
    let status: SiteStatus = word(SiteStatus::from_stored(&row.status), "sites.status")?;
    let staff = if row.is_served { staff_of(conn, company, site)? } else { Vec::new() };
    let owner = match (row.owner_id, row.owner_name, row.owner_email) {
        (Some(id), Some(name), Some(email)) => Some(Person { kind: PersonKind::EndUser, id, name, email }),
        _ => None,
    };
    let operators = if row.is_in_use { operators(conn, device)? } else { Vec::new() };
    Ok(Situation { site: Some(status), staff, owner, operators })
}

/// Those with whom a panel is shared, with some permission for it.
fn operators(conn: &mut DbConn, device: &DeviceId) -> Result<Vec<Person>, StoreError> {
    let rows: Vec<OperatorRow> = Select::new(
        "SELECT u.id, u.name, u.email FROM end_users u WHERE u.id IN (SELECT h.receiver_id FROM share_channels c
         JOIN shares h ON h.id = c.share_id AND h.ended_at IS NULL JOIN devices d ON d.id = c.device_id AND d.site_id = h.site_id
         JOIN sites s ON s.id = h.site_id AND (s.owner_id IS NULL OR s.owner_id <> h.receiver_id)
         WHERE (c.permissions LIKE '%\"arm\"%' OR c.permissions LIKE '%\"disarm\"%' OR c.permissions LIKE '%\"bypass\"%')
         AND c.device_id = ",
    )
    .text(device.as_str())
    .sql(") ORDER BY u.id LIMIT ")
    // No more are let share it (R-E3).
    .number(i64::try_from(MOST_RECEIVERS).unwrap_or(i64::MAX))
    .load(conn)?;
    let person = |row: OperatorRow| Person { kind: PersonKind::EndUser, id: row.id, name: row.name, email: row.email };
    Ok(rows.into_iter().map(person).collect())
}

fn staff_of(conn: &mut DbConn, company: &CompanyId, site: &SiteId) -> Result<Vec<Member>, StoreError> {
    let rows: Vec<MemberRow> = Select::new(
        "SELECT t.id, t.name, t.email, t.is_admin,
         EXISTS (SELECT 1 FROM role_rights r WHERE r.role_id = t.role_id AND r.name = 'manage_all_sites') AS manages_all_sites,
         EXISTS (SELECT 1 FROM role_rights r WHERE r.role_id = t.role_id AND r.name = 'manage_assigned_sites')
             AS manages_assigned_sites, m.staff_id IS NOT NULL AS assigned, m.expires_at
         FROM staff t LEFT JOIN site_managers m ON m.staff_id = t.id AND m.site_id = ",
    )
    .text(site.as_str())
    .sql(" WHERE t.company_id = ")
    .text(company.as_str())
    .sql(
        " AND NOT t.disabled AND (t.is_admin OR m.staff_id IS NOT NULL OR EXISTS
         (SELECT 1 FROM role_rights r WHERE r.role_id = t.role_id AND r.name = 'manage_all_sites')) ORDER BY t.id LIMIT ",
    )
    .number(MOST_STAFF)
    .load(conn)?;
    let member = |row: MemberRow| {
        let until: Option<DateTime<Utc>> = time_or_none(row.expires_at)?;
        Ok::<_, StoreError>(Member {
            person: Person { kind: PersonKind::Staff, id: row.id, name: row.name, email: row.email },
            is_admin: row.is_admin,
            disabled: false,
            manages_all_sites: row.manages_all_sites,
            manages_assigned_sites: row.manages_assigned_sites,
            assigned_until: row.assigned.then_some(until),
        })
    };
    rows.into_iter().map(member).collect()
}

/// What waits for those who may have an account: the company's staff and customers.
fn passwords(conn: &mut DbConn, company: &CompanyId, situation: &Situation) -> Result<Vec<Held>, StoreError> {
    let customers = situation.owner.iter().chain(&situation.operators);
    let rows: Vec<HeldRow> = Select::new(
        "SELECT person_kind, person_id, version, sealed FROM panel_passwords WHERE (person_kind = 'staff' AND company_id = ",
    )
    .text(company.as_str())
    .sql(") OR (person_kind = 'end_user' AND person_id IN ")
    .texts(customers.map(|person| person.id.as_str()))
    .sql(") ORDER BY person_kind, person_id LIMIT ")
    .number(MOST_STAFF)
    .load(conn)?;
    let held = |row: HeldRow| {
        Ok(Held {
            person: word(PersonKind::from_stored(&row.person_kind), "panel_passwords.person_kind")?,
            person_id: row.person_id,
            version: row.version,
            sealed: SealedText::from_stored(row.sealed),
        })
    };
    rows.into_iter().map(held).collect()
}
