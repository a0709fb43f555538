//! A device that a link has found.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::words::{AddState, BindState, DeviceKind, NextStep};

/// A device that a link of the site has found in its LAN.
#[derive(Serialize, ToSchema)]
pub(crate) struct FoundDevice {
    /// Its short serial number.
    serial: String,
    /// Its model as it writes it; may be empty.
    model: String,
    /// Its firmware as it writes it; may be empty.
    firmware: String,
    /// What it is, as far as its model tells.
    kind: DeviceKind,
    /// Its address in the LAN.
    host: String,
    /// Its MAC address, where it told.
    #[schema(required = true)]
    mac: Option<String>,
    /// The link that sees it.
    #[schema(format = "uuid")]
    link_id: String,
    /// The link's name.
    link_name: String,
    /// Whether the link sees it now, and is itself connected.
    online: bool,
    /// Whether it has an admin password, where it told.
    #[schema(required = true)]
    activated: Option<bool>,
    /// Whether its cloud service is on, where it told.
    #[schema(required = true)]
    service_enabled: Option<bool>,
    /// Whether an account has it, as it told.
    bind: BindState,
    /// Where adding it stands.
    state: AddState,
    /// What a person does next.
    next: NextStep,
    /// The device it is, where it is on a site of the company.
    #[schema(required = true, format = "uuid")]
    device_id: Option<String>,
    /// When it was last seen.
    last_seen_at: DateTime<Utc>,
}

/// What the links of a site have found.
#[derive(Serialize, ToSchema)]
pub(crate) struct FoundList {
    /// The devices; those that can be added first, then by serial.
    pub(super) items: Vec<FoundDevice>,
}
