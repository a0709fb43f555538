use siteward_domain::exception::ExceptionKind;
use siteward_domain::health::DeviceHealth;
use siteward_domain::uptime::hour_of;
use siteward_domain::{DeviceId, StaffId};
use siteward_simulator::{Change, Profile, Simulator};
use siteward_store::history::hours;
use siteward_store::monitoring::{Switch, switch};
use siteward_worker::WorkerHandle;
use siteward_worker::clock::Clock as _;

use crate::kit::{Place, simulate, start};

fn switch_to(place: &Place, worker: &WorkerHandle, on: bool, device: &DeviceId) {
    let to = Switch { company_id: place.company.clone(), on, by: StaffId::generate(start()), by_name: "Anna".into() };
    place.store.write(|conn| switch(conn, &to, std::slice::from_ref(device), place.clock.now())).unwrap();
    worker.wake();
}

/// Connections that device 0 took and requests that it read.
fn heard(simulator: &Simulator) -> (u64, u64) {
    let counters = simulator.view(0).unwrap().counters;
    (counters.connections, counters.requests)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_switched_off_gets_no_request_and_no_connection_until_it_is_on_again() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Nvr).await);
    let handle = &simulator.devices()[0];
    let id = place.add(handle, &handle.password);
    let worker = place.worker();
    place.pass(&worker, 300).await;
    assert_eq!(place.health(&id), DeviceHealth::Healthy);
    switch_to(&place, &worker, false, &id);
    place.pass(&worker, 60).await;
    let before = heard(&simulator);
    place.pass(&worker, 3 * 3_600).await;
    assert_eq!(heard(&simulator), before);
    assert_eq!(place.health(&id), DeviceHealth::Unknown);
    worker.stop().await;
    let worker = place.worker();
    place.pass(&worker, 600).await;
    assert_eq!(heard(&simulator), before, "the next worker leaves it alone too");
    switch_to(&place, &worker, true, &id);
    place.pass(&worker, 10).await;
    assert!(heard(&simulator).1 > before.1, "it is looked at at once");
    assert_eq!(place.health(&id), DeviceHealth::Healthy);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_off_the_network_is_not_counted_as_down_while_nobody_watches() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Camera).await);
    let handle = &simulator.devices()[0];
    let id = place.add(handle, &handle.password);
    let worker = place.worker();
    place.pass(&worker, 120).await;
    simulator.set(0, Change { power: Some(false), ..Change::default() }).await.unwrap();
    place.pass(&worker, 300).await;
    assert!(matches!(place.exceptions(&id).as_slice(), [(ExceptionKind::DeviceOffline, _, None)]));
    switch_to(&place, &worker, false, &id);
    place.pass(&worker, 60).await;
    let closed = place.exceptions(&id);
    assert!(matches!(closed.as_slice(), [(ExceptionKind::DeviceOffline, _, Some(_))]), "{closed:?}");
    let down = |place: &Place| -> u32 {
        let this_hour = hour_of(place.clock.now());
        let hours = place.store.read(|conn| hours(conn, &id, this_hour - 24, this_hour)).unwrap();
        hours.iter().map(|hour| hour.down_seconds).sum()
    };
    let before = down(&place);
    place.pass(&worker, 2 * 3_600).await;
    assert_eq!(down(&place), before);
    assert_eq!(place.exceptions(&id).len(), 1, "nothing new opens");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recorder_that_is_too_old_is_only_asked_for_its_firmware_and_comes_back_after_an_upgrade() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Nvr).await);
    let handle = &simulator.devices()[0];
    let firmware = |text: &str| Change { firmware: Some(text.into()), ..Change::default() };
    let id = place.add(handle, &handle.password);
    let worker = place.worker();
    place.pass(&worker, 120).await;
    assert_eq!(place.health(&id), DeviceHealth::Healthy);
    simulator.set(0, firmware("V3.4.98 build 180104")).await.unwrap();
    place.pass(&worker, 2 * 3_600).await;
    assert_eq!(place.health(&id), DeviceHealth::Unknown);
    assert!(place.device(&id).unwatched.is_some());
    let before = heard(&simulator).1;
    place.pass(&worker, 4 * 3_600).await;
    let asked = heard(&simulator).1 - before;
    assert!((4..=16).contains(&asked), "its firmware once an hour and nothing else: {asked} requests in four hours");
    simulator.set(0, firmware("V4.30.085 build 220819")).await.unwrap();
    place.pass(&worker, 3_700).await;
    assert_eq!(place.device(&id).unwatched, None);
    assert_eq!(place.health(&id), DeviceHealth::Healthy);
    worker.stop().await;
}
