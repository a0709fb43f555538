//! What of a device may be used through the platform: the one table of paths.
//!
//! Pages and measured values are for whoever has the right. What holds a secret, what would lock the platform out, and what the
//! platform does itself is refused; the page that refuses says where it is done.

use actix_web::http::Method;

/// What a request to a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It reads.
    Read,
    /// It changes something: logged.
    Write,
    /// It changes the firmware: that right is needed too; logged.
    Upgrade,
    /// It reads or writes a secret: users, cloud service, export of the configuration, keys.
    Secret,
    /// The platform does it itself: passwords, activation, factory reset.
    ElsewhereDone,
    /// It is not a request as browsers make it.
    Bad,
}

/// Interfaces of devices below which paths count in any case.
const INTERFACES: [&str; 3] = ["isapi", "psia", "sdk"];

/// Below an interface: begins with these, and is secret whatever is done.
const SECRET: [&str; 13] = [
    "system/network/ezviz",
    "system/configurationdata",
    "system/configurationfile",
    "system/exportconfigurationdata",
    "system/diagnoseddata",
    "system/network/wireless",
    "system/network/interfaces/1/wireless",
    "security/certificate",
    "security/servercertificate",
    "security/devicecertificate",
    "security/clientcertificate",
    "security/guidfiledata",
    "security/questionconfiguration",
];
/// Below an interface: may be read, but is changed by the platform alone, or not at all.
const ELSEWHERE: [&str; 8] = [
    "security/users",
    "security/adminaccesses/reset",
    "security/emailinformation",
    "system/factoryreset",
    "system/factorydefault",
    "system/activate",
    "activate",
    "security/challenge",
];
/// Below an interface: a change of the firmware.
const UPGRADE: [&str; 3] = ["system/updatefirmware", "system/onlineupgrade", "system/upgradefirmware"];
/// Not below an interface, and refused: the configuration as a file, and protocols with logins of their own.
const SECRET_ANYWHERE: [&str; 3] = ["system/configurationfile", "system/configurationdata", "onvif"];

/// Judges a request by method, path and query as they came.
pub(super) fn judge(method: &Method, path: &str, query: &str) -> Verdict {
    let Some(path) = plain(path) else { return Verdict::Bad };
    let reads = matches!(*method, Method::GET | Method::HEAD);
    if !reads && !matches!(*method, Method::PUT | Method::POST | Method::DELETE) {
        return Verdict::Bad;
    }
    let path = path.trim_start_matches('/');
    let below = path.split_once('/').filter(|(first, _)| INTERFACES.contains(first)).map(|(_, rest)| rest);
    let Some(below) = below else {
        let secret = SECRET_ANYWHERE.iter().any(|beginning| is_below(path, beginning));
        return match (secret, reads) {
            (true, _) => Verdict::Secret,
            (false, true) => Verdict::Read,
            (false, false) => Verdict::Write,
        };
    };
    let any = |list: &[&str]| list.iter().any(|beginning| is_below(below, beginning));
    if any(&SECRET) {
        Verdict::Secret
    } else if any(&ELSEWHERE) {
        // With `security` and `iv` a device tells passwords, enciphered with what the caller knows.
        let asks_secrets = query.to_ascii_lowercase().contains("security=");
        match (reads, asks_secrets) {
            (true, false) => Verdict::Read,
            (true, true) => Verdict::Secret,
            (false, _) => Verdict::ElsewhereDone,
        }
    } else if any(&UPGRADE) && !reads {
        Verdict::Upgrade
    } else if reads {
        Verdict::Read
    } else {
        Verdict::Write
    }
}

/// The path as a device may understand it, in lower case; `None` for one with two readings: encoded twice, with dots,
/// empty segments, backslashes or parameters.
fn plain(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    let odd = text.chars().any(|c| c.is_control() || matches!(c, '%' | '\\' | ';'));
    let segments = text.strip_prefix('/')?.split('/');
    let dotted = segments.clone().any(|segment| matches!(segment, "." | ".."));
    let empty = segments.rev().skip(1).any(str::is_empty);
    (!odd && !dotted && !empty).then(|| text.to_lowercase())
}

/// `path` is `beginning`, or something below or beside it (`security/certificate` also covers `security/certificateData`).
fn is_below(path: &str, beginning: &str) -> bool {
    path.starts_with(beginning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_paths_holds() {
        let (get, put, post) = (Method::GET, Method::PUT, Method::POST);
        for (method, path, verdict) in [
            (&get, "/", Verdict::Read),
            (&get, "/doc/page/login.asp", Verdict::Read),
            (&get, "/doc/page/", Verdict::Read),
            (&Method::HEAD, "/ISAPI/System/deviceInfo", Verdict::Read),
            (&get, "/ISAPI/Security/users", Verdict::Read),
            (&put, "/ISAPI/System/deviceInfo", Verdict::Write),
            (&put, "/ISAPI/System/reboot", Verdict::Write),
            (&Method::DELETE, "/ISAPI/System/Video/inputs/1", Verdict::Write),
            (&put, "/ISAPI/System/updateFirmware", Verdict::Upgrade),
            (&post, "/ISAPI/System/updateFirmware", Verdict::Upgrade),
            (&get, "/ISAPI/System/Network/EZVIZ", Verdict::Secret),
            (&put, "/ISAPI/System/Network/EZVIZ", Verdict::Secret),
            (&get, "/isapi/system/network/ezviz/unbind", Verdict::Secret),
            (&get, "/ISAPI/System/configurationData", Verdict::Secret),
            (&get, "/ISAPI/System/%63onfigurationData", Verdict::Secret),
            (&get, "/PSIA/System/ConfigurationData", Verdict::Secret),
            (&get, "/System/configurationFile", Verdict::Secret),
            (&get, "/ISAPI/Security/certificateKey", Verdict::Secret),
            (&post, "/onvif/device_service", Verdict::Secret),
            (&put, "/ISAPI/Security/users/1", Verdict::ElsewhereDone),
            (&post, "/ISAPI/Security/users", Verdict::ElsewhereDone),
            (&put, "/ISAPI/System/factoryReset", Verdict::ElsewhereDone),
            (&put, "/ISAPI/System/activate", Verdict::ElsewhereDone),
            (&put, "/SDK/activate", Verdict::ElsewhereDone),
            (&get, "/ISAPI/System/%2563onfigurationData", Verdict::Bad),
            (&get, "/doc/../ISAPI/System/configurationData", Verdict::Bad),
            (&get, "/ISAPI//System/configurationData", Verdict::Bad),
            (&get, "/ISAPI/./System/configurationData", Verdict::Bad),
            (&get, "//ISAPI/System/configurationData", Verdict::Bad),
            (&get, "/ISAPI\\System\\configurationData", Verdict::Bad),
            (&get, "/ISAPI;x=1/System/configurationData", Verdict::Bad),
            (&get, "/ISAPI/System/%zz", Verdict::Bad),
            (&get, "/ISAPI/System/%00", Verdict::Bad),
            (&Method::CONNECT, "/", Verdict::Bad),
            (&Method::TRACE, "/", Verdict::Bad),
        ] {
            assert_eq!(judge(method, path, ""), verdict, "{method} {path}");
        }
        assert_eq!(judge(&get, "/ISAPI/Security/users", "security=1&iv=00"), Verdict::Secret);
    }
}
