//! What is shared of a site and with whom, and what somebody receives.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use siteward_domain::device::DeviceKind;
use siteward_domain::health::DeviceHealth;
use siteward_domain::share::{GiverKind, SharePermission};
use siteward_domain::{DeviceId, EndUserId, ShareId, SiteId};

use super::{count, device_id};
use crate::columns::{number, read, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Shares that are read at most.
const MOST_SHARES: i64 = 10_000;

/// A share as whoever gives it sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Its id.
    pub id: ShareId,
    /// Who receives it.
    pub receiver_id: EndUserId,
    /// Their name.
    pub receiver_name: String,
    /// Their e-mail address.
    pub receiver_email: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// What is shared.
    pub channels: Vec<ReceivedChannel>,
}

/// A share as its receiver sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Its id.
    pub id: ShareId,
    /// The name of the site.
    pub site_name: String,
    /// The receiver's own name for it.
    pub name: Option<String>,
    /// The name of the company or of the person who gives it.
    pub giver_name: String,
    /// Which of the two.
    pub giver_kind: GiverKind,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// What is shared.
    pub channels: Vec<ReceivedChannel>,
}

/// A channel within a share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedChannel {
    /// The device.
    pub device_id: DeviceId,
    /// Its name.
    pub device_name: String,
    /// What it is.
    pub device_kind: DeviceKind,
    /// Its serial, where it has one.
    pub serial: Option<String>,
    /// How it was last seen.
    pub health: DeviceHealth,
    /// When it was last looked at.
    pub measured_at: Option<DateTime<Utc>>,
    /// The channel; 0: the device itself.
    pub channel: u32,
    /// What the receiver may do.
    pub permissions: Vec<SharePermission>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    receiver_id: String,
    #[diesel(sql_type = Text)]
    receiver_name: String,
    #[diesel(sql_type = Text)]
    receiver_email: String,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
    #[diesel(sql_type = Text)]
    site_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    name: Option<String>,
    #[diesel(sql_type = Text)]
    giver_kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    giver_name: Option<String>,
}

#[derive(QueryableByName)]
struct ChannelRow {
    #[diesel(sql_type = Text)]
    share_id: String,
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    serial: Option<String>,
    #[diesel(sql_type = Text)]
    health: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    reachability: Option<i64>,
    #[diesel(sql_type = Integer)]
    channel: i32,
    #[diesel(sql_type = Text)]
    permissions: String,
}

/// Shares that hold.
const SHARES: &str = "SELECT s.id, s.receiver_id, u.name AS receiver_name, u.email AS receiver_email, s.created_at,
    t.name AS site_name, s.name, s.giver_kind, coalesce(c.name, g.name) AS giver_name
    FROM shares s JOIN end_users u ON u.id = s.receiver_id JOIN sites t ON t.id = s.site_id
    LEFT JOIN companies c ON s.giver_kind = 'company' AND c.id = s.giver_id
    LEFT JOIN end_users g ON s.giver_kind = 'end_user' AND g.id = s.giver_id
    WHERE s.ended_at IS NULL AND t.closing_at IS NULL";

/// What a company or an owner shares of a site, oldest first.
pub fn list_of_site(
    conn: &mut DbConn,
    site: &SiteId,
    (kind, giver): (GiverKind, &str),
) -> Result<Vec<Share>, StoreError> {
    let query = Select::new(SHARES).sql(" AND s.site_id = ").text(site.as_str());
    shares(conn, query.sql(" AND s.giver_kind = ").text(kind.as_str()).sql(" AND s.giver_id = ").text(giver))
}

/// A share by its id, as whoever gives it sees it.
pub fn find_share(
    conn: &mut DbConn,
    site: &SiteId,
    giver: (GiverKind, &str),
    id: &ShareId,
) -> Result<Option<Share>, StoreError> {
    Ok(list_of_site(conn, site, giver)?.into_iter().find(|share| share.id == *id))
}

