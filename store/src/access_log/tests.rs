use serde_json::json;

use super::places::{OwnedPlace, of_devices, of_object, of_sites};
use super::*;
use crate::reach::Object;
use crate::select::Select;
use crate::testing::{at, company, device, end_user, member, on_both, own, site};
use crate::{Backend, Store};

fn note(store: &Store, site: &SiteId, actor: Actor, action: &str, seconds: i64) {
    let entry =
        NewEntry { site_id: site.clone(), actor, company: None, action, device: None, detail: json!({ "a": seconds }) };
    store.write(|conn| append(conn, &entry, at(seconds))).unwrap();
}

fn verified(store: &Store, site: &SiteId) -> Result<i64, Broken> {
    store.read(|conn| verify(conn, site)).unwrap()
}

#[test]
fn entries_of_a_site_are_one_chain_with_the_names_of_their_time() {
    on_both(|store| {
        let company = company(store);
        let (home, other) = (site(store, &company, "Home"), site(store, &company, "Other"));
        let anna = member(store, &company, "anna@example.com");
        let camera = device(store, &company, &home, "192.0.2.1", 1);
        let entry = NewEntry {
            site_id: home.clone(),
            actor: Actor::Staff(anna.clone()),
            company: Some(company.clone()),
            action: "device_restarted",
            device: Some((camera.clone(), "Gate".into())),
            detail: json!({ "why": "a \"test\"" }),
        };
        store.write(|conn| append(conn, &entry, at(1))).unwrap();
        note(store, &home, Actor::Platform, "permission_ended", 2);
        note(store, &other, Actor::Platform, "permission_ended", 3);
        let page = store.read(|conn| list(conn, &home, 1, None, 20)).unwrap();
        assert_eq!(page.items.iter().map(|entry| entry.n).collect::<Vec<_>>(), [2, 1], "newest first");
        let first = &page.items[1];
        assert_eq!(
            (first.actor_name.as_str(), first.company_name.as_str(), first.device_name.as_str(), first.detail.as_str()),
            ("Anna", "Lockwood", "Gate", r#"{"why":"a \"test\""}"#)
        );
        assert_eq!((first.actor_id.as_str(), first.device_id.as_str()), (anna.as_str(), camera.as_str()));
        assert_eq!(first.at, "2027-01-15T08:00:01.000000Z");
        assert_eq!((verified(store, &home), verified(store, &other)), (Ok(2), Ok(1)));
    });
}

#[test]
fn a_log_is_read_page_by_page_and_from_a_moment_on() {
    on_both(|store| {
        let home = site(store, &company(store), "Home");
        for seconds in 1..=5 {
            note(store, &home, Actor::Platform, "permission_ended", seconds);
        }
        let numbers = |entries: &[Entry]| entries.iter().map(|entry| entry.n).collect::<Vec<_>>();
        let since = store.read(|conn| first_since(conn, &home, at(2))).unwrap();
        assert_eq!(since, Some(2));
        let page = store.read(|conn| list(conn, &home, 2, None, 3)).unwrap();
        assert_eq!(numbers(&page.items), [5, 4, 3]);
        let cursor = page.next_cursor.unwrap();
        let page = store.read(|conn| list(conn, &home, 2, Some(&cursor), 3)).unwrap();
        assert_eq!((numbers(&page.items), page.next_cursor), (vec![2], None), "what was before belongs to others");
        assert_eq!(numbers(&store.read(|conn| after(conn, &home, 3, 10)).unwrap()), [4, 5]);
        let (n, hash) = store.read(|conn| head(conn, &home)).unwrap().unwrap();
        assert_eq!((n, hash.len()), (5, 64));
        assert_eq!(store.read(|conn| first_since(conn, &home, at(6))).unwrap(), None);
    });
}

#[test]
fn many_who_append_at_once_make_one_unbroken_chain() {
    on_both(|store| {
        let company = company(store);
        let (home, other) = (site(store, &company, "Home"), site(store, &company, "Other"));
        std::thread::scope(|scope| {
            for seconds in 0..4 {
                let (home, other) = (&home, &other);
                scope.spawn(move || {
                    for _ in 0..10 {
                        note(store, home, Actor::Platform, "permission_ended", seconds);
                        note(store, other, Actor::Platform, "permission_ended", seconds);
                    }
                });
            }
        });
        assert_eq!((verified(store, &home), verified(store, &other)), (Ok(40), Ok(40)));
    });
}

#[test]
fn nobody_changes_the_log_and_a_change_around_the_database_is_found() {
    on_both(|store| {
        let home = site(store, &company(store), "Home");
        for seconds in 1..=4 {
            note(store, &home, Actor::Platform, "permission_ended", seconds);
        }
        for sql in ["UPDATE access_log SET action = 'x'", "DELETE FROM access_log"] {
            store.write(|conn| Select::new(sql).execute(conn)).unwrap_err();
        }
        assert_eq!(verified(store, &home), Ok(4));
        let off = match store.backend() {
            Backend::Sqlite => ["DROP TRIGGER access_log_is_not_edited", "DROP TRIGGER access_log_is_not_deleted"],
            Backend::Postgres => ["DROP TRIGGER access_log_is_not_edited ON access_log", "SELECT 1"],
        };
        for sql in off {
            store.write(|conn| Select::new(sql).execute(conn)).unwrap();
        }
        let run = |sql: &str| store.write(|conn| Select::new(sql).execute(conn)).unwrap();
        run("UPDATE access_log SET actor_name = 'Nobody' WHERE n = 3");
        assert_eq!(verified(store, &home), Err(Broken::Changed(3)));
        run("UPDATE access_log SET actor_name = '' WHERE n = 3");
        assert_eq!(verified(store, &home), Ok(4));
        run("DELETE FROM access_log WHERE n = 2");
        assert_eq!(verified(store, &home), Err(Broken::NotTheNext { expected: 2, found: 3 }));
        run("UPDATE access_log SET n = 2 WHERE n = 3");
        assert_eq!(verified(store, &home), Err(Broken::DoesNotFollow(2)));
    });
}

#[test]
fn before_a_site_has_an_owner_nothing_is_kept_for_one() {
    on_both(|store| {
        let home = site(store, &company(store), "Home");
        let entry = NewEntry {
            site_id: home.clone(),
            actor: Actor::Platform,
            company: None,
            action: "device_restarted",
            device: None,
            detail: json!({}),
        };
        store.write(|conn| append_if_owned(conn, &entry, at(1))).unwrap();
        assert_eq!(verified(store, &home), Ok(0));
    });
}

#[test]
fn what_staff_touch_is_placed_on_owned_sites_of_their_company_alone() {
    on_both(|store| {
        let ours = company(store);
        let (home, shop) = (site(store, &ours, "Home"), site(store, &ours, "Shop"));
        let (camera, other) =
            (device(store, &ours, &home, "192.0.2.1", 1), device(store, &ours, &shop, "192.0.2.2", 2));
        own(store, &home, &end_user(store, "olga@example.com"));
        let at_camera = OwnedPlace { site_id: home.clone(), device: Some((camera.clone(), "Camera 192.0.2.1".into())) };
        let at_home = OwnedPlace { site_id: home.clone(), device: None };
        let of = |company: &CompanyId, object: Object| store.read(|conn| of_object(conn, company, &object)).unwrap();
        assert_eq!(of(&ours, Object::Device(camera.clone())), [at_camera.clone()]);
        assert_eq!(of(&ours, Object::Site(home.clone())), [at_home.clone()]);
        assert_eq!(of(&ours, Object::Site(shop.clone())), [], "it has no owner");
        let somebody_else = CompanyId::generate(at(0));
        assert_eq!(of(&somebody_else, Object::Site(home.clone())), []);
        let id = "01890f00-0000-7000-8000-000000000001";
        for object in [
            Object::Import(id.parse().unwrap()),
            Object::Link(id.parse().unwrap()),
            Object::Addition(id.parse().unwrap()),
            Object::RemoteSession(id.parse().unwrap()),
            Object::PanelAccount(id.parse().unwrap()),
            Object::Incident(id.parse().unwrap()),
            Object::ExceptionRule(id.parse().unwrap()),
            Object::MaintenanceWindow(id.parse().unwrap()),
            Object::LinkageRule(id.parse().unwrap()),
            Object::LinkageFiring(id.parse().unwrap()),
            Object::Upgrade(id.parse().unwrap()),
        ] {
            assert_eq!(of(&ours, object), []);
        }
        assert_eq!(
            store.read(|conn| of_devices(conn, &ours, &[camera.clone(), other.clone()])).unwrap(),
            [at_camera.clone()]
        );
        assert_eq!(store.read(|conn| of_sites(conn, &ours, &[home.clone(), shop.clone()])).unwrap(), [at_home.clone()]);
    });
}
