use proptest::prelude::*;
use siteward_domain::device_event::{DeviceEventKind as Kind, EventState};

use super::*;

const ALERT: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<EventNotificationAlert version=\"2.0\" xmlns=\"http://www.hikvision.com/ver20/XMLSchema\">\r\n\
    <ipAddress>192.0.2.9</ipAddress><channelID>2</channelID><eventType>VMD</eventType>\r\n<eventState>active</eventState>\r\n</EventNotificationAlert>";
const BEAT: &str = "{\n  \"channelID\": 3,\n  \"eventType\": \"videoloss\",\n  \"eventState\": \"inactive\", \"eventDescription\": \"a \\\"}\\\" in it\"\n}";

fn part(boundary: &str, content_type: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("--{boundary}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body, b"\r\n"].concat()
}

fn told(content_type: &str, bytes: &[u8]) -> Vec<Told> {
    Parts::of_content_type(content_type).push(bytes).iter().map(|part| read(part)).collect()
}

fn kinds(told: &[Told]) -> Vec<Option<(Kind, Option<u32>)>> {
    let kind = |told: &Told| match told {
        Told::Event(signal) => Some((signal.kind, signal.channel)),
        Told::Heartbeat | Told::Unreadable => None,
    };
    told.iter().map(kind).collect()
}

#[test]
fn an_event_is_told_before_the_next_one_comes() {
    for boundary in ["boundary", "MIME_boundary", "other"] {
        let content_type = format!("multipart/mixed; boundary=\"{boundary}\"");
        let bytes = part(boundary, "application/xml; charset=\"UTF-8\"", ALERT.as_bytes());
        assert_eq!(kinds(&told(&content_type, &bytes)), [Some((Kind::Motion, Some(2)))], "{boundary}");
        let bytes = part(boundary, "application/json", BEAT.as_bytes());
        assert_eq!(told(&content_type, &bytes), [Told::Heartbeat], "{boundary}");
    }
}

#[test]
fn pictures_are_skipped_whatever_is_in_them() {
    let mut picture = vec![0xff, 0xd8, b'<', b'{', b'\n'];
    picture.extend((0..300_000_u32).map(|n| (n % 251) as u8));
    let mut bytes = part("boundary", "application/xml", ALERT.as_bytes());
    bytes.extend(part("boundary", "image/jpeg", &picture));
    bytes.extend(part("boundary", "application/json", BEAT.as_bytes()));
    let told = told("multipart/mixed; boundary=boundary", &bytes);
    assert_eq!(told.first().map(|told| matches!(told, Told::Event(_))), Some(true));
    assert_eq!(told.last(), Some(&Told::Heartbeat));
    assert!(!told.iter().skip(1).any(|told| matches!(told, Told::Event(_))));
}

#[test]
fn a_part_that_is_too_large_or_broken_costs_only_itself() {
    let mut bytes = part("boundary", "application/xml", &[b"<a>".as_slice(), &vec![b'x'; 100_000]].concat());
    bytes.extend(part("boundary", "application/xml", b"<EventNotificationAlert><eventType>"));
    bytes.extend(part("boundary", "application/xml", b"<!DOCTYPE a [<!ENTITY b \"c\">]><EventNotificationAlert/>"));
    bytes.extend(part("boundary", "application/xml", ALERT.as_bytes()));
    let told = told("multipart/mixed", &bytes);
    assert_eq!(told.last().map(|told| matches!(told, Told::Event(_))), Some(true), "{told:?}");
    assert_eq!(told.iter().filter(|told| matches!(told, Told::Event(_))).count(), 1);
}

#[test]
fn doors_zones_and_inputs_are_numbered_by_their_own_names() {
    let door = r#"{"eventType":"AccessControllerEvent","AccessControllerEvent":{"majorEventType":5,"subEventType":27,"doorNo":2}}"#;
    let zone = r#"{"eventType":"cidEvent","eventState":"active","CIDEvent":{"code":1759,"standardCIDcode":1130,"system":1,"zone":4}}"#;
    let input = "<EventNotificationAlert><channelID>1</channelID><eventType>IO</eventType><eventState>active</eventState><inputIOPortID>3</inputIOPortID></EventNotificationAlert>";
    let read: Vec<Told> = [door, zone, input].iter().map(|text| read(text.as_bytes())).collect();
    let expected = [(Kind::DoorForced, 2), (Kind::ZoneAlarm, 4), (Kind::AlarmInput, 3)];
    assert_eq!(kinds(&read), expected.map(|(kind, number)| Some((kind, Some(number)))));
}

#[test]
fn what_is_pushed_is_read_in_each_wrapping_and_bounded() {
    let xml = Bytes::from_static(ALERT.as_bytes());
    assert_eq!(kinds(&read_pushed("application/xml", &xml, 10)), [Some((Kind::Motion, Some(2)))]);
    let mut form = part("x1", "application/json", BEAT.as_bytes());
    for _ in 0..20 {
        form.extend(part("x1", "application/xml", ALERT.as_bytes()));
    }
    form.extend(b"--x1--\r\n");
    let told = read_pushed("multipart/form-data; boundary=x1", &form.into(), 10);
    assert_eq!((told.len(), told.first()), (10, Some(&Told::Heartbeat)));
    assert_eq!(read_pushed("text/plain", &Bytes::from_static(b"hello"), 10), [Told::Unreadable]);
}

/// The one real stream that is at hand, where it is.
#[test]
fn a_real_stream_is_read() {
    let Ok(sample) = std::fs::read("../../shared/data/terminal/alertStream.sample.txt") else {
        eprintln!("*** SKIPPED: the sample of an event stream is not at hand ***");
        return;
    };
    assert_eq!(told("multipart/mixed; boundary=MIME_boundary", &sample), [Told::Heartbeat]);
}

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let words = prop_oneof![
        Just(b"--boundary\r\n".to_vec()),
        Just(b"--MIME_boundary--\n".to_vec()),
        Just(b"Content-Type: application/xml\r\n\r\n".to_vec()),
        Just(ALERT.as_bytes().to_vec()),
        Just(BEAT.as_bytes().to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"{\"a\":\"\\\\\"".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..40),
    ];
    proptest::collection::vec(words, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn however_a_stream_is_cut_the_same_parts_come_out(bytes in pieces(), cuts in proptest::collection::vec(1_usize..50, 1..80)) {
        let whole = Parts::of_content_type("multipart/mixed; boundary=boundary").push(&bytes);
        let mut parts = Parts::of_content_type("multipart/mixed; boundary=boundary");
        let (mut cut, mut left) = (Vec::new(), bytes.as_slice());
        let mut sizes = cuts.iter().cycle();
        while !left.is_empty() {
            let (now, later) = left.split_at((*sizes.next().unwrap()).min(left.len()));
            cut.extend(parts.push(now));
            left = later;
        }
        prop_assert_eq!(cut, whole);
    }

    #[test]
    fn any_bytes_are_read_or_left(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = told("multipart/mixed; boundary=boundary", &bytes);
        let _ = read(&bytes);
        let _ = read_pushed("multipart/mixed", &Bytes::from(bytes), 4);
    }

    #[test]
    fn a_well_formed_stream_gives_as_many_events_as_are_in_it(order in proptest::collection::vec(any::<bool>(), 0..30)) {
        let bytes: Vec<u8> = order.iter().flat_map(|event| {
            let body = if *event { ALERT } else { BEAT };
            part("boundary", "application/octet-stream", body.as_bytes())
        }).collect();
        let told = told("multipart/mixed; boundary=boundary", &bytes);
        let events: Vec<bool> = told.iter().map(|told| matches!(told, Told::Event(signal) if signal.state == EventState::Active)).collect();
        prop_assert_eq!(events, order);
    }
}
