//! How devices say no.

use std::time::Duration;

use crate::answers::XML;
use crate::device::Device;
use crate::profile::{LoginScheme, Schema};
use crate::xml::Xml;

/// Content type and body of a `ResponseStatus`, in the namespace that the device keeps for them, or as JSON.
pub(crate) fn response_status(device: &Device, target: &str, code: u8, sub_status: &str) -> (&'static str, String) {
    if target.contains("format=json") {
        let number = error_code(code, sub_status);
        let status = serde_json::json!({
            "requestURL": target,
            "statusCode": code,
            "statusString": status_string(code),
            "subStatusCode": sub_status,
            "errorCode": number,
            "errorMsg": sub_status,
        });
        return ("application/json; charset=\"UTF-8\"", status.to_string());
    }
    let schema = device.identity.profile.style().refusal;
    let mut xml = Xml::new("ResponseStatus", schema.attributes());
    xml.leaf("requestURL", target);
    xml.leaf("statusCode", code);
    xml.leaf("statusString", status_string(code));
    xml.leaf("subStatusCode", sub_status);
    if schema == Schema::Isapi {
        xml.leaf("MErrCode", format_args!("{:#010X}", error_code(code, sub_status)).to_string().replace("0X", "0x"));
        xml.leaf("MErrDevSelfEx", "0x0");
    }
    (XML, xml.finish())
}

/// The `statusCode` that goes with a refusal.
pub(crate) fn status_code(sub_status: &str) -> u8 {
    match sub_status {
        "deviceBusy" => 2,
        "deviceError" | "serviceUnavailable" => 3,
        "badXmlFormat" | "badJsonFormat" => 5,
        "invalidID"
        | "badParameters"
        | "badXmlContent"
        | "illegalVerificationCode"
        | "passwordLenNoMoreThan16"
        | "riskPassword"
        | "verificationFailed" => 6,
        _ => 4,
    }
}

/// The vendor's number of an outcome.
fn error_code(code: u8, sub_status: &str) -> u32 {
    match sub_status {
        "ok" => 0x1,
        // One word, two numbers: taken with a warning, and refused.
        "riskPassword" if code == 1 => 0x1000_0002,
        "riskPassword" => 0x6000_0015,
        "deviceBusy" => 0x2000_0004,
        "notSupport" => 0x4000_0001,
        "lowPrivilege" => 0x4000_0002,
        "badAuthorization" => 0x4000_0003,
        "methodNotAllowed" => 0x4000_0004,
        "notActivated" => 0x4000_0007,
        "hasActivated" => 0x4000_0008,
        "loginPasswordError" => 0x4000_000C,
        "invalidID" => 0x4000_1008,
        "userExist" => 0x4000_1043,
        "userInexistence" => 0x4000_1045,
        "userMaxNum" => 0x4000_1047,
        "cannotSameAsOldPassword" => 0x4000_10E8,
        "sesssionUserReachesLimit" => 0x4000_10EC,
        "theSessionIdDoesNotExist" => 0x4000_1135,
        "armedStatus" => 0x4000_800B,
        "zoneFault" => 0x4000_800E,
        "badXmlFormat" => 0x5000_0001,
        "badJsonFormat" => 0x5000_0002,
        "badParameters" => 0x6000_0001,
        "badXmlContent" => 0x6000_0003,
        "illegalVerificationCode" => 0x6000_005A,
        "passwordLenNoMoreThan16" => 0x6000_005F,
        "CloudServiceNotEnabledOrAbnotmal" => 0x6000_1111,
        "verificationFailed" => 0x6000_604F,
        "rebootRequired" => 0x7000_0001,
        _ => 0x4000_0006,
    }
}

const fn status_string(code: u8) -> &'static str {
    match code {
        1 => "OK",
        2 => "Device Busy",
        3 => "Device Error",
        5 => "Invalid XML Format",
        6 => "Invalid XML Content",
        7 => "Reboot Required",
        _ => "Invalid Operation",
    }
}

/// Content type and body of a 401: newer firmware tells about the lock, older sends a page for people.
pub(crate) fn unauthorized(
    device: &Device,
    target: &str,
    locked_for: Option<Duration>,
    tries_left: u32,
) -> (&'static str, String) {
    let style = device.identity.profile.style();
    if style.login != LoginScheme::Sha256AndMd5 {
        let page = "<!DOCTYPE html>\n<html><head><title>Document Error: Unauthorized</title></head>\n\
                    <body><h2>Access Error: 401 -- Unauthorized</h2>\n<p>Authentication Error: Access Denied! Authorization required.</p></body></html>\n";
        return ("text/html", page.to_owned());
    }
    let check = target.starts_with("/ISAPI/Security/userCheck");
    let mut xml = Xml::new(if check { "userCheck" } else { "ResponseStatus" }, style.refusal.attributes());
    if check {
        xml.leaf("statusValue", 401);
        xml.leaf("statusString", "Unauthorized");
    } else {
        xml.leaf("requestURL", target);
        xml.leaf("statusCode", 4);
        xml.leaf("statusString", "Invalid Operation");
        xml.leaf("subStatusCode", "badAuthorization");
    }
    xml.leaf("lockStatus", if locked_for.is_some() { "lock" } else { "unlock" });
    match locked_for {
        Some(left) => xml.leaf(if check { "unlockTime" } else { "resLockTime" }, left.as_secs()),
        None => xml.leaf(if check { "retryLoginTime" } else { "retryTimes" }, tries_left),
    }
    (XML, xml.finish())
}
