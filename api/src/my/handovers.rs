//! Invitations to own sites that went to the address of who is signed in.

pub(crate) mod accept;
pub(crate) mod list;
pub(crate) mod refuse;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::handovers as stored;
use utoipa::ToSchema;

use crate::asks::Asks;
use crate::handovers::{OfferedChannel, channels_of};
use crate::words::{DeviceKind, HandoverKind};

/// An invitation, as its receiver sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyHandover {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// To own the site, or to see some of it.
    kind: HandoverKind,
    /// The name of the company that invites.
    company: String,
    /// The name of who invites; null when they are not here any more.
    #[schema(required = true)]
    invited_by: Option<String>,
    /// The name of the site.
    site: String,
    /// Its address; may be empty.
    address: String,
    /// What was said besides; may be empty.
    remark: String,
    /// What is asked for in return.
    asks: Asks,
    /// What is shared; empty where the site is handed over.
    channels: Vec<OfferedChannel>,
    /// The devices of the site, by name.
    devices: Vec<MyOfferedDevice>,
    /// Until when it can be accepted.
    expires_at: DateTime<Utc>,
}

/// A device of a site that is offered.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyOfferedDevice {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name.
    name: String,
    /// What it is.
    kind: DeviceKind,
    /// Its model; may be empty.
    model: String,
}

impl From<stored::OpenHandover> for MyHandover {
    fn from(open: stored::OpenHandover) -> Self {
        let device = |device: stored::OfferedDevice| MyOfferedDevice {
            id: device.id.to_string(),
            name: device.name,
            kind: DeviceKind(device.kind),
            model: device.model,
        };
        Self {
            id: open.id.to_string(),
            kind: HandoverKind(open.kind),
            company: open.company,
            invited_by: open.inviter,
            site: open.site,
            address: open.site_address,
            remark: open.remark,
            asks: open.offer.asks().into(),
            channels: channels_of(&open.offer),
            devices: open.devices.into_iter().map(device).collect(),
            expires_at: open.expires_at,
        }
    }
}
