//! The firmware catalogue of a company (R-H7): files, what each is for, and what must be installed before it.
//!
//! The bytes lie in a folder, named by their SHA-256; a row says that the company has them. The same file twice is one.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use siteward_domain::device::DeviceKind;
use siteward_domain::firmware::upgrade_path::{CatalogueEntry, FirstStep};
use siteward_domain::firmware::{FirmwareVersion, ModelPattern};
use siteward_domain::{CompanyId, FirmwareFileId, StaffId};

use crate::columns::{micros, number, read, read_or_none, time, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Most files of a company.
pub const MOST_FILES: u32 = 500;

/// A file that was uploaded.
#[derive(Debug, Clone)]
pub struct NewFirmwareFile {
    /// Its id.
    pub id: FirmwareFileId,
    /// The company.
    pub company_id: CompanyId,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
    /// Its bytes.
    pub size: u64,
    /// What the uploader called it.
    pub file_name: String,
    /// Who uploaded it.
    pub uploaded_by: StaffId,
}

/// What a file is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirmwareUse {
    /// The family of devices.
    pub kind: DeviceKind,
    /// Patterns of models.
    pub models: Vec<String>,
    /// The hardware; empty: any.
    pub hardware: String,
    /// The region or language; empty: any.
    pub region: String,
    /// Version and build, as [`FirmwareVersion`] shows them.
    pub version: String,
    /// What must be installed before it.
    pub first: Option<FirmwareFileId>,
    /// On devices older than this; empty: than this file's version.
    pub first_below: String,
}

/// A file of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirmwareFile {
    /// Its id.
    pub id: FirmwareFileId,
    /// The company.
    pub company_id: CompanyId,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
    /// Its bytes.
    pub size: u64,
    /// What the uploader called it.
    pub file_name: String,
    /// What it is for; `None` until somebody says so.
    pub purpose: Option<FirmwareUse>,
    /// Notes.
    pub notes: String,
    /// When it was uploaded.
    pub uploaded_at: DateTime<Utc>,
    /// When it was last edited.
    pub updated_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    sha256: String,
    #[diesel(sql_type = BigInt)]
    size: i64,
    #[diesel(sql_type = Text)]
    file_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    kind: Option<String>,
    #[diesel(sql_type = Text)]
    models: String,
    #[diesel(sql_type = Text)]
    hardware: String,
    #[diesel(sql_type = Text)]
    region: String,
    #[diesel(sql_type = Text)]
    version: String,
    #[diesel(sql_type = Text)]
    notes: String,
    #[diesel(sql_type = Nullable<Text>)]
    first_id: Option<String>,
    #[diesel(sql_type = Text)]
    first_below: String,
    #[diesel(sql_type = BigInt)]
    uploaded_at: i64,
    #[diesel(sql_type = BigInt)]
    updated_at: i64,
}

