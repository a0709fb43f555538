use chrono::Duration;
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::exception::{ExceptionKey, ExceptionKind};
use siteward_domain::health::{DeviceHealth, Reachability, Topic};
use siteward_domain::{DeviceId, ExceptionId};

use super::*;
use crate::devices::{delete_device, get_device, request_check};
use crate::events::{self, NewEvent};
use crate::exceptions::{self, ExceptionFilter, open_beside};
use crate::facts::list_facts;
use crate::history;
use crate::reach::Reach;
use crate::reports::disk_temperatures;
use crate::testing::{at, company, count_rows, device, new_device, on_both, site};

const TTL: Duration = Duration::seconds(30);

fn measured(id: &DeviceId, topics: &[Topic], seconds: i64) -> MeasuredRow {
    MeasuredRow { device_id: id.clone(), topics: topics.to_vec(), at: at(seconds) }
}

fn fact(id: &DeviceId, topic: Topic, value: &serde_json::Value, seconds: i64) -> FactRow {
    FactRow { device_id: id.clone(), topic, value: value.to_string(), source: "/x".into(), at: at(seconds) }
}

#[test]
fn each_fact_keeps_its_own_times() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let (id, other) =
            (device(store, &company, &site, "10.0.0.1", 1), device(store, &company, &site, "10.0.0.2", 2));
        let first = RoundWrite {
            measured: vec![
                measured(&id, &[Topic::Reachability, Topic::Disks], 0),
                measured(&other, &[Topic::Disks], 1),
            ],
            facts: vec![
                fact(&id, Topic::Disks, &json!([1]), 0),
                fact(&id, Topic::Disks, &json!(["it's \"new\" ☃"]), 0),
                fact(&id, Topic::Reachability, &json!({ "state": "ok" }), 0),
            ],
            ..RoundWrite::default()
        };
        store.write_relaxed(|conn| write_round(conn, &first)).unwrap();
        let second = RoundWrite {
            measured: vec![measured(&id, &[Topic::Reachability], 60), measured(&id, &[Topic::Reachability], 50)],
            ..RoundWrite::default()
        };
        store.write_relaxed(|conn| write_round(conn, &second)).unwrap();
        let facts = store.read(|conn| list_facts(conn, &id)).unwrap();
        let told: Vec<_> = facts.iter().map(|fact| (fact.topic, fact.measured_at, fact.changed_at)).collect();
        assert_eq!(told, [(Topic::Reachability, at(60), at(0)), (Topic::Disks, at(0), at(0))]);
        assert_eq!(facts[1].value, json!(["it's \"new\" ☃"]));
    });
}

#[test]
fn what_is_about_a_deleted_device_is_left_out() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let (kept, gone) =
            (device(store, &company, &site, "10.0.0.1", 1), device(store, &company, &site, "10.0.0.2", 2));
        store.write(|conn| delete_device(conn, &company, &gone, at(1))).unwrap();
        let mut round = RoundWrite::default();
        for id in [&kept, &gone] {
            round.measured.push(measured(id, &[Topic::Reachability], 2));
            round.facts.push(fact(id, Topic::Clock, &json!({}), 2));
            round.uptime.push(UptimeRow { device_id: id.clone(), hour: 5, up_seconds: 1, down_seconds: 0 });
            round.transitions.push(TransitionRow {
                device_id: id.clone(),
                from: DeviceHealth::Unknown,
                to: DeviceHealth::Healthy,
                at: at(2),
            });
            round.opened.push(OpenedRow {
                id: ExceptionId::generate(at(2)),
                device_id: id.clone(),
                key: ExceptionKey::of_device(ExceptionKind::NoDisk),
                at: at(2),
            });
            round.events.push(NewEvent {
                company_id: company.clone(),
                site_id: Some(site.clone()),
                device_id: Some(id.clone()),
                kind: EventKind::HealthChanged,
                actor: "poller".into(),
                at: at(2),
                data: json!({}),
            });
        }
        store.write_relaxed(|conn| write_round(conn, &round)).unwrap();
        for table in ["measured", "facts", "uptime_hours", "transitions", "exceptions", "events"] {
            assert_eq!(store.read(|conn| count_rows(conn, table)).unwrap(), 1, "{table}");
        }
        let device = store.read(|conn| get_device(conn, &company, &kept)).unwrap();
        assert_eq!((device.health, device.health_since), (DeviceHealth::Healthy, Some(at(2))));
        let told = store.read(|conn| history::transitions(conn, &kept, at(0), at(9))).unwrap();
        assert_eq!((told.len(), told[0].to), (1, DeviceHealth::Healthy));
    });
}

