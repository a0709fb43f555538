mod hostile;

use std::time::{Duration as StdDuration, Instant};

use chrono::Duration;
use siteward_devices::CallError;
use siteward_devices::tunnel::{CommandAnswer, LinkCommand};
use siteward_domain::SerialNumber;
use siteward_domain::event::EventKind;
use siteward_domain::exception::ExceptionKind;
use siteward_domain::health::DeviceHealth;
use siteward_domain::link::BindState;
use siteward_domain::uptime::hour_of;
use siteward_simulator::{Change, Profile, SimulatorSettings};
use siteward_store::devices::request_check;
use siteward_store::{events, history, links};
use siteward_worker::clock::SharedClock;
use siteward_worker::{LinkHub, ProcessAddress, Worker, WorkerHandle};

use crate::kit::{Place, seed, start};
use crate::office::{Lan, Office, serial};

fn cameras(count: usize) -> SimulatorSettings {
    SimulatorSettings::uniform(count, Profile::Camera, seed())
}

fn worker(place: &Place, hub: &LinkHub) -> WorkerHandle {
    let clock: SharedClock = std::sync::Arc::<siteward_worker::clock::SteppedClock>::clone(&place.clock);
    let mut settings = Place::settings();
    let limits = &mut settings.polling.limits;
    (limits.connect, limits.call) = (StdDuration::from_secs(2), StdDuration::from_secs(2));
    limits.check = StdDuration::from_secs(4);
    Worker::start(place.store.clone(), &settings, clock, hub.clone())
}

fn count(place: &Place, kind: EventKind) -> usize {
    let told = place.store.read(|conn| events::after(conn, Some(&place.company), 0, 1000)).unwrap();
    told.iter().filter(|event| event.kind == kind).count()
}

