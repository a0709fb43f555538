use std::collections::{BTreeMap, BTreeSet};

use diesel::{RunQueryDsl, sql_query};
use secrecy::ExposeSecret;
use siteward_domain::grant::{DevicePermission, Validity};
use siteward_domain::handover::DeviceAsk;
use siteward_domain::{DeviceId, StaffId};

use super::moving::{GONE, MOVED, SEALED, STAYS};
use super::*;
use crate::Store;
use crate::devices;
use crate::password_changes;
use crate::reach::{Object, Reach};
use crate::sites::{SiteFilter, list_sites};
use crate::testing::{at, company, device, end_user, events_of, link, linked, member, on_both, own, sighting, site};
use crate::vault::Place;

/// A site with something in every table that hangs on one.
struct Scene {
    site: SiteId,
    device: DeviceId,
    owner: EndUserId,
    staff: StaffId,
}

impl Scene {
    /// A site of `company` whose owner has this address; `number` makes its devices its own.
    fn of(store: &Store, company: &CompanyId, name: &str, number: u32) -> Self {
        let site = site(store, company, name);
        let staff = member(store, company, &format!("staff{number}@example.org"));
        let link = link(store, company, &site, &format!("Attic {number}"));
        let device = device(store, company, &site, &format!("10.0.{number}.1"), number * 10);
        linked(store, &link, "192.168.0.2", number * 10 + 1);
        store
            .write(|conn| crate::sightings::report_all(conn, &link, &[sighting(number * 10 + 1, "192.168.0.2")], at(1)))
            .unwrap();
        let code = store.vault().seal(devices::code_place(company, &device), &"CANARY".into()).unwrap();
        store.write(|conn| devices::set_code(conn, company, &device, &code)).unwrap();
        let new =
            store.vault().seal(password_changes::new_password_place(company, &device), &"Canary-8".into()).unwrap();
        store.write(|conn| password_changes::request(conn, company, &device, &new, at(1))).unwrap();
        for sql in fill(company, &site, &device, &staff) {
            store.write(|conn| Ok(sql_query(&sql).execute(conn)?)).unwrap_or_else(|error| panic!("{error}: {sql}"));
        }
        let owner = end_user(store, &format!("owner{number}@example.org"));
        own(store, &site, &owner);
        run(
            store,
            &format!(
                "UPDATE sites SET installed_by = company_id, owned_since = 1, status = 'authorized' WHERE id = '{site}'"
            ),
        );
        Self { site, device, owner, staff }
    }

    fn by(&self) -> Actor {
        Actor::EndUser(self.owner.clone())
    }

    fn take_away(&self, store: &Store) -> CompanyId {
        store.write(|conn| take_away(conn, store.vault(), &self.site, &self.by(), at(10))).unwrap()
    }

    /// How many rows each table has that hang on the site.
    fn rows(&self, store: &Store) -> BTreeMap<&'static str, i64> {
        let count = |rows: &super::moving::Rows| {
            let count: Vec<Count> = store.read(|conn| rows.count(&self.site).load(conn)).unwrap();
            (rows.table, count[0].count)
        };
        MOVED.iter().chain(&GONE).map(count).collect()
    }
}

