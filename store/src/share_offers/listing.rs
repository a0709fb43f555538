//! Offers as they are read: by whoever made them, and by whoever has the login that they went to.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use siteward_domain::share::{AnswerState, OfferWay};
use siteward_domain::{CompanyId, EndUserId, ShareOfferId, SiteId};

use crate::columns::{read, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::select::Select;
use crate::shares::{Of, ReceivedChannel, channels_of};

/// Most offers that somebody is shown at once.
const MOST_RECEIVED: i64 = 100;

/// An offer as its giver sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareOffer {
    /// Its id.
    pub id: ShareOfferId,
    /// The site.
    pub site_id: SiteId,
    /// Its name.
    pub site_name: String,
    /// Whose rows those of the site are among.
    pub company_id: CompanyId,
    /// Who it went to: the login as the giver wrote it, or the name of whoever showed their QR.
    pub receiver: String,
    /// By what.
    pub way: OfferWay,
    /// Where it stands; *void* where the site is not the giver's any more, or nothing of it is there.
    pub state: AnswerState,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was answered or taken back.
    pub answered_at: Option<DateTime<Utc>>,
    /// Whether it was refused by somebody of another region, who could not have accepted it. Nobody is told before they answered.
    pub region_differs: bool,
    /// What is offered.
    pub channels: Vec<ReceivedChannel>,
}

/// An offer as whoever it went to sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// Its id.
    pub id: ShareOfferId,
    /// Who offers.
    pub giver_id: EndUserId,
    /// Their name.
    pub giver_name: String,
    /// The site.
    pub site_id: SiteId,
    /// Its name.
    pub site_name: String,
    /// Whose rows those of the site are among.
    pub company_id: CompanyId,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Whether the two are in different regions, so that it cannot be accepted (R-E2).
    pub region_differs: bool,
    /// What is offered.
    pub channels: Vec<ReceivedChannel>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    site_name: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    giver_id: String,
    #[diesel(sql_type = Text)]
    giver_name: String,
    #[diesel(sql_type = Text)]
    receiver_login: String,
    #[diesel(sql_type = Nullable<Text>)]
    receiver_name: Option<String>,
    #[diesel(sql_type = Text)]
    way: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    answered_at: Option<i64>,
    #[diesel(sql_type = Integer)]
    held: i32,
    #[diesel(sql_type = Integer)]
    differs: i32,
}

/// Offers, with whoever has the login that they went to: the account that had it when it was made, or has it now.
const OFFERS: &str =
    "SELECT o.id, o.site_id, t.name AS site_name, t.company_id, o.giver_id, g.name AS giver_name, o.receiver_login,
    u.name AS receiver_name, o.way, o.state, o.created_at, o.answered_at,
    CASE WHEN t.owner_id = o.giver_id AND t.closing_at IS NULL THEN 1 ELSE 0 END AS held,
    CASE WHEN u.region <> g.region THEN 1 ELSE 0 END AS differs
    FROM share_offers o JOIN sites t ON t.id = o.site_id JOIN end_users g ON g.id = o.giver_id
    LEFT JOIN end_users u ON u.id = ";

