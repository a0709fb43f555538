//! Codes as they are read: by whoever made them, and by whoever holds their token.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use siteward_domain::company::Region;
use siteward_domain::share::ShareCodeKind;
use siteward_domain::share_code::CodeTerms;
use siteward_domain::{CompanyId, EndUserId, ShareCodeId, SiteId};

use crate::columns::{micros, number, read, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::select::Select;
use crate::shares::{Of, ReceivedChannel, channels_of};

/// A code. No `Debug`: it holds a password hash.
#[derive(Clone)]
pub struct ShareCode {
    /// Its id.
    pub id: ShareCodeId,
    /// The site.
    pub site_id: SiteId,
    /// The company under which the rows of the site are kept.
    pub company_id: CompanyId,
    /// The site's name.
    pub site_name: String,
    /// Who made it.
    pub giver_id: EndUserId,
    /// Their name.
    pub giver_name: String,
    /// Their region; what is shared stays within it.
    pub giver_region: Region,
    /// How long it lasts.
    pub kind: ShareCodeKind,
    /// What it is for; may be empty.
    pub label: String,
    /// The argon2id hash of its password.
    pub password_hash: Option<String>,
    /// For how many it is.
    pub most_receivers: Option<u32>,
    /// When it was made, or a temporary one renewed.
    pub created_at: DateTime<Utc>,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
    /// When it was revoked.
    pub ended_at: Option<DateTime<Utc>>,
    /// Whether the site is its giver's, who may use it.
    pub is_held: bool,
    /// Applications that wait.
    pub pending: u32,
    /// Applications that were accepted.
    pub accepted: u32,
    /// What is shared with it; what has left the site is not.
    pub channels: Vec<ReceivedChannel>,
}

impl ShareCode {
    /// What decides whether somebody may still apply: a code with nothing to share, or of somebody who owns the site no more, is over.
    pub fn terms(&self) -> CodeTerms {
        let is_over = !self.is_held || self.channels.is_empty();
        CodeTerms {
            expires_at: self.expires_at,
            ended_at: self.ended_at.or_else(|| is_over.then_some(self.created_at)),
            most_receivers: self.most_receivers,
            taken: self.pending + self.accepted,
        }
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    site_name: String,
    #[diesel(sql_type = Text)]
    giver_id: String,
    #[diesel(sql_type = Text)]
    giver_name: String,
    #[diesel(sql_type = Text)]
    giver_region: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    label: String,
    #[diesel(sql_type = Nullable<Text>)]
    password_hash: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    most_receivers: Option<i32>,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
    #[diesel(sql_type = BigInt)]
    expires_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    ended_at: Option<i64>,
    #[diesel(sql_type = Integer)]
    is_held: i32,
    #[diesel(sql_type = BigInt)]
    pending: i64,
    #[diesel(sql_type = BigInt)]
    accepted: i64,
}

// Both conditions on the state: the one names the index that is there for it.
const SELECT: &str = "SELECT k.id, k.site_id, s.company_id, s.name AS site_name, k.giver_id, u.name AS giver_name,
    u.region AS giver_region, k.kind, k.label, k.password_hash, k.most_receivers, k.created_at, k.expires_at, k.ended_at,
    CASE WHEN s.owner_id = k.giver_id AND s.closing_at IS NULL AND s.suspended_at IS NULL THEN 1 ELSE 0 END AS is_held,
    (SELECT count(*) FROM share_applications a
        WHERE a.code_id = k.id AND a.state IN ('pending', 'accepted') AND a.state = 'pending') AS pending,
    (SELECT count(*) FROM share_applications a
        WHERE a.code_id = k.id AND a.state IN ('pending', 'accepted') AND a.state = 'accepted') AS accepted
    FROM share_codes k JOIN sites s ON s.id = k.site_id JOIN end_users u ON u.id = k.giver_id WHERE ";

/// The code of a token, whatever became of it.
pub fn find_code(conn: &mut DbConn, token_hash: &str) -> Result<Option<ShareCode>, StoreError> {
    let query = Select::new(SELECT).sql("k.token_hash = ").text(token_hash).sql(" ORDER BY k.id LIMIT 1");
    Ok(load(conn, query)?.pop())
}

/// A code of a giver; [`StoreError::NotFound`] where it is not theirs.
pub fn get_code(conn: &mut DbConn, giver: &EndUserId, id: &ShareCodeId) -> Result<ShareCode, StoreError> {
    let query = Select::new(SELECT).sql("k.giver_id = ").text(giver.as_str()).sql(" AND k.id = ").text(id.as_str());
    load(conn, query.sql(" ORDER BY k.id LIMIT 1"))?.pop().ok_or(StoreError::NotFound)
}

/// A page of the codes of a giver, newest first; temporary ones only while they are good.
pub fn list_codes(
    conn: &mut DbConn,
    giver: &EndUserId,
    now: DateTime<Utc>,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<ShareCode>, StoreError> {
    let query = Select::new(SELECT).sql("k.giver_id = ").text(giver.as_str());
    let query = query.sql(" AND (k.kind <> 'temporary' OR (k.ended_at IS NULL AND k.expires_at > ");
    let query = query.number(micros(now)).sql("))");
    let query = match cursor {
        Some(cursor) => {
            let [id] = page::decode(cursor)?;
            query.sql(" AND k.id < ").text(id)
        }
        None => query,
    };
    let codes = load(conn, query.sql(" ORDER BY k.id DESC LIMIT ").number(page::rows_to_read(limit)))?;
    let (items, next_cursor) = page::cut(codes, limit, |code| vec![code.id.to_string()]);
    Ok(Page { items, next_cursor })
}

fn load(conn: &mut DbConn, query: Select) -> Result<Vec<ShareCode>, StoreError> {
    let rows: Vec<Row> = query.load(conn)?;
    let mut channels = channels_of(conn, Of::Codes, rows.iter().map(|row| row.id.as_str()))?;
    rows.into_iter().map(|row| code(row, &mut channels)).collect()
}

fn code(row: Row, channels: &mut HashMap<String, Vec<ReceivedChannel>>) -> Result<ShareCode, StoreError> {
    Ok(ShareCode {
        channels: channels.remove(&row.id).unwrap_or_default(),
        id: read(row.id, "share_codes.id")?,
        site_id: read(row.site_id, "share_codes.site_id")?,
        company_id: read(row.company_id, "sites.company_id")?,
        site_name: row.site_name,
        giver_id: read(row.giver_id, "share_codes.giver_id")?,
        giver_name: row.giver_name,
        giver_region: read(row.giver_region, "end_users.region")?,
        kind: word(ShareCodeKind::from_stored(&row.kind), "share_codes.kind")?,
        label: row.label,
        password_hash: row.password_hash,
        most_receivers: row.most_receivers.map(|most| number(most, "share_codes.most_receivers")).transpose()?,
        created_at: time(row.created_at)?,
        expires_at: time(row.expires_at)?,
        ended_at: time_or_none(row.ended_at)?,
        is_held: row.is_held == 1,
        pending: number(row.pending, "count")?,
        accepted: number(row.accepted, "count")?,
    })
}
