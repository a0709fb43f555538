//! An import as the worker sees it: rows are claimed, tried, and finished one by one, each in one transaction, so that
//! a kill at any moment leaves a row either untouched or wholly done (T4).

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Integer, Nullable, Text};
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::import::{ImportState, RowState};
use siteward_domain::site::SiteAction;
use siteward_domain::{CompanyId, DeviceId, ImportId, SerialNumber, SiteId};

use super::{Reason, changed, note};
use crate::columns::{number, read, read_or_none, word};
use crate::connection::DbConn;
use crate::devices::{self, NewDevice, Occupant, create_device};
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::schema::{import_rows, imports};
use crate::select::Select;
use crate::sites;
use crate::vault::SealedText;

/// What an import's job must know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportContext {
    /// The company.
    pub company_id: CompanyId,
    /// The site that devices are added to.
    pub site_id: SiteId,
    /// Where it stands.
    pub state: ImportState,
}

/// A row that a worker tries now.
#[derive(Debug, Clone)]
pub struct ClaimedRow {
    /// Its place in the QR.
    pub index: u32,
    /// The device's name.
    pub name: String,
    /// Its host.
    pub host: String,
    /// The port that the QR gives.
    pub port: u16,
    /// The user name.
    pub user_name: String,
    /// The password, sealed for [`super::password_place`].
    pub sealed_password: SealedText,
    /// The serial of a device behind a link.
    pub serial: Option<SerialNumber>,
    /// Its verification code, sealed for [`super::code_place`].
    pub sealed_code: Option<SealedText>,
}

/// What trying a row came to.
#[derive(Debug, Clone)]
pub enum RowResult {
    /// The device answered and let us in: add it. Its password is sealed anew for its own row.
    Add(Box<NewDevice>),
    /// It is not added.
    Fail(Reason),
}

/// What finishing a row came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finished {
    /// The device is added, now or by an earlier call.
    Added(DeviceId),
    /// Not added: another device of the company has the address or serial. The row says which site.
    Occupied(Occupant),
    /// Not added, for the reason given now or earlier.
    Failed,
}

#[derive(QueryableByName)]
struct Claimed {
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
    #[diesel(sql_type = Nullable<Text>)]
    sealed_password: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    serial: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    sealed_code: Option<String>,
}

/// What an import's job must know, or `None` when the import is gone (its site was deleted).
pub fn find_context(conn: &mut DbConn, id: &ImportId) -> Result<Option<ImportContext>, StoreError> {
    let row: Option<(String, String, String)> = imports::table
        .select((imports::company_id, imports::site_id, imports::state))
        .filter(imports::id.eq(id.as_str()))
        .first(conn)
        .optional()?;
    let Some((company, site, state)) = row else { return Ok(None) };
    Ok(Some(ImportContext {
        company_id: read(company, "imports.company_id")?,
        site_id: read(site, "imports.site_id")?,
        state: word(ImportState::from_stored(&state), "imports.state")?,
    }))
}

/// Puts rows that a dead worker had claimed back into the queue. Call it when an import's job begins: the job's lease
/// says that nobody else works on them.
pub fn resume(conn: &mut DbConn, id: &ImportId) -> Result<(), StoreError> {
    diesel::update(
        import_rows::table
            .filter(import_rows::import_id.eq(id.as_str()))
            .filter(import_rows::state.eq(RowState::Running.as_str())),
    )
    .set(import_rows::state.eq(RowState::Waiting.as_str()))
    .execute(conn)?;
    Ok(())
}

/// Claims up to `limit` waiting rows, in the order of the QR.
pub fn claim_rows(
    conn: &mut DbConn,
    id: &ImportId,
    limit: u32,
    now: DateTime<Utc>,
) -> Result<Vec<ClaimedRow>, StoreError> {
    lock_import(conn, id)?;
    let rows: Vec<Claimed> = Select::new("UPDATE import_rows SET state = 'running' WHERE import_id = ")
        .text(id.as_str())
        .sql(" AND idx IN (SELECT idx FROM import_rows WHERE state = 'waiting' AND import_id = ")
        .text(id.as_str())
        .sql(" ORDER BY idx LIMIT ")
        .number(i64::from(limit))
        .sql(") RETURNING idx, name, host, port, user_name, sealed_password, serial, sealed_code")
        .load(conn)?;
    let mut claimed = rows.into_iter().map(claimed).collect::<Result<Vec<_>, _>>()?;
    claimed.sort_by_key(|row| row.index);
    if let (false, Some(context)) = (claimed.is_empty(), find_context(conn, id)?) {
        note(conn, &context.company_id, &context.site_id, id, now)?;
    }
    Ok(claimed)
}

