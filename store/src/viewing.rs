//! What an end user may do with the channels of a device: all of it as its owner, what is shared as a receiver.

use std::collections::BTreeMap;

use diesel::QueryableByName;
use diesel::sql_types::{Integer, Nullable, Text};
use siteward_domain::device::DeviceKind;
use siteward_domain::share::SharePermission;
use siteward_domain::{CompanyId, DeviceId, EndUserId, ShareId, SiteId};

use crate::columns::{number, read, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// A device as somebody who may use it sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewed {
    /// The company that keeps it.
    pub company_id: CompanyId,
    /// Its site.
    pub site_id: SiteId,
    /// The site's name.
    pub site_name: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Its serial, where it has one.
    pub serial: Option<String>,
    /// What is shared of it, by channel; `None`: it is the end user's own.
    pub shared: Option<BTreeMap<u32, Vec<SharePermission>>>,
    /// The shares that it is part of.
    pub shares: Vec<ShareId>,
}

#[derive(QueryableByName)]
struct DeviceRow {
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    site_name: String,
    #[diesel(sql_type = Text)]
    owner_id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    serial: Option<String>,
}

#[derive(QueryableByName)]
struct ChannelRow {
    #[diesel(sql_type = Text)]
    share_id: String,
    #[diesel(sql_type = Integer)]
    channel: i32,
    #[diesel(sql_type = Text)]
    permissions: String,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Integer)]
    found: i32,
}

/// A device of the end user's own, or one that is shared with them; [`StoreError::NotFound`] where it is neither, or its site
/// stands still (rental).
pub fn get_viewed(conn: &mut DbConn, end_user: &EndUserId, device: &DeviceId) -> Result<Viewed, StoreError> {
    let rows: Vec<DeviceRow> = Select::new(
        "SELECT d.company_id, d.site_id, t.name AS site_name, coalesce(t.owner_id, '') AS owner_id, d.name, d.kind, d.serial
         FROM devices d JOIN sites t ON t.id = d.site_id
         WHERE t.closing_at IS NULL AND t.suspended_at IS NULL AND d.id = ",
    )
    .text(device.as_str())
    .load(conn)?;
    let row = rows.into_iter().next().ok_or(StoreError::NotFound)?;
    let (mut shared, mut shares) = (None, Vec::new());
    if row.owner_id != end_user.as_str() {
        let channels = shared_channels(conn, end_user, device, &row.site_id)?;
        if channels.is_empty() {
            return Err(StoreError::NotFound);
        }
        let mut merged: BTreeMap<u32, Vec<SharePermission>> = BTreeMap::new();
        for (share, channel, permissions) in channels {
            if !shares.contains(&share) {
                shares.push(share);
            }
            let all = merged.entry(channel).or_default();
            all.extend(permissions.into_iter().filter(|permission| !all.contains(permission)).collect::<Vec<_>>());
        }
        shared = Some(merged);
    }
    Ok(Viewed {
        company_id: read(row.company_id, "devices.company_id")?,
        site_id: read(row.site_id, "devices.site_id")?,
        site_name: row.site_name,
        name: row.name,
        kind: word(DeviceKind::from_stored(&row.kind), "devices.kind")?,
        serial: row.serial,
        shared,
        shares,
    })
}

fn shared_channels(
    conn: &mut DbConn,
    end_user: &EndUserId,
    device: &DeviceId,
    site: &str,
) -> Result<Vec<(ShareId, u32, Vec<SharePermission>)>, StoreError> {
    let rows: Vec<ChannelRow> = Select::new(
        "SELECT c.share_id, c.channel, c.permissions FROM shares s JOIN share_channels c ON c.share_id = s.id
         WHERE s.ended_at IS NULL AND s.receiver_id = ",
    )
    .text(end_user.as_str())
    .sql(" AND s.site_id = ")
    .text(site)
    .sql(" AND c.device_id = ")
    .text(device.as_str())
    .sql(" ORDER BY c.share_id, c.channel LIMIT 2048")
    .load(conn)?;
    let unreadable = |_| StoreError::Unreadable { column: "share_channels.permissions" };
    rows.into_iter()
        .map(|row| {
            Ok((
                read(row.share_id, "share_channels.share_id")?,
                number(row.channel, "share_channels.channel")?,
                serde_json::from_str(&row.permissions).map_err(unreadable)?,
            ))
        })
        .collect()
}

/// Whether the first use of a permission of a shared channel is noted already, so that further ones need write nothing.
pub fn is_noted(
    conn: &mut DbConn,
    share: &ShareId,
    device: &DeviceId,
    channel: u32,
    permission: SharePermission,
) -> Result<bool, StoreError> {
    let rows: Vec<Found> = Select::new("SELECT 1 AS found FROM share_uses WHERE share_id = ")
        .text(share.as_str())
        .sql(" AND device_id = ")
        .text(device.as_str())
        .sql(" AND channel = ")
        .number(i64::from(channel))
        .sql(" AND permission = ")
        .text(permission.as_str())
        .load(conn)?;
    Ok(rows.first().is_some_and(|row| row.found == 1))
}

#[cfg(test)]
mod tests;
