//! Looks: what one request is enough for, what is left out, and what is remembered.

use chrono::{DateTime, Utc};
use siteward_devices::probe::probe_known;
use siteward_devices::{CallError, Known, look, probe};
use siteward_domain::device::DeviceKind;
use siteward_domain::health::{Reachability, Topic};
use siteward_domain::observation::ChannelSource;

use crate::fake::{Auth, Fake, INFO, STATUS, small_camera};

const PROXIES: &str = "/ISAPI/ContentMgmt/InputProxy/channels";
const NOT_SUPPORTED: &str = "<ResponseStatus xmlns=\"urn:psialliance-org\"><statusCode>4</statusCode><subStatusCode>notSupport</subStatusCode></ResponseStatus>";

fn now() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2024-05-01T12:00:00Z").unwrap().to_utc()
}

#[tokio::test]
async fn a_poll_of_the_status_is_one_request() {
    let fake = Fake::start(Auth::Md5).await;
    small_camera(&fake);
    let mut client = fake.client();
    let known = Known::of_kind(DeviceKind::Camera);
    look(&mut client, &[Topic::Status], &known, now).await.unwrap();
    let before = fake.state().requests;
    let look = look(&mut client, &[Topic::Status], &known, now).await.unwrap();
    assert_eq!(fake.state().requests, before + 1);
    assert_eq!(look.observation.status.unwrap().value.uptime_seconds, Some(4711));
}

#[tokio::test]
async fn a_device_without_status_is_asked_who_it_is_and_that_is_remembered() {
    for (status, body) in [(403, NOT_SUPPORTED), (404, "<html>Not Found</html>"), (500, NOT_SUPPORTED), (200, "")] {
        let fake = Fake::start(Auth::Md5).await;
        small_camera(&fake);
        fake.page(STATUS, status, body);
        let mut client = fake.client();
        let first = look(&mut client, &[Topic::Status], &Known::default(), now).await.unwrap();
        assert!(first.observation.status.is_none() && first.observation.identity.is_some(), "{status}");
        let before = fake.state().requests;
        look(&mut client, &[Topic::Status], &first.known, now).await.unwrap();
        assert_eq!(fake.state().requests, before + 1, "{status}");
        assert_eq!(fake.state().seen.last().unwrap(), INFO);
    }
}

#[tokio::test]
async fn a_look_at_nothing_that_is_supported_still_hears_the_device() {
    let fake = Fake::start(Auth::Md5).await;
    small_camera(&fake);
    let mut client = fake.client();
    let first = look(&mut client, &[Topic::Disks], &Known::default(), now).await.unwrap();
    assert!(first.observation.disks.is_none());
    let before = fake.state().requests;
    look(&mut client, &[Topic::Disks], &first.known, now).await.unwrap();
    assert_eq!(fake.state().requests, before + 1);
    look(&mut client, &[Topic::Reachability], &first.known, now).await.unwrap();
    assert_eq!(fake.state().requests, before + 2);
}

#[tokio::test]
async fn an_nvr_tells_states_in_a_list_or_one_by_one() {
    for by_list in [true, false] {
        let fake = Fake::start(Auth::Sha256).await;
        fake.page(INFO, 200, "<DeviceInfo><model>DS-7608NI</model><serialNumber>S</serialNumber><deviceType>NVR</deviceType></DeviceInfo>");
        fake.page(PROXIES, 200, "<InputProxyChannelList size=\"9\"><InputProxyChannel><id>1</id><name>A</name></InputProxyChannel><InputProxyChannel><id>4</id><name>B</name></InputProxyChannel></InputProxyChannelList>");
        let one = |id: u32, online: bool| {
            format!(
                "<InputProxyChannelStatus><id>{id}</id><online>{online}</online><chanDetectResult>x</chanDetectResult></InputProxyChannelStatus>"
            )
        };
        if by_list {
            let list =
                format!("<InputProxyChannelStatusList>{}{}</InputProxyChannelStatusList>", one(4, false), one(1, true));
            fake.page(&format!("{PROXIES}/status"), 200, &list);
        } else {
            fake.page(&format!("{PROXIES}/status"), 403, NOT_SUPPORTED);
            fake.page(&format!("{PROXIES}/1/status"), 200, &one(1, true));
            fake.page(&format!("{PROXIES}/4/status"), 200, &one(4, false));
        }
        let observation = probe(&mut fake.client(), now).await.unwrap();
        let channels = observation.channels.unwrap();
        let told: Vec<_> = channels.value.iter().map(|c| (c.number, c.name.as_str(), c.source, c.online)).collect();
        assert_eq!(
            told,
            [(1, "A", ChannelSource::Ip, Some(true)), (4, "B", ChannelSource::Ip, Some(false))],
            "{by_list}"
        );
        let states = if by_list { "status" } else { "<id>/status" };
        assert_eq!(channels.source, format!("{PROXIES}, {PROXIES}/{states}"));
        let asked_inputs = fake.state().seen.iter().any(|path| path.contains("Video/inputs"));
        assert!(!asked_inputs);
    }
}

