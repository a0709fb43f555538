use chrono::Duration;
use siteward_domain::link::LinkState;

use super::*;
use crate::sites::delete_site;
use crate::testing::{at, company, count_rows, events_of, link, linked, on_both, sighting, site};
use crate::{Store, bindings, devices, sightings};

fn new_link(company: &CompanyId, site: &SiteId, code: &str) -> NewLink {
    NewLink {
        id: LinkId::generate(at(0)),
        company_id: company.clone(),
        site_id: site.clone(),
        name: "Attic".into(),
        enrol_code_hash: code.into(),
        enrol_expires_at: at(100),
        actor: "anna".into(),
    }
}

fn take(store: &Store, code: &str, token: &str, seconds: i64) -> Result<Link, StoreError> {
    store.write(|conn| enrol(conn, code, token, "0.1.0", "linux", at(seconds)))
}

fn hold(store: &Store, link: &Link, holder: &str, session: &str, seconds: i64) -> Result<Link, StoreError> {
    let url = format!("http://{holder}");
    store.write(|conn| take_session(conn, &link.id, holder, Some(&url), session, at(seconds)))
}

fn touch(store: &Store, link: &Link, session: &str, seconds: i64) -> Vec<LinkId> {
    let held = [(link.id.clone(), session.to_owned())];
    store.write_relaxed(|conn| touch_sessions(conn, &held, at(seconds))).unwrap()
}

fn token(store: &Store, token: &str) -> Token {
    store.read(|conn| find_by_token(conn, token)).unwrap()
}

#[test]
fn a_code_is_taken_once_and_not_after_its_time() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        for code in ["one", "late"] {
            store.write(|conn| create_link(conn, &new_link(&company, &site, code), at(0))).unwrap();
        }
        let waiting = store.read(|conn| list_links(conn, &company, &site)).unwrap();
        assert_eq!(waiting.iter().map(Link::state).collect::<Vec<_>>(), [LinkState::Waiting; 2]);
        assert!(matches!(take(store, "late", "t", 100), Err(StoreError::NotFound)));
        assert!(matches!(take(store, "other", "t", 1), Err(StoreError::NotFound)));
        let outcomes: Vec<_> = std::thread::scope(|threads| {
            let handles: Vec<_> = (0..4)
                .map(|number| threads.spawn(move || take(store, "one", &format!("token {number}"), 99)))
                .collect();
            handles.into_iter().map(|handle| handle.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        let enrolled = outcomes.into_iter().find_map(Result::ok).unwrap();
        assert_eq!((enrolled.state(), enrolled.version.as_deref()), (LinkState::Offline, Some("0.1.0")));
        assert!(matches!(take(store, "one", "t", 99), Err(StoreError::NotFound)));
        assert_eq!(events_of(store, &company, EventKind::LinkCreated).len(), 2);
    });
}

#[test]
fn another_box_takes_a_new_code_and_the_old_token_ends_then() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let link = link(store, &company, &site, "Attic");
        hold(store, &link, "p1", "s1", 1).unwrap();
        store.write(|conn| set_code(conn, &company, &link.id, "new", at(50))).unwrap();
        assert!(matches!(token(store, "token of Attic"), Token::Good(_)));
        assert!(touch(store, &link, "s1", 2).is_empty());
        take(store, "new", "new token", 10).unwrap();
        assert_eq!(token(store, "token of Attic"), Token::Wrong);
        assert!(matches!(token(store, "new token"), Token::Good(found) if found.id == link.id));
        assert_eq!(touch(store, &link, "s1", 11), std::slice::from_ref(&link.id));
    });
}

#[test]
fn a_newer_session_wins_and_what_the_older_one_still_writes_counts_for_nothing() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let link = link(store, &company, &site, "Attic");
        hold(store, &link, "p1", "s1", 1).unwrap();
        assert!(hold(store, &link, "p2", "s2", 2).unwrap().online);
        assert_eq!(touch(store, &link, "s1", 8), std::slice::from_ref(&link.id));
        assert!(touch(store, &link, "s2", 8).is_empty());
        assert!(!store.write(|conn| end_session(conn, &link.id, "s1", at(9))).unwrap());
        let holder = store.read(|conn| find_holder(conn, &link.id)).unwrap().unwrap();
        assert_eq!((holder.holder.as_str(), holder.url.as_deref()), ("p2", Some("http://p2")));
        assert_eq!((holder.company_id, holder.site_id), (company.clone(), site));
        assert!(store.write(|conn| end_session(conn, &link.id, "s2", at(10))).unwrap());
        assert_eq!(store.read(|conn| find_holder(conn, &link.id)).unwrap(), None);
        assert_eq!(events_of(store, &company, EventKind::LinkOnline).len(), 1);
        assert_eq!(events_of(store, &company, EventKind::LinkOffline).len(), 1);
    });
}

#[test]
fn of_sessions_taken_at_the_same_instant_one_is_left_and_online_is_told_once() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let link = link(store, &company, &site, "Attic");
        let sessions = ["a", "b", "c", "d"];
        std::thread::scope(|threads| {
            for session in sessions {
                let link = &link;
                threads.spawn(move || hold(store, link, "p", session, 1).unwrap());
            }
        });
        let ended: usize = sessions.iter().map(|session| touch(store, &link, session, 2).len()).sum();
        assert_eq!(ended, 3);
        assert_eq!(events_of(store, &company, EventKind::LinkOnline).len(), 1);
    });
}

