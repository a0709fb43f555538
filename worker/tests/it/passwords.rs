use std::time::{Duration as StdDuration, Instant};

use chrono::Duration;
use secrecy::{ExposeSecret as _, SecretString};
use siteward_devices::{AddressPolicy, DeviceClient, Limits, Login, Target, operations};
use siteward_domain::DeviceId;
use siteward_domain::device::{DeviceAddress, Scheme};
use siteward_domain::health::DeviceHealth;
use siteward_domain::password_change::PasswordChangeState;
use siteward_simulator::{Change, DeviceHandle, Profile, Simulator};
use siteward_store::password_changes::{self, PasswordChange};
use siteward_store::{devices, jobs};
use siteward_worker::WorkerHandle;
use siteward_worker::jobs::change_password;

use crate::kit::{Place, simulate, start};

const NEW: &str = "Blue-Lamp-42";

fn request(place: &Place, device: &DeviceId) {
    let new_place = password_changes::new_password_place(&place.company, device);
    let sealed = place.store.vault().seal(new_place, &SecretString::from(NEW)).unwrap();
    place
        .store
        .write(|conn| {
            password_changes::request(conn, &place.company, device, &sealed, start())?;
            jobs::enqueue(conn, &change_password::new_job(device, start()), start())
        })
        .unwrap();
}

fn change(place: &Place, device: &DeviceId) -> PasswordChange {
    place.store.read(|conn| password_changes::find(conn, &place.company, device)).unwrap().unwrap()
}

async fn ended(place: &Place, worker: &WorkerHandle, device: &DeviceId) -> PasswordChange {
    worker.wake();
    let end = Instant::now() + StdDuration::from_secs(30);
    loop {
        let change = change(place, device);
        if matches!(change.state, PasswordChangeState::Done | PasswordChangeState::Failed) {
            return change;
        }
        assert!(Instant::now() < end, "{change:?}");
        tokio::time::sleep(StdDuration::from_millis(20)).await;
    }
}

fn stored_password(place: &Place, id: &DeviceId) -> String {
    let credential = place.store.read(|conn| devices::get_credential(conn, &place.company, id)).unwrap();
    let opened = devices::open_password(&place.store, &place.company, id, &credential.sealed_password).unwrap();
    opened.expose_secret().to_owned()
}

fn refused(simulator: &Simulator) -> u64 {
    simulator.view(0).unwrap().counters.logins_refused
}

/// As far as a worker comes that dies before it commits: the change is claimed, and, `on_device`, made.
async fn die_in_between(place: &Place, id: &DeviceId, handle: &DeviceHandle, on_device: bool) {
    let claimed = place.store.write(|conn| password_changes::claim(conn, id, start())).unwrap();
    assert!(claimed.is_some_and(|claimed| !claimed.tried_before));
    if on_device {
        let login = Login { user_name: handle.user.clone(), password: SecretString::from(handle.password.as_str()) };
        let address = DeviceAddress { scheme: Scheme::Http, host: handle.address.to_string(), port: handle.port };
        let policy = AddressPolicy { allow_loopback: true, allow_private: true };
        let mut client = DeviceClient::new(Target { address, login, pin: None }, Limits::default(), policy);
        operations::change_password(&mut client, &handle.user, &SecretString::from(NEW)).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_gets_its_new_password_and_is_polled_with_it() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Nvr).await);
    let handle = &simulator.devices()[0];
    let id = place.add(handle, &handle.password);
    request(&place, &id);
    let worker = place.worker();
    assert_eq!(ended(&place, &worker, &id).await.state, PasswordChangeState::Done);
    assert_eq!(stored_password(&place, &id), NEW);
    assert_eq!(simulator.view(0).unwrap().password, NEW);
    place.pass(&worker, 120).await;
    assert_eq!(place.health(&id), DeviceHealth::Healthy);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_was_killed_before_the_commit_ends_right_with_no_more_than_one_refused_login_each() {
    for on_device in [true, false] {
        let (place, simulator) = (Place::new(), simulate(1, Profile::Nvr).await);
        let handle = &simulator.devices()[0];
        let id = place.add(handle, &handle.password);
        request(&place, &id);
        die_in_between(&place, &id, handle, on_device).await;
        let before = refused(&simulator);
        let worker = place.worker();
        assert_eq!(ended(&place, &worker, &id).await.state, PasswordChangeState::Done, "{on_device}");
        place.pass(&worker, 120).await;
        // The old one by the poller, if it asked before the commit; the new one by the job, if the device had the old.
        let most = if on_device { 1 } else { 2 };
        assert!(refused(&simulator) - before <= most, "{on_device}: {}", refused(&simulator) - before);
        assert!(place.exceptions(&id).iter().all(|(_, _, seconds)| seconds.is_some()), "nothing stands open");
        assert_eq!((stored_password(&place, &id).as_str(), place.health(&id)), (NEW, DeviceHealth::Healthy));
        worker.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_was_refused_fails_the_change_once_and_keeps_the_old_password() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Nvr).await);
    let handle = &simulator.devices()[0];
    let id = place.add(handle, "Wrong-one-1");
    request(&place, &id);
    let worker = place.worker();
    let failed = ended(&place, &worker, &id).await;
    assert_eq!(failed.state, PasswordChangeState::Failed);
    assert_eq!(failed.reason_code.as_deref(), Some("device_login_refused"));
    place.pass(&worker, 300).await;
    assert!(refused(&simulator) <= 2, "one by the job, and one by the poller if it was first");
    assert_eq!(stored_password(&place, &id), "Wrong-one-1");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_off_gets_its_new_password_when_it_is_back() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Nvr).await);
    let handle = &simulator.devices()[0];
    let id = place.add(handle, &handle.password);
    simulator.set(0, Change { power: Some(false), ..Change::default() }).await.unwrap();
    request(&place, &id);
    let worker = place.worker();
    let end = Instant::now() + StdDuration::from_secs(30);
    while worker.status().jobs.failed == 0 {
        assert!(Instant::now() < end);
        tokio::time::sleep(StdDuration::from_millis(20)).await;
    }
    // Nothing was asked of it: the next try begins with the old password, and costs no refused login.
    let waiting = change(&place, &id);
    assert_eq!((waiting.state, waiting.updated_at), (PasswordChangeState::Running, waiting.requested_at));
    simulator.set(0, Change { power: Some(true), ..Change::default() }).await.unwrap();
    place.clock.advance(Duration::seconds(10));
    assert_eq!(ended(&place, &worker, &id).await.state, PasswordChangeState::Done);
    assert_eq!(stored_password(&place, &id), NEW);
    worker.stop().await;
}
