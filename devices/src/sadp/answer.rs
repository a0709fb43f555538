//! What a device says of itself when it is asked who is there.

use std::net::{Ipv4Addr, Ipv6Addr};

use siteward_domain::SerialNumber;
use siteward_domain::link::{FoundBy, Sighting};

use super::reply::UnbindState;
use super::{NotSadp, read_probe_match};
use crate::isapi::{whole_number, yes_or_no};
use crate::xml::Element;

/// The web port of a device that does not tell it.
const USUAL_HTTP_PORT: u16 = 80;

/// One device's answer. Texts are as the device writes them; every part may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SadpAnswer {
    /// The id of the inquiry, in capitals.
    pub uuid: Option<String>,
    /// `DeviceDescription`, the model.
    pub model: String,
    /// `DeviceSN`, usually the long serial number.
    pub serial_text: String,
    /// Lower case with colons.
    pub mac: Option<String>,
    /// IPv4 address.
    pub ipv4: Option<Ipv4Addr>,
    /// IPv6 address.
    pub ipv6: Option<Ipv6Addr>,
    /// Port of the web server.
    pub http_port: Option<u16>,
    /// Port of the SDK, usually 8000.
    pub command_port: Option<u16>,
    /// Whether the address comes from DHCP.
    pub dhcp: Option<bool>,
    /// `SoftwareVersion`, e.g. `V5.6.2build 190701`.
    pub firmware: String,
    /// Analogue channels.
    pub analog_channels: Option<u32>,
    /// IP channels.
    pub digital_channels: Option<u32>,
    /// Whether an admin password is set.
    pub activated: Option<bool>,
    /// Whether the device knows the cloud service at all.
    pub service_supported: Option<bool>,
    /// Whether the cloud service is on.
    pub service_enabled: Option<bool>,
    /// Whether the verification code can be set by SADP.
    pub code_changeable: Option<bool>,
    /// Whether the device can be unbound by SADP.
    pub unbind_supported: Option<bool>,
    /// Whether the device is locked after wrong passwords.
    pub locked: Option<bool>,
    /// Whether an account holds it, where it is told.
    pub unbind: UnbindState,
    /// What its password hashes are salted with; not a secret, the device tells it to anybody.
    pub salt: Option<String>,
}

/// Reads a datagram. Anything beyond the form is taken as it comes: misspelt, empty or missing.
pub fn read_match(datagram: &[u8]) -> Result<SadpAnswer, NotSadp> {
    read_probe_match(datagram, |root, _| answer_of(root))
}

impl SadpAnswer {
    /// The device as a link reports it; `None` without a serial number or an address to speak to.
    pub fn sighting(&self) -> Option<Sighting> {
        let serial = SerialNumber::parse(&self.serial_text).ok()?;
        let ipv4 = self.ipv4.filter(|address| !address.is_unspecified()).map(|address| address.to_string());
        let ipv6 = || self.ipv6.filter(|address| !address.is_unspecified()).map(|address| address.to_string());
        Some(Sighting {
            serial,
            long_serial: self.serial_text.clone(),
            mac: self.mac.clone(),
            model: self.model.clone(),
            firmware: self.firmware.clone(),
            host: ipv4.or_else(ipv6)?,
            http_port: self.http_port.unwrap_or(USUAL_HTTP_PORT),
            dhcp: self.dhcp,
            activated: self.activated,
            service_enabled: self.service_enabled,
            bind: self.unbind.bind(),
            unbind_supported: self.unbind_supported,
            found_by: FoundBy::Sadp,
        })
    }
}

fn answer_of(root: &Element<'_>) -> SadpAnswer {
    let text = |name: &str| root.child_text(name);
    let owned = |name: &str| text(name).unwrap_or_default().to_owned();
    let told = |name: &str| text(name).and_then(yes_or_no);
    let number = |name: &str| text(name).and_then(whole_number);
    let port = |name: &str| number(name).and_then(|port| u16::try_from(port).ok()).filter(|port| *port != 0);
    let count = |name: &str| number(name).and_then(|count| u32::try_from(count).ok());
    SadpAnswer {
        uuid: text("Uuid").map(str::to_ascii_uppercase),
        model: owned("DeviceDescription"),
        serial_text: owned("DeviceSN"),
        mac: text("MAC").and_then(mac_with_colons),
        ipv4: text("IPv4Address").and_then(|text| text.parse().ok()),
        ipv6: text("IPv6Address").and_then(|text| text.parse().ok()),
        http_port: port("HttpPort"),
        command_port: port("CommandPort"),
        dhcp: told("DHCP"),
        firmware: owned("SoftwareVersion"),
        analog_channels: count("AnalogChannelNum"),
        digital_channels: count("DigitalChannelNum"),
        activated: told("Activated"),
        service_supported: told("SupportHCPlatform"),
        service_enabled: told("HCPlatformEnable"),
        code_changeable: told("IsModifyVerificationCode"),
        unbind_supported: told("supportEzvizUnbind"),
        locked: told("DeviceLock"),
        unbind: UnbindState::read(root),
        salt: text("Salt").map(str::to_owned),
    }
}

/// `44-19-B6-…`, `4419b6…` or with colons, as lower case with colons.
pub(super) fn mac_with_colons(text: &str) -> Option<String> {
    let bytes = mac_bytes(text)?;
    Some(bytes.map(|byte| format!("{byte:02x}")).join(":"))
}

/// As devices write it, which is how they expect it in a command.
pub(super) fn mac_with_dashes(text: &str) -> Option<String> {
    let bytes = mac_bytes(text)?;
    Some(bytes.map(|byte| format!("{byte:02x}")).join("-"))
}

