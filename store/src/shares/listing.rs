//! What is shared of a site and with whom, and what somebody receives.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use siteward_domain::share::GiverKind;
use siteward_domain::{DeviceId, EndUserId, ShareId, SiteId};

use super::count;
use super::showing::{Of, ReceivedChannel, channels_of};
use crate::columns::{read, time, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::select::Select;

/// Shares that are read at most.
const MOST_SHARES: i64 = 10_000;
/// After so many channels a page ends, however few shares are on it.
pub const MOST_SHOWN: i64 = 500;

/// A share as whoever gives it sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Its id.
    pub id: ShareId,
    /// Who receives it.
    pub receiver_id: EndUserId,
    /// Their name.
    pub receiver_name: String,
    /// Their e-mail address.
    pub receiver_email: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// What is shared.
    pub channels: Vec<ReceivedChannel>,
}

/// A share as its receiver sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Its id.
    pub id: ShareId,
    /// The name of the site.
    pub site_name: String,
    /// Its address; may be empty.
    pub site_address: String,
    /// The receiver's own name for it.
    pub name: Option<String>,
    /// The name of the company or of the person who gives it.
    pub giver_name: String,
    /// Which of the two.
    pub giver_kind: GiverKind,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// What is shared.
    pub channels: Vec<ReceivedChannel>,
}

/// A share as the owner who gives it sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The site.
    pub site_id: SiteId,
    /// Its name.
    pub site_name: String,
    /// Who receives what.
    pub share: Share,
}

/// Who is to be told of a share, and what of it is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldShare {
    /// Who receives it, or did.
    pub receiver_id: EndUserId,
    /// The site's name.
    pub site_name: String,
    /// The name of the person or company that gives it; empty where their account is gone.
    pub giver_name: String,
}

#[derive(QueryableByName)]
struct ToldRow {
    #[diesel(sql_type = Text)]
    receiver_id: String,
    #[diesel(sql_type = Text)]
    site_name: String,
    #[diesel(sql_type = Text)]
    giver_name: String,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    receiver_id: String,
    #[diesel(sql_type = Text)]
    receiver_name: String,
    #[diesel(sql_type = Text)]
    receiver_email: String,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    site_name: String,
    #[diesel(sql_type = Text)]
    site_address: String,
    #[diesel(sql_type = BigInt)]
    channels: i64,
    #[diesel(sql_type = Nullable<Text>)]
    name: Option<String>,
    #[diesel(sql_type = Text)]
    giver_kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    giver_name: Option<String>,
}

/// Shares that hold.
const SHARES: &str = "SELECT s.id, s.receiver_id, u.name AS receiver_name, u.email AS receiver_email, s.created_at,
    t.id AS site_id, t.name AS site_name, t.address AS site_address, s.name, s.giver_kind,
    coalesce(c.name, g.name) AS giver_name, (SELECT count(*) FROM share_channels n WHERE n.share_id = s.id) AS channels
    FROM shares s JOIN end_users u ON u.id = s.receiver_id JOIN sites t ON t.id = s.site_id
    LEFT JOIN companies c ON s.giver_kind = 'company' AND c.id = s.giver_id
    LEFT JOIN end_users g ON s.giver_kind = 'end_user' AND g.id = s.giver_id
    WHERE s.ended_at IS NULL AND t.closing_at IS NULL";

/// What a company or an owner shares of a site, oldest first.
pub fn list_of_site(
    conn: &mut DbConn,
    site: &SiteId,
    (kind, giver): (GiverKind, &str),
) -> Result<Vec<Share>, StoreError> {
    let query = Select::new(SHARES).sql(" AND s.site_id = ").text(site.as_str());
    shares(conn, query.sql(" AND s.giver_kind = ").text(kind.as_str()).sql(" AND s.giver_id = ").text(giver))
}

/// A share by its id, as whoever gives it sees it.
pub fn find_share(
    conn: &mut DbConn,
    site: &SiteId,
    giver: (GiverKind, &str),
    id: &ShareId,
) -> Result<Option<Share>, StoreError> {
    Ok(list_of_site(conn, site, giver)?.into_iter().find(|share| share.id == *id))
}

/// Whether somebody with this address receives channels of a site from a giver (R-G5).
pub fn is_received_by(
    conn: &mut DbConn,
    site: &SiteId,
    (kind, giver): (GiverKind, &str),
    email: &str,
) -> Result<bool, StoreError> {
    let query = Select::new(
        "SELECT count(*) AS count FROM shares s JOIN end_users u ON u.id = s.receiver_id
         WHERE s.ended_at IS NULL AND s.site_id = ",
    )
    .text(site.as_str())
    .sql(" AND s.giver_kind = ")
    .text(kind.as_str())
    .sql(" AND s.giver_id = ")
    .text(giver)
    .sql(" AND u.email_lower = ")
    .text(email.to_lowercase());
    Ok(count(conn, query)? > 0)
}

