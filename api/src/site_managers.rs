//! Site managers (R-S4): which installers work on which sites, and until when.

pub(crate) mod list;
pub(crate) mod update;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::site_managers as stored;
use utoipa::ToSchema;

use crate::words::WhyAccount;

/// Somebody who manages a site.
#[derive(Serialize, ToSchema)]
pub(crate) struct SiteManager {
    /// The id of the member of staff.
    #[schema(format = "uuid")]
    staff_id: String,
    /// Their name.
    name: String,
    /// Their e-mail address.
    email: String,
    /// The name of their role; null for the Installer Admin.
    #[schema(required = true)]
    role: Option<String>,
    /// Whether they may not sign in at present.
    disabled: bool,
    /// Until when they manage it; null: without an end.
    #[schema(required = true)]
    expires_at: Option<DateTime<Utc>>,
    /// Whether that time has come: they are listed and manage nothing.
    expired: bool,
    /// Why they manage it. Only `manages_site` can be given and taken here.
    because: WhyAccount,
}

impl SiteManager {
    fn new(manager: stored::Manager, now: DateTime<Utc>) -> Self {
        Self {
            staff_id: manager.staff_id.to_string(),
            name: manager.name,
            email: manager.email,
            role: manager.role,
            disabled: manager.disabled,
            expires_at: manager.expires_at,
            expired: manager.expires_at.is_some_and(|until| until <= now),
            because: WhyAccount(manager.because),
        }
    }
}
