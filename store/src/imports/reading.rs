//! An import as people see it.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Text};
use siteward_domain::device::Scheme;
use siteward_domain::import::{ImportKind, ImportState, RowState};
use siteward_domain::{CompanyId, DeviceId, ImportId, SerialNumber, SiteId, StaffId};

use crate::columns::{micros, number, read, read_or_none, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::imports;
use crate::select::Select;
use crate::vault::SealedText;

/// Why a row cannot be ticked or was not added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// A stable code.
    pub code: String,
    /// The same in English. Never a secret.
    pub message: String,
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// The company.
    pub company_id: CompanyId,
    /// The site that devices are added to.
    pub site_id: SiteId,
    /// Who scanned.
    pub staff_id: StaffId,
    /// What was scanned.
    pub kind: ImportKind,
    /// Where it stands; *expired* from the instant of `expires_at`, swept or not.
    pub state: ImportState,
    /// When the QR was made, as it says.
    pub qr_created_at: Option<DateTime<Utc>>,
    /// When it was scanned.
    pub created_at: DateTime<Utc>,
    /// When it expires unless confirmed.
    pub expires_at: DateTime<Utc>,
    /// Its rows, in the order of the QR.
    pub rows: Vec<ImportRow>,
}

/// A row of an import. Never its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// Its place in the QR, from 0.
    pub index: u32,
    /// The device's name.
    pub name: String,
    /// Its host.
    pub host: String,
    /// The port that the QR gives.
    pub port: u16,
    /// The user name.
    pub user_name: String,
    /// Where it stands.
    pub state: RowState,
    /// Why it cannot be ticked or was not added.
    pub reason: Option<Reason>,
    /// The other site that has the device, by id and name.
    pub other_site: Option<(SiteId, String)>,
    /// The device it became.
    pub device_id: Option<DeviceId>,
    /// Where HTTP was found.
    pub found: Option<(Scheme, u16)>,
    /// The serial of a device behind a link.
    pub serial: Option<SerialNumber>,
}

type HeadRow = (String, String, String, String, String, Option<i64>, i64, i64, String);

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Integer)]
    idx: i32,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    host: String,
    #[diesel(sql_type = Integer)]
    port: i32,
    #[diesel(sql_type = Text)]
    user_name: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<Text>)]
    reason_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    reason_message: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    other_site_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    other_site_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    device_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    found_scheme: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    found_port: Option<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    serial: Option<String>,
}

/// One import of a company with its rows.
pub fn get_import(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &ImportId,
    now: DateTime<Utc>,
) -> Result<Import, StoreError> {
    let head: HeadRow = imports::table
        .select((
            imports::id,
            imports::company_id,
            imports::site_id,
            imports::staff_id,
            imports::state,
            imports::qr_created_at,
            imports::created_at,
            imports::expires_at,
            imports::kind,
        ))
        .filter(imports::company_id.eq(company.as_str()))
        .filter(imports::id.eq(id.as_str()))
        .first(conn)?;
    let rows: Vec<Row> = Select::new(
        "SELECT r.idx, r.name, r.host, r.port, r.user_name, r.state, r.reason_code, r.reason_message, r.other_site_id,
         s.name AS other_site_name, r.device_id, r.found_scheme, r.found_port, r.serial
         FROM import_rows r LEFT JOIN sites s ON s.id = r.other_site_id AND s.company_id = ",
    )
    .text(company.as_str())
    .sql(" WHERE r.import_id = ")
    .text(id.as_str())
    .sql(" ORDER BY r.idx LIMIT 1000")
    .load(conn)?;
    import(head, rows.into_iter().map(row).collect::<Result<_, _>>()?, now)
}

/// The sealed text of an import that waits for the password of its QR, if it still does.
pub fn find_sealed_text(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &ImportId,
    now: DateTime<Utc>,
) -> Result<Option<SealedText>, StoreError> {
    let text: Option<Option<String>> = imports::table
        .select(imports::sealed_text)
        .filter(imports::company_id.eq(company.as_str()))
        .filter(imports::id.eq(id.as_str()))
        .filter(imports::expires_at.gt(micros(now)))
        .first(conn)
        .optional()?;
    Ok(text.flatten().map(SealedText::from_stored))
}

fn import(head: HeadRow, rows: Vec<ImportRow>, now: DateTime<Utc>) -> Result<Import, StoreError> {
    let (id, company_id, site_id, staff_id, state, qr_created_at, created_at, expires_at, kind) = head;
    let stored = word(ImportState::from_stored(&state), "imports.state")?;
    let expires_at = time(expires_at)?;
    let waits = matches!(stored, ImportState::PasswordNeeded | ImportState::Ready);
    Ok(Import {
        id: read(id, "imports.id")?,
        company_id: read(company_id, "imports.company_id")?,
        site_id: read(site_id, "imports.site_id")?,
        staff_id: read(staff_id, "imports.staff_id")?,
        kind: word(ImportKind::from_stored(&kind), "imports.kind")?,
        state: if waits && expires_at <= now { ImportState::Expired } else { stored },
        qr_created_at: time_or_none(qr_created_at)?,
        created_at: time(created_at)?,
        expires_at,
        rows,
    })
}

fn row(row: Row) -> Result<ImportRow, StoreError> {
    let reason = row.reason_code.map(|code| Reason { code, message: row.reason_message.unwrap_or_default() });
    let other_site_id: Option<SiteId> = read_or_none(row.other_site_id, "import_rows.other_site_id")?;
    let found = match (row.found_scheme, row.found_port) {
        (Some(scheme), Some(port)) => Some((
            word(Scheme::from_stored(&scheme), "import_rows.found_scheme")?,
            number(port, "import_rows.found_port")?,
        )),
        _ => None,
    };
    Ok(ImportRow {
        index: number(row.idx, "import_rows.idx")?,
        name: row.name,
        host: row.host,
        port: number(row.port, "import_rows.port")?,
        user_name: row.user_name,
        state: word(RowState::from_stored(&row.state), "import_rows.state")?,
        reason,
        other_site: other_site_id.zip(row.other_site_name),
        device_id: read_or_none(row.device_id, "import_rows.device_id")?,
        found,
        serial: read_or_none(row.serial, "import_rows.serial")?,
    })
}
