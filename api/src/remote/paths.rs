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
    /// It shows what is before a camera: the owner's permission for live pictures is needed too.
    Live,
    /// It reads recordings: the owner's permission for them is needed too; logged.
    Recordings,
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
const SECRET: [&str; 12] = [
    "system/network/ezviz",
    "system/configurationdata",
    "system/configurationfile",
    "system/exportconfigurationdata",
    "system/diagnoseddata",
    "system/network/wireless",
    "security/certificate",
    "security/servercertificate",
    "security/devicecertificate",
    "security/clientcertificate",
    "security/guidfiledata",
    "security/questionconfiguration",
];
/// Each network interface has these, and they are secret whatever is done.
const INTERFACE_LIST: &str = "system/network/interfaces/";
const SECRET_OF_INTERFACES: [&str; 3] = ["wireless", "wpa", "ieee802.1x"];
/// Below an interface: may be read, but is changed by the platform alone, or not at all.
const ELSEWHERE: [&str; 10] = [
    "security/users",
    "security/aaa",
    "security/onvif",
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
/// Below an interface: pictures as they are now.
const LIVE: [&str; 1] = ["streaming/"];
/// Below an interface: what was recorded, also where it is asked for with a POST.
const RECORDINGS: [&str; 4] =
    ["contentmgmt/search", "contentmgmt/download", "contentmgmt/streamingproxy", "contentmgmt/recordandplay"];
/// Not below an interface: pictures as older devices give them.
const LIVE_ANYWHERE: [&str; 2] = ["streaming/channels", "streaming/tracks"];
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
        let live = LIVE_ANYWHERE.iter().any(|beginning| is_below(path, beginning));
        return match (secret, reads) {
            (true, _) => Verdict::Secret,
            (false, true) if live => Verdict::Live,
            (false, true) => Verdict::Read,
            (false, false) => Verdict::Write,
        };
    };
    let any = |list: &[&str]| list.iter().any(|beginning| is_below(below, beginning));
    // With `security` and `iv` a device tells passwords, enciphered with what the caller knows.
    let Some(asks_secrets) = asks_secrets(query) else { return Verdict::Bad };
    if any(&SECRET) || is_secret_of_interface(below) || (asks_secrets && reads) {
        Verdict::Secret
    } else if any(&ELSEWHERE) {
        if reads { Verdict::Read } else { Verdict::ElsewhereDone }
    } else if any(&UPGRADE) && !reads {
        Verdict::Upgrade
    } else if any(&RECORDINGS) {
        Verdict::Recordings
    } else if reads && shows_pictures(below) {
        Verdict::Live
    } else if reads {
        Verdict::Read
    } else {
        Verdict::Write
    }
}

/// Whether a path below an interface is pictures: those of the streams, and single ones of whatever has them. How a stream
/// is set is no picture.
fn shows_pictures(below: &str) -> bool {
    let picture = below.split('/').any(|part| matches!(part, "picture" | "httppreview" | "preview" | "mjpeg"));
    let stream = LIVE.iter().any(|beginning| is_below(below, beginning));
    let settings =
        matches!(below.trim_end_matches('/').rsplit('/').next(), Some("channels" | "capabilities" | "status"));
    let numbered = below.trim_end_matches('/').rsplit('/').next().is_some_and(|last| last.parse::<u32>().is_ok());
    picture || (stream && !settings && !numbered)
}

/// The path as a device may understand it, in lower case; `None` for one with two readings: encoded twice, with dots,
/// empty segments, backslashes or parameters.
fn plain(path: &str) -> Option<String> {
    let text = String::from_utf8(decoded(path)?).ok()?;
    let odd = text.chars().any(|c| c.is_control() || matches!(c, '%' | '\\' | ';'));
    let segments = text.strip_prefix('/')?.split('/');
    let dotted = segments.clone().any(|segment| matches!(segment, "." | ".."));
    let empty = segments.rev().skip(1).any(str::is_empty);
    (!odd && !dotted && !empty).then(|| text.to_lowercase())
}

/// What `%` and two digits stand for, once; `None` where other characters follow.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            if !digits.iter().all(u8::is_ascii_hexdigit) {
                return None;
            }
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    Some(bytes)
}

