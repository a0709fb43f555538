//! Users, rights and ports.

use super::{Document, repeated, start};
use crate::device::{Device, held};
use crate::profile::{LoginScheme, Profile};
use crate::xml::Xml;

pub(super) fn users(device: &Device) -> String {
    let mut xml = start(device, "UserList");
    for (id, name, level) in accounts(device) {
        xml.open_with("User", repeated(device));
        write_user(&mut xml, id, name, level);
        xml.close();
    }
    xml.finish()
}

pub(super) fn user(device: &Device, wanted: u32) -> Option<String> {
    let (id, name, level) = accounts(device).find(|(id, ..)| *id == wanted)?;
    let mut xml = start(device, "User");
    write_user(&mut xml, id, name, level);
    Some(xml.finish())
}

/// Number, name and level; recorders have somebody who only watches.
fn accounts(device: &Device) -> impl Iterator<Item = (u32, &str, &'static str)> {
    let second = device.identity.profile.has_proxy_channels().then_some((2, "operator", "Operator"));
    [(1, device.user.as_str(), "Administrator")].into_iter().chain(second)
}

fn write_user(xml: &mut Xml, id: u32, name: &str, level: &str) {
    xml.leaf("id", id);
    xml.leaf("userName", name);
    xml.leaf("userLevel", level);
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
    xml.leaf_with("securityVersion", " opt=\"1\"", 1);
    xml.leaf("keyIterateNum", KEY_ROUNDS);
    if device.identity.profile.style().login == LoginScheme::Sha256AndMd5 {
        xml.leaf("isIrreversible", true);
        xml.leaf("salt", salt(device));
        xml.open("WebCertificateCap");
        xml.leaf_with("CertificateType", " opt=\"digest\"", "digest");
        xml.leaf_with("SecurityAlgorithm", " opt=\"MD5,SHA256,MD5/SHA256\"", "MD5/SHA256");
        xml.close();
    }
    xml.finish()
}

/// How often a key for sensitive fields is hashed.
pub(crate) const KEY_ROUNDS: u32 = 100;

/// What keys for sensitive fields are made with.
pub(crate) fn salt(device: &Device) -> String {
    format!("{:0>64}", device.identity.mac.replace(':', ""))
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
    xml.leaf("Activated", held(&device.setup).activated);
    xml.finish()
}

/// Refused either way, where the device has it at all: the word is the answer.
pub(super) fn activate_status(device: &Device) -> Document {
    if !matches!(device.identity.profile, Profile::Camera | Profile::Nvr) {
        return Document::Unsupported;
    }
    Document::Failed(403, if held(&device.setup).activated { "hasActivated" } else { "notActivated" })
}
