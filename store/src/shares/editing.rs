//! What an owner changes of a share: its channels and what may be done with them (R-E7).

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Integer, Text};
use siteward_domain::share::{GiverKind, SharedChannel};
use siteward_domain::{DeviceId, EndUserId, ShareId};

use super::ending::remove_given;
use super::giving::{hold, is_more, put_channels, refusal, settle_beside};
use super::telling::{Told, tell};
use super::{NewShare, ShareRefusal};
use crate::columns::{number, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

#[derive(QueryableByName)]
struct ShareRow {
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    receiver_id: String,
}

#[derive(QueryableByName)]
struct ChannelRow {
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Integer)]
    channel: i32,
    #[diesel(sql_type = Text)]
    permissions: String,
}

/// From now on a share that an owner gives has these channels and no others; where `of` names a device, these of that device, and of others
/// what it had. `false`: it had them before. Limits, region and firmware matter to what is added only: what is taken out is taken out
/// whatever became of the rest. [`StoreError::NotFound`] where it is not theirs or over, or its site stands still (rental).
pub fn change_given(
    conn: &mut DbConn,
    giver: &EndUserId,
    id: &ShareId,
    of: Option<&DeviceId>,
    channels: &[SharedChannel],
    actor: &str,
    now: DateTime<Utc>,
) -> Result<Result<bool, ShareRefusal>, StoreError> {
    let share = of_owner(conn, giver, id)?;
    let held = hold(conn, &share)?;
    if held.owner_id != giver.as_str() || held.is_suspended {
        return Err(StoreError::NotFound);
    }
    // Whoever held the site before may have ended it.
    of_owner(conn, giver, id)?;
    let before = channels_now(conn, id)?;
    let beside = before.iter().filter(|channel| of.is_some_and(|device| channel.device_id != *device));
    let wanted: Vec<_> = channels.iter().chain(beside).cloned().collect();
    let channels = match settle_beside(conn, &share.site_id, &wanted, &before)? {
        Ok(channels) => channels,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if !channels.iter().any(|channel| of.is_none_or(|device| channel.device_id == *device)) {
        return Ok(Err(ShareRefusal::NothingToShare));
    }
    let added: Vec<_> = channels.iter().filter(|channel| is_more(channel, &before)).cloned().collect();
    if !added.is_empty()
        && let Some(refusal) = refusal(conn, &share, &held, &added)?
    {
        return Ok(Err(refusal));
    }
    if !replace(conn, id, &before, &channels, now)? {
        return Ok(Ok(false));
    }
    tell(conn, &[Told { id: id.clone(), site_id: share.site_id, state: "changed" }], actor, now)?;
    Ok(Ok(true))
}

/// Takes a device out of a share that an owner gives, also while its site stands still; the share ends with its last one.
/// [`StoreError::NotFound`] where it is not theirs or over, or nothing of the device is shared in it.
pub fn remove_given_device(
    conn: &mut DbConn,
    giver: &EndUserId,
    id: &ShareId,
    device: &DeviceId,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let share = of_owner(conn, giver, id)?;
    hold(conn, &share)?;
    // Whoever held the site before may have ended it.
    of_owner(conn, giver, id)?;
    let (gone, rest): (Vec<_>, Vec<_>) =
        channels_now(conn, id)?.into_iter().partition(|channel| channel.device_id == *device);
    if gone.is_empty() {
        return Err(StoreError::NotFound);
    }
    if rest.is_empty() {
        return remove_given(conn, giver, id, actor, now);
    }
    take_out(conn, id, gone.iter())?;
    tell(conn, &[Told { id: id.clone(), site_id: share.site_id, state: "changed" }], actor, now)
}

fn of_owner(conn: &mut DbConn, giver: &EndUserId, id: &ShareId) -> Result<NewShare, StoreError> {
    let rows: Vec<ShareRow> =
        Select::new("SELECT site_id, receiver_id FROM shares WHERE ended_at IS NULL AND giver_kind = ")
            .text(GiverKind::EndUser.as_str())
            .sql(" AND giver_id = ")
            .text(giver.as_str())
            .sql(" AND id = ")
            .text(id.as_str())
            .load(conn)?;
    let row = rows.into_iter().next().ok_or(StoreError::NotFound)?;
    Ok(NewShare {
        id: id.clone(),
        site_id: read(row.site_id, "shares.site_id")?,
        giver_kind: GiverKind::EndUser,
        giver_id: giver.to_string(),
        receiver_id: read(row.receiver_id, "shares.receiver_id")?,
        channels: Vec::new(),
    })
}

fn channels_now(conn: &mut DbConn, id: &ShareId) -> Result<Vec<SharedChannel>, StoreError> {
    let rows: Vec<ChannelRow> =
        Select::new("SELECT device_id, channel, permissions FROM share_channels WHERE share_id = ")
            .text(id.as_str())
            .load(conn)?;
    let read = |row: ChannelRow| {
        let unreadable = |_| StoreError::Unreadable { column: "share_channels.permissions" };
        Ok(SharedChannel {
            device_id: read(row.device_id, "share_channels.device_id")?,
            channel: number(row.channel, "share_channels.channel")?,
            permissions: serde_json::from_str(&row.permissions).map_err(unreadable)?,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Leaves exactly these channels in a share; whether that changed anything.
fn replace(
    conn: &mut DbConn,
    id: &ShareId,
    before: &[SharedChannel],
    channels: &[SharedChannel],
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let is_at =
        |one: &SharedChannel, other: &SharedChannel| one.device_id == other.device_id && one.channel == other.channel;
    let gone = before.iter().filter(|one| !channels.iter().any(|channel| is_at(one, channel)));
    let changed = take_out(conn, id, gone)?;
    let new: Vec<SharedChannel> = channels.iter().filter(|channel| !before.contains(channel)).cloned().collect();
    put_channels(conn, id, &new, now)?;
    Ok(changed || !new.is_empty())
}

/// Takes channels out of a share; whether there were any.
fn take_out<'a>(
    conn: &mut DbConn,
    id: &ShareId,
    gone: impl Iterator<Item = &'a SharedChannel>,
) -> Result<bool, StoreError> {
    let mut changed = false;
    for gone in gone {
        Select::new("DELETE FROM share_channels WHERE share_id = ")
            .text(id.as_str())
            .sql(" AND device_id = ")
            .text(gone.device_id.as_str())
            .sql(" AND channel = ")
            .number(i64::from(gone.channel))
            .execute(conn)?;
        changed = true;
    }
    Ok(changed)
}