/// What `testing` does not make.
fn fill(company: &CompanyId, site: &SiteId, device: &DeviceId, staff: &StaffId) -> Vec<String> {
    let all = [
        "INSERT INTO incidents (id, company_id, site_id, cause, cause_id, name, kind, opened_at, affected, cameras)
         VALUES ('$D', '$C', '$S', 'device', '$D', '', 'device_offline', 1, 0, 0)",
        "INSERT INTO exceptions (id, company_id, site_id, device_id, kind, part, opened_at, incident_id)
         VALUES ('$D', '$C', '$S', '$D', 'device_offline', '', 1, '$D')",
        "INSERT INTO incident_members (incident_id, exception_id) VALUES ('$D', '$D')",
        "INSERT INTO tellings (incident_id, site_id, what, since) VALUES ('$D', '$S', 'incident_opened', 1)",
        "INSERT INTO notifications (id, company_id, staff_id, incident_id, what, created_at, mailed)
         VALUES ('$D', '$C', '$P', '$D', 'incident_opened', 1, (SELECT stands_alone FROM devices WHERE id = '$D'))",
        "INSERT INTO webhooks (id, company_id, name, url, sealed_secret, kinds, enabled, created_at)
         VALUES ('$S', '$C', 'W', 'http://x', 'v1', '[]', (SELECT stands_alone FROM devices WHERE id = '$D'), 1)",
        "INSERT INTO webhook_tellings (incident_id, webhook_id) VALUES ('$D', '$S')",
        "INSERT INTO maintenance_windows (id, company_id, site_id, device_id, starts_at, ends_at, repeats, note, created_at)
         VALUES ('$D', '$C', '$S', '$D', 1, 2, 'weekly', '', 1)",
        "INSERT INTO linkage_rules (id, company_id, site_id, name, enabled, source_device_id, source_kind, content,
         camera_actions, identity_hash, created_at, updated_at)
         SELECT '$D', '$C', '$S', 'R', stands_alone, id, 'motion', '{}', 0, id, 1, 1 FROM devices WHERE id = '$D'",
        "INSERT INTO linkage_firings (id, company_id, site_id, rule_id, rule_name, event_seq, source_device_id,
         source_name, source_kind, event_at, fired_at) VALUES ('$D', '$C', '$S', '$D', 'R', 1, '$D', 'D', 'motion', 1, 1)",
        "INSERT INTO linkage_actions (firing_id, position, kind, action, state) VALUES ('$D', 0, 'webhook', '{}', 'waiting')",
        "INSERT INTO linkage_pictures (firing_id, position, site_id, sealed, taken_at) VALUES ('$D', 0, '$S', 'v1', 1)",
        "INSERT INTO upgrades (id, company_id, state, created_by_name, created_at, starts_at, waits_until,
         error_threshold, stage, stages) VALUES ('$D', '$C', 'running', 'A', 1, 1, 1, 1, 0, 1)",
        "INSERT INTO upgrade_devices (upgrade_id, device_id, company_id, stage, state, steps, from_version, to_version,
         due_at, updated_at) VALUES ('$D', '$D', '$C', 0, 'waiting', '[]', '', '', 1, 1)",
        "INSERT INTO device_events (company_id, site_id, device_id, kind, channel, word, at, seen_at)
         VALUES ('$C', '$S', '$D', 'motion', 1, 'VMD', 1, 1)",
        "INSERT INTO device_event_sources (device_id, company_id, dropped, token_hash, token_made_at)
         VALUES ('$D', '$C', 0, '$D', 1)",
        "INSERT INTO imports (id, company_id, site_id, staff_id, state, password_tries, created_at, expires_at)
         VALUES ('$D', '$C', '$S', '$P', 'ready', 0, 1, 2)",
        "INSERT INTO additions (id, company_id, site_id, staff_id, serial, name, state, user_name, login, code_check, hold, created_at,
         updated_at, expires_at) SELECT '$D', '$C', '$S', '$P', '000000099', '', 'unknown', 'admin', 'none', 'not_given', stands_alone, 1, 1, 2
         FROM devices WHERE id = '$D'",
        "INSERT INTO site_managers (company_id, site_id, staff_id, assigned_at) VALUES ('$C', '$S', '$P', 1)",
        "INSERT INTO sessions (id, token_hash, company_id, staff_id, created_at, last_used_at, from_address)
         VALUES ('$P', '$P', '$C', '$P', 1, 1, '')",
        "INSERT INTO remote_sessions (id, company_id, device_id, staff_id, session_id, label_hash, may_write, opened_at, used_at)
         SELECT '$D', '$C', '$D', '$P', '$P', '$D', stands_alone, 1, 1 FROM devices WHERE id = '$D'",
        "INSERT INTO panels (device_id, company_id, name, site_name, model, due_at) VALUES ('$D', '$C', '', '', '', 1)",
        "INSERT INTO panel_accounts (id, company_id, device_id, person_kind, person_id, person_name, user_name, role, state, since,
         updated_at) VALUES ('$D', '$C', '$D', 'staff', '$P', 'Anna', 'anna', 'installer', 'there', 1, 1)",
    ];
    let named = |sql: &str| {
        sql.replace("$C", company.as_str())
            .replace("$S", site.as_str())
            .replace("$D", device.as_str())
            .replace("$P", staff.as_str())
    };
    all.iter().map(|sql| named(sql)).collect()
}

fn run(store: &Store, sql: &str) -> usize {
    store.write(|conn| Ok(sql_query(sql).execute(conn)?)).unwrap()
}

