//! Bindings: which account has a device behind a link (R-D8). One serial belongs to one account of this server at a
//! time; the primary key decides when two want it at the same instant (T24).

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::Text;
use siteward_domain::add_state::Whose;
use siteward_domain::{CompanyId, DeviceId, SerialNumber, SiteId};

use crate::columns::micros;
use crate::connection::DbConn;
use crate::devices::{self, NewDevice, Occupant};
use crate::error::StoreError;
use crate::select::Select;

/// Who has a serial. Of another account nothing more is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// The company that asks: its device, behind a link or not.
    Own(Occupant),
    /// Another account.
    SomeoneElse,
}

impl Bound {
    /// The same as seen from a site.
    pub fn whose(&self, site: &SiteId) -> Whose {
        match self {
            Self::Own(occupant) if occupant.site_id == *site => Whose::ThisSite,
            Self::Own(_) => Whose::OtherSite,
            Self::SomeoneElse => Whose::SomeoneElses,
        }
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    company_id: String,
}

/// Who has a serial, as far as `company` may know. A device of the company without a link counts as its own; that of
/// another company does not count: only devices behind links are bound.
pub fn whose(conn: &mut DbConn, company: &CompanyId, serial: &SerialNumber) -> Result<Option<Bound>, StoreError> {
    if let Some(occupant) = devices::find_by_serial(conn, company, serial)? {
        return Ok(Some(Bound::Own(occupant)));
    }
    let rows: Vec<Row> =
        Select::new("SELECT company_id FROM bindings WHERE serial = ").text(serial.as_str()).load(conn)?;
    Ok(rows.into_iter().find(|row| row.company_id != company.as_str()).map(|_| Bound::SomeoneElse))
}

/// Takes the serial of a device that is about to be added in this transaction; `false` when somebody has it. Another
/// transaction that takes the same one at the same instant waits for this one to end.
pub(crate) fn claim(conn: &mut DbConn, new: &NewDevice, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let serial =
        new.serial.as_ref().ok_or_else(|| StoreError::Refused("a device behind a link has a serial".into()))?;
    let taken = Select::new("INSERT INTO bindings (serial, company_id, device_id, bound_at, owner_id) VALUES (")
        .text(serial.as_str())
        .sql(", ")
        .text(new.company_id.as_str())
        .sql(", ")
        .text(new.id.as_str())
        .sql(", ")
        .number(micros(now))
        // On a site that has an owner the primary account is theirs from the beginning.
        .sql(", (SELECT owner_id FROM sites WHERE id = ")
        .text(new.site_id.as_str())
        .sql(")) ON CONFLICT (serial) DO NOTHING")
        .execute(conn)?;
    Ok(taken == 1)
}

/// A device was moved: its primary account is that of the owner of the site that it is on now, if that has one.
pub(crate) fn follow_move(conn: &mut DbConn, device: &DeviceId, to_site: &SiteId) -> Result<(), StoreError> {
    Select::new("UPDATE bindings SET owner_id = (SELECT owner_id FROM sites WHERE id = ")
        .text(to_site.as_str())
        .sql(") WHERE device_id = ")
        .text(device.as_str())
        .execute(conn)?;
    Ok(())
}
