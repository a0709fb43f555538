//! What is watched beyond "does it answer": disks' own checks, recording, clocks, restarts, panels, and what flaps.

use chrono::Utc;
use siteward_domain::DeviceId;
use siteward_domain::exception::ExceptionKind;
use siteward_domain::health::{DeviceHealth, Topic};
use siteward_domain::observation::{DiskSmart, Recording, RunStatus, SmartState};
use siteward_simulator::{
    Change, PanelBattery, PanelChange, PanelLink, Profile, Simulator, Smart, StorageChange, ZoneChange,
};
use siteward_store::facts;
use siteward_worker::WorkerHandle;

use crate::kit::{Place, simulate};

/// What is open on a device.
fn open(place: &Place, id: &DeviceId) -> Vec<(ExceptionKind, String)> {
    let all = place.exceptions(id).into_iter();
    let open = all.filter(|(kind, _, closed)| closed.is_none() && *kind != ExceptionKind::FirmwareVulnerable);
    open.map(|(kind, part, _)| (kind, part)).collect()
}

/// How often each kind opened.
fn count(place: &Place, id: &DeviceId, wanted: ExceptionKind) -> usize {
    place.exceptions(id).iter().filter(|(kind, ..)| *kind == wanted).count()
}

fn fact<T: serde::de::DeserializeOwned>(place: &Place, id: &DeviceId, topic: Topic) -> T {
    let known = place.store.read(|conn| facts::list_facts(conn, id)).unwrap();
    let found = known.into_iter().find(|fact| fact.topic == topic).unwrap();
    serde_json::from_value(found.value).unwrap()
}

async fn stored(simulator: &Simulator, storage: StorageChange) {
    simulator.set(0, Change { storage: Some(storage), ..Change::default() }).await.unwrap();
}

async fn panel(simulator: &Simulator, panel: PanelChange) {
    simulator.set(0, Change { panel: Some(panel), ..Change::default() }).await.unwrap();
}

