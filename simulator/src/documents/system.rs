//! The device as a whole: who it is, how it runs, its clock and its network.

use chrono::{DateTime, FixedOffset, SecondsFormat, TimeDelta};

use super::{Document, repeated, start};
use crate::device::{Condition, Device, Now, held};
use crate::profile::Profile;
use crate::xml::Xml;

pub(super) fn device_info(device: &Device) -> String {
    let identity = &device.identity;
    let model = identity.model;
    let (version, build) = device.firmware();
    let camera = !matches!(identity.profile, Profile::Nvr | Profile::NvrOld | Profile::Dvr);
    let mut xml = start(device, "DeviceInfo");
    xml.leaf("deviceName", device.name());
    if identity.profile == Profile::Thermal {
        xml.leaf("manufacturer", "");
    }
    xml.leaf("deviceID", &identity.device_id);
    if camera {
        xml.leaf("deviceDescription", identity.profile.style().device_type);
        xml.leaf("deviceLocation", "hangzhou");
        xml.leaf("systemContact", "Hikvision.China");
    }
    xml.leaf("model", model.title);
    xml.leaf("serialNumber", &identity.serial_number);
    xml.leaf("macAddress", &identity.mac);
    xml.leaf("firmwareVersion", version);
    xml.leaf("firmwareReleasedDate", &build);
    xml.leaf("encoderVersion", if camera { "V7.3" } else { "V5.0" });
    xml.leaf("encoderReleasedDate", &build);
    if camera {
        xml.leaf("bootVersion", "V1.3.4");
        xml.leaf("bootReleasedDate", "100316");
        xml.leaf("hardwareVersion", "0x0");
    }
    xml.leaf("deviceType", identity.profile.style().device_type);
    xml.leaf("telecontrolID", if camera { "88" } else { "255" });
    match identity.profile {
        Profile::Camera => {
            xml.leaf("supportBeep", false);
            xml.leaf("supportVideoLoss", false);
            xml.leaf("firmwareVersionInfo", "B-R-G5-0");
            xml.leaf("manufacturer", "hikvision");
            xml.leaf("subSerialNumber", &identity.short_serial);
            xml.leaf("OEMCode", 1);
        }
        Profile::Dome | Profile::Thermal => {
            xml.leaf("supportBeep", true);
            xml.leaf("supportVideoLoss", false);
        }
        Profile::Nvr => {
            xml.leaf("hardwareVersion", "B-R-K51-00");
            xml.leaf("decordChannelNums", model.channels);
            xml.leaf("USBNums", 2);
        }
        Profile::Dvr => {
            xml.leaf("hardwareVersion", "0xe20d40");
            xml.leaf("manufacturer", "hikvision");
        }
        Profile::Panel | Profile::PanelHybrid => {
            xml.leaf("charEncodeFormat", "GB2312");
            xml.leaf("languageType", "english");
        }
        Profile::CameraOld | Profile::NvrOld | Profile::Router => {}
    }
    xml.finish()
}

/// The same as panels tell it when they are asked for JSON.
pub(crate) fn device_info_json(device: &Device) -> String {
    let identity = &device.identity;
    let (version, build) = device.firmware();
    let info = serde_json::json!({ "DeviceInfo": {
        "deviceName": device.name(),
        "deviceID": identity.device_id,
        "model": identity.model.title,
        "serialNumber": identity.serial_number,
        "macAddress": identity.mac,
        "firmwareVersion": version,
        "firmwareReleasedDate": build,
        "hardwareVersion": "0x1000",
        "encoderVersion": "V1.0",
        "encoderReleasedDate": "build 000000",
        "deviceType": identity.profile.style().device_type,
        "telecontrolID": "0",
        "charEncodeFormat": "GB2312",
        "languageType": "english",
    } });
    info.to_string()
}

/// Outside of `/ISAPI`. **[?]** The names around the flag are not known.
pub(super) fn sdk_capabilities(device: &Device) -> Document {
    let Some(panel) = &device.panel else { return Document::Unsupported };
    let mut xml = start(device, "SDKCap");
    xml.leaf("isSupportCloudUserManage", held(panel).switches.cloud_user_manage);
    Document::Xml(xml.finish())
}

pub(super) fn status(device: &Device, condition: &Condition, now: Now) -> String {
    let profile = device.identity.profile;
    let uptime = device.uptime(now.instant);
    // Loads wander a little, so that a reader that shows them shows life.
    let wave = (uptime / 7 + device.index as u64 * 13) % 40;
    let inner = repeated(device);
    let mut xml = start(device, "DeviceStatus");
    xml.leaf("currentDeviceTime", local_time(device, condition, now));
    xml.leaf("deviceUpTime", uptime);
    xml.open_with("CPUList", inner);
    xml.open_with("CPU", inner);
    xml.leaf("cpuDescription", "2616.00");
    xml.leaf("cpuUtilization", 12 + wave);
    xml.close();
    xml.close();
    if profile != Profile::NvrOld {
        xml.open_with("MemoryList", inner);
        xml.open_with("Memory", inner);
        xml.leaf("memoryDescription", "DDR Memory");
        xml.leaf("memoryUsage", format_args!("{}.{:06}", 180 + wave, 250_000));
        xml.leaf("memoryAvailable", format_args!("{}.{:06}", 300 - wave, 750_000));
        xml.close();
        xml.close();
    }
    if matches!(profile, Profile::Nvr | Profile::Dvr) {
        xml.leaf("openFileHandles", 0);
    }
    xml.finish()
}

