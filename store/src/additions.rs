//! Additions: one run of the add wizard for one serial, kept so that it survives a restart (R-D4 to R-D9).
//!
//! What a person gave waits here sealed and is erased when the device is added, the addition is given up, or an hour
//! passed without anybody. Who gets a serial that two want at the same instant is decided by its binding (T24).

mod ending;
mod upgrading;

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde_json::json;
use siteward_domain::add_state::{ADDITION_SECONDS, AddState, CodeCheck, LoginKnown};
use siteward_domain::event::EventKind;
use siteward_domain::{AdditionId, CompanyId, DeviceId, SerialNumber, SiteId, StaffId};

use crate::columns::{micros, read, read_or_none, time, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::imports::Reason;
use crate::schema::additions::dsl;
use crate::vault::{Place, SealedText};

pub use ending::{Finish, delete, expire, finish};
pub use upgrading::{ask_for_upgrade, note_no_upgrade, wants_upgrade};

/// Most open additions of a site that are listed.
const MOST_LISTED: i64 = 1000;

/// An addition to begin.
#[derive(Debug, Clone)]
pub struct NewAddition {
    /// Its id.
    pub id: AdditionId,
    /// The company.
    pub company_id: CompanyId,
    /// The site that the device is added to.
    pub site_id: SiteId,
    /// Who adds.
    pub staff_id: StaffId,
    /// The serial.
    pub serial: SerialNumber,
    /// The name for the device, may be empty.
    pub name: String,
    /// The user name on the device.
    pub user_name: String,
    /// The password, sealed for [`password_place`] of this id.
    pub sealed_password: Option<SealedText>,
    /// The verification code, sealed for [`code_place`] of this id.
    pub sealed_code: Option<SealedText>,
    /// Whether it waits for a person when it is ready, rather than adding at once.
    pub hold: bool,
}

/// An addition. Its secrets are only for those who talk to the device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// Its id.
    pub id: AdditionId,
    /// The company.
    pub company_id: CompanyId,
    /// The site that the device is added to.
    pub site_id: SiteId,
    /// Who adds.
    pub staff_id: StaffId,
    /// The serial.
    pub serial: SerialNumber,
    /// The name for the device, may be empty.
    pub name: String,
    /// Where it stands.
    pub state: AddState,
    /// More about why.
    pub reason: Option<Reason>,
    /// The user name on the device.
    pub user_name: String,
    /// The password, sealed for [`password_place`].
    pub sealed_password: Option<SealedText>,
    /// The verification code, sealed for [`code_place`].
    pub sealed_code: Option<SealedText>,
    /// What is known of user name and password.
    pub login: LoginKnown,
    /// What is known of the verification code.
    pub code_check: CodeCheck,
    /// Whether it waits for a person when it is ready.
    pub hold: bool,
    /// The other site of the company that has the device.
    pub other_site_id: Option<SiteId>,
    /// The device: that was added, or that the company has already.
    pub device_id: Option<DeviceId>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it is forgotten unless it changes.
    pub expires_at: DateTime<Utc>,
}

/// What to change of an addition; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct AdditionChange {
    /// The name for the device.
    pub name: Option<String>,
    /// Where it stands.
    pub state: Option<AddState>,
    /// Why; `Some(None)` takes it away.
    pub reason: Option<Option<Reason>>,
    /// The user name.
    pub user_name: Option<String>,
    /// The password, sealed; `Some(None)` erases it.
    pub sealed_password: Option<Option<SealedText>>,
    /// The verification code, sealed; `Some(None)` erases it.
    pub sealed_code: Option<Option<SealedText>>,
    /// What is known of user name and password.
    pub login: Option<LoginKnown>,
    /// What is known of the verification code.
    pub code_check: Option<CodeCheck>,
    /// Whether it waits for a person when it is ready.
    pub hold: Option<bool>,
    /// The other site of the company that has the device.
    pub other_site_id: Option<Option<SiteId>>,
    /// The device that the company has already.
    pub device_id: Option<Option<DeviceId>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = crate::schema::additions)]
struct Row {
    id: String,
    company_id: String,
    site_id: String,
    staff_id: String,
    serial: String,
    name: String,
    state: String,
    reason_code: Option<String>,
    reason_message: Option<String>,
    user_name: String,
    sealed_password: Option<String>,
    sealed_code: Option<String>,
    login: String,
    code_check: String,
    hold: bool,
    other_site_id: Option<String>,
    device_id: Option<String>,
    created_at: i64,
    updated_at: i64,
    expires_at: i64,
}

/// The place of an addition's password in the vault.
pub fn password_place<'a>(company: &'a CompanyId, id: &'a AdditionId) -> Place<'a> {
    Place { table: "additions", column: "sealed_password", row: id.as_str(), company: company.as_str() }
}

