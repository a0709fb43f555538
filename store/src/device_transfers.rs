//! Devices on their way to another owner: confirmed with a code that goes to the owner by mail, then offered to somebody, who
//! takes the device or does not. Whether an address has an account here is told to nobody by it (T13).

mod accepting;
mod listing;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::Text;
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::share::{TRANSFER_CODE_TRIES, TransferState};
use siteward_domain::{DeviceId, DeviceTransferId, EndUserId, SiteId};

use crate::access_log::{self, Actor, NewEntry};
use crate::columns::{micros, read, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::owned_sites;
use crate::owning::{OwnedObject, Owning};
use crate::select::Select;
use crate::sent_codes::{ONE_TRY_LESS, SentCode, Try};
use crate::sites;

pub use accepting::{Accepted, Accepting, Destination, NotAccepted, accept};
pub use listing::{Transfer, find_given, get_offered, list_given, list_received};

/// A transfer to begin.
#[derive(Debug, Clone)]
pub struct NewTransfer {
    /// Its id.
    pub id: DeviceTransferId,
    /// The device.
    pub device_id: DeviceId,
    /// Its owner.
    pub giver_id: EndUserId,
    /// Who is to have it: an e-mail address in lower case.
    pub receiver_login: String,
    /// The hash of the code that the owner gets by mail.
    pub code_hash: String,
    /// Until when that code is good.
    pub code_until: DateTime<Utc>,
}

/// What became of a code that was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "one a request, and taken apart at once")]
pub enum Confirmed {
    /// It was right: the device is offered.
    Offered(Transfer),
    /// It was wrong.
    Wrong {
        /// Tries left.
        left: u32,
    },
    /// It is too late, or was wrong too often: the transfer is void.
    Over,
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = Text)]
    id: String,
}

#[derive(QueryableByName)]
struct LoginRow {
    #[diesel(sql_type = Text)]
    receiver_login: String,
}

#[derive(QueryableByName)]
struct PlaceRow {
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    device_name: String,
    #[diesel(sql_type = Text)]
    state: String,
}

/// Begins a transfer; one of the same device that waits for its code is void by it. `false`: the device is offered to somebody
/// already. [`StoreError::NotFound`] unless it is on a site of the giver's that nobody has suspended.
pub fn create(conn: &mut DbConn, new: &NewTransfer, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let (company, site) = owned_sites::place_of_device(conn, &new.device_id)?;
    sites::hold_site(conn, &company, &site)?;
    let owning = Owning { end_user: new.giver_id.clone() };
    owning.check(conn, &OwnedObject::Device(new.device_id.clone()))?;
    let replaced: Vec<IdRow> = Select::new("UPDATE device_transfers SET state = 'void', answered_at = ")
        .number(micros(now))
        .sql(" WHERE state = 'unconfirmed' AND device_id = ")
        .text(new.device_id.as_str())
        .sql(" RETURNING id")
        .load(conn)?;
    let made = Select::new(
        "INSERT INTO device_transfers (id, device_id, site_id, giver_id, receiver_login, state, code_hash, code_until,
         tries_left, created_at) SELECT ",
    )
    .text(new.id.as_str())
    .sql(", d.id, d.site_id, ")
    .text(new.giver_id.as_str())
    .sql(", ")
    .text(&new.receiver_login)
    .sql(", 'unconfirmed', ")
    .text(&new.code_hash)
    .sql(", ")
    .number(micros(new.code_until))
    .sql(", ")
    .number(TRANSFER_CODE_TRIES)
    .sql(", ")
    .number(micros(now))
    .sql(
        " FROM devices d WHERE NOT EXISTS (SELECT 1 FROM device_transfers o WHERE o.device_id = d.id AND o.state = 'offered')
         AND d.id = ",
    )
    .text(new.device_id.as_str())
    .execute(conn)?;
    for row in replaced {
        tell(conn, &read(row.id, "device_transfers.id")?, &new.giver_id, now)?;
    }
    if made == 1 {
        tell(conn, &new.id, &new.giver_id, now)?;
    }
    Ok(made == 1)
}

/// To whom a transfer of the giver's goes that waits for this code; `None`: there is none, or its code is another.
pub fn login_behind(
    conn: &mut DbConn,
    id: &DeviceTransferId,
    giver: &EndUserId,
    code_hash: &str,
) -> Result<Option<String>, StoreError> {
    let rows: Vec<LoginRow> =
        Select::new("SELECT receiver_login FROM device_transfers WHERE state = 'unconfirmed' AND giver_id = ")
            .text(giver.as_str())
            .sql(" AND code_hash = ")
            .text(code_hash)
            .sql(" AND id = ")
            .text(id.as_str())
            .load(conn)?;
    Ok(rows.into_iter().next().map(|row| row.receiver_login))
}

