//! Users, rights and ports.

use super::{repeated, start};
use crate::device::Device;
use crate::profile::{LoginScheme, Profile};

pub(super) fn users(device: &Device) -> String {
    let mut xml = start(device, "UserList");
    let second = device.identity.profile.has_proxy_channels().then_some(("operator", "Operator"));
    for (id, (name, level)) in [(device.user.as_str(), "Administrator")].into_iter().chain(second).enumerate() {
        xml.open_with("User", repeated(device));
        xml.leaf("id", id + 1);
        xml.leaf("userName", name);
        xml.leaf("userLevel", level);
        xml.close();
    }
    xml.finish()
}

/// The answer to somebody who is in; for others see `refusal`.
pub(super) fn user_check(device: &Device) -> String {
    let mut xml = start(device, "userCheck");
    xml.leaf("statusValue", 200);
    xml.leaf("statusString", "OK");
    if device.identity.profile != Profile::CameraOld {
        xml.leaf("isDefaultPassword", false);
        xml.leaf("isRiskPassword", false);
        xml.leaf("isActivated", true);
    }
    xml.finish()
}

pub(super) fn capabilities(device: &Device) -> String {
    let mut xml = start(device, "SecurityCap");
    xml.leaf("supportUserNums", 32);
    xml.leaf("userBondIpNums", 1);
    xml.leaf("isSupportUserCheck", true);
    xml.leaf_with("securityVersion", " opt=\"1,2\"", 1);
    xml.leaf("keyIterateNum", 100);
    if device.identity.profile.style().login == LoginScheme::Sha256AndMd5 {
        xml.leaf("isIrreversible", true);
        xml.leaf("salt", format_args!("{:0>64}", device.identity.mac.replace(':', "")));
        xml.open("WebCertificateCap");
        xml.leaf_with("CertificateType", " opt=\"digest\"", "digest");
        xml.leaf_with("SecurityAlgorithm", " opt=\"MD5,SHA256,MD5/SHA256\"", "MD5/SHA256");
        xml.close();
    }
    xml.finish()
}

pub(super) fn admin_accesses(device: &Device) -> String {
    let (http, https) = if device.certificate.is_some() { (80, device.port) } else { (device.port, 443) };
    let mut xml = start(device, "AdminAccessProtocolList");
    for (id, (protocol, port)) in
        [("HTTP", http), ("HTTPS", https), ("DEV_MANAGE", 8000), ("RTSP", 554)].into_iter().enumerate()
    {
        xml.open_with("AdminAccessProtocol", repeated(device));
        xml.leaf("id", id + 1);
        xml.leaf("enabled", true);
        xml.leaf("protocol", protocol);
        xml.leaf("portNo", port);
        xml.close();
    }
    xml.finish()
}

pub(super) fn activation(device: &Device) -> String {
    let mut xml = start(device, "ActivateStatus");
    xml.leaf("Activated", true);
    xml.finish()
}
