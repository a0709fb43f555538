//! Event streams against simulated devices: what they tell is kept, what goes wrong with them costs nobody else anything.

use std::sync::Arc;
use std::time::Duration as StdDuration;

use siteward_domain::DeviceId;
use siteward_domain::device_event::{DeviceEvent, DeviceEventKind, StreamState};
use siteward_domain::exception::ExceptionKind;
use siteward_domain::health::DeviceHealth;
use siteward_simulator::{Alert, Change, Disk, EventStream, Profile, Simulator, SimulatorSettings};
use siteward_store::device_events::{self, Source};
use siteward_worker::alert_streams::AlertStreamSettings;
use siteward_worker::clock::{SharedClock, SteppedClock};
use siteward_worker::{Worker, WorkerHandle};

use crate::kit::{Place, seed, simulate_as, until};

/// Quick, so that a test need not wait for what a device would.
fn quick(most: usize) -> AlertStreamSettings {
    AlertStreamSettings {
        most,
        turn: StdDuration::from_millis(30),
        silence: StdDuration::from_secs(2),
        first_wait: StdDuration::from_millis(20),
        longest_wait: StdDuration::from_millis(200),
    }
}

/// Devices whose streams are never silent for long.
async fn simulate(count: usize, profile: Profile) -> Simulator {
    let heartbeat = StdDuration::from_millis(50);
    simulate_as(SimulatorSettings { heartbeat, ..SimulatorSettings::uniform(count, profile, seed()) }).await
}

/// A worker that holds streams, of devices that were looked at.
async fn worker(place: &Place, settings: AlertStreamSettings) -> WorkerHandle {
    let clock: SharedClock = Arc::<SteppedClock>::clone(&place.clock);
    let settings = siteward_worker::WorkerSettings { alert_streams: settings, ..Place::settings() };
    let worker = Worker::start(place.store.clone(), &settings, clock, place.hub());
    place.pass(&worker, 70).await;
    worker
}

fn events(place: &Place) -> Vec<DeviceEvent> {
    place.store.read(|conn| device_events::after(conn, 0, 1000)).unwrap()
}

fn source(place: &Place, id: &DeviceId) -> Source {
    place.store.read(|conn| device_events::find_source(conn, id)).unwrap()
}

fn state(place: &Place, id: &DeviceId) -> Option<StreamState> {
    source(place, id).stream.map(|(state, _)| state)
}

async fn raise(simulator: &Simulator, device: usize, alert: Alert) {
    simulator.set(device, Change { event: Some(vec![alert]), ..Change::default() }).await.unwrap();
}

async fn behave(simulator: &Simulator, device: usize, event_stream: EventStream) {
    simulator.set(device, Change { event_stream: Some(event_stream), ..Change::default() }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_device_tells_is_one_event_from_its_beginning_to_its_end() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Camera).await);
    let id = place.add(&simulator.devices()[0], &simulator.devices()[0].password);
    let worker = worker(&place, quick(10)).await;
    until("the stream is open", || state(&place, &id) == Some(StreamState::Open)).await;
    for _ in 0..3 {
        raise(&simulator, 0, Alert { picture: true, ..Alert::active("VMD", 1) }).await;
    }
    until("the event is there", || events(&place).len() == 1).await;
    raise(&simulator, 0, Alert::over("VMD", 1)).await;
    until("it is over", || events(&place)[0].ended_at.is_some()).await;
    let event = &events(&place)[0];
    assert_eq!((event.kind, event.channel, event.word.as_str()), (DeviceEventKind::Motion, Some(1), "VMD"));
    assert_eq!((&event.device_id, &event.site_id), (&id, &place.site));
    assert_eq!(events(&place).len(), 1, "heartbeats are no events");
    let door = serde_json::json!({ "AccessControllerEvent": { "majorEventType": 5, "subEventType": 27, "doorNo": 1 } });
    raise(&simulator, 0, Alert { json: true, more: Some(door), ..Alert::active("AccessControllerEvent", 1) }).await;
    until("JSON is read too", || events(&place).iter().any(|event| event.kind == DeviceEventKind::DoorForced)).await;
    worker.stop().await;
}

