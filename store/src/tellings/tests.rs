use siteward_domain::ExceptionId;
use siteward_domain::exception::{ExceptionKey, ExceptionKind};
use siteward_domain::incident::Settling;
use siteward_domain::maintenance::{Repeats, Window};
use siteward_domain::{MaintenanceWindowId, SiteId};

use super::*;
use crate::incidents::{self, IncidentFilter};
use crate::maintenance::{self, NewWindow};
use crate::polling::{OpenedRow, RoundWrite, write_round};
use crate::reach::Reach;
use crate::testing::{at, company, device, member, on_both, site};
use crate::{Store, StoreError, events};

struct Scene {
    company: CompanyId,
    site: SiteId,
    camera: DeviceId,
    incident: IncidentId,
}

/// A camera that does not answer since 0, an incident since 1.
fn scene(store: &Store) -> Scene {
    let company = company(store);
    let villa = site(store, &company, "Villa");
    let camera = device(store, &company, &villa, "10.0.0.1", 1);
    open(store, &camera, ExceptionKind::DeviceOffline, 0);
    let reach = Reach::of_company(&company);
    let found = store.read(|conn| incidents::list(conn, &reach, &IncidentFilter::default(), None, 1)).unwrap();
    let incident = found.items[0].id.clone();
    store.write(|conn| begin(conn, &incident, &villa, at(1), at(1))).unwrap();
    Scene { company, site: villa, camera, incident }
}

fn open(store: &Store, device: &DeviceId, kind: ExceptionKind, seconds: i64) {
    let id = ExceptionId::generate(at(seconds));
    let key = ExceptionKey::of_device(kind);
    let opened = vec![OpenedRow { id, device_id: device.clone(), key, at: at(seconds) }];
    let settling = Settling { after: chrono::Duration::zero(), longest: chrono::Duration::zero() };
    store
        .write(|conn| {
            write_round(conn, &RoundWrite { opened: opened.clone(), ..RoundWrite::default() })?;
            incidents::sort(conn, settling, true, at(seconds + 1))
        })
        .unwrap();
}

fn take(store: &Store, seconds: i64) -> Vec<(Told, DateTime<Utc>)> {
    let due = store.write(|conn| take_due(conn, at(seconds), 10)).unwrap();
    due.into_iter().map(|due| (due.what, due.since)).collect()
}

#[test]
fn an_incident_is_due_until_it_is_said_when_to_look_next() {
    on_both(|store| {
        let scene = scene(store);
        assert_eq!(take(store, 1), [(Told::IncidentOpened, at(1))]);
        assert_eq!(take(store, 1), [(Told::IncidentOpened, at(1))], "nothing was said yet");
        store.write(|conn| set_due(conn, &scene.incident, Some(at(50)))).unwrap();
        assert_eq!(take(store, 49), []);
        assert!(!store.read(|conn| is_due(conn, at(49))).unwrap() && store.read(|conn| is_due(conn, at(50))).unwrap());
        store.write(|conn| set_due(conn, &scene.incident, None)).unwrap();
        assert_eq!(take(store, 1_000_000), []);
        store.write(|conn| touch_site(conn, &scene.site, at(60))).unwrap();
        assert_eq!(take(store, 60), [(Told::IncidentOpened, at(1))], "something changed");
        store.write(|conn| begin(conn, &scene.incident, &scene.site, at(70), at(70))).unwrap();
        assert_eq!(take(store, 70), [(Told::IncidentOpened, at(1))], "it begins once");
        store.write(|conn| turn_to_end(conn, &scene.incident, &scene.site, at(80))).unwrap();
        assert_eq!(take(store, 80), [(Told::IncidentClosed, at(1))]);
        store.write(|conn| end(conn, &scene.incident)).unwrap();
        assert_eq!(take(store, 1_000_000), []);
    });
}

