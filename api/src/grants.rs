//! What owners let a company do (R-G4), as the company sees it: what it was given, and whether something is allowed now.

pub(crate) mod device;
pub(crate) mod give_back;
pub(crate) mod list;
mod permitted;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::Page;
use siteward_store::grants as stored;
use utoipa::ToSchema;

use crate::words::GrantPermission;

pub(crate) use permitted::{permit, permitted, refusal};

/// Something that the owner lets the company do.
#[derive(Serialize, ToSchema)]
pub(crate) struct Grant {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The site.
    #[schema(format = "uuid")]
    site_id: String,
    /// The device; null: the whole site.
    #[schema(required = true)]
    device: Option<GrantDevice>,
    /// What it allows.
    permission: GrantPermission,
    /// Since when.
    granted_at: DateTime<Utc>,
    /// Until when; null: until somebody ends it.
    #[schema(required = true)]
    valid_until: Option<DateTime<Utc>>,
    /// When it was used first; null: it was not.
    #[schema(required = true)]
    first_used_at: Option<DateTime<Utc>>,
}

/// A device of a grant.
#[derive(Serialize, ToSchema)]
pub(crate) struct GrantDevice {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name; may be empty.
    name: String,
}

/// A page of what holds now.
#[derive(Serialize, ToSchema)]
pub(crate) struct GrantPage {
    /// What holds, the oldest first.
    #[schema(max_items = 100)]
    items: Vec<Grant>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

impl From<stored::Grant> for Grant {
    fn from(grant: stored::Grant) -> Self {
        Self {
            id: grant.id.to_string(),
            site_id: grant.site_id.to_string(),
            device: grant.device.map(|(id, name)| GrantDevice { id: id.to_string(), name }),
            permission: GrantPermission(grant.permission),
            granted_at: grant.granted_at,
            valid_until: grant.valid_until,
            first_used_at: grant.first_used_at,
        }
    }
}

impl From<Page<stored::Grant>> for GrantPage {
    fn from(page: Page<stored::Grant>) -> Self {
        Self { items: page.items.into_iter().map(Grant::from).collect(), next_cursor: page.next_cursor }
    }
}
