//! Restart, clock, picture, password, DHCP: what is written to a device, and what its answers mean.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use siteward_devices::activation::{activate, is_activated};
use siteward_devices::operations::{
    DhcpOn, Done, PasswordError, Rebooting, change_password, dhcp_on, is_administrator, reboot, set_time, snapshot,
};
use siteward_devices::sadp::{Command, Finder};
use siteward_devices::{CallError, Limits, service};
use siteward_domain::VerificationCode;
use siteward_domain::device_password::DevicePasswordRule;

use crate::fake::{INFO, PASSWORD};
use crate::played::{Asked, Does, Played, ok, refuses, xml};

const NEW: &str = "Gate-2026-north";
const SHORT: Limits = Limits {
    connect: Duration::from_millis(400),
    call: Duration::from_millis(500),
    check: Duration::from_millis(900),
    body_bytes: 64 * 1024,
};

async fn device(play: impl Fn(&Asked) -> Does + Send + Sync + 'static) -> Played {
    Played::start(PASSWORD, move |asked| if asked.logged_in { play(asked) } else { Does::WantsLogin }).await
}

#[tokio::test]
async fn a_restart_is_told_or_met_with_silence() {
    for (ending, told) in [
        (ok as fn() -> Does, Ok(Rebooting::Told)),
        (|| Does::HangsUp, Ok(Rebooting::WentSilent)),
        (|| Does::SaysNothing, Ok(Rebooting::WentSilent)),
        (|| refuses(403, "lowPrivilege"), Err(CallError::LowPrivilege)),
    ] {
        let played = device(move |asked| if asked.path == INFO { xml("<DeviceInfo/>") } else { ending() }).await;
        assert_eq!(reboot(&mut played.client(PASSWORD, SHORT)).await, told);
        assert_eq!(played.written("/ISAPI/System/reboot"), [""]);
    }
}

#[tokio::test]
async fn a_device_that_is_not_there_is_not_said_to_restart() {
    let played = device(|_| Does::HangsUp).await;
    let ended = reboot(&mut played.client(PASSWORD, SHORT)).await;
    assert!(matches!(ended, Err(CallError::Unreachable { .. })), "{ended:?}");
    assert!(played.written("/ISAPI/System/reboot").is_empty());
}

#[tokio::test]
async fn the_clock_is_set_with_its_zone_and_summer_time() {
    const TIME: &str = "<Time version=\"2.0\" xmlns=\"http://www.hikvision.com/ver20/XMLSchema\"><timeMode>NTP</timeMode><localTime>2024-01-01T00:00:00+08:00</localTime><timeZone>CST-8:00:00</timeZone><satelliteInterval>60</satelliteInterval></Time>";
    let played = device(|asked| if asked.method == "GET" { xml(TIME) } else { ok() }).await;
    let mut client = played.client(PASSWORD, Limits::default());
    let now: DateTime<Utc> = "2026-07-15T10:00:05.9Z".parse().unwrap();
    assert_eq!(set_time(&mut client, now, chrono_tz::Europe::Berlin).await, Ok(Done::default()));
    let now: DateTime<Utc> = "2026-11-20T16:00:00Z".parse().unwrap();
    set_time(&mut client, now, chrono_tz::America::Sao_Paulo).await.unwrap();
    let expected = |local: &str, zone: &str| {
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Time version=\"2.0\" xmlns=\"http://www.hikvision.com/ver20/XMLSchema\">";
        format!(
            "{head}<timeMode>manual</timeMode><localTime>{local}</localTime><timeZone>{zone}</timeZone><satelliteInterval>60</satelliteInterval></Time>\n"
        )
    };
    let berlin = expected("2026-07-15T12:00:05+02:00", "CST-1:00:00DST01:00:00,M3.5.0/02:00:00,M10.5.0/03:00:00");
    let sao_paulo = expected("2026-11-20T13:00:00-03:00", "CST+3:00:00");
    assert_eq!(played.written("/ISAPI/System/time"), [berlin, sao_paulo]);
}

#[tokio::test]
async fn a_picture_larger_than_other_answers_is_taken_and_one_beyond_the_limit_is_not() {
    let picture = |length: usize| [b"\xff\xd8\xff\xe0".as_slice(), &vec![7; length], b"\xff\xd9"].concat();
    let played = device(move |asked| match asked.path.as_str() {
        "/ISAPI/Streaming/channels/101/picture" => Does::Answers(200, picture(3 * 1024 * 1024)),
        "/ISAPI/Streaming/channels/1601/picture" => Does::Answers(200, picture(5 * 1024 * 1024)),
        _ => refuses(200, "deviceError"),
    })
    .await;
    let mut client = played.client(PASSWORD, Limits::default());
    let taken = snapshot(&mut client, 1).await.unwrap();
    assert_eq!((taken.content_type, taken.bytes.len()), ("image/jpeg", 3 * 1024 * 1024 + 6));
    assert_eq!(snapshot(&mut client, 16).await.unwrap_err(), CallError::BadAnswer { what: "too_large" });
    assert!(snapshot(&mut client, 2).await.is_err());
    // The limit of other answers is what it was.
    let ended = client.get("/ISAPI/Streaming/channels/101/picture").await.unwrap_err();
    assert_eq!(ended, CallError::BadAnswer { what: "too_large" });
}

