//! What upgrades install, and where: told by the first names of each, for lists.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};

use crate::columns::number;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::reach::Reach;
use crate::select::Select;

/// So many names of a kind are told of an upgrade.
const NAMED: u32 = 2;

/// What the devices of an upgrade that are within reach are to run, and on which sites they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// The versions.
    pub versions: Named,
    /// The names of the sites.
    pub sites: Named,
}

/// The first of some different names, by alphabet, and how many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// At most two.
    pub first: Vec<String>,
    /// All of them.
    pub all: u32,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    upgrade_id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// The contents of some upgrades, in their order.
pub fn contents(conn: &mut DbConn, reach: &Reach, ids: &[&str]) -> Result<Vec<Contents>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let versions = names(conn, reach, ids, "u.to_version")?;
    let sites = names(conn, reach, ids, "s.name")?;
    let of = |rows: &[Row], id: &str| -> Result<Named, StoreError> {
        let mut named = Named::default();
        for row in rows.iter().filter(|row| row.upgrade_id == id) {
            named.first.push(row.name.clone());
            named.all = number(row.number, "count")?;
        }
        Ok(named)
    };
    ids.iter().map(|id| Ok(Contents { versions: of(&versions, id)?, sites: of(&sites, id)? })).collect()
}

/// The first names of each upgrade, each with how many there are of that upgrade.
fn names(conn: &mut DbConn, reach: &Reach, ids: &[&str], column: &'static str) -> Result<Vec<Row>, StoreError> {
    let query = Select::new(
        "SELECT upgrade_id, name, number FROM (SELECT upgrade_id, name, count(*) OVER (PARTITION BY upgrade_id) AS number,
         row_number() OVER (PARTITION BY upgrade_id ORDER BY name) AS place FROM (SELECT DISTINCT u.upgrade_id, ",
    )
    .sql(column)
    .sql(
        " AS name FROM upgrade_devices u JOIN devices d ON d.id = u.device_id JOIN sites s ON s.id = d.site_id
         WHERE ",
    )
    .sql(column)
    .sql(" <> '' AND u.upgrade_id IN ");
    let query = reach.and_assigned(query.texts(ids.iter().copied()), "d.site_id");
    let query = query.sql(") AS different) AS counted WHERE place <= ").number(i64::from(NAMED));
    query.sql(" ORDER BY upgrade_id, place").load(conn)
}
