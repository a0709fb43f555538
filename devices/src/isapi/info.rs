//! `GET /ISAPI/System/deviceInfo`: who a device is.

use siteward_domain::SerialNumber;
use siteward_domain::device::DeviceKind;
use siteward_domain::observation::Identity;

use super::owned;
use crate::xml::Element;

/// The resource.
pub const PATH: &str = "/ISAPI/System/deviceInfo";

/// Reads `DeviceInfo`; `None` for anything that has neither model nor serial number.
pub fn read(root: &Element<'_>) -> Option<Identity> {
    let info = root.find("DeviceInfo").unwrap_or(root);
    let text = |name: &str| info.child_text(name);
    let model = text("model").unwrap_or("");
    let serial_number = text("serialNumber").unwrap_or("");
    if model.is_empty() && serial_number.is_empty() {
        return None;
    }
    let sub_serial_number = text("subSerialNumber");
    let short = sub_serial_number.and_then(|serial| SerialNumber::parse(serial).ok());
    let device_type = text("deviceType").unwrap_or("");
    Some(Identity {
        device_name: text("deviceName").unwrap_or("").to_owned(),
        model: model.to_owned(),
        serial_number: serial_number.to_owned(),
        sub_serial_number: owned(sub_serial_number),
        short_serial: short.or_else(|| SerialNumber::parse(serial_number).ok()),
        mac_address: owned(text("macAddress")),
        firmware_version: text("firmwareVersion").unwrap_or("").to_owned(),
        firmware_released: owned(text("firmwareReleasedDate")),
        hardware_version: owned(text("hardwareVersion")),
        manufacturer: owned(text("manufacturer")),
        device_type: device_type.to_owned(),
        kind: DeviceKind::recognise(device_type, model),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::read_any;

    #[test]
    fn an_identity_is_read_from_any_namespace_and_from_json() {
        let fields = "<deviceName>Gate &amp; yard</deviceName><model>DS-7608NI-X/8P</model>\
            <serialNumber>DS-7608NI-X/8P0820240101CCRRJ12345678WCVU</serialNumber><firmwareVersion>V4.62.210</firmwareVersion>\
            <firmwareReleasedDate>build 230619</firmwareReleasedDate><deviceType>NVR</deviceType><manufacturer></manufacturer>";
        for open in ["<DeviceInfo>", r#"<DeviceInfo xmlns="urn:psialliance-org" version="1.0">"#] {
            let text = format!("{open}{fields}</DeviceInfo>");
            let identity = read(&read_any(&text).unwrap()).unwrap();
            assert_eq!(identity.device_name, "Gate & yard");
            assert_eq!(identity.short_serial.unwrap().as_str(), "J12345678");
            assert_eq!(identity.kind, DeviceKind::Nvr);
            assert_eq!(identity.manufacturer, None);
        }
        let json = r#"{"DeviceInfo":{"model":"DS-PWA48-E-WB","serialNumber":"DS-PWA48-E-WB20210821AAWRQ00000001WU","deviceType":"PWA","telecontrolID":0}}"#;
        let identity = read(&read_any(json).unwrap()).unwrap();
        assert_eq!(identity.kind, DeviceKind::AlarmPanel);
        assert_eq!(identity.short_serial.unwrap().as_str(), "Q00000001");
    }

    #[test]
    fn the_devices_own_short_serial_goes_before_the_one_cut_out() {
        let text = "<DeviceInfo><model>M</model><serialNumber>DS-X20200101AAWR123456789</serialNumber><subSerialNumber>G00000007</subSerialNumber></DeviceInfo>";
        assert_eq!(read(&read_any(text).unwrap()).unwrap().short_serial.unwrap().as_str(), "G00000007");
        assert_eq!(read(&read_any("<html><body/></html>").unwrap()), None);
    }
}
