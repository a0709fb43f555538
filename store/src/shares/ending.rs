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
    let told = ended.into_iter().map(|row| {
        Ok(Told {
            id: read(row.id, "shares.id")?,
            site_id: read(row.site_id, "shares.site_id")?,
            state: because.as_str(),
        })
    });
    let told = told.collect::<Result<Vec<_>, StoreError>>()?;
    tell(conn, &told, actor, now)?;
    Ok(told.len())
}