/// What somebody receives, oldest first; not while the customer's use of the site is disabled (rental). A page ends early after
/// [`MOST_SHOWN`] channels.
pub fn list_received(
    conn: &mut DbConn,
    receiver: &EndUserId,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<Received>, StoreError> {
    let query = Select::new(SHARES).sql(" AND t.suspended_at IS NULL AND s.receiver_id = ").text(receiver.as_str());
    let (rows, next_cursor) = page(conn, query, cursor, limit)?;
    let mut channels = channels_of(conn, Of::Shares, rows.iter().map(|row| row.id.as_str()))?;
    let read = |row: Row| {
        Ok(Received {
            channels: channels.remove(&row.id).unwrap_or_default(),
            id: read(row.id, "shares.id")?,
            site_name: row.site_name,
            site_address: row.site_address,
            name: row.name,
            giver_name: row.giver_name.unwrap_or_default(),
            giver_kind: word(GiverKind::from_stored(&row.giver_kind), "shares.giver_kind")?,
            created_at: time(row.created_at)?,
        })
    };
    Ok(Page { items: rows.into_iter().map(read).collect::<Result<_, StoreError>>()?, next_cursor })
}

/// What an owner gives, of one device or to one receiver where that is asked for, oldest first. A page ends early after [`MOST_SHOWN`] channels.
pub fn list_given(
    conn: &mut DbConn,
    giver: &EndUserId,
    (device, receiver): (Option<&DeviceId>, Option<&EndUserId>),
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<Given>, StoreError> {
    let mut query = of_owner(giver);
    if let Some(device) = device {
        query = query
            .sql(" AND EXISTS (SELECT 1 FROM share_channels h WHERE h.share_id = s.id AND h.device_id = ")
            .text(device.as_str())
            .sql(")");
    }
    if let Some(receiver) = receiver {
        query = query.sql(" AND s.receiver_id = ").text(receiver.as_str());
    }
    let (rows, next_cursor) = page(conn, query, cursor, limit)?;
    Ok(Page { items: given(conn, rows)?, next_cursor })
}

/// A share that an owner gives. [`StoreError::NotFound`] where it is not theirs or over.
pub fn get_given(conn: &mut DbConn, giver: &EndUserId, id: &ShareId) -> Result<Given, StoreError> {
    let rows: Vec<Row> = of_owner(giver).sql(" AND s.id = ").text(id.as_str()).load(conn)?;
    given(conn, rows)?.into_iter().next().ok_or(StoreError::NotFound)
}

/// What a mail about a share names, whether it holds or is over; `None`: it is gone with its site or receiver.
pub fn find_told(conn: &mut DbConn, id: &ShareId) -> Result<Option<ToldShare>, StoreError> {
    let rows: Vec<ToldRow> = Select::new(
        "SELECT s.receiver_id, t.name AS site_name, coalesce(c.name, g.name, '') AS giver_name
         FROM shares s JOIN sites t ON t.id = s.site_id
         LEFT JOIN companies c ON s.giver_kind = 'company' AND c.id = s.giver_id
         LEFT JOIN end_users g ON s.giver_kind = 'end_user' AND g.id = s.giver_id WHERE s.id = ",
    )
    .text(id.as_str())
    .load(conn)?;
    let read = |row: ToldRow| {
        Ok(ToldShare {
            receiver_id: read(row.receiver_id, "shares.receiver_id")?,
            site_name: row.site_name,
            giver_name: row.giver_name,
        })
    };
    rows.into_iter().next().map(read).transpose()
}

fn of_owner(giver: &EndUserId) -> Select {
    Select::new(SHARES).sql(" AND s.giver_kind = 'end_user' AND s.giver_id = ").text(giver.as_str())
}

/// Reads a page, at least one share of it.
fn page(
    conn: &mut DbConn,
    query: Select,
    cursor: Option<&str>,
    limit: u32,
) -> Result<(Vec<Row>, Option<String>), StoreError> {
    let query = match cursor {
        Some(cursor) => {
            let [id] = page::decode(cursor)?;
            query.sql(" AND s.id > ").text(id)
        }
        None => query,
    };
    let rows: Vec<Row> = query.sql(" ORDER BY s.id LIMIT ").number(page::rows_to_read(limit)).load(conn)?;
    let mut channels = 0;
    let fits = rows.iter().take_while(|row| {
        let is_full = channels >= MOST_SHOWN;
        channels += row.channels;
        !is_full
    });
    let shown = u32::try_from(fits.count()).unwrap_or(limit).min(limit);
    Ok(page::cut(rows, shown, |row| vec![row.id.clone()]))
}

fn given(conn: &mut DbConn, rows: Vec<Row>) -> Result<Vec<Given>, StoreError> {
    let mut channels = channels_of(conn, Of::Shares, rows.iter().map(|row| row.id.as_str()))?;
    let given = |row: Row| {
        let channels = channels.remove(&row.id).unwrap_or_default();
        Ok(Given {
            site_id: read(row.site_id.clone(), "shares.site_id")?,
            site_name: row.site_name.clone(),
            share: share(row, channels)?,
        })
    };
    rows.into_iter().map(given).collect()
}

fn shares(conn: &mut DbConn, query: Select) -> Result<Vec<Share>, StoreError> {
    let rows: Vec<Row> = query.sql(" ORDER BY s.id LIMIT ").number(MOST_SHARES).load(conn)?;
    let mut channels = channels_of(conn, Of::Shares, rows.iter().map(|row| row.id.as_str()))?;
    let read = |row: Row| {
        let channels = channels.remove(&row.id).unwrap_or_default();
        share(row, channels)
    };
    rows.into_iter().map(read).collect()
}

fn share(row: Row, channels: Vec<ReceivedChannel>) -> Result<Share, StoreError> {
    Ok(Share {
        id: read(row.id, "shares.id")?,
        receiver_id: read(row.receiver_id, "shares.receiver_id")?,
        receiver_name: row.receiver_name,
        receiver_email: row.receiver_email,
        created_at: time(row.created_at)?,
        channels,
    })
}
