use siteward_domain::ShareId;
use siteward_domain::share::{GiverKind, SharedChannel};

use super::*;
use crate::bindings;
use crate::devices::get_device;
use crate::links::{end_session, note_address, take_session};
use crate::polling::{change_position, changes_since};
use crate::shares::NewShare;
use crate::sightings::report_all;
use crate::testing::{
    at, company, count_rows, end_user, events_of, link, linked, on_both, own, serial, sighting, site,
};

#[test]
fn unbinding_frees_the_serial_and_tells_the_former_company_once() {
    on_both(|store| {
        let (former, other) = (company(store), company(store));
        let (office, villa) = (site(store, &former, "Office"), site(store, &other, "Villa"));
        let attic = link(store, &former, &office, "Attic");
        let id = linked(store, &attic, "10.0.0.1", 1);
        let kept = linked(store, &attic, "10.0.0.2", 2);
        let position = store.read(change_position).unwrap();
        let outcomes: Vec<_> = std::thread::scope(|threads| {
            let handles: Vec<_> = (0..4)
                .map(|_| threads.spawn(|| store.write(|conn| unbind(conn, &serial(1), at(5))).unwrap()))
                .collect();
            handles.into_iter().map(|handle| handle.join().unwrap()).collect()
        });
        let told: Vec<Former> = outcomes.into_iter().flatten().collect();
        assert_eq!(told.len(), 1);
        assert_eq!((&told[0].company_id, &told[0].site_id, &told[0].device_id), (&former, &office, &id));
        assert!(matches!(store.read(|conn| get_device(conn, &former, &id)), Err(StoreError::NotFound)));
        assert!(store.read(|conn| get_device(conn, &former, &kept)).is_ok());
        assert_eq!(store.read(|conn| bindings::whose(conn, &other, &serial(1))).unwrap(), None);
        let events = events_of(store, &former, EventKind::DeviceUnbound);
        assert_eq!((events.len(), events[0].data["serial"].as_str()), (1, Some("000000001")));
        assert!(events_of(store, &other, EventKind::DeviceUnbound).is_empty());
        let buckets: Vec<u16> = (0..1024).collect();
        assert_eq!(store.read(|conn| changes_since(conn, &buckets, position)).unwrap().gone, [id]);
        assert_eq!(store.read(|conn| count_rows(conn, "bindings")).unwrap(), 1);
        linked(store, &link(store, &other, &villa, "Cellar"), "10.0.0.1", 1);
    });
}

#[test]
fn the_fifth_wrong_password_locks_this_caller_and_device_for_half_an_hour() {
    on_both(|store| {
        let wrong = |caller: &str, number, seconds| {
            store.write(|conn| note_wrong(conn, caller, &serial(number), at(seconds))).unwrap()
        };
        let locked = |caller: &str, number, seconds| {
            store.read(|conn| locked_until(conn, caller, &serial(number), at(seconds))).unwrap()
        };
        let left: Vec<u32> = (0..4).map(|seconds| wrong("a", 1, seconds).left).collect();
        assert_eq!(left, [4, 3, 2, 1]);
        assert_eq!(wrong("b", 1, 4).left, 4);
        assert_eq!(wrong("a", 2, 4).left, 4);
        assert_eq!(wrong("a", 1, 4), Tries { left: 0, locked_until: Some(at(1804)) });
        assert_eq!(wrong("a", 1, 9), Tries { left: 0, locked_until: Some(at(1804)) });
        assert_eq!((locked("a", 1, 1803), locked("a", 1, 1804)), (Some(at(1804)), None));
        assert_eq!((locked("b", 1, 5), locked("a", 2, 5)), (None, None));
        assert_eq!(wrong("a", 1, 1804).left, 4);
        store.write(|conn| forget(conn, "a", &serial(1))).unwrap();
        assert_eq!(wrong("a", 1, 1805).left, 4);
        store.write(|conn| prune(conn, at(10_000))).unwrap();
        let count = |table| store.read(|conn| count_rows(conn, table)).unwrap();
        assert_eq!((count("unbind_attempts"), count("unbind_locks")), (0, 0));
    });
}

#[test]
fn wrong_passwords_at_the_same_instant_are_all_counted() {
    on_both(|store| {
        let outcomes: Vec<Tries> = std::thread::scope(|threads| {
            let try_one = || store.write(|conn| note_wrong(conn, "a", &serial(1), at(0))).unwrap();
            let handles: Vec<_> = (0..8).map(|_| threads.spawn(try_one)).collect();
            handles.into_iter().map(|handle| handle.join().unwrap()).collect()
        });
        let mut left: Vec<u32> = outcomes.iter().map(|tries| tries.left).collect();
        left.sort_unstable();
        assert_eq!(left, [0, 0, 0, 0, 1, 2, 3, 4]);
    });
}

