use diesel::RunQueryDsl;
use siteward_domain::event::EventKind;
use siteward_domain::exception::{ExceptionKey, ExceptionKind};
use siteward_domain::link::{BindState, FoundBy};

use super::*;
use crate::devices::{delete_device, get_device, move_device};
use crate::links::{Link, end_session, take_session};
use crate::polling::{change_position, changes_since};
use crate::testing::{at, company, count_rows, device, events_of, link, linked, on_both, serial, sighting, site};
use crate::{Store, StoreError};

fn all(store: &Store, link: &Link, found: &[Sighting], seconds: i64) {
    store.write_relaxed(|conn| report_all(conn, link, found, at(seconds))).unwrap();
}

fn find(store: &Store, link: &Link, number: u32) -> Option<Seen> {
    store.read(|conn| find_for_site(conn, &link.company_id, &link.site_id, &serial(number))).unwrap()
}

fn online(store: &Store, link: &Link, seconds: i64) {
    store.write(|conn| take_session(conn, &link.id, "p", None, link.id.as_str(), at(seconds))).unwrap();
}

/// Marks every row, so that a row that is written anew can be told from one that is not.
fn mark(store: &Store) {
    let mark = "UPDATE sightings SET first_seen_at = 7";
    store.write(|conn| Ok(diesel::sql_query(mark).execute(conn)?)).unwrap();
    let touched = "UPDATE sightings SET last_seen_at = 7";
    store.write(|conn| Ok(diesel::sql_query(touched).execute(conn)?)).unwrap();
}

fn written_since(store: &Store) -> i64 {
    store.read(|conn| count_rows(conn, "sightings WHERE last_seen_at <> 7")).unwrap()
}

#[test]
fn what_a_link_reports_reads_back_and_is_online_while_link_and_device_are() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let link = link(store, &company, &site, "Attic");
        let odd = Sighting {
            mac: None,
            dhcp: None,
            activated: Some(false),
            service_enabled: None,
            bind: BindState::Bound,
            unbind_supported: Some(false),
            found_by: FoundBy::Configured,
            model: "it's \"odd\" ☃".into(),
            host: "fd00::1".into(),
            http_port: 8080,
            ..sighting(2, "10.0.0.2")
        };
        all(store, &link, &[sighting(1, "10.0.0.1"), odd.clone()], 1);
        let seen = find(store, &link, 2).unwrap();
        assert_eq!((seen.sighting, seen.online, seen.link_name.as_str()), (odd, false, "Attic"));
        online(store, &link, 2);
        let seen = find(store, &link, 1).unwrap();
        assert_eq!((seen.sighting, seen.online), (sighting(1, "10.0.0.1"), true));
        assert_eq!((seen.first_seen_at, seen.last_seen_at), (at(1), at(2)));
        store.write_relaxed(|conn| report_changes(conn, &link, &[], &[serial(1)], at(3))).unwrap();
        let seen = find(store, &link, 1).unwrap();
        assert_eq!((seen.online, seen.last_seen_at), (false, at(3)));
        assert!(find(store, &link, 2).unwrap().online);
        assert_eq!(find(store, &link, 3), None);
    });
}

#[test]
fn a_whole_report_takes_what_it_does_not_name_for_lost_and_a_change_does_not() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let link = link(store, &company, &site, "Attic");
        online(store, &link, 0);
        all(store, &link, &[sighting(1, "10.0.0.1"), sighting(2, "10.0.0.2")], 1);
        all(store, &link, &[sighting(2, "10.0.0.2")], 2);
        let seen = |number| find(store, &link, number).unwrap().online;
        assert_eq!((seen(1), seen(2)), (false, true));
        let back = [sighting(1, "10.0.0.1")];
        store.write_relaxed(|conn| report_changes(conn, &link, &back, &[serial(9)], at(3))).unwrap();
        assert_eq!((seen(1), seen(2)), (true, true));
        assert_eq!(find(store, &link, 1).unwrap().first_seen_at, at(1));
        let links = store.read(|conn| crate::links::list_links(conn, &company, &site)).unwrap();
        assert_eq!(links[0].devices_found, 2);
    });
}

