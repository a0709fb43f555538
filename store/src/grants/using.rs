//! Grants in use: whether one holds now, and whose first use it is.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use siteward_domain::grant::{DevicePermission, OpenGrant, Permission, Refusal, Standing};
use siteward_domain::mail::MailLanguage;
use siteward_domain::site::SiteStatus;
use siteward_domain::{CompanyId, DeviceId, EndUserId, GrantId, SiteId, StaffId};

use super::{GRANTS, Grant, Row, holding};
use crate::columns::{micros, read, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// The first use of a grant: its owner is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstUse {
    /// The grant.
    pub grant: Grant,
    /// The name of who used it.
    pub staff_name: String,
    /// Whom to tell.
    pub owner: Owner,
}

/// The owner of a site, as far as it takes to write to them. No more of their account is read here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Who.
    pub id: EndUserId,
    /// Their name.
    pub name: String,
    /// Their mail address.
    pub email: String,
    /// The language they read.
    pub language: MailLanguage,
    /// Their time zone.
    pub time_zone: String,
}

#[derive(QueryableByName)]
struct SiteRow {
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Bool)]
    owned: bool,
}

#[derive(QueryableByName)]
struct OpenRow {
    #[diesel(sql_type = Text)]
    permission: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    valid_until: Option<i64>,
}

#[derive(QueryableByName)]
struct OwnerRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Text)]
    language: String,
    #[diesel(sql_type = Text)]
    time_zone: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// How a company stands with one of its devices: of the grants only those for this device are read.
pub fn standing(conn: &mut DbConn, company: &CompanyId, device: &DeviceId) -> Result<Standing, StoreError> {
    let rows: Vec<SiteRow> = Select::new(
        "SELECT t.id AS site_id, t.status, t.owner_id IS NOT NULL AS owned FROM devices d JOIN sites t ON t.id = d.site_id
         WHERE d.company_id = ",
    )
    .text(company.as_str())
    .sql(" AND d.id = ")
    .text(device.as_str())
    .load(conn)?;
    let site = rows.into_iter().next().ok_or(StoreError::NotFound)?;
    let open: Vec<OpenRow> = Select::new("SELECT g.permission, g.valid_until FROM grants g WHERE g.company_id = ")
        .text(company.as_str())
        .sql(" AND g.site_id = ")
        .text(site.site_id)
        .sql(" AND g.device_id = ")
        .text(device.as_str())
        .sql(" AND g.ended_at IS NULL ORDER BY g.id LIMIT 10")
        .load(conn)?;
    let open = open.into_iter().map(|row| {
        Ok(OpenGrant {
            device_id: Some(device.clone()),
            permission: word(Permission::from_stored(&row.permission), "grants.permission")?,
            valid_until: time_or_none(row.valid_until)?,
        })
    });
    Ok(Standing {
        owned: site.owned,
        status: word(SiteStatus::from_stored(&site.status), "sites.status")?,
        open: open.collect::<Result<_, StoreError>>()?,
    })
}

/// Whether a company may use a permission on a device at `now`, and if so, whether it would be the first use of a grant:
/// then it is to be noted with [`use_grant`].
pub fn to_note(
    conn: &mut DbConn,
    company: &CompanyId,
    device: &DeviceId,
    permission: DevicePermission,
    now: DateTime<Utc>,
) -> Result<Result<bool, Refusal>, StoreError> {
    let standing = standing(conn, company, device)?;
    if let Err(refusal) = standing.may(device, permission, now) {
        return Ok(Err(refusal));
    }
    if !standing.owned {
        return Ok(Ok(false));
    }
    Ok(Ok(find_held(conn, company, device, permission, now)?.is_some_and(|grant| grant.first_used_at.is_none())))
}

