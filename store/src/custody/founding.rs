//! A site that somebody owns from its beginning and that no company serves: for a device that was given to them.

use chrono::{DateTime, Utc};
use siteward_domain::site::SiteStatus;
use siteward_domain::{CompanyId, EndUserId, SiteId};

use super::{keeper, set};
use crate::columns::micros;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;
use crate::sites::{self, NewSite};

/// Makes a site of an end user's, with its name and time zone; nobody is told by it. The company that stands in for none is in the region of `like` and
/// reached where that is.
pub fn found_unserved(
    conn: &mut DbConn,
    owner: &EndUserId,
    (name, time_zone): (&str, &str),
    like: &CompanyId,
    now: DateTime<Utc>,
) -> Result<SiteId, StoreError> {
    let site = SiteId::generate(now);
    let company = keeper(conn, like, &site, now)?;
    let new = NewSite {
        id: site.clone(),
        company_id: company.clone(),
        name: name.to_owned(),
        address: String::new(),
        time_zone: time_zone.to_owned(),
        sync_time: false,
    };
    sites::create_site(conn, &new, now)?;
    Select::new("UPDATE sites SET owner_id = ")
        .text(owner.as_str())
        .sql(", owned_since = ")
        .number(micros(now))
        .sql(" WHERE id = ")
        .text(site.as_str())
        .execute(conn)?;
    set(conn, &site, SiteStatus::NotAuthorized, Some(now), now)?;
    Ok(site)
}
