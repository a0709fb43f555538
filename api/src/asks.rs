//! What a company asks an owner to let it do, as the API takes and gives it (R-G2, R-G4).

use serde::{Deserialize, Serialize};
use siteward_domain::DeviceId;
use siteward_domain::handover as domain;
use utoipa::ToSchema;

use crate::words::{DevicePermission, Validity};

/// What is asked for, or granted.
#[derive(Debug, Default, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asks {
    /// Managing the site: it is authorized.
    #[serde(default)]
    pub(crate) site: bool,
    /// Permissions for devices of the site, at most one of a kind for each.
    #[serde(default)]
    #[schema(max_items = 3000)]
    pub(crate) devices: Vec<DeviceAsk>,
}

/// A permission for a device.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceAsk {
    /// The device.
    #[schema(value_type = String, format = "uuid")]
    pub(crate) device_id: DeviceId,
    /// To do what.
    pub(crate) permission: DevicePermission,
    /// For how long, from the moment it is granted.
    pub(crate) validity: Validity,
}

impl From<Asks> for domain::Asks {
    fn from(asks: Asks) -> Self {
        let ask = |ask: DeviceAsk| domain::DeviceAsk {
            device_id: ask.device_id,
            permission: ask.permission.0,
            validity: ask.validity.0,
        };
        Self { site: asks.site, devices: asks.devices.into_iter().map(ask).collect() }
    }
}

impl From<domain::Asks> for Asks {
    fn from(asks: domain::Asks) -> Self {
        let ask = |ask: domain::DeviceAsk| DeviceAsk {
            device_id: ask.device_id,
            permission: DevicePermission(ask.permission),
            validity: Validity(ask.validity),
        };
        Self { site: asks.site, devices: asks.devices.into_iter().map(ask).collect() }
    }
}
