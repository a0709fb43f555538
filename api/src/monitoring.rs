//! Health monitoring of devices: switched on and off (R-O1), and why a device is not watched (R-O2).

pub(crate) mod set;
pub(crate) mod set_of_site;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::device_functions::Refusal;
use siteward_store::devices::Device;
use utoipa::ToSchema;

use crate::error::{ApiError, codes};
use crate::words::Unwatched;

/// Whether a device is watched.
#[derive(Serialize, ToSchema)]
pub(crate) struct Monitoring {
    /// Whether its health monitoring is switched on.
    on: bool,
    /// Since when it is off.
    #[schema(required = true)]
    off_since: Option<DateTime<Utc>>,
    /// Who switched it off.
    #[schema(required = true)]
    off_by: Option<String>,
    /// Why nobody watches it; null: it is watched. Its health and facts are unknown then.
    #[schema(required = true)]
    unwatched_because: Option<Unwatched>,
}

impl Monitoring {
    /// How it is with a device.
    pub(crate) fn of(device: &Device) -> Self {
        let off = device.switched_off.as_ref();
        Self {
            on: off.is_none(),
            off_since: off.map(|off| off.at),
            off_by: off.map(|off| off.by.clone()).filter(|by| !by.is_empty()),
            unwatched_because: device.unwatched.map(Unwatched),
        }
    }
}

/// What a device's standing refuses, for the caller.
pub(crate) fn refusal(refusal: &Refusal) -> ApiError {
    match refusal {
        Refusal::MonitoringOff => ApiError::new(codes::MONITORING_OFF),
        Refusal::FirmwareIncompatible { minimum_version } => ApiError::new(codes::FIRMWARE_INCOMPATIBLE)
            .with_details(serde_json::json!({ "minimum_version": minimum_version })),
    }
}
