//! Applications as they are read: by the owner who answers them, and by whoever applied.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use siteward_domain::mail::MailLanguage;
use siteward_domain::share::AnswerState;
use siteward_domain::{CompanyId, EndUserId, ShareApplicationId, ShareCodeId, ShareId, SiteId};

use crate::columns::{read, read_or_none, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::select::Select;
use crate::shares::{Of, ReceivedChannel, channels_of};

/// An application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareApplication {
    /// Its id.
    pub id: ShareApplicationId,
    /// The code that was scanned.
    pub code_id: ShareCodeId,
    /// What that is for; may be empty.
    pub label: String,
    /// The site.
    pub site_id: SiteId,
    /// The company under which the rows of the site are kept.
    pub company_id: CompanyId,
    /// The site's name.
    pub site_name: String,
    /// Who answers.
    pub giver_id: EndUserId,
    /// Their name.
    pub giver_name: String,
    /// Their e-mail address.
    pub giver_email: String,
    /// The language that they read.
    pub giver_language: MailLanguage,
    /// Whether the site is theirs still, and they may use it.
    pub is_held: bool,
    /// Who applied.
    pub applicant_id: EndUserId,
    /// Their name.
    pub applicant_name: String,
    /// Their e-mail address.
    pub applicant_email: String,
    /// Their phone number.
    pub applicant_phone: Option<String>,
    /// The language that they read.
    pub applicant_language: MailLanguage,
    /// What became of it.
    pub state: AnswerState,
    /// When they applied.
    pub created_at: DateTime<Utc>,
    /// When it was answered, withdrawn or void.
    pub answered_at: Option<DateTime<Utc>>,
    /// The share that an accepted one became part of.
    pub share_id: Option<ShareId>,
    /// What the code offers.
    pub channels: Vec<ReceivedChannel>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    code_id: String,
    #[diesel(sql_type = Text)]
    label: String,
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
    giver_email: String,
    #[diesel(sql_type = Text)]
    giver_language: String,
    #[diesel(sql_type = Integer)]
    is_held: i32,
    #[diesel(sql_type = Text)]
    applicant_id: String,
    #[diesel(sql_type = Text)]
    applicant_name: String,
    #[diesel(sql_type = Text)]
    applicant_email: String,
    #[diesel(sql_type = Nullable<Text>)]
    applicant_phone: Option<String>,
    #[diesel(sql_type = Text)]
    applicant_language: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    answered_at: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    share_id: Option<String>,
}

const SELECT: &str =
    "SELECT a.id, a.code_id, k.label, k.site_id, s.company_id, s.name AS site_name, k.giver_id, g.name AS giver_name,
    g.email AS giver_email, g.language AS giver_language,
    CASE WHEN s.owner_id = k.giver_id AND s.closing_at IS NULL AND s.suspended_at IS NULL THEN 1 ELSE 0 END AS is_held,
    a.applicant_id, u.name AS applicant_name, u.email AS applicant_email, u.phone AS applicant_phone,
    u.language AS applicant_language, a.state, a.created_at, a.answered_at, a.share_id
    FROM share_applications a JOIN share_codes k ON k.id = a.code_id JOIN sites s ON s.id = k.site_id
    JOIN end_users g ON g.id = k.giver_id JOIN end_users u ON u.id = a.applicant_id WHERE ";

/// An application; [`StoreError::NotFound`] where there is none of this id.
pub fn get_application(conn: &mut DbConn, id: &ShareApplicationId) -> Result<ShareApplication, StoreError> {
    let query = Select::new(SELECT).sql("a.id = ").text(id.as_str()).sql(" ORDER BY a.id LIMIT 1");
    load(conn, query)?.pop().ok_or(StoreError::NotFound)
}

/// A page of what waits for the answer of an owner, newest first.
pub fn list_waiting(
    conn: &mut DbConn,
    giver: &EndUserId,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<ShareApplication>, StoreError> {
    // The state as the index over a code's places names it, so that what was answered long ago is not read.
    let query = Select::new(SELECT).sql(
        "a.state IN ('pending', 'accepted') AND a.state = 'pending' AND s.owner_id = k.giver_id AND s.closing_at IS NULL
         AND s.suspended_at IS NULL AND k.giver_id = ",
    );
    page(conn, query.text(giver.as_str()), cursor, limit)
}

/// A page of what somebody applied for, newest first.
pub fn list_of_applicant(
    conn: &mut DbConn,
    applicant: &EndUserId,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<ShareApplication>, StoreError> {
    let query = Select::new(SELECT).sql("a.applicant_id = ").text(applicant.as_str());
    page(conn, query, cursor, limit)
}

fn page(
    conn: &mut DbConn,
    query: Select,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<ShareApplication>, StoreError> {
    let query = match cursor {
        Some(cursor) => {
            let [id] = page::decode(cursor)?;
            query.sql(" AND a.id < ").text(id)
        }
        None => query,
    };
    let found = load(conn, query.sql(" ORDER BY a.id DESC LIMIT ").number(page::rows_to_read(limit)))?;
    let (items, next_cursor) = page::cut(found, limit, |one| vec![one.id.to_string()]);
    Ok(Page { items, next_cursor })
}

fn load(conn: &mut DbConn, query: Select) -> Result<Vec<ShareApplication>, StoreError> {
    let rows: Vec<Row> = query.load(conn)?;
    let channels = channels_of(conn, Of::Codes, rows.iter().map(|row| row.code_id.as_str()))?;
    let read = |row: Row| {
        let channels = channels.get(&row.code_id).cloned().unwrap_or_default();
        application(row, channels)
    };
    rows.into_iter().map(read).collect()
}

fn application(row: Row, channels: Vec<ReceivedChannel>) -> Result<ShareApplication, StoreError> {
    let language = |stored: &str| word(MailLanguage::from_stored(stored), "end_users.language");
    Ok(ShareApplication {
        id: read(row.id, "share_applications.id")?,
        code_id: read(row.code_id, "share_applications.code_id")?,
        label: row.label,
        site_id: read(row.site_id, "share_codes.site_id")?,
        company_id: read(row.company_id, "sites.company_id")?,
        site_name: row.site_name,
        giver_id: read(row.giver_id, "share_codes.giver_id")?,
        giver_name: row.giver_name,
        giver_email: row.giver_email,
        giver_language: language(&row.giver_language)?,
        is_held: row.is_held == 1,
        applicant_id: read(row.applicant_id, "share_applications.applicant_id")?,
        applicant_name: row.applicant_name,
        applicant_email: row.applicant_email,
        applicant_phone: row.applicant_phone,
        applicant_language: language(&row.applicant_language)?,
        state: word(AnswerState::from_stored(&row.state), "share_applications.state")?,
        created_at: time(row.created_at)?,
        answered_at: time_or_none(row.answered_at)?,
        share_id: read_or_none(row.share_id, "share_applications.share_id")?,
        channels,
    })
}
