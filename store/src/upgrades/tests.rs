use chrono::{DateTime, Duration, Utc};
use siteward_domain::exception::{ExceptionKey, ExceptionKind};
use siteward_domain::health::DeviceHealth;
use siteward_domain::upgrade::Stages;
use siteward_domain::{CompanyId, StaffId};

use super::*;
use crate::reach::Reach;
use crate::testing::{at, company, device, on_both, site};
use crate::{Store, StoreError};

struct Scene<'a> {
    store: &'a Store,
    company: CompanyId,
    devices: Vec<DeviceId>,
    upgrade: UpgradeId,
}

fn new_upgrade(company: &CompanyId, devices: &[DeviceId], stages: Stages) -> NewUpgrade {
    let step = Step { file_id: FirmwareFileId::generate(at(0)), version: "V5.7.15".into() };
    let of = |id: &DeviceId| NewUpgradeDevice {
        device_id: id.clone(),
        steps: vec![step.clone()],
        from_version: "V5.7.3 build 220112".into(),
    };
    NewUpgrade {
        id: UpgradeId::generate(at(0)),
        company_id: company.clone(),
        created_by: StaffId::generate(at(0)),
        created_by_name: "Alex".into(),
        starts_at: at(0),
        window: None,
        waits_until: at(3600),
        stages,
        devices: devices.iter().map(of).collect(),
    }
}

impl<'a> Scene<'a> {
    fn new(store: &'a Store, count: u32, stages: Stages) -> Self {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let mut devices: Vec<DeviceId> =
            (1..=count).map(|n| device(store, &company, &site, &format!("10.0.0.{n}"), n)).collect();
        devices.sort();
        let new = new_upgrade(&company, &devices, stages);
        store.write(|conn| create(conn, &new, at(0))).unwrap();
        Self { store, company, devices, upgrade: new.id }
    }

    fn advance(&self, now: DateTime<Utc>) -> Vec<DeviceId> {
        let due = self.store.write(|conn| advance(conn, now)).unwrap();
        due.into_iter().map(|(_, device)| device).collect()
    }

    fn key(&self, place: usize) -> (&UpgradeId, &DeviceId) {
        (&self.upgrade, &self.devices[place])
    }

    fn end(&self, place: usize, end: &Finished) {
        self.store.write(|conn| finish(conn, self.key(place), end, at(5))).unwrap();
    }

    fn state(&self) -> Upgrade {
        self.store.read(|conn| get(conn, &self.company, &self.upgrade)).unwrap()
    }

    fn device(&self, place: usize) -> UpgradeDevice {
        self.store.read(|conn| list_of_device(conn, &self.company, &self.devices[place])).unwrap().remove(0)
    }
}

fn done() -> Finished {
    Finished { state: UpgradeState::Done, reason_code: None, health_after: None, got_worse: false }
}

fn stages(canaries: usize, error_threshold: usize) -> Stages {
    Stages { canaries, then: 10, error_threshold }
}

#[test]
fn canaries_go_first_and_errors_at_the_threshold_stop_what_follows() {
    on_both(|store| {
        let scene = Scene::new(store, 5, stages(3, 2));
        assert_eq!(scene.advance(at(1)), scene.devices[..3]);
        assert!(scene.advance(at(2)).is_empty(), "nobody is handed out twice");
        scene.end(0, &Finished::failed("firmware_package_bad"));
        scene.end(1, &done());
        assert!(scene.advance(at(3)).is_empty());
        assert_eq!(scene.state().state, UpgradeStanding::Running);
        scene.end(2, &Finished::failed("firmware_package_bad"));
        assert!(scene.advance(at(4)).is_empty());
        assert_eq!(scene.state().state, UpgradeStanding::Stopped);
        assert_eq!(scene.device(3).state, UpgradeState::Waiting);
        // A person says to go on: the rest follows.
        store.write(|conn| go_on(conn, &scene.company, &scene.upgrade, at(5))).unwrap();
        assert_eq!(scene.advance(at(6)), scene.devices[3..]);
        assert_eq!(scene.state().stage, 1);
        scene.end(3, &done());
        scene.end(4, &done());
        assert!(scene.advance(at(7)).is_empty());
        assert_eq!(scene.state().state, UpgradeStanding::Ended);
        let tally = store.read(|conn| tally(conn, &Reach::of_company(&scene.company), &scene.upgrade)).unwrap();
        assert_eq!((tally.devices, tally.done, tally.failed), (5, 3, 2));
    });
}

