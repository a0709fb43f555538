//! The list of a company's invitations, newest first.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use siteward_domain::mail::MailLanguage;
use siteward_domain::staff::InvitationState;
use siteward_domain::{CompanyId, InvitationId};

use crate::columns::{read, time, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::select::Select;
use crate::staff::MemberRole;

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The address that it goes to.
    pub email: String,
    /// The person's name, as the inviter knows it.
    pub name: String,
    /// The role they will have.
    pub role: MemberRole,
    /// The language of its mail.
    pub language: MailLanguage,
    /// Where it stands.
    pub state: InvitationState,
    /// The name of who invites; none where they are not here any more.
    pub invited_by: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    role_id: String,
    #[diesel(sql_type = Text)]
    role_name: String,
    #[diesel(sql_type = Text)]
    language: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<Text>)]
    invited_by: Option<String>,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
    #[diesel(sql_type = BigInt)]
    expires_at: i64,
}

fn invitations(company: &CompanyId) -> Select {
    Select::new(
        "SELECT i.id, i.email, i.name, i.role_id, r.name AS role_name, i.language, i.state, s.name AS invited_by,
         i.created_at, i.expires_at FROM staff_invitations i JOIN roles r ON r.id = i.role_id
         LEFT JOIN staff s ON s.id = i.invited_by WHERE i.company_id = ",
    )
    .text(company.as_str())
}

/// A page of a company's invitations, newest first.
pub fn list_invitations(
    conn: &mut DbConn,
    company: &CompanyId,
    now: DateTime<Utc>,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<Invitation>, StoreError> {
    let mut query = invitations(company);
    if let Some(cursor) = cursor {
        let [before] = page::decode(cursor)?;
        query = query.sql(" AND i.id < ").text(before);
    }
    let rows: Vec<Row> = query.sql(" ORDER BY i.id DESC LIMIT ").number(page::rows_to_read(limit)).load(conn)?;
    let (rows, next_cursor) = page::cut(rows, limit, |row| vec![row.id.clone()]);
    let items = rows.into_iter().map(|row| invitation(row, now)).collect::<Result<_, _>>()?;
    Ok(Page { items, next_cursor })
}

/// One invitation of a company; another company's is not found.
pub fn get_invitation(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &InvitationId,
    now: DateTime<Utc>,
) -> Result<Invitation, StoreError> {
    let rows: Vec<Row> = invitations(company).sql(" AND i.id = ").text(id.as_str()).load(conn)?;
    invitation(rows.into_iter().next().ok_or(StoreError::NotFound)?, now)
}

fn invitation(row: Row, now: DateTime<Utc>) -> Result<Invitation, StoreError> {
    let expires_at = time(row.expires_at)?;
    let stored = word(InvitationState::from_stored(&row.state), "staff_invitations.state")?;
    let is_over = stored == InvitationState::Pending && expires_at <= now;
    Ok(Invitation {
        id: read(row.id, "staff_invitations.id")?,
        email: row.email,
        name: row.name,
        role: MemberRole { id: read(row.role_id, "staff_invitations.role_id")?, name: row.role_name },
        language: word(MailLanguage::from_stored(&row.language), "staff_invitations.language")?,
        state: if is_over { InvitationState::Expired } else { stored },
        invited_by: row.invited_by,
        created_at: time(row.created_at)?,
        expires_at,
    })
}
