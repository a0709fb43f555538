use std::time::{Duration as StdDuration, Instant};

use chrono::Duration;
use siteward_domain::event::EventKind;
use siteward_domain::exception::ExceptionKind;
use siteward_domain::health::{DeviceHealth, Topic};
use siteward_domain::uptime::hour_of;
use siteward_simulator::{Change, Disk, Hostile, Profile};
use siteward_store::devices::{DeviceChange, request_check, update_device};
use siteward_store::events;
use siteward_store::{facts, history};

use crate::kit::{Place, simulate, start, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_looked_at_soon_after_it_was_added_and_its_facts_are_kept() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Nvr).await);
    let handle = &simulator.devices()[0];
    let worker = place.worker();
    worker.engine().settle().await;
    let id = place.add(handle, &handle.password);
    place.pass(&worker, 1).await;
    let device = place.device(&id);
    assert_eq!(device.health, DeviceHealth::Healthy);
    assert_eq!((device.model.as_str(), device.serial.unwrap().as_str()), (handle.model, handle.serial.as_str()));
    let known = place.store.read(|conn| facts::list_facts(conn, &id)).unwrap();
    let topics: Vec<Topic> = known.iter().map(|fact| fact.topic).collect();
    for topic in [Topic::Reachability, Topic::Identity, Topic::Status, Topic::Channels, Topic::Disks, Topic::Clock] {
        assert!(topics.contains(&topic), "{topic:?} in {topics:?}");
    }
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_open_one_exception_each_and_close_it_with_its_duration() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Dvr).await);
    let handle = &simulator.devices()[0];
    let id = place.add(handle, &handle.password);
    let worker = place.worker();
    place.pass(&worker, 120).await;
    assert_eq!(place.health(&id), DeviceHealth::Healthy);
    let fault = Change { video_loss: Some([2].into()), disk: Some(Disk::Error), ..Change::default() };
    simulator.set(0, fault).await.unwrap();
    place.pass(&worker, 400).await;
    assert_eq!(place.health(&id), DeviceHealth::Faulty);
    let open = place.exceptions(&id);
    assert!(open.contains(&(ExceptionKind::VideoLoss, "2".into(), None)), "{open:?}");
    assert!(open.iter().any(|(kind, _, closed)| *kind == ExceptionKind::DiskError && closed.is_none()), "{open:?}");
    let mended = Change { video_loss: Some([].into()), disk: Some(Disk::Ok), ..Change::default() };
    simulator.set(0, mended).await.unwrap();
    place.pass(&worker, 400).await;
    let mut closed = place.exceptions(&id);
    assert_eq!(closed.len(), open.len(), "each opened once: {closed:?}");
    // The recorder's firmware is a known-vulnerable one, and stays so.
    closed.retain(|(kind, ..)| *kind != ExceptionKind::FirmwareVulnerable);
    let loss = closed.iter().find(|(kind, ..)| *kind == ExceptionKind::VideoLoss).unwrap();
    assert!((330..=470).contains(&loss.2.unwrap()), "{loss:?}");
    assert!(closed.iter().all(|(.., closed)| closed.is_some()), "{closed:?}");
    assert_eq!(place.health(&id), DeviceHealth::Healthy);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_without_power_is_offline_then_excepted_and_its_hours_tell_so() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Camera).await);
    let handle = &simulator.devices()[0];
    let id = place.add(handle, &handle.password);
    let worker = place.worker();
    place.pass(&worker, 600).await;
    simulator.set(0, Change { power: Some(false), ..Change::default() }).await.unwrap();
    place.pass(&worker, 600).await;
    assert_eq!(place.health(&id), DeviceHealth::Offline);
    assert_eq!(place.exceptions(&id), vec![(ExceptionKind::DeviceOffline, String::new(), None)]);
    simulator.set(0, Change { power: Some(true), ..Change::default() }).await.unwrap();
    place.pass(&worker, 600).await;
    assert_eq!(place.health(&id), DeviceHealth::Healthy);
    let (kind, _, seconds) = place.exceptions(&id).remove(0);
    assert_eq!(kind, ExceptionKind::DeviceOffline);
    assert!((530..=670).contains(&seconds.unwrap()), "{seconds:?}");
    worker.stop().await;
    let hour = hour_of(start());
    let hours = place.store.read(|conn| history::hours(conn, &id, hour - 1, hour + 1)).unwrap();
    let up: u32 = hours.iter().map(|hour| hour.up_seconds).sum();
    let down: u32 = hours.iter().map(|hour| hour.down_seconds).sum();
    assert!((1000..=1200).contains(&up) && (540..=700).contains(&down), "up {up}, down {down}");
    let transitions = place.store.read(|conn| history::transitions(conn, &id, start(), start() + Duration::days(1)));
    let states: Vec<DeviceHealth> = transitions.unwrap().iter().map(|change| change.to).collect();
    assert_eq!(states, vec![DeviceHealth::Healthy, DeviceHealth::Offline, DeviceHealth::Healthy]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_costs_a_device_one_refused_login_a_credential_over_a_day() {
    let (place, simulator) = (Place::new(), simulate(2, Profile::Camera).await);
    let (wrong, right) = (&simulator.devices()[0], &simulator.devices()[1]);
    let id = place.add(wrong, "not-it-1");
    place.add(right, &right.password);
    let refused = || simulator.view(0).unwrap().counters.logins_refused;
    let worker = place.worker();
    place.pass(&worker, 12 * 3600).await;
    assert_eq!(refused(), 1);
    assert_eq!(place.health(&id), DeviceHealth::LoginFailed);
    let measured_at = place.device(&id).measured_at.unwrap();
    assert!(
        place.device(&id).health.shown(Some(measured_at), start() + Duration::hours(12), Duration::seconds(60))
            == DeviceHealth::LoginFailed,
        "it is still watched, without logging in"
    );
    // Another worker takes over in the middle of the day and does not try it again.
    worker.stop().await;
    let worker = place.worker();
    place.pass(&worker, 6 * 3600).await;
    assert_eq!(refused(), 1);
    let seal = place
        .store
        .vault()
        .seal(siteward_store::devices::password_place(&place.company, &id), &secrecy::SecretString::from("not-it-2"));
    let change = DeviceChange { sealed_password: Some(seal.unwrap()), ..DeviceChange::default() };
    place.store.write(|conn| update_device(conn, &place.company, &id, &change, start())).unwrap();
    place.pass(&worker, 6 * 3600).await;
    assert_eq!(refused(), 2);
    assert_eq!(simulator.view(1).unwrap().counters.logins_refused, 0);
    assert!(simulator.view(1).unwrap().counters.logins_ok > 1000);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_asks_has_the_breaker_closed_for_one_try() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Camera).await);
    let handle = &simulator.devices()[0];
    simulator.set(0, Change { password: Some("changed-1".into()), ..Change::default() }).await.unwrap();
    let id = place.add(handle, &handle.password);
    let worker = place.worker();
    place.pass(&worker, 600).await;
    let refused = || simulator.view(0).unwrap().counters.logins_refused;
    assert_eq!(refused(), 1);
    let ask = |at| place.store.write(|conn| request_check(conn, &place.company, &id, at)).unwrap();
    ask(start() + Duration::seconds(601));
    place.pass(&worker, 600).await;
    assert_eq!(refused(), 2);
    simulator.set(0, Change { password: Some(handle.password.clone()), ..Change::default() }).await.unwrap();
    ask(start() + Duration::seconds(1201));
    worker.engine().settle().await;
    assert_eq!(refused(), 2);
    assert_eq!(place.health(&id), DeviceHealth::Healthy);
    let login = place.exceptions(&id);
    assert_eq!(login.len(), 1, "{login:?}");
    assert!(matches!(login[0], (ExceptionKind::LoginFailed, _, Some(_))), "{login:?}");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_steady_device_makes_no_events() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Nvr).await);
    let handle = &simulator.devices()[0];
    place.add(handle, &handle.password);
    let worker = place.worker();
    let told = |after| place.store.read(|conn| events::after(conn, None, after, 100)).unwrap();
    // Its clock is not the one the test moves, and that is told at first, by a job.
    place.pass(&worker, 900).await;
    until("its clock is told", || told(0).iter().any(|event| event.kind == EventKind::IncidentOpened)).await;
    let before = place.store.read(events::last_seq).unwrap();
    place.pass(&worker, 2 * 3600).await;
    assert_eq!(told(before), vec![]);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_buckets_of_a_dead_worker_are_taken_over_when_its_lease_ends() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Camera).await);
    let handle = &simulator.devices()[0];
    place.add(handle, &handle.password);
    // A runtime of its own that is shut down takes the worker with it, as a kill would.
    let doomed = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let first = {
        let _inside = doomed.enter();
        place.worker()
    };
    first.engine().settle().await;
    assert_eq!(first.status().polling.buckets, 1024);
    doomed.shutdown_background();
    let second = place.worker();
    second.engine().settle().await;
    assert_eq!(second.status().polling.buckets, 0);
    let before = simulator.view(0).unwrap().counters.logins_ok;
    place.pass(&second, 60).await;
    assert_eq!(second.status().polling.buckets, 1024);
    assert!(simulator.view(0).unwrap().counters.logins_ok > before);
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_share_the_buckets_and_one_that_stops_gives_its_share_back_at_once() {
    let place = Place::new();
    let first = place.worker();
    first.engine().settle().await;
    let second = place.worker();
    second.engine().settle().await;
    place.clock.advance(Duration::seconds(11));
    first.engine().settle().await;
    second.engine().settle().await;
    assert_eq!((first.status().polling.buckets, second.status().polling.buckets), (512, 512));
    first.stop().await;
    second.engine().settle().await;
    assert_eq!(second.status().polling.buckets, 1024);
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_hostile_devices_of_five_hundred_delay_no_other() {
    let (place, simulator) = (Place::new(), simulate(500, Profile::Camera).await);
    for (index, handle) in simulator.devices().iter().enumerate() {
        place.add(handle, &handle.password);
        if index % 10 == 0 {
            let hostile = Hostile::ALL[(index / 10) % Hostile::ALL.len()];
            simulator.set(index, Change { hostile: Some(Some(hostile)), ..Change::default() }).await.unwrap();
        }
    }
    // In real time, with a period of five seconds: a look at a hostile device may take twice as long.
    let mut settings = Place::settings();
    settings.polling.period = Duration::seconds(5);
    let clock = std::sync::Arc::new(siteward_worker::clock::SystemClock);
    let worker = siteward_worker::Worker::start(place.store.clone(), &settings, clock, place.hub());
    tokio::time::sleep(StdDuration::from_secs(8)).await;
    simulator.reset_counters();
    let watching = Instant::now();
    tokio::time::sleep(StdDuration::from_secs(20)).await;
    let periods = watching.elapsed().as_secs() / 5;
    for index in (0..500).filter(|index| index % 10 != 0) {
        let logins = simulator.view(index).unwrap().counters.logins_ok;
        // A look at a camera asks for status and channels at least.
        assert!(logins >= 2 * (periods - 1), "device {index} was asked {logins} times in {periods} periods");
    }
    worker.stop().await;
}