#[test]
fn a_device_that_is_worse_off_counts_as_an_error() {
    on_both(|store| {
        let scene = Scene::new(store, 2, stages(1, 1));
        assert_eq!(scene.advance(at(1)).len(), 1);
        let after = HealthMark {
            health: DeviceHealth::Faulty,
            exceptions: vec![ExceptionKey::of_device(ExceptionKind::NoDisk)],
        };
        scene.end(0, &Finished { health_after: Some(after.clone()), got_worse: true, ..done() });
        scene.advance(at(2));
        assert_eq!(scene.state().state, UpgradeStanding::Stopped);
        let told = scene.device(0);
        assert_eq!((told.state, told.got_worse, told.health_after), (UpgradeState::Done, true, Some(after)));
    });
}

#[test]
fn only_what_failed_is_tried_again_and_a_second_upgrade_of_a_device_is_refused() {
    on_both(|store| {
        let scene = Scene::new(store, 2, stages(2, 5));
        scene.advance(at(1));
        let second = new_upgrade(&scene.company, &scene.devices[..1], stages(1, 1));
        let refused = store.write(|conn| create(conn, &second, at(1)));
        assert!(matches!(refused, Err(StoreError::Duplicate { what: "upgrade" })), "{refused:?}");
        scene.end(0, &done());
        scene.end(1, &Finished::failed("device_unreachable"));
        scene.advance(at(2));
        assert_eq!(scene.state().state, UpgradeStanding::Ended);
        store.write(|conn| retry(conn, &scene.company, &scene.upgrade, at(7200), at(3))).unwrap();
        assert_eq!(scene.advance(at(4)), scene.devices[1..]);
        assert_eq!(scene.device(0).state, UpgradeState::Done);
        scene.end(1, &done());
        scene.advance(at(5));
        let again = store.write(|conn| retry(conn, &scene.company, &scene.upgrade, at(7200), at(6)));
        assert!(matches!(again, Err(StoreError::Stale)));
    });
}

#[test]
fn a_cancelled_upgrade_leaves_alone_what_it_has_not_begun() {
    on_both(|store| {
        let scene = Scene::new(store, 3, stages(1, 1));
        scene.advance(at(1));
        store.write(|conn| begin(conn, scene.key(0), at(1))).unwrap().unwrap();
        assert!(store.write(|conn| begin_sending(conn, scene.key(0), at(2))).unwrap());
        store.write(|conn| cancel(conn, &scene.company, &scene.upgrade, at(3))).unwrap();
        assert_eq!(scene.device(1).reason_code.as_deref(), Some("upgrade_cancelled"));
        assert_eq!(scene.device(0).state, UpgradeState::Sending, "what is under way comes to its end");
        scene.end(0, &done());
        assert_eq!(scene.state().state, UpgradeStanding::Cancelled);
        let again = store.write(|conn| cancel(conn, &scene.company, &scene.upgrade, at(4)));
        assert!(matches!(again, Err(StoreError::Stale)));
    });
}

#[test]
fn what_was_begun_is_known_to_whoever_goes_on() {
    on_both(|store| {
        let scene = Scene::new(store, 1, stages(1, 1));
        let work = store.write(|conn| begin(conn, scene.key(0), at(1))).unwrap().unwrap();
        assert_eq!((work.state, work.sends, work.sent_at), (UpgradeState::Preparing, 0, None));
        store
            .write(|conn| {
                begin_sending(conn, scene.key(0), at(2))?;
                note_progress(conn, scene.key(0), UpgradeState::Sending, 55, at(3))
            })
            .unwrap();
        let work = store.write(|conn| begin(conn, scene.key(0), at(4))).unwrap().unwrap();
        assert_eq!((work.state, work.sends, work.sent_at), (UpgradeState::Sending, 1, None));
        store
            .write(|conn| {
                note_sent(conn, scene.key(0), at(5))?;
                note_silent(conn, scene.key(0), at(6))?;
                note_silent(conn, scene.key(0), at(9))
            })
            .unwrap();
        let work = store.write(|conn| begin(conn, scene.key(0), at(10))).unwrap().unwrap();
        assert_eq!((work.sent_at, work.silent_since), (Some(at(5)), Some(at(6))));
        scene.end(0, &done());
        assert!(store.write(|conn| begin(conn, scene.key(0), at(11))).unwrap().is_none());
        let late = store.write(|conn| note_silent(conn, scene.key(0), at(12)));
        assert!(matches!(late, Err(StoreError::Stale)));
    });
}

#[test]
fn that_a_device_goes_on_being_waited_for_is_not_told_again() {
    on_both(|store| {
        let scene = Scene::new(store, 1, stages(1, 5));
        let told = || {
            let events = store.read(|conn| events::after(conn, None, 0, 100)).unwrap();
            events.iter().filter(|event| event.kind == EventKind::UpgradeChanged && event.device_id.is_some()).count()
        };
        let wait = |second: i64| {
            store
                .write(|conn| {
                    begin(conn, scene.key(0), at(second))?;
                    let code = Some("device_unreachable");
                    put_off(conn, scene.key(0), UpgradeState::WaitingOnline, code, at(second + 60), at(second))
                })
                .unwrap();
        };
        scene.advance(at(1));
        wait(2);
        let once = told();
        for second in [62, 122, 182] {
            wait(second);
        }
        assert_eq!(told(), once);
        store
            .write(|conn| begin(conn, scene.key(0), at(300)).and_then(|_| begin_sending(conn, scene.key(0), at(300))))
            .unwrap();
        assert_eq!((told(), scene.device(0).reason_code), (once + 1, None));
    });
}