/// The place of an addition's verification code in the vault.
pub fn code_place<'a>(company: &'a CompanyId, id: &'a AdditionId) -> Place<'a> {
    Place { table: "additions", column: "sealed_code", row: id.as_str(), company: company.as_str() }
}

/// The open addition of a serial by the same person on the same site: a second scan of a label goes on with it.
pub fn find_open(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    staff: &StaffId,
    serial: &SerialNumber,
    now: DateTime<Utc>,
) -> Result<Option<Addition>, StoreError> {
    let row: Option<Row> = dsl::additions
        .select(Row::as_select())
        .filter(dsl::company_id.eq(company.as_str()))
        .filter(dsl::serial.eq(serial.as_str()))
        .filter(dsl::site_id.eq(site.as_str()))
        .filter(dsl::staff_id.eq(staff.as_str()))
        .filter(dsl::state.ne(AddState::Added.as_str()))
        .filter(dsl::expires_at.gt(micros(now)))
        .order(dsl::id.desc())
        .first(conn)
        .optional()?;
    row.map(addition).transpose()
}

/// Begins an addition, in the state *unknown*, or gives the open one of [`find_open`] as it stands: then the secrets of
/// `new` were sealed for another id and are not kept, seal them again and [`update`] it.
/// [`StoreError::NotFound`] when the company has no such site.
pub fn create(conn: &mut DbConn, new: &NewAddition, now: DateTime<Utc>) -> Result<Addition, StoreError> {
    let open = find_open(conn, &new.company_id, &new.site_id, &new.staff_id, &new.serial, now)?;
    if let Some(open) = open {
        return Ok(open);
    }
    let login = if new.sealed_password.is_some() { LoginKnown::Given } else { LoginKnown::None };
    let code = if new.sealed_code.is_some() { CodeCheck::NotChecked } else { CodeCheck::NotGiven };
    diesel::insert_into(dsl::additions)
        .values((
            dsl::id.eq(new.id.as_str()),
            dsl::company_id.eq(new.company_id.as_str()),
            dsl::site_id.eq(new.site_id.as_str()),
            dsl::staff_id.eq(new.staff_id.as_str()),
            dsl::serial.eq(new.serial.as_str()),
            dsl::name.eq(&new.name),
            dsl::state.eq(AddState::Unknown.as_str()),
            dsl::user_name.eq(&new.user_name),
            dsl::sealed_password.eq(new.sealed_password.as_ref().map(SealedText::as_str)),
            dsl::sealed_code.eq(new.sealed_code.as_ref().map(SealedText::as_str)),
            dsl::login.eq(login.as_str()),
            dsl::code_check.eq(code.as_str()),
            dsl::hold.eq(new.hold),
            dsl::created_at.eq(micros(now)),
            dsl::updated_at.eq(micros(now)),
            dsl::expires_at.eq(micros(now + Duration::seconds(ADDITION_SECONDS))),
        ))
        .execute(conn)?;
    let addition = get(conn, &new.company_id, &new.id)?;
    events::append(conn, &event(&addition, now))?;
    Ok(addition)
}

/// One addition of a company; another company's is not found.
pub fn get(conn: &mut DbConn, company: &CompanyId, id: &AdditionId) -> Result<Addition, StoreError> {
    let row: Row = dsl::additions.select(Row::as_select()).filter(of(company, id)).first(conn)?;
    addition(row)
}

/// The company of an addition, for a job that knows its id alone; `None` when it is gone.
pub fn find_company(conn: &mut DbConn, id: &AdditionId) -> Result<Option<CompanyId>, StoreError> {
    let company: Option<String> =
        dsl::additions.select(dsl::company_id).filter(dsl::id.eq(id.as_str())).first(conn).optional()?;
    read_or_none(company, "additions.company_id")
}

/// The additions of a site that have not ended, oldest first, at most 1,000.
pub fn list_for_site(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    now: DateTime<Utc>,
) -> Result<Vec<Addition>, StoreError> {
    let rows: Vec<Row> = dsl::additions
        .select(Row::as_select())
        .filter(dsl::company_id.eq(company.as_str()))
        .filter(dsl::site_id.eq(site.as_str()))
        .filter(dsl::state.ne(AddState::Added.as_str()))
        .filter(dsl::expires_at.gt(micros(now)))
        .order(dsl::id)
        .limit(MOST_LISTED)
        .load(conn)?;
    rows.into_iter().map(addition).collect()
}

