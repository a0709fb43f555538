//! Sites: the customers' places.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod time;
pub(crate) mod update;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::site::{MOST_NAME_CHARACTERS, SiteAction as Action};
use siteward_domain::text::{self, BadText};
use siteward_store::sites as stored;
use siteward_store::{DbConn, StoreError};
use utoipa::ToSchema;

use crate::error::{ApiError, bad_name, codes};
use crate::words::{ACTIONS, SiteAction, SiteStatus};

/// A site.
#[derive(Serialize, ToSchema)]
pub(crate) struct Site {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name, unique in the company.
    name: String,
    /// Its address; may be empty.
    address: String,
    /// IANA time zone.
    time_zone: String,
    /// Whether time and time zone are written to the devices.
    sync_time: bool,
    /// Where it stands between installer and owner.
    status: SiteStatus,
    /// What that status allows.
    allowed: Vec<SiteAction>,
    /// Its devices, counted by the state they are shown in.
    devices: DeviceCounts,
    /// When it was made.
    created_at: DateTime<Utc>,
}

/// Devices counted by the state they are shown in.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeviceCounts {
    /// All of them.
    total: u64,
    /// Healthy.
    healthy: u64,
    /// Something is wrong.
    faulty: u64,
    /// The login does not work.
    login_failed: u64,
    /// Not reached.
    offline: u64,
    /// Not measured recently enough to say.
    unknown: u64,
}

impl From<stored::DeviceCounts> for DeviceCounts {
    fn from(counts: stored::DeviceCounts) -> Self {
        Self {
            total: counts.total,
            healthy: counts.healthy,
            faulty: counts.faulty,
            login_failed: counts.login_failed,
            offline: counts.offline,
            unknown: counts.unknown,
        }
    }
}

impl Site {
    fn new(site: stored::Site, devices: stored::DeviceCounts) -> Self {
        let allowed = ACTIONS.into_iter().filter(|action| site.status.allows(*action)).map(SiteAction);
        Self {
            id: site.id.to_string(),
            name: site.name,
            address: site.address,
            time_zone: site.time_zone,
            sync_time: site.sync_time,
            status: SiteStatus(site.status),
            allowed: allowed.collect(),
            devices: devices.into(),
            created_at: site.created_at,
        }
    }

    /// Describes a site with its devices counted now.
    fn describe(
        conn: &mut DbConn,
        site: stored::Site,
        now: DateTime<Utc>,
        period: chrono::Duration,
    ) -> Result<Self, StoreError> {
        let counts = stored::count_devices(conn, &site.company_id, &[&site.id], now, period)?;
        let counts = counts.get(&site.id).copied().unwrap_or_default();
        Ok(Self::new(site, counts))
    }
}

/// Whether a site's status allows something; the refusal's code names the status (R-T3).
pub(crate) fn allows(site: &stored::Site, action: Action) -> Result<(), ApiError> {
    if site.status.allows(action) {
        Ok(())
    } else {
        Err(ApiError::of_code(site.status.refusal_code(), codes::SITE_NOT_AUTHORIZED))
    }
}

fn name(text: &str) -> Result<String, ApiError> {
    text::needed_line(text, MOST_NAME_CHARACTERS).map_err(|error| bad_name(&error, "name"))
}

fn address(text: &str) -> Result<String, ApiError> {
    text::optional_line(text, MOST_NAME_CHARACTERS).map_err(|error| match error {
        BadText::TooLong { .. } => ApiError::field(codes::ADDRESS_TOO_LONG, "address"),
        other => bad_name(&other, "address"),
    })
}

pub(crate) fn time_zone(text: &str) -> Result<String, ApiError> {
    match text.trim().parse::<chrono_tz::Tz>() {
        Ok(zone) => Ok(zone.name().to_owned()),
        Err(_) => Err(ApiError::field(codes::TIME_ZONE_UNKNOWN, "time_zone")),
    }
}
