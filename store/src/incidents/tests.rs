use chrono::Duration;
use siteward_domain::device::DeviceKind;
use siteward_domain::event::EventKind;
use siteward_domain::exception::ExceptionKind;
use siteward_domain::health::{DeviceHealth, Topic};
use siteward_domain::incident::{BehindBecause, Said, Settling};
use siteward_domain::{CompanyId, DeviceId, SiteId};

use super::*;
use crate::Store;
use crate::devices::{NewDevice, create_device, delete_device};
use crate::links::{end_session, take_session};
use crate::polling::{ClosedRow, MeasuredRow, OpenedRow, RoundWrite, TransitionRow, write_round};
use crate::testing::{at, company, device, events_of, link, linked, new_device, on_both, site};

fn settling() -> Settling {
    Settling::of(Duration::seconds(60), Duration::seconds(10))
}

fn sorted(store: &Store, seconds: i64) -> usize {
    let now = at(seconds);
    let due = store.read(|conn| is_due(conn, settling(), true, now)).unwrap();
    let changed = store.write(|conn| sort(conn, settling(), true, now)).unwrap();
    assert!(due || changed == 0, "what is not due changes nothing");
    changed
}

fn router(store: &Store, company: &CompanyId, site: &SiteId, host: &str) -> DeviceId {
    let new = NewDevice {
        kind: DeviceKind::Router,
        identity: None,
        name: "Router".into(),
        ..new_device(store, company, site, host, 999)
    };
    store.write(|conn| create_device(conn, &new, at(0))).unwrap();
    new.id
}

/// A device does not answer any more.
fn fall(store: &Store, id: &DeviceId, seconds: i64) -> ExceptionId {
    open(store, id, ExceptionKey::of_device(ExceptionKind::DeviceOffline), DeviceHealth::Offline, seconds)
}

fn open(store: &Store, id: &DeviceId, key: ExceptionKey, to: DeviceHealth, seconds: i64) -> ExceptionId {
    let exception = ExceptionId::generate(at(seconds));
    let round = RoundWrite {
        measured: vec![MeasuredRow { device_id: id.clone(), topics: vec![Topic::Reachability], at: at(seconds) }],
        opened: vec![OpenedRow { id: exception.clone(), device_id: id.clone(), key, at: at(seconds) }],
        transitions: vec![TransitionRow { device_id: id.clone(), from: DeviceHealth::Healthy, to, at: at(seconds) }],
        ..RoundWrite::default()
    };
    store.write(|conn| write_round(conn, &round)).unwrap();
    exception
}

/// A device answered; `over`: and that is over.
fn answer(store: &Store, id: &DeviceId, over: Option<&ExceptionId>, seconds: i64) {
    let round = RoundWrite {
        measured: vec![MeasuredRow { device_id: id.clone(), topics: vec![Topic::Reachability], at: at(seconds) }],
        closed: over.into_iter().map(|id| ClosedRow { id: id.clone(), at: at(seconds) }).collect(),
        transitions: vec![TransitionRow {
            device_id: id.clone(),
            from: DeviceHealth::Offline,
            to: DeviceHealth::Healthy,
            at: at(seconds),
        }],
        ..RoundWrite::default()
    };
    store.write(|conn| write_round(conn, &round)).unwrap();
}

fn listed(store: &Store, company: &CompanyId, open: Option<bool>) -> Vec<Incident> {
    let filter = IncidentFilter { open, ..IncidentFilter::default() };
    store.read(|conn| list(conn, &Reach::of_company(company), &filter, None, 50)).unwrap().items
}

#[test]
fn a_router_and_what_is_behind_it_are_one_incident_whatever_was_seen_first() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let router = router(store, &company, &site, "10.0.0.254");
        let cameras: Vec<DeviceId> =
            (1..=5).map(|n| device(store, &company, &site, &format!("10.0.0.{n}"), n)).collect();
        answer(store, &router, None, 5);
        let fallen: Vec<_> = cameras.iter().map(|id| fall(store, id, 10)).collect();
        assert_eq!(sorted(store, 129), 0, "it settles for two periods");
        let of_router = fall(store, &router, 70);
        assert_eq!(sorted(store, 130), 1);
        let incident = listed(store, &company, Some(true)).remove(0);
        assert_eq!((incident.name.as_str(), incident.affected, incident.cameras), ("Router", 5, 5));
        assert_eq!((incident.opened_at, incident.cause_id.as_str()), (at(70), router.as_str()));
        assert_eq!(store.read(|conn| members(conn, &incident.id)).unwrap().len(), 6);
        assert_eq!(sorted(store, 1000), 0);

        answer(store, &router, Some(&of_router), 2000);
        assert_eq!(sorted(store, 2001), 1);
        for (camera, exception) in cameras.iter().zip(&fallen).skip(1) {
            answer(store, camera, Some(exception), 2010);
        }
        assert_eq!(sorted(store, 2120), 0, "what stays down settles once more");
        assert_eq!(sorted(store, 2121), 1);
        let last = listed(store, &company, Some(true)).remove(0);
        assert_eq!((last.cause_id.as_str(), last.affected), (cameras[0].as_str(), 0));
        let told = events_of(store, &company, EventKind::IncidentClosed);
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].data["duration_seconds"], 1930);
        assert_eq!(told[0].data["affected"], 5);
        assert_eq!(events_of(store, &company, EventKind::IncidentOpened).len(), 2);
    });
}

