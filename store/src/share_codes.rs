//! QR codes that owners share with (R-E5). A code is known by the hash of its random token alone; whoever shows the token applies, and
//! the owner decides.

mod reading;
mod telling;

use chrono::{DateTime, Duration, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use serde_json::json;
use siteward_domain::share::{MOST_CODES, ShareCodeKind, SharedChannel, TEMPORARY_SECONDS};
use siteward_domain::{EndUserId, ShareCodeId, SiteId};

use crate::columns::micros;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;
use crate::shares::{ShareRefusal, settle};

pub use reading::{ShareCode, find_code, get_code, list_codes};
pub(crate) use telling::{Happened, tell, tell_event};

use telling::tell_code;

/// How long a code that is over is remembered, so that whoever comes late is told why.
const OVER_KEPT: Duration = Duration::days(1);
/// How long it is where somebody applied with it, who can look up what became of it.
const APPLICATIONS_KEPT: Duration = Duration::days(90);

/// A code to make. No `Debug`: it holds a password hash.
#[derive(Clone)]
pub struct NewShareCode {
    /// Its id.
    pub id: ShareCodeId,
    /// The site.
    pub site_id: SiteId,
    /// The owner of it.
    pub giver_id: EndUserId,
    /// How long it lasts.
    pub kind: ShareCodeKind,
    /// What it is for; may be empty.
    pub label: String,
    /// The hash of its token.
    pub token_hash: String,
    /// The argon2id hash of its password.
    pub password_hash: Option<String>,
    /// For how many it is.
    pub most_receivers: Option<u32>,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
    /// What is shared with it. Permissions that a device of its kind has not are left out, and live pictures put in.
    pub channels: Vec<SharedChannel>,
}

/// Why a code is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeRefusal {
    /// What is to be shared cannot be.
    Share(ShareRefusal),
    /// Its giver has as many codes as they may.
    TooMany,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = Text)]
    #[expect(dead_code, reason = "the row is read to hold it")]
    id: String,
}

