//! What a rule does.

use serde::{Deserialize, Serialize};

use crate::device::DeviceKind;
use crate::words::words;
use crate::{DeviceId, StaffId};

words! {
    /// What an action is.
    pub enum ActionKind {
        /// A picture of a camera is taken and kept with the firing.
        Snapshot = "snapshot",
        /// A camera begins to record.
        Record = "record",
        /// A camera turns to a preset.
        Preset = "preset",
        /// An output of a device is switched on.
        OutputOn = "output_on",
        /// An output of a device is switched off.
        OutputOff = "output_off",
        /// An alarm panel, or an area of it, is armed.
        Arm = "arm",
        /// An alarm panel, or an area of it, is disarmed.
        Disarm = "disarm",
        /// Some of the staff get a mail.
        Notify = "notify",
        /// Webhooks are told.
        Webhook = "webhook",
    }
}

words! {
    /// How an alarm panel is armed.
    pub enum ArmMode {
        /// Nobody is inside.
        Away = "away",
        /// People are inside.
        Stay = "stay",
    }
}

/// What a rule does.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Action {
    /// Takes a picture of a channel.
    Snapshot {
        /// The device.
        device: DeviceId,
        /// Its channel, from 1.
        channel: u32,
    },
    /// Has a channel recorded.
    Record {
        /// The device.
        device: DeviceId,
        /// Its channel, from 1.
        channel: u32,
    },
    /// Turns a camera to a preset.
    Preset {
        /// The device.
        device: DeviceId,
        /// Its channel, from 1.
        channel: u32,
        /// The preset, from 1.
        preset: u32,
    },
    /// Switches an output.
    Output {
        /// The device.
        device: DeviceId,
        /// The output, from 1.
        output: u32,
        /// On or off.
        on: bool,
    },
    /// Arms.
    Arm {
        /// The alarm panel.
        device: DeviceId,
        /// The area, from 1; none: all of them.
        area: Option<u32>,
        /// How.
        mode: ArmMode,
    },
    /// Disarms.
    Disarm {
        /// The alarm panel.
        device: DeviceId,
        /// The area, from 1; none: all of them.
        area: Option<u32>,
    },
    /// Sends a mail.
    Notify {
        /// To whom.
        staff: Vec<StaffId>,
    },
    /// Tells webhooks.
    Webhook,
}

/// What of a device an action uses.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Resource {
    /// A camera: a channel of a device.
    Camera {
        /// The device.
        device: DeviceId,
        /// Its channel.
        channel: u32,
    },
    /// An output.
    Output {
        /// The device.
        device: DeviceId,
        /// The output.
        output: u32,
    },
    /// An alarm panel.
    Panel {
        /// The panel.
        device: DeviceId,
        /// The area; none: all of them.
        area: Option<u32>,
    },
}

impl Action {
    /// What it is.
    pub fn kind(&self) -> ActionKind {
        match self {
            Self::Snapshot { .. } => ActionKind::Snapshot,
            Self::Record { .. } => ActionKind::Record,
            Self::Preset { .. } => ActionKind::Preset,
            Self::Output { on: true, .. } => ActionKind::OutputOn,
            Self::Output { on: false, .. } => ActionKind::OutputOff,
            Self::Arm { .. } => ActionKind::Arm,
            Self::Disarm { .. } => ActionKind::Disarm,
            Self::Notify { .. } => ActionKind::Notify,
            Self::Webhook => ActionKind::Webhook,
        }
    }

    /// The device it asks, where it asks one.
    pub fn device(&self) -> Option<&DeviceId> {
        match self {
            Self::Snapshot { device, .. }
            | Self::Record { device, .. }
            | Self::Preset { device, .. }
            | Self::Output { device, .. }
            | Self::Arm { device, .. }
            | Self::Disarm { device, .. } => Some(device),
            Self::Notify { .. } | Self::Webhook => None,
        }
    }

    /// What of the device it uses.
    pub fn resource(&self) -> Option<Resource> {
        match self {
            Self::Snapshot { device, channel }
            | Self::Record { device, channel }
            | Self::Preset { device, channel, .. } => {
                Some(Resource::Camera { device: device.clone(), channel: *channel })
            }
            Self::Output { device, output, .. } => Some(Resource::Output { device: device.clone(), output: *output }),
            Self::Arm { device, area, .. } | Self::Disarm { device, area } => {
                Some(Resource::Panel { device: device.clone(), area: *area })
            }
            Self::Notify { .. } | Self::Webhook => None,
        }
    }

    /// Whether a device of this kind can do it.
    pub fn suits(&self, kind: DeviceKind) -> bool {
        use DeviceKind as K;
        match self {
            Self::Arm { .. } | Self::Disarm { .. } => kind == K::AlarmPanel,
            Self::Snapshot { .. } | Self::Record { .. } | Self::Preset { .. } | Self::Output { .. } => {
                !matches!(kind, K::AlarmPanel | K::Switch | K::Router)
            }
            Self::Notify { .. } | Self::Webhook => true,
        }
    }

    /// Whether it is an action of a camera: a picture, a recording, a preset.
    pub fn is_of_camera(&self) -> bool {
        matches!(self, Self::Snapshot { .. } | Self::Record { .. } | Self::Preset { .. })
    }

    /// Whether asking twice does no more than asking once, whatever people did in between: it only reads.
    pub fn may_be_repeated(&self) -> bool {
        matches!(self, Self::Snapshot { .. })
    }

    /// Whether two actions of one rule want the opposite of each other: actions have no order among them.
    pub fn contradicts(&self, other: &Self) -> bool {
        let overlap = |one: &Option<u32>, two: &Option<u32>| one.is_none() || two.is_none() || one == two;
        match (self, other) {
            (Self::Output { device, output, on }, Self::Output { device: d, output: o, on: other }) => {
                device == d && output == o && on != other
            }
            (Self::Preset { device, channel, preset }, Self::Preset { device: d, channel: c, preset: p }) => {
                device == d && channel == c && preset != p
            }
            (Self::Arm { device, area, mode }, Self::Arm { device: d, area: a, mode: m }) => {
                device == d && overlap(area, a) && mode != m
            }
            (Self::Arm { device, area, .. }, Self::Disarm { device: d, area: a })
            | (Self::Disarm { device: d, area: a }, Self::Arm { device, area, .. }) => device == d && overlap(area, a),
            _ => false,
        }
    }
}
