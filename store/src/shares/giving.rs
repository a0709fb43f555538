//! Giving shares within their limits (R-E2, R-E3, R-E8).
//!
//! Whoever gives holds first the site and then the receiver until the commit, always in this order: what is counted of them stays true, and no two
//! wait for each other. The database has the same limits as triggers, for whoever writes past this.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Integer, Text};
use serde_json::json;
use siteward_domain::device::DeviceKind;
use siteward_domain::share::{
    GiverKind, MOST_CHANNELS, MOST_GIVERS, MOST_RECEIVERS, SharePermission, SharedChannel, firmware_needed,
};
use siteward_domain::{EndUserId, ShareId, SiteId};

use super::telling::{Told, tell};
use super::{NewShare, ShareRefusal, count};
use crate::columns::{micros, read, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Where a share comes from and goes to, held until the commit.
pub(super) struct Held {
    pub(super) owner_id: String,
    pub(super) is_suspended: bool,
    giver_region: String,
    receiver_region: String,
}

#[derive(QueryableByName)]
struct SiteRow {
    #[diesel(sql_type = Text)]
    owner_id: String,
    #[diesel(sql_type = Integer)]
    suspended: i32,
}

#[derive(QueryableByName)]
struct RegionRow {
    #[diesel(sql_type = Text)]
    region: String,
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = Text)]
    id: String,
}

#[derive(QueryableByName)]
struct ChannelRow {
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Integer)]
    channel: i32,
}

#[derive(QueryableByName)]
struct DeviceRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    firmware: String,
}

