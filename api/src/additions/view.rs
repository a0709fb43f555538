//! An addition as people see it: never its password or verification code.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words::{AddState, DeviceKind, NextStep, UnbindRefusal};

/// A cloud device on its way to a site.
#[derive(Serialize, ToSchema)]
pub(crate) struct Addition {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The site it is to be on.
    #[schema(format = "uuid")]
    site_id: String,
    /// The short serial number.
    serial: String,
    /// The name it is to have; the device's own where it is empty.
    name: String,
    /// Its model, once a link has found it.
    #[schema(required = true)]
    model: Option<String>,
    /// What it is, as far as its model tells.
    kind: DeviceKind,
    /// Where adding it stands.
    state: AddState,
    /// What a person does next.
    next: NextStep,
    /// Why the last step did not work.
    #[schema(required = true)]
    reason: Option<AdditionReason>,
    /// What to look at while it is not online (R-D5).
    #[schema(required = true)]
    help: Option<AdditionHelp>,
    /// Whether a link sees it now; null where none ever did.
    #[schema(required = true)]
    online: Option<bool>,
    /// Its address in the LAN.
    #[schema(required = true)]
    host: Option<String>,
    /// The link that sees it, or saw it last.
    #[schema(required = true)]
    link: Option<AdditionLink>,
    /// The site of the company that has it already.
    #[schema(required = true)]
    other_site: Option<AdditionSite>,
    /// The device it became, or is already.
    #[schema(required = true, format = "uuid")]
    device_id: Option<String>,
    /// Whether it can be unbound from the account that has it; null where no other account has it.
    #[schema(required = true)]
    unbind: Option<UnbindHint>,
    /// Whether its verification code is known.
    has_verification_code: bool,
    /// Whether its login is known.
    has_login: bool,
    /// When it ends unless somebody goes on.
    expires_at: DateTime<Utc>,
}

/// Why a step did not work.
#[derive(Serialize, ToSchema)]
pub(crate) struct AdditionReason {
    /// A stable code, of docs/errors.md.
    code: String,
    /// The same in English.
    message: String,
}

/// What to look at while a device is not online.
#[derive(Serialize, ToSchema)]
pub(crate) struct AdditionHelp {
    /// For what kind of device.
    kind: DeviceKind,
    /// What to look at, in this order.
    checks: Vec<HelpCheck>,
    /// When a link saw it last.
    #[schema(required = true)]
    last_seen_at: Option<DateTime<Utc>>,
    /// Where a link saw it last.
    #[schema(required = true)]
    last_host: Option<String>,
    /// Links of the site that are connected now.
    links_online: u32,
}

/// One thing to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HelpCheck {
    /// The site has no link, or none is connected.
    Link,
    /// Power supply, or PoE.
    Power,
    /// Network cable and switch.
    Cable,
    /// Wi-Fi.
    WiFi,
    /// Same LAN as the link.
    SameLan,
    /// An address by DHCP, or a fixed one that fits.
    Dhcp,
    /// A name server.
    Dns,
    /// The way out of the LAN.
    Gateway,
    /// Ports that a firewall closes.
    Ports,
    /// The serial number as on the label.
    Serial,
}

/// The link that sees a device.
#[derive(Serialize, ToSchema)]
pub(crate) struct AdditionLink {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name.
    name: String,
}

/// Another site of the company.
#[derive(Serialize, ToSchema)]
pub(crate) struct AdditionSite {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name.
    name: String,
}

/// Whether a device can be unbound here (R-U1, R-U2).
#[derive(Serialize, ToSchema)]
pub(crate) struct UnbindHint {
    /// Whether it can.
    possible: bool,
    /// Why it cannot.
    #[schema(required = true)]
    reason: Option<UnbindRefusal>,
}

/// The additions of a site that go on.
#[derive(Serialize, ToSchema)]
pub(crate) struct AdditionList {
    /// The additions, newest first.
    pub(super) items: Vec<Addition>,
}