/// Whether somebody with this address receives channels of a site from a giver (R-G5).
pub fn is_received_by(
    conn: &mut DbConn,
    site: &SiteId,
    (kind, giver): (GiverKind, &str),
    email: &str,
) -> Result<bool, StoreError> {
    let query = Select::new(
        "SELECT count(*) AS count FROM shares s JOIN end_users u ON u.id = s.receiver_id
         WHERE s.ended_at IS NULL AND s.site_id = ",
    )
    .text(site.as_str())
    .sql(" AND s.giver_kind = ")
    .text(kind.as_str())
    .sql(" AND s.giver_id = ")
    .text(giver)
    .sql(" AND u.email_lower = ")
    .text(email.to_lowercase());
    Ok(count(conn, query)? > 0)
}

/// What somebody receives, oldest first; not while the customer's use of the site is disabled (rental).
pub fn list_received(conn: &mut DbConn, receiver: &EndUserId) -> Result<Vec<Received>, StoreError> {
    let query = Select::new(SHARES).sql(" AND t.suspended_at IS NULL AND s.receiver_id = ").text(receiver.as_str());
    let rows: Vec<Row> = ordered(query).load(conn)?;
    let mut channels = channels(conn, &rows)?;
    let read = |row: Row| {
        Ok(Received {
            channels: channels.remove(&row.id).unwrap_or_default(),
            id: read(row.id, "shares.id")?,
            site_name: row.site_name,
            name: row.name,
            giver_name: row.giver_name.unwrap_or_default(),
            giver_kind: word(GiverKind::from_stored(&row.giver_kind), "shares.giver_kind")?,
            created_at: time(row.created_at)?,
        })
    };
    rows.into_iter().map(read).collect()
}

fn shares(conn: &mut DbConn, query: Select) -> Result<Vec<Share>, StoreError> {
    let rows: Vec<Row> = ordered(query).load(conn)?;
    let mut channels = channels(conn, &rows)?;
    let read = |row: Row| {
        Ok(Share {
            channels: channels.remove(&row.id).unwrap_or_default(),
            id: read(row.id, "shares.id")?,
            receiver_id: read(row.receiver_id, "shares.receiver_id")?,
            receiver_name: row.receiver_name,
            receiver_email: row.receiver_email,
            created_at: time(row.created_at)?,
        })
    };
    rows.into_iter().map(read).collect()
}

fn ordered(query: Select) -> Select {
    query.sql(" ORDER BY s.id LIMIT ").number(MOST_SHARES)
}

fn channels(conn: &mut DbConn, shares: &[Row]) -> Result<HashMap<String, Vec<ReceivedChannel>>, StoreError> {
    let mut channels: HashMap<String, Vec<ReceivedChannel>> = HashMap::new();
    for some in shares.chunks(500) {
        let rows: Vec<ChannelRow> = Select::new(
            "SELECT c.share_id, c.device_id, d.name, d.kind, d.serial, d.health, m.reachability, c.channel, c.permissions
             FROM share_channels c JOIN shares s ON s.id = c.share_id
             JOIN devices d ON d.id = c.device_id AND d.site_id = s.site_id LEFT JOIN measured m ON m.place = d.place
             WHERE c.share_id IN ",
        )
        .texts(some.iter().map(|row| row.id.as_str()))
        .sql(" ORDER BY c.share_id, d.name_lower, c.device_id, c.channel")
        .load(conn)?;
        for row in rows {
            let unreadable = |_| StoreError::Unreadable { column: "share_channels.permissions" };
            let channel = ReceivedChannel {
                device_id: device_id(row.device_id)?,
                device_name: row.name,
                device_kind: word(DeviceKind::from_stored(&row.kind), "devices.kind")?,
                serial: row.serial,
                health: word(DeviceHealth::from_stored(&row.health), "devices.health")?,
                measured_at: time_or_none(row.reachability)?,
                channel: number(row.channel, "share_channels.channel")?,
                permissions: serde_json::from_str(&row.permissions).map_err(unreadable)?,
            };
            channels.entry(row.share_id).or_default().push(channel);
        }
    }
    Ok(channels)
}