#[test]
fn an_exception_opens_once_and_closes_once() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let id = device(store, &company, &site, "10.0.0.1", 1);
        let open = |seconds| OpenedRow {
            id: ExceptionId::generate(at(seconds)),
            device_id: id.clone(),
            key: ExceptionKey::of_part(ExceptionKind::DiskError, "1"),
            at: at(seconds),
        };
        let (first, again, later) = (open(1), open(2), open(9));
        let write = |opened: Vec<OpenedRow>, closed: Vec<ClosedRow>| {
            let round = RoundWrite { opened, closed, ..RoundWrite::default() };
            store.write_relaxed(|conn| write_round(conn, &round)).unwrap();
        };
        write(vec![first.clone()], vec![]);
        write(vec![again], vec![]);
        write(vec![], vec![ClosedRow { id: first.id.clone(), at: at(5) }]);
        write(vec![later.clone()], vec![ClosedRow { id: first.id.clone(), at: at(7) }]);
        let list = |open| {
            let filter = ExceptionFilter { open, device_id: Some(id.clone()), ..ExceptionFilter::default() };
            store.read(|conn| exceptions::list(conn, &Reach::of_company(&company), &filter, None, 20)).unwrap().items
        };
        let all = list(None);
        assert_eq!(all.iter().map(|one| one.id.clone()).collect::<Vec<_>>(), [later.id, first.id]);
        assert_eq!((all[1].opened_at, all[1].closed_at, all[0].closed_at), (at(1), Some(at(5)), None));
        assert_eq!((list(Some(true)).len(), list(Some(false)).len()), (1, 1));
        assert_eq!((all[0].device_name.as_str(), all[0].site_name.as_str()), ("Camera 10.0.0.1", "Villa"));
    });
}

#[test]
fn a_new_identity_shows_in_the_lists_and_takes_no_serial_from_another_device() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let (one, two) = (device(store, &company, &site, "10.0.0.1", 1), device(store, &company, &site, "10.0.0.2", 2));
        let mut identity = new_device(store, &company, &site, "x", 1).identity.unwrap();
        identity.model = "DS-7616NI-Q2".into();
        identity.kind = siteward_domain::device::DeviceKind::Nvr;
        let value = serde_json::to_value(&identity).unwrap();
        let round = RoundWrite { facts: vec![fact(&two, Topic::Identity, &value, 5)], ..RoundWrite::default() };
        store.write_relaxed(|conn| write_round(conn, &round)).unwrap();
        let changed = store.read(|conn| get_device(conn, &company, &two)).unwrap();
        assert_eq!((changed.model.as_str(), changed.kind, changed.serial), ("DS-7616NI-Q2", identity.kind, None));
        let kept = store.read(|conn| get_device(conn, &company, &one)).unwrap();
        assert_eq!(kept.serial.unwrap().as_str(), "000000001");
    });
}

