//! Pictures that rules took: sealed like secrets, for they show people; bounded in number.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::Text;
use siteward_domain::{CompanyId, LinkageFiringId, SiteId};

use crate::columns::micros;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;
use crate::vault::{Place, SealedText};

/// Firings of a site whose pictures are kept; those of older ones are forgotten.
pub const PICTURES_OF_A_SITE: u32 = 100;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    sealed: String,
}

/// Where the pictures of a firing stand, for the vault.
pub fn picture_place<'a>(company: &'a CompanyId, firing: &'a LinkageFiringId) -> Place<'a> {
    Place { table: "linkage_pictures", column: "sealed", row: firing.as_str(), company: company.as_str() }
}

/// Keeps the picture of an action, and forgets those of the site that are too many.
pub fn keep_picture(
    conn: &mut DbConn,
    site: &SiteId,
    firing: &LinkageFiringId,
    position: u32,
    sealed: &SealedText,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    Select::new("INSERT INTO linkage_pictures (firing_id, position, site_id, sealed, taken_at) VALUES (")
        .text(firing.as_str())
        .sql(", ")
        .number(i64::from(position))
        .sql(", ")
        .text(site.as_str())
        .sql(", ")
        .text(sealed.as_str())
        .sql(", ")
        .number(micros(now))
        .sql(") ON CONFLICT (firing_id, position) DO NOTHING")
        .execute(conn)?;
    let oldest = "(SELECT DISTINCT firing_id FROM linkage_pictures WHERE site_id = ";
    let query = Select::new("DELETE FROM linkage_pictures WHERE site_id = ").text(site.as_str());
    query
        .sql(" AND firing_id <= ")
        .sql(oldest)
        .text(site.as_str())
        .sql(" ORDER BY firing_id DESC LIMIT 1 OFFSET ")
        .number(i64::from(PICTURES_OF_A_SITE))
        .sql(")")
        .execute(conn)?;
    Ok(())
}

/// The picture of an action, sealed for [`picture_place`].
pub fn find_picture(
    conn: &mut DbConn,
    firing: &LinkageFiringId,
    position: u32,
) -> Result<Option<SealedText>, StoreError> {
    let query = Select::new("SELECT sealed FROM linkage_pictures WHERE firing_id = ").text(firing.as_str());
    let rows: Vec<Row> = query.sql(" AND position = ").number(i64::from(position)).load(conn)?;
    Ok(rows.into_iter().next().map(|row| SealedText::from_stored(row.sealed)))
}
