//! What owners offer to share with somebody they know: by a login or face to face (R-E4, R-E6). Whoever is offered something answers; until then
//! nothing is shared.
//!
//! An offer goes to a login. Whether there is an account with it is no matter when it is made, and is told to nobody: whoever has the login,
//! or confirms it later, finds the offer.

mod answering;
mod listing;

use chrono::{DateTime, Duration, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use serde_json::{Value, json};
use siteward_domain::share::{MOST_CHANNELS, MOST_OFFERS_WAITING, OfferWay, SharedChannel};
use siteward_domain::{CompanyId, EndUserId, ShareOfferId, SiteId};

use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;
use crate::share_codes::{Happened, tell, tell_event};
use crate::shares::{ShareRefusal, settle};

pub use answering::{Answered, accept, refuse};
pub use listing::{Offered, ShareOffer, get_made, list_made, list_received};

/// How long an offer that was answered is remembered.
const ANSWERED_KEPT: Duration = Duration::days(90);

/// An offer to make.
#[derive(Debug, Clone)]
pub struct NewShareOffer {
    /// Its id.
    pub id: ShareOfferId,
    /// The site.
    pub site_id: SiteId,
    /// Its owner.
    pub giver_id: EndUserId,
    /// To whom: an e-mail address in lower case; face to face the account's id.
    pub receiver_login: String,
    /// Whose login that is; `None`: nobody's yet.
    pub receiver_id: Option<EndUserId>,
    /// By what.
    pub way: OfferWay,
    /// What is offered. Permissions that a device of its kind has not are left out, and live pictures put in.
    pub channels: Vec<SharedChannel>,
}

/// Why an offer is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferRefusal {
    /// What is to be shared cannot be.
    Share(ShareRefusal),
    /// As many wait already as may.
    TooMany,
}

#[derive(QueryableByName)]
struct SiteRow {
    #[diesel(sql_type = Text)]
    company_id: String,
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = Text)]
    #[expect(dead_code, reason = "the row is read to hold it")]
    id: String,
}

#[derive(QueryableByName)]
struct WaitingRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Nullable<Text>)]
    receiver_id: Option<String>,
}

#[derive(QueryableByName)]
struct ChannelRow {
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Integer)]
    channel: i32,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Makes an offer, or says why not. Where one to the same login waits already it is that one, with these channels from now on in addition;
/// but one for whoever had that login before is void.
/// [`StoreError::NotFound`] where the site is not its giver's, or stands still (rental).
pub fn create_offer(
    conn: &mut DbConn,
    new: &NewShareOffer,
    now: DateTime<Utc>,
) -> Result<Result<ShareOffer, OfferRefusal>, StoreError> {
    let company = hold_site(conn, &new.site_id, &new.giver_id)?;
    let channels = match settle(conn, &new.site_id, &new.channels)? {
        Ok(channels) if channels.is_empty() => return Ok(Err(OfferRefusal::Share(ShareRefusal::NothingToShare))),
        Ok(channels) => channels,
        Err(refusal) => return Ok(Err(OfferRefusal::Share(refusal))),
    };
    let (waiting, void) = find_waiting(conn, new, now)?;
    let id = match waiting {
        Some(id) if count_with(conn, &id, &channels)? > MOST_CHANNELS => {
            return Ok(Err(OfferRefusal::Share(ShareRefusal::TooManyChannels)));
        }
        Some(id) => id,
        None if count_waiting(conn, &new.giver_id)? >= MOST_OFFERS_WAITING => return Ok(Err(OfferRefusal::TooMany)),
        None => {
            insert(conn, new, now)?;
            new.id.clone()
        }
    };
    put_channels(conn, &id, &channels)?;
    let told = Telling { company: &company, site: &new.site_id, actor: &new.giver_id, offer: &id };
    let detail = json!({ "way": new.way, "channels": channels.len() });
    told.tell(conn, ("share_offered", "offered"), detail, now)?;
    if let Some(void) = &void {
        // Whoever had the login before sees it go. What became of an account is in no log of its giver.
        let data = json!({ "share_offer_id": void, "state": "offer_void" });
        tell_event(conn, (&company, &new.site_id), &new.giver_id, data, now)?;
    }
    get_made(conn, &new.giver_id, &id).map(Ok)
}

/// Takes an offer back. [`StoreError::NotFound`] where it is not theirs, [`StoreError::Stale`] where it waits no more.
pub fn withdraw(conn: &mut DbConn, giver: &EndUserId, id: &ShareOfferId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let offer = get_made(conn, giver, id)?;
    let changed = Select::new("UPDATE share_offers SET state = 'withdrawn', answered_at = ")
        .number(micros(now))
        .sql(" WHERE state = 'pending' AND giver_id = ")
        .text(giver.as_str())
        .sql(" AND id = ")
        .text(id.as_str())
        .execute(conn)?;
    if changed == 0 {
        return Err(StoreError::Stale);
    }
    let told = Telling { company: &offer.company_id, site: &offer.site_id, actor: giver, offer: id };
    told.tell(conn, ("share_offer_withdrawn", "offer_withdrawn"), json!({}), now)
}

/// Forgets offers that were answered long ago; gives how many.
pub fn prune(conn: &mut DbConn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    Select::new("DELETE FROM share_offers WHERE state <> 'pending' AND answered_at < ")
        .number(micros(now - ANSWERED_KEPT))
        .execute(conn)
}

