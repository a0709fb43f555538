use chrono::Duration;
use secrecy::ExposeSecret;
use siteward_domain::exception::{ExceptionKey, ExceptionKind};

use super::*;
use crate::polling::{BreakerRow, FactRow, MeasuredRow, OpenedRow, RoundWrite, TransitionRow, UptimeRow, write_round};
use crate::reach::Reach;
use crate::testing::{at, company, device, link, linked, new_device, on_both, serial, site};
use siteward_domain::ExceptionId;
use siteward_domain::health::Topic;

const PERIOD: Duration = Duration::seconds(60);

#[test]
fn an_address_and_a_serial_are_unique_in_a_company() {
    on_both(|store| {
        let (one, two) = (company(store), company(store));
        let (here, there) = (site(store, &one, "Here"), site(store, &one, "There"));
        device(store, &one, &here, "Cam.example", 1);
        let same_address = new_device(store, &one, &there, "cam.EXAMPLE", 2);
        let refused = store.write(|conn| create_device(conn, &same_address, at(1))).unwrap_err();
        assert!(matches!(refused, StoreError::Duplicate { what: "device_address" }), "{refused:?}");
        let same_serial = new_device(store, &one, &there, "10.0.0.2", 1);
        let refused = store.write(|conn| create_device(conn, &same_serial, at(1))).unwrap_err();
        assert!(matches!(refused, StoreError::Duplicate { what: "device_serial" }), "{refused:?}");
        let elsewhere = site(store, &two, "Elsewhere");
        device(store, &two, &elsewhere, "cam.example", 1);
    });
}

#[test]
fn a_site_of_another_company_takes_no_device() {
    on_both(|store| {
        let (mine, other) = (company(store), company(store));
        let theirs = site(store, &other, "Theirs");
        let new = new_device(store, &mine, &theirs, "10.0.0.1", 1);
        assert!(matches!(store.write(|conn| create_device(conn, &new, at(0))), Err(StoreError::NotFound)));
    });
}

#[test]
fn a_device_is_found_by_the_port_of_http_and_by_the_port_of_its_qr() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let new = NewDevice { given_port: Some(8000), ..new_device(store, &company, &site, "10.0.0.1", 7) };
        store.write(|conn| create_device(conn, &new, at(0))).unwrap();
        for (port, found) in [(80, true), (8000, true), (443, false)] {
            let occupant = store.read(|conn| find_by_address(conn, &company, "10.0.0.1", port)).unwrap();
            assert_eq!(occupant.is_some(), found, "{port}");
        }
        let serial = SerialNumber::parse("000000007").unwrap();
        let occupant = store.read(|conn| find_by_serial(conn, &company, &serial)).unwrap().unwrap();
        assert_eq!((occupant.device_id, occupant.site_name.as_str()), (new.id, "Villa"));
    });
}

#[test]
fn a_password_opens_for_its_own_device_only() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let (one, two) = (device(store, &company, &site, "10.0.0.1", 1), device(store, &company, &site, "10.0.0.2", 2));
        let credential = store.read(|conn| get_credential(conn, &company, &one)).unwrap();
        let opened = open_password(store, &company, &one, &credential.sealed_password).unwrap();
        assert_eq!(opened.expose_secret(), "Canary-7");
        assert!(open_password(store, &company, &two, &credential.sealed_password).is_err());
    });
}

#[test]
fn a_new_password_closes_the_breaker_and_a_new_name_does_not() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let id = device(store, &company, &site, "10.0.0.1", 1);
        let refused = Reachability::LoginRefused { tries_left: Some(4) };
        let breakers =
            vec![BreakerRow { device_id: id.clone(), credential_version: 1, breaker: Some((refused.clone(), None)) }];
        let round = RoundWrite { breakers, ..RoundWrite::default() };
        store.write(|conn| write_round(conn, &round)).unwrap();
        let rename = DeviceChange { name: Some("Gate".into()), ..DeviceChange::default() };
        let renamed = store.write(|conn| update_device(conn, &company, &id, &rename, at(1))).unwrap();
        assert_eq!(renamed.breaker.map(|breaker| breaker.reason), Some(refused));
        let sealed = seal_password(store, &company, &id, &"Other-8".to_owned().into()).unwrap();
        let change = DeviceChange { sealed_password: Some(sealed), ..DeviceChange::default() };
        let changed = store.write(|conn| update_device(conn, &company, &id, &change, at(2))).unwrap();
        assert_eq!((changed.breaker, changed.credential_version, changed.config_version), (None, 2, 3));
        store.write(|conn| write_round(conn, &round)).unwrap();
        let after = store.read(|conn| get_device(conn, &company, &id)).unwrap();
        assert_eq!(after.breaker, None, "a refusal of the old password says nothing of the new one");
    });
}

#[test]
fn a_change_based_on_an_older_version_is_stale() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let id = device(store, &company, &site, "10.0.0.1", 1);
        let change = DeviceChange { if_config_version: Some(1), name: Some("Gate".into()), ..DeviceChange::default() };
        store.write(|conn| update_device(conn, &company, &id, &change, at(1))).unwrap();
        let again = store.write(|conn| update_device(conn, &company, &id, &change, at(1)));
        assert!(matches!(again, Err(StoreError::Stale)));
    });
}