#[test]
fn the_time_of_every_topic_is_kept_and_given_back() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let id = device(store, &company, &site, "10.0.0.1", 1);
        let times = Topic::ALL.into_iter().zip(1..);
        let round = RoundWrite {
            measured: times.clone().map(|(topic, seconds)| measured(&id, &[topic], seconds)).collect(),
            facts: Topic::ALL.map(|topic| fact(&id, topic, &json!({}), 0)).to_vec(),
            ..RoundWrite::default()
        };
        store.write(|conn| write_round(conn, &round)).unwrap();
        let facts = store.read(|conn| list_facts(conn, &id)).unwrap();
        let loaded = store.read(|conn| load_bucket_devices(conn, &(0..BUCKETS).collect::<Vec<_>>())).unwrap();
        for (topic, seconds) in times {
            assert_eq!(loaded[0].measured.of(topic), Some(at(seconds)), "{topic:?}");
            let fact = facts.iter().find(|fact| fact.topic == topic).unwrap();
            assert_eq!(fact.measured_at, at(seconds), "{topic:?}");
        }
    });
}

#[test]
fn a_loaded_device_has_all_that_a_poller_needs() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let id = device(store, &company, &site, "10.0.0.1", 1);
        device(store, &company, &site, "10.0.0.2", 2);
        let locked = Reachability::Locked { until: Some(at(900)) };
        let key = ExceptionKey::of_device(ExceptionKind::LoginFailed);
        let round = RoundWrite {
            measured: vec![measured(&id, &[Topic::Disks], 3)],
            facts: vec![fact(&id, Topic::Disks, &json!([1]), 2)],
            opened: vec![OpenedRow {
                id: ExceptionId::generate(at(1)),
                device_id: id.clone(),
                key: key.clone(),
                at: at(1),
            }],
            breakers: vec![BreakerRow {
                device_id: id.clone(),
                credential_version: 1,
                breaker: Some((locked.clone(), Some(at(910)))),
            }],
            pins: vec![PinRow { device_id: id.clone(), fingerprint: "aa".into() }],
            known: vec![KnownRow { device_id: id.clone(), known: "{\"way\":1}".into() }],
            ..RoundWrite::default()
        };
        store.write(|conn| write_round(conn, &round)).unwrap();
        let pin_again = RoundWrite {
            pins: vec![PinRow { device_id: id.clone(), fingerprint: "bb".into() }],
            ..RoundWrite::default()
        };
        store.write(|conn| write_round(conn, &pin_again)).unwrap();
        let all: Vec<u16> = (0..BUCKETS).collect();
        let loaded = store.read(|conn| load_bucket_devices(conn, &all)).unwrap();
        assert_eq!(loaded.len(), 2);
        let device = loaded.iter().find(|device| device.id == id).unwrap();
        let breaker = device.breaker.as_ref().unwrap();
        assert_eq!((&breaker.reason, breaker.until), (&locked, Some(at(910))));
        assert_eq!((device.pin.as_deref(), device.known.as_deref()), (Some("aa"), Some("{\"way\":1}")));
        assert_eq!((device.measured.of(Topic::Disks), device.measured.of(Topic::Clock)), (Some(at(3)), None));
        assert_eq!((device.facts[0].value.as_str(), device.facts[0].changed_at), ("[1]", at(2)));
        assert_eq!((&device.open[0].key, device.open[0].opened_at), (&key, at(1)));
        let elsewhere: Vec<u16> = all.iter().copied().filter(|bucket| *bucket != device.bucket).collect();
        let others = store.read(|conn| load_bucket_devices(conn, &elsewhere)).unwrap();
        assert!(others.iter().all(|other| other.id != id));
        assert!(store.read(|conn| load_bucket_devices(conn, &[])).unwrap().is_empty());
    });
}

