//! What sets a rule off.

use serde::{Deserialize, Serialize};

use super::action::Resource;
use crate::DeviceId;
use crate::device::DeviceKind;
use crate::device_event::DeviceEventKind;

/// What sets a rule off: a kind of event of a device, of one of its channels, zones or doors, or of any.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Source {
    /// The device.
    pub device: DeviceId,
    /// The channel, zone or door; none: any.
    pub channel: Option<u32>,
    /// What it tells.
    pub kind: DeviceEventKind,
}

impl Source {
    /// Whether an event is one of these.
    pub fn matches(&self, device: &DeviceId, channel: Option<u32>, kind: DeviceEventKind) -> bool {
        self.device == *device && self.kind == kind && (self.channel.is_none() || self.channel == channel)
    }

    /// Whether devices of a kind tell of anything.
    pub fn tells(kind: DeviceKind) -> bool {
        !matches!(kind, DeviceKind::Switch | DeviceKind::Router)
    }

    /// Whether a linked resource is the source itself. A source without a channel is all cameras of the device, and a panel
    /// as a whole. A zone of a panel is not its areas, and an output is no source of events.
    pub fn is_itself(&self, resource: &Resource) -> bool {
        match resource {
            Resource::Camera { device, channel } => {
                *device == self.device && self.channel.is_none_or(|own| own == *channel)
            }
            Resource::Output { .. } => false,
            Resource::Panel { device, area } => {
                let tells_areas = matches!(self.kind, DeviceEventKind::Armed | DeviceEventKind::Disarmed);
                let same_area = |own| tells_areas && area.is_none_or(|area| area == own);
                *device == self.device && self.channel.is_none_or(same_area)
            }
        }
    }
}