#[test]
fn only_the_certificate_that_waits_is_accepted() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let id = device(store, &company, &site, "10.0.0.1", 1);
        let changed = Reachability::CertificateChanged { fingerprint: "aa".into() };
        store.write(|conn| write_round(conn, &reached(&id, &changed, 1))).unwrap();
        let device = store.read(|conn| get_device(conn, &company, &id)).unwrap();
        assert_eq!(device.pin_pending.as_deref(), Some("aa"));
        let wrong = store.write(|conn| accept_certificate(conn, &company, &id, "bb", at(2)));
        assert!(matches!(wrong, Err(StoreError::Stale)));
        store.write(|conn| accept_certificate(conn, &company, &id, "aa", at(2))).unwrap();
        let device = store.read(|conn| get_device(conn, &company, &id)).unwrap();
        assert_eq!((device.pin.as_deref(), device.pin_pending), (Some("aa"), None));
    });
}

fn reached(id: &DeviceId, reachability: &Reachability, seconds: i64) -> RoundWrite {
    let value = serde_json::to_string(reachability).unwrap();
    let fact = crate::polling::FactRow {
        device_id: id.clone(),
        topic: Topic::Reachability,
        value,
        source: "look".into(),
        at: at(seconds),
    };
    RoundWrite { facts: vec![fact], ..RoundWrite::default() }
}

fn judged(id: &DeviceId, to: DeviceHealth, seconds: i64) -> RoundWrite {
    RoundWrite {
        measured: vec![MeasuredRow { device_id: id.clone(), topics: vec![Topic::Reachability], at: at(seconds) }],
        transitions: vec![TransitionRow { device_id: id.clone(), from: DeviceHealth::Unknown, to, at: at(seconds) }],
        ..RoundWrite::default()
    }
}

#[test]
fn lists_narrow_by_site_kind_health_and_words_and_show_stale_health_as_unknown() {
    on_both(|store| {
        let company = company(store);
        let (villa, shop) = (site(store, &company, "Villa"), site(store, &company, "Shop"));
        let healthy = device(store, &company, &villa, "10.0.0.1", 1);
        let offline = device(store, &company, &villa, "10.0.0.2", 2);
        device(store, &company, &shop, "10.0.0.3", 3);
        store.write(|conn| write_round(conn, &judged(&healthy, DeviceHealth::Healthy, 100))).unwrap();
        store.write(|conn| write_round(conn, &judged(&offline, DeviceHealth::Offline, 100))).unwrap();
        let all = DeviceFilter::default;
        let of_health = |health| DeviceFilter { health: Some(health), ..all() };
        let search = |words: &str| DeviceFilter { search: Some(words.into()), ..all() };
        for (filter, now, found) in [
            (all(), 100, 3),
            (DeviceFilter { site_id: Some(villa.clone()), ..all() }, 100, 2),
            (DeviceFilter { kind: Some(DeviceKind::Camera), ..all() }, 100, 3),
            (DeviceFilter { kind: Some(DeviceKind::Nvr), ..all() }, 100, 0),
            (of_health(DeviceHealth::Healthy), 220, 1),
            (of_health(DeviceHealth::Healthy), 221, 0),
            (of_health(DeviceHealth::Unknown), 220, 1),
            (of_health(DeviceHealth::Unknown), 221, 3),
            (DeviceFilter { site_id: Some(villa.clone()), ..of_health(DeviceHealth::Offline) }, 200, 1),
            (search("CAMERA 0.0.2"), 100, 1),
            (search("2cd2146g2"), 100, 3),
            (search("000000003"), 100, 1),
        ] {
            let page = store
                .read(|conn| list_devices(conn, &Reach::of_company(&company), &filter, at(now), PERIOD, None, 20))
                .unwrap();
            assert_eq!(page.items.len(), found, "{filter:?} {now}");
        }
        let counts =
            store.read(|conn| crate::sites::count_devices(conn, &company, &[&villa], at(200), PERIOD)).unwrap();
        assert_eq!((counts[&villa].total, counts[&villa].healthy, counts[&villa].offline), (2, 1, 1));
        let sites = |health| crate::sites::SiteFilter { health: Some(health), ..Default::default() };
        for (filter, found) in
            [(sites(DeviceHealth::Offline), 1), (sites(DeviceHealth::Unknown), 1), (sites(DeviceHealth::Faulty), 0)]
        {
            let page = store
                .read(|conn| {
                    crate::sites::list_sites(conn, &Reach::of_company(&company), &filter, at(200), PERIOD, None, 20)
                })
                .unwrap();
            assert_eq!(page.items.len(), found, "{filter:?}");
        }
    });
}