/// Gives a share, or says why not. Of two that want the last place one gets it. [`StoreError::NotFound`] where the site, the giver or the
/// receiver is gone.
pub fn give(
    conn: &mut DbConn,
    new: &NewShare,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<Result<(), ShareRefusal>, StoreError> {
    let held = hold(conn, new)?;
    let channels = match settle(conn, &new.site_id, &new.channels)? {
        Ok(channels) => channels,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let refused = if find_open(conn, new)?.is_some() && held.owner_id != new.receiver_id.as_str() {
        Some(ShareRefusal::AlreadyReceives)
    } else {
        refusal(conn, new, &held, &channels)?
    };
    if let Some(refusal) = refused {
        return Ok(Err(refusal));
    }
    write(conn, new, &channels, now)?;
    let told = Told { id: new.id.clone(), site_id: new.site_id.clone(), state: "given" };
    tell(conn, &[told], actor, now).map(Ok)
}

/// A receiver gets channels from the owner of a site, whichever way they came to it: what they receive from them there already is added to,
/// and where both name a channel the newer permissions hold. [`StoreError::NotFound`] where the site is not that owner's any more, stands still
/// (rental), or one of the two is gone.
pub fn accept_channels(
    conn: &mut DbConn,
    site: &SiteId,
    giver: &EndUserId,
    receiver: &EndUserId,
    channels: &[SharedChannel],
    actor: &str,
    now: DateTime<Utc>,
) -> Result<Result<ShareId, ShareRefusal>, StoreError> {
    let mut new = NewShare {
        id: ShareId::generate(now),
        site_id: site.clone(),
        giver_kind: GiverKind::EndUser,
        giver_id: giver.to_string(),
        receiver_id: receiver.clone(),
        channels: channels.to_vec(),
    };
    let held = hold(conn, &new)?;
    if held.owner_id != giver.as_str() || held.is_suspended {
        return Err(StoreError::NotFound);
    }
    let channels = match settle(conn, site, &new.channels)? {
        Ok(channels) => channels,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let Some(refusal) = refusal(conn, &new, &held, &channels)? {
        return Ok(Err(refusal));
    }
    let open = find_open(conn, &new)?;
    let state = if open.is_some() { "added" } else { "given" };
    if let Some(open) = open {
        if count_with(conn, &open, &channels)? > MOST_CHANNELS {
            return Ok(Err(ShareRefusal::TooManyChannels));
        }
        new.id = open;
        put_channels(conn, &new.id, &channels, now)?;
    } else {
        write(conn, &new, &channels, now)?;
    }
    let told = Told { id: new.id.clone(), site_id: new.site_id.clone(), state };
    tell(conn, &[told], actor, now)?;
    Ok(Ok(new.id))
}

/// Holds the site and the receiver until the commit: what is counted of them stays true.
pub(super) fn hold(conn: &mut DbConn, new: &NewShare) -> Result<Held, StoreError> {
    let lock = match conn {
        DbConn::Sqlite(_) => "",
        DbConn::Postgresql(_) => " FOR NO KEY UPDATE",
    };
    let sites: Vec<SiteRow> = Select::new(
        "SELECT coalesce(owner_id, '') AS owner_id, CASE WHEN suspended_at IS NULL THEN 0 ELSE 1 END AS suspended
         FROM sites WHERE closing_at IS NULL AND id = ",
    )
    .text(new.site_id.as_str())
    .sql(lock)
    .load(conn)?;
    let site = sites.into_iter().next().ok_or(StoreError::NotFound)?;
    let receiver = Select::new("SELECT region FROM end_users WHERE id = ").text(new.receiver_id.as_str()).sql(lock);
    let giver = match new.giver_kind {
        GiverKind::Company => Select::new("SELECT region FROM companies WHERE id = "),
        GiverKind::EndUser => Select::new("SELECT region FROM end_users WHERE id = "),
    };
    Ok(Held {
        owner_id: site.owner_id,
        is_suspended: site.suspended != 0,
        receiver_region: region(conn, receiver)?,
        giver_region: region(conn, giver.text(&new.giver_id))?,
    })
}

fn region(conn: &mut DbConn, query: Select) -> Result<String, StoreError> {
    let rows: Vec<RegionRow> = query.load(conn)?;
    rows.into_iter().next().map(|row| row.region).ok_or(StoreError::NotFound)
}

/// The channels that are on the site, each once and in one order, each with what can be shared of it.
pub(crate) fn settle(
    conn: &mut DbConn,
    site: &SiteId,
    channels: &[SharedChannel],
) -> Result<Result<Vec<SharedChannel>, ShareRefusal>, StoreError> {
    settle_beside(conn, site, channels, &[])
}

/// As [`settle`]; of channels that are had already, as far as they are, the firmware does not matter.
pub(super) fn settle_beside(
    conn: &mut DbConn,
    site: &SiteId,
    channels: &[SharedChannel],
    had: &[SharedChannel],
) -> Result<Result<Vec<SharedChannel>, ShareRefusal>, StoreError> {
    if channels.len() > MOST_CHANNELS {
        return Ok(Err(ShareRefusal::TooManyChannels));
    }
    let devices: Vec<DeviceRow> = Select::new("SELECT id, kind, firmware FROM devices WHERE site_id = ")
        .text(site.as_str())
        .sql(" AND id IN ")
        .texts(channels.iter().map(|channel| channel.device_id.as_str()))
        .sql(" ORDER BY id")
        .load(conn)?;
    let mut settled: Vec<SharedChannel> = Vec::new();
    for channel in channels {
        let Some(device) = devices.iter().find(|device| device.id == channel.device_id.as_str()) else { continue };
        if settled.iter().any(|other| other.device_id == channel.device_id && other.channel == channel.channel) {
            continue;
        }
        let kind = word(DeviceKind::from_stored(&device.kind), "devices.kind")?;
        let permissions = SharePermission::settled(kind, &channel.permissions);
        let channel = SharedChannel { permissions, ..channel.clone() };
        if let Some(needed) = firmware_needed(kind, &device.firmware)
            && is_more(&channel, had)
        {
            return Ok(Err(ShareRefusal::FirmwareTooOld { needed }));
        }
        if !channel.permissions.is_empty() {
            settled.push(channel);
        }
    }
    settled.sort_by(|one, other| (one.device_id.as_str(), one.channel).cmp(&(other.device_id.as_str(), other.channel)));
    Ok(Ok(settled))
}

/// Whether a channel, or something that may be done with it, is not had already.
pub(super) fn is_more(channel: &SharedChannel, had: &[SharedChannel]) -> bool {
    let same = |other: &&SharedChannel| other.device_id == channel.device_id && other.channel == channel.channel;
    had.iter().find(same).is_none_or(|had| channel.permissions.iter().any(|one| !had.permissions.contains(one)))
}

/// The open share that a giver's receiver has on the site already.
fn find_open(conn: &mut DbConn, new: &NewShare) -> Result<Option<ShareId>, StoreError> {
    let rows: Vec<IdRow> = Select::new("SELECT id FROM shares WHERE ended_at IS NULL AND site_id = ")
        .text(new.site_id.as_str())
        .sql(" AND giver_kind = ")
        .text(new.giver_kind.as_str())
        .sql(" AND giver_id = ")
        .text(&new.giver_id)
        .sql(" AND receiver_id = ")
        .text(new.receiver_id.as_str())
        .load(conn)?;
    rows.into_iter().next().map(|row| read(row.id, "shares.id")).transpose()
}

/// How many channels a share has once these are in it.
fn count_with(conn: &mut DbConn, share: &ShareId, channels: &[SharedChannel]) -> Result<usize, StoreError> {
    let rows: Vec<ChannelRow> = Select::new("SELECT device_id, channel FROM share_channels WHERE share_id = ")
        .text(share.as_str())
        .load(conn)?;
    let is_there = |channel: &&SharedChannel| {
        let same = |row: &ChannelRow| {
            row.device_id == channel.device_id.as_str() && i64::from(row.channel) == i64::from(channel.channel)
        };
        rows.iter().any(same)
    };
    Ok(rows.len() + channels.iter().filter(|channel| !is_there(channel)).count())
}

pub(super) fn refusal(
    conn: &mut DbConn,
    new: &NewShare,
    held: &Held,
    channels: &[SharedChannel],
) -> Result<Option<ShareRefusal>, StoreError> {
    let receiver = new.receiver_id.as_str();
    if held.owner_id == receiver {
        return Ok(Some(ShareRefusal::IsOwner));
    }
    if held.giver_region != held.receiver_region {
        return Ok(Some(ShareRefusal::RegionDiffers));
    }
    if channels.is_empty() {
        return Ok(Some(ShareRefusal::NothingToShare));
    }
    let givers = Select::new(
        "SELECT count(*) AS count FROM (SELECT DISTINCT giver_kind, giver_id FROM shares
         WHERE ended_at IS NULL AND NOT (giver_kind = ",
    )
    .text(new.giver_kind.as_str())
    .sql(" AND giver_id = ")
    .text(&new.giver_id)
    .sql(") AND receiver_id = ")
    .text(receiver)
    .sql(") others");
    if count(conn, givers)? >= MOST_GIVERS {
        return Ok(Some(ShareRefusal::ReceiverIsFull));
    }
    for channel in channels {
        let receivers = Select::new(
            "SELECT count(DISTINCT s.receiver_id) AS count FROM share_channels c JOIN shares s ON s.id = c.share_id
             WHERE s.ended_at IS NULL AND c.device_id = ",
        )
        .text(channel.device_id.as_str())
        .sql(" AND c.channel = ")
        .number(i64::from(channel.channel))
        .sql(" AND s.receiver_id <> ")
        .text(receiver);
        if count(conn, receivers)? >= MOST_RECEIVERS {
            return Ok(Some(ShareRefusal::ChannelIsFull));
        }
    }
    Ok(None)
}

fn write(conn: &mut DbConn, new: &NewShare, channels: &[SharedChannel], now: DateTime<Utc>) -> Result<(), StoreError> {
    Select::new("INSERT INTO shares (id, site_id, giver_kind, giver_id, receiver_id, created_at) VALUES (")
        .text(new.id.as_str())
        .sql(", ")
        .text(new.site_id.as_str())
        .sql(", ")
        .text(new.giver_kind.as_str())
        .sql(", ")
        .text(&new.giver_id)
        .sql(", ")
        .text(new.receiver_id.as_str())
        .sql(", ")
        .number(micros(now))
        .sql(")")
        .execute(conn)?;
    put_channels(conn, &new.id, channels, now)
}

/// Puts channels into a share; where one is in it already its permissions are these from now on. Whoever is given the alarms or the log of one
/// reads them from now on, not what was before.
pub(super) fn put_channels(
    conn: &mut DbConn,
    share: &ShareId,
    channels: &[SharedChannel],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for channel in channels {
        let permissions = json!(channel.permissions).to_string();
        let mut update = Select::new("UPDATE share_channels SET since = CASE WHEN channel >= 0");
        for read in [SharePermission::Alarm, SharePermission::Logs] {
            if channel.permissions.contains(&read) {
                update = update.sql(" AND permissions LIKE ").text(format!("%\"{}\"%", read.as_str()));
            }
        }
        let changed = update
            .sql(" THEN since ELSE ")
            .number(micros(now))
            .sql(" END, permissions = ")
            .text(&permissions)
            .sql(" WHERE share_id = ")
            .text(share.as_str())
            .sql(" AND device_id = ")
            .text(channel.device_id.as_str())
            .sql(" AND channel = ")
            .number(i64::from(channel.channel))
            .execute(conn)?;
        if changed > 0 {
            continue;
        }
        Select::new("INSERT INTO share_channels (share_id, device_id, channel, permissions, since) VALUES (")
            .text(share.as_str())
            .sql(", ")
            .text(channel.device_id.as_str())
            .sql(", ")
            .number(i64::from(channel.channel))
            .sql(", ")
            .text(permissions)
            .sql(", ")
            .number(micros(now))
            .sql(")")
            .execute(conn)?;
    }
    Ok(())
}
