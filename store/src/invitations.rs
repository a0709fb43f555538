//! Invitations to a company's staff (R-S2): a link in a mail, good once and for three days.
//!
//! Only a hash of the token is kept. Of all who open one link at the same instant one becomes staff.

mod accepting;
mod listing;

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use siteward_domain::mail::MailLanguage;
use siteward_domain::staff::{INVITATION_HOURS, InvitationState};
use siteward_domain::{CompanyId, InvitationId, RoleId, StaffId};

use crate::columns::micros;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::roles;
use crate::schema::staff_invitations::dsl;

pub use accepting::{Joining, OpenInvitation, accept, find_open};
pub use listing::{Invitation, get_invitation, list_invitations};

/// Somebody to invite.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// Its id.
    pub id: InvitationId,
    /// The company.
    pub company_id: CompanyId,
    /// The e-mail address, as typed.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// The role they will have.
    pub role_id: RoleId,
    /// The language of the mail, and theirs.
    pub language: MailLanguage,
    /// The hash of the token in the link.
    pub token_hash: String,
    /// Who invites.
    pub invited_by: StaffId,
}

/// Until when an invitation that is sent at `now` can be accepted.
fn end_of(now: DateTime<Utc>) -> i64 {
    micros(now + Duration::hours(INVITATION_HOURS))
}

/// Invites somebody. `Duplicate { what: "invitation" }`: they have an invitation of this company that they can still
/// accept. `NotFound`: the role is gone.
pub fn create_invitation(conn: &mut DbConn, new: &NewInvitation, now: DateTime<Utc>) -> Result<(), StoreError> {
    roles::get_role(conn, &new.company_id, &new.role_id)?;
    let email = new.email.to_lowercase();
    // What nobody accepted in time stands in nobody's way.
    diesel::update(
        dsl::staff_invitations
            .filter(dsl::company_id.eq(new.company_id.as_str()))
            .filter(dsl::email_lower.eq(&email))
            .filter(dsl::state.eq(InvitationState::Pending.as_str()))
            .filter(dsl::expires_at.le(micros(now))),
    )
    .set((dsl::state.eq(InvitationState::Expired.as_str()), dsl::ended_at.eq(Some(micros(now)))))
    .execute(conn)?;
    diesel::insert_into(dsl::staff_invitations)
        .values((
            dsl::id.eq(new.id.as_str()),
            dsl::company_id.eq(new.company_id.as_str()),
            dsl::email.eq(&new.email),
            dsl::email_lower.eq(&email),
            dsl::name.eq(&new.name),
            dsl::role_id.eq(new.role_id.as_str()),
            dsl::language.eq(new.language.as_str()),
            dsl::token_hash.eq(&new.token_hash),
            dsl::state.eq(InvitationState::Pending.as_str()),
            dsl::invited_by.eq(Some(new.invited_by.as_str())),
            dsl::created_at.eq(micros(now)),
            dsl::expires_at.eq(end_of(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Gives an invitation that waits a new token and its full time; the old link is dead. `Stale`: it ended.
pub fn renew_invitation(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &InvitationId,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    get_invitation(conn, company, id, now)?;
    let renewed = diesel::update(
        dsl::staff_invitations.filter(dsl::id.eq(id.as_str())).filter(dsl::state.eq(InvitationState::Pending.as_str())),
    )
    .set((dsl::token_hash.eq(token_hash), dsl::expires_at.eq(end_of(now))))
    .execute(conn)?;
    if renewed == 0 { Err(StoreError::Stale) } else { Ok(()) }
}

/// Takes an invitation back; its link is dead. `Stale`: it ended before.
pub fn cancel_invitation(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &InvitationId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    get_invitation(conn, company, id, now)?;
    let cancelled = diesel::update(
        dsl::staff_invitations.filter(dsl::id.eq(id.as_str())).filter(dsl::state.eq(InvitationState::Pending.as_str())),
    )
    .set((dsl::state.eq(InvitationState::Cancelled.as_str()), dsl::ended_at.eq(Some(micros(now)))))
    .execute(conn)?;
    if cancelled == 0 { Err(StoreError::Stale) } else { Ok(()) }
}

/// Forgets invitations that ended, or could not be accepted any more, before a time; gives how many.
pub fn prune(conn: &mut DbConn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    let ended = dsl::staff_invitations.filter(dsl::ended_at.lt(micros(before)).or(dsl::expires_at.lt(micros(before))));
    Ok(diesel::delete(ended).execute(conn)?)
}

#[cfg(test)]
mod tests;