/// Makes a code, or says why not. [`StoreError::NotFound`] where the site is not its giver's, or suspended.
pub fn create_code(
    conn: &mut DbConn,
    new: &NewShareCode,
    now: DateTime<Utc>,
) -> Result<Result<ShareCode, CodeRefusal>, StoreError> {
    hold_site(conn, &new.site_id, &new.giver_id)?;
    if has_most(conn, &new.giver_id, &new.id, now)? {
        return Ok(Err(CodeRefusal::TooMany));
    }
    let channels = match settle(conn, &new.site_id, &new.channels)? {
        Ok(channels) if channels.is_empty() => {
            return Ok(Err(CodeRefusal::Share(ShareRefusal::NothingToShare)));
        }
        Ok(channels) => channels,
        Err(refusal) => return Ok(Err(CodeRefusal::Share(refusal))),
    };
    let insert = Select::new(
        "INSERT INTO share_codes (id, site_id, giver_id, kind, label, token_hash, password_hash, most_receivers, created_at, expires_at)
         VALUES (",
    );
    let insert =
        insert.text(new.id.as_str()).sql(", ").text(new.site_id.as_str()).sql(", ").text(new.giver_id.as_str());
    let insert = insert.sql(", ").text(new.kind.as_str()).sql(", ").text(&new.label).sql(", ").text(&new.token_hash);
    let insert = match &new.password_hash {
        Some(hash) => insert.sql(", ").text(hash),
        None => insert.sql(", NULL"),
    };
    let insert = match new.most_receivers {
        Some(most) => insert.sql(", ").number(i64::from(most)),
        None => insert.sql(", NULL"),
    };
    let insert = insert.sql(", ").number(micros(now)).sql(", ").number(micros(new.expires_at)).sql(")");
    insert.execute(conn)?;
    for channel in &channels {
        Select::new("INSERT INTO share_code_channels (code_id, device_id, channel, permissions) VALUES (")
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
    let code = get_code(conn, &new.giver_id, &new.id)?;
    tell_code(conn, &code, ("share_code_made", "code_made"), now)?;
    Ok(Ok(code))
}

/// Whether somebody has as many codes that are good as they may, besides one. Their account is held until the commit: they may own
/// several sites.
fn has_most(
    conn: &mut DbConn,
    giver: &EndUserId,
    besides: &ShareCodeId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let lock = match conn {
        DbConn::Sqlite(_) => "",
        DbConn::Postgresql(_) => " FOR NO KEY UPDATE",
    };
    let _held: Vec<Id> =
        Select::new("SELECT id FROM end_users WHERE id = ").text(giver.as_str()).sql(lock).load(conn)?;
    let open = Select::new("SELECT count(*) AS count FROM share_codes WHERE ended_at IS NULL AND expires_at > ")
        .number(micros(now))
        .sql(" AND giver_id = ")
        .text(giver.as_str())
        .sql(" AND id <> ")
        .text(besides.as_str());
    let open: Vec<Count> = open.load(conn)?;
    let most = i64::try_from(MOST_CODES).unwrap_or(i64::MAX);
    Ok(open.first().is_some_and(|row| row.count >= most))
}

/// Gives a code a new token, so that the old one is dead; a temporary code lasts its time anew, unless its giver has as
/// many others as they may. [`StoreError::NotFound`] where it is not
/// theirs, [`StoreError::Stale`] where it was revoked or its days are over.
pub fn renew_code(
    conn: &mut DbConn,
    giver: &EndUserId,
    id: &ShareCodeId,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<Result<ShareCode, CodeRefusal>, StoreError> {
    let code = get_code(conn, giver, id)?;
    hold_site(conn, &code.site_id, giver)?;
    if code.kind == ShareCodeKind::Temporary && has_most(conn, giver, id, now)? {
        return Ok(Err(CodeRefusal::TooMany));
    }
    let update = Select::new("UPDATE share_codes SET token_hash = ").text(token_hash);
    let update = match code.kind {
        ShareCodeKind::Temporary => update
            .sql(", created_at = ")
            .number(micros(now))
            .sql(", expires_at = ")
            .number(micros(now + Duration::seconds(TEMPORARY_SECONDS))),
        ShareCodeKind::LongTerm => update,
    };
    let update = update.sql(" WHERE ended_at IS NULL AND id = ").text(id.as_str());
    let update = match code.kind {
        ShareCodeKind::Temporary => update,
        ShareCodeKind::LongTerm => update.sql(" AND expires_at > ").number(micros(now)),
    };
    if update.execute(conn)? == 0 {
        return Err(StoreError::Stale);
    }
    let code = get_code(conn, giver, id)?;
    tell_code(conn, &code, ("share_code_renewed", "code_renewed"), now)?;
    Ok(Ok(code))
}

/// Ends a code: nobody applies with it any more. What waits, waits on. [`StoreError::NotFound`] where it is not theirs or ended before.
pub fn revoke_code(
    conn: &mut DbConn,
    giver: &EndUserId,
    id: &ShareCodeId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let code = get_code(conn, giver, id)?;
    let ended = Select::new("UPDATE share_codes SET ended_at = ")
        .number(micros(now))
        .sql(" WHERE ended_at IS NULL AND id = ")
        .text(id.as_str())
        .execute(conn)?;
    if ended == 0 {
        return Err(StoreError::NotFound);
    }
    tell_code(conn, &code, ("share_code_revoked", "code_revoked"), now)
}

/// Forgets codes that have been over for a while and of which nothing came or waits; gives how many.
pub fn prune(conn: &mut DbConn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    Select::new("DELETE FROM share_codes WHERE (expires_at <= ")
        .number(micros(now - OVER_KEPT))
        .sql(" OR ended_at <= ")
        .number(micros(now - OVER_KEPT))
        .sql(") AND NOT EXISTS (SELECT 1 FROM share_applications a WHERE a.code_id = share_codes.id AND (a.state = 'pending' OR a.created_at > ")
        .number(micros(now - APPLICATIONS_KEPT))
        .sql("))")
        .execute(conn)
}

/// Holds a site until the commit; it is there only where it is the giver's and not suspended.
pub(crate) fn hold_site(conn: &mut DbConn, site: &SiteId, owner: &EndUserId) -> Result<(), StoreError> {
    let lock = match conn {
        DbConn::Sqlite(_) => "",
        DbConn::Postgresql(_) => " FOR NO KEY UPDATE",
    };
    let held: Vec<Id> =
        Select::new("SELECT id FROM sites WHERE closing_at IS NULL AND suspended_at IS NULL AND owner_id = ")
            .text(owner.as_str())
            .sql(" AND id = ")
            .text(site.as_str())
            .sql(lock)
            .load(conn)?;
    if held.is_empty() { Err(StoreError::NotFound) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