/// Whether a query has a parameter `security`, however it is written; `None` for one with two readings.
fn asks_secrets(query: &str) -> Option<bool> {
    let names = query.split(['&', ';', '?']).map(|pair| pair.split('=').next().unwrap_or_default());
    let names = names.map(|name| decoded(&name.replace('+', " "))).collect::<Option<Vec<_>>>()?;
    if names.iter().any(|name| name.contains(&b'%')) {
        return None;
    }
    Some(names.iter().any(|name| name.to_ascii_lowercase().trim_ascii() == b"security"))
}

/// Whether a path is a secret part of any of the device's network interfaces.
fn is_secret_of_interface(below: &str) -> bool {
    let part = below.strip_prefix(INTERFACE_LIST).and_then(|rest| rest.split_once('/')).map(|(_, part)| part);
    part.is_some_and(|part| SECRET_OF_INTERFACES.iter().any(|beginning| is_below(part, beginning)))
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
            (&get, "/ISAPI/Streaming/channels/101/picture", Verdict::Live),
            (&get, "/ISAPI/%53treaming/channels/101/Picture", Verdict::Live),
            (&get, "/ISAPI/Streaming/channels/102/httpPreview", Verdict::Live),
            (&get, "/PSIA/Streaming/channels/1/picture", Verdict::Live),
            (&get, "/ISAPI/ContentMgmt/StreamingProxy/channels/101/picture", Verdict::Recordings),
            (&get, "/Streaming/channels/1/picture", Verdict::Live),
            (&get, "/ISAPI/Streaming/channels", Verdict::Read),
            (&get, "/ISAPI/Streaming/channels/101", Verdict::Read),
            (&get, "/ISAPI/Streaming/channels/101/capabilities", Verdict::Read),
            (&put, "/ISAPI/Streaming/channels/101", Verdict::Write),
            (&post, "/ISAPI/ContentMgmt/search", Verdict::Recordings),
            (&get, "/ISAPI/ContentMgmt/download", Verdict::Recordings),
            (&get, "/ISAPI/ContentMgmt/Storage", Verdict::Read),
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

    #[test]
    fn no_other_spelling_leads_past_the_table() {
        let (get, put, post) = (Method::GET, Method::PUT, Method::POST);
        for query in [
            "iv=00&SECURITY=1",
            "%73ecurity=1&iv=00",
            "s%65curit%79=1",
            "iv=00;security=1",
            "iv=00&security",
            "+security=1",
            "a=1?security=1",
        ] {
            assert_eq!(judge(&get, "/ISAPI/Security/users", query), Verdict::Secret, "{query}");
            assert_eq!(judge(&get, "/ISAPI/System/Network/mailing", query), Verdict::Secret, "{query}");
        }
        for query in ["%2573ecurity=1", "%zz=1", "%", "%+1=1"] {
            assert_eq!(judge(&get, "/ISAPI/Security/users", query), Verdict::Bad, "{query}");
        }
        for query in ["", "format=json", "x=security%3D1", "sec=100%25"] {
            assert_eq!(judge(&get, "/ISAPI/Security/users", query), Verdict::Read, "{query}");
        }
        for (method, path, verdict) in [
            (&get, "/ISAPI/System/Network/interfaces/2/wireless", Verdict::Secret),
            (&put, "/ISAPI/System/Network/Interfaces/wlan0/Wireless/", Verdict::Secret),
            (&get, "/ISAPI/System/Network/interfaces/1/ieee802.1x", Verdict::Secret),
            (&get, "/ISAPI/System/Network/interfaces/1/ipAddress", Verdict::Read),
            (&get, "/ISAPI%2fSystem%2FconfigurationData", Verdict::Secret),
            (&get, "/%49SAPI/System/configurationData%20", Verdict::Secret),
            (&put, "/PSIA/Security/AAA/users/1", Verdict::ElsewhereDone),
            (&post, "/ISAPI/Security/ONVIF/users", Verdict::ElsewhereDone),
            (&get, "/ISAPI/%+3/x", Verdict::Bad),
            (&get, "/doc%2f..%2fISAPI/System/configurationData", Verdict::Bad),
            (&get, "/ISAPI/System%5cconfigurationData", Verdict::Bad),
        ] {
            assert_eq!(judge(method, path, ""), verdict, "{method} {path}");
        }
    }
}