#[test]
fn a_list_shows_open_exceptions_and_the_last_day_and_its_pages_follow_each_other() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let ids: Vec<DeviceId> = (1..=5).map(|n| device(store, &company, &site, &format!("10.0.0.{n}"), n)).collect();
        let this_hour = siteward_domain::uptime::hour_of(at(0));
        let uptime = |hour| UptimeRow { device_id: ids[0].clone(), hour, up_seconds: 60, down_seconds: 3 };
        let key = ExceptionKey::of_part(ExceptionKind::VideoLoss, "3");
        let opened =
            OpenedRow { id: ExceptionId::generate(at(0)), device_id: ids[0].clone(), key: key.clone(), at: at(0) };
        let round = RoundWrite {
            uptime: vec![uptime(this_hour), uptime(this_hour), uptime(this_hour - 24)],
            opened: vec![opened],
            ..RoundWrite::default()
        };
        store.write(|conn| write_round(conn, &round)).unwrap();
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let page = store
                .read(|conn| {
                    list_devices(
                        conn,
                        &Reach::of_company(&company),
                        &DeviceFilter::default(),
                        at(0),
                        PERIOD,
                        cursor.as_deref(),
                        2,
                    )
                })
                .unwrap();
            seen.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen.iter().map(|item| item.device.id.clone()).collect::<Vec<_>>(), ids);
        assert_eq!(seen[0].open_exceptions, [key]);
        let beat = &seen[0].heartbeat;
        assert_eq!((beat.len(), beat[0].hour, beat[0].up_seconds, beat[0].down_seconds), (1, this_hour, 120, 6));
        assert!(seen[1].heartbeat.is_empty() && seen[1].open_exceptions.is_empty());
    });
}

#[test]
fn deleting_a_device_or_its_site_takes_everything_with_it_but_the_events() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let (one, two) = (device(store, &company, &site, "10.0.0.1", 1), device(store, &company, &site, "10.0.0.2", 2));
        for id in [&one, &two] {
            let key = ExceptionKey::of_device(ExceptionKind::DeviceOffline);
            let opened = OpenedRow { id: ExceptionId::generate(at(0)), device_id: id.clone(), key, at: at(0) };
            let mut round = judged(id, DeviceHealth::Offline, 1);
            round.opened.push(opened);
            round.uptime.push(UptimeRow { device_id: id.clone(), hour: 1, up_seconds: 0, down_seconds: 9 });
            round.facts = reached(id, &Reachability::Ok, 1).facts;
            store.write(|conn| write_round(conn, &round)).unwrap();
        }
        store.write(|conn| delete_device(conn, &company, &one, at(2))).unwrap();
        assert!(matches!(store.write(|conn| delete_device(conn, &company, &one, at(2))), Err(StoreError::NotFound)));
        store.write(|conn| crate::sites::delete_site(conn, &company, &site, at(3))).unwrap();
        for table in ["devices", "measured", "facts", "exceptions", "uptime_hours", "transitions"] {
            let rows = store.read(|conn| crate::testing::count_rows(conn, table)).unwrap();
            assert_eq!(rows, 0, "{table}");
        }
    });
}

#[test]
fn behind_a_link_the_serial_stays_whatever_the_device_says_of_itself() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let attic = link(store, &company, &site, "Attic");
        let id = linked(store, &attic, "10.0.0.1", 1);
        let other = new_device(store, &company, &site, "10.0.0.9", 9).identity.unwrap();
        let fact = FactRow {
            device_id: id.clone(),
            topic: Topic::Identity,
            value: serde_json::to_string(&other).unwrap(),
            source: "/x".into(),
            at: at(1),
        };
        let round = RoundWrite { facts: vec![fact], ..RoundWrite::default() };
        store.write_relaxed(|conn| write_round(conn, &round)).unwrap();
        let change = DeviceChange { identity: Some(other), ..DeviceChange::default() };
        let changed = store.write(|conn| update_device(conn, &company, &id, &change, at(2))).unwrap();
        assert_eq!((changed.serial, changed.link_id), (Some(serial(1)), Some(attic.id)));
        let loaded = store.read(|conn| crate::polling::load_devices(conn, &[&id])).unwrap();
        assert_eq!(loaded[0].link.as_ref().map(|(_, serial)| serial.clone()), Some(serial(1)));
    });
}

#[test]
fn a_verification_code_opens_for_its_own_device_and_company_only() {
    on_both(|store| {
        let (mine, other) = (company(store), company(store));
        let site = site(store, &mine, "Villa");
        let id = linked(store, &link(store, &mine, &site, "Attic"), "10.0.0.1", 1);
        let stored = || store.read(|conn| find_code(conn, &mine, &id)).unwrap();
        assert_eq!(stored(), None);
        let sealed = store.vault().seal(code_place(&mine, &id), &"CANARY".to_owned().into()).unwrap();
        assert!(store.write(|conn| set_code(conn, &other, &id, &sealed)).is_err());
        store.write(|conn| set_code(conn, &mine, &id, &sealed)).unwrap();
        let opened = store.vault().open(code_place(&mine, &id), &stored().unwrap()).unwrap();
        assert_eq!(opened.expose_secret(), "CANARY");
        assert!(store.vault().open(password_place(&mine, &id), &stored().unwrap()).is_err());
        assert!(store.read(|conn| find_code(conn, &other, &id)).is_err());
        assert!(store.read(|conn| get_device(conn, &mine, &id)).unwrap().has_code);
    });
}