#[test]
fn while_the_router_has_not_been_heard_since_its_cameras_wait_longer() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let router = router(store, &company, &site, "10.0.0.254");
        let camera = device(store, &company, &site, "10.0.0.1", 1);
        answer(store, &router, None, 5);
        fall(store, &camera, 10);
        assert_eq!(sorted(store, 130), 0, "the router was last heard before the camera fell");
        answer(store, &router, None, 131);
        assert_eq!(sorted(store, 132), 1, "it is there, so it is not why");
        let other = device(store, &company, &site, "10.0.0.2", 2);
        fall(store, &other, 200);
        assert_eq!(sorted(store, 459), 0);
        assert_eq!(sorted(store, 460), 1, "but not for ever");
    });
}

#[test]
fn what_falls_later_joins_and_what_was_already_down_stays_itself() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let router = router(store, &company, &site, "10.0.0.254");
        let [early, late] = [1, 2].map(|n| device(store, &company, &site, &format!("10.0.0.{n}"), n));
        fall(store, &early, 0);
        answer(store, &router, None, 100);
        assert_eq!(sorted(store, 120), 1);
        fall(store, &router, 300);
        assert_eq!(sorted(store, 420), 1);
        fall(store, &late, 430);
        assert_eq!(sorted(store, 431), 0);
        let open = listed(store, &company, Some(true));
        let count = |id: &IncidentId| store.read(|conn| members(conn, id)).unwrap().len();
        assert_eq!(open.iter().map(|one| count(&one.id)).collect::<Vec<_>>(), [2, 1]);
    });
}

#[test]
fn several_faults_of_a_kind_on_a_device_are_one_incident_that_ends_with_the_last() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let nvr = device(store, &company, &site, "10.0.0.1", 1);
        let loss = |part: &str| ExceptionKey::of_part(ExceptionKind::VideoLoss, part);
        let parts = ["1", "2"].map(|part| open(store, &nvr, loss(part), DeviceHealth::Faulty, 10));
        assert_eq!(sorted(store, 130), 1);
        answer(store, &nvr, Some(&parts[0]), 200);
        assert_eq!(sorted(store, 201), 0);
        answer(store, &nvr, Some(&parts[1]), 300);
        assert_eq!(sorted(store, 301), 1);
        assert_eq!(listed(store, &company, Some(false))[0].closed_at, Some(at(300)));
    });
}

#[test]
fn a_cause_that_is_deleted_is_over() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let camera = device(store, &company, &site, "10.0.0.1", 1);
        fall(store, &camera, 10);
        assert_eq!(sorted(store, 130), 1);
        store.write(|conn| delete_device(conn, &company, &camera, at(200))).unwrap();
        assert_eq!(sorted(store, 201), 1);
        assert_eq!(listed(store, &company, Some(false))[0].closed_at, Some(at(201)));
    });
}

#[test]
fn a_link_that_stays_away_is_one_incident() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let link = link(store, &company, &site, "Attic");
        assert_eq!(sorted(store, 10_000), 0, "it never came");
        linked(store, &link, "10.0.0.1", 2);
        store.write(|conn| take_session(conn, &link.id, "one", None, "s1", at(10_000))).unwrap();
        store.write(|conn| end_session(conn, &link.id, "s1", at(10_010))).unwrap();
        assert_eq!(sorted(store, 10_129), 0);
        assert!(!store.read(|conn| is_due(conn, settling(), false, at(20_000))).unwrap(), "who only just came waits");
        assert_eq!(sorted(store, 10_130), 1);
        let incident = listed(store, &company, Some(true)).remove(0);
        assert_eq!((incident.name.as_str(), incident.kind, incident.affected), ("Attic", IncidentKind::LinkOffline, 1));
        store.write(|conn| take_session(conn, &link.id, "one", None, "s2", at(10_200))).unwrap();
        assert_eq!(sorted(store, 10_201), 1);
        assert_eq!(listed(store, &company, Some(true)), []);
    });
}

#[test]
fn workers_that_sort_at_once_open_each_incident_once() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        for number in 1..=8 {
            let camera = device(store, &company, &site, &format!("10.0.0.{number}"), number);
            fall(store, &camera, 10);
        }
        let opened: usize = std::thread::scope(|threads| {
            let work = || store.write(|conn| sort(conn, settling(), true, at(130))).unwrap();
            let workers: Vec<_> = (0..4).map(|_| threads.spawn(work)).collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).sum()
        });
        assert_eq!((opened, events_of(store, &company, EventKind::IncidentOpened).len()), (8, 8));
    });
}

#[test]
fn what_a_person_says_counts_and_circles_are_seen() {
    on_both(|store| {
        let company = company(store);
        let (site, other) = (site(store, &company, "Villa"), site(store, &company, "Barn"));
        let router = router(store, &company, &site, "10.0.0.254");
        let [one, two] = [1, 2].map(|n| device(store, &company, &site, &format!("10.0.0.{n}"), n));
        let elsewhere = device(store, &company, &other, "10.0.0.3", 3);
        let of = |id: &DeviceId| {
            let found = store.read(|conn| find_parent(conn, &company, id)).unwrap();
            found.parent.map(|(id, _, _, because)| (id, because))
        };
        assert_eq!(of(&one), Some((router.clone(), BehindBecause::Router)));
        store.write(|conn| set_parent(conn, &company, &one, &Said::Behind(two.clone()))).unwrap();
        assert_eq!(of(&one), Some((two.clone(), BehindBecause::Person)));
        let circle = |id, parent| store.read(|conn| would_be_circle(conn, &company, id, parent));
        assert!(circle(&two, &one).unwrap());
        assert!(!circle(&two, &router).unwrap());
        assert!(matches!(circle(&one, &elsewhere), Err(StoreError::NotFound)));
        store.write(|conn| set_parent(conn, &company, &one, &Said::Alone)).unwrap();
        assert_eq!(of(&one), None);
        store.write(|conn| set_parent(conn, &company, &one, &Said::Nothing)).unwrap();
        assert_eq!(of(&one), Some((router, BehindBecause::Router)));
    });
}
