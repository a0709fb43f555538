//! Links that mean harm: what they send is bounded.

use std::time::{Duration, Instant};

use siteward_devices::tunnel::{LinkReport, Mux, MuxStream, Side, frames, start as start_tunnel};
use siteward_domain::event::EventKind;
use siteward_domain::link::{BindState, FoundBy, Sighting};
use siteward_domain::{LinkId, SerialNumber};
use siteward_simulator::{Profile, SimulatorSettings};
use siteward_store::{events, links, sightings};
use siteward_worker::LinkHub;
use tokio::io::AsyncWriteExt as _;

use crate::kit::{Place, seed};
use crate::office::{Lan, Office, enrol, serial};

/// A link of the place's site whose other end is in our hands.
async fn forged(place: &Place, hub: &LinkHub, id: &LinkId) -> Mux {
    let (platform, ours) = tokio::io::duplex(256 * 1024);
    let (mux, inbound) = start_tunnel(platform, Side::Platform);
    let link = place.store.read(|conn| links::get_link(conn, &place.company, id)).unwrap();
    let of = hub.clone();
    tokio::spawn(async move { of.attach(link, mux, inbound).await });
    let (mux, mut taken) = start_tunnel(ours, Side::Link);
    // Whatever is asked of it is taken and never answered.
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Some(stream) = taken.next().await {
            kept.push(stream);
        }
    });
    while !hub.holds(id) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    mux
}

fn invented(number: u32, host: &str) -> Sighting {
    Sighting {
        serial: SerialNumber::parse(&format!("{number:09}")).unwrap(),
        long_serial: "x".repeat(600),
        mac: None,
        model: "\u{202E}<img src=x onerror=alert(1)>".to_owned(),
        firmware: String::new(),
        host: host.to_owned(),
        http_port: 80,
        dhcp: None,
        activated: None,
        service_enabled: None,
        bind: BindState::Free,
        unbind_supported: None,
        found_by: FoundBy::Sadp,
    }
}

async fn say(stream: &mut MuxStream, report: &LinkReport) -> std::io::Result<()> {
    frames::write(stream, report).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_jumps_between_addresses_fills_no_log() {
    let place = Place::new();
    let office = Office::open(&place).await;
    let lan = Lan::new(&place, &office, SimulatorSettings::uniform(1, Profile::Camera, seed())).await;
    let device = lan.simulator.devices()[0].clone();
    lan.add(&device, &device.password);
    // A stolen token: the newest session is the link's.
    let mux = forged(&place, &office.hub, &lan.link).await;
    let mut stream = mux.open().await.unwrap();
    let began = Instant::now();
    let jumping = async {
        for turn in 0..500_u32 {
            let host = format!("10.0.{}.{}", turn / 200, turn % 200 + 1);
            let sighting = Sighting { serial: serial(&device), ..invented(1, &host) };
            if say(&mut stream, &LinkReport::Changed { found: vec![sighting], lost: vec![] }).await.is_err() {
                return;
            }
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(3), jumping).await;
    tokio::time::sleep(Duration::from_secs(3).saturating_sub(began.elapsed())).await;
    let told = place.store.read(|conn| events::after(conn, Some(&place.company), 0, 1000)).unwrap();
    let jumps = told.iter().filter(|event| event.kind == EventKind::DeviceAddressChanged).count();
    assert!((1..=30 + 6).contains(&jumps), "{jumps} events within {:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_floods_is_kept_within_bounds_and_revoked_at_once() {
    let place = Place::new();
    let hub = place.hub();
    let id = enrol(&place.store, &place.company, &place.site);
    let mux = forged(&place, &hub, &id).await;
    // Streams without end, each with half a frame of four megabytes.
    let mut open = Vec::new();
    for _ in 0..2000 {
        let Ok(Ok(mut stream)) = tokio::time::timeout(Duration::from_millis(200), mux.open()).await else { break };
        let mut half = (4 * 1024 * 1024_u32).to_be_bytes().to_vec();
        half.extend(vec![b'['; 64 * 1024]);
        let _ = tokio::time::timeout(Duration::from_millis(20), stream.write_all(&half)).await;
        open.push(stream);
        if open.len() > 8 {
            open.clear();
        }
    }
    drop((open, mux));
    // The link comes back, and the newest session counts.
    let mux = forged(&place, &hub, &id).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut stream = mux.open().await.unwrap();
    for round in 0..4_u32 {
        let devices: Vec<Sighting> = (0..4000).map(|n| invented(round * 10_000 + n, "127.0.0.1")).collect();
        let said = tokio::time::timeout(Duration::from_secs(20), say(&mut stream, &LinkReport::All { devices })).await;
        said.unwrap().unwrap();
    }
    let site = |conn: &mut _| sightings::list_for_site(conn, &place.company, &place.site);
    let end = Instant::now() + Duration::from_secs(20);
    while place.store.read(site).unwrap().is_empty() && Instant::now() < end {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let shown = place.store.read(site).unwrap();
    assert!(!shown.is_empty() && shown.len() <= 5000, "{}", shown.len());
    assert!(shown.iter().all(|one| !one.seen.sighting.model.contains('\u{202E}')));

    let revoked = Instant::now();
    place.store.write(|conn| links::revoke_link(conn, &place.company, &id, "a", crate::kit::start())).unwrap();
    while hub.holds(&id) {
        assert!(revoked.elapsed() < Duration::from_secs(2), "after {:?}", revoked.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