#[test]
fn a_thousand_devices_are_one_transaction_and_only_differences_are_written() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let link = link(store, &company, &site, "Attic");
        let host = |number: u32| format!("10.0.{}.{}", number >> 8, number & 255);
        let mut found: Vec<Sighting> = (1..=1000).map(|number| sighting(number, &host(number))).collect();
        for number in 1..=1000 {
            linked(store, &link, &host(number), number);
        }
        all(store, &link, &found, 1);
        assert_eq!(store.read(|conn| count_rows(conn, "sightings")).unwrap(), 1000);
        // The hardware addresses were not known before: that is a change of each device, but none of its address.
        let position = store.read(change_position).unwrap();
        mark(store);
        all(store, &link, &found, 2);
        assert_eq!(written_since(store), 0);
        assert_eq!(store.read(change_position).unwrap(), position);
        for number in [3, 500, 900] {
            found[number].host = host(2000 + u32::try_from(number).unwrap());
        }
        found.truncate(998);
        all(store, &link, &found, 3);
        assert_eq!(written_since(store), 5);
        assert_eq!(events_of(store, &company, EventKind::DeviceAddressChanged).len(), 3);
    });
}

#[test]
fn an_address_change_moves_the_device_tells_pollers_and_is_one_event() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let link = link(store, &company, &site, "Attic");
        let id = linked(store, &link, "10.0.0.1", 1);
        all(store, &link, &[sighting(1, "10.0.0.1")], 1);
        let before = store.read(|conn| get_device(conn, &company, &id)).unwrap();
        let position = store.read(change_position).unwrap();
        let moved = Sighting { http_port: 8080, ..sighting(1, "10.0.0.77") };
        for seconds in 2..5 {
            all(store, &link, std::slice::from_ref(&moved), seconds);
        }
        let after = store.read(|conn| get_device(conn, &company, &id)).unwrap();
        assert_eq!((after.address.host.as_str(), after.address.port), ("10.0.0.77", 8080));
        assert_eq!(after.mac, moved.mac);
        assert_eq!(after.config_version, before.config_version + 1);
        assert_eq!(after.credential_version, before.credential_version);
        let told = events_of(store, &company, EventKind::DeviceAddressChanged);
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].data, serde_json::json!({ "from": "10.0.0.1:80", "to": "10.0.0.77:8080" }));
        assert_eq!((told[0].device_id.as_ref(), told[0].site_id.as_ref()), (Some(&id), Some(&site)));
        let buckets: Vec<u16> = (0..1024).collect();
        let changes = store.read(|conn| changes_since(conn, &buckets, position)).unwrap();
        assert_eq!(changes.devices.len(), 1);
        assert_eq!(changes.devices[0].link, Some((link.id.clone(), serial(1))));
        assert_eq!(changes.devices[0].address, after.address);
        let open: Vec<_> = changes.devices[0].open.iter().map(|open| open.key.clone()).collect();
        assert_eq!(open, [ExceptionKey::of_device(ExceptionKind::AddressChanged)]);
    });
}

#[test]
fn the_port_that_http_was_found_on_stays_until_the_device_tells_another() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let link = link(store, &company, &site, "Attic");
        let told = |port| Sighting { http_port: port, ..sighting(1, "10.0.0.1") };
        all(store, &link, &[told(8000)], 1);
        let id = linked(store, &link, "10.0.0.1", 1);
        let port = || store.read(|conn| get_device(conn, &company, &id)).unwrap().address.port;
        assert_eq!(port(), 80);
        for seconds in 2..4 {
            all(store, &link, &[told(8000)], seconds);
        }
        assert_eq!(port(), 80);
        assert!(events_of(store, &company, EventKind::DeviceAddressChanged).is_empty());
        all(store, &link, &[told(8090)], 4);
        assert_eq!(port(), 8090);
    });
}

#[test]
fn a_link_never_moves_another_companys_device_nor_one_without_a_link() {
    on_both(|store| {
        let (mine, other) = (company(store), company(store));
        let (my_site, their_site) = (site(store, &mine, "Villa"), site(store, &other, "Office"));
        let (my_link, their_link) = (link(store, &mine, &my_site, "Attic"), link(store, &other, &their_site, "Cellar"));
        let theirs = linked(store, &their_link, "10.0.0.1", 1);
        let direct = device(store, &mine, &my_site, "192.0.2.7", 2);
        all(store, &my_link, &[sighting(1, "10.0.0.99"), sighting(2, "10.0.0.98")], 1);
        let host = |company, id| store.read(|conn| get_device(conn, company, id)).unwrap().address.host;
        assert_eq!((host(&other, &theirs), host(&mine, &direct)), ("10.0.0.1".into(), "192.0.2.7".into()));
        assert!(events_of(store, &other, EventKind::DeviceAddressChanged).is_empty());
        let listed = store.read(|conn| list_for_site(conn, &mine, &my_site)).unwrap();
        let told: Vec<_> = listed.iter().map(|found| (found.whose, found.device_id.clone())).collect();
        assert_eq!(told, [(Some(Whose::SomeoneElses), None), (Some(Whose::ThisSite), Some(direct))]);
        assert!(store.read(|conn| list_for_site(conn, &other, &my_site)).unwrap().is_empty());
        let asked = store.read(|conn| find_for_site(conn, &other, &my_site, &serial(1))).unwrap();
        assert_eq!(asked, None);
    });
}

