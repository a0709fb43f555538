//! Invitations of companies by an owner (R-G6).

pub(crate) mod cancel;
pub(crate) mod create;
pub(crate) mod list;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::company_invitations as stored;
use utoipa::ToSchema;

use crate::asks::Asks;
use crate::words::CompanyInvitationState;

/// An owner's invitation of a company.
#[derive(Serialize, ToSchema)]
pub(crate) struct CompanyInvitation {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Where it went.
    email: String,
    /// What was said; may be empty.
    remark: String,
    /// What the company may do from the beginning.
    asks: Asks,
    /// Where it stands.
    state: CompanyInvitationState,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// Until when it is good.
    expires_at: DateTime<Utc>,
    /// When it ended; null while it waits.
    #[schema(required = true)]
    ended_at: Option<DateTime<Utc>>,
}

impl From<stored::CompanyInvitation> for CompanyInvitation {
    fn from(invitation: stored::CompanyInvitation) -> Self {
        Self {
            id: invitation.id.to_string(),
            email: invitation.email,
            remark: invitation.remark,
            asks: invitation.asks.into(),
            state: CompanyInvitationState(invitation.state),
            created_at: invitation.created_at,
            expires_at: invitation.expires_at,
            ended_at: invitation.ended_at,
        }
    }
}
