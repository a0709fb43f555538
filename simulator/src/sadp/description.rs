//! What a device tells of itself when it is asked who is there.

use std::fmt::Write as _;

use chrono::TimeDelta;
use sha2::{Digest as _, Sha256};

use super::probe::Probe;
use crate::device::{Device, Now, held};
use crate::profile::Profile;
use crate::settings::ServiceHost;
use crate::xml::escaped;

/// The start of every answer.
pub(super) fn start(device: &Device, probe: &Probe) -> String {
    let mut text = String::with_capacity(1536);
    text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ProbeMatch>\n");
    line(&mut text, "Uuid", &probe.uuid);
    line(&mut text, "Types", &probe.kind);
    line(&mut text, "MAC", device.identity.mac.replace(':', "-"));
    text
}

pub(super) fn line(text: &mut String, name: &str, value: impl std::fmt::Display) {
    let _ = writeln!(text, "<{name}>{}</{name}>", escaped(value));
}

/// 64 hex characters that keys are made with.
pub(super) fn salt(device: &Device) -> String {
    hex::encode(Sha256::digest(format!("sadp {}", device.identity.serial_number)))
}

/// As the vendor's library counts it: 1 bound, 2 not.
pub(super) fn bind_status(device: &Device) -> u8 {
    if held(&device.setup).bound { 1 } else { 2 }
}

/// Devices that can be unbound by their own LAN at all.
pub(super) fn can_unbind(device: &Device) -> bool {
    let setup = held(&device.setup);
    device.identity.profile != Profile::CameraOld
        && !setup.is_version_3(&device.identity)
        && setup.service.host == ServiceHost::HikConnect
}

/// The answer to an inquiry.
pub(super) fn describe(device: &Device, probe: &Probe, now: Now) -> String {
    let identity = &device.identity;
    let model = identity.model;
    let (version, build) = device.firmware();
    let recorder = matches!(identity.profile, Profile::Nvr | Profile::NvrOld | Profile::Dvr);
    let analogue = if identity.profile == Profile::Dvr { model.channels } else { 0 };
    let uptime = TimeDelta::try_seconds(device.uptime(now.instant).try_into().unwrap_or(0)).unwrap_or_default();
    let booted = now.utc.checked_sub_signed(uptime).unwrap_or(now.utc);
    let (activated, enabled, dhcp) = {
        let setup = held(&device.setup);
        (setup.activated, setup.service.enabled, setup.dhcp)
    };
    let mut text = start(device, probe);
    // [?] The number of panels is not known.
    let kind = if identity.profile.is_panel() {
        102_400
    } else if recorder {
        137_392
    } else {
        138_684
    };
    line(&mut text, "DeviceType", kind);
    line(&mut text, "DeviceDescription", model.title);
    line(&mut text, "DeviceSN", &identity.serial_number);
    line(&mut text, "CommandPort", 8000);
    line(&mut text, "HttpPort", device.port);
    line(&mut text, "IPv4Address", device.address());
    line(&mut text, "IPv4SubnetMask", "255.0.0.0");
    line(&mut text, "IPv4Gateway", "127.0.0.1");
    line(&mut text, "IPv6Address", "::");
    line(&mut text, "IPv6Gateway", "::");
    line(&mut text, "IPv6MaskLen", 64);
    line(&mut text, "DHCP", dhcp);
    line(&mut text, "AnalogChannelNum", analogue);
    line(&mut text, "DigitalChannelNum", model.channels - analogue);
    // Without a blank between version and build, as devices write it here.
    line(&mut text, "SoftwareVersion", format_args!("{version}{build}"));
    line(&mut text, "DSPVersion", format_args!("V7.3 {build}"));
    line(&mut text, "BootTime", booted.format("%Y-%m-%d %H:%M:%S"));
    line(&mut text, "Encrypt", true);
    line(&mut text, "ResetAbility", false);
    line(&mut text, "DiskNumber", model.disks);
    line(&mut text, "Activated", activated);
    line(&mut text, "SupportHCPlatform", true);
    line(&mut text, "HCPlatformEnable", misspelt(enabled));
    line(&mut text, "IsModifyVerificationCode", identity.profile != Profile::CameraOld);
    // The oldest firmware tells no more than this.
    if identity.profile != Profile::CameraOld {
        line(&mut text, "PasswordResetAbility", true);
        line(&mut text, "PasswordResetModeSecond", true);
        line(&mut text, "SupportSecurityQuestion", true);
        line(&mut text, "supportEzvizUnbind", can_unbind(device));
        line(&mut text, "BindStatus", bind_status(device));
        line(&mut text, "Salt", salt(device));
        line(&mut text, "DeviceLock", misspelt(held(&device.door).locked_for(now.instant).is_some()));
    }
    text.push_str("</ProbeMatch>\n");
    text
}

/// Two of a device's answers come this way.
const fn misspelt(value: bool) -> &'static str {
    if value { "true" } else { "flase" }
}