/// Whether its state is fresh, and so shown.
fn is_fresh(place: &Place, device: &siteward_domain::DeviceId) -> bool {
    let (device, now) = (place.device(device), siteward_worker::clock::Clock::now(&*place.clock));
    device.health.shown(device.measured_at, now, Duration::seconds(60)) != DeviceHealth::Unknown
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_are_polled_through_a_link_and_unknown_while_it_is_cut() {
    let place = Place::new();
    let office = Office::open(&place).await;
    let lan = Lan::new(&place, &office, cameras(3)).await;
    let ids: Vec<_> = lan.simulator.devices().iter().map(|device| lan.add(device, &device.password)).collect();
    let worker = worker(&place, &office.hub);
    place.pass(&worker, 120).await;
    assert!(ids.iter().all(|id| place.health(id) == DeviceHealth::Healthy && is_fresh(&place, id)));
    lan.wire.cut();
    lan.until("the link is gone", |lan| !lan.is_online()).await;
    place.pass(&worker, 600).await;
    for id in &ids {
        assert!(!is_fresh(&place, id));
        assert_eq!(place.health(id), DeviceHealth::Healthy, "not judged");
        assert_eq!(place.exceptions(id), vec![]);
    }
    lan.wire.mend();
    lan.until("the link is back", Lan::is_online).await;
    place.pass(&worker, 61).await;
    assert!(ids.iter().all(|id| is_fresh(&place, id) && place.exceptions(id).is_empty()));
    assert_eq!((count(&place, EventKind::LinkOnline), count(&place, EventKind::LinkOffline)), (2, 1));
    let refused: u64 = (0..3).map(|index| lan.simulator.view(index).unwrap().counters.logins_refused).sum();
    assert_eq!(refused, 0);
    worker.stop().await;
    let hour = hour_of(start());
    let hours = place.store.read(|conn| history::hours(conn, &ids[0], hour - 1, hour + 1)).unwrap();
    assert_eq!(hours.iter().map(|hour| hour.down_seconds).sum::<u32>(), 0, "{hours:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_went_silent_takes_the_blame_for_its_devices() {
    let place = Place::new();
    let office = Office::open(&place).await;
    let lan = Lan::new(&place, &office, cameras(2)).await;
    let ids: Vec<_> = lan.simulator.devices().iter().map(|device| lan.add(device, &device.password)).collect();
    let worker = worker(&place, &office.hub);
    place.pass(&worker, 60).await;
    lan.wire.stall();
    place.pass(&worker, 130).await;
    assert!(lan.is_online(), "nobody was told that the link is silent");
    for id in &ids {
        assert_eq!((place.health(id), place.exceptions(id)), (DeviceHealth::Healthy, vec![]));
    }
    lan.wire.mend();
    place.pass(&worker, 61).await;
    assert!(ids.iter().all(|id| is_fresh(&place, id) && place.health(id) == DeviceHealth::Healthy));
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_without_power_behind_a_link_is_offline_as_any_other() {
    let place = Place::new();
    let office = Office::open(&place).await;
    let lan = Lan::new(&place, &office, cameras(2)).await;
    let ids: Vec<_> = lan.simulator.devices().iter().map(|device| lan.add(device, &device.password)).collect();
    let worker = worker(&place, &office.hub);
    place.pass(&worker, 60).await;
    lan.simulator.set(0, Change { power: Some(false), ..Change::default() }).await.unwrap();
    place.pass(&worker, 180).await;
    assert_eq!(place.health(&ids[0]), DeviceHealth::Offline);
    assert_eq!(place.exceptions(&ids[0]), vec![(ExceptionKind::DeviceOffline, String::new(), None)]);
    assert_eq!(place.health(&ids[1]), DeviceHealth::Healthy);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_with_a_new_address_is_followed_and_never_offline() {
    let place = Place::new();
    let office = Office::open(&place).await;
    let lan = Lan::new(&place, &office, cameras(1)).await;
    let device = &lan.simulator.devices()[0];
    let id = lan.add(device, &device.password);
    let worker = worker(&place, &office.hub);
    place.pass(&worker, 60).await;
    lan.simulator.set(0, Change { address_change: Some(true), ..Change::default() }).await.unwrap();
    let moved_to = lan.simulator.view(0).unwrap().address.to_string();
    assert_ne!(moved_to, device.address.to_string());
    let now = start() + Duration::seconds(61);
    place.store.write(|conn| request_check(conn, &place.company, &id, now)).unwrap();
    place.pass(&worker, 1).await;
    // That look met nobody, and had the link look around, which takes it less than the five seconds to the next look.
    let followed = |_: &Lan| place.device(&id).address.host == moved_to;
    lan.until("its new address is known", followed).await;
    place.pass(&worker, 2).await;
    assert_eq!(place.health(&id), DeviceHealth::Healthy);
    assert_eq!(place.exceptions(&id), vec![(ExceptionKind::AddressChanged, String::new(), None)], "told, and no fault");
    assert_eq!(count(&place, EventKind::DeviceAddressChanged), 1);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_held_by_another_process_is_reached_through_it() {
    let place = Place::new();
    let office = Office::open(&place).await;
    let lan = Lan::new(&place, &office, cameras(2)).await;
    let ids: Vec<_> = lan.simulator.devices().iter().map(|device| lan.add(device, &device.password)).collect();
    let clock: SharedClock = std::sync::Arc::<siteward_worker::clock::SteppedClock>::clone(&place.clock);
    let elsewhere = LinkHub::new(place.store.clone(), clock, ProcessAddress::unreachable(start()));
    let worker = worker(&place, &elsewhere);
    place.pass(&worker, 120).await;
    assert!(ids.iter().all(|id| place.health(id) == DeviceHealth::Healthy && is_fresh(&place, id)));
    let found = elsewhere.discover(&lan.link).await.unwrap();
    assert_eq!(found.len(), 2);
    let command = LinkCommand::ReadBindState { serial: serial(&lan.simulator.devices()[0]) };
    let told = elsewhere.command(&lan.link, command).await.unwrap();
    assert!(matches!(told, CommandAnswer::BindState { bind: BindState::Free }), "{told:?}");
    lan.wire.cut();
    lan.until("the link is gone", |lan| !lan.is_online()).await;
    place.pass(&worker, 180).await;
    assert!(ids.iter().all(|id| !is_fresh(&place, id) && place.exceptions(id).is_empty()));
    lan.wire.mend();
    lan.until("the link is back", Lan::is_online).await;
    tokio::time::sleep(StdDuration::from_millis(1100)).await;
    place.pass(&worker, 61).await;
    assert!(ids.iter().all(|id| is_fresh(&place, id)));
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_process_of_the_platform_makes_a_tag_that_is_known_and_only_for_a_while() {
    let (place, stranger) = (Place::new(), Place::new());
    let (ours, theirs) = (place.hub(), stranger.hub());
    let (link, other) = (siteward_domain::LinkId::generate(start()), siteward_domain::LinkId::generate(start()));
    let tag = ours.forward_tag(&link).unwrap();
    let there = place.hub();
    assert!(there.knows_tag(&link, &tag));
    assert!(!there.knows_tag(&link, &tag), "who overheard it has nothing");
    assert!(!there.knows_tag(&link, &tag.replacen(".1.", ".+1.", 1)), "nor in another spelling");
    assert!(there.knows_tag(&link, &ours.forward_tag(&link).unwrap()));
    assert!(!ours.knows_tag(&other, &tag));
    assert!(!ours.knows_tag(&link, &theirs.forward_tag(&link).unwrap()));
    assert!(!ours.knows_tag(&link, "1800000000.00") && !ours.knows_tag(&link, ""));
    place.clock.advance(Duration::seconds(31));
    assert!(!ours.knows_tag(&link, &tag));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_link_is_out_within_a_second_and_stays_out() {
    let place = Place::new();
    let office = Office::open(&place).await;
    let lan = Lan::new(&place, &office, cameras(1)).await;
    let nobody = SerialNumber::parse("000000001").unwrap();
    let is_up = async || {
        let command = LinkCommand::ReadBindState { serial: nobody.clone() };
        !matches!(office.hub.command(&lan.link, command).await, Err(CallError::Unreachable { reason: "link_down" }))
    };
    assert!(is_up().await);
    let revoked =
        |conn: &mut siteward_store::DbConn| links::revoke_link(conn, &place.company, &lan.link, "test", start());
    place.store.write(revoked).unwrap();
    let began = Instant::now();
    while is_up().await {
        assert!(began.elapsed() < StdDuration::from_secs(1));
        tokio::time::sleep(StdDuration::from_millis(10)).await;
    }
    assert!(!office.hub.holds(&lan.link));
    tokio::time::sleep(StdDuration::from_secs(3)).await;
    assert!(!is_up().await && !lan.is_online());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_stops_gives_its_links_away_at_once() {
    let place = Place::new();
    let office = Office::open(&place).await;
    let lan = Lan::new(&place, &office, cameras(1)).await;
    lan.wire.stall();
    office.hub.close().await;
    assert!(!lan.is_online() && !office.hub.holds(&lan.link));
    assert_eq!(count(&place, EventKind::LinkOffline), 1);
    lan.wire.mend();
    lan.until("it has come back", Lan::is_online).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_whose_process_died_is_told_to_be_offline() {
    let place = Place::new();
    let doomed = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (office, lan) = doomed
        .spawn({
            let place = place.clone();
            async move {
                let office = Office::open(&place).await;
                let lan = Lan::new(&place, &office, cameras(1)).await;
                (office, lan)
            }
        })
        .await
        .unwrap();
    doomed.shutdown_background();
    assert!(lan.is_online(), "nobody could tell");
    let _survivor = place.hub();
    place.clock.advance(Duration::seconds(60));
    lan.until("it is offline", |lan| !lan.is_online()).await;
    assert_eq!(count(&place, EventKind::LinkOffline), 1);
    drop(office);
}
