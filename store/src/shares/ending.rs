//! Shares that end: whoever ends them and whatever ends them, the receivers, the panels and the logs hear of it.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::Text;
use siteward_domain::share::{GiverKind, ShareEnd};
use siteward_domain::{DeviceId, EndUserId, ShareId, SiteId};

use super::telling::{Told, tell};
use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

#[derive(QueryableByName)]
struct EndedRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
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
    hold_sites(conn, which.clone())?;
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

/// Ends a share that an owner gives. [`StoreError::NotFound`] where it is not theirs or over.
pub fn remove_given(
    conn: &mut DbConn,
    giver: &EndUserId,
    id: &ShareId,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let which = of_owner(giver).sql(" AND id = ").text(id.as_str());
    hold_sites(conn, which.clone())?;
    let ended = end(conn, which, ShareEnd::Removed, actor, now)?;
    if ended == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Ends all that an owner shares with somebody, on whatever site. [`StoreError::NotFound`] where that is nothing.
pub fn remove_given_to(
    conn: &mut DbConn,
    giver: &EndUserId,
    receiver: &EndUserId,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let which = of_owner(giver).sql(" AND receiver_id = ").text(receiver.as_str());
    hold_sites(conn, which.clone())?;
    let ended = end(conn, which, ShareEnd::Removed, actor, now)?;
    if ended == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Holds the sites that somebody owns or receives shares of, before their region changes: whatever else is held comes after a site.
pub fn hold_sites_around(conn: &mut DbConn, end_user: &EndUserId) -> Result<(), StoreError> {
    let theirs = Select::new("owner_id = ")
        .text(end_user.as_str())
        .sql(" OR id IN (SELECT site_id FROM shares WHERE ended_at IS NULL AND receiver_id = ")
        .text(end_user.as_str())
        .sql(")");
    hold(conn, theirs)
}

/// Somebody moved to another region: what they share with others of another one, or receive from such, ends (R-E2). As an event, it comes
/// last in a transaction.
pub(crate) fn end_across_regions(
    conn: &mut DbConn,
    end_user: &EndUserId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let which = Select::new(" AND (receiver_id = ")
        .text(end_user.as_str())
        .sql(" OR (giver_kind = 'end_user' AND giver_id = ")
        .text(end_user.as_str())
        .sql(
            ")) AND (SELECT r.region FROM end_users r WHERE r.id = shares.receiver_id) <> CASE giver_kind
             WHEN 'company' THEN (SELECT c.region FROM companies c WHERE c.id = shares.giver_id)
             ELSE (SELECT g.region FROM end_users g WHERE g.id = shares.giver_id) END",
        );
    end(conn, which, ShareEnd::RegionDiffers, "system", now).map(drop)
}

/// Holds the sites of some open shares until the commit: nobody adds meanwhile to one that ends.
fn hold_sites(conn: &mut DbConn, which: Select) -> Result<(), StoreError> {
    let sites = Select::new("id IN (SELECT site_id FROM shares WHERE ended_at IS NULL");
    hold(conn, sites.then(which).sql(")"))
}

/// Holds sites in the order of their ids: two who do this at once never wait for each other.
fn hold(conn: &mut DbConn, which: Select) -> Result<(), StoreError> {
    if let DbConn::Postgresql(_) = conn {
        let query = Select::new("SELECT id, id AS site_id FROM sites WHERE ").then(which);
        let _held: Vec<EndedRow> = query.sql(" ORDER BY id FOR NO KEY UPDATE").load(conn)?;
    }
    Ok(())
}

/// A reason as the column keeps it, which knows no word for a change of regions.
fn stored(because: ShareEnd) -> &'static str {
    match because {
        ShareEnd::RegionDiffers => ShareEnd::Removed.as_str(),
        because => because.as_str(),
    }
}

fn of_owner(giver: &EndUserId) -> Select {
    Select::new(" AND giver_kind = ").text(GiverKind::EndUser.as_str()).sql(" AND giver_id = ").text(giver.as_str())
}

/// Shares that a device is part of, for [`lose_device`].
#[derive(Debug)]
pub(crate) struct Losing(Vec<(ShareId, SiteId)>);

/// The shares of a device that is about to go.
pub(crate) fn with_device(conn: &mut DbConn, device: &DeviceId) -> Result<Losing, StoreError> {
    let rows: Vec<EndedRow> = Select::new(
        "SELECT s.id, s.site_id FROM shares s WHERE s.ended_at IS NULL
         AND s.id IN (SELECT share_id FROM share_channels WHERE device_id = ",
    )
    .text(device.as_str())
    .sql(") ORDER BY s.id")
    .load(conn)?;
    let read = |row: EndedRow| Ok((read(row.id, "shares.id")?, read(row.site_id, "shares.site_id")?));
    rows.into_iter().map(read).collect::<Result<_, StoreError>>().map(Losing)
}

/// A device is gone from its site: shares without anything left end, the others are changed. As an event, it comes last in a
/// transaction.
pub(crate) fn lose_device(conn: &mut DbConn, losing: &Losing, now: DateTime<Utc>) -> Result<(), StoreError> {
    let which = Select::new(" AND id IN ")
        .texts(losing.0.iter().map(|(id, _)| id.as_str()))
        .sql(" AND NOT EXISTS (SELECT 1 FROM share_channels c WHERE c.share_id = shares.id)");
    let ended = mark_ended(conn, which, ShareEnd::DeviceGone, now)?;
    let changed = losing.0.iter().filter(|(id, _)| !ended.iter().any(|one| one.id == *id));
    let changed = changed.map(|(id, site)| Told { id: id.clone(), site_id: site.clone(), state: "changed" });
    let told: Vec<Told> = changed.chain(ended.iter().cloned()).collect();
    tell(conn, &told, "system", now)
}

/// A device was moved: what was shared of it stays behind, and is shared no more. As an event, it comes last in a transaction.
pub(crate) fn follow_move(conn: &mut DbConn, device: &DeviceId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let losing = with_device(conn, device)?;
    for table in ["share_channels", "share_offer_channels", "share_code_channels"] {
        Select::new("DELETE FROM ").sql(table).sql(" WHERE device_id = ").text(device.as_str()).execute(conn)?;
    }
    lose_device(conn, &losing, now)
}

fn end(
    conn: &mut DbConn,
    which: Select,
    because: ShareEnd,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let told = mark_ended(conn, which, because, now)?;
    tell(conn, &told, actor, now)?;
    Ok(told.len())
}

fn mark_ended(
    conn: &mut DbConn,
    which: Select,
    because: ShareEnd,
    now: DateTime<Utc>,
) -> Result<Vec<Told>, StoreError> {
    let ended: Vec<EndedRow> = Select::new("UPDATE shares SET ended_at = ")
        .number(micros(now))
        .sql(", ended_because = ")
        .text(stored(because))
        .sql(" WHERE ended_at IS NULL")
        .then(which)
        .sql(" RETURNING id, site_id")
        .load(conn)?;
    let told = ended.into_iter().map(|row| {
        let (id, site_id) = (read(row.id, "shares.id")?, read(row.site_id, "shares.site_id")?);
        Ok(Told { id, site_id, state: because.as_str() })
    });
    told.collect()
}