#[test]
fn the_end_of_what_began_before_there_were_rules_is_told_too() {
    on_both(|store| {
        let scene = scene(store);
        store.write(|conn| end(conn, &scene.incident)).unwrap();
        store.write(|conn| turn_to_end(conn, &scene.incident, &scene.site, at(80))).unwrap();
        assert_eq!(take(store, 80), [(Told::IncidentClosed, at(80))]);
    });
}

#[test]
fn what_joins_an_incident_makes_it_due() {
    on_both(|store| {
        let scene = scene(store);
        store.write(|conn| set_due(conn, &scene.incident, None)).unwrap();
        let other = "UPDATE exceptions SET incident_id = NULL";
        store.write(|conn| crate::select::Select::new(other).execute(conn)).unwrap();
        let settling = Settling { after: chrono::Duration::zero(), longest: chrono::Duration::zero() };
        store.write(|conn| incidents::sort(conn, settling, true, at(20))).unwrap();
        let closed = store.read(|conn| incidents::find(conn, &scene.company, &scene.incident)).unwrap().closed_at;
        if closed.is_none() {
            assert_eq!(take(store, 20), [(Told::IncidentOpened, at(1))]);
        }
    });
}

#[test]
fn a_cause_in_maintenance_keeps_everything_behind_it_quiet() {
    on_both(|store| {
        let scene = scene(store);
        let anna = member(store, &scene.company, "anna@example.com");
        let faults = |seconds| {
            store
                .read(|conn| {
                    let zone = siteward_domain::schedule::zone_named("Europe/Warsaw");
                    let quiet = maintenance::quiet(conn, &scene.company, &scene.site, zone, at(seconds))?;
                    let incident = incidents::find(conn, &scene.company, &scene.incident)?;
                    super::faults(conn, &incident, &quiet)
                })
                .unwrap()
        };
        let before = faults(10);
        assert_eq!(before.len(), 1);
        assert_eq!((before[0].since, before[0].quiet_until), (at(0), None));
        let new = NewWindow {
            id: MaintenanceWindowId::generate(at(5)),
            company_id: scene.company.clone(),
            site_id: scene.site.clone(),
            device_id: Some(scene.camera.clone()),
            window: Window { starts_at: at(5), ends_at: at(500), repeats: Repeats::Once, ended_at: None },
            note: String::new(),
            created_by: anna,
        };
        store.write(|conn| maintenance::create_window(conn, &new, at(5))).unwrap();
        assert_eq!(faults(10)[0].quiet_until, Some(at(500)));
        assert_eq!(faults(500)[0].quiet_until, None);
    });
}

#[test]
fn rules_and_webhooks_tell_an_incident_once() {
    on_both(|store| {
        let scene = scene(store);
        let rules = store.read(|conn| crate::exception_rules::list_rules(conn, &scene.company, &scene.site)).unwrap();
        for _ in 0..2 {
            store.write(|conn| note_fired(conn, &scene.incident, &rules[0].id, at(3))).unwrap();
        }
        assert_eq!(store.read(|conn| fired(conn, &scene.incident)).unwrap().len(), 1);
    });
}

#[test]
fn of_several_workers_one_takes_what_is_due_and_what_is_broken_off_stays_due() {
    on_both(|store| {
        let scene = scene(store);
        let broken: Result<(), StoreError> = store.write(|conn| {
            take_due(conn, at(1), 10)?;
            set_due(conn, &scene.incident, None)?;
            Err(StoreError::Stale)
        });
        assert!(broken.is_err(), "the worker died before the commit");
        let taken: usize = std::thread::scope(|threads| {
            let work = || {
                store.write(|conn| {
                    events::reader_position(conn, "mail")?;
                    let due = take_due(conn, at(1), 10)?;
                    due.iter().try_for_each(|due| set_due(conn, &due.incident_id, None))?;
                    Ok(due.len())
                })
            };
            let workers: Vec<_> = (0..4).map(|_| threads.spawn(work)).collect();
            workers.into_iter().map(|worker| worker.join().unwrap().unwrap()).sum()
        });
        assert_eq!(taken, 1);
    });
}
