//! Changes of devices' passwords (R-O9). The new one is kept, sealed, before a device is asked, and until it is known
//! which of the two the device has: a crash in the middle loses neither.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::password_change::PasswordChangeState;
use siteward_domain::{CompanyId, DeviceId, SiteId};

use crate::changes;
use crate::columns::{micros, read, time, word};
use crate::connection::DbConn;
use crate::devices::get_device;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::schema::devices;
use crate::schema::password_changes::dsl;
use crate::select::Select;
use crate::vault::{Place, SealedText};

/// A change of a device's password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordChange {
    /// The device.
    pub device_id: DeviceId,
    /// Where it stands.
    pub state: PasswordChangeState,
    /// Why it failed.
    pub reason_code: Option<String>,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// When it last went on.
    pub updated_at: DateTime<Utc>,
}

/// A change that a worker tries now.
#[derive(Debug, Clone)]
pub struct ClaimedChange {
    /// The company.
    pub company_id: CompanyId,
    /// The new password, sealed for [`new_password_place`].
    pub sealed_new: SealedText,
    /// Whether somebody tried before, and may have got as far as the device.
    pub tried_before: bool,
}

type Row = (String, String, Option<String>, i64, i64);

/// The place of a device's new password in the vault.
pub fn new_password_place<'a>(company: &'a CompanyId, device: &'a DeviceId) -> Place<'a> {
    Place { table: "password_changes", column: "sealed_new", row: device.as_str(), company: company.as_str() }
}

/// Asks for a change. [`StoreError::Duplicate`] (`password_change`) while an earlier one waits or runs, or failed without
/// its being known which password the device has; [`StoreError::NotFound`] when the company has no such device.
pub fn request(
    conn: &mut DbConn,
    company: &CompanyId,
    device: &DeviceId,
    sealed_new: &SealedText,
    now: DateTime<Utc>,
) -> Result<PasswordChange, StoreError> {
    get_device(conn, company, device)?;
    let written = Select::new(
        "INSERT INTO password_changes (device_id, company_id, sealed_new, state, requested_at, updated_at) VALUES (",
    )
    .text(device.as_str())
    .sql(", ")
    .text(company.as_str())
    .sql(", ")
    .text(sealed_new.as_str())
    .sql(", 'waiting', ")
    .number(micros(now))
    .sql(", ")
    .number(micros(now))
    .sql(
        ") ON CONFLICT (device_id) DO UPDATE SET sealed_new = excluded.sealed_new, state = excluded.state,
                 reason_code = NULL, requested_at = excluded.requested_at, updated_at = excluded.updated_at
                 WHERE password_changes.sealed_new IS NULL",
    )
    .execute(conn)?;
    if written == 0 {
        return Err(StoreError::Duplicate { what: "password_change" });
    }
    find(conn, company, device)?.ok_or(StoreError::NotFound)
}

/// Tries a failed change once more with the same new password. [`StoreError::Stale`] when there is nothing to try.
pub fn retry(
    conn: &mut DbConn,
    company: &CompanyId,
    device: &DeviceId,
    now: DateTime<Utc>,
) -> Result<PasswordChange, StoreError> {
    let changed = diesel::update(
        dsl::password_changes
            .filter(of(company, device))
            .filter(dsl::state.eq(PasswordChangeState::Failed.as_str()))
            .filter(dsl::sealed_new.is_not_null()),
    )
    .set((dsl::state.eq(PasswordChangeState::Waiting.as_str()), dsl::updated_at.eq(micros(now))))
    .execute(conn)?;
    if changed == 0 { Err(StoreError::Stale) } else { find(conn, company, device)?.ok_or(StoreError::NotFound) }
}

/// The last change of a device's password, where one is remembered.
pub fn find(conn: &mut DbConn, company: &CompanyId, device: &DeviceId) -> Result<Option<PasswordChange>, StoreError> {
    let row: Option<Row> = dsl::password_changes
        .select((dsl::device_id, dsl::state, dsl::reason_code, dsl::requested_at, dsl::updated_at))
        .filter(of(company, device))
        .first(conn)
        .optional()?;
    row.map(change).transpose()
}

/// The changes on a site, by device, at most 1,000.
pub fn list_for_site(conn: &mut DbConn, company: &CompanyId, site: &SiteId) -> Result<Vec<PasswordChange>, StoreError> {
    let rows: Vec<Row> = dsl::password_changes
        .inner_join(devices::table.on(devices::id.eq(dsl::device_id)))
        .select((dsl::device_id, dsl::state, dsl::reason_code, dsl::requested_at, dsl::updated_at))
        .filter(dsl::company_id.eq(company.as_str()))
        .filter(devices::site_id.eq(site.as_str()))
        .order(dsl::device_id)
        .limit(1000)
        .load(conn)?;
    rows.into_iter().map(change).collect()
}

