//! How devices say no.

use std::time::Duration;

use crate::device::Device;
use crate::profile::{LoginScheme, Schema};
use crate::xml::Xml;

/// The `ResponseStatus` of a refusal, in the namespace that the device keeps for them.
pub(crate) fn response_status(device: &Device, target: &str, code: u8, sub_status: &str) -> String {
    let schema = device.identity.profile.style().refusal;
    let mut xml = Xml::new("ResponseStatus", schema.attributes());
    xml.leaf("requestURL", target);
    xml.leaf("statusCode", code);
    xml.leaf("statusString", status_string(code));
    xml.leaf("subStatusCode", sub_status);
    if schema == Schema::Isapi {
        xml.leaf("MErrCode", if sub_status == "notSupport" { "0x40000001" } else { "0x40000006" });
        xml.leaf("MErrDevSelfEx", "0x0");
    }
    xml.finish()
}

const fn status_string(code: u8) -> &'static str {
    match code {
        2 => "Device Busy",
        3 => "Device Error",
        5 => "Invalid XML Format",
        6 => "Invalid XML Content",
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
    ("application/xml; charset=\"UTF-8\"", xml.finish())
}