#[derive(QueryableByName)]
struct Sha {
    #[diesel(sql_type = Text)]
    sha256: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

const COLUMNS: &str =
    "SELECT id, company_id, sha256, size, file_name, kind, models, hardware, region, version, notes, first_id,
    first_below, uploaded_at, updated_at FROM firmware_files WHERE ";

/// Notes that a company has a file; gives it, and whether it is new. [`StoreError::Stale`] when the company has as many as
/// it may.
pub fn create(
    conn: &mut DbConn,
    new: &NewFirmwareFile,
    now: DateTime<Utc>,
) -> Result<(FirmwareFile, bool), StoreError> {
    let size = i64::try_from(new.size).unwrap_or(i64::MAX);
    let is_new = Select::new(
        "INSERT INTO firmware_files (id, company_id, sha256, size, file_name, uploaded_by, uploaded_at, updated_at) SELECT ",
    )
    .text(new.id.as_str())
    .sql(", ")
    .text(new.company_id.as_str())
    .sql(", ")
    .text(new.sha256.as_str())
    .sql(", ")
    .number(size)
    .sql(", ")
    .text(new.file_name.as_str())
    .sql(", ")
    .text(new.uploaded_by.as_str())
    .sql(", ")
    .number(micros(now))
    .sql(", ")
    .number(micros(now))
    .sql(" WHERE (SELECT count(*) FROM firmware_files WHERE company_id = ")
    .text(new.company_id.as_str())
    .sql(") < ")
    .number(i64::from(MOST_FILES))
    .sql(" ON CONFLICT (company_id, sha256) DO NOTHING")
    .execute(conn)?;
    let query = Select::new(COLUMNS).sql("company_id = ").text(new.company_id.as_str());
    let query = query.sql(" AND sha256 = ").text(new.sha256.as_str()).sql(" ORDER BY id LIMIT 1");
    let row = query.load::<Row>(conn)?.into_iter().next().ok_or(StoreError::Stale)?;
    Ok((file(row)?, is_new > 0))
}

/// A file of a company.
pub fn get(conn: &mut DbConn, company: &CompanyId, id: &FirmwareFileId) -> Result<FirmwareFile, StoreError> {
    let query = Select::new(COLUMNS).sql("company_id = ").text(company.as_str()).sql(" AND id = ").text(id.as_str());
    let rows: Vec<Row> = query.sql(" ORDER BY id LIMIT 1").load(conn)?;
    rows.into_iter().next().map_or(Err(StoreError::NotFound), file)
}

/// The files of a company, newest first, at most [`MOST_FILES`].
pub fn list(conn: &mut DbConn, company: &CompanyId) -> Result<Vec<FirmwareFile>, StoreError> {
    let query = Select::new(COLUMNS).sql("company_id = ").text(company.as_str());
    let rows: Vec<Row> = query.sql(" ORDER BY id DESC LIMIT ").number(i64::from(MOST_FILES)).load(conn)?;
    rows.into_iter().map(file).collect()
}

/// What can be installed, as planning needs it.
pub fn catalogue(conn: &mut DbConn, company: &CompanyId) -> Result<Vec<CatalogueEntry>, StoreError> {
    Ok(list(conn, company)?.iter().filter_map(FirmwareFile::entry).collect())
}

/// Says what a file is for. [`StoreError::NotFound`] when the company has no such file, or not the one that comes first.
pub fn set_use(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &FirmwareFileId,
    purpose: &FirmwareUse,
    notes: &str,
    now: DateTime<Utc>,
) -> Result<FirmwareFile, StoreError> {
    if let Some(first) = &purpose.first {
        get(conn, company, first)?;
    }
    let models = serde_json::json!(purpose.models).to_string();
    let update = Select::new("UPDATE firmware_files SET kind = ")
        .text(purpose.kind.as_str())
        .sql(", models = ")
        .text(models)
        .sql(", hardware = ")
        .text(purpose.hardware.as_str())
        .sql(", region = ")
        .text(purpose.region.as_str())
        .sql(", version = ")
        .text(purpose.version.as_str())
        .sql(", notes = ")
        .text(notes)
        .sql(", first_id = ");
    let update = match &purpose.first {
        Some(first) => update.text(first.as_str()),
        None => update.sql("NULL"),
    };
    let updated = update
        .sql(", first_below = ")
        .text(purpose.first_below.as_str())
        .sql(", updated_at = ")
        .number(micros(now))
        .sql(" WHERE company_id = ")
        .text(company.as_str())
        .sql(" AND id = ")
        .text(id.as_str())
        .execute(conn)?;
    if updated == 0 { Err(StoreError::NotFound) } else { get(conn, company, id) }
}

/// Takes a file off the catalogue. [`StoreError::Stale`] while an upgrade needs it, or another file needs it first.
pub fn delete(conn: &mut DbConn, company: &CompanyId, id: &FirmwareFileId) -> Result<(), StoreError> {
    get(conn, company, id)?;
    let step = format!("%\"file_id\":\"{}\"%", id.as_str());
    let used: Vec<Count> = Select::new("SELECT (SELECT count(*) FROM firmware_files WHERE first_id = ")
        .text(id.as_str())
        .sql(") + (SELECT count(*) FROM upgrade_devices WHERE company_id = ")
        .text(company.as_str())
        .sql(" AND ended_at IS NULL AND steps LIKE ")
        .text(step)
        .sql(") AS count")
        .load(conn)?;
    if used.first().is_some_and(|used| used.count > 0) {
        return Err(StoreError::Stale);
    }
    let delete = Select::new("DELETE FROM firmware_files WHERE company_id = ").text(company.as_str());
    delete.sql(" AND id = ").text(id.as_str()).execute(conn)?;
    Ok(())
}

/// Which of these hashes some company has.
pub fn known_hashes(conn: &mut DbConn, hashes: &[String]) -> Result<HashSet<String>, StoreError> {
    let query = Select::new("SELECT DISTINCT sha256 FROM firmware_files WHERE sha256 IN ");
    let rows: Vec<Sha> = query.texts(hashes.iter().map(String::as_str)).sql(" ORDER BY sha256").load(conn)?;
    Ok(rows.into_iter().map(|row| row.sha256).collect())
}

impl FirmwareFile {
    /// The file as planning needs it; `None` until somebody says what it is for, or where that cannot be read.
    pub fn entry(&self) -> Option<CatalogueEntry> {
        let purpose = self.purpose.as_ref()?;
        let below = FirmwareVersion::parse(&purpose.first_below).ok();
        Some(CatalogueEntry {
            id: self.id.clone(),
            kind: purpose.kind,
            models: purpose.models.iter().filter_map(|model| ModelPattern::parse(model).ok()).collect(),
            hardware: purpose.hardware.clone(),
            region: purpose.region.clone(),
            version: FirmwareVersion::parse(&purpose.version).ok()?,
            first: purpose.first.clone().map(|entry| FirstStep { entry, below }),
        })
    }
}

fn file(row: Row) -> Result<FirmwareFile, StoreError> {
    let models = serde_json::from_str(&row.models);
    let models = models.map_err(|_| StoreError::Unreadable { column: "firmware_files.models" })?;
    let purpose = match row.kind {
        None => None,
        Some(kind) => Some(FirmwareUse {
            kind: word(DeviceKind::from_stored(&kind), "firmware_files.kind")?,
            models,
            hardware: row.hardware,
            region: row.region,
            version: row.version,
            first: read_or_none(row.first_id, "firmware_files.first_id")?,
            first_below: row.first_below,
        }),
    };
    Ok(FirmwareFile {
        id: read(row.id, "firmware_files.id")?,
        company_id: read(row.company_id, "firmware_files.company_id")?,
        sha256: row.sha256,
        size: number(row.size, "firmware_files.size")?,
        file_name: row.file_name,
        purpose,
        notes: row.notes,
        uploaded_at: time(row.uploaded_at)?,
        updated_at: time(row.updated_at)?,
    })
}

#[cfg(test)]
mod tests;
