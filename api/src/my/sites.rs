//! The sites that an end user owns: who serves each, who reaches it and why.

pub(crate) mod access;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod pack;
pub(crate) mod pack_pdf;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::owned_sites::OwnedSite;
use siteward_store::sites::DeviceCounts as Counted;
use utoipa::ToSchema;

use crate::sites::DeviceCounts;
use crate::words::SiteStatus;

/// A site, as its owner sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct MySite {
    /// Its id, also to be given to a company that is to serve it.
    #[schema(format = "uuid")]
    id: String,
    /// Its name.
    name: String,
    /// Its address; may be empty.
    address: String,
    /// IANA time zone.
    time_zone: String,
    /// Where it stands between company and owner.
    status: SiteStatus,
    /// Since when it is yours.
    owned_since: DateTime<Utc>,
    /// The company that serves it; null where none does.
    #[schema(required = true)]
    company: Option<String>,
    /// The company that installed it.
    #[schema(required = true)]
    installed_by: Option<String>,
    /// Since when the company has suspended your use of it; null: it has not.
    #[schema(required = true)]
    suspended_at: Option<DateTime<Utc>>,
    /// Its devices, counted by the state they are shown in.
    devices: DeviceCounts,
}

impl From<OwnedSite> for MySite {
    fn from(site: OwnedSite) -> Self {
        // While it is suspended nothing is told of what stands there.
        let devices = if site.suspended_at.is_some() { Counted::default() } else { site.devices };
        Self {
            id: site.id.to_string(),
            name: site.name,
            address: site.address,
            time_zone: site.time_zone,
            status: SiteStatus(site.status),
            owned_since: site.owned_since,
            company: site.company.map(|(_, name)| name),
            installed_by: site.installed_by,
            suspended_at: site.suspended_at,
            devices: devices.into(),
        }
    }
}