#[test]
fn a_device_waits_for_its_window_and_one_that_stays_offline_is_given_up() {
    on_both(|store| {
        let scene = Scene::new(store, 1, stages(1, 5));
        // Warsaw is an hour ahead; 1_800_000_000 is 09:00 there.
        let closed = "UPDATE upgrades SET window_from = 0, window_until = 60";
        let open = "UPDATE upgrades SET window_from = 480, window_until = 600";
        let run = |sql: &'static str| store.write(|conn| Select::new(sql).execute(conn)).unwrap();
        run(closed);
        assert!(scene.advance(at(1)).is_empty());
        run(open);
        assert_eq!(scene.advance(at(2)).len(), 1);
        store
            .write(|conn| {
                begin(conn, scene.key(0), at(3))?;
                let code = Some("device_unreachable");
                put_off(conn, scene.key(0), UpgradeState::WaitingOnline, code, at(60), at(3))
            })
            .unwrap();
        assert!(scene.advance(at(59)).is_empty());
        assert_eq!(scene.advance(at(61)).len(), 1);
        let told = scene.device(0);
        assert_eq!(
            (told.state, told.reason_code.as_deref()),
            (UpgradeState::WaitingOnline, Some("device_unreachable"))
        );
        scene.advance(at(3600) + Duration::minutes(2));
        assert_eq!(scene.device(0).reason_code.as_deref(), Some("device_offline"));
    });
}

#[test]
fn an_upgrade_is_listed_for_those_who_reach_one_of_its_devices() {
    on_both(|store| {
        let scene = Scene::new(store, 3, stages(1, 1));
        let everything = Reach::of_company(&scene.company);
        let nobody = Reach::of_manager(&scene.company, &StaffId::generate(at(0)), at(0));
        let listed = |reach: &Reach| store.read(|conn| list(conn, reach, None, 20)).unwrap().items;
        assert_eq!(listed(&everything)[0].1.devices, 3);
        assert!(listed(&nobody).is_empty());
        let page = |cursor: Option<String>| {
            let filter = DeviceFilter::default();
            store.read(|conn| list_devices(conn, &everything, &scene.upgrade, filter, cursor.as_deref(), 2)).unwrap()
        };
        let first = page(None);
        let rest = page(first.next_cursor.clone());
        let seen: Vec<_> = first.items.iter().chain(&rest.items).map(|one| one.device_id.clone()).collect();
        assert_eq!(seen, scene.devices);
        let object = crate::reach::Object::Upgrade(scene.upgrade.clone());
        assert!(store.read(|conn| everything.holds(conn, &object)).unwrap());
        assert!(!store.read(|conn| nobody.holds(conn, &object)).unwrap());
    });
}

#[test]
fn the_first_versions_and_sites_of_an_upgrade_are_named_and_all_are_counted() {
    on_both(|store| {
        let scene = Scene::new(store, 4, stages(1, 1));
        for (place, name) in ["Quay", "Harbour"].into_iter().enumerate() {
            let to = site(store, &scene.company, name);
            let set = |conn: &mut DbConn| {
                let update = Select::new("UPDATE devices SET site_id = ").text(to.as_str()).sql(" WHERE id = ");
                update.text(scene.devices[place].as_str()).execute(conn)?;
                let update = Select::new("UPDATE upgrade_devices SET to_version = 'V5.8.0' WHERE device_id = ");
                update.text(scene.devices[place].as_str()).execute(conn)
            };
            store.write(set).unwrap();
        }
        let everything = Reach::of_company(&scene.company);
        let told = |reach: &Reach| store.read(|conn| contents(conn, reach, &[scene.upgrade.as_str()])).unwrap();
        let named = |first: &[&str], all| Named { first: first.iter().map(|&one| one.to_owned()).collect(), all };
        let all = Contents { versions: named(&["V5.7.15", "V5.8.0"], 2), sites: named(&["Harbour", "Quay"], 3) };
        assert_eq!(told(&everything), [all], "two devices are on one site, which is named once");
        let nobody = Reach::of_manager(&scene.company, &StaffId::generate(at(0)), at(0));
        assert_eq!(told(&nobody), [Contents::default()], "what is out of reach is not named");
        assert_eq!(store.read(|conn| contents(conn, &everything, &[])).unwrap(), []);
    });
}