fn mac_bytes(text: &str) -> Option<[u8; 6]> {
    let digits: String = text.trim().chars().filter(|c| !matches!(c, '-' | ':')).collect();
    let mut bytes = [0; 6];
    hex::decode_to_slice(digits, &mut bytes).ok()?;
    (bytes != [0; 6]).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use siteward_domain::link::BindState;

    use super::*;

    const ANSWER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
        <ProbeMatch><Uuid>0a1b2c3d-0000-4000-8000-00000000000f</Uuid><Types>inquiry</Types><DeviceType>139776</DeviceType>
        <DeviceDescription>DS-2CD2000X</DeviceDescription><DeviceSN>DS-2CD2000X20200101AAWRG00000001</DeviceSN>
        <CommandPort>8000</CommandPort><HttpPort>8080</HttpPort><MAC>44-19-B6-00-00-0f</MAC><IPv4Address>192.168.1.64</IPv4Address>
        <IPv6Address>::</IPv6Address><DHCP>flase</DHCP><SoftwareVersion>V5.6.2build 190701</SoftwareVersion>
        <Activated>FALSE</Activated><HCPlatformEnable>flase</HCPlatformEnable><supportEzvizUnbind>true</supportEzvizUnbind></ProbeMatch>"#;

    #[test]
    fn an_answer_becomes_a_sighting() {
        let answer = read_match(ANSWER.as_bytes()).unwrap();
        assert_eq!(answer.uuid.as_deref(), Some("0A1B2C3D-0000-4000-8000-00000000000F"));
        assert_eq!(answer.command_port, Some(8000));
        let sighting = answer.sighting().unwrap();
        assert_eq!(sighting.serial.as_str(), "G00000001");
        assert_eq!((sighting.host.as_str(), sighting.http_port), ("192.168.1.64", 8080));
        assert_eq!(sighting.mac.as_deref(), Some("44:19:b6:00:00:0f"));
        assert_eq!(sighting.firmware, "V5.6.2build 190701");
        let flags = (sighting.dhcp, sighting.activated, sighting.service_enabled, sighting.unbind_supported);
        assert_eq!(flags, (Some(false), Some(false), Some(false), Some(true)));
        assert_eq!((sighting.bind, sighting.found_by), (BindState::Unknown, FoundBy::Sadp));
    }

    #[test]
    fn what_is_missing_is_unknown_and_without_an_address_or_a_serial_there_is_no_sighting() {
        let least = "<ProbeMatch><DeviceSN>123456789</DeviceSN><IPv4Address>10.0.0.9</IPv4Address></ProbeMatch>\0";
        let sighting = read_match(least.as_bytes()).unwrap().sighting().unwrap();
        assert_eq!((sighting.http_port, sighting.activated, sighting.mac), (80, None, None));
        for without in [
            "<ProbeMatch><DeviceSN>123456789</DeviceSN></ProbeMatch>",
            "<ProbeMatch><DeviceSN>123456789</DeviceSN><IPv4Address>0.0.0.0</IPv4Address><IPv6Address>::</IPv6Address></ProbeMatch>",
            "<ProbeMatch><IPv4Address>10.0.0.9</IPv4Address></ProbeMatch>",
        ] {
            assert_eq!(read_match(without.as_bytes()).unwrap().sighting(), None, "{without}");
        }
    }

    #[test]
    fn inquiries_nonsense_and_heavy_datagrams_are_no_answers() {
        assert_eq!(read_match(b"<Probe><Types>inquiry</Types></Probe>"), Err(NotSadp::NotAnAnswer));
        assert!(matches!(read_match(b"\x21\x02\0\0\0"), Err(NotSadp::NotReadable(_))));
        assert!(matches!(read_match(b"<!DOCTYPE a><ProbeMatch/>"), Err(NotSadp::NotReadable(_))));
        assert_eq!(read_match(&vec![b' '; super::super::MOST_BYTES + 1]), Err(NotSadp::TooLarge));
    }

    const NAMES: [&str; 10] = [
        "DeviceSN",
        "MAC",
        "IPv4Address",
        "IPv6Address",
        "HttpPort",
        "SoftwareVersion",
        "Uuid",
        "DeviceDescription",
        "bindStatus",
        "Result",
    ];

    fn value() -> impl Strategy<Value = String> {
        prop_oneof![
            "\\PC{0,20}",
            "[0-9A-Fa-f:.-]{0,20}",
            "&#[0-9]{1,4};",
            Just("x".repeat(300)),
            Just("44-19-b6-00-00-0f".to_owned())
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn any_datagram_is_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read_match(&bytes);
            let _ = super::super::read_reply(&bytes);
        }

        #[test]
        fn whatever_is_told_is_bounded_and_no_control_character_gets_through(
            fields in proptest::collection::vec((proptest::sample::select(NAMES.to_vec()), value()), 0..8),
        ) {
            let mut inside = String::new();
            for (name, value) in fields {
                let value = if value.starts_with("&#") { value } else { crate::isapi::edit::escaped(&value) };
                inside.extend(["<", name, ">", &value, "</", name, ">"]);
            }
            let text = format!("<ProbeMatch>{inside}</ProbeMatch>");
            let answer = read_match(text.as_bytes());
            let _ = super::super::read_reply(text.as_bytes());
            if let Ok(answer) = answer {
                for told in [&answer.model, &answer.serial_text, &answer.firmware] {
                    prop_assert!(told.chars().count() <= crate::xml::MOST_TEXT && !told.chars().any(char::is_control));
                }
                if let Some(sighting) = answer.sighting() {
                    prop_assert!(sighting.host.parse::<std::net::IpAddr>().is_ok() && sighting.http_port > 0);
                }
            }
        }
    }
}