/// Uses a permission on a device at `now`, where that is allowed, and notes it where it is the first use of a grant. Then its
/// owner is to be told in this transaction; of two who use it first at once one is the first.
pub fn use_grant(
    conn: &mut DbConn,
    company: &CompanyId,
    device: &DeviceId,
    permission: DevicePermission,
    staff: Option<&StaffId>,
    now: DateTime<Utc>,
) -> Result<Result<Option<FirstUse>, Refusal>, StoreError> {
    match to_note(conn, company, device, permission, now)? {
        Err(refusal) => return Ok(Err(refusal)),
        Ok(false) => return Ok(Ok(None)),
        Ok(true) => {}
    }
    let Some(mut grant) = find_held(conn, company, device, permission, now)? else { return Ok(Ok(None)) };
    let update = Select::new("UPDATE grants SET first_used_at = ").number(micros(now));
    let update = match staff {
        Some(staff) => update.sql(", first_used_by = ").text(staff.as_str()),
        None => update,
    };
    let first = update.sql(" WHERE first_used_at IS NULL AND id = ").text(grant.id.as_str()).execute(conn)?;
    if first == 0 {
        return Ok(Ok(None));
    }
    grant.first_used_at = Some(now);
    let Some(owner) = owner_of(conn, &grant.site_id)? else { return Ok(Ok(None)) };
    Ok(Ok(Some(FirstUse { grant, staff_name: name_of(conn, staff)?, owner })))
}

/// For how many devices of a site a company has a permission at `now`; `None`: the site has no owner, and all of them are allowed.
pub fn count_allowed(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    permission: DevicePermission,
    now: DateTime<Utc>,
) -> Result<Option<u64>, StoreError> {
    if owner_of(conn, site)?.is_none() {
        return Ok(None);
    }
    let rows: Vec<Count> = Select::new(
        "SELECT count(*) AS count FROM grants g JOIN devices d ON d.id = g.device_id AND d.site_id = g.site_id
         WHERE g.company_id = ",
    )
    .text(company.as_str())
    .sql(" AND g.site_id = ")
    .text(site.as_str())
    .sql(" AND g.permission = ")
    .text(permission.as_str())
    .sql(" AND ")
    .then(holding(now))
    .load(conn)?;
    Ok(Some(rows.first().map_or(0, |row| u64::try_from(row.count).unwrap_or(0))))
}

/// Keeps the hash of the token whose link revokes a grant.
pub fn set_revoke_hash(conn: &mut DbConn, id: &GrantId, hash: &str) -> Result<(), StoreError> {
    Select::new("UPDATE grants SET revoke_hash = ").text(hash).sql(" WHERE id = ").text(id.as_str()).execute(conn)?;
    Ok(())
}

/// Who owns a site.
pub fn owner_of(conn: &mut DbConn, site: &SiteId) -> Result<Option<Owner>, StoreError> {
    let rows: Vec<OwnerRow> = Select::new(
        "SELECT e.id, e.name, e.email, e.language, e.time_zone FROM sites t JOIN end_users e ON e.id = t.owner_id
         WHERE t.id = ",
    )
    .text(site.as_str())
    .load(conn)?;
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    Ok(Some(Owner {
        id: read(row.id, "end_users.id")?,
        name: row.name,
        email: row.email,
        language: word(MailLanguage::from_stored(&row.language), "end_users.language")?,
        time_zone: row.time_zone,
    }))
}

fn find_held(
    conn: &mut DbConn,
    company: &CompanyId,
    device: &DeviceId,
    permission: DevicePermission,
    now: DateTime<Utc>,
) -> Result<Option<Grant>, StoreError> {
    let rows: Vec<Row> = Select::new(GRANTS)
        .sql("g.company_id = ")
        .text(company.as_str())
        .sql(" AND g.device_id = ")
        .text(device.as_str())
        .sql(" AND g.permission = ")
        .text(permission.as_str())
        .sql(" AND d.site_id = g.site_id AND ")
        .then(holding(now))
        .sql(" ORDER BY g.id LIMIT 1")
        .load(conn)?;
    rows.into_iter().next().map(Row::read).transpose()
}

fn name_of(conn: &mut DbConn, staff: Option<&StaffId>) -> Result<String, StoreError> {
    let Some(staff) = staff else { return Ok(String::new()) };
    let rows: Vec<Name> = Select::new("SELECT name FROM staff WHERE id = ").text(staff.as_str()).load(conn)?;
    Ok(rows.into_iter().next().map(|row| row.name).unwrap_or_default())
}
