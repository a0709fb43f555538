//! Maintenance windows: while somebody works on a site or a device, nobody is told of what goes wrong there.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::{CompanyId, SiteId};
use siteward_store::maintenance::{self, PlannedWindow};
use siteward_store::{DbConn, StoreError, sites};
use utoipa::ToSchema;

use crate::words::Repeats;

/// The kind of object in the operation log.
const OBJECT: &str = "maintenance_window";

/// A maintenance window that is not over.
#[derive(Serialize, ToSchema)]
pub(crate) struct MaintenanceWindow {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The device; null: the whole site.
    #[schema(required = true, format = "uuid")]
    device_id: Option<String>,
    /// The name of the device.
    #[schema(required = true)]
    device_name: Option<String>,
    /// When it began, or begins next.
    starts_at: DateTime<Utc>,
    /// When it ends then.
    ends_at: DateTime<Utc>,
    /// Whether it is in force.
    active: bool,
    /// Whether it comes again.
    repeats: Repeats,
    /// What it is for.
    note: String,
    /// The name of who made it, where they are still there.
    #[schema(required = true)]
    created_by: Option<String>,
}

/// The maintenance windows of a site.
#[derive(Serialize, ToSchema)]
pub(crate) struct MaintenanceWindowList {
    /// Those that are not over, the next ones first.
    items: Vec<MaintenanceWindow>,
    /// The time zone of the site, by whose clock they repeat.
    time_zone: String,
}

impl MaintenanceWindowList {
    fn read(conn: &mut DbConn, company: &CompanyId, site: &SiteId, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let time_zone = sites::get_site(conn, company, site)?.time_zone;
        let windows = maintenance::list_windows(conn, company, site, now)?;
        Ok(Self { items: windows.into_iter().map(|window| MaintenanceWindow::new(window, now)).collect(), time_zone })
    }

    /// One of them.
    fn take(self, id: &str) -> Result<MaintenanceWindow, StoreError> {
        self.items.into_iter().find(|window| window.id == id).ok_or(StoreError::NotFound)
    }
}

impl MaintenanceWindow {
    fn new(window: PlannedWindow, now: DateTime<Utc>) -> Self {
        let (device_id, device_name) = window.device.unzip();
        Self {
            id: window.id.to_string(),
            device_id: device_id.map(|id| id.to_string()),
            device_name,
            starts_at: window.next.0,
            ends_at: window.next.1,
            active: window.next.0 <= now,
            repeats: Repeats(window.window.repeats),
            note: window.note,
            created_by: window.created_by,
        }
    }
}
