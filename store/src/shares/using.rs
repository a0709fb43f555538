//! Shares in use: whether somebody may do something with a channel at this instant, and whose first use of it that is.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Integer, Text};
use serde_json::json;
use siteward_domain::share::SharePermission;
use siteward_domain::{DeviceId, EndUserId, ShareId, SiteId};

use super::count;
use crate::access_log::{self, Actor, NewEntry};
use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// As what somebody uses a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Use {
    /// It is theirs.
    Owner,
    /// It is shared with them.
    Receiver {
        /// The share that allows it.
        share_id: ShareId,
        /// The site that it is of.
        site_id: SiteId,
    },
}

/// Why somebody may not use a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UseRefusal {
    /// It is neither theirs nor shared with them: for them it is not there.
    NotFound,
    /// It is shared with them, but not this.
    NotShared,
    /// The use of the site stands still (rental).
    Suspended,
}

#[derive(QueryableByName)]
struct DeviceRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    owner_id: String,
    #[diesel(sql_type = Integer)]
    suspended: i32,
}

#[derive(QueryableByName)]
struct ShareRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    permissions: String,
}

/// Whether somebody may do something with a channel now, as its owner or as a receiver. Nothing is written.
pub fn may_see(
    conn: &mut DbConn,
    end_user: &EndUserId,
    device: &DeviceId,
    channel: u32,
    permission: SharePermission,
) -> Result<Result<Use, UseRefusal>, StoreError> {
    Ok(look(conn, end_user, device, channel, permission)?.map(|(used, _)| used))
}

/// As [`may_see`], to be asked for each use: the first of each permission of a channel is noted in the access log of its owner.
pub fn may_use(
    conn: &mut DbConn,
    end_user: &EndUserId,
    device: &DeviceId,
    channel: u32,
    permission: SharePermission,
    now: DateTime<Utc>,
) -> Result<Result<Use, UseRefusal>, StoreError> {
    let (used, device_name) = match look(conn, end_user, device, channel, permission)? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let Use::Receiver { share_id, site_id } = &used
        && is_first(conn, share_id, device, channel, permission, now)?
    {
        let entry = NewEntry {
            site_id: site_id.clone(),
            actor: Actor::EndUser(end_user.clone()),
            company: None,
            action: "share_used",
            device: Some((device.clone(), device_name)),
            detail: json!({ "channel": channel, "permission": permission }),
        };
        access_log::append_if_owned(conn, &entry, now)?;
    }
    Ok(Ok(used))
}

fn look(
    conn: &mut DbConn,
    end_user: &EndUserId,
    device: &DeviceId,
    channel: u32,
    permission: SharePermission,
) -> Result<Result<(Use, String), UseRefusal>, StoreError> {
    let rows: Vec<DeviceRow> = Select::new(
        "SELECT d.name, d.site_id, coalesce(t.owner_id, '') AS owner_id,
         CASE WHEN t.suspended_at IS NULL THEN 0 ELSE 1 END AS suspended
         FROM devices d JOIN sites t ON t.id = d.site_id WHERE t.closing_at IS NULL AND d.id = ",
    )
    .text(device.as_str())
    .load(conn)?;
    let Some(found) = rows.into_iter().next() else { return Ok(Err(UseRefusal::NotFound)) };
    let stands_still = found.suspended != 0;
    if found.owner_id == end_user.as_str() {
        return Ok(if stands_still { Err(UseRefusal::Suspended) } else { Ok((Use::Owner, found.name)) });
    }
    let shares: Vec<ShareRow> = Select::new(
        "SELECT s.id, c.permissions FROM shares s JOIN share_channels c ON c.share_id = s.id
         WHERE s.ended_at IS NULL AND s.receiver_id = ",
    )
    .text(end_user.as_str())
    .sql(" AND s.site_id = ")
    .text(&found.site_id)
    .sql(" AND c.device_id = ")
    .text(device.as_str())
    .sql(" AND c.channel = ")
    .number(i64::from(channel))
    .sql(" ORDER BY s.id LIMIT 10")
    .load(conn)?;
    if shares.is_empty() {
        return Ok(Err(UseRefusal::NotFound));
    }
    if stands_still {
        return Ok(Err(UseRefusal::Suspended));
    }
    for share in shares {
        let unreadable = |_| StoreError::Unreadable { column: "share_channels.permissions" };
        let permissions: Vec<SharePermission> = serde_json::from_str(&share.permissions).map_err(unreadable)?;
        if permissions.contains(&permission) {
            let used = Use::Receiver {
                share_id: read(share.id, "shares.id")?,
                site_id: read(found.site_id, "devices.site_id")?,
            };
            return Ok(Ok((used, found.name)));
        }
    }
    Ok(Err(UseRefusal::NotShared))
}

/// Notes the first use; of two at the same instant one is the first.
fn is_first(
    conn: &mut DbConn,
    share: &ShareId,
    device: &DeviceId,
    channel: u32,
    permission: SharePermission,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let noted = Select::new("SELECT count(*) AS count FROM share_uses WHERE share_id = ")
        .text(share.as_str())
        .sql(" AND device_id = ")
        .text(device.as_str())
        .sql(" AND channel = ")
        .number(i64::from(channel))
        .sql(" AND permission = ")
        .text(permission.as_str());
    if count(conn, noted)? > 0 {
        return Ok(false);
    }
    let written = Select::new("INSERT INTO share_uses (share_id, device_id, channel, permission, first_at) VALUES (")
        .text(share.as_str())
        .sql(", ")
        .text(device.as_str())
        .sql(", ")
        .number(i64::from(channel))
        .sql(", ")
        .text(permission.as_str())
        .sql(", ")
        .number(micros(now))
        .sql(") ON CONFLICT DO NOTHING")
        .execute(conn)?;
    Ok(written > 0)
}
