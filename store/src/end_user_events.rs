//! What devices told by themselves, as end users hear of it: of their own devices, and of channels that are shared with them for it (R-E2).

mod telling;
mod using;

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use siteward_domain::device_event::{DeviceEvent, DeviceEventKind};
use siteward_domain::{DeviceId, EndUserId};

use crate::columns::{number, read, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::select::Select;

pub use telling::{AlarmReader, are_mails_wanted, note_told, readers, want_mails};
pub use using::{first_uses, note_use};

/// Sites that are asked about in one query.
const SITES_AT_ONCE: usize = 50;
/// Sites of one person at most.
const MOST_SITES: i64 = 10_000;

/// An event as an end user hears of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeardEvent {
    /// The event.
    pub event: DeviceEvent,
    /// The device's name.
    pub device_name: String,
    /// The site's name.
    pub site_name: String,
    /// Whether the device is their own.
    pub own: bool,
}

#[derive(QueryableByName)]
struct SiteRow {
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    id: String,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Nullable<Integer>)]
    channel: Option<i32>,
    #[diesel(sql_type = Text)]
    word: String,
    #[diesel(sql_type = BigInt)]
    at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    ended_at: Option<i64>,
    #[diesel(sql_type = Text)]
    device_name: String,
    #[diesel(sql_type = Text)]
    site_name: String,
    #[diesel(sql_type = Integer)]
    own: i32,
}

/// That an event `e` of a device `d` is one of a shared channel `c`: of a channel itself, of the device where it has no channels, and
/// of the one channel of a camera, which does not always name it. A panel is shared whole, with its log.
pub(crate) const OF_CHANNEL: &str = "((c.channel = e.channel AND c.permissions LIKE '%\"alarm\"%')
    OR (e.channel IS NULL AND d.kind IN ('camera', 'intercom') AND c.permissions LIKE '%\"alarm\"%')
    OR (c.channel = 0 AND c.permissions LIKE '%\"logs\"%'))";

/// A page of what an end user hears, newest first. A receiver hears what came since they have the alarms of the channel.
pub fn list(
    conn: &mut DbConn,
    end_user: &EndUserId,
    device: Option<&DeviceId>,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<HeardEvent>, StoreError> {
    let before: Option<i64> = match cursor {
        None => None,
        Some(cursor) => {
            let [seq] = page::decode(cursor)?;
            Some(seq.parse().map_err(|_| StoreError::BadCursor)?)
        }
    };
    let mut found: Vec<Row> = Vec::new();
    for sites in sites_of(conn, end_user)?.chunks(SITES_AT_ONCE) {
        found.extend(of_sites(conn, end_user, sites, device, before, limit)?);
    }
    found.sort_by_key(|row| -row.seq);
    found.truncate(usize::try_from(page::rows_to_read(limit)).unwrap_or(usize::MAX));
    let (rows, next_cursor) = page::cut(found, limit, |row| vec![row.seq.to_string()]);
    Ok(Page { items: rows.into_iter().map(heard).collect::<Result<_, _>>()?, next_cursor })
}

/// The sites that an end user owns or receives something of.
fn sites_of(conn: &mut DbConn, end_user: &EndUserId) -> Result<Vec<SiteRow>, StoreError> {
    Select::new(
        "SELECT t.company_id, t.id FROM sites t WHERE t.closing_at IS NULL AND t.suspended_at IS NULL
         AND (t.owner_id = ",
    )
    .text(end_user.as_str())
    .sql(" OR t.id IN (SELECT s.site_id FROM shares s WHERE s.ended_at IS NULL AND s.receiver_id = ")
    .text(end_user.as_str())
    .sql(")) ORDER BY t.id LIMIT ")
    .number(MOST_SITES)
    .load(conn)
}

fn of_sites(
    conn: &mut DbConn,
    end_user: &EndUserId,
    sites: &[SiteRow],
    device: Option<&DeviceId>,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Row>, StoreError> {
    // An end user's sites are of few companies, and events lie by company and site.
    let mut query = Select::new(
        "SELECT e.seq, e.company_id, e.site_id, e.device_id, e.kind, e.channel, e.word, e.at, e.ended_at, d.name AS device_name,
         t.name AS site_name, CASE WHEN t.owner_id = ",
    )
    .text(end_user.as_str())
    .sql(
        " THEN 1 ELSE 0 END AS own FROM device_events e JOIN devices d ON d.id = e.device_id JOIN sites t ON t.id = e.site_id
         WHERE e.company_id IN ",
    )
    .texts(sites.iter().map(|site| site.company_id.as_str()))
    .sql(" AND e.site_id IN ")
    .texts(sites.iter().map(|site| site.id.as_str()))
    .sql(" AND (t.owner_id = ")
    .text(end_user.as_str())
    .sql(
        " OR EXISTS (SELECT 1 FROM shares s JOIN share_channels c ON c.share_id = s.id
         WHERE s.ended_at IS NULL AND s.site_id = e.site_id AND c.device_id = e.device_id
         AND e.at >= s.created_at AND e.at >= c.since AND ",
    )
    .sql(OF_CHANNEL)
    .sql(" AND s.receiver_id = ")
    .text(end_user.as_str())
    .sql("))");
    if let Some(device) = device {
        query = query.sql(" AND e.device_id = ").text(device.as_str());
    }
    if let Some(before) = before {
        query = query.sql(" AND e.seq < ").number(before);
    }
    query.sql(" ORDER BY e.seq DESC LIMIT ").number(page::rows_to_read(limit)).load(conn)
}

fn heard(row: Row) -> Result<HeardEvent, StoreError> {
    Ok(HeardEvent {
        event: DeviceEvent {
            seq: row.seq,
            company_id: read(row.company_id, "device_events.company_id")?,
            site_id: read(row.site_id, "device_events.site_id")?,
            device_id: read(row.device_id, "device_events.device_id")?,
            kind: word(DeviceEventKind::from_stored(&row.kind), "device_events.kind")?,
            channel: row.channel.map(|channel| number(channel, "device_events.channel")).transpose()?,
            word: row.word,
            at: time(row.at)?,
            ended_at: time_or_none(row.ended_at)?,
        },
        device_name: row.device_name,
        site_name: row.site_name,
        own: row.own != 0,
    })
}

#[cfg(test)]
mod tests;
