//! How lists are narrowed to what is within reach, and stay served by their indexes.
//!
//! Somebody with many sites reads the list in its own order and leaves out what is not theirs: most of it is. Somebody
//! with a few sites would read the whole list to find a page; so first the keys of the page are read, site by site,
//! from the index of the site, and then only its rows.

use diesel::QueryableByName;
use diesel::sql_types::BigInt;

use super::Reach;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page;
use crate::select::Select;

/// So many sites are still a few.
const FEW: i64 = 64;

/// A list whose rows belong to sites.
pub(crate) struct Listed {
    /// Its tables, as the filters name them.
    pub(crate) from: &'static str,
    /// The key of a row.
    pub(crate) key: &'static str,
    /// The company of a row.
    pub(crate) company: &'static str,
    /// The site of a row.
    pub(crate) site: &'static str,
    /// Its order.
    pub(crate) order: &'static str,
}

/// Devices by name, with what was last measured of them.
pub(crate) const DEVICES: Listed = Listed {
    from: "devices d LEFT JOIN measured m ON m.place = d.place",
    key: "d.place",
    company: "d.company_id",
    site: "d.site_id",
    order: "d.name_lower, d.id",
};

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    sites: i64,
}

impl Reach {
    /// What stands after WHERE in the query of a page of a list: its company, what is within reach, and `filters`, each
    /// beginning with AND.
    pub(crate) fn page(
        &self,
        conn: &mut DbConn,
        list: &Listed,
        filters: Select,
        limit: u32,
    ) -> Result<Select, StoreError> {
        if !self.has_few(conn)? {
            return Ok(self.rows(list, filters));
        }
        let keys = format!("{} IN (SELECT {} FROM site_managers r CROSS JOIN {} WHERE ", list.key, list.key, list.from);
        let of_site = format!(" AND {} = r.company_id AND {} = r.site_id", list.company, list.site);
        let order = format!(" ORDER BY {} LIMIT ", list.order);
        let query = self.assignments(&keys).sql(&of_site).then(filters);
        Ok(query.sql(&order).number(page::rows_to_read(limit)).sql(")"))
    }

    /// The same for a list that another filter has made short, and for what is no page.
    pub(crate) fn rows(&self, list: &Listed, filters: Select) -> Select {
        let of_company = Select::new(list.company).sql(" = ").text(self.company_id.as_str());
        self.and_assigned(of_company, list.site).then(filters)
    }

    /// Adds to a query that the site in the column `site` is within reach.
    pub(crate) fn and_assigned(&self, query: Select, site: &str) -> Select {
        if self.is_everything() {
            return query;
        }
        let assigned = self.assignments("(SELECT r.site_id FROM site_managers r WHERE ");
        query.sql(" AND ").sql(site).sql(" IN ").then(assigned).sql(")")
    }

    /// Adds to `sql` which rows `r` of `site_managers` count.
    pub(crate) fn assignments(&self, sql: &str) -> Select {
        let query = Select::new(sql);
        let Some((staff, now)) = &self.manager else { return query.sql("r.staff_id IS NULL") };
        query
            .sql("r.company_id = ")
            .text(self.company_id.as_str())
            .sql(" AND r.staff_id = ")
            .text(staff.as_str())
            .sql(" AND (r.expires_at IS NULL OR r.expires_at > ")
            .number(*now)
            .sql(")")
    }

    /// Whether a few sites are assigned, and not every site is within reach.
    pub(crate) fn has_few(&self, conn: &mut DbConn) -> Result<bool, StoreError> {
        if self.is_everything() {
            return Ok(false);
        }
        let query = self.assignments("SELECT count(*) AS sites FROM (SELECT 1 FROM site_managers r WHERE ");
        let rows: Vec<Counted> = query.sql(" LIMIT ").number(FEW + 1).sql(") AS some_of_them").load(conn)?;
        Ok(rows.first().is_some_and(|row| row.sites <= FEW))
    }
}