/// Takes the code of the mail. [`StoreError::NotFound`]: the giver has no transfer of this id that waits for one.
pub fn confirm(
    conn: &mut DbConn,
    id: &DeviceTransferId,
    giver: &EndUserId,
    code_hash: &str,
    now: DateTime<Utc>,
) -> Result<Confirmed, StoreError> {
    let rows: Vec<SentCode> = Select::new("UPDATE device_transfers SET ")
        .sql(ONE_TRY_LESS)
        .sql(" WHERE state = 'unconfirmed' AND giver_id = ")
        .text(giver.as_str())
        .sql(" AND id = ")
        .text(id.as_str())
        .sql(" RETURNING code_hash, code_until, tries_left")
        .load(conn)?;
    let code = rows.into_iter().next().ok_or(StoreError::NotFound)?;
    match code.compare(code_hash, now) {
        Try::Right => {
            Select::new("UPDATE device_transfers SET state = 'offered' WHERE id = ").text(id.as_str()).execute(conn)?;
            tell(conn, id, giver, now)?;
            find_given(conn, giver, id).map(Confirmed::Offered)
        }
        Try::Wrong(left) => Ok(Confirmed::Wrong { left }),
        Try::Over => {
            end(conn, id, TransferState::Void, now)?;
            tell(conn, id, giver, now).map(|()| Confirmed::Over)
        }
    }
}

/// The giver takes a transfer back. [`StoreError::NotFound`]: they have none of this id that waits.
pub fn withdraw(
    conn: &mut DbConn,
    id: &DeviceTransferId,
    giver: &EndUserId,
    now: DateTime<Utc>,
) -> Result<Transfer, StoreError> {
    let transfer = find_given(conn, giver, id)?;
    if !matches!(transfer.state, TransferState::Unconfirmed | TransferState::Offered) {
        return Err(StoreError::NotFound);
    }
    end(conn, id, TransferState::Withdrawn, now)?;
    tell(conn, id, giver, now)?;
    Ok(transfer)
}

/// Whoever it is offered to does not want it. [`StoreError::NotFound`]: nothing of this id is offered to them.
pub fn refuse(
    conn: &mut DbConn,
    id: &DeviceTransferId,
    receiver: &EndUserId,
    now: DateTime<Utc>,
) -> Result<Transfer, StoreError> {
    let transfer = get_offered(conn, receiver, id)?;
    claim(conn, id, receiver)?;
    end(conn, id, TransferState::Refused, now)?;
    tell(conn, id, receiver, now)?;
    Ok(transfer)
}

/// Whoever answers is the receiver from then on, whatever becomes of the address that was written.
fn claim(conn: &mut DbConn, id: &DeviceTransferId, receiver: &EndUserId) -> Result<(), StoreError> {
    let claimed = Select::new("UPDATE device_transfers SET receiver_id = ")
        .text(receiver.as_str())
        .sql(" WHERE state = 'offered' AND id = ")
        .text(id.as_str())
        .execute(conn)?;
    if claimed == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// Ends a transfer that waits. Of two who end it at the same instant one finds it ended.
fn end(conn: &mut DbConn, id: &DeviceTransferId, state: TransferState, now: DateTime<Utc>) -> Result<(), StoreError> {
    let ended = Select::new("UPDATE device_transfers SET state = ")
        .text(state.as_str())
        .sql(", answered_at = ")
        .number(micros(now))
        .sql(" WHERE state IN ('unconfirmed', 'offered') AND id = ")
        .text(id.as_str())
        .execute(conn)?;
    if ended == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// Tells whoever gives and whoever is to have it that a transfer changed, and writes it into the log of the site that it leaves: into that with
/// its acceptance, which the logs of both sites have, comes nothing. It comes last in a transaction.
fn tell(conn: &mut DbConn, id: &DeviceTransferId, by: &EndUserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let rows: Vec<PlaceRow> = Select::new(
        "SELECT s.company_id, t.site_id, t.device_id, d.name AS device_name, t.state FROM device_transfers t
         JOIN sites s ON s.id = t.site_id JOIN devices d ON d.id = t.device_id WHERE t.id = ",
    )
    .text(id.as_str())
    .load(conn)?;
    let Some(row) = rows.into_iter().next() else { return Ok(()) };
    let site: SiteId = read(row.site_id, "device_transfers.site_id")?;
    let device: DeviceId = read(row.device_id, "device_transfers.device_id")?;
    let action = match word(TransferState::from_stored(&row.state), "device_transfers.state")? {
        TransferState::Unconfirmed => Some("device_transfer_begun"),
        TransferState::Offered => Some("device_transfer_offered"),
        TransferState::Refused => Some("device_transfer_refused"),
        TransferState::Withdrawn => Some("device_transfer_withdrawn"),
        TransferState::Void => Some("device_transfer_void"),
        TransferState::Accepted => None,
    };
    if let Some(action) = action {
        let entry = NewEntry {
            site_id: site.clone(),
            actor: Actor::EndUser(by.clone()),
            company: None,
            action,
            device: Some((device.clone(), row.device_name)),
            detail: json!({}),
        };
        access_log::append_if_owned(conn, &entry, now)?;
    }
    let event = NewEvent {
        company_id: read(row.company_id, "sites.company_id")?,
        site_id: Some(site),
        device_id: None,
        kind: EventKind::SharesChanged,
        actor: format!("end_user:{by}"),
        at: now,
        data: json!({ "device_transfer_id": id, "device_id": device, "state": row.state }),
    };
    events::append(conn, &event)
}

#[cfg(test)]
mod tests;
