//! What of its firmware a device needs before it can be added or unbound.

use crate::device::DeviceKind;
use crate::firmware::FirmwareVersion;

/// Whether a firmware is of the generation 3 of cameras and recorders, which knows neither today's activation nor
/// unbinding over the network. Alarm panels, intercoms and others count their versions differently and are never meant.
///
/// What cannot be read is not old: nobody is sent away for a version that could not be understood.
pub fn is_generation_3(kind: DeviceKind, firmware: &str) -> bool {
    matches!(kind, DeviceKind::Camera | DeviceKind::Nvr | DeviceKind::Dvr)
        && FirmwareVersion::parse(firmware)
            .is_ok_and(|version| version.numbers().first().is_some_and(|major| *major <= 3))
}

/// Whether a device must be upgraded before it is added: a recorder of generation 3.
pub fn is_too_old_to_add(kind: DeviceKind, firmware: &str) -> bool {
    matches!(kind, DeviceKind::Nvr | DeviceKind::Dvr) && is_generation_3(kind, firmware)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generation_3_is_told_within_cameras_and_recorders_only() {
        for (kind, firmware, old, too_old) in [
            (DeviceKind::Nvr, "V3.4.98 build 180104", true, true),
            (DeviceKind::Dvr, "V3.5.35build 180107", true, true),
            (DeviceKind::Nvr, "V4.1.50.1 build 000000", false, false),
            (DeviceKind::Camera, "V3.0.2", true, false),
            (DeviceKind::Camera, "V5.7.3 build 220112", false, false),
            (DeviceKind::AlarmPanel, "V1.2.9", false, false),
            (DeviceKind::Intercom, "V2.2.53", false, false),
            (DeviceKind::Nvr, "", false, false),
            (DeviceKind::Nvr, "newest", false, false),
            (DeviceKind::Unknown, "V3.4.98", false, false),
        ] {
            assert_eq!(is_generation_3(kind, firmware), old, "{kind:?} {firmware}");
            assert_eq!(is_too_old_to_add(kind, firmware), too_old, "{kind:?} {firmware}");
        }
    }
}