#[test]
fn a_session_whose_process_died_expires_and_one_that_is_touched_does_not() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let (dead, alive) = (link(store, &company, &site, "Attic"), link(store, &company, &site, "Cellar"));
        hold(store, &dead, "p1", "s1", 0).unwrap();
        hold(store, &alive, "p2", "s2", 0).unwrap();
        for seconds in 0..=30 {
            assert!(touch(store, &alive, "s2", seconds).is_empty());
        }
        let expire = || store.write(|conn| expire_holders(conn, at(30) - Duration::seconds(20), at(30))).unwrap();
        assert_eq!(expire(), std::slice::from_ref(&dead.id));
        assert!(expire().is_empty());
        assert_eq!(events_of(store, &company, EventKind::LinkOffline).len(), 1);
        assert_eq!(touch(store, &dead, "s1", 31), std::slice::from_ref(&dead.id));
        let state = |link: &Link| store.read(|conn| get_link(conn, &company, &link.id)).unwrap().state();
        assert_eq!((state(&dead), state(&alive)), (LinkState::Offline, LinkState::Online));
    });
}

#[test]
fn a_revoked_link_has_no_session_no_token_no_code_and_sees_nothing() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let link = link(store, &company, &site, "Attic");
        store.write(|conn| set_code(conn, &company, &link.id, "new", at(50))).unwrap();
        hold(store, &link, "p1", "s1", 1).unwrap();
        store.write(|conn| sightings::report_all(conn, &link, &[sighting(1, "10.0.0.1")], at(2))).unwrap();
        let device = linked(store, &link, "10.0.0.1", 1);
        for _ in 0..2 {
            store.write(|conn| revoke_link(conn, &company, &link.id, "anna", at(3))).unwrap();
        }
        assert_eq!(touch(store, &link, "s1", 3), std::slice::from_ref(&link.id));
        assert_eq!(token(store, "token of Attic"), Token::Revoked);
        assert!(matches!(take(store, "new", "t", 4), Err(StoreError::NotFound)));
        assert!(matches!(hold(store, &link, "p1", "s3", 4), Err(StoreError::NotFound)));
        let refused = store.write(|conn| set_code(conn, &company, &link.id, "x", at(50)));
        assert!(matches!(refused, Err(StoreError::Stale)));
        let report = store.write(|conn| sightings::report_all(conn, &link, &[sighting(1, "10.0.0.9")], at(5)));
        assert!(matches!(report, Err(StoreError::NotFound)));
        assert_eq!(store.read(|conn| count_rows(conn, "sightings")).unwrap(), 0);
        assert_eq!(events_of(store, &company, EventKind::LinkRevoked).len(), 1);
        store.write(|conn| delete_link(conn, &company, &link.id)).unwrap();
        let left = store.read(|conn| devices::get_device(conn, &company, &device)).unwrap();
        assert_eq!((left.link_id, left.link), (Some(link.id.clone()), None));
    });
}

#[test]
fn no_company_sees_or_touches_anothers_link() {
    on_both(|store| {
        let (mine, other) = (company(store), company(store));
        let site = site(store, &mine, "Villa");
        let link = link(store, &mine, &site, "Attic");
        assert!(store.read(|conn| list_links(conn, &other, &site)).unwrap().is_empty());
        let not_found = |outcome: Result<(), StoreError>| assert!(matches!(outcome, Err(StoreError::NotFound)));
        not_found(store.read(|conn| get_link(conn, &other, &link.id).map(drop)));
        not_found(store.write(|conn| rename_link(conn, &other, &link.id, "x").map(drop)));
        not_found(store.write(|conn| set_code(conn, &other, &link.id, "x", at(9)).map(drop)));
        not_found(store.write(|conn| revoke_link(conn, &other, &link.id, "x", at(1))));
        not_found(store.write(|conn| delete_link(conn, &other, &link.id)));
        not_found(store.write(|conn| create_link(conn, &new_link(&other, &site, "x"), at(0))));
        assert_eq!(store.read(|conn| get_link(conn, &mine, &link.id)).unwrap().name, "Attic");
    });
}

#[test]
fn deleting_a_site_leaves_no_link_sighting_device_or_binding_of_it() {
    on_both(|store| {
        let company = company(store);
        let (here, there) = (site(store, &company, "Here"), site(store, &company, "There"));
        let (link, kept) = (link(store, &company, &here, "Attic"), link(store, &company, &there, "Cellar"));
        for link in [&link, &kept] {
            let number = if link.id == kept.id { 2 } else { 1 };
            store.write(|conn| sightings::report_all(conn, link, &[sighting(number, "10.0.0.1")], at(2))).unwrap();
            linked(store, link, "10.0.0.1", number);
        }
        // Moved away, still through the link of the site that goes.
        let moved = linked(store, &link, "10.0.0.3", 3);
        store.write(|conn| devices::move_device(conn, &company, &moved, &there, None, at(3))).unwrap();
        store.write(|conn| delete_site(conn, &company, &here, at(4))).unwrap();
        let count = |table| store.read(|conn| count_rows(conn, table)).unwrap();
        assert_eq!((count("links"), count("sightings"), count("devices"), count("bindings")), (1, 1, 2, 2));
        assert_eq!(store.read(|conn| bindings::whose(conn, &company, &crate::testing::serial(1))).unwrap(), None);
        store.write(|conn| devices::delete_device(conn, &company, &moved, at(5))).unwrap();
        assert_eq!(count("bindings"), 1);
    });
}

#[test]
fn a_version_is_kept_as_the_link_tells_it() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let link = link(store, &company, &site, "Attic");
        store.write(|conn| note_version(conn, &link.id, "0.2.0", "debian")).unwrap();
        let link = store.read(|conn| get_link(conn, &company, &link.id)).unwrap();
        assert_eq!((link.version.as_deref(), link.system.as_deref()), (Some("0.2.0"), Some("debian")));
    });
}
