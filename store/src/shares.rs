//! Shares: channels of a site that somebody may use who does not own it (R-G5, R-E2, R-E3). Given by the company that kept the site,
//! or by its owner.

mod listing;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use serde_json::json;
use siteward_domain::device::DeviceKind;
use siteward_domain::event::EventKind;
use siteward_domain::share::{
    GiverKind, MOST_CHANNELS, MOST_GIVERS, MOST_RECEIVERS, ShareEnd, SharePermission, SharedChannel,
};
use siteward_domain::{CompanyId, DeviceId, EndUserId, ShareId, SiteId};

use crate::columns::{micros, read, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::panels;
use crate::select::Select;

pub use listing::{Received, ReceivedChannel, Share, find_share, is_received_by, list_of_site, list_received};

/// A share to give.
#[derive(Debug, Clone)]
pub struct NewShare {
    /// Its id.
    pub id: ShareId,
    /// The site.
    pub site_id: SiteId,
    /// Whether its company or its owner gives it.
    pub giver_kind: GiverKind,
    /// The id of either.
    pub giver_id: String,
    /// Who receives it.
    pub receiver_id: EndUserId,
    /// The channels. Permissions that a device of its kind has not are left out, and live pictures put in.
    pub channels: Vec<SharedChannel>,
}

/// Why a share is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ShareRefusal {
    /// They receive channels of this site from this giver already (R-G5).
    AlreadyReceives,
    /// The receiver is the owner of the site.
    IsOwner,
    /// A channel is shared with as many as it may (R-E3).
    ChannelIsFull,
    /// The receiver receives from as many as they may (R-E3).
    ReceiverIsFull,
    /// Nothing of what is named is on the site.
    NothingToShare,
}

#[derive(QueryableByName)]
struct SiteRow {
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    owner_id: String,
}

#[derive(QueryableByName)]
struct DeviceRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct EndedRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
}