/// Changes an addition, gives it another hour, and gives it as it now is. Tells of it when its state or reason changed.
/// [`StoreError::Stale`] when it is added: that is changed by nobody any more.
pub fn update(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &AdditionId,
    change: &AdditionChange,
    now: DateTime<Utc>,
) -> Result<Addition, StoreError> {
    lock(conn, id)?;
    let before = get(conn, company, id)?;
    if before.state.has_ended() {
        return Err(StoreError::Stale);
    }
    let mut after = before.clone();
    let set = |field: &mut String, value: &Option<String>| {
        if let Some(value) = value {
            field.clone_from(value);
        }
    };
    set(&mut after.name, &change.name);
    set(&mut after.user_name, &change.user_name);
    after.state = change.state.unwrap_or(before.state);
    after.login = change.login.unwrap_or(before.login);
    after.code_check = change.code_check.unwrap_or(before.code_check);
    after.hold = change.hold.unwrap_or(before.hold);
    after.reason = change.reason.clone().unwrap_or(after.reason);
    after.sealed_password = change.sealed_password.clone().unwrap_or(after.sealed_password);
    after.sealed_code = change.sealed_code.clone().unwrap_or(after.sealed_code);
    after.other_site_id = change.other_site_id.clone().unwrap_or(after.other_site_id);
    after.device_id = change.device_id.clone().unwrap_or(after.device_id);
    after.updated_at = now;
    after.expires_at = now + Duration::seconds(ADDITION_SECONDS);
    write(conn, &after)?;
    if (after.state, &after.reason) != (before.state, &before.reason) {
        events::append(conn, &event(&after, now))?;
    }
    get(conn, company, id)
}

fn write(conn: &mut DbConn, now: &Addition) -> Result<(), StoreError> {
    diesel::update(dsl::additions.filter(of(&now.company_id, &now.id)))
        .set((
            dsl::name.eq(&now.name),
            dsl::state.eq(now.state.as_str()),
            dsl::reason_code.eq(now.reason.as_ref().map(|reason| reason.code.as_str())),
            dsl::reason_message.eq(now.reason.as_ref().map(|reason| reason.message.as_str())),
            dsl::user_name.eq(&now.user_name),
            dsl::sealed_password.eq(now.sealed_password.as_ref().map(SealedText::as_str)),
            dsl::sealed_code.eq(now.sealed_code.as_ref().map(SealedText::as_str)),
            dsl::login.eq(now.login.as_str()),
            dsl::code_check.eq(now.code_check.as_str()),
            dsl::hold.eq(now.hold),
            dsl::other_site_id.eq(now.other_site_id.as_ref().map(SiteId::as_str)),
            dsl::device_id.eq(now.device_id.as_ref().map(DeviceId::as_str)),
            dsl::updated_at.eq(micros(now.updated_at)),
            dsl::expires_at.eq(micros(now.expires_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// One writer an addition at a time on PostgreSQL.
fn lock(conn: &mut DbConn, id: &AdditionId) -> Result<(), StoreError> {
    if let DbConn::Postgresql(conn) = conn {
        diesel::sql_query("SELECT 1 FROM additions WHERE id = $1 FOR UPDATE")
            .bind::<diesel::sql_types::Text, _>(id.as_str())
            .execute(conn)?;
    }
    Ok(())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of<'a>(company: &'a CompanyId, id: &'a AdditionId) -> _ {
    let (company, id): (&'a str, &'a str) = (company.as_str(), id.as_str());
    dsl::company_id.eq(company).and(dsl::id.eq(id))
}

fn event(addition: &Addition, now: DateTime<Utc>) -> NewEvent {
    NewEvent {
        company_id: addition.company_id.clone(),
        site_id: Some(addition.site_id.clone()),
        device_id: None,
        kind: EventKind::AdditionChanged,
        actor: "adding".to_owned(),
        at: now,
        data: json!({ "addition_id": addition.id, "serial": addition.serial, "state": addition.state }),
    }
}

fn addition(row: Row) -> Result<Addition, StoreError> {
    Ok(Addition {
        id: read(row.id, "additions.id")?,
        company_id: read(row.company_id, "additions.company_id")?,
        site_id: read(row.site_id, "additions.site_id")?,
        staff_id: read(row.staff_id, "additions.staff_id")?,
        serial: read(row.serial, "additions.serial")?,
        name: row.name,
        state: word(AddState::from_stored(&row.state), "additions.state")?,
        reason: row.reason_code.map(|code| Reason { code, message: row.reason_message.unwrap_or_default() }),
        user_name: row.user_name,
        sealed_password: row.sealed_password.map(SealedText::from_stored),
        sealed_code: row.sealed_code.map(SealedText::from_stored),
        login: word(LoginKnown::from_stored(&row.login), "additions.login")?,
        code_check: word(CodeCheck::from_stored(&row.code_check), "additions.code_check")?,
        hold: row.hold,
        other_site_id: read_or_none(row.other_site_id, "additions.other_site_id")?,
        device_id: read_or_none(row.device_id, "additions.device_id")?,
        created_at: time(row.created_at)?,
        updated_at: time(row.updated_at)?,
        expires_at: time(row.expires_at)?,
    })
}

#[cfg(test)]
mod tests;
