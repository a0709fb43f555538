//! What an owner changes of a share: its channels and what may be done with them (R-E7).

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Integer, Text};
use serde_json::json;
use siteward_domain::share::{GiverKind, SharedChannel};
use siteward_domain::{EndUserId, ShareId};

use super::giving::{hold, put_channels, refusal, settle};
use super::telling::{Told, tell};
use super::{NewShare, ShareRefusal};
use crate::columns::read;
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

/// From now on a share that an owner gives has these channels and no others; `false`: it had them before. [`StoreError::NotFound`] where it
/// is not theirs or over, or its site stands still (rental).
pub fn change_given(
    conn: &mut DbConn,
    giver: &EndUserId,
    id: &ShareId,
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
    let channels = match settle(conn, &share.site_id, channels)? {
        Ok(channels) => channels,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let Some(refusal) = refusal(conn, &share, &held, &channels)? {
        return Ok(Err(refusal));
    }
    if !replace(conn, id, &channels)? {
        return Ok(Ok(false));
    }
    tell(conn, &[Told { id: id.clone(), site_id: share.site_id, state: "changed" }], actor, now)?;
    Ok(Ok(true))
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

/// Leaves exactly these channels in a share; whether that changed anything.
fn replace(conn: &mut DbConn, id: &ShareId, channels: &[SharedChannel]) -> Result<bool, StoreError> {
    let before: Vec<ChannelRow> =
        Select::new("SELECT device_id, channel, permissions FROM share_channels WHERE share_id = ")
            .text(id.as_str())
            .load(conn)?;
    let is_at = |row: &ChannelRow, channel: &SharedChannel| {
        row.device_id == channel.device_id.as_str() && i64::from(row.channel) == i64::from(channel.channel)
    };
    let mut changed = false;
    for row in before.iter().filter(|row| !channels.iter().any(|channel| is_at(row, channel))) {
        Select::new("DELETE FROM share_channels WHERE share_id = ")
            .text(id.as_str())
            .sql(" AND device_id = ")
            .text(&row.device_id)
            .sql(" AND channel = ")
            .number(i64::from(row.channel))
            .execute(conn)?;
        changed = true;
    }
    let is_new = |channel: &&SharedChannel| {
        let permissions = json!(channel.permissions).to_string();
        !before.iter().any(|row| is_at(row, channel) && row.permissions == permissions)
    };
    let new: Vec<SharedChannel> = channels.iter().filter(is_new).cloned().collect();
    put_channels(conn, id, &new)?;
    Ok(changed || !new.is_empty())
}