/// Holds the sites of some imports, so that rows of several can be finished in one transaction without anybody waiting in a
/// circle.
pub fn hold_sites_of(conn: &mut DbConn, ids: &[&ImportId]) -> Result<(), StoreError> {
    let mut held = Vec::with_capacity(ids.len());
    for id in ids {
        held.extend(find_context(conn, id)?.map(|context| (context.site_id, context.company_id)));
    }
    held.sort_unstable();
    held.dedup();
    held.iter().try_for_each(|(site, company)| sites::hold_sites(conn, company, &[site]))
}

/// Finishes a row: device, row, state of the import and events in one transaction. Called again for a row that has
/// ended it changes nothing and tells how it ended. When a device with the address or serial turns up at the same
/// instant, the answer is [`StoreError::Duplicate`]: call it again in a new transaction.
pub fn finish_row(
    conn: &mut DbConn,
    id: &ImportId,
    index: u32,
    result: &RowResult,
    now: DateTime<Utc>,
) -> Result<Finished, StoreError> {
    let context = find_context(conn, id)?.ok_or(StoreError::NotFound)?;
    let site = sites::hold_site(conn, &context.company_id, &context.site_id)?;
    lock_import(conn, id)?;
    let row: (String, Option<String>) = import_rows::table
        .select((import_rows::state, import_rows::device_id))
        .filter(import_rows::import_id.eq(id.as_str()))
        .filter(import_rows::idx.eq(i32::try_from(index).unwrap_or(i32::MAX)))
        .first(conn)?;
    match word(RowState::from_stored(&row.0), "import_rows.state")? {
        RowState::Waiting | RowState::Running => {}
        RowState::Added => {
            let device = read_or_none(row.1, "import_rows.device_id")?;
            return device.map(Finished::Added).ok_or(StoreError::Unreadable { column: "import_rows.device_id" });
        }
        RowState::Failed => return Ok(Finished::Failed),
        _ => return Err(StoreError::Stale),
    }
    let finished = match result {
        RowResult::Fail(reason) => {
            set_failed(conn, id, index, reason, None)?;
            Finished::Failed
        }
        RowResult::Add(_) if !site.status.allows(SiteAction::ManageDevices) => {
            let message = "the status of the site does not let the company add devices any more";
            let reason = Reason { code: site.status.refusal_code().to_owned(), message: message.to_owned() };
            set_failed(conn, id, index, &reason, None)?;
            Finished::Failed
        }
        RowResult::Add(device) => {
            if let Some(occupant) = find_occupant(conn, device)? {
                set_occupied(conn, id, index, &occupant, &context.site_id)?;
                Finished::Occupied(occupant)
            } else {
                match create_device(conn, device, now) {
                    // Of another account, and there is nothing more to tell of that.
                    Err(StoreError::Duplicate { what: "device_binding" }) => {
                        let (code, message) = ("device_someone_elses", "the device belongs to another account");
                        let reason = Reason { code: code.to_owned(), message: message.to_owned() };
                        set_failed(conn, id, index, &reason, None)?;
                        Finished::Failed
                    }
                    created => {
                        created?;
                        set_added(conn, id, index, device)?;
                        Finished::Added(device.id.clone())
                    }
                }
            }
        }
    };
    end_if_done(conn, id)?;
    let mut told = Vec::with_capacity(2);
    if let Finished::Added(device) = &finished {
        told.push(NewEvent {
            device_id: Some(device.clone()),
            kind: EventKind::DeviceAdded,
            data: json!({ "import_id": id }),
            ..changed(&context.company_id, &context.site_id, id, now)
        });
    }
    told.push(changed(&context.company_id, &context.site_id, id, now));
    events::append_all(conn, &told)?;
    Ok(finished)
}

/// Fails every ticked row that has not ended: when the job of an import is given up. Their passwords are erased.
pub fn fail_remaining(conn: &mut DbConn, id: &ImportId, reason: &Reason, now: DateTime<Utc>) -> Result<(), StoreError> {
    lock_import(conn, id)?;
    let Some(context) = find_context(conn, id)? else { return Ok(()) };
    diesel::update(
        import_rows::table
            .filter(import_rows::import_id.eq(id.as_str()))
            .filter(import_rows::state.eq_any([RowState::Waiting.as_str(), RowState::Running.as_str()])),
    )
    .set((
        import_rows::state.eq(RowState::Failed.as_str()),
        import_rows::reason_code.eq(Some(&reason.code)),
        import_rows::reason_message.eq(Some(&reason.message)),
        import_rows::sealed_password.eq(None::<&str>),
        import_rows::sealed_code.eq(None::<&str>),
    ))
    .execute(conn)?;
    end_if_done(conn, id)?;
    note(conn, &context.company_id, &context.site_id, id, now)
}

