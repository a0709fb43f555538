//! Whose hands a site is in, as the company that serves it sees it; and rental, with which it may pause the customer's use.

pub(crate) mod end_rental;
pub(crate) mod get;
pub(crate) mod rental;
pub(crate) mod suspension;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::custody as stored;
use siteward_store::{DbConn, StoreError, end_users};
use utoipa::ToSchema;

use crate::words::Rental;

/// Whose hands a site is in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Custody {
    /// Its owner; null before it was handed over.
    #[schema(required = true)]
    owner: Option<SiteOwner>,
    /// Whether this company installed it, and gets it back where the owner deletes their account.
    installed_here: bool,
    /// Whether the company may pause the customer's use.
    rental: Rental,
    /// Since when the customer's use is paused.
    #[schema(required = true)]
    suspended_at: Option<DateTime<Utc>>,
}

/// The owner of a site.
#[derive(Serialize, ToSchema)]
pub(crate) struct SiteOwner {
    /// Their name.
    name: String,
    /// Their e-mail address.
    email: String,
    /// Since when.
    #[schema(required = true)]
    since: Option<DateTime<Utc>>,
}

impl Custody {
    fn describe(conn: &mut DbConn, custody: &stored::Custody) -> Result<Self, StoreError> {
        let owner = match &custody.owner {
            Some(id) => {
                let owner = end_users::get_end_user(conn, id)?;
                Some(SiteOwner { name: owner.name, email: owner.email, since: custody.owned_since })
            }
            None => None,
        };
        Ok(Self {
            owner,
            installed_here: custody.installed_by.is_some() && custody.installed_by == custody.company,
            rental: Rental(custody.rental),
            suspended_at: custody.suspended_at,
        })
    }
}
