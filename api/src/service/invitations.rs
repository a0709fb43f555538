//! Invitations by owners, as the staff of a company see them who open the link of the mail.
//!
//! A link that is used, too old, taken back or made up answers the same: nothing is told.

pub(crate) mod accept;
pub(crate) mod get;
pub(crate) mod refuse;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::company_invitations as stored;
use siteward_store::custody::NotServed;
use utoipa::ToSchema;

use crate::error::{ApiError, codes};

/// An owner's invitation to serve a site.
#[derive(Serialize, ToSchema)]
pub(crate) struct ServiceInvitation {
    /// The name of the site.
    site_name: String,
    /// The owner's name.
    owner_name: String,
    /// What the owner has to say; may be empty.
    remark: String,
    /// Whether the company manages the site from the beginning.
    site: bool,
    /// How many permissions for devices it has from the beginning.
    device_permissions: u32,
    /// Until when it can be accepted.
    expires_at: DateTime<Utc>,
}

impl From<stored::CompanyInvitation> for ServiceInvitation {
    fn from(invitation: stored::CompanyInvitation) -> Self {
        Self {
            site_name: invitation.site_name,
            owner_name: invitation.owner_name,
            remark: invitation.remark,
            site: invitation.asks.site,
            device_permissions: u32::try_from(invitation.asks.devices.len()).unwrap_or(u32::MAX),
            expires_at: invitation.expires_at,
        }
    }
}

/// What is told of a link that is good no more.
fn gone() -> ApiError {
    ApiError::new(codes::SERVICE_INVITATION_GONE)
}

/// Why a company cannot begin to serve a site, as its people are told.
pub(crate) fn not_served(why: NotServed) -> ApiError {
    match why {
        NotServed::NoOwner => gone(),
        NotServed::Already => ApiError::new(codes::SITE_SERVED_ALREADY),
        NotServed::Suspended => ApiError::new(codes::SITE_SUSPENDED),
    }
}

/// How an answer that did not come about is told; the transaction was taken back whole.
fn refused(error: ApiError) -> ApiError {
    let code = error.code();
    if code == codes::NOT_FOUND.code {
        gone()
    } else if code == codes::DEVICE_ON_THIS_SITE.code {
        ApiError::new(codes::SITE_DEVICES_TAKEN)
    } else {
        error
    }
}