pub(super) fn capabilities(device: &Device) -> String {
    let identity = &device.identity;
    let inner = repeated(device);
    let mut xml = start(device, "DeviceCap");
    xml.open("SysCap");
    xml.leaf("isSupportDst", true);
    xml.open_with("NetworkCap", inner);
    for (name, supported) in [
        ("isSupportWireless", identity.profile == Profile::Dome),
        ("isSupportPPPoE", true),
        ("isSupport802_1x", true),
        ("isSupportNtp", true),
        ("isSupportHttps", true),
        ("isSupportEZVIZ", true),
        ("isSupportEZVIZUnbind", identity.profile == Profile::Camera),
    ] {
        xml.leaf(name, supported);
    }
    // Both spellings occur.
    xml.leaf(if identity.profile == Profile::Nvr { "isSupportEZVIZQRcode" } else { "isSupportEZVIZQRCode" }, true);
    xml.close();
    xml.open_with("IOCap", inner);
    xml.leaf("IOInputPortNums", 1);
    xml.leaf("IOOutputPortNums", 1);
    xml.close();
    xml.open_with("VideoCap", inner);
    xml.leaf("videoInputPortNums", if identity.profile.has_proxy_channels() { 0 } else { identity.model.channels });
    xml.close();
    xml.close();
    xml.open("RacmCap");
    xml.leaf("inputProxyNums", if identity.profile.has_proxy_channels() { identity.model.channels } else { 0 });
    xml.finish()
}

pub(super) fn time(device: &Device, condition: &Condition, now: Now) -> String {
    let mut xml = start(device, "Time");
    xml.leaf("timeMode", if held(&device.setup).clock.by_hand { "manual" } else { "NTP" });
    xml.leaf("localTime", local_time(device, condition, now));
    xml.leaf("timeZone", held(&device.setup).clock.zone());
    xml.finish()
}

pub(super) fn ntp_server(device: &Device) -> String {
    let mut xml = start(device, "NTPServer");
    xml.leaf("id", 1);
    xml.leaf("addressingFormatType", "hostname");
    xml.leaf("hostName", "time.windows.com");
    xml.leaf("portNo", 123);
    xml.leaf("synchronizeInterval", 1440);
    xml.finish()
}

pub(super) fn interfaces(device: &Device) -> String {
    let inner = repeated(device);
    let wireless = device.identity.profile == Profile::Dome;
    let mut xml = start(device, "NetworkInterfaceList");
    for id in 1..=if wireless { 2 } else { 1 } {
        xml.open_with("NetworkInterface", inner);
        xml.leaf("id", id);
        xml.open_with("IPAddress", inner);
        write_address(&mut xml, device, id);
        xml.close();
        xml.open_with("Link", inner);
        xml.leaf("MACAddress", &device.identity.mac);
        xml.leaf("autoNegotiation", true);
        xml.leaf("speed", 0);
        xml.leaf("duplex", "full");
        xml.leaf("MTU", 1500);
        xml.close();
        xml.close();
    }
    xml.finish()
}

/// The address of one interface; only the first exists on every device.
pub(super) fn ip_address(device: &Device, interface: u32) -> Option<String> {
    (interface == 1).then(|| {
        let mut xml = start(device, "IPAddress");
        write_address(&mut xml, device, 1);
        xml.finish()
    })
}

fn write_address(xml: &mut Xml, device: &Device, interface: u32) {
    let first = interface == 1;
    let dynamic = !first || held(&device.setup).dhcp;
    xml.leaf("ipVersion", if device.identity.profile == Profile::CameraOld { "v4" } else { "dual" });
    xml.leaf("addressingType", if dynamic { "dynamic" } else { "static" });
    xml.leaf("ipAddress", if first { device.address().to_string() } else { "0.0.0.0".to_owned() });
    xml.leaf("subnetMask", "255.0.0.0");
    for name in ["DefaultGateway", "PrimaryDNS", "SecondaryDNS"] {
        xml.open(name);
        xml.leaf("ipAddress", if name == "SecondaryDNS" { "0.0.0.0" } else { "127.0.0.1" });
        xml.close();
    }
}

/// The device's clock in its zone, with its error.
pub(super) fn local_time(device: &Device, condition: &Condition, now: Now) -> String {
    let shifted = TimeDelta::try_seconds(condition.clock_offset_seconds)
        .and_then(|offset| now.utc.checked_add_signed(offset))
        .unwrap_or(now.utc);
    let zone = FixedOffset::east_opt(held(&device.setup).clock.east);
    let local: DateTime<FixedOffset> = zone.map_or_else(|| shifted.fixed_offset(), |zone| shifted.with_timezone(&zone));
    local.to_rfc3339_opts(SecondsFormat::Secs, false)
}