#[test]
fn a_follower_learns_what_was_added_checked_and_deleted() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let early = device(store, &company, &site, "10.0.0.1", 1);
        let all: Vec<u16> = (0..BUCKETS).collect();
        let start = store.read(change_position).unwrap();
        let changes = |position| store.read(|conn| changes_since(conn, &all, position)).unwrap();
        assert!(changes(start).devices.is_empty());
        let added = device(store, &company, &site, "10.0.0.2", 2);
        store.write(|conn| request_check(conn, &company, &early, at(7))).unwrap();
        let seen = changes(start);
        let mut ids: Vec<_> = seen.devices.iter().map(|device| device.id.clone()).collect();
        ids.sort();
        let mut expected = vec![early.clone(), added.clone()];
        expected.sort();
        assert_eq!((ids, seen.gone.len()), (expected, 0));
        let checked = seen.devices.iter().find(|device| device.id == early).unwrap();
        assert_eq!((checked.check_requested_at, checked.config_version), (Some(at(7)), 2));
        store.write(|conn| delete_device(conn, &company, &early, at(8))).unwrap();
        store.write(|conn| crate::sites::delete_site(conn, &company, &site, at(9))).unwrap();
        let mut gone = changes(seen.position).gone;
        gone.sort();
        let mut expected = vec![early, added];
        expected.sort();
        assert_eq!(gone, expected);
        assert!(store.write(|conn| prune_changes(conn, at(100))).unwrap() > 0);
        assert_eq!(store.read(change_position).unwrap(), changes(seen.position).position);
    });
}

#[test]
fn buckets_have_one_owner_and_go_on_when_a_lease_ends() {
    on_both(|store| {
        let lease = |owner: &str, want, seconds| {
            store.write(|conn| lease_buckets(conn, owner, want, at(seconds), TTL)).unwrap()
        };
        let renew = |owner: &str, seconds| store.write(|conn| renew_buckets(conn, owner, at(seconds), TTL)).unwrap();
        assert_eq!(lease("a", 1024, 0).len(), 1024);
        assert!(lease("b", 10, 29).is_empty());
        store.write(|conn| release_buckets(conn, "a", Some(&[5, 6]))).unwrap();
        assert_eq!(lease("b", 10, 29), [5, 6]);
        assert_eq!(lease("b", 10, 31), (0..5).chain(7..12).collect::<Vec<u16>>());
        assert_eq!(renew("a", 31), [] as [u16; 0]);
        assert_eq!(renew("b", 32).len(), 12);
        store.write(|conn| release_buckets(conn, "b", None)).unwrap();
        assert_eq!(lease("c", 2000, 33).len(), 1024);
    });
}

#[test]
fn workers_at_the_same_instant_never_share_a_bucket() {
    on_both(|store| {
        let mut held: Vec<u16> = std::thread::scope(|threads| {
            let handles: Vec<_> = (0..4)
                .map(|number| {
                    threads.spawn(move || {
                        store.write(|conn| lease_buckets(conn, &format!("w{number}"), 300, at(0), TTL)).unwrap()
                    })
                })
                .collect();
            handles.into_iter().flat_map(|handle| handle.join().unwrap()).collect()
        });
        let count = held.len();
        held.sort_unstable();
        held.dedup();
        assert_eq!(held.len(), count);
        assert!(count > 0);
    });
}

#[test]
fn a_silent_worker_counts_no_more() {
    on_both(|store| {
        let note = |owner: &str, seconds| store.write(|conn| note_worker(conn, owner, at(seconds))).unwrap();
        note("a", 0);
        note("b", 0);
        note("b", 20);
        let active = |seconds| store.read(|conn| active_workers(conn, at(seconds), TTL)).unwrap();
        assert_eq!((active(20), active(31), active(60)), (2, 1, 0));
        store.write(|conn| forget_worker(conn, "a")).unwrap();
        assert_eq!(active(20), 1);
        assert_eq!(store.write(|conn| prune_workers(conn, at(20))).unwrap(), 0);
        assert_eq!(store.write(|conn| prune_workers(conn, at(21))).unwrap(), 1);
    });
}

