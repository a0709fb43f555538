//! The site of every state: what whoever adds a cloud device can meet, one device each.

use super::{DeviceSettings, ServiceHost};
use crate::profile::Profile;

/// A state of a device of [`super::Site::CloudStates`], in the order of its devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloudState {
    /// Activated, service enabled and registered, owned by nobody.
    Ready,
    /// Fresh out of the box, except that its service is on.
    NotActivated,
    /// Its service is switched off; it knows no verification code.
    ServiceDisabled,
    /// Fresh out of the box: no password, service off, no verification code.
    Fresh,
    /// Switched off.
    Offline,
    /// Somebody's account owns it.
    BoundElsewhere,
    /// Somebody's account at the consumer service owns it.
    BoundToEzviz,
    /// A recorder with firmware 3.x that somebody's account owns.
    OldRecorder,
    /// Ready, but its verification code is not the one on its label.
    WrongLabel,
    /// Ready, with firmware V5.2.
    OldFirmware,
}

impl CloudState {
    /// Every one, in the order of the site's devices.
    pub const ALL: [Self; 10] = [
        Self::Ready,
        Self::NotActivated,
        Self::ServiceDisabled,
        Self::Fresh,
        Self::Offline,
        Self::BoundElsewhere,
        Self::BoundToEzviz,
        Self::OldRecorder,
        Self::WrongLabel,
        Self::OldFirmware,
    ];

    /// The place of its device on the site.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Name and profile of its device.
    pub(super) fn device(self) -> (String, Profile) {
        let (name, profile) = match self {
            Self::Ready => ("Gate", Profile::Camera),
            Self::NotActivated => ("Reception", Profile::Camera),
            Self::ServiceDisabled => ("Yard dome", Profile::Dome),
            Self::Fresh => ("Recorder north", Profile::Nvr),
            Self::Offline => ("Car park", Profile::Camera),
            Self::BoundElsewhere => ("Recorder south", Profile::Nvr),
            Self::BoundToEzviz => ("Nursery", Profile::Camera),
            Self::OldRecorder => ("Cellar recorder", Profile::NvrOld),
            Self::WrongLabel => ("Workshop", Profile::Camera),
            Self::OldFirmware => ("Old roof camera", Profile::CameraOld),
        };
        (name.to_owned(), profile)
    }

    pub(super) fn bring_about(self, device: &mut DeviceSettings) {
        match self {
            Self::Ready | Self::OldFirmware => {}
            Self::NotActivated => device.activated = false,
            Self::ServiceDisabled => switch_service_off(device),
            Self::Fresh => {
                device.activated = false;
                switch_service_off(device);
            }
            Self::Offline => device.power = false,
            Self::BoundElsewhere => device.bound = true,
            Self::BoundToEzviz => {
                device.bound = true;
                device.service.host = ServiceHost::Ezviz;
            }
            Self::OldRecorder => {
                device.bound = true;
                device.firmware = Some("V3.4.92 build 170228".to_owned());
            }
            Self::WrongLabel => {
                // Every letter one further: still a code, and never the device's own.
                let next = |letter: char| if letter == 'Z' { 'A' } else { char::from(letter as u8 + 1) };
                device.label_code = device.service.code.as_ref().map(|code| code.chars().map(next).collect());
            }
        }
    }
}

fn switch_service_off(device: &mut DeviceSettings) {
    device.service.enabled = false;
    device.service.code = None;
}