#[tokio::test]
async fn hostile_answers_to_an_operation_end_with_its_time() {
    for does in [(|| Does::SaysNothing) as fn() -> Does, || Does::Answers(200, vec![0xff; 60_000]), || Does::HangsUp] {
        let played = device(move |_| does()).await;
        let mut client = played.client(PASSWORD, SHORT);
        let started = Instant::now();
        assert!(snapshot(&mut client, 1).await.is_err());
        assert!(set_time(&mut client, Utc::now(), chrono_tz::UTC).await.is_err());
        assert!(change_password(&mut client, "admin", &SecretString::from(NEW)).await.is_err());
        assert!(dhcp_on(&mut client).await.is_err());
        assert!(started.elapsed() < 4 * SHORT.call + Duration::from_secs(2));
        assert!(played.asked().iter().all(|asked| asked.method == "GET"));
    }
}

const USERS: &str = "<UserList version=\"1.0\" xmlns=\"http://www.hikvision.com/ver10/XMLSchema\"><User><id>2</id><userName>guest</userName></User><User><id>1</id><userName>admin</userName><userLevel>Administrator</userLevel></User></UserList>";
const USER: &str = "<User version=\"1.0\" xmlns=\"http://www.hikvision.com/ver10/XMLSchema\"><id>1</id><userName>admin</userName><bondIpAddressList><bondIpAddress/></bondIpAddressList><userLevel>Administrator</userLevel></User>";

fn accounts(asked: &Asked) -> Option<Does> {
    match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", "/ISAPI/Security/users") => Some(xml(USERS)),
        ("GET", "/ISAPI/Security/users/1") => Some(xml(USER)),
        _ => None,
    }
}

#[tokio::test]
async fn only_an_administrator_counts_as_one() {
    let listed = |own: &str| {
        format!(
            "<UserList><User><id>3</id><userName>other</userName><userLevel>Administrator</userLevel></User>{own}</UserList>"
        )
    };
    for (own, is_one) in [
        ("<User><id>1</id><userName>admin</userName></User>", true),
        ("<User><id>4</id><userName>admin</userName><userLevel>Administrator</userLevel></User>", true),
        ("<User><id>4</id><userName>admin</userName><userLevel>Operator</userLevel></User>", false),
        ("<User><id>4</id><userName>admin</userName><userLevel>Viewer</userLevel></User>", false),
        ("<User><id>4</id><userName>admin</userName></User>", false),
        ("", false),
    ] {
        let list = listed(own);
        let played = device(move |_| xml(&list)).await;
        assert_eq!(is_administrator(&mut played.client(PASSWORD, SHORT)).await, Ok(is_one), "{own}");
    }
    let played = device(|_| refuses(403, "lowPrivilege")).await;
    assert_eq!(is_administrator(&mut played.client(PASSWORD, SHORT)).await, Ok(false));
    let played = device(|_| ok()).await;
    assert!(is_administrator(&mut played.client("Wrong-one-1", SHORT)).await.is_err());
}

#[tokio::test]
async fn a_password_is_changed_in_the_accounts_own_document() {
    let played = device(|asked| accounts(asked).unwrap_or_else(ok)).await;
    let mut client = played.client(PASSWORD, Limits::default());
    change_password(&mut client, "admin", &SecretString::from("Gate&2026<x")).await.unwrap();
    let added = "<password>Gate&amp;2026&lt;x</password></User>";
    let expected = USER.replace("</User>", added);
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    assert_eq!(played.written("/ISAPI/Security/users/1"), [format!("{head}{expected}\n")]);
}

#[tokio::test]
async fn the_present_password_goes_along_where_the_device_wants_it() {
    let played = device(|asked| {
        accounts(asked).unwrap_or_else(|| {
            let present = format!("<loginPassword>{PASSWORD}</loginPassword>");
            if asked.body.contains(&present) { ok() } else { refuses(403, "loginPasswordError") }
        })
    })
    .await;
    let mut client = played.client(PASSWORD, Limits::default());
    change_password(&mut client, "admin", &SecretString::from(NEW)).await.unwrap();
    assert_eq!(played.written("/ISAPI/Security/users/1").len(), 2);
    // The login itself was never refused.
    played.set_password(NEW);
    assert!(client.get(INFO).await.is_err());
}