/// Raises alarms of a channel until one is heard: what happens while a stream is opened anew is lost.
async fn raise_until_heard(simulator: &Simulator, device: usize, channel: u32, is_heard: impl Fn() -> bool) {
    for _ in 0..200 {
        raise(simulator, device, Alert::active("VMD", channel)).await;
        if is_heard() {
            break;
        }
        tokio::time::sleep(StdDuration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_kept_within_bounds_counted_and_nobody_elses_trouble() {
    let (place, simulator) = (Place::new(), simulate(2, Profile::Camera).await);
    let ids: Vec<_> = simulator.devices().iter().map(|handle| place.add(handle, &handle.password)).collect();
    let worker = worker(&place, AlertStreamSettings { longest_wait: StdDuration::from_secs(60), ..quick(10) }).await;
    until("both are open", || worker.status().streams.open == 2).await;
    behave(&simulator, 0, EventStream::Flood).await;
    until("it is given up for a while", || worker.status().streams.open == 1).await;
    until("what was dropped is counted", || source(&place, &ids[0]).dropped > 5_000).await;
    let kept = events(&place).len();
    assert!((1..200).contains(&kept), "{kept} of {}", worker.status().streams.heard);
    let is_heard = || events(&place).iter().any(|event| event.device_id == ids[1]);
    raise_until_heard(&simulator, 1, 1, is_heard).await;
    assert!(is_heard(), "the neighbour is heard");
    place.pass(&worker, 120).await;
    assert_eq!(place.health(&ids[0]), DeviceHealth::Healthy, "it is polled as ever");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_breaks_or_tells_nonsense_is_opened_anew_and_heard_again() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Camera).await);
    let id = place.add(&simulator.devices()[0], &simulator.devices()[0].password);
    let worker = worker(&place, quick(10)).await;
    for (number, trouble) in
        [EventStream::Cut, EventStream::Garbage, EventStream::Silent, EventStream::EndlessPart].into_iter().enumerate()
    {
        until("it is open", || state(&place, &id) == Some(StreamState::Open)).await;
        let opened = simulator.view(0).unwrap().telling.streams_opened;
        behave(&simulator, 0, trouble).await;
        until("it is opened anew", || simulator.view(0).unwrap().telling.streams_opened > opened + 1).await;
        behave(&simulator, 0, EventStream::Ok).await;
        let channel = u32::try_from(number).unwrap() + 10;
        raise_until_heard(&simulator, 0, channel, || events(&place).iter().any(|event| event.channel == Some(channel)))
            .await;
        assert!(events(&place).iter().any(|event| event.channel == Some(channel)), "after {trouble:?}");
    }
    let view = simulator.view(0).unwrap();
    assert_eq!(view.counters.logins_refused, 0);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_without_a_stream_is_polled_and_left_alone() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Camera).await);
    behave(&simulator, 0, EventStream::Missing).await;
    let id = place.add(&simulator.devices()[0], &simulator.devices()[0].password);
    let worker = worker(&place, quick(10)).await;
    until("it is known", || state(&place, &id) == Some(StreamState::NotSupported)).await;
    worker.engine().settle().await;
    // Whoever asked while the answer was being written down may ask once more; after that, ten turns pass in silence.
    let (mut requests, mut silent_since) = (0, std::time::Instant::now());
    until("it is not asked again", || {
        let now = simulator.view(0).unwrap().counters.requests;
        if now != requests {
            (requests, silent_since) = (now, std::time::Instant::now());
        }
        silent_since.elapsed() > StdDuration::from_millis(300)
    })
    .await;
    place.pass(&worker, 120).await;
    assert_eq!(place.health(&id), DeviceHealth::Healthy);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_login_is_tried_once_by_the_stream_and_never_again() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Camera).await);
    let id = place.add(&simulator.devices()[0], &simulator.devices()[0].password);
    let worker = worker(&place, quick(10)).await;
    until("it is open", || state(&place, &id) == Some(StreamState::Open)).await;
    simulator.set(0, Change { password: Some("changed-1".into()), ..Change::default() }).await.unwrap();
    behave(&simulator, 0, EventStream::Cut).await;
    until("it was refused", || state(&place, &id) == Some(StreamState::LoginRefused)).await;
    until("the refusal is noted for everybody", || place.device(&id).breaker.is_some()).await;
    worker.engine().settle().await;
    behave(&simulator, 0, EventStream::Ok).await;
    place.pass(&worker, 3600).await;
    tokio::time::sleep(StdDuration::from_millis(300)).await;
    assert_eq!(state(&place, &id), Some(StreamState::LoginRefused), "what the device answered stands");
    assert_eq!(simulator.view(0).unwrap().counters.logins_refused, 1, "neither by the stream nor by the poller");
    assert_eq!(place.health(&id), DeviceHealth::LoginFailed);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_never_sent_for_a_stream() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Camera).await);
    let id = place.add(&simulator.devices()[0], "not-it-1");
    let worker = worker(&place, quick(10)).await;
    place.pass(&worker, 600).await;
    tokio::time::sleep(StdDuration::from_millis(300)).await;
    assert_eq!(simulator.view(0).unwrap().counters.logins_refused, 1, "the poller's one");
    assert_eq!((state(&place, &id), worker.status().streams.open), (None, 0));
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_a_fault_has_the_device_looked_at_and_the_look_decides() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Dvr).await);
    let id = place.add(&simulator.devices()[0], &simulator.devices()[0].password);
    let worker = worker(&place, quick(10)).await;
    until("it is open", || state(&place, &id) == Some(StreamState::Open)).await;
    let looks = || worker.status().polling.looks;
    let has_disk_error = || place.exceptions(&id).iter().any(|(kind, ..)| *kind == ExceptionKind::DiskError);
    let before = looks();
    raise(&simulator, 0, Alert::active("diskerror", 1)).await;
    until("it is looked at although its time has not come", || looks() > before).await;
    worker.engine().settle().await;
    assert!(!has_disk_error(), "the disk is well, whatever the event says");
    simulator.set(0, Change { disk: Some(Disk::Error), ..Change::default() }).await.unwrap();
    raise(&simulator, 0, Alert::active("hdError", 1)).await;
    until("the look finds the broken disk", has_disk_error).await;
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_streams_are_open_than_are_allowed_and_all_end_with_the_worker() {
    let (place, simulator) = (Place::new(), simulate(4, Profile::Camera).await);
    let ids: Vec<_> = simulator.devices().iter().map(|handle| place.add(handle, &handle.password)).collect();
    let worker = worker(&place, quick(2)).await;
    let open = || (0..4).map(|n| simulator.view(n).unwrap().telling.open_streams).sum::<usize>();
    until("two are open", || worker.status().streams.open == 2 && open() == 2).await;
    tokio::time::sleep(StdDuration::from_millis(300)).await;
    assert_eq!((open(), worker.status().streams.most), (2, 2));
    assert!(ids.iter().all(|id| place.health(id) == DeviceHealth::Healthy));
    worker.stop().await;
    until("the devices see it too", || open() == 0).await;
    assert!(ids.iter().all(|id| source(&place, id).stream.is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_worker_takes_the_streams_over() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Camera).await);
    let id = place.add(&simulator.devices()[0], &simulator.devices()[0].password);
    let first = worker(&place, quick(10)).await;
    until("it is open", || first.status().streams.open == 1).await;
    first.stop().await;
    let second = worker(&place, quick(10)).await;
    until("the other has it", || second.status().streams.open == 1).await;
    raise(&simulator, 0, Alert::active("linedetection", 1)).await;
    until("and hears it", || events(&place).iter().any(|event| event.kind == DeviceEventKind::LineCrossing)).await;
    assert_eq!((state(&place, &id), events(&place).len()), (Some(StreamState::Open), 1));
    second.stop().await;
}
