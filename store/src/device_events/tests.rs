use chrono::Duration;
use siteward_domain::device_event::{DeviceSignal, EventState, StreamState};

use super::*;
use crate::Store;
use crate::devices::{delete_device, move_device};
use crate::testing::{at, company, device, on_both, site};

fn signal(word: &str, channel: u32, state: EventState) -> DeviceSignal {
    DeviceSignal::read(word, state, Some(channel)).unwrap()
}

fn heard(device: &DeviceId, word: &str, state: EventState, millis: i64) -> Heard {
    let at = at(0) + Duration::milliseconds(millis);
    Heard { device_id: device.clone(), signal: signal(word, 1, state), at }
}

fn tell(store: &Store, device: &DeviceId, told: &[(&str, EventState, i64)]) -> Vec<DeviceEvent> {
    let heard: Vec<_> = told.iter().map(|(word, state, millis)| heard(device, word, *state, *millis)).collect();
    store.write(|conn| append(conn, &heard)).unwrap()
}

fn all(store: &Store) -> Vec<DeviceEvent> {
    store.read(|conn| after(conn, 0, 1000)).unwrap()
}

use EventState::{Active, Inactive};

#[test]
fn an_event_that_is_told_again_and_again_is_one_until_it_ends() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let camera = device(store, &company, &site, "10.0.0.1", 1);
        assert_eq!(tell(store, &camera, &[("VMD", Active, 0), ("VMD", Active, 900)]).len(), 1);
        for second in 1..40 {
            assert!(tell(store, &camera, &[("VMD", Active, second * 1000)]).is_empty());
        }
        assert!(tell(store, &camera, &[("VMD", Inactive, 41_000), ("VMD", Inactive, 42_000)]).is_empty());
        let events = all(store);
        assert_eq!(events.len(), 1);
        assert_eq!((events[0].kind, events[0].channel), (DeviceEventKind::Motion, Some(1)));
        assert_eq!((events[0].at, events[0].ended_at), (at(0), Some(at(41))));
        assert_eq!(tell(store, &camera, &[("VMD", Active, 43_000)]).len(), 1, "it begins anew");
    });
}

#[test]
fn an_event_that_is_told_no_more_is_over_after_thirty_seconds() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let camera = device(store, &company, &site, "10.0.0.1", 1);
        tell(store, &camera, &[("diskfull", Active, 0), ("diskfull", Active, 5_000)]);
        assert_eq!(store.write(|conn| end_silent(conn, at(34))).unwrap(), 0);
        assert_eq!(store.write(|conn| end_silent(conn, at(35))).unwrap(), 1);
        assert_eq!(all(store)[0].ended_at, Some(at(5)));
        let begun = tell(store, &camera, &[("VMD", Active, 100_000), ("VMD", Active, 131_000)]);
        assert_eq!(begun.len(), 2, "silence in one batch is silence too");
        assert_eq!(all(store)[1].ended_at, Some(at(100)));
    });
}

