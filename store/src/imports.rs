//! Imports of export QRs (R-D2): between scan and result. Passwords wait here sealed and are erased as soon as a row
//! has ended, is not ticked, or its import expires; an import that nobody confirms expires after 15 minutes.

mod reading;
mod working;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::import::{ImportKind, ImportState, RowState};
use siteward_domain::{CompanyId, ImportId, SerialNumber, SiteId, StaffId};

use crate::columns::{micros, number, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::jobs::{self, NewJob};
use crate::schema::{import_rows, imports};
use crate::select::Select;
use crate::vault::{Place, SealedText};

pub use reading::{Import, ImportRow, Reason, find_sealed_text, get_import};
pub use working::{
    ClaimedRow, Finished, ImportContext, RowResult, claim_rows, fail_remaining, find_context, finish_row,
    hold_sites_of, resume,
};

/// An import to store.
#[derive(Debug, Clone)]
pub struct NewImport {
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
    /// When the QR was made, as it says.
    pub qr_created_at: Option<DateTime<Utc>>,
    /// What was scanned.
    pub content: NewContent,
    /// When it was scanned.
    pub created_at: DateTime<Utc>,
    /// When it expires unless confirmed.
    pub expires_at: DateTime<Utc>,
}

/// What was scanned.
#[derive(Debug, Clone)]
pub enum NewContent {
    /// The QR needs its password first: its text, sealed for [`text_place`].
    Locked(SealedText),
    /// Its rows.
    Rows(Vec<NewRow>),
}

/// A row of an import to store.
#[derive(Debug, Clone)]
pub struct NewRow {
    /// Its place in the QR, from 0.
    pub index: u32,
    /// The device's name.
    pub name: String,
    /// Its host.
    pub host: String,
    /// The port that the QR gives; 0 where it cannot be read.
    pub port: u16,
    /// The user name.
    pub user_name: String,
    /// The password, sealed for [`password_place`]; only for rows that can be ticked.
    pub sealed_password: Option<SealedText>,
    /// `New`, or why it cannot be ticked.
    pub state: RowState,
    /// More about why.
    pub reason: Option<Reason>,
    /// The other site that has the device.
    pub other_site_id: Option<SiteId>,
    /// The serial of a device behind a link; its host is empty and its port 0.
    pub serial: Option<SerialNumber>,
    /// Its verification code, sealed for [`code_place`]; only for rows that can be ticked.
    pub sealed_code: Option<SealedText>,
}

/// What confirming an import came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    /// The ticked rows wait for the worker.
    Started,
    /// It was confirmed before: nothing was done.
    Already,
    /// It expired; scan again.
    Expired,
    /// A row cannot be ticked, or none was.
    RowsNotSelectable,
}

/// The row of `import_rows` as the vault names it.
pub fn row_key(import: &ImportId, index: u32) -> String {
    format!("{import}/{index}")
}

/// The place of a row's password in the vault; `key` is from [`row_key`].
pub fn password_place<'a>(company: &'a CompanyId, key: &'a str) -> Place<'a> {
    Place { table: "import_rows", column: "sealed_password", row: key, company: company.as_str() }
}

/// The place of a row's verification code in the vault; `key` is from [`row_key`].
pub fn code_place<'a>(company: &'a CompanyId, key: &'a str) -> Place<'a> {
    Place { table: "import_rows", column: "sealed_code", row: key, company: company.as_str() }
}

/// The place of a locked QR's text in the vault.
pub fn text_place<'a>(company: &'a CompanyId, import: &'a ImportId) -> Place<'a> {
    Place { table: "imports", column: "sealed_text", row: import.as_str(), company: company.as_str() }
}

/// Stores what was scanned.
pub fn create_import(conn: &mut DbConn, new: &NewImport) -> Result<(), StoreError> {
    let (state, sealed_text) = match &new.content {
        NewContent::Locked(text) => (ImportState::PasswordNeeded, Some(text.as_str())),
        NewContent::Rows(_) => (ImportState::Ready, None),
    };
    diesel::insert_into(imports::table)
        .values((
            imports::id.eq(new.id.as_str()),
            imports::company_id.eq(new.company_id.as_str()),
            imports::site_id.eq(new.site_id.as_str()),
            imports::staff_id.eq(new.staff_id.as_str()),
            imports::state.eq(state.as_str()),
            imports::kind.eq(new.kind.as_str()),
            imports::qr_created_at.eq(new.qr_created_at.map(micros)),
            imports::sealed_text.eq(sealed_text),
            imports::password_tries.eq(0),
            imports::created_at.eq(micros(new.created_at)),
            imports::expires_at.eq(micros(new.expires_at)),
        ))
        .execute(conn)?;
    if let NewContent::Rows(rows) = &new.content {
        insert_rows(conn, &new.id, rows)?;
    }
    Ok(())
}

