use std::time::{Duration as StdDuration, Instant};

use secrecy::SecretString;
use siteward_domain::health::DeviceHealth;
use siteward_domain::import::{ImportKind, ImportState, RowState, WAIT_SECONDS};
use siteward_domain::{ImportId, StaffId};
use siteward_simulator::{Change, DeviceHandle, Profile};
use siteward_store::devices::{DeviceFilter, list_devices};
use siteward_store::facts;
use siteward_store::imports::{self, Import, NewContent, NewImport, NewRow};
use siteward_store::reach::Reach;
use siteward_worker::jobs::import_devices;
use siteward_worker::{Worker, WorkerHandle};

use crate::kit::{Place, simulate, start};

/// Stores a scanned import of these devices with these passwords.
fn scan(place: &Place, devices: &[(&DeviceHandle, &str)]) -> ImportId {
    let id = ImportId::generate(start());
    let row = |(index, (device, password)): (u32, &(&DeviceHandle, &str))| {
        let key = imports::row_key(&id, index);
        let sealed =
            place.store.vault().seal(imports::password_place(&place.company, &key), &SecretString::from(*password));
        NewRow {
            index,
            name: device.name.clone(),
            host: device.address.to_string(),
            port: device.port,
            user_name: device.user.clone(),
            sealed_password: Some(sealed.unwrap()),
            state: RowState::New,
            reason: None,
            other_site_id: None,
            serial: None,
            sealed_code: None,
        }
    };
    let new = NewImport {
        company_id: place.company.clone(),
        site_id: place.site.clone(),
        staff_id: StaffId::generate(start()),
        kind: ImportKind::VendorExport,
        qr_created_at: None,
        content: NewContent::Rows((0..).zip(devices).map(row).collect()),
        created_at: start(),
        expires_at: start() + chrono::Duration::seconds(WAIT_SECONDS),
        id: id.clone(),
    };
    place.store.write(|conn| imports::create_import(conn, &new)).unwrap();
    id
}

fn confirm(place: &Place, id: &ImportId, rows: u32) {
    let job = import_devices::new_job(id, start());
    let all: Vec<u32> = (0..rows).collect();
    place.store.write(|conn| imports::confirm(conn, &place.company, id, &all, &job, start())).unwrap();
}

fn read(place: &Place, id: &ImportId) -> Import {
    place.store.read(|conn| imports::get_import(conn, &place.company, id, start())).unwrap()
}

async fn done(place: &Place, worker: &WorkerHandle, id: &ImportId) -> Import {
    worker.wake();
    let end = Instant::now() + StdDuration::from_secs(60);
    while Instant::now() < end {
        let import = read(place, id);
        if import.state == ImportState::Done {
            return import;
        }
        tokio::time::sleep(StdDuration::from_millis(20)).await;
    }
    panic!("not done within a minute: {:?}", read(place, id));
}

