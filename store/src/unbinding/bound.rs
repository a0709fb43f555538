//! The device that an account has of a serial, whosever it is: for the platform's own look at it, never for who unbinds it.

use diesel::QueryableByName;
use diesel::sql_types::Text;
use siteward_domain::SerialNumber;

use crate::columns::read;
use crate::connection::DbConn;
use crate::devices::{self, Device};
use crate::error::StoreError;
use crate::select::Select;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    device_id: String,
}

/// The device that has a serial on this server; `None`: nobody here has it.
pub fn bound(conn: &mut DbConn, serial: &SerialNumber) -> Result<Option<Device>, StoreError> {
    let rows: Vec<Row> =
        Select::new("SELECT company_id, device_id FROM bindings WHERE serial = ").text(serial.as_str()).load(conn)?;
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    let (company, id) = (read(row.company_id, "bindings.company_id")?, read(row.device_id, "bindings.device_id")?);
    devices::get_device(conn, &company, &id).map(Some)
}