/// One writer an import at a time: without it two workers that finish the last two rows would each see the other's as
/// unfinished. SQLite has one writer anyway.
pub(super) fn lock_import(conn: &mut DbConn, id: &ImportId) -> Result<(), StoreError> {
    if let DbConn::Postgresql(conn) = conn {
        sql_query("SELECT 1 FROM imports WHERE id = $1 FOR UPDATE").bind::<Text, _>(id.as_str()).execute(conn)?;
    }
    Ok(())
}

fn find_occupant(conn: &mut DbConn, device: &NewDevice) -> Result<Option<Occupant>, StoreError> {
    let company = &device.company_id;
    if let (Some(_), Some(serial)) = (&device.link_id, &device.serial) {
        return devices::find_by_serial(conn, company, serial);
    }
    let given = device.given_port.unwrap_or(device.address.port);
    let on_host = devices::find_by_hosts(conn, company, &[device.address.host.as_str()])?;
    let by_address =
        on_host.into_iter().find(|occupant| occupant.has_port(device.address.port) || occupant.has_port(given));
    match device.identity.as_ref().and_then(|identity| identity.short_serial.as_ref()) {
        Some(serial) if by_address.is_none() => devices::find_by_serial(conn, company, serial),
        _ => Ok(by_address),
    }
}

fn set_added(conn: &mut DbConn, id: &ImportId, index: u32, device: &NewDevice) -> Result<(), StoreError> {
    diesel::update(
        import_rows::table
            .filter(import_rows::import_id.eq(id.as_str()))
            .filter(import_rows::idx.eq(i32::try_from(index).unwrap_or(i32::MAX))),
    )
    .set((
        import_rows::state.eq(RowState::Added.as_str()),
        import_rows::device_id.eq(Some(device.id.as_str())),
        import_rows::found_scheme.eq(Some(device.address.scheme.as_str())),
        import_rows::found_port.eq(Some(i32::from(device.address.port))),
        import_rows::sealed_password.eq(None::<&str>),
        import_rows::sealed_code.eq(None::<&str>),
    ))
    .execute(conn)?;
    Ok(())
}

fn set_occupied(
    conn: &mut DbConn,
    id: &ImportId,
    index: u32,
    occupant: &Occupant,
    this_site: &SiteId,
) -> Result<(), StoreError> {
    let here = occupant.site_id == *this_site;
    let code = if here { "device_on_this_site" } else { "device_on_other_site" };
    // Which other site it is, is told beside it, to those who may know.
    let message = if here { "already on this site" } else { "already on another site of the company" }.to_owned();
    let other = (!here).then_some(&occupant.site_id);
    set_failed(conn, id, index, &Reason { code: code.to_owned(), message }, other)
}

fn set_failed(
    conn: &mut DbConn,
    id: &ImportId,
    index: u32,
    reason: &Reason,
    other_site: Option<&SiteId>,
) -> Result<(), StoreError> {
    diesel::update(
        import_rows::table
            .filter(import_rows::import_id.eq(id.as_str()))
            .filter(import_rows::idx.eq(i32::try_from(index).unwrap_or(i32::MAX))),
    )
    .set((
        import_rows::state.eq(RowState::Failed.as_str()),
        import_rows::reason_code.eq(Some(&reason.code)),
        import_rows::reason_message.eq(Some(&reason.message)),
        import_rows::other_site_id.eq(other_site.map(SiteId::as_str)),
        import_rows::sealed_password.eq(None::<&str>),
        import_rows::sealed_code.eq(None::<&str>),
    ))
    .execute(conn)?;
    Ok(())
}

fn end_if_done(conn: &mut DbConn, id: &ImportId) -> Result<(), StoreError> {
    let left: Option<i32> = import_rows::table
        .select(import_rows::idx)
        .filter(import_rows::import_id.eq(id.as_str()))
        .filter(import_rows::state.eq_any([RowState::Waiting.as_str(), RowState::Running.as_str()]))
        .order(import_rows::idx)
        .limit(1)
        .first(conn)
        .optional()?;
    if left.is_none() {
        diesel::update(
            imports::table.filter(imports::id.eq(id.as_str())).filter(imports::state.eq(ImportState::Running.as_str())),
        )
        .set(imports::state.eq(ImportState::Done.as_str()))
        .execute(conn)?;
    }
    Ok(())
}

fn claimed(row: Claimed) -> Result<ClaimedRow, StoreError> {
    Ok(ClaimedRow {
        index: number(row.idx, "import_rows.idx")?,
        name: row.name,
        host: row.host,
        port: number(row.port, "import_rows.port")?,
        user_name: row.user_name,
        sealed_password: row
            .sealed_password
            .map(SealedText::from_stored)
            .ok_or(StoreError::Unreadable { column: "import_rows.sealed_password" })?,
        serial: read_or_none(row.serial, "import_rows.serial")?,
        sealed_code: row.sealed_code.map(SealedText::from_stored),
    })
}