#[test]
fn lists_hold_what_is_within_reach_and_go_on_page_by_page() {
    on_both(|store| {
        let company = company(store);
        let (villa, shop) = (site(store, &company, "Villa"), site(store, &company, "Shop"));
        let camera = device(store, &company, &villa, "10.0.0.1", 1);
        let other = device(store, &company, &shop, "10.0.0.2", 2);
        tell(store, &camera, &[("VMD", Active, 0), ("VMD", Inactive, 1), ("IO", Active, 2), ("VMD", Active, 3)]);
        tell(store, &other, &[("VMD", Active, 4)]);
        let everything = Reach::of_company(&company);
        let page = |filter: &DeviceEventFilter, cursor: Option<&str>| {
            store.read(|conn| list(conn, &everything, filter, cursor, 3)).unwrap()
        };
        let first = page(&DeviceEventFilter::default(), None);
        assert_eq!((first.items.len(), first.items[0].device_name.is_empty()), (3, false));
        let rest = page(&DeviceEventFilter::default(), first.next_cursor.as_deref());
        assert_eq!((rest.items.len(), rest.next_cursor), (1, None));
        let motion = DeviceEventFilter {
            device_id: Some(camera.clone()),
            kind: Some(DeviceEventKind::Motion),
            channel: Some(1),
            ..DeviceEventFilter::default()
        };
        assert_eq!(page(&motion, None).items.len(), 2);
        let counted = |until| store.read(|conn| count_between(conn, &company, &motion, at(0), until)).unwrap();
        assert_eq!((counted(at(1)), counted(at(0))), (2, 0));
        assert_eq!(store.read(|conn| between(conn, &company, &motion, at(0), at(1))).unwrap().len(), 2);
        let of_shop = DeviceEventFilter { site_id: Some(shop.clone()), ..DeviceEventFilter::default() };
        assert_eq!(page(&of_shop, None).items[0].event.device_id, other);
        assert!(matches!(
            store.read(|conn| list(conn, &everything, &of_shop, Some("x"), 3)),
            Err(StoreError::BadCursor)
        ));
    });
}

#[test]
fn events_move_with_their_device_and_go_with_it() {
    on_both(|store| {
        let company = company(store);
        let (villa, shop) = (site(store, &company, "Villa"), site(store, &company, "Shop"));
        let camera = device(store, &company, &villa, "10.0.0.1", 1);
        tell(store, &camera, &[("VMD", Active, 0)]);
        store.write(|conn| move_device(conn, &company, &camera, &shop, None, at(1)).map(drop)).unwrap();
        assert_eq!(all(store)[0].site_id, shop);
        store.write(|conn| delete_device(conn, &company, &camera, at(2))).unwrap();
        assert!(all(store).is_empty());
        assert!(tell(store, &camera, &[("VMD", Active, 3)]).is_empty(), "a device that is gone tells nothing");
    });
}

#[test]
fn a_token_is_worth_something_until_another_takes_its_place() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let camera = device(store, &company, &site, "10.0.0.1", 1);
        let whose = |hash: &str| store.read(|conn| find_listening(conn, hash)).unwrap().map(|found| found.device_id);
        let open = StreamChange { device_id: camera.clone(), state: Some(StreamState::Open), at: at(1) };
        store.write(|conn| set_streams(conn, &[open.clone()])).unwrap();
        store.write(|conn| set_token(conn, &camera, "one", at(2))).unwrap();
        store.write(|conn| note_pushed(conn, &camera, at(3))).unwrap();
        store.write(|conn| add_dropped(conn, &camera, 7, at(4))).unwrap();
        store.write(|conn| add_dropped(conn, &camera, 5, at(5))).unwrap();
        let source = store.read(|conn| find_source(conn, &camera)).unwrap();
        assert_eq!((source.stream, source.dropped), (Some((StreamState::Open, at(1))), 12));
        assert_eq!(
            (source.token_made_at, source.pushed_at, source.dropped_at),
            (Some(at(2)), Some(at(3)), Some(at(5)))
        );
        store.write(|conn| set_token(conn, &camera, "two", at(6))).unwrap();
        assert_eq!((whose("one"), whose("two")), (None, Some(camera.clone())));
        assert!(store.write(|conn| forget_token(conn, &camera)).unwrap());
        assert!(!store.write(|conn| forget_token(conn, &camera)).unwrap());
        assert_eq!(whose("two"), None);
        store.write(|conn| set_streams(conn, &[StreamChange { state: None, ..open.clone() }])).unwrap();
        assert_eq!(store.read(|conn| find_source(conn, &camera)).unwrap().stream, None);
        let gone = DeviceId::generate(at(0));
        assert!(matches!(store.write(|conn| set_token(conn, &gone, "three", at(7))), Err(StoreError::NotFound)));
    });
}

fn told_log(store: &Store) -> usize {
    let events = store.read(|conn| crate::events::after(conn, None, 0, 1000)).unwrap();
    events.iter().filter(|event| event.kind == siteward_domain::event::EventKind::DeviceEvent).count()
}