/// Takes a change to try it: one that waits, or one that somebody was trying who is gone: a job's lease says so.
/// `None`: there is nothing to do.
pub fn claim(conn: &mut DbConn, device: &DeviceId, now: DateTime<Utc>) -> Result<Option<ClaimedChange>, StoreError> {
    let open = || {
        dsl::password_changes
            .filter(dsl::device_id.eq(device.as_str()))
            .filter(dsl::state.eq_any([PasswordChangeState::Waiting.as_str(), PasswordChangeState::Running.as_str()]))
    };
    let row: Option<(String, Option<String>, String, i64, i64)> = open()
        .select((dsl::company_id, dsl::sealed_new, dsl::state, dsl::requested_at, dsl::updated_at))
        .first(conn)
        .optional()?;
    let Some((company, Some(sealed), _, requested_at, updated_at)) = row else { return Ok(None) };
    diesel::update(open())
        .set((
            dsl::state.eq(PasswordChangeState::Running.as_str()),
            // Later than it was asked for: that is how the next one knows that somebody tried.
            dsl::updated_at.eq(micros(now).max(requested_at + 1)),
        ))
        .execute(conn)?;
    Ok(Some(ClaimedChange {
        company_id: read(company, "password_changes.company_id")?,
        sealed_new: SealedText::from_stored(sealed),
        tried_before: updated_at > requested_at,
    }))
}

/// The try that [`claim`] gave surely did not get as far as the device: the next one need not try the new password first,
/// which the device would refuse.
pub fn note_untouched(conn: &mut DbConn, company: &CompanyId, device: &DeviceId) -> Result<(), StoreError> {
    diesel::update(
        dsl::password_changes.filter(of(company, device)).filter(dsl::state.eq(PasswordChangeState::Running.as_str())),
    )
    .set(dsl::updated_at.eq(dsl::requested_at))
    .execute(conn)?;
    Ok(())
}

/// The device has the new password, tried: it is the device's from now on, the old one is forgotten, pollers and readers
/// of events are told. `sealed_password` is the new one, sealed for `devices::password_place`. Repeating it does nothing.
pub fn finish(
    conn: &mut DbConn,
    company: &CompanyId,
    device: &DeviceId,
    sealed_password: &SealedText,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let ended = diesel::update(
        dsl::password_changes.filter(of(company, device)).filter(dsl::state.eq(PasswordChangeState::Running.as_str())),
    )
    .set((
        dsl::state.eq(PasswordChangeState::Done.as_str()),
        dsl::sealed_new.eq(None::<&str>),
        dsl::reason_code.eq(None::<&str>),
        dsl::updated_at.eq(micros(now)),
    ))
    .execute(conn)?;
    if ended == 0 {
        return Ok(());
    }
    diesel::update(
        devices::table.filter(devices::company_id.eq(company.as_str())).filter(devices::id.eq(device.as_str())),
    )
    .set((
        devices::sealed_password.eq(sealed_password.as_str()),
        devices::credential_version.eq(devices::credential_version + 1),
        devices::config_version.eq(devices::config_version + 1),
        devices::breaker.eq(None::<&str>),
        devices::breaker_until.eq(None::<i64>),
        devices::breaker_credential.eq(None::<i32>),
    ))
    .execute(conn)?;
    let site = get_device(conn, company, device)?.site_id;
    changes::note_device(conn, device, now)?;
    events::append(conn, &event(company, &site, device, EventKind::DevicePasswordChanged, now))
}

/// The change failed. `keep_new`: it is not known which of the two passwords the device has, so the new one is kept for
/// another try ([`retry`]); otherwise it is forgotten. A change that has ended stays as it is.
pub fn fail(
    conn: &mut DbConn,
    company: &CompanyId,
    device: &DeviceId,
    reason_code: &str,
    keep_new: bool,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let this = || {
        dsl::password_changes
            .filter(of(company, device))
            .filter(dsl::state.eq_any([PasswordChangeState::Waiting.as_str(), PasswordChangeState::Running.as_str()]))
    };
    let set = (
        dsl::state.eq(PasswordChangeState::Failed.as_str()),
        dsl::reason_code.eq(Some(reason_code)),
        dsl::updated_at.eq(micros(now)),
    );
    let failed = if keep_new {
        diesel::update(this()).set(set).execute(conn)?
    } else {
        diesel::update(this()).set((set, dsl::sealed_new.eq(None::<&str>))).execute(conn)?
    };
    if failed == 0 {
        return Ok(());
    }
    let site = get_device(conn, company, device)?.site_id;
    events::append(conn, &event(company, &site, device, EventKind::DeviceUpdated, now))
}

/// Forgets changes that ended before `before` and whose outcome is known; gives how many.
pub fn prune(conn: &mut DbConn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(
        dsl::password_changes
            .filter(dsl::state.eq_any([PasswordChangeState::Done.as_str(), PasswordChangeState::Failed.as_str()]))
            .filter(dsl::sealed_new.is_null())
            .filter(dsl::updated_at.lt(micros(before))),
    )
    .execute(conn)?)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of<'a>(company: &'a CompanyId, device: &'a DeviceId) -> _ {
    let (company, device): (&'a str, &'a str) = (company.as_str(), device.as_str());
    dsl::company_id.eq(company).and(dsl::device_id.eq(device))
}

fn event(company: &CompanyId, site: &SiteId, device: &DeviceId, kind: EventKind, now: DateTime<Utc>) -> NewEvent {
    NewEvent {
        company_id: company.clone(),
        site_id: Some(site.clone()),
        device_id: Some(device.clone()),
        kind,
        actor: "system".to_owned(),
        at: now,
        data: json!({}),
    }
}

fn change((device_id, state, reason_code, requested_at, updated_at): Row) -> Result<PasswordChange, StoreError> {
    Ok(PasswordChange {
        device_id: read(device_id, "password_changes.device_id")?,
        state: word(PasswordChangeState::from_stored(&state), "password_changes.state")?,
        reason_code,
        requested_at: time(requested_at)?,
        updated_at: time(updated_at)?,
    })
}

#[cfg(test)]
mod tests;