#[tokio::test]
async fn why_a_password_is_not_changed_is_told_apart() {
    for (sub, error) in [
        ("cannotSameAsOldPassword", PasswordError::Rule(None)),
        ("riskPassword", PasswordError::Rule(None)),
        ("lowPrivilege", PasswordError::Call(CallError::LowPrivilege)),
    ] {
        let played = device(move |asked| accounts(asked).unwrap_or_else(|| refuses(403, sub))).await;
        let mut client = played.client(PASSWORD, Limits::default());
        let ended = change_password(&mut client, "admin", &SecretString::from(NEW)).await.unwrap_err();
        assert!(!format!("{ended:?} {ended}").contains(NEW));
        assert_eq!(ended, error, "{sub}");
        assert_eq!(played.written("/ISAPI/Security/users/1").len(), 1);
    }
    let played = device(|asked| accounts(asked).unwrap_or_else(ok)).await;
    let mut client = played.client(PASSWORD, Limits::default());
    let nobody = change_password(&mut client, "nobody", &SecretString::from(NEW)).await;
    assert_eq!(nobody, Err(PasswordError::NoSuchUser));
    let weak = change_password(&mut client, "admin", &SecretString::from("short")).await;
    assert_eq!(weak, Err(PasswordError::Rule(Some(DevicePasswordRule::Length))));
}

#[tokio::test]
async fn dhcp_is_turned_on_at_the_interface_we_speak_to() {
    const CABLE: &str = "<NetworkInterface><id>1</id><IPAddress><addressingType>dynamic</addressingType><ipAddress>10.0.0.5</ipAddress></IPAddress></NetworkInterface>";
    const OURS: &str = "<IPAddress version=\"2.0\"><ipVersion>v4</ipVersion><addressingType>static</addressingType><ipAddress>127.0.0.1</ipAddress></IPAddress>";
    for (ending, ended) in [
        (ok as fn() -> Does, DhcpOn::TurnedOn { needs_reboot: false }),
        (|| refuses(200, "rebootRequired"), DhcpOn::TurnedOn { needs_reboot: true }),
        (|| Does::HangsUp, DhcpOn::WentSilent),
    ] {
        let played = device(move |asked| match (asked.method.as_str(), asked.path.as_str()) {
            ("PUT", _) => ending(),
            (_, "/ISAPI/System/Network/interfaces") => {
                xml(&format!("<NetworkInterfaceList>{CABLE}<NetworkInterface><id>2</id>{OURS}</NetworkInterface></NetworkInterfaceList>"))
            }
            _ => xml(OURS),
        })
        .await;
        assert_eq!(dhcp_on(&mut played.client(PASSWORD, SHORT)).await, Ok(ended));
        let written = played.written("/ISAPI/System/Network/interfaces/2/ipAddress");
        assert_eq!(written.len(), 1);
        assert!(written.concat().contains(&OURS.replace("static", "dynamic")));
    }
    let on = device(|_| xml(&format!("<NetworkInterfaceList>{CABLE}</NetworkInterfaceList>"))).await;
    assert_eq!(dhcp_on(&mut on.client(PASSWORD, SHORT)).await, Ok(DhcpOn::WasOn));
    assert!(on.asked().iter().all(|asked| asked.method == "GET"));
}

#[tokio::test]
async fn everything_that_is_asked_can_run_on_any_thread() {
    fn on_any_thread<T: Send>(_: &T) {}
    let played = device(|_| ok()).await;
    let mut client = played.client(PASSWORD, SHORT);
    let (new, code) = (SecretString::from(NEW), VerificationCode::parse("Gate2026").unwrap());
    on_any_thread(&is_activated(&mut client));
    on_any_thread(&activate(&mut client, &new));
    on_any_thread(&service::enable(&mut client, &code));
    on_any_thread(&service::check_code(&mut client, &code));
    on_any_thread(&reboot(&mut client));
    on_any_thread(&set_time(&mut client, Utc::now(), chrono_tz::UTC));
    on_any_thread(&snapshot(&mut client, 1));
    on_any_thread(&change_password(&mut client, "admin", &new));
    on_any_thread(&dhcp_on(&mut client));
    let finder = Finder::open("127.0.0.1:0".parse().unwrap(), Vec::new(), SHORT.call).await.unwrap();
    on_any_thread(&finder.discover());
    on_any_thread(&finder.command("", &Command::ReadBindState));
}