/// Holds a site until the commit, as everything that gives shares of it does first; whose rows its company keeps.
pub fn hold_site(conn: &mut DbConn, site: &SiteId, giver: &EndUserId) -> Result<CompanyId, StoreError> {
    let lock = match conn {
        DbConn::Sqlite(_) => "",
        DbConn::Postgresql(_) => " FOR NO KEY UPDATE",
    };
    let rows: Vec<SiteRow> =
        Select::new("SELECT company_id FROM sites WHERE closing_at IS NULL AND suspended_at IS NULL AND owner_id = ")
            .text(giver.as_str())
            .sql(" AND id = ")
            .text(site.as_str())
            .sql(lock)
            .load(conn)?;
    let row = rows.into_iter().next().ok_or(StoreError::NotFound)?;
    read(row.company_id, "sites.company_id")
}

/// The offer to this login that waits, and the one that is void from now on: what is offered now is not for an account that has the login no
/// more. One that was made when nobody had it is for whoever does.
fn find_waiting(
    conn: &mut DbConn,
    new: &NewShareOffer,
    now: DateTime<Utc>,
) -> Result<(Option<ShareOfferId>, Option<ShareOfferId>), StoreError> {
    let rows: Vec<WaitingRow> =
        Select::new("SELECT id, receiver_id FROM share_offers WHERE state = 'pending' AND site_id = ")
            .text(new.site_id.as_str())
            .sql(" AND giver_id = ")
            .text(new.giver_id.as_str())
            .sql(" AND receiver_login = ")
            .text(&new.receiver_login)
            .load(conn)?;
    let Some(row) = rows.into_iter().next() else { return Ok((None, None)) };
    let id = read(row.id, "share_offers.id")?;
    if row.receiver_id.is_some() && row.receiver_id.as_deref() != new.receiver_id.as_ref().map(EndUserId::as_str) {
        Select::new("UPDATE share_offers SET state = 'void', answered_at = ")
            .number(micros(now))
            .sql(" WHERE state = 'pending' AND id = ")
            .text(ShareOfferId::as_str(&id))
            .execute(conn)?;
        return Ok((None, Some(id)));
    }
    Ok((Some(id), None))
}

/// How many channels an offer has once these are in it.
fn count_with(conn: &mut DbConn, offer: &ShareOfferId, channels: &[SharedChannel]) -> Result<usize, StoreError> {
    let rows: Vec<ChannelRow> = Select::new("SELECT device_id, channel FROM share_offer_channels WHERE offer_id = ")
        .text(offer.as_str())
        .load(conn)?;
    let is_there = |channel: &&SharedChannel| {
        let same = |row: &ChannelRow| {
            row.device_id == channel.device_id.as_str() && i64::from(row.channel) == i64::from(channel.channel)
        };
        rows.iter().any(same)
    };
    Ok(rows.len() + channels.iter().filter(|channel| !is_there(channel)).count())
}

fn count_waiting(conn: &mut DbConn, giver: &EndUserId) -> Result<i64, StoreError> {
    let rows: Vec<Count> =
        Select::new("SELECT count(*) AS count FROM share_offers WHERE state = 'pending' AND giver_id = ")
            .text(giver.as_str())
            .load(conn)?;
    Ok(rows.first().map_or(0, |row| row.count))
}

fn insert(conn: &mut DbConn, new: &NewShareOffer, now: DateTime<Utc>) -> Result<(), StoreError> {
    let insert = Select::new(
        "INSERT INTO share_offers (id, site_id, giver_id, receiver_login, receiver_id, way, state, created_at) VALUES (",
    );
    let insert = insert.text(new.id.as_str()).sql(", ").text(new.site_id.as_str()).sql(", ");
    let insert = insert.text(new.giver_id.as_str()).sql(", ").text(&new.receiver_login);
    let insert = match &new.receiver_id {
        Some(id) => insert.sql(", ").text(id.as_str()),
        None => insert.sql(", NULL"),
    };
    insert.sql(", ").text(new.way.as_str()).sql(", 'pending', ").number(micros(now)).sql(")").execute(conn)?;
    Ok(())
}

fn put_channels(conn: &mut DbConn, offer: &ShareOfferId, channels: &[SharedChannel]) -> Result<(), StoreError> {
    for channel in channels {
        Select::new("INSERT INTO share_offer_channels (offer_id, device_id, channel, permissions) VALUES (")
            .text(offer.as_str())
            .sql(", ")
            .text(channel.device_id.as_str())
            .sql(", ")
            .number(i64::from(channel.channel))
            .sql(", ")
            .text(json!(channel.permissions).to_string())
            .sql(") ON CONFLICT (offer_id, device_id, channel) DO UPDATE SET permissions = excluded.permissions")
            .execute(conn)?;
    }
    Ok(())
}

/// What is told of an offer. No name or address of a receiver is in it: whoever did not answer is nobody's to write down.
struct Telling<'a> {
    company: &'a CompanyId,
    site: &'a SiteId,
    actor: &'a EndUserId,
    offer: &'a ShareOfferId,
}

impl Telling<'_> {
    /// Tells of it. It comes last in a transaction.
    fn tell(
        &self,
        conn: &mut DbConn,
        (action, state): (&'static str, &str),
        detail: Value,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let happened = Happened {
            company_id: self.company,
            site_id: self.site,
            actor: self.actor,
            action,
            detail,
            data: json!({ "share_offer_id": self.offer, "state": state }),
        };
        tell(conn, happened, now)
    }
}

#[cfg(test)]
mod tests;
