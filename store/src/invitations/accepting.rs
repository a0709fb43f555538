//! Accepting an invitation: who opens the link becomes staff.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::mail::MailLanguage;
use siteward_domain::staff::InvitationState;
use siteward_domain::{CompanyId, RoleId, StaffId};

use crate::columns::{micros, read, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::staff_invitations::dsl;
use crate::schema::{companies, roles, staff};
use crate::staff::{NewStaff, create_staff};

/// The time zone of who joins where the inviter's is not known any more.
const USUAL_TIME_ZONE: &str = "UTC";

/// An invitation that can be accepted, as its link shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenInvitation {
    /// The company's id.
    pub company_id: CompanyId,
    /// The company's name.
    pub company: String,
    /// The address that it went to.
    pub email: String,
    /// The person's name, as the inviter knows it.
    pub name: String,
    /// The name of the role.
    pub role: String,
    /// The language of its mail.
    pub language: MailLanguage,
}

/// What somebody who accepts gives.
#[derive(Clone)]
pub struct Joining {
    /// The id they will have.
    pub staff_id: StaffId,
    /// Their name, as they want it.
    pub name: String,
    /// The argon2id hash of their password.
    pub password_hash: String,
    /// The language they read.
    pub language: MailLanguage,
}

#[derive(Queryable)]
struct Row {
    company_id: String,
    company: String,
    email: String,
    name: String,
    role: String,
    language: String,
}

/// The invitation of a link, if it can be accepted at `now`.
pub fn find_open(
    conn: &mut DbConn,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<OpenInvitation>, StoreError> {
    let row: Option<Row> = dsl::staff_invitations
        .inner_join(companies::table.on(companies::id.eq(dsl::company_id)))
        .inner_join(roles::table.on(roles::id.eq(dsl::role_id)))
        .select((dsl::company_id, companies::name, dsl::email, dsl::name, roles::name, dsl::language))
        .filter(dsl::token_hash.eq(token_hash))
        .filter(dsl::state.eq(InvitationState::Pending.as_str()))
        .filter(dsl::expires_at.gt(micros(now)))
        .first(conn)
        .optional()?;
    let open = |row: Row| {
        Ok(OpenInvitation {
            company_id: read(row.company_id, "staff_invitations.company_id")?,
            company: row.company,
            email: row.email,
            name: row.name,
            role: row.role,
            language: word(MailLanguage::from_stored(&row.language), "staff_invitations.language")?,
        })
    };
    row.map(open).transpose()
}

/// Accepts: the person is staff from now on. `NotFound`: the link is of no use any more, of two at the same instant for the
/// second. `Duplicate { what: "staff_email" }`: the address is staff somewhere; the invitation stays open.
pub fn accept(
    conn: &mut DbConn,
    token_hash: &str,
    joining: &Joining,
    now: DateTime<Utc>,
) -> Result<NewStaff, StoreError> {
    // Holds the row until the commit, so that a second click waits and then finds nothing open.
    let accepted = diesel::update(
        dsl::staff_invitations
            .filter(dsl::token_hash.eq(token_hash))
            .filter(dsl::state.eq(InvitationState::Pending.as_str()))
            .filter(dsl::expires_at.gt(micros(now))),
    )
    .set((
        dsl::state.eq(InvitationState::Accepted.as_str()),
        dsl::ended_at.eq(Some(micros(now))),
        dsl::staff_id.eq(Some(joining.staff_id.as_str())),
    ))
    .execute(conn)?;
    if accepted == 0 {
        return Err(StoreError::NotFound);
    }
    let (company_id, email, role_id, invited_by): (String, String, String, Option<String>) = dsl::staff_invitations
        .select((dsl::company_id, dsl::email, dsl::role_id, dsl::invited_by))
        .filter(dsl::token_hash.eq(token_hash))
        .first(conn)?;
    let zone: Option<String> = match invited_by {
        Some(id) => staff::table.select(staff::time_zone).filter(staff::id.eq(id)).first(conn).optional()?,
        None => None,
    };
    let new = NewStaff {
        id: joining.staff_id.clone(),
        company_id: read(company_id, "staff_invitations.company_id")?,
        name: joining.name.clone(),
        email,
        password_hash: joining.password_hash.clone(),
        is_admin: false,
        role_id: Some(read::<RoleId>(role_id, "staff_invitations.role_id")?),
        language: joining.language,
        time_zone: zone.unwrap_or_else(|| USUAL_TIME_ZONE.to_owned()),
    };
    create_staff(conn, &new, now)?;
    Ok(new)
}