/// What an owner offered, newest first.
pub fn list_made(
    conn: &mut DbConn,
    giver: &EndUserId,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<ShareOffer>, StoreError> {
    let query = made(giver);
    let query = match cursor {
        Some(cursor) => {
            let [id] = page::decode(cursor)?;
            query.sql(" AND o.id < ").text(id)
        }
        None => query,
    };
    let rows: Vec<Row> = query.sql(" ORDER BY o.id DESC LIMIT ").number(page::rows_to_read(limit)).load(conn)?;
    let (rows, next_cursor) = page::cut(rows, limit, |row| vec![row.id.clone()]);
    Ok(Page { items: offers(conn, rows)?, next_cursor })
}

/// An offer that somebody made. [`StoreError::NotFound`] where it is not theirs.
pub fn get_made(conn: &mut DbConn, giver: &EndUserId, id: &ShareOfferId) -> Result<ShareOffer, StoreError> {
    let rows: Vec<Row> = made(giver).sql(" AND o.id = ").text(id.as_str()).load(conn)?;
    offers(conn, rows)?.into_iter().next().ok_or(StoreError::NotFound)
}

fn made(giver: &EndUserId) -> Select {
    Select::new(OFFERS).sql("o.receiver_id WHERE o.giver_id = ").text(giver.as_str())
}

fn offers(conn: &mut DbConn, rows: Vec<Row>) -> Result<Vec<ShareOffer>, StoreError> {
    let mut channels = channels_of(conn, Of::Offers, rows.iter().map(|row| row.id.as_str()))?;
    let read = |row: Row| {
        let channels = channels.remove(&row.id).unwrap_or_default();
        let kept = word(AnswerState::from_stored(&row.state), "share_offers.state")?;
        let is_void = kept == AnswerState::Pending && (row.held == 0 || channels.is_empty());
        let way = word(OfferWay::from_stored(&row.way), "share_offers.way")?;
        Ok(ShareOffer {
            id: read(row.id, "share_offers.id")?,
            site_id: read(row.site_id, "share_offers.site_id")?,
            site_name: row.site_name,
            company_id: read(row.company_id, "sites.company_id")?,
            receiver: match way {
                OfferWay::Account => row.receiver_login,
                OfferWay::FaceToFace => row.receiver_name.unwrap_or_default(),
            },
            way,
            state: if is_void { AnswerState::Void } else { kept },
            created_at: time(row.created_at)?,
            answered_at: time_or_none(row.answered_at)?,
            region_differs: kept == AnswerState::Refused && row.differs == 1,
            channels,
        })
    };
    rows.into_iter().map(read).collect()
}

/// What is offered to somebody and waits for their answer, newest first.
pub fn list_received(conn: &mut DbConn, receiver: &EndUserId) -> Result<Vec<Offered>, StoreError> {
    offered(conn, received(receiver).sql(" ORDER BY o.id DESC LIMIT ").number(MOST_RECEIVED))
}

fn offered(conn: &mut DbConn, query: Select) -> Result<Vec<Offered>, StoreError> {
    let rows: Vec<Row> = query.load(conn)?;
    let mut channels = channels_of(conn, Of::Offers, rows.iter().map(|row| row.id.as_str()))?;
    let read = |row: Row| {
        Ok(Offered {
            channels: channels.remove(&row.id).unwrap_or_default(),
            id: read(row.id, "share_offers.id")?,
            giver_id: read(row.giver_id, "share_offers.giver_id")?,
            giver_name: row.giver_name,
            site_id: read(row.site_id, "share_offers.site_id")?,
            site_name: row.site_name,
            company_id: read(row.company_id, "sites.company_id")?,
            created_at: time(row.created_at)?,
            region_differs: row.differs == 1,
        })
    };
    rows.into_iter().map(read).collect()
}

/// An offer that waits for somebody's answer. [`StoreError::NotFound`] where it does not, or is not for them.
pub(super) fn get_received(conn: &mut DbConn, receiver: &EndUserId, id: &ShareOfferId) -> Result<Offered, StoreError> {
    let offered = offered(conn, received(receiver).sql(" AND o.id = ").text(id.as_str()))?;
    offered.into_iter().next().ok_or(StoreError::NotFound)
}

/// The offers that wait for somebody: those to their account, and those to an address that nobody had then and they have now. Each part has an
/// index. One to a phone number is for who has shown that it is theirs. One of a site that lost all of it is nothing to answer.
fn received(receiver: &EndUserId) -> Select {
    Select::new(OFFERS)
        .text(receiver.as_str())
        .sql(
            " WHERE t.owner_id = o.giver_id AND t.closing_at IS NULL AND t.suspended_at IS NULL AND o.state = 'pending'
             AND (o.receiver_login LIKE '%@%' OR o.receiver_login NOT LIKE '+%' OR EXISTS (SELECT 1 FROM end_users c
                WHERE c.phone_confirmed_at IS NOT NULL AND c.phone = o.receiver_login AND c.id = ",
        )
        .text(receiver.as_str())
        .sql(
            "))
             AND EXISTS (SELECT 1 FROM share_offer_channels c JOIN devices d ON d.id = c.device_id
                AND d.site_id = o.site_id WHERE c.offer_id = o.id) AND o.id IN (
             SELECT id FROM share_offers WHERE state = 'pending' AND receiver_id = ",
        )
        .text(receiver.as_str())
        .sql(
            " UNION ALL SELECT p.id FROM share_offers p JOIN end_users e ON p.receiver_login = e.email_lower
             WHERE p.state = 'pending' AND p.receiver_id IS NULL AND e.id = ",
        )
        .text(receiver.as_str())
        .sql(
            " UNION ALL SELECT p.id FROM share_offers p JOIN end_users e ON p.receiver_login = e.phone
             WHERE p.state = 'pending' AND p.receiver_id IS NULL AND e.phone_confirmed_at IS NOT NULL AND e.id = ",
        )
        .text(receiver.as_str())
        .sql(")")
}
