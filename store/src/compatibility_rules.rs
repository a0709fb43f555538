//! Rules of compatibility: a company's own, else the platform's, which are those that ship or those of the file that the
//! settings name. The platform's stand in the database too, so that every process judges alike.

use std::sync::{Arc, LazyLock};

use diesel::QueryableByName;
use diesel::sql_types::Text;
use siteward_domain::CompanyId;
use siteward_domain::firmware::CompatibilityRules;

use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;
use crate::settings;

/// The setting that holds the file that the settings name.
const OF_THE_PLATFORM: &str = "compatibility_rules";

static SHIPPED: LazyLock<Arc<CompatibilityRules>> = LazyLock::new(|| Arc::new(CompatibilityRules::shipped()));

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    rules: String,
}

/// The rules that a company's devices are judged by.
pub fn of_company(conn: &mut DbConn, company: &CompanyId) -> Result<Arc<CompatibilityRules>, StoreError> {
    let query = Select::new("SELECT rules FROM compatibility_rules WHERE company_id = ").text(company.as_str());
    match query.load::<Row>(conn)?.pop() {
        Some(own) => parse(&own.rules, "compatibility_rules.rules"),
        None => of_platform(conn),
    }
}

/// The rules of a company that has none of its own.
pub fn of_platform(conn: &mut DbConn) -> Result<Arc<CompatibilityRules>, StoreError> {
    match settings::find(conn, OF_THE_PLATFORM)? {
        Some(file) => parse(&file, "settings.value"),
        None => Ok(Arc::clone(&SHIPPED)),
    }
}

fn parse(text: &str, column: &'static str) -> Result<Arc<CompatibilityRules>, StoreError> {
    CompatibilityRules::parse(text).map(Arc::new).map_err(|_| StoreError::Unreadable { column })
}