fn served(store: &Store, scene: &Scene, by: &CompanyId, granted: &Asks) -> Option<CompanyId> {
    store.write(|conn| serve(conn, store.vault(), &scene.site, by, granted, &scene.by(), at(20))).unwrap()
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

fn names(store: &Store, sql: &str) -> BTreeSet<String> {
    let rows: Vec<Name> = store.read(|conn| Select::new(sql).load(conn)).unwrap();
    rows.into_iter().map(|row| row.name).collect()
}

/// Tables with a column that fits.
fn tables_with(store: &Store, column: &str, give: &str) -> BTreeSet<String> {
    let sql = match store.backend() {
        crate::Backend::Sqlite => format!(
            "SELECT DISTINCT {} AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name {column}",
            give.replace("$T", "m.name").replace("$C", "c.name")
        ),
        crate::Backend::Postgres => format!(
            "SELECT DISTINCT {} AS name FROM information_schema.columns c
             WHERE c.table_schema = current_schema() AND c.column_name {column}",
            give.replace("$T", "CAST(c.table_name AS TEXT)").replace("$C", "CAST(c.column_name AS TEXT)")
        ),
    };
    names(store, &sql)
}

#[test]
fn every_table_that_names_a_company_a_site_or_a_device_has_its_place_when_a_site_moves() {
    on_both(|store| {
        let there = tables_with(store, "IN ('company_id', 'site_id', 'device_id')", "$T");
        let known: BTreeSet<String> =
            MOVED.iter().chain(&GONE).map(|rows| rows.table).chain(STAYS).map(str::to_owned).collect();
        let forgotten: Vec<_> = there.difference(&known).collect();
        assert!(forgotten.is_empty(), "say in custody/moving.rs what becomes of them: {forgotten:?}");
        let sealed = tables_with(store, "LIKE 'sealed%'", "$T || '.' || $C");
        let moved: BTreeSet<&str> = MOVED.iter().map(|rows| rows.table).collect();
        let known: BTreeSet<String> = SEALED.iter().map(|(table, column, _)| format!("{table}.{column}")).collect();
        let forgotten: Vec<_> = sealed
            .difference(&known)
            // Of a panel that leaves, which is on no site any more.
            .filter(|name| name.split_once('.').is_some_and(|(table, _)| moved.contains(table) && table != "panels"))
            .collect();
        assert!(forgotten.is_empty(), "secrets that would not open any more: {forgotten:?}");
    });
}

#[test]
fn everything_of_a_site_goes_with_it_what_was_the_companys_own_ends_and_the_other_sites_stay() {
    on_both(|store| {
        let (old, new) = (company(store), company(store));
        let (scene, other) = (Scene::of(store, &old, "Villa", 1), Scene::of(store, &old, "Shop", 2));
        let (before, others) = (scene.rows(store), other.rows(store));
        assert!(before.values().all(|count| *count > 0), "fill every table: {before:?}");
        scene.take_away(store);
        served(store, &scene, &new, &Asks::default());
        for rows in &MOVED {
            let left = format!("SELECT '{}' AS name FROM {} WHERE company_id = '{old}'", rows.table, rows.table);
            assert_eq!(scene.rows(store)[rows.table], before[rows.table], "{}", rows.table);
            let moved = format!("SELECT count(*) AS count FROM {} WHERE company_id = '{new}'", rows.table);
            let moved: Vec<Count> = store.read(|conn| Select::new(&moved).load(conn)).unwrap();
            assert_eq!(moved[0].count, before[rows.table], "{}: {:?}", rows.table, names(store, &left));
        }
        for rows in &GONE {
            // The new company begins with the usual rule of its own.
            let wanted = i64::from(rows.table == "exception_rules");
            assert_eq!(scene.rows(store)[rows.table], wanted, "{}", rows.table);
        }
        assert_eq!(other.rows(store), others);
    });
}

#[test]
fn secrets_open_for_the_company_that_serves_the_site_and_for_no_other() {
    on_both(|store| {
        let (old, new) = (company(store), company(store));
        let scene = Scene::of(store, &old, "Villa", 1);
        scene.take_away(store);
        served(store, &scene, &new, &Asks::default());
        for (table, column, key) in SEALED {
            let sql = format!("SELECT {column} AS name FROM {table} WHERE {key} = '{}'", scene.device);
            let sealed = crate::SealedText::from_stored(names(store, &sql).pop_first().unwrap());
            let place = |company| Place { table, column, row: scene.device.as_str(), company };
            let open = store.vault().open(place(new.as_str()), &sealed).unwrap();
            assert!(open.expose_secret().to_lowercase().starts_with("canary"), "{table}.{column}");
            for other in [old.as_str(), scene.site.as_str()] {
                assert!(store.vault().open(place(other), &sealed).is_err(), "{table}.{column}");
            }
        }
    });
}

#[test]
fn a_site_that_was_taken_away_is_not_there_for_its_company_and_still_polled() {
    on_both(|store| {
        let old = company(store);
        let scene = Scene::of(store, &old, "Villa", 1);
        assert_eq!(scene.take_away(store), old);
        let reach = Reach::of_company(&old);
        for object in [Object::Site(scene.site.clone()), Object::Device(scene.device.clone())] {
            assert!(!store.read(|conn| reach.holds(conn, &object)).unwrap(), "{object:?}");
        }
        let period = chrono::Duration::seconds(60);
        let list = |conn: &mut DbConn| list_sites(conn, &reach, &SiteFilter::default(), at(11), period, None, 20);
        assert!(store.read(list).unwrap().items.is_empty());
        let custody = store.read(|conn| get(conn, &scene.site)).unwrap();
        assert_eq!((custody.company, custody.unserved_since), (None, Some(at(10))));
        assert_eq!((custody.owner, custody.installed_by), (Some(scene.owner.clone()), Some(old.clone())));
        let noted = format!("SELECT device_id AS name FROM device_changes WHERE at = {}", micros(at(10)));
        assert!(names(store, &noted).contains(scene.device.as_str()), "its poller reads it anew");
        assert_eq!(events_of(store, &old, EventKind::SiteTakenAway).len(), 1);
        assert!(store.read(crate::companies::list_companies).unwrap().iter().all(|c| c.id == old));
    });
}

#[test]
fn what_a_company_was_let_do_ends_when_it_loses_the_site_and_stays_written_down() {
    on_both(|store| {
        let (old, new) = (company(store), company(store));
        let scene = Scene::of(store, &old, "Villa", 1);
        let ask = DeviceAsk {
            device_id: scene.device.clone(),
            permission: DevicePermission::LiveView,
            validity: Validity::Permanent,
        };
        let asks = Asks { site: true, devices: vec![ask] };
        store.write(|conn| grants::give(conn, &old, &scene.site, &asks, at(5)).map(drop)).unwrap();
        scene.take_away(store);
        let ended = format!("SELECT company_id || ended_because AS name FROM grants WHERE site_id = '{}'", scene.site);
        assert_eq!(names(store, &ended), BTreeSet::from([format!("{old}company_left")]));
        served(store, &scene, &new, &asks);
        let open =
            format!("SELECT company_id AS name FROM grants WHERE ended_at IS NULL AND site_id = '{}'", scene.site);
        assert_eq!(names(store, &open), BTreeSet::from([new.to_string()]));
        let status = format!("SELECT status AS name FROM sites WHERE id = '{}'", scene.site);
        assert_eq!(names(store, &status), BTreeSet::from(["authorized".to_owned()]));
        let log = format!("SELECT action || company_id AS name FROM access_log WHERE site_id = '{}'", scene.site);
        assert_eq!(names(store, &log), BTreeSet::from([format!("site_taken_away{old}"), format!("site_served{new}")]));
    });
}

#[test]
fn a_site_goes_straight_from_one_company_to_another_and_back_under_a_name_that_is_free() {
    on_both(|store| {
        let (old, new) = (company(store), company(store));
        let scene = Scene::of(store, &old, "Вилла", 1);
        site(store, &new, "ВИЛЛА");
        site(store, &new, "Вилла (2)");
        assert_eq!(served(store, &scene, &new, &Asks::default()), Some(old.clone()));
        let name = format!("SELECT name FROM sites WHERE id = '{}'", scene.site);
        assert_eq!(names(store, &name), BTreeSet::from(["Вилла (3)".to_owned()]));
        assert_eq!(events_of(store, &old, EventKind::SiteTakenAway).len(), 1);
        assert_eq!(events_of(store, &new, EventKind::SiteServed).len(), 1);
        let again =
            store.write(|conn| serve(conn, store.vault(), &scene.site, &new, &Asks::default(), &scene.by(), at(30)));
        assert!(matches!(again, Err(StoreError::Stale)));
        served(store, &scene, &old, &Asks::default());
    });
}

#[test]
fn only_an_owned_and_served_site_is_taken_away_and_only_once() {
    on_both(|store| {
        let old = company(store);
        let bare = site(store, &old, "Bare");
        let scene = Scene::of(store, &old, "Villa", 1);
        let take = |site: &SiteId| store.write(|conn| take_away(conn, store.vault(), site, &scene.by(), at(10)));
        assert!(matches!(take(&bare), Err(StoreError::Stale)));
        assert!(matches!(take(&SiteId::generate(at(9))), Err(StoreError::NotFound)));
        take(&scene.site).unwrap();
        assert!(matches!(take(&scene.site), Err(StoreError::Stale)));
    });
}

#[test]
fn a_company_that_has_one_of_the_devices_already_cannot_serve_the_site_and_nothing_is_half_moved() {
    on_both(|store| {
        let (old, new) = (company(store), company(store));
        let scene = Scene::of(store, &old, "Villa", 1);
        let theirs = site(store, &new, "Theirs");
        device(store, &new, &theirs, "10.0.1.1", 77);
        scene.take_away(store);
        let before = scene.rows(store);
        let refused =
            store.write(|conn| serve(conn, store.vault(), &scene.site, &new, &Asks::default(), &scene.by(), at(20)));
        assert!(matches!(refused, Err(StoreError::Duplicate { what: "device_address" })), "{refused:?}");
        assert_eq!(scene.rows(store), before);
        assert_eq!(store.read(|conn| get(conn, &scene.site)).unwrap().company, None);
    });
}

#[test]
fn a_deleted_account_gives_its_sites_back_to_who_installed_them_or_frees_their_devices() {
    on_both(|store| {
        let (old, new) = (company(store), company(store));
        let (back, free) = (Scene::of(store, &old, "Villa", 1), Scene::of(store, &old, "Shop", 2));
        own(store, &free.site, &back.owner);
        back.take_away(store);
        served(store, &back, &new, &Asks { site: true, devices: Vec::new() });
        // What is said of one site says nothing of another.
        let choices = HashMap::from([(back.site.clone(), Parting::Return)]);
        let released = store.write(|conn| release(conn, store.vault(), &back.owner, &choices, at(30))).unwrap();
        let told: Vec<_> = released.iter().map(|one| (one.site_id.clone(), one.parting, one.company.clone())).collect();
        assert!(told.contains(&(back.site.clone(), Parting::Return, Some(old.clone()))), "{told:?}");
        assert!(told.contains(&(free.site.clone(), Parting::Free, Some(old.clone()))), "{told:?}");
        let status = format!(
            "SELECT company_id || status || coalesce(owner_id, '') AS name FROM sites WHERE id = '{}'",
            back.site
        );
        assert_eq!(names(store, &status), BTreeSet::from([format!("{old}not_invited")]));
        assert_eq!(events_of(store, &new, EventKind::SiteTakenAway).len(), 1);
        assert_eq!(events_of(store, &old, EventKind::SiteReturned).len(), 1);
        assert_eq!(events_of(store, &old, EventKind::SiteDeleted).len(), 1);
        let gone = format!(
            "SELECT serial AS name FROM bindings WHERE device_id IN (SELECT id FROM devices WHERE site_id = '{}')",
            free.site
        );
        assert!(names(store, &gone).is_empty());
        assert!(
            free.rows(store).iter().all(|(table, count)| *count == 0 || *table == "panels"),
            "{:?}",
            free.rows(store)
        );
        run(store, &format!("DELETE FROM end_users WHERE id = '{}'", back.owner));
    });
}

#[test]
fn the_customers_use_is_disabled_only_after_both_sides_agreed_and_then_nothing_changes_hands() {
    on_both(|store| {
        let (old, new) = (company(store), company(store));
        let scene = Scene::of(store, &old, "Villa", 1);
        let staff = Actor::Staff(scene.staff.clone());
        let suspend =
            |company: &CompanyId, on| store.write(|conn| set_suspended(conn, company, &scene.site, on, &staff, at(12)));
        assert!(matches!(suspend(&old, true), Err(StoreError::Stale)));
        store.write(|conn| ask_for_rental(conn, &old, &scene.site, &staff, at(11))).unwrap();
        assert!(matches!(suspend(&old, true), Err(StoreError::Stale)));
        store.write(|conn| agree_to_rental(conn, &scene.site, true, &scene.by(), at(11))).unwrap();
        assert!(matches!(suspend(&new, true), Err(StoreError::NotFound)));
        assert_eq!(suspend(&old, true).unwrap().unwrap().suspended_at, Some(at(12)));
        assert_eq!(suspend(&old, true).unwrap(), None);
        let take = store.write(|conn| take_away(conn, store.vault(), &scene.site, &scene.by(), at(13)));
        assert!(matches!(take, Err(StoreError::Stale)));
        assert_eq!(suspend(&old, false).unwrap().unwrap().suspended_at, None);
        scene.take_away(store);
        assert_eq!(store.read(|conn| get(conn, &scene.site)).unwrap().rental, Rental::None);
    });
}