#[test]
fn another_link_of_the_site_takes_over_only_when_the_first_does_not_see_the_device() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let (one, two) = (link(store, &company, &site, "Attic"), link(store, &company, &site, "Cellar"));
        let id = linked(store, &one, "10.0.0.1", 1);
        online(store, &one, 0);
        online(store, &two, 0);
        all(store, &one, &[sighting(1, "10.0.0.1")], 1);
        let of = || store.read(|conn| get_device(conn, &company, &id)).unwrap();
        all(store, &two, &[sighting(1, "10.1.0.1")], 2);
        assert_eq!((of().link_id.unwrap(), of().address.host.as_str()), (one.id.clone(), "10.0.0.1"));
        let listed = store.read(|conn| list_for_site(conn, &company, &site)).unwrap();
        assert_eq!(listed.len(), 1);
        store.write(|conn| end_session(conn, &one.id, one.id.as_str(), at(3))).unwrap();
        all(store, &two, &[sighting(1, "10.1.0.1")], 4);
        assert_eq!((of().link_id.unwrap(), of().address.host.as_str()), (two.id.clone(), "10.1.0.1"));
        assert_eq!(of().link.unwrap().name, "Cellar");
    });
}

#[test]
fn a_device_moved_to_another_site_keeps_its_link_until_one_of_that_site_sees_it() {
    on_both(|store| {
        let company = company(store);
        let (here, there) = (site(store, &company, "Here"), site(store, &company, "There"));
        let (old, new) = (link(store, &company, &here, "Attic"), link(store, &company, &there, "Cellar"));
        let id = linked(store, &old, "10.0.0.1", 1);
        online(store, &old, 0);
        all(store, &old, &[sighting(1, "10.0.0.1")], 1);
        let moved = store.write(|conn| move_device(conn, &company, &id, &there, None, at(2))).unwrap();
        assert_eq!((moved.site_id, moved.link_id), (there.clone(), Some(old.id.clone())));
        all(store, &old, &[sighting(1, "10.0.0.2")], 3);
        let of = || store.read(|conn| get_device(conn, &company, &id)).unwrap();
        assert_eq!(of().address.host, "10.0.0.2");
        all(store, &new, &[sighting(1, "10.9.0.1")], 4);
        assert_eq!((of().link_id.unwrap(), of().address.host.as_str()), (new.id.clone(), "10.9.0.1"));
        let back = store.write(|conn| move_device(conn, &company, &id, &here, Some(&old.id), at(5))).unwrap();
        assert_eq!((back.site_id, back.link_id), (here, Some(old.id.clone())));
    });
}

#[test]
fn a_device_is_not_moved_to_another_companys_site_or_link() {
    on_both(|store| {
        let (mine, other) = (company(store), company(store));
        let (my_site, their_site) = (site(store, &mine, "Villa"), site(store, &other, "Office"));
        let (my_link, their_link) = (link(store, &mine, &my_site, "Attic"), link(store, &other, &their_site, "Cellar"));
        let id = linked(store, &my_link, "10.0.0.1", 1);
        for (site, link) in [(&their_site, None), (&my_site, Some(&their_link.id))] {
            let refused = store.write(|conn| move_device(conn, &mine, &id, site, link, at(1)));
            assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
        }
        let refused = store.write(|conn| move_device(conn, &other, &id, &their_site, None, at(1)));
        assert!(matches!(refused, Err(StoreError::NotFound)));
    });
}

#[test]
fn a_deleted_device_stays_a_sighting_and_is_free_to_be_added_again() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let link = link(store, &company, &site, "Attic");
        all(store, &link, &[sighting(1, "10.0.0.1")], 1);
        let id = linked(store, &link, "10.0.0.1", 1);
        store.write(|conn| delete_device(conn, &company, &id, at(2))).unwrap();
        let listed = store.read(|conn| list_for_site(conn, &company, &site)).unwrap();
        assert_eq!((listed.len(), listed[0].whose, listed[0].device_id.clone()), (1, None, None));
        linked(store, &link, "10.0.0.1", 1);
    });
}

