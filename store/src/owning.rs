//! What is an end user's own: the sites that they own and whatever hangs on them. Everything that they do to something by
//! its id is bound to it, so that what is somebody else's is the same as what is not there.

use diesel::QueryableByName;
use diesel::sql_types::{Integer, Text};
use siteward_domain::{CompanyInvitationId, DeviceId, EndUserId, GrantId, GrantRequestId, SiteId};

use crate::columns::read;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Most sites of an owner that are given at once.
const MOST_SITES: i64 = 10_000;

/// An end user as the owner of sites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owning {
    /// Who.
    pub end_user: EndUserId,
}

/// Something on an owned site that can be asked for by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnedObject {
    /// A site itself.
    Site(SiteId),
    /// A device; not while the company that rents it out has suspended the customer's use.
    Device(DeviceId),
    /// Something that a company is let do.
    Grant(GrantId),
    /// Something that a company applied for.
    GrantRequest(GrantRequestId),
    /// An invitation of a company.
    CompanyInvitation(CompanyInvitationId),
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Integer)]
    found: i32,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = Text)]
    id: String,
}

impl Owning {
    /// Whether an object is there and the end user's: what is not is to be treated as not there.
    pub fn holds(&self, conn: &mut DbConn, object: &OwnedObject) -> Result<bool, StoreError> {
        let (query, id) = match object {
            OwnedObject::Site(id) => ("SELECT 1 AS found FROM sites s WHERE s.id = ", id.as_str()),
            OwnedObject::Device(id) => (
                "SELECT 1 AS found FROM devices o JOIN sites s ON s.id = o.site_id AND s.suspended_at IS NULL
                 WHERE o.id = ",
                id.as_str(),
            ),
            OwnedObject::Grant(id) => {
                ("SELECT 1 AS found FROM grants o JOIN sites s ON s.id = o.site_id WHERE o.id = ", id.as_str())
            }
            OwnedObject::GrantRequest(id) => {
                ("SELECT 1 AS found FROM grant_requests o JOIN sites s ON s.id = o.site_id WHERE o.id = ", id.as_str())
            }
            OwnedObject::CompanyInvitation(id) => (
                "SELECT 1 AS found FROM company_invitations o JOIN sites s ON s.id = o.site_id WHERE o.id = ",
                id.as_str(),
            ),
        };
        let query = Select::new(query).text(id).sql(" AND s.closing_at IS NULL AND s.owner_id = ");
        let rows: Vec<Found> = query.text(self.end_user.as_str()).sql(" LIMIT 1").load(conn)?;
        Ok(rows.first().is_some_and(|row| row.found == 1))
    }

    /// [`StoreError::NotFound`] unless [`Owning::holds`] the object.
    pub fn check(&self, conn: &mut DbConn, object: &OwnedObject) -> Result<(), StoreError> {
        if self.holds(conn, object)? { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// The sites that the end user owns, in the order of their making.
    pub fn sites(&self, conn: &mut DbConn) -> Result<Vec<SiteId>, StoreError> {
        let query = Select::new("SELECT s.id FROM sites s WHERE s.closing_at IS NULL AND s.owner_id = ");
        let query = query.text(self.end_user.as_str()).sql(" ORDER BY s.id LIMIT ").number(MOST_SITES);
        let rows: Vec<Id> = query.load(conn)?;
        rows.into_iter().map(|row| read(row.id, "sites.id")).collect()
    }
}

#[cfg(test)]
mod tests;