#[test]
fn a_reader_of_events_misses_none_that_several_writers_append() {
    on_both(|store| {
        let company = company(store);
        let event = |number: usize| NewEvent {
            company_id: company.clone(),
            site_id: None,
            device_id: None,
            kind: EventKind::SiteUpdated,
            actor: "system".into(),
            at: at(0),
            data: json!({ "number": number }),
        };
        let mut seen = Vec::new();
        std::thread::scope(|threads| {
            for writer in 0..3 {
                let event = &event;
                threads.spawn(move || {
                    for number in 0..20 {
                        store.write(|conn| events::append(conn, &event(writer * 100 + number))).unwrap();
                    }
                });
            }
            let mut position = 0;
            while seen.len() < 60 {
                let news = store.read(|conn| events::after(conn, Some(&company), position, 7)).unwrap();
                position = news.last().map_or(position, |event| event.seq);
                seen.extend(news.into_iter().map(|event| event.data["number"].as_u64().unwrap()));
            }
        });
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 60);
    });
}

#[test]
fn of_each_day_the_coldest_and_the_hottest_of_a_disk_are_kept() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let id = device(store, &company, &site, "10.0.0.1", 1);
        let write = |readings: &[(i64, i32)]| {
            let row = |(day, celsius): &(i64, i32)| TemperatureRow {
                device_id: id.clone(),
                disk: "1".into(),
                day: *day,
                celsius: *celsius,
            };
            let round = RoundWrite { temperatures: readings.iter().map(row).collect(), ..RoundWrite::default() };
            store.write(|conn| write_round(conn, &round)).unwrap();
        };
        write(&[(20_000, 41), (20_000, 38)]);
        write(&[(20_000, 40), (20_001, 35)]);
        write(&[(20_000, 47)]);
        let told = store.read(|conn| disk_temperatures(conn, &id, (20_000, 20_001))).unwrap();
        let days: Vec<_> = told[0].days.iter().map(|day| (day.day, day.lowest, day.highest)).collect();
        assert_eq!(days, [(20_000, 38, 47), (20_001, 35, 35)]);
    });
}

#[test]
fn a_worker_that_takes_over_knows_what_opened_within_an_hour_and_is_over() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let id = device(store, &company, &site, "10.0.0.1", 1);
        let key = ExceptionKey::of_part(ExceptionKind::VideoLoss, "1");
        for seconds in [0, 4000, 5000] {
            let row = OpenedRow {
                id: ExceptionId::generate(at(seconds)),
                device_id: id.clone(),
                key: key.clone(),
                at: at(seconds),
            };
            let closed = ClosedRow { id: row.id.clone(), at: at(seconds + 60) };
            let measured =
                MeasuredRow { device_id: id.clone(), topics: vec![Topic::Reachability], at: at(seconds + 60) };
            let opened = RoundWrite { opened: vec![row], measured: vec![measured], ..RoundWrite::default() };
            store.write(|conn| write_round(conn, &opened)).unwrap();
            let over = RoundWrite { closed: vec![closed], ..RoundWrite::default() };
            store.write(|conn| write_round(conn, &over)).unwrap();
        }
        let loaded = store.read(|conn| load_devices(conn, &[&id])).unwrap().remove(0);
        assert_eq!(loaded.over, vec![(key.clone(), at(4000)), (key, at(5000))]);
    });
}

#[test]
fn what_is_opened_beside_the_looks_is_opened_once_and_its_poller_learns_of_it() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let id = device(store, &company, &site, "10.0.0.1", 1);
        let key = ExceptionKey::of_device(ExceptionKind::OfflineAfterUpgrade);
        let before = store.read(change_position).unwrap();
        for seconds in [1, 2] {
            store.write(|conn| open_beside(conn, std::slice::from_ref(&id), &key, at(seconds))).unwrap();
        }
        let buckets: Vec<u16> = (0..BUCKETS).collect();
        let changed = store.read(|conn| changes_since(conn, &buckets, before)).unwrap();
        let open: Vec<_> = changed.devices[0].open.iter().map(|open| (&open.key, open.opened_at)).collect();
        assert_eq!(open, [(&key, at(1))]);
    });
}