#[tokio::test(flavor = "multi_thread")]
async fn ticked_devices_are_added_with_facts_and_health_and_bad_ones_say_why() {
    let (place, simulator) = (Place::new(), simulate(4, Profile::Dvr).await);
    let devices = simulator.devices();
    simulator.set(1, Change { power: Some(false), ..Change::default() }).await.unwrap();
    simulator.set(3, Change { video_loss: Some([1].into()), ..Change::default() }).await.unwrap();
    let id = scan(
        &place,
        &[
            (&devices[0], &devices[0].password),
            (&devices[1], &devices[1].password),
            (&devices[2], "wrong-1"),
            (&devices[3], &devices[3].password),
        ],
    );
    confirm(&place, &id, 4);
    let worker = place.worker();
    let import = done(&place, &worker, &id).await;
    let states: Vec<RowState> = import.rows.iter().map(|row| row.state).collect();
    assert_eq!(states, [RowState::Added, RowState::Failed, RowState::Failed, RowState::Added]);
    let code = |row: usize| import.rows[row].reason.as_ref().unwrap().code.clone();
    assert_eq!((code(1).as_str(), code(2).as_str()), ("device_unreachable", "device_login_refused"));
    assert_eq!(simulator.view(2).unwrap().counters.logins_refused, 1);
    let (good, faulty) = (import.rows[0].device_id.clone().unwrap(), import.rows[3].device_id.clone().unwrap());
    assert_eq!((place.health(&good), place.health(&faulty)), (DeviceHealth::Healthy, DeviceHealth::Faulty));
    assert_eq!(place.device(&good).model, devices[0].model);
    assert!(place.store.read(|conn| facts::list_facts(conn, &good)).unwrap().len() >= 6);
    assert_eq!(place.exceptions(&faulty).len(), 1);
    // The sealed password was sealed anew for the device: it is polled with it.
    place.pass(&worker, 120).await;
    assert_eq!((place.health(&good), place.health(&faulty)), (DeviceHealth::Healthy, DeviceHealth::Faulty));
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_goes_on_after_kills_and_loses_and_doubles_nothing() {
    let (place, simulator) = (Place::new(), simulate(60, Profile::Camera).await);
    let wrong = 7;
    let passwords: Vec<(&DeviceHandle, &str)> = simulator
        .devices()
        .iter()
        .map(|device| (device, if device.index == wrong { "wrong-1" } else { device.password.as_str() }))
        .collect();
    let id = scan(&place, &passwords);
    confirm(&place, &id, 60);
    let mut kills = 0;
    for patience in [5, 20, 35, 50, 80] {
        // A runtime that is shut down takes everything in the air with it, as a kill would.
        let doomed = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let worker = {
            let _inside = doomed.enter();
            place.worker()
        };
        worker.wake();
        tokio::time::sleep(StdDuration::from_millis(patience)).await;
        doomed.shutdown_background();
        kills += 1;
        // Beyond the lease of the job.
        place.clock.advance(chrono::Duration::seconds(11));
    }
    let worker = place.worker();
    let import = done(&place, &worker, &id).await;
    let added = import.rows.iter().filter(|row| row.state == RowState::Added).count();
    assert_eq!(added, 59, "{:?}", import.rows.iter().filter(|row| row.state != RowState::Added).collect::<Vec<_>>());
    let page = |cursor: Option<&str>| {
        let (filter, now) = (DeviceFilter::default(), start());
        let period = chrono::Duration::seconds(60);
        place
            .store
            .read(|conn| list_devices(conn, &Reach::of_company(&place.company), &filter, now, period, cursor, 100))
            .unwrap()
    };
    assert_eq!(page(None).items.len(), 59);
    let refused = simulator.view(wrong).unwrap().counters.logins_refused;
    assert!((1..=1 + kills).contains(&refused), "{refused} refused logins after {kills} kills");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_that_nobody_confirms_expire() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Camera).await);
    let device = &simulator.devices()[0];
    let id = scan(&place, &[(device, &device.password)]);
    place.clock.advance(chrono::Duration::seconds(WAIT_SECONDS + 1));
    let worker = Worker::start(
        place.store.clone(),
        &Place::settings(),
        std::sync::Arc::<siteward_worker::clock::SteppedClock>::clone(&place.clock),
        place.hub(),
    );
    let end = Instant::now() + StdDuration::from_secs(20);
    while worker.status().reconcilers[0].changed == 0 && Instant::now() < end {
        tokio::time::sleep(StdDuration::from_millis(20)).await;
    }
    assert_eq!(read(&place, &id).state, ImportState::Expired);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_is_forgotten() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Camera).await);
    let device = &simulator.devices()[0];
    let id = scan(&place, &[(device, &device.password)]);
    place
        .store
        .write(|conn| {
            siteward_store::sign_in::record_failure(conn, "somebody", "192.0.2.1", start())?;
            siteward_store::polling::note_worker(conn, "dead", start())?;
            siteward_store::imports::expire_imports(conn, start() + chrono::Duration::hours(1))
        })
        .unwrap();
    place.clock.advance(chrono::Duration::days(8));
    let worker = place.worker();
    let forgot = |name: &str| worker.status().reconcilers.iter().any(|one| one.name == name && one.changed > 0);
    let all = || ["prune_sign_in", "prune_workers", "prune_imports"].into_iter().all(forgot);
    let end = Instant::now() + StdDuration::from_secs(20);
    while !all() && Instant::now() < end {
        tokio::time::sleep(StdDuration::from_millis(20)).await;
    }
    assert!(all(), "{:?}", worker.status().reconcilers);
    let gone = place.store.read(|conn| siteward_store::imports::get_import(conn, &place.company, &id, start()));
    assert!(matches!(gone, Err(siteward_store::StoreError::NotFound)));
    worker.stop().await;
}