async fn watched(profile: Profile) -> (Place, Simulator, DeviceId, WorkerHandle) {
    let (place, simulator) = (Place::new(), simulate(1, profile).await);
    let handle = &simulator.devices()[0];
    let id = place.add(handle, &handle.password);
    let worker = place.worker();
    place.pass(&worker, 120).await;
    (place, simulator, id, worker)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_whose_own_check_fails_is_told_once_and_an_empty_bay_is_no_fault() {
    let (place, simulator, id, worker) = watched(Profile::Nvr).await;
    stored(&simulator, StorageChange { empty_bay: Some(true), temperature: Some(41), ..StorageChange::default() })
        .await;
    place.pass(&worker, 3600).await;
    assert_eq!(open(&place, &id), []);
    let checks: Vec<DiskSmart> = fact(&place, &id, Topic::Smart);
    assert_eq!((checks[0].state, checks[0].temperature_celsius), (SmartState::Good, Some(41)));
    stored(
        &simulator,
        StorageChange { smart: Some(Smart::BadSectors), temperature: Some(52), ..StorageChange::default() },
    )
    .await;
    place.pass(&worker, 3 * 3600).await;
    assert_eq!(open(&place, &id), [(ExceptionKind::DiskError, "1".to_owned())]);
    assert_eq!(place.health(&id), DeviceHealth::Faulty);
    stored(&simulator, StorageChange { smart: Some(Smart::Good), ..StorageChange::default() }).await;
    place.pass(&worker, 3600).await;
    assert_eq!((open(&place, &id), count(&place, &id, ExceptionKind::DiskError)), (vec![], 1));
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_without_free_space_is_full_only_where_nothing_is_overwritten() {
    let (place, simulator, id, worker) = watched(Profile::Nvr).await;
    let recording: Recording = fact(&place, &id, Topic::Recording);
    assert_eq!((recording.overwrites, open(&place, &id)), (Some(true), vec![]));
    let age = Utc::now() - recording.oldest.unwrap().at;
    assert!((20..=22).contains(&age.num_days()), "{age}");
    stored(&simulator, StorageChange { overwrites: Some(false), ..StorageChange::default() }).await;
    place.pass(&worker, 2 * 3600).await;
    let disks = open(&place, &id).len();
    assert!(disks > 0 && open(&place, &id).iter().all(|(kind, _)| *kind == ExceptionKind::DiskFull));
    stored(&simulator, StorageChange { overwrites: Some(true), ..StorageChange::default() }).await;
    place.pass(&worker, 2 * 3600).await;
    assert_eq!((open(&place, &id), count(&place, &id, ExceptionKind::DiskFull)), (vec![], disks));
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_should_record_and_does_not_is_told_within_a_minute() {
    let (place, simulator, id, worker) = watched(Profile::Nvr).await;
    let silent = StorageChange { not_recording: Some([2].into()), ..StorageChange::default() };
    stored(&simulator, silent.clone()).await;
    place.pass(&worker, 70).await;
    assert_eq!(open(&place, &id), [(ExceptionKind::RecordingGap, "2".to_owned())]);
    stored(&simulator, StorageChange { not_recording: Some([].into()), ..StorageChange::default() }).await;
    place.pass(&worker, 70).await;
    assert_eq!(open(&place, &id), []);
    // Set to record on motion only, it does as it should.
    stored(&simulator, StorageChange { on_motion: Some(true), ..StorageChange::default() }).await;
    place.pass(&worker, 2 * 3600).await;
    stored(&simulator, silent).await;
    place.pass(&worker, 600).await;
    assert_eq!((open(&place, &id), count(&place, &id, ExceptionKind::RecordingGap)), (vec![], 1));
    worker.stop().await;
}

/// Lets time pass while the clock of the device is off by so much from the one that the test moves.
async fn pass_with_clock(place: &Place, simulator: &Simulator, worker: &WorkerHandle, off: i64, seconds: i64) {
    use siteward_worker::clock::Clock as _;
    for _ in 0..seconds / 30 {
        let ahead = (place.clock.now() - Utc::now()).num_seconds() + 30 + off;
        simulator.set(0, Change { clock_offset_seconds: Some(ahead), ..Change::default() }).await.unwrap();
        place.pass(worker, 30).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_clock_is_told_and_is_right_again_when_it_is_set() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Camera).await);
    let handle = &simulator.devices()[0];
    let ahead = (crate::kit::start() - Utc::now()).num_seconds();
    simulator.set(0, Change { clock_offset_seconds: Some(ahead), ..Change::default() }).await.unwrap();
    let id = place.add(handle, &handle.password);
    let worker = place.worker();
    let drifts = || -> Vec<bool> {
        let all = place.all_exceptions(&id).into_iter();
        all.filter(|(kind, ..)| *kind == ExceptionKind::ClockDrift).map(|(.., closed)| closed.is_some()).collect()
    };
    pass_with_clock(&place, &simulator, &worker, 0, 1800).await;
    assert_eq!(drifts(), [] as [bool; 0]);
    pass_with_clock(&place, &simulator, &worker, -300, 1800).await;
    assert_eq!((drifts(), place.health(&id)), (vec![false], DeviceHealth::Healthy));
    pass_with_clock(&place, &simulator, &worker, 0, 1800).await;
    assert_eq!(drifts(), [true]);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_starts_in_a_day_are_too_many_and_another_worker_counts_on() {
    let (place, simulator, id, worker) = watched(Profile::Nvr).await;
    // The machine's time stands nearly still beside the test's, so the uptime is set, too.
    let runs_for = async |seconds: u64| {
        simulator.set(0, Change { uptime_seconds: Some(seconds), ..Change::default() }).await.unwrap();
    };
    let restart = async |worker: &WorkerHandle| {
        runs_for(20).await;
        place.pass(worker, 70).await;
        runs_for(900).await;
        place.pass(worker, 400).await;
    };
    let told = || fact::<RunStatus>(&place, &id, Topic::Status).restarts.len();
    restart(&worker).await;
    restart(&worker).await;
    assert_eq!((told(), open(&place, &id)), (2, vec![]));
    worker.stop().await;
    let worker = place.worker();
    place.pass(&worker, 400).await;
    assert_eq!(told(), 2, "they are not counted again by whoever takes over");
    restart(&worker).await;
    assert_eq!((told(), open(&place, &id)), (3, vec![(ExceptionKind::RebootsOften, String::new())]));
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_part_of_a_panel_that_fails_is_told_once_and_is_over_once() {
    let (place, simulator, id, worker) = watched(Profile::Panel).await;
    assert_eq!(open(&place, &id), []);
    let zone = |change: ZoneChange, number: u32| (number, change);
    let zones = [
        zone(ZoneChange { offline: Some(true), ..ZoneChange::default() }, 0),
        zone(ZoneChange { battery_low: Some(true), ..ZoneChange::default() }, 1),
        zone(ZoneChange { tamper: Some(true), ..ZoneChange::default() }, 2),
        zone(ZoneChange { open: Some(true), ..ZoneChange::default() }, 3),
    ];
    let bad = PanelChange {
        mains: Some(false),
        battery: Some(PanelBattery::Low),
        tamper: Some(true),
        zones: zones.into_iter().collect(),
        sirens_offline: Some([1].into()),
        links_down: Some([PanelLink::Wifi].into()),
        ..PanelChange::default()
    };
    panel(&simulator, bad).await;
    place.pass(&worker, 130).await;
    let told: Vec<String> =
        open(&place, &id).into_iter().map(|(kind, part)| format!("{} {part}", kind.as_str())).collect();
    for wanted in [
        "mains_lost ",
        "low_battery battery:1",
        "tamper ",
        "zone_fault zone:0",
        "low_battery zone:1",
        "tamper zone:2",
        "peripheral_offline siren:1",
        "panel_link_down wifi",
    ] {
        assert!(told.iter().any(|told| told == wanted), "{wanted} in {told:?}");
    }
    assert_eq!(told.len(), 8, "an open door is no fault: {told:?}");
    place.pass(&worker, 600).await;
    assert_eq!(place.exceptions(&id).len(), 8, "each opened once");
    let quiet =
        || ZoneChange { offline: Some(false), battery_low: Some(false), tamper: Some(false), ..ZoneChange::default() };
    let good = PanelChange {
        mains: Some(true),
        battery: Some(PanelBattery::Normal),
        tamper: Some(false),
        zones: (0..3).map(|number| (number, quiet())).collect(),
        sirens_offline: Some([].into()),
        links_down: Some([].into()),
        ..PanelChange::default()
    };
    panel(&simulator, good).await;
    place.pass(&worker, 130).await;
    let all = place.exceptions(&id);
    assert!(all.len() == 8 && all.iter().all(|(.., closed)| closed.is_some()), "{all:?}");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_flaps_is_one_exception_in_the_end_also_when_another_worker_takes_over() {
    let (place, simulator, id, worker) = watched(Profile::Dvr).await;
    let lose = async |lost: bool| {
        let video_loss = Some(if lost { [1].into() } else { [].into() });
        simulator.set(0, Change { video_loss, ..Change::default() }).await.unwrap();
    };
    let flap = async |worker: &WorkerHandle, times: usize| {
        for _ in 0..times {
            lose(true).await;
            place.pass(worker, 70).await;
            lose(false).await;
            place.pass(worker, 70).await;
        }
    };
    flap(&worker, 3).await;
    assert_eq!(open(&place, &id), [(ExceptionKind::VideoLoss, "1".to_owned())]);
    worker.stop().await;
    let worker = place.worker();
    flap(&worker, 5).await;
    assert_eq!(count(&place, &id, ExceptionKind::VideoLoss), 3);
    assert_eq!(open(&place, &id).len(), 1, "it is still the third");
    place.pass(&worker, 700).await;
    assert_eq!((open(&place, &id), count(&place, &id, ExceptionKind::VideoLoss)), (vec![], 3));
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_rarely_costs_a_recorder_a_few_requests_an_hour_and_a_usual_look_none() {
    let (place, simulator, id, worker) = watched(Profile::Nvr).await;
    let requests = || simulator.view(0).unwrap().counters.logins_ok;
    let mut looks = Vec::new();
    for _ in 0..120 {
        let before = requests();
        place.pass(&worker, 60).await;
        looks.push(requests() - before);
    }
    let disks = u64::try_from(fact::<Vec<DiskSmart>>(&place, &id, Topic::Smart).len()).unwrap();
    let all: u64 = looks.iter().sum();
    looks.sort_unstable();
    assert_eq!(looks[60], 3, "a usual look asks for the status, the cameras and their states: {looks:?}");
    // In an hour: disks 12 times, the clock 4 times, four more once; and the checks of disks with the list of them, tracks and a search.
    let before = 60 * 3 + 12 + 4 + 4;
    let now = before + (disks + 1) + 2;
    assert!((2 * now - 6..=2 * now + 6).contains(&all), "{all} requests in two hours, {now} expected in one");
    assert_eq!(simulator.view(0).unwrap().counters.writes, 0);
    worker.stop().await;
}
