//! Templates (R-H8): what installers set up again and again, filled in with what a site has.

use super::action::{Action, ArmMode};
use super::source::Source;
use crate::device::DeviceKind;
use crate::device_event::DeviceEventKind as Event;
use crate::schedule::{Day, Period, Schedule};
use crate::words::words;
use crate::{DeviceId, StaffId};

words! {
    /// A template.
    pub enum Template {
        /// Somebody is where nobody should be at night.
        Intrusion = "intrusion",
        /// A door was forced.
        ForcedEntry = "forced_entry",
        /// The panel was disarmed: cameras look away, outputs go off.
        BackHome = "back_home",
        /// The panel was armed: cameras turn to their post.
        Away = "away",
        /// Somebody rings.
        VisitorCalling = "visitor_calling",
        /// Somebody crosses a line at the fence.
        Perimeter = "perimeter",
    }
}

/// A device of the site, as templates see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteDevice {
    /// Its id.
    pub id: DeviceId,
    /// What it is.
    pub kind: DeviceKind,
}

/// A rule as a template proposes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What sets it off.
    pub source: Source,
    /// When; none: always.
    pub schedule: Option<Schedule>,
    /// What it does.
    pub actions: Vec<Action>,
}

impl Template {
    /// The kinds of devices that can be its source, the best first.
    pub fn sources(self) -> &'static [DeviceKind] {
        match self {
            Self::Intrusion | Self::Perimeter => &[DeviceKind::Camera, DeviceKind::Nvr, DeviceKind::Dvr],
            Self::ForcedEntry => &[DeviceKind::AccessControl, DeviceKind::Intercom],
            Self::BackHome | Self::Away => &[DeviceKind::AlarmPanel],
            Self::VisitorCalling => &[DeviceKind::Intercom, DeviceKind::AccessControl],
        }
    }

    /// What its source tells.
    pub fn event(self) -> Event {
        match self {
            Self::Intrusion => Event::Intrusion,
            Self::ForcedEntry => Event::DoorForced,
            Self::BackHome => Event::Disarmed,
            Self::Away => Event::Armed,
            Self::VisitorCalling => Event::VisitorCalling,
            Self::Perimeter => Event::LineCrossing,
        }
    }

    /// A rule of what the site has, in the order given, with `receiver` as who is told; webhooks where
    /// there is nobody. `None`: the site has no source for it.
    pub fn draft(self, devices: &[SiteDevice], receiver: Option<&StaffId>) -> Option<Draft> {
        let of = |kind: DeviceKind| devices.iter().filter(move |device| device.kind == kind);
        let source = self.sources().iter().find_map(|kind| of(*kind).next())?;
        // Of a recorder the installer picks another channel where it is not the first.
        let channel = matches!(source.kind, DeviceKind::Nvr | DeviceKind::Dvr).then_some(1);
        let source = Source { device: source.id.clone(), channel, kind: self.event() };
        let cameras: Vec<&DeviceId> =
            of(DeviceKind::Camera).map(|device| &device.id).filter(|id| **id != source.device).collect();
        let panel = of(DeviceKind::AlarmPanel).map(|device| &device.id).find(|id| **id != source.device);
        let mut actions = self.of_cameras(&cameras);
        if let (Self::ForcedEntry, Some(panel)) = (self, panel) {
            actions.push(Action::Arm { device: panel.clone(), area: None, mode: ArmMode::Away });
        }
        actions.push(receiver.map_or(Action::Webhook, |one| Action::Notify { staff: vec![one.clone()] }));
        Some(Draft { source, schedule: self.schedule(), actions })
    }

    /// What it has cameras do: four actions at most, also of two templates that have the same source.
    fn of_cameras(self, cameras: &[&DeviceId]) -> Vec<Action> {
        let pictures =
            |most| cameras.iter().take(most).map(|id| Action::Snapshot { device: (*id).clone(), channel: 1 });
        let recordings =
            |most| cameras.iter().take(most).map(|id| Action::Record { device: (*id).clone(), channel: 1 });
        let presets = |most, preset| {
            cameras.iter().take(most).map(move |id| Action::Preset { device: (*id).clone(), channel: 1, preset })
        };
        let output = |on| cameras.iter().take(1).map(move |id| Action::Output { device: (*id).clone(), output: 1, on });
        match self {
            Self::Intrusion => pictures(2).chain(output(true)).collect(),
            Self::ForcedEntry => pictures(2).chain(recordings(2)).collect(),
            Self::BackHome => presets(2, 1).chain(output(false)).collect(),
            Self::Away => presets(2, 2).collect(),
            Self::VisitorCalling => pictures(2).collect(),
            Self::Perimeter => pictures(1).chain(recordings(1)).chain(output(true)).collect(),
        }
    }

    /// Nights for what is about people who should not be there; always for what somebody does.
    fn schedule(self) -> Option<Schedule> {
        let nights = Period { days: Day::ALL.to_vec(), from: 20 * 60, until: 6 * 60 };
        let at_night = matches!(self, Self::Intrusion | Self::Perimeter);
        at_night.then(|| Schedule::try_from(vec![nights]).ok()).flatten()
    }
}
