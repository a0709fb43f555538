//! Reading transfers: those that somebody began, and those that wait for somebody's answer.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use siteward_domain::share::TransferState;
use siteward_domain::{DeviceId, DeviceTransferId, EndUserId, SerialNumber, SiteId};

use crate::columns::{read, read_or_none, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Most transfers of a list.
const MOST: i64 = 100;

/// A transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Its id.
    pub id: DeviceTransferId,
    /// The device; once it was accepted, the one that the receiver has.
    pub device_id: DeviceId,
    /// Its name; may be empty.
    pub device_name: String,
    /// Its model; may be empty.
    pub model: String,
    /// Its serial number.
    pub serial: Option<SerialNumber>,
    /// The site that it is given away from.
    pub site_id: SiteId,
    /// Its owner, or former one.
    pub giver_id: EndUserId,
    /// The name of that.
    pub giver_name: String,
    /// Who is to have it, as the giver wrote it.
    pub receiver_login: String,
    /// What became of it.
    pub state: TransferState,
    /// Whether the one who reads it is of another region than the giver.
    pub region_differs: bool,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// Until when its code is good.
    pub code_until: DateTime<Utc>,
    /// When it ended.
    pub answered_at: Option<DateTime<Utc>>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    device_name: String,
    #[diesel(sql_type = Text)]
    model: String,
    #[diesel(sql_type = Nullable<Text>)]
    serial: Option<String>,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    giver_id: String,
    #[diesel(sql_type = Text)]
    giver_name: String,
    #[diesel(sql_type = Text)]
    receiver_login: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Bool)]
    region_differs: bool,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
    #[diesel(sql_type = BigInt)]
    code_until: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    answered_at: Option<i64>,
}

/// Of a device that was accepted the giver is told no name that it may have by now.
const SELECT: &str = "SELECT t.id, t.device_id, CASE WHEN t.state = 'accepted' THEN '' ELSE d.name END AS device_name, d.model,
    d.serial, t.site_id, t.giver_id, g.name AS giver_name, t.receiver_login, t.state, me.region <> g.region AS region_differs,
    t.created_at, t.code_until, t.answered_at
    FROM device_transfers t JOIN devices d ON d.id = t.device_id JOIN end_users g ON g.id = t.giver_id
    JOIN end_users me ON ";

/// One that somebody began. [`StoreError::NotFound`] where it is not theirs.
pub fn find_given(conn: &mut DbConn, giver: &EndUserId, id: &DeviceTransferId) -> Result<Transfer, StoreError> {
    let rows: Vec<Row> = given(giver).sql(" AND t.id = ").text(id.as_str()).load(conn)?;
    rows.into_iter().next().ok_or(StoreError::NotFound)?.read()
}

/// Those that somebody began, newest first, at most 100.
pub fn list_given(conn: &mut DbConn, giver: &EndUserId) -> Result<Vec<Transfer>, StoreError> {
    let rows: Vec<Row> = given(giver).sql(" ORDER BY t.id DESC LIMIT ").number(MOST).load(conn)?;
    rows.into_iter().map(Row::read).collect()
}

/// One that waits for somebody's answer. [`StoreError::NotFound`] where nothing of this id does.
pub fn get_offered(conn: &mut DbConn, receiver: &EndUserId, id: &DeviceTransferId) -> Result<Transfer, StoreError> {
    let rows: Vec<Row> = offered(receiver).sql(" AND t.id = ").text(id.as_str()).load(conn)?;
    rows.into_iter().next().ok_or(StoreError::NotFound)?.read()
}

/// Those that wait for somebody's answer, newest first, at most 100.
pub fn list_received(conn: &mut DbConn, receiver: &EndUserId) -> Result<Vec<Transfer>, StoreError> {
    let rows: Vec<Row> = offered(receiver).sql(" ORDER BY t.id DESC LIMIT ").number(MOST).load(conn)?;
    rows.into_iter().map(Row::read).collect()
}

fn given(giver: &EndUserId) -> Select {
    Select::new(SELECT).sql("me.id = t.giver_id WHERE t.giver_id = ").text(giver.as_str())
}

/// What is offered to the address of an account, while the device still is its giver's.
fn offered(receiver: &EndUserId) -> Select {
    Select::new(SELECT)
        .sql(
            "me.email_lower = t.receiver_login
             JOIN sites s ON s.id = d.site_id AND s.owner_id = t.giver_id AND s.closing_at IS NULL AND s.suspended_at IS NULL
             WHERE t.state = 'offered' AND me.id = ",
        )
        .text(receiver.as_str())
}

impl Row {
    fn read(self) -> Result<Transfer, StoreError> {
        Ok(Transfer {
            id: read(self.id, "device_transfers.id")?,
            device_id: read(self.device_id, "device_transfers.device_id")?,
            device_name: self.device_name,
            model: self.model,
            serial: read_or_none(self.serial, "devices.serial")?,
            site_id: read(self.site_id, "device_transfers.site_id")?,
            giver_id: read(self.giver_id, "device_transfers.giver_id")?,
            giver_name: self.giver_name,
            receiver_login: self.receiver_login,
            state: word(TransferState::from_stored(&self.state), "device_transfers.state")?,
            region_differs: self.region_differs,
            created_at: time(self.created_at)?,
            code_until: time(self.code_until)?,
            answered_at: time_or_none(self.answered_at)?,
        })
    }
}