#[tokio::test]
async fn a_dvr_has_analogue_inputs_and_network_cameras() {
    let fake = Fake::start(Auth::Md5).await;
    fake.page(
        INFO,
        200,
        "<DeviceInfo><model>DS-7204HUHI</model><serialNumber>S</serialNumber><deviceType>DVR</deviceType></DeviceInfo>",
    );
    fake.page("/ISAPI/System/Video/inputs/channels", 200, "<VideoInputChannelList><VideoInputChannel><id>1</id><name>In</name><resDesc>NO VIDEO</resDesc></VideoInputChannel></VideoInputChannelList>");
    fake.page(PROXIES, 200, "<InputProxyChannelList><InputProxyChannel><id>5</id><name>IP</name></InputProxyChannel></InputProxyChannelList>");
    let channels = probe(&mut fake.client(), now).await.unwrap().channels.unwrap().value;
    let told: Vec<_> = channels.iter().map(|c| (c.number, c.source, c.video_loss)).collect();
    assert_eq!(told, [(1, ChannelSource::Analog, Some(true)), (5, ChannelSource::Ip, None)]);
}

#[tokio::test]
async fn one_resource_that_may_not_be_read_is_no_refused_login() {
    let fake = Fake::start(Auth::Md5).await;
    small_camera(&fake);
    let users = "/ISAPI/Security/userCheck";
    fake.change(|state| state.forbidden.push(users.into()));
    fake.page(
        "/ISAPI/System/time",
        403,
        "<ResponseStatus><statusCode>4</statusCode><subStatusCode>lowPrivilege</subStatusCode></ResponseStatus>",
    );
    let mut client = fake.client();
    let first = probe_known(&mut client, now).await.unwrap();
    assert!(first.observation.user_check.is_none() && first.observation.clock.is_none());
    assert!(first.observation.identity.is_some() && first.observation.channels.is_some());
    // It is not asked again: each time could count as a refused login on the device.
    look(&mut client, &[Topic::Status, Topic::UserCheck], &first.known, now).await.unwrap();
    assert_eq!(fake.state().seen.iter().filter(|path| *path == users).count(), 1);
}

#[tokio::test]
async fn what_is_no_device_is_an_error_and_not_an_empty_observation() {
    let fake = Fake::start(Auth::Md5).await;
    for (status, body) in [(404, "<html>Not Found</html>"), (200, "<html><body>Router</body></html>"), (200, "hello")] {
        fake.page(INFO, status, body);
        fake.page(STATUS, status, body);
        let error = probe(&mut fake.client(), now).await.unwrap_err();
        assert_eq!(error, CallError::BadAnswer { what: "not_isapi" }, "{status} {body}");
        let error = look(&mut fake.client(), &[Topic::Status], &Known::default(), now).await.unwrap_err();
        assert_eq!(error.reachability(), Some(Reachability::Unreachable { reason: "bad_answer".into() }));
    }
}

#[tokio::test]
async fn the_clock_is_compared_with_ours() {
    let fake = Fake::start(Auth::Md5).await;
    small_camera(&fake);
    fake.page("/ISAPI/System/time", 200, "<Time><timeMode>manual</timeMode><localTime>2024-05-01T15:01:30</localTime><timeZone>CST-3:00:00</timeZone></Time>");
    let clock = probe(&mut fake.client(), now).await.unwrap().clock.unwrap();
    assert_eq!((clock.value.offset_seconds, clock.source.as_str()), (Some(90), "/ISAPI/System/time"));
}