/// Gives a share, or says why not. Of two that want the last place one gets it. [`StoreError::NotFound`] where the site or the
/// receiver is gone.
pub fn give(
    conn: &mut DbConn,
    new: &NewShare,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<Result<(), ShareRefusal>, StoreError> {
    let site = hold(conn, new)?;
    let channels = settle(conn, new)?;
    if let Some(refusal) = refusal(conn, new, &site, &channels)? {
        return Ok(Err(refusal));
    }
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
    for channel in &channels {
        Select::new("INSERT INTO share_channels (share_id, device_id, channel, permissions) VALUES (")
            .text(new.id.as_str())
            .sql(", ")
            .text(channel.device_id.as_str())
            .sql(", ")
            .number(i64::from(channel.channel))
            .sql(", ")
            .text(json!(channel.permissions).to_string())
            .sql(")")
            .execute(conn)?;
    }
    let company = read(site.company_id, "sites.company_id")?;
    tell(conn, &company, &new.site_id, &new.id, "given", actor, now).map(Ok)
}

/// Holds the site and the receiver until the commit: what is counted of them stays true.
fn hold(conn: &mut DbConn, new: &NewShare) -> Result<SiteRow, StoreError> {
    let lock = match conn {
        DbConn::Sqlite(_) => "",
        DbConn::Postgresql(_) => " FOR UPDATE",
    };
    let rows: Vec<SiteRow> = Select::new(
        "SELECT company_id, coalesce(owner_id, '') AS owner_id FROM sites WHERE closing_at IS NULL AND id = ",
    )
    .text(new.site_id.as_str())
    .sql(lock)
    .load(conn)?;
    let site = rows.into_iter().next().ok_or(StoreError::NotFound)?;
    let receivers: Vec<EndedRow> = Select::new("SELECT id, id AS site_id FROM end_users WHERE id = ")
        .text(new.receiver_id.as_str())
        .sql(lock)
        .load(conn)?;
    if receivers.is_empty() { Err(StoreError::NotFound) } else { Ok(site) }
}

/// The channels that are on the site, each once, each with what can be shared of it.
fn settle(conn: &mut DbConn, new: &NewShare) -> Result<Vec<SharedChannel>, StoreError> {
    let devices: Vec<DeviceRow> = Select::new("SELECT id, kind FROM devices WHERE site_id = ")
        .text(new.site_id.as_str())
        .sql(" ORDER BY id")
        .load(conn)?;
    let mut settled: Vec<SharedChannel> = Vec::new();
    for channel in new.channels.iter().take(MOST_CHANNELS) {
        let Some(device) = devices.iter().find(|device| device.id == channel.device_id.as_str()) else { continue };
        if settled.iter().any(|other| other.device_id == channel.device_id && other.channel == channel.channel) {
            continue;
        }
        let kind = word(DeviceKind::from_stored(&device.kind), "devices.kind")?;
        let permissions = SharePermission::settled(kind, &channel.permissions);
        if !permissions.is_empty() {
            settled.push(SharedChannel { permissions, ..channel.clone() });
        }
    }
    Ok(settled)
}

fn refusal(
    conn: &mut DbConn,
    new: &NewShare,
    site: &SiteRow,
    channels: &[SharedChannel],
) -> Result<Option<ShareRefusal>, StoreError> {
    let receiver = new.receiver_id.as_str();
    if site.owner_id == receiver {
        return Ok(Some(ShareRefusal::IsOwner));
    }
    let there = Select::new("SELECT count(*) AS count FROM shares WHERE ended_at IS NULL AND site_id = ")
        .text(new.site_id.as_str())
        .sql(" AND giver_kind = ")
        .text(new.giver_kind.as_str())
        .sql(" AND giver_id = ")
        .text(&new.giver_id)
        .sql(" AND receiver_id = ")
        .text(receiver);
    if count(conn, there)? > 0 {
        return Ok(Some(ShareRefusal::AlreadyReceives));
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
        .number(i64::from(channel.channel));
        if count(conn, receivers)? >= MOST_RECEIVERS {
            return Ok(Some(ShareRefusal::ChannelIsFull));
        }
    }
    Ok(None)
}

fn count(conn: &mut DbConn, query: Select) -> Result<usize, StoreError> {
    let rows: Vec<Count> = query.load(conn)?;
    Ok(rows.first().and_then(|row| usize::try_from(row.count).ok()).unwrap_or_default())
}

/// The receiver's own name for a share; an empty one takes it away.
pub fn rename(conn: &mut DbConn, id: &ShareId, receiver: &EndUserId, name: &str) -> Result<(), StoreError> {
    let update = Select::new("UPDATE shares SET name = ");
    let update = if name.is_empty() { update.sql("NULL") } else { update.text(name) };
    let changed = update
        .sql(" WHERE ended_at IS NULL AND receiver_id = ")
        .text(receiver.as_str())
        .sql(" AND id = ")
        .text(id.as_str())
        .execute(conn)?;
    if changed == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Whoever gave a share of a site takes it back. [`StoreError::NotFound`] where it is not theirs or over.
pub fn remove(
    conn: &mut DbConn,
    site: &SiteId,
    (kind, giver): (GiverKind, &str),
    id: &ShareId,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let which = Select::new(" AND site_id = ")
        .text(site.as_str())
        .sql(" AND giver_kind = ")
        .text(kind.as_str())
        .sql(" AND giver_id = ")
        .text(giver)
        .sql(" AND id = ")
        .text(id.as_str());
    let ended = end(conn, which, ShareEnd::Removed, actor, now)?;
    if ended == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// A receiver gives a share up. [`StoreError::NotFound`] where it is not theirs or over.
pub fn leave(
    conn: &mut DbConn,
    receiver: &EndUserId,
    id: &ShareId,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let which = Select::new(" AND receiver_id = ").text(receiver.as_str()).sql(" AND id = ").text(id.as_str());
    let ended = end(conn, which, ShareEnd::Left, actor, now)?;
    if ended == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Ends all that somebody gives of a site.
pub fn end_of_giver(
    conn: &mut DbConn,
    site: &SiteId,
    kind: GiverKind,
    giver: &str,
    because: ShareEnd,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let which = Select::new(" AND site_id = ")
        .text(site.as_str())
        .sql(" AND giver_kind = ")
        .text(kind.as_str())
        .sql(" AND giver_id = ")
        .text(giver);
    end(conn, which, because, "system", now).map(drop)
}

/// Ends all that somebody receives, before their account is deleted.
pub fn end_of_receiver(conn: &mut DbConn, receiver: &EndUserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let which = Select::new(" AND receiver_id = ").text(receiver.as_str());
    end(conn, which, ShareEnd::AccountDeleted, "system", now).map(drop)
}

/// A device was moved: what was shared of it stays behind, and is shared no more.
pub(crate) fn follow_move(
    conn: &mut DbConn,
    device: &DeviceId,
    from_site: &SiteId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    Select::new("DELETE FROM share_channels WHERE device_id = ")
        .text(device.as_str())
        .sql(" AND share_id IN (SELECT id FROM shares WHERE site_id = ")
        .text(from_site.as_str())
        .sql(")")
        .execute(conn)?;
    end_empty(conn, from_site, now)
}

/// Ends what is shared of a site where nothing of it is there any more. As an event, it comes last in a transaction.
pub(crate) fn end_empty(conn: &mut DbConn, site: &SiteId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let which = Select::new(" AND site_id = ")
        .text(site.as_str())
        .sql(" AND NOT EXISTS (SELECT 1 FROM share_channels c WHERE c.share_id = shares.id)");
    end(conn, which, ShareEnd::DeviceGone, "system", now).map(drop)
}

fn end(
    conn: &mut DbConn,
    which: Select,
    because: ShareEnd,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let ended: Vec<EndedRow> = Select::new("UPDATE shares SET ended_at = ")
        .number(micros(now))
        .sql(", ended_because = ")
        .text(because.as_str())
        .sql(" WHERE ended_at IS NULL")
        .then(which)
        .sql(" RETURNING id, site_id")
        .load(conn)?;
    for share in &ended {
        let sites: Vec<SiteRow> =
            Select::new("SELECT company_id, '' AS owner_id FROM sites WHERE id = ").text(&share.site_id).load(conn)?;
        if let Some(site) = sites.into_iter().next() {
            let company = read(site.company_id, "sites.company_id")?;
            let (site, id) = (read(share.site_id.clone(), "shares.site_id")?, read(share.id.clone(), "shares.id")?);
            tell(conn, &company, &site, &id, because.as_str(), actor, now)?;
        }
    }
    Ok(ended.len())
}

fn tell(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    id: &ShareId,
    state: &str,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let event = NewEvent {
        company_id: company.clone(),
        site_id: Some(site.clone()),
        device_id: None,
        kind: EventKind::SharesChanged,
        actor: actor.to_owned(),
        at: now,
        data: json!({ "share_id": id, "state": state }),
    };
    // A receiver has an account on panels that are shared.
    panels::touch_site(conn, company, site, now)?;
    events::append(conn, &event)
}

/// The id of a device, as the lists read it.
fn device_id(text: String) -> Result<DeviceId, StoreError> {
    read(text, "share_channels.device_id")
}

#[cfg(test)]
mod tests;
