//! Who may not sign in any more: everything that would let them go on ends in the same transaction (R-S6, T15).

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::{CompanyId, SessionId, StaffId};

use crate::columns::read;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::panel_passwords::{self, Holder};
use crate::panels;
use crate::schema::staff::dsl;
use crate::schema::{password_resets, sessions};

/// Keeps a person out, and gives the sessions that ended. `Stale`: it is the Installer Admin.
pub fn disable_staff(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &StaffId,
    now: DateTime<Utc>,
) -> Result<Vec<SessionId>, StoreError> {
    super::get_staff(conn, company, id)?;
    panels::touch_staff(conn, company, id, now)?;
    let disabled = diesel::update(dsl::staff.filter(dsl::id.eq(id.as_str())).filter(dsl::is_admin.eq(false)))
        .set(dsl::disabled.eq(true))
        .execute(conn)?;
    if disabled == 0 {
        return Err(StoreError::Stale);
    }
    diesel::delete(password_resets::table.filter(password_resets::staff_id.eq(id.as_str()))).execute(conn)?;
    panel_passwords::erase_of(conn, Holder::Staff(company, id))?;
    end_sessions(conn, id)
}

/// Lets a person in again. A session that slipped in at the instant of the disabling does not come back to life.
pub fn enable_staff(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &StaffId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if super::get_staff(conn, company, id)?.disabled {
        end_sessions(conn, id)?;
        super::set_disabled(conn, id, false)?;
        panels::touch_staff(conn, company, id, now)?;
    }
    Ok(())
}

/// Deletes a person with everything that is theirs alone, and gives the sessions that ended. What they did stays in the
/// logs under their name. `Stale`: it is the Installer Admin.
pub fn delete_staff(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &StaffId,
    now: DateTime<Utc>,
) -> Result<Vec<SessionId>, StoreError> {
    super::get_staff(conn, company, id)?;
    panels::touch_staff(conn, company, id, now)?;
    panel_passwords::erase_of(conn, Holder::Staff(company, id))?;
    let ended = end_sessions(conn, id)?;
    let deleted =
        diesel::delete(dsl::staff.filter(dsl::id.eq(id.as_str())).filter(dsl::is_admin.eq(false))).execute(conn)?;
    if deleted == 0 { Err(StoreError::Stale) } else { Ok(ended) }
}

/// Ends a person's sessions and gives them, so that open streams can be cut.
pub fn end_sessions(conn: &mut DbConn, id: &StaffId) -> Result<Vec<SessionId>, StoreError> {
    let of_person = || sessions::table.filter(sessions::staff_id.eq(id.as_str()));
    let ids: Vec<String> = of_person().select(sessions::id).order(sessions::id).limit(10_000).load(conn)?;
    diesel::delete(of_person()).execute(conn)?;
    ids.into_iter().map(|id| read(id, "sessions.id")).collect()
}
