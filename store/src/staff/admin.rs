//! Handing over the role of the Installer Admin (R-S1).

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::{CompanyId, RoleId, StaffId};

use crate::connection::DbConn;
use crate::error::StoreError;
use crate::panels;
use crate::schema::staff::dsl;

/// Makes `to` the Installer Admin, and `from` a member of staff with a role. Exactly one has the role before and after,
/// also when it is handed over twice at the same instant.
///
/// `Stale`: `from` is not the Admin any more, or `to` may not sign in. `NotFound`: no such colleague or role.
pub fn hand_over_admin(
    conn: &mut DbConn,
    company: &CompanyId,
    from: &StaffId,
    to: &StaffId,
    role: &RoleId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    super::get_staff(conn, company, to)?;
    crate::roles::get_role(conn, company, role)?;
    for person in [from, to] {
        panels::touch_staff(conn, company, person, now)?;
    }
    // Each holds its row until the commit; the second of two who wait for it finds no Admin there any more.
    let given_up = diesel::update(
        dsl::staff
            .filter(dsl::company_id.eq(company.as_str()))
            .filter(dsl::id.eq(from.as_str()))
            .filter(dsl::is_admin.eq(true)),
    )
    .set((dsl::is_admin.eq(false), dsl::role_id.eq(Some(role.as_str()))))
    .execute(conn)?;
    if given_up == 0 {
        return Err(StoreError::Stale);
    }
    let taken = diesel::update(
        dsl::staff
            .filter(dsl::company_id.eq(company.as_str()))
            .filter(dsl::id.eq(to.as_str()))
            .filter(dsl::disabled.eq(false)),
    )
    .set((dsl::is_admin.eq(true), dsl::role_id.eq(None::<&str>)))
    .execute(conn)?;
    if taken == 0 {
        return Err(StoreError::Stale);
    }
    for person in [from, to] {
        panels::touch_staff(conn, company, person, now)?;
    }
    Ok(())
}
