//! The invitations of a site, newest first, as its company sees them.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use siteward_domain::handover::{HandoverKind, HandoverState, Offer};
use siteward_domain::mail::MailLanguage;
use siteward_domain::{CompanyId, EndUserId, HandoverId, SiteId, StaffId};

use crate::columns::{read, read_or_none, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::select::Select;

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Its id.
    pub id: HandoverId,
    /// The site.
    pub site_id: SiteId,
    /// The site's name now.
    pub site_name: String,
    /// To own the site, or to see some of it.
    pub kind: HandoverKind,
    /// The address that it went to.
    pub email: String,
    /// The receiver's telephone number, where it is known.
    pub phone: Option<String>,
    /// The receiver's name; may be empty.
    pub name: String,
    /// The language of the mail.
    pub language: MailLanguage,
    /// What the company had to say besides.
    pub remark: String,
    /// What is offered, and what is asked for in return.
    pub offer: Offer,
    /// Where it stands.
    pub state: HandoverState,
    /// Whether somebody has an account with this address.
    pub is_registered: bool,
    /// Who invites; none where they are not here any more.
    pub invited_by: Option<StaffId>,
    /// Their name.
    pub inviter: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last sent.
    pub sent_at: DateTime<Utc>,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Who accepted or refused, where they were signed in.
    pub end_user_id: Option<EndUserId>,
    /// The SHA-256 of the handover pack, in hex, once it is accepted.
    pub pack_sha256: Option<String>,
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
    kind: String,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Nullable<Text>)]
    phone: Option<String>,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    language: String,
    #[diesel(sql_type = Text)]
    remark: String,
    #[diesel(sql_type = Text)]
    asks: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Bool)]
    is_registered: bool,
    #[diesel(sql_type = Nullable<Text>)]
    invited_by: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    inviter: Option<String>,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
    #[diesel(sql_type = BigInt)]
    sent_at: i64,
    #[diesel(sql_type = BigInt)]
    expires_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    ended_at: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    end_user_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pack_sha256: Option<String>,
}

fn handovers(company: &CompanyId) -> Select {
    Select::new(
        "SELECT h.id, h.site_id, s.name AS site_name, h.kind, h.email, h.phone, h.name, h.language, h.remark, h.asks, h.state,
         EXISTS (SELECT 1 FROM end_users u WHERE u.email_lower = h.email_lower) AS is_registered,
         t.id AS invited_by, t.name AS inviter, h.created_at, h.sent_at, h.expires_at, h.ended_at, h.end_user_id, h.pack_sha256
         FROM handovers h JOIN sites s ON s.id = h.site_id LEFT JOIN staff t ON t.id = h.invited_by
         WHERE s.closing_at IS NULL AND h.company_id = ",
    )
    .text(company.as_str())
}

/// A page of a site's invitations, newest first.
pub fn list_handovers(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    now: DateTime<Utc>,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<Handover>, StoreError> {
    let mut query = handovers(company).sql(" AND h.site_id = ").text(site.as_str());
    if let Some(cursor) = cursor {
        let [before] = page::decode(cursor)?;
        query = query.sql(" AND h.id < ").text(before);
    }
    let rows: Vec<Row> = query.sql(" ORDER BY h.id DESC LIMIT ").number(page::rows_to_read(limit)).load(conn)?;
    let (rows, next_cursor) = page::cut(rows, limit, |row| vec![row.id.clone()]);
    let items = rows.into_iter().map(|row| handover(row, now)).collect::<Result<_, _>>()?;
    Ok(Page { items, next_cursor })
}

/// One invitation of a company; another company's is not found.
pub fn get_handover(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &HandoverId,
    now: DateTime<Utc>,
) -> Result<Handover, StoreError> {
    let rows: Vec<Row> = handovers(company).sql(" AND h.id = ").text(id.as_str()).load(conn)?;
    handover(rows.into_iter().next().ok_or(StoreError::NotFound)?, now)
}

fn handover(row: Row, now: DateTime<Utc>) -> Result<Handover, StoreError> {
    let expires_at = time(row.expires_at)?;
    let stored = word(HandoverState::from_stored(&row.state), "handovers.state")?;
    let is_over = stored == HandoverState::Pending && expires_at <= now;
    let kind = word(HandoverKind::from_stored(&row.kind), "handovers.kind")?;
    Ok(Handover {
        id: read(row.id, "handovers.id")?,
        site_id: read(row.site_id, "handovers.site_id")?,
        site_name: row.site_name,
        kind,
        email: row.email,
        phone: row.phone,
        name: row.name,
        language: word(MailLanguage::from_stored(&row.language), "handovers.language")?,
        remark: row.remark,
        offer: word(Offer::from_stored(kind, &row.asks), "handovers.asks")?,
        state: if is_over { HandoverState::Expired } else { stored },
        is_registered: row.is_registered,
        invited_by: read_or_none(row.invited_by, "handovers.invited_by")?,
        inviter: row.inviter,
        created_at: time(row.created_at)?,
        sent_at: time(row.sent_at)?,
        expires_at,
        ended_at: time_or_none(row.ended_at)?,
        end_user_id: read_or_none(row.end_user_id, "handovers.end_user_id")?,
        pack_sha256: row.pack_sha256,
    })
}
