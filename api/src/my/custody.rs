//! Who looks after an owner's site: the company that serves it, and taking the site away from it (R-G6).

pub(crate) mod end_rental;
pub(crate) mod get;
pub(crate) mod take_away;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::custody as stored;
use siteward_store::{DbConn, StoreError};
use utoipa::ToSchema;

use crate::words::Rental;

/// Who looks after a site.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyCustody {
    /// The name of the company that serves it; null: none does.
    #[schema(required = true)]
    company_name: Option<String>,
    /// The name of the company that installed it; null where it is gone.
    #[schema(required = true)]
    installed_by_name: Option<String>,
    /// Since when no company serves it.
    #[schema(required = true)]
    unserved_since: Option<DateTime<Utc>>,
    /// Whether the company may pause the owner's use.
    rental: Rental,
    /// Since when the owner's use is paused.
    #[schema(required = true)]
    suspended_at: Option<DateTime<Utc>>,
}

impl MyCustody {
    fn describe(conn: &mut DbConn, custody: &stored::Custody) -> Result<Self, StoreError> {
        let companies: Vec<_> = custody.company.iter().chain(&custody.installed_by).cloned().collect();
        let names = stored::names_of(conn, &companies)?;
        let name = |id: &Option<_>| id.as_ref().and_then(|id| names.get(id).cloned());
        Ok(Self {
            company_name: name(&custody.company),
            installed_by_name: name(&custody.installed_by),
            unserved_since: custody.unserved_since,
            rental: Rental(custody.rental),
            suspended_at: custody.suspended_at,
        })
    }
}
