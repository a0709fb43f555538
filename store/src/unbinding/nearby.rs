//! What a serial is to an end user: theirs, shared with them, or somebody's of whom nothing is told.

use diesel::QueryableByName;
use diesel::sql_types::Text;
use siteward_domain::{DeviceId, EndUserId, SerialNumber};

use crate::columns::read;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// What a serial is to an end user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Their device, on a site of theirs.
    Yours(DeviceId),
    /// Somebody shares of it with them.
    SharedWithYou(DeviceId),
    /// An account of this server has it. Which one is not told.
    SomebodyElses,
    /// No account of this server has it.
    Nobodys,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = Text)]
    id: String,
}

/// What a serial is to an end user.
pub fn standing(conn: &mut DbConn, end_user: &EndUserId, serial: &SerialNumber) -> Result<Standing, StoreError> {
    let yours = Select::new(
        "SELECT d.id FROM sites s JOIN devices d ON d.site_id = s.id WHERE s.closing_at IS NULL AND s.owner_id = ",
    )
    .text(end_user.as_str());
    if let Some(id) = first(conn, yours, serial)? {
        return Ok(Standing::Yours(id));
    }
    let shared = Select::new(
        "SELECT d.id FROM shares h JOIN share_channels c ON c.share_id = h.id JOIN devices d ON d.id = c.device_id
         WHERE h.ended_at IS NULL AND h.receiver_id = ",
    )
    .text(end_user.as_str());
    if let Some(id) = first(conn, shared, serial)? {
        return Ok(Standing::SharedWithYou(id));
    }
    let bound: Vec<Id> =
        Select::new("SELECT device_id AS id FROM bindings WHERE serial = ").text(serial.as_str()).load(conn)?;
    Ok(if bound.is_empty() { Standing::Nobodys } else { Standing::SomebodyElses })
}

fn first(conn: &mut DbConn, query: Select, serial: &SerialNumber) -> Result<Option<DeviceId>, StoreError> {
    let rows: Vec<Id> = query.sql(" AND d.serial = ").text(serial.as_str()).sql(" ORDER BY d.id LIMIT 1").load(conn)?;
    rows.into_iter().next().map(|row| read(row.id, "devices.id")).transpose()
}