/// Gives a locked import its rows, once its password was right. [`StoreError::Stale`] when it does not wait for them.
pub fn set_rows(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &ImportId,
    qr_created_at: Option<DateTime<Utc>>,
    rows: &[NewRow],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let opened = diesel::update(
        imports::table
            .filter(imports::company_id.eq(company.as_str()))
            .filter(imports::id.eq(id.as_str()))
            .filter(imports::state.eq(ImportState::PasswordNeeded.as_str()))
            .filter(imports::expires_at.gt(micros(now))),
    )
    .set((
        imports::state.eq(ImportState::Ready.as_str()),
        imports::sealed_text.eq(None::<&str>),
        imports::qr_created_at.eq(qr_created_at.map(micros)),
    ))
    .execute(conn)?;
    if opened == 0 {
        return Err(StoreError::Stale);
    }
    insert_rows(conn, id, rows)
}

/// Counts a wrong password of a locked import and gives the tries left; at none it expires and its text is erased.
pub fn count_wrong_password(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &ImportId,
    most_tries: u32,
) -> Result<u32, StoreError> {
    let this = || {
        imports::table
            .filter(imports::company_id.eq(company.as_str()))
            .filter(imports::id.eq(id.as_str()))
            .filter(imports::state.eq(ImportState::PasswordNeeded.as_str()))
    };
    diesel::update(this()).set(imports::password_tries.eq(imports::password_tries + 1)).execute(conn)?;
    // Somebody else used up the last try, or gave the right password, at the same instant: nothing is left to count.
    let tries: Option<i32> = this().select(imports::password_tries).first(conn).optional()?;
    let Some(tries) = tries else { return Ok(0) };
    let left = most_tries.saturating_sub(u32::try_from(tries).unwrap_or(u32::MAX));
    if left == 0 {
        diesel::update(this())
            .set((imports::state.eq(ImportState::Expired.as_str()), imports::sealed_text.eq(None::<&str>)))
            .execute(conn)?;
    }
    Ok(left)
}

/// Sends ticked rows to the worker: rows, state and job in one transaction. Repeating it does nothing (R-D2). Of two
/// at the same instant one starts and the other is told `Already`.
pub fn confirm(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &ImportId,
    indexes: &[u32],
    job: &NewJob,
    now: DateTime<Utc>,
) -> Result<Confirmed, StoreError> {
    working::lock_import(conn, id)?;
    let import = get_import(conn, company, id, now)?;
    match import.state {
        ImportState::Ready => {}
        ImportState::Running | ImportState::Done => return Ok(Confirmed::Already),
        ImportState::Expired => return Ok(Confirmed::Expired),
        ImportState::PasswordNeeded => return Ok(Confirmed::RowsNotSelectable),
    }
    let can_be_ticked = |index: &u32| import.rows.iter().any(|row| row.index == *index && row.state.can_be_ticked());
    if indexes.is_empty() || !indexes.iter().all(can_be_ticked) {
        return Ok(Confirmed::RowsNotSelectable);
    }
    diesel::update(imports::table.filter(imports::id.eq(id.as_str())))
        .set(imports::state.eq(ImportState::Running.as_str()))
        .execute(conn)?;
    let ticked: Vec<i32> = indexes.iter().filter_map(|index| i32::try_from(*index).ok()).collect();
    for some in ticked.chunks(500) {
        diesel::update(
            import_rows::table
                .filter(import_rows::import_id.eq(id.as_str()))
                .filter(import_rows::idx.eq_any(some.to_vec())),
        )
        .set(import_rows::state.eq(RowState::Waiting.as_str()))
        .execute(conn)?;
    }
    diesel::update(
        import_rows::table
            .filter(import_rows::import_id.eq(id.as_str()))
            .filter(import_rows::state.ne(RowState::Waiting.as_str())),
    )
    .set((import_rows::sealed_password.eq(None::<&str>), import_rows::sealed_code.eq(None::<&str>)))
    .execute(conn)?;
    jobs::enqueue(conn, job, now)?;
    note(conn, company, &import.site_id, id, now)?;
    Ok(Confirmed::Started)
}

