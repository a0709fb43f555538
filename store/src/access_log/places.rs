//! Which owned sites a call of staff touches, so that it stands in the access log of each.

use diesel::QueryableByName;
use diesel::sql_types::{Nullable, Text};
use siteward_domain::{CompanyId, DeviceId, SiteId};

use crate::columns::{read, read_or_none};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::reach::Object;
use crate::select::Select;

/// Most entries that one call leaves.
const MOST_PLACES: i64 = 1000;

/// An owned site, and the device on it that is touched, where it is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedPlace {
    /// The site.
    pub site_id: SiteId,
    /// The device, with its name.
    pub device: Option<(DeviceId, String)>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Nullable<Text>)]
    device_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    device_name: Option<String>,
}

const OF_SITE: &str = "SELECT s.id AS site_id, NULL AS device_id, NULL AS device_name FROM ";
const OF_DEVICE: &str = "SELECT s.id AS site_id, d.id AS device_id, d.name AS device_name FROM ";

/// The owned places that an object of a company is about; none where its site has no owner.
pub fn of_object(conn: &mut DbConn, company: &CompanyId, object: &Object) -> Result<Vec<OwnedPlace>, StoreError> {
    let (columns, from, id) = match object {
        Object::Site(id) => (OF_SITE, "sites s WHERE s.", id.as_str()),
        Object::Device(id) => (OF_DEVICE, "devices d JOIN sites s ON s.id = d.site_id WHERE d.", id.as_str()),
        Object::Import(id) => (OF_SITE, "imports o JOIN sites s ON s.id = o.site_id WHERE o.", id.as_str()),
        Object::Link(id) => (OF_SITE, "links o JOIN sites s ON s.id = o.site_id WHERE o.", id.as_str()),
        Object::Addition(id) => (OF_SITE, "additions o JOIN sites s ON s.id = o.site_id WHERE o.", id.as_str()),
        Object::ExceptionRule(id) => {
            (OF_SITE, "exception_rules o JOIN sites s ON s.id = o.site_id WHERE o.", id.as_str())
        }
        Object::MaintenanceWindow(id) => {
            (OF_SITE, "maintenance_windows o JOIN sites s ON s.id = o.site_id WHERE o.", id.as_str())
        }
        Object::LinkageRule(id) => (OF_SITE, "linkage_rules o JOIN sites s ON s.id = o.site_id WHERE o.", id.as_str()),
        Object::LinkageFiring(id) => {
            (OF_SITE, "linkage_firings o JOIN sites s ON s.id = o.site_id WHERE o.", id.as_str())
        }
        Object::RemoteSession(id) => (
            OF_DEVICE,
            "remote_sessions o JOIN devices d ON d.id = o.device_id JOIN sites s ON s.id = d.site_id WHERE o.",
            id.as_str(),
        ),
        Object::PanelAccount(id) => (
            OF_DEVICE,
            "panel_accounts o JOIN devices d ON d.id = o.device_id JOIN sites s ON s.id = d.site_id WHERE o.",
            id.as_str(),
        ),
        Object::Upgrade(id) => (
            OF_DEVICE,
            "upgrade_devices o JOIN devices d ON d.id = o.device_id JOIN sites s ON s.id = d.site_id WHERE o.upgrade_",
            id.as_str(),
        ),
        // Of incidents nobody changes anything, and what hands a site over tells of itself.
        _ => return Ok(Vec::new()),
    };
    load(conn, company, Select::new(columns).sql(from).sql("id = ").text(id))
}

/// The owned places among some devices of a company.
pub fn of_devices(conn: &mut DbConn, company: &CompanyId, devices: &[DeviceId]) -> Result<Vec<OwnedPlace>, StoreError> {
    let query = Select::new(OF_DEVICE).sql("devices d JOIN sites s ON s.id = d.site_id WHERE d.id IN ");
    load(conn, company, query.texts(devices.iter().map(DeviceId::as_str)))
}

/// The owned places among some sites of a company.
pub fn of_sites(conn: &mut DbConn, company: &CompanyId, sites: &[SiteId]) -> Result<Vec<OwnedPlace>, StoreError> {
    let query = Select::new(OF_SITE).sql("sites s WHERE s.id IN ");
    load(conn, company, query.texts(sites.iter().map(SiteId::as_str)))
}

fn load(conn: &mut DbConn, company: &CompanyId, query: Select) -> Result<Vec<OwnedPlace>, StoreError> {
    let query = query
        .sql(" AND s.owner_id IS NOT NULL AND s.unserved_since IS NULL AND s.company_id = ")
        .text(company.as_str())
        .sql(" ORDER BY 1, 2 LIMIT ")
        .number(MOST_PLACES);
    let place = |row: Row| {
        let device_id: Option<DeviceId> = read_or_none(row.device_id, "devices.id")?;
        Ok(OwnedPlace {
            site_id: read(row.site_id, "sites.id")?,
            device: device_id.map(|id| (id, row.device_name.unwrap_or_default())),
        })
    };
    query.load::<Row>(conn)?.into_iter().map(place).collect()
}
