//! Additions of devices whose firmware is too old, and that are upgraded as soon as they are added: both is one action (R-O2).

use diesel::QueryableByName;
use diesel::sql_types::Bool;
use siteward_domain::{AdditionId, CompanyId};

use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Bool)]
    upgrade: bool,
}

/// Has a device added although its firmware is too old, and upgraded then.
pub fn ask_for_upgrade(conn: &mut DbConn, company: &CompanyId, id: &AdditionId) -> Result<(), StoreError> {
    let changed = Select::new("UPDATE additions SET upgrade = TRUE WHERE company_id = ")
        .text(company.as_str())
        .sql(" AND id = ")
        .text(id.as_str())
        .execute(conn)?;
    if changed == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Whether the device is upgraded as soon as it is added. Of an addition that is gone, no.
pub fn wants_upgrade(conn: &mut DbConn, id: &AdditionId) -> Result<bool, StoreError> {
    let rows: Vec<Row> = Select::new("SELECT upgrade FROM additions WHERE id = ").text(id.as_str()).load(conn)?;
    Ok(rows.first().is_some_and(|row| row.upgrade))
}

/// Notes why the upgrade of a device that was just added did not begin.
pub fn note_no_upgrade(conn: &mut DbConn, id: &AdditionId, code: &str, message: &str) -> Result<(), StoreError> {
    Select::new("UPDATE additions SET reason_code = ")
        .text(code)
        .sql(", reason_message = ")
        .text(message)
        .sql(" WHERE id = ")
        .text(id.as_str())
        .execute(conn)?;
    Ok(())
}