/// Ends imports that nobody confirmed in time and erases their secrets; gives how many.
pub fn expire_imports(conn: &mut DbConn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    Select::new(
        "UPDATE import_rows SET sealed_password = NULL, sealed_code = NULL
         WHERE (sealed_password IS NOT NULL OR sealed_code IS NOT NULL) AND import_id IN
         (SELECT id FROM imports WHERE state IN ('password_needed', 'ready') AND expires_at <= ",
    )
    .number(micros(now))
    .sql(")")
    .execute(conn)?;
    Select::new(
        "UPDATE imports SET state = 'expired', sealed_text = NULL
         WHERE state IN ('password_needed', 'ready') AND expires_at <= ",
    )
    .number(micros(now))
    .execute(conn)
}

/// Imports of all companies that are kept, in whatever state: for the test kit and the status page.
pub fn count(conn: &mut DbConn) -> Result<u64, StoreError> {
    let count: i64 = imports::table.count().get_result(conn)?;
    number(count, "count")
}

/// Forgets imports that expired before `before`; gives how many. What an import added stays, so do those that were
/// confirmed: they tell where devices came from.
pub fn prune_expired(conn: &mut DbConn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(
        imports::table
            .filter(imports::state.eq(ImportState::Expired.as_str()))
            .filter(imports::expires_at.lt(micros(before))),
    )
    .execute(conn)?)
}

/// Imports that run but have no job of `job_kind` any more, at most 100: a worker was killed after the job was given up
/// and before its rows were. Whoever finds one calls [`fail_remaining`].
pub fn find_orphaned(conn: &mut DbConn, job_kind: &str) -> Result<Vec<ImportId>, StoreError> {
    let rows: Vec<Orphan> = Select::new(
        "SELECT id FROM imports WHERE state = 'running' AND NOT EXISTS
         (SELECT 1 FROM jobs WHERE jobs.dedup_key = imports.id AND jobs.state <> 'dead' AND jobs.kind = ",
    )
    .text(job_kind)
    .sql(") ORDER BY id LIMIT 100")
    .load(conn)?;
    rows.into_iter().map(|row| read(row.id, "imports.id")).collect()
}

#[derive(diesel::QueryableByName)]
struct Orphan {
    #[diesel(sql_type = diesel::sql_types::Text)]
    id: String,
}

/// Tells readers of the event log that an import changed.
fn note(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    id: &ImportId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    events::append(conn, &changed(company, site, id, now))
}

fn changed(company: &CompanyId, site: &SiteId, id: &ImportId, now: DateTime<Utc>) -> NewEvent {
    NewEvent {
        company_id: company.clone(),
        site_id: Some(site.clone()),
        device_id: None,
        kind: EventKind::ImportChanged,
        actor: "import".to_owned(),
        at: now,
        data: json!({ "import_id": id }),
    }
}

fn insert_rows(conn: &mut DbConn, id: &ImportId, rows: &[NewRow]) -> Result<(), StoreError> {
    for row in rows {
        let sealed = row.sealed_password.as_ref().filter(|_| row.state.can_be_ticked());
        let code = row.sealed_code.as_ref().filter(|_| row.state.can_be_ticked());
        diesel::insert_into(import_rows::table)
            .values((
                import_rows::import_id.eq(id.as_str()),
                import_rows::idx.eq(i32::try_from(row.index).unwrap_or(i32::MAX)),
                import_rows::name.eq(&row.name),
                import_rows::host.eq(&row.host),
                import_rows::port.eq(i32::from(row.port)),
                import_rows::user_name.eq(&row.user_name),
                import_rows::sealed_password.eq(sealed.map(SealedText::as_str)),
                import_rows::state.eq(row.state.as_str()),
                import_rows::reason_code.eq(row.reason.as_ref().map(|reason| reason.code.as_str())),
                import_rows::reason_message.eq(row.reason.as_ref().map(|reason| reason.message.as_str())),
                import_rows::other_site_id.eq(row.other_site_id.as_ref().map(SiteId::as_str)),
                import_rows::serial.eq(row.serial.as_ref().map(SerialNumber::as_str)),
                import_rows::sealed_code.eq(code.map(SealedText::as_str)),
            ))
            .execute(conn)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
