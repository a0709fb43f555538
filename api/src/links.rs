//! Links as the company sees them: the agents in its customers' LANs, through which cloud devices are reached.
//!
//! What an agent itself calls is in [`crate::link`].

pub(crate) mod code;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod discover;
pub(crate) mod list;
pub(crate) mod update;
mod view;

pub(crate) use code::hash;
pub(crate) use view::{Link, LinkCreated};

use siteward_domain::{CompanyId, LinkId};
use siteward_store::links::{self as stored, get_link};
use siteward_store::{DbConn, StoreError, sites};

use crate::error::ApiError;
use crate::sites::allows;

/// The most characters of a link's name.
const MOST_NAME: usize = 128;

/// A link of the company whose site allows devices to be managed, and is held.
fn held_changeable(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &LinkId,
) -> Result<Result<stored::Link, ApiError>, StoreError> {
    let link = get_link(conn, company, id)?;
    sites::hold_site(conn, company, &link.site_id)?;
    changeable(conn, company, id)
}

/// A link of the company whose site allows devices to be managed.
fn changeable(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &LinkId,
) -> Result<Result<stored::Link, ApiError>, StoreError> {
    let link = get_link(conn, company, id)?;
    let site = sites::get_site(conn, company, &link.site_id)?;
    Ok(allows(&site, siteward_domain::site::SiteAction::ManageDevices).map(|()| link))
}

fn name(text: &str) -> Result<String, ApiError> {
    siteward_domain::text::needed_line(text, MOST_NAME).map_err(|error| crate::error::bad_name(&error, "name"))
}

/// Who did it, for the event log.
fn actor(caller: &crate::access::session::Caller) -> String {
    format!("staff:{}", caller.staff_id())
}
