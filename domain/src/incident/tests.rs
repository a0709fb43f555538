use super::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

fn id(number: u32) -> DeviceId {
    DeviceId::parse(&format!("01890f00-0000-7000-8000-{number:012}")).unwrap()
}

fn place(number: u32, kind: DeviceKind) -> Place {
    let host = format!("10.0.0.{number}");
    Place { id: id(number), kind, host, link: None, said: Said::Nothing, shows: BTreeMap::new() }
}

fn recorder(number: u32, shows: &[u32]) -> Place {
    let channels =
        (1..).zip(shows).map(|(channel, camera): (u32, _)| (channel.to_string(), format!("10.0.0.{camera}")));
    Place { shows: channels.collect(), ..place(number, DeviceKind::Nvr) }
}

fn behind(number: u32, parent: u32) -> Place {
    Place { said: Said::Behind(id(parent)), ..place(number, DeviceKind::Camera) }
}

fn parents(places: &[Place]) -> Vec<(u32, u32, BehindBecause)> {
    let tree = Tree::of(places);
    let number = |id: &DeviceId| id.as_str()[24..].parse().unwrap();
    let of = |place: &Place| tree.parent(&place.id).map(|(parent, why)| (number(&place.id), number(parent), why));
    places.iter().filter_map(of).collect()
}

#[test]
fn a_person_comes_first_then_a_recorder_then_the_router() {
    let (router, camera) = (place(1, DeviceKind::Router), |number| place(number, DeviceKind::Camera));
    let nvr = recorder(2, &[3]);
    let alone = Place { said: Said::Alone, ..camera(6) };
    let linked = Place { link: Some(LinkId::parse(id(99).as_str()).unwrap()), ..camera(7) };
    let gone = behind(8, 77);
    let said = behind(5, 4);
    let all = [router, nvr, camera(3), camera(4), said, alone, linked, gone];
    assert_eq!(
        parents(&all),
        [
            (2, 1, BehindBecause::Router),
            (3, 2, BehindBecause::Recorder),
            (4, 1, BehindBecause::Router),
            (5, 4, BehindBecause::Person),
            (8, 1, BehindBecause::Router),
        ]
    );
}

#[test]
fn an_address_behind_a_link_is_not_the_same_address_elsewhere() {
    let link = || Some(LinkId::parse(id(99).as_str()).unwrap());
    let nvr = Place { link: link(), ..recorder(2, &[3]) };
    assert_eq!(parents(&[nvr.clone(), place(3, DeviceKind::Camera)]), []);
    let both = [nvr, Place { link: link(), ..place(3, DeviceKind::Camera) }];
    assert_eq!(parents(&both), [(3, 2, BehindBecause::Recorder)]);
}

#[test]
fn of_two_routers_none_is_taken_unless_one_is_said_to_hang_behind_the_other() {
    let (one, two) = (place(1, DeviceKind::Router), place(2, DeviceKind::Router));
    assert_eq!(parents(&[one.clone(), two.clone(), place(3, DeviceKind::Camera)]), []);
    let two = Place { said: Said::Behind(id(1)), ..two };
    let (because, said) = (BehindBecause::Router, BehindBecause::Person);
    assert_eq!(parents(&[one, two, place(3, DeviceKind::Camera)]), [(2, 1, said), (3, 1, because)]);
}

#[test]
fn a_circle_is_seen_before_it_is_made_and_walked_once_if_it_is_there() {
    let places = [recorder(2, &[3]), place(3, DeviceKind::Camera), place(4, DeviceKind::Switch)];
    let tree = Tree::of(&places);
    assert!(tree.would_be_circle(&id(2), &id(3)));
    assert!(tree.would_be_circle(&id(3), &id(3)));
    assert!(!tree.would_be_circle(&id(2), &id(4)));
    let round = Tree::of(&[behind(1, 2), behind(2, 3), behind(3, 1)]);
    assert_eq!(round.above(&id(1)), [&id(2), &id(3)]);
}

/// Router 1, recorder 2 behind it, camera 3 behind that; the camera fell at second 10.
fn cause(router: Standing, recorder_is: Standing) -> (u32, bool) {
    let places = [place(1, DeviceKind::Router), recorder(2, &[3]), place(3, DeviceKind::Camera)];
    let standing = |device: &DeviceId| match device {
        device if *device == id(1) => router,
        device if *device == id(2) => recorder_is,
        _ => Standing::Offline,
    };
    let key = ExceptionKey::of_device(ExceptionKind::DeviceOffline);
    let cause = cause_of(&Tree::of(&places), &places, standing, &id(3), &key, at(10));
    (cause.device.as_str()[24..].parse().unwrap(), cause.is_sure)
}

#[test]
fn the_cause_is_the_topmost_that_does_not_answer() {
    let (gone, before, after) = (Standing::Offline, Standing::Answered(at(5)), Standing::Answered(at(15)));
    for (router, recorder, wanted) in [
        (gone, gone, (1, true)),
        (after, gone, (2, true)),
        (after, after, (3, true)),
        // It answered after the camera fell, so what is above it cannot be why the camera fell.
        (gone, after, (3, true)),
        (before, gone, (2, false)),
        (Standing::NotSure, gone, (2, false)),
        // Nobody looks at the recorder: what is above it may be the cause all the same.
        (gone, Standing::NotSure, (1, false)),
        (after, before, (3, false)),
    ] {
        assert_eq!(cause(router, recorder), wanted, "{router:?} {recorder:?}");
    }
}

#[test]
fn a_channel_is_offline_because_its_camera_is() {
    let places = [recorder(2, &[3, 4]), place(3, DeviceKind::Camera)];
    let of = |part: &str, camera| {
        let standing = |device: &DeviceId| if *device == id(3) { camera } else { Standing::Answered(at(15)) };
        let key = ExceptionKey::of_part(ExceptionKind::ChannelOffline, part);
        let cause = cause_of(&Tree::of(&places), &places, standing, &id(2), &key, at(10));
        (cause.device, cause.kind, cause.is_sure)
    };
    assert_eq!(of("1", Standing::Offline), (id(3), ExceptionKind::DeviceOffline, true));
    assert_eq!(of("1", Standing::Answered(at(12))), (id(2), ExceptionKind::ChannelOffline, true));
    assert_eq!(of("1", Standing::NotSure), (id(2), ExceptionKind::ChannelOffline, false));
    assert_eq!(of("2", Standing::Offline), (id(2), ExceptionKind::ChannelOffline, true), "no device of ours");
}

#[test]
fn other_faults_are_of_the_device_itself() {
    let places = [place(1, DeviceKind::Router), recorder(2, &[])];
    let key = ExceptionKey::of_part(ExceptionKind::DiskError, "1");
    let cause = cause_of(&Tree::of(&places), &places, |_| Standing::Offline, &id(2), &key, at(0));
    assert_eq!(cause, Cause { device: id(2), kind: ExceptionKind::DiskError, is_sure: true });
}

#[test]
fn who_is_not_sure_waits_longer() {
    let settling = Settling::of(Duration::seconds(60), Duration::seconds(10));
    for (is_sure, waited, wanted) in [(true, 119, false), (true, 120, true), (false, 120, false), (false, 260, true)] {
        assert_eq!(settling.is_over(is_sure, at(0), at(waited)), wanted, "{is_sure} {waited}");
    }
}
