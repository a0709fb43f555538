//! Invitations to the company's staff, by mail (R-S2). Accepting them is a page of its own: `pages::join`.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
mod mailing;
pub(crate) mod send;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::invitations as stored;
use utoipa::ToSchema;

use crate::staff::member::RoleName;
use crate::words::{InvitationState, MailLanguage};

/// An invitation to the company's staff.
#[derive(Serialize, ToSchema)]
pub(crate) struct StaffInvitation {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The address that it goes to.
    email: String,
    /// The person's name.
    name: String,
    /// The role they will have.
    role: RoleName,
    /// The language of the mail, and theirs.
    language: MailLanguage,
    /// Where it stands.
    state: InvitationState,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// Until when it can be accepted.
    expires_at: DateTime<Utc>,
    /// The name of who invites; null when they are not here any more.
    #[schema(required = true)]
    invited_by: Option<String>,
}

impl From<stored::Invitation> for StaffInvitation {
    fn from(invitation: stored::Invitation) -> Self {
        Self {
            id: invitation.id.to_string(),
            email: invitation.email,
            name: invitation.name,
            role: invitation.role.into(),
            language: MailLanguage(invitation.language),
            state: InvitationState(invitation.state),
            created_at: invitation.created_at,
            expires_at: invitation.expires_at,
            invited_by: invitation.invited_by,
        }
    }
}
