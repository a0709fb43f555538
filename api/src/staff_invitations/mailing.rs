//! The mail of an invitation: how often it may go, and what it says.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use siteward_domain::CompanyId;
use siteward_domain::staff::{INVITATIONS_OF_ADDRESS, INVITATIONS_OF_COMPANY};
use siteward_store::invitations::Invitation;
use siteward_store::mail_paces::{self, Pace};
use siteward_store::{DbConn, Store, StoreError, companies};
use siteward_worker::mail;

use crate::access::token;
use crate::error::ApiError;

/// Counts one more mail of an invitation, or refuses it until there is room: nobody is flooded, from whichever company, and
/// no company floods others.
pub(super) fn pace(
    conn: &mut DbConn,
    company: &CompanyId,
    email: &str,
    now: DateTime<Utc>,
) -> Result<Result<(), ApiError>, StoreError> {
    let paces = [
        Pace {
            purpose: "staff_invitation",
            subject: token::hash(&format!("staff-invitation:{}", email.to_lowercase())),
            most: INVITATIONS_OF_ADDRESS,
        },
        Pace { purpose: "staff_invitations_of_company", subject: company.to_string(), most: INVITATIONS_OF_COMPANY },
    ];
    Ok(match mail_paces::take_turn(conn, &paces, now)? {
        None => Ok(()),
        Some(free_at) => Err(ApiError::too_many_until(free_at, now)),
    })
}

/// Writes the mail with the link, in the transaction of the invitation.
pub(super) fn write(
    conn: &mut DbConn,
    store: &Store,
    company: &CompanyId,
    invitation: &Invitation,
    token: &SecretString,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let company = companies::find_company(conn, company)?.ok_or(StoreError::NotFound)?;
    let told = mail::StaffInvitation {
        company: &company.name,
        name: &invitation.name,
        inviter: invitation.invited_by.as_deref().unwrap_or(&company.name),
        role: &invitation.role.name,
        url: &company.public_url,
    };
    let letter = told.letter(invitation.language);
    let mail = mail::address_with_token(store.vault(), &company, &invitation.email, letter, token, now)?;
    mail::enqueue(conn, &mail, now)
}
