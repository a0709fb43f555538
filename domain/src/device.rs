//! Devices: their kind, where they are reached, and limits on what a person types.

use serde::{Deserialize, Serialize};

/// Most characters in a device's name.
pub const MOST_NAME_CHARACTERS: usize = 128;
/// Most characters in a device's host, as a DNS name may have.
pub const MOST_HOST_CHARACTERS: usize = 253;
/// Most bytes in a device account's user name (design note on QR codes §1).
pub const MOST_USER_BYTES: usize = 32;
/// Most bytes in a device account's password that we keep.
pub const MOST_PASSWORD_BYTES: usize = 64;

/// What a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    /// A camera, also a dome or a thermal one.
    Camera,
    /// A network video recorder.
    Nvr,
    /// A recorder of analogue cameras.
    Dvr,
    /// An alarm panel of the AX family.
    AlarmPanel,
    /// A video intercom.
    Intercom,
    /// An access controller or terminal.
    AccessControl,
    /// A network switch.
    Switch,
    /// A router: it has no login here, and is there as long as something answers at its port.
    Router,
    /// Not recognised; the installer can say what it is (R-O8).
    Unknown,
}

impl DeviceKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Camera,
        Self::Nvr,
        Self::Dvr,
        Self::AlarmPanel,
        Self::Intercom,
        Self::AccessControl,
        Self::Switch,
        Self::Router,
        Self::Unknown,
    ];

    /// Recognises a kind from a device's own `deviceType` and, where that is not known, its model.
    ///
    /// Source: captured `deviceInfo` answers; `IPCamera`, `IPDome`, `NVR`, `DVR`, `ACS`, `PWA`.
    pub fn recognise(device_type: &str, model: &str) -> Self {
        let device_type = device_type.trim().to_ascii_lowercase();
        match device_type.as_str() {
            "ipcamera" | "ipdome" | "ipc" | "ipzoom" | "thermal" => return Self::Camera,
            "nvr" | "networkvideorecorder" => return Self::Nvr,
            "dvr" | "hdvr" | "hybirdnvr" | "hybridnvr" | "hybriddvr" | "hybrid dvr" | "digitalvideorecorder" => {
                return Self::Dvr;
            }
            "pwa" | "axhybrid" | "axpro" | "securitycontrolpanel" => return Self::AlarmPanel,
            "acs" | "accesscontrol" | "accesscontrolterminal" => return Self::AccessControl,
            "vis" | "intercom" | "videointercom" => return Self::Intercom,
            "switch" => return Self::Switch,
            _ => {}
        }
        Self::recognise_model(model)
    }

    fn recognise_model(model: &str) -> Self {
        let model = model.trim().to_ascii_uppercase();
        let model = model.strip_prefix('I').unwrap_or(&model);
        // Recorders are named by their inputs: DS-7104NI has network ones, DS-7104HGHI analogue ones.
        if let Some(number) = model.strip_prefix("DS-").filter(|rest| rest.starts_with(['7', '8', '9'])) {
            match number.trim_start_matches(|c: char| c.is_ascii_digit()).chars().next() {
                Some('N') => return Self::Nvr,
                Some('H') => return Self::Dvr,
                _ => {}
            }
        }
        let families = [
            ("DS-2", Self::Camera),
            ("DS-76", Self::Nvr),
            ("DS-77", Self::Nvr),
            ("DS-96", Self::Nvr),
            ("DS-71", Self::Dvr),
            ("DS-72", Self::Dvr),
            ("DS-73", Self::Dvr),
            ("DS-81", Self::Dvr),
            ("DS-90", Self::Dvr),
            ("DS-PW", Self::AlarmPanel),
            ("DS-PH", Self::AlarmPanel),
            ("DS-KV", Self::Intercom),
            ("DS-KH", Self::Intercom),
            ("DS-KD", Self::Intercom),
            ("DS-K", Self::AccessControl),
            ("DS-3E", Self::Switch),
        ];
        families.into_iter().find(|(family, _)| model.starts_with(family)).map_or(Self::Unknown, |(_, kind)| kind)
    }

    /// The kind as stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Camera => "camera",
            Self::Nvr => "nvr",
            Self::Dvr => "dvr",
            Self::AlarmPanel => "alarm_panel",
            Self::Intercom => "intercom",
            Self::AccessControl => "access_control",
            Self::Switch => "switch",
            Self::Router => "router",
            Self::Unknown => "unknown",
        }
    }

    /// Reads a stored kind.
    pub fn from_stored(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether it is logged in to. What is not can only be knocked at.
    pub fn has_login(self) -> bool {
        self != Self::Router
    }
}

/// How HTTP reaches a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Plain HTTP.
    Http,
    /// HTTP over TLS; the certificate is pinned at first use.
    Https,
}

impl Scheme {
    /// `http` or `https`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// Reads a stored scheme.
    pub fn from_stored(text: &str) -> Option<Self> {
        [Self::Http, Self::Https].into_iter().find(|scheme| scheme.as_str() == text)
    }
}

/// Where a device is reached: what a person typed or a QR held, and what the platform found.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DeviceAddress {
    /// Plain HTTP or TLS.
    pub scheme: Scheme,
    /// IPv4, IPv6 (without brackets) or DNS name.
    pub host: String,
    /// TCP port of HTTP(S), 1 to 65535.
    pub port: u16,
}

impl std::fmt::Display for DeviceAddress {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.host.contains(':') {
            write!(out, "{}://[{}]:{}", self.scheme.as_str(), self.host, self.port)
        } else {
            write!(out, "{}://{}:{}", self.scheme.as_str(), self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_recognised_by_type_and_else_by_model() {
        for (device_type, model, kind) in [
            ("IPCamera", "DS-2CD2146G2-ISU", DeviceKind::Camera),
            ("IPDome", "DS-2DE4A425IW-DE", DeviceKind::Camera),
            ("NVR", "DS-7616NI-Q2/16P", DeviceKind::Nvr),
            ("DVR", "iDS-7204HUHI-M1/S(C)", DeviceKind::Dvr),
            ("PWA", "DS-PWA48-E-WB", DeviceKind::AlarmPanel),
            ("ACS", "DS-K1A340", DeviceKind::AccessControl),
            ("", "DS-KV8113-WME1", DeviceKind::Intercom),
            ("", "DS-K1T341", DeviceKind::AccessControl),
            ("", "DS-7104NI-Q1", DeviceKind::Nvr),
            ("", "DS-7804HGHI-F1", DeviceKind::Dvr),
            ("", "DS-8632N-I8", DeviceKind::Nvr),
            ("DVR", "DS-7708N-I4", DeviceKind::Dvr),
            ("Hybrid DVR", "X", DeviceKind::Dvr),
            ("Toaster", "X-1", DeviceKind::Unknown),
        ] {
            assert_eq!(DeviceKind::recognise(device_type, model), kind, "{device_type} {model}");
        }
    }

    #[test]
    fn addresses_of_ipv6_are_bracketed() {
        let address = DeviceAddress { scheme: Scheme::Https, host: "fd00::1".into(), port: 8443 };
        assert_eq!(address.to_string(), "https://[fd00::1]:8443");
    }
}