#[test]
fn what_a_link_should_not_send_is_cut_or_left_out() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let link = link(store, &company, &site, "Attic");
        let long = Sighting { model: "m".repeat(10_000), firmware: "a\0b\nc".into(), ..sighting(1, "10.0.0.1") };
        let no_address = sighting(2, "evil.example");
        let twice = sighting(1, "10.0.0.2");
        all(store, &link, &[long.clone(), no_address], 1);
        let seen = find(store, &link, 1).unwrap().sighting;
        assert_eq!((seen.model.len(), seen.firmware.as_str()), (256, "abc"));
        assert_eq!(find(store, &link, 2), None);
        mark(store);
        all(store, &link, std::slice::from_ref(&long), 2);
        assert_eq!(written_since(store), 0);
        all(store, &link, &[long, twice], 3);
        assert_eq!(find(store, &link, 1).unwrap().sighting.host, "10.0.0.2");
    });
}

#[test]
fn a_link_that_invents_devices_without_end_is_kept_within_bounds_and_what_is_there_stays() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let link = link(store, &company, &site, "Attic");
        online(store, &link, 0);
        let invented = |from: u32| (from..from + 5_000).map(|n| sighting(n, "10.0.0.1")).collect::<Vec<_>>();
        let rows = || store.read(|conn| count_rows(conn, "sightings")).unwrap();
        all(store, &link, &invented(10_000)[..4_990], 1);
        for round in 2..6 {
            let more = invented(round * 10_000);
            store.write_relaxed(|conn| report_changes(conn, &link, &more, &[], at(round.into()))).unwrap();
            assert_eq!(rows(), 5_000);
        }
        assert!(find(store, &link, 10_000).unwrap().online && find(store, &link, 50_000).is_none());
        // What it no longer sees makes room for what it does, the longest lost first.
        all(store, &link, &invented(60_000)[..4_000], 7);
        assert_eq!(rows(), 5_000);
        assert!(find(store, &link, 63_999).unwrap().online);
        assert_eq!(store.read(|conn| count_rows(conn, "sightings WHERE online")).unwrap(), 4_000);
    });
}

#[test]
fn what_a_device_calls_itself_is_cut_and_cannot_turn_the_text_around() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let link = link(store, &company, &site, "Attic");
        let model = format!("DS\u{202E}\u{0}\n<b>\u{2066}{}", "x".repeat(100_000));
        all(store, &link, &[Sighting { model, ..sighting(1, "10.0.0.1") }], 1);
        let told = find(store, &link, 1).unwrap().sighting.model;
        assert!(told.starts_with("DS<b>x") && told.chars().count() == 256, "{told}");
        let (version, system) = ("1\u{0}\u{202E}".repeat(9_999), "s".repeat(9_999));
        store.write(|conn| crate::links::note_version(conn, &link.id, &version, &system)).unwrap();
        let link = store.read(|conn| crate::links::get_link(conn, &company, &link.id)).unwrap();
        assert_eq!((link.version.unwrap().len(), link.system.unwrap().len()), (64, 128));
    });
}

#[test]
fn companies_that_see_a_serial_from_one_address_are_counted_once_each() {
    on_both(|store| {
        let (one, other) = (company(store), company(store));
        let villa = site(store, &one, "Villa");
        let links = [
            link(store, &one, &villa, "Attic"),
            link(store, &one, &villa, "Cellar"),
            link(store, &other, &site(store, &other, "Lair"), "Forged"),
        ];
        let claims = |since| store.read(|conn| count_claims(conn, "203.0.113.1", &serial(1), at(since))).unwrap();
        for link in &links {
            online(store, link, 1);
            all(store, link, &[sighting(1, "10.0.0.1")], 1);
        }
        assert_eq!(claims(0), 0, "nothing is known of addresses");
        let from = |link: &Link, address: &str| {
            store.write(|conn| crate::links::note_address(conn, &link.id, address)).unwrap();
        };
        from(&links[0], "203.0.113.1");
        from(&links[1], "203.0.113.1");
        assert_eq!(claims(0), 1);
        from(&links[2], "203.0.113.1");
        assert_eq!(claims(0), 2);
        store.write(|conn| end_session(conn, &links[2].id, links[2].id.as_str(), at(5))).unwrap();
        assert_eq!((claims(1), claims(60)), (2, 1), "a link that is away counts for a while");
        online(store, &links[2], 70);
        all(store, &links[2], &[], 71);
        assert_eq!(claims(0), 1, "it does not see it any more");
    });
}
