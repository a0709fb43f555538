//! Channels as people are shown them, whether they are shared or offered: with the names that devices have and give to their channels.

use std::collections::HashMap;

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use serde::Deserialize;
use siteward_domain::DeviceId;
use siteward_domain::device::DeviceKind;
use siteward_domain::health::DeviceHealth;
use siteward_domain::share::SharePermission;

use crate::columns::{number, read, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Ids in one query at most.
const AT_ONCE: usize = 500;

/// A channel that is shared or offered.
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
    pub measured_at: Option<chrono::DateTime<chrono::Utc>>,
    /// The channel; 0: the device itself.
    pub channel: u32,
    /// What the device calls the channel; `None` where that is not known.
    pub channel_name: Option<String>,
    /// What the receiver may do.
    pub permissions: Vec<SharePermission>,
}

/// Where channels stand.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Of {
    /// In shares.
    Shares,
    /// In offers.
    Offers,
    /// In codes.
    Codes,
}

#[derive(QueryableByName)]
struct ChannelRow {
    #[diesel(sql_type = Text)]
    owner: String,
    #[diesel(sql_type = BigInt)]
    place: i64,
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

#[derive(QueryableByName)]
struct FactRow {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = Text)]
    value: String,
}

/// Of what a device tells of a channel only its name is read.
#[derive(Deserialize)]
struct Named {
    number: u32,
    name: String,
}

/// The channels of some shares or offers that are on their sites still, by the id of these, in the order of the devices' names.
pub(crate) fn channels_of<'a>(
    conn: &mut DbConn,
    of: Of,
    ids: impl IntoIterator<Item = &'a str>,
) -> Result<HashMap<String, Vec<ReceivedChannel>>, StoreError> {
    let ids: Vec<&str> = ids.into_iter().collect();
    let mut rows: Vec<ChannelRow> = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        let query = match of {
            Of::Shares => {
                "SELECT c.share_id AS owner, d.place, c.device_id, d.name, d.kind, d.serial, d.health, m.reachability, c.channel,
                 c.permissions FROM share_channels c JOIN shares s ON s.id = c.share_id
                 JOIN devices d ON d.id = c.device_id AND d.site_id = s.site_id LEFT JOIN measured m ON m.place = d.place
                 WHERE c.share_id IN "
            }
            Of::Offers => {
                "SELECT c.offer_id AS owner, d.place, c.device_id, d.name, d.kind, d.serial, d.health, m.reachability, c.channel,
                 c.permissions FROM share_offer_channels c JOIN share_offers s ON s.id = c.offer_id
                 JOIN devices d ON d.id = c.device_id AND d.site_id = s.site_id LEFT JOIN measured m ON m.place = d.place
                 WHERE c.offer_id IN "
            }
            Of::Codes => {
                "SELECT c.code_id AS owner, d.place, c.device_id, d.name, d.kind, d.serial, d.health, m.reachability, c.channel,
                 c.permissions FROM share_code_channels c JOIN share_codes s ON s.id = c.code_id
                 JOIN devices d ON d.id = c.device_id AND d.site_id = s.site_id LEFT JOIN measured m ON m.place = d.place
                 WHERE c.code_id IN "
            }
        };
        let query =
            Select::new(query).texts(some.iter().copied()).sql(" ORDER BY owner, d.name_lower, c.device_id, c.channel");
        rows.append(&mut query.load(conn)?);
    }
    let names = names(conn, &rows)?;
    let mut channels: HashMap<String, Vec<ReceivedChannel>> = HashMap::new();
    for row in rows {
        let unreadable = |_| StoreError::Unreadable { column: "share_channels.permissions" };
        let channel = number(row.channel, "share_channels.channel")?;
        channels.entry(row.owner).or_default().push(ReceivedChannel {
            device_id: read(row.device_id, "share_channels.device_id")?,
            device_name: row.name,
            device_kind: word(DeviceKind::from_stored(&row.kind), "devices.kind")?,
            serial: row.serial,
            health: word(DeviceHealth::from_stored(&row.health), "devices.health")?,
            measured_at: time_or_none(row.reachability)?,
            channel,
            channel_name: names.get(&(row.place, channel)).cloned(),
            permissions: serde_json::from_str(&row.permissions).map_err(unreadable)?,
        });
    }
    Ok(channels)
}

/// What devices call their channels, by the place of the device and the number of the channel; an empty name is none.
fn names(conn: &mut DbConn, rows: &[ChannelRow]) -> Result<HashMap<(i64, u32), String>, StoreError> {
    let mut places: Vec<i64> = rows.iter().map(|row| row.place).collect();
    places.sort_unstable();
    places.dedup();
    let mut names = HashMap::new();
    for some in places.chunks(AT_ONCE) {
        let facts: Vec<FactRow> = Select::new("SELECT place, value FROM facts WHERE topic = 'channels' AND place IN ")
            .numbers(some.iter().copied())
            .load(conn)?;
        for fact in facts {
            // What cannot be read has no names; the channels are there all the same.
            let named: Vec<Named> = serde_json::from_str(&fact.value).unwrap_or_default();
            let named = named.into_iter().filter(|channel| !channel.name.is_empty());
            names.extend(named.map(|channel| ((fact.place, channel.number), channel.name)));
        }
    }
    Ok(names)
}