#[test]
fn the_event_log_hears_of_a_device_at_once_and_then_every_three_seconds_at_most() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let camera = device(store, &company, &site, "10.0.0.1", 1);
        let hear = |word: &str, millis: i64| {
            let heard = [heard(&camera, word, Active, millis)];
            store.write(|conn| take(conn, &heard, heard[0].at)).unwrap()
        };
        let late = |seconds: i64| store.write(|conn| tell_late(conn, at(seconds))).unwrap();
        assert_eq!(hear("VMD", 0).len(), 1);
        assert_eq!(told_log(store), 1);
        hear("IO", 500);
        hear("PIR", 900);
        assert_eq!((told_log(store), late(2)), (1, 0));
        assert_eq!((late(3), late(4)), (1, 0));
        assert_eq!(told_log(store), 2);
        assert!(hear("PIR", 7_000).is_empty(), "the same event is no news");
        assert_eq!((told_log(store), late(20)), (2, 0));
    });
}

#[test]
fn an_event_of_a_fault_asks_for_a_look_and_opens_nothing() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let camera = device(store, &company, &site, "10.0.0.1", 1);
        store.write(|conn| crate::polling::lease_buckets(conn, "worker", 1024, at(0), Duration::days(1))).unwrap();
        let hear = |word: &str| store.write(|conn| take(conn, &[heard(&camera, word, Active, 0)], at(0))).unwrap();
        let wanted = |owner: &str| store.write(|conn| take_wanted_looks(conn, owner)).unwrap();
        hear("VMD");
        assert_eq!(wanted("worker"), []);
        hear("diskfull");
        assert!(store.read(|conn| wants_looks(conn, "worker")).unwrap());
        assert_eq!(wanted("other"), []);
        assert_eq!((wanted("worker"), wanted("worker")), (vec![camera.clone()], vec![]));
        let open = crate::testing::count_rows;
        assert_eq!(store.read(|conn| open(conn, "exceptions")).unwrap(), 0);
    });
}

#[test]
fn a_worker_holds_streams_of_its_devices_that_answer_and_have_one() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let cameras: Vec<_> = (1..4).map(|n| device(store, &company, &site, &format!("10.0.0.{n}"), n)).collect();
        store.write(|conn| crate::polling::lease_buckets(conn, "worker", 1024, at(0), Duration::days(2))).unwrap();
        let wanted = |seconds: i64, limit: u32| -> Vec<DeviceId> {
            let streams = store.read(|conn| wanted_streams(conn, "worker", at(seconds), limit)).unwrap();
            streams.into_iter().map(|stream| stream.device_id).collect()
        };
        assert_eq!(wanted(1, 9).len(), 0, "none was ever looked at");
        let seen = "UPDATE devices SET health = 'healthy'";
        store.write(|conn| Select::new(seen).execute(conn)).unwrap();
        assert_eq!((wanted(1, 9).len(), wanted(1, 2).len()), (3, 2));
        let none = StreamChange { device_id: cameras[0].clone(), state: Some(StreamState::NotSupported), at: at(1) };
        let open = StreamChange { device_id: cameras[1].clone(), state: Some(StreamState::Open), at: at(1) };
        store.write(|conn| set_streams(conn, &[none.clone(), open.clone()])).unwrap();
        assert!(!wanted(2, 9).contains(&cameras[0]));
        assert!(wanted(90_000, 9).contains(&cameras[0]), "a day later it is asked again");
        let no_more = StreamChange { state: None, ..none };
        store.write(|conn| set_streams(conn, &[no_more.clone()])).unwrap();
        assert!(!wanted(2, 9).contains(&cameras[0]), "what it answered stands when nobody asks it any more");
        let forgotten = |held: &[&DeviceId]| store.write(|conn| forget_streams_but(conn, "worker", held)).unwrap();
        assert_eq!((forgotten(&[&cameras[1]]), forgotten(&[])), (0, 1));
    });
}