#[test]
fn nobody_is_told_of_a_serial_that_nobody_has() {
    on_both(|store| {
        assert_eq!(store.write(|conn| unbind(conn, &serial(1), at(0))).unwrap(), None);
    });
}

#[test]
fn a_device_that_its_account_sees_from_another_address_is_not_in_the_network_of_who_claims_it() {
    on_both(|store| {
        let (owner, rival) = (company(store), company(store));
        let attic = link(store, &owner, &site(store, &owner, "Office"), "Attic");
        let forged = link(store, &rival, &site(store, &rival, "Lair"), "Forged");
        linked(store, &attic, "10.0.0.1", 1);
        let elsewhere = || store.read(|conn| is_seen_elsewhere(conn, &serial(1), &forged.id)).unwrap();
        let from = |link: &crate::links::Link, address: &str| {
            store.write(|conn| note_address(conn, &link.id, address)).unwrap();
        };
        for link in [&attic, &forged] {
            store.write(|conn| take_session(conn, &link.id, "p", None, link.id.as_str(), at(1))).unwrap();
            store.write(|conn| report_all(conn, link, &[sighting(1, "10.0.0.1")], at(1))).unwrap();
        }
        assert!(!elsewhere(), "nothing is known of addresses");
        from(&attic, "203.0.113.1");
        from(&forged, "203.0.113.1");
        assert!(!elsewhere(), "both in one network");
        from(&forged, "198.51.100.9");
        assert!(elsewhere());
        store.write(|conn| report_all(conn, &attic, &[], at(2))).unwrap();
        assert!(!elsewhere(), "it was carried away");
        store.write(|conn| report_all(conn, &attic, &[sighting(1, "10.0.0.1")], at(3))).unwrap();
        assert!(elsewhere());
        store.write(|conn| end_session(conn, &attic.id, attic.id.as_str(), at(4))).unwrap();
        assert!(!elsewhere(), "the link that would tell is gone");
    });
}

#[test]
fn what_is_shared_of_a_device_ends_when_it_is_unbound() {
    on_both(|store| {
        let company = company(store);
        let villa = site(store, &company, "Villa");
        let attic = link(store, &company, &villa, "Attic");
        let device_id = linked(store, &attic, "10.0.0.1", 1);
        let receiver = end_user(store, "eva@example.org");
        let share = NewShare {
            id: ShareId::generate(at(1)),
            site_id: villa,
            giver_kind: GiverKind::Company,
            giver_id: company.to_string(),
            receiver_id: receiver.clone(),
            channels: vec![SharedChannel { device_id, channel: 1, permissions: Vec::new() }],
        };
        store.write(|conn| shares::give(conn, &share, "test", at(2))).unwrap().unwrap();
        store.write(|conn| unbind(conn, &serial(1), at(5))).unwrap().unwrap();
        assert!(store.read(|conn| shares::list_received(conn, &receiver, None, 100)).unwrap().items.is_empty());
        let ended = events_of(store, &company, EventKind::SharesChanged);
        assert_eq!(ended.last().unwrap().data["state"], "device_gone", "{ended:?}");
    });
}

#[test]
fn the_owner_of_a_site_reads_that_a_device_of_theirs_was_unbound() {
    on_both(|store| {
        let company = company(store);
        let (villa, shop) = (site(store, &company, "Villa"), site(store, &company, "Shop"));
        own(store, &villa, &end_user(store, "olga@example.org"));
        let (attic, cellar) = (link(store, &company, &villa, "Attic"), link(store, &company, &shop, "Cellar"));
        let device = linked(store, &attic, "10.0.0.1", 1);
        linked(store, &cellar, "10.0.0.2", 2);
        for number in [1, 2] {
            store.write(|conn| unbind(conn, &serial(number), at(5))).unwrap().unwrap();
        }
        let entries = store.read(|conn| access_log::after(conn, &villa, 0, 10)).unwrap();
        let [entry] = entries.as_slice() else { panic!("{entries:?}") };
        assert_eq!((entry.action.as_str(), entry.device_id.as_str()), ("device_unbound", device.as_str()));
        assert_eq!(store.read(|conn| access_log::head(conn, &shop)).unwrap(), None, "nobody owns it");
    });
}

#[test]
fn the_platform_finds_the_device_that_has_a_serial_whosever_it_is() {
    on_both(|store| {
        let company = company(store);
        let attic = link(store, &company, &site(store, &company, "Villa"), "Attic");
        let device = linked(store, &attic, "10.0.0.1", 1);
        let found = store.read(|conn| bound(conn, &serial(1))).unwrap().unwrap();
        assert_eq!((found.id, found.link_id), (device, Some(attic.id)));
        assert!(store.read(|conn| bound(conn, &serial(2))).unwrap().is_none());
    });
}
