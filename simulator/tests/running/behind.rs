//! Devices that are reached through another one.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::time::Duration;

use siteward_simulator::{Change, DeviceHandle, Profile, Simulator, SimulatorError, SimulatorSettings};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

use crate::client::{address, get, simulator};

/// A router, a recorder and two cameras.
async fn street() -> Simulator {
    let mut settings = SimulatorSettings::uniform(4, Profile::Camera, 1);
    settings.devices[0].profile = Profile::Router;
    settings.devices[1].profile = Profile::Nvr;
    simulator(settings).await
}

async fn set(simulator: &Simulator, place: usize, change: Change) {
    simulator.set(place, change).await.unwrap();
}

async fn put_behind(simulator: &Simulator, place: usize, behind: &[usize]) {
    let behind: BTreeSet<usize> = behind.iter().copied().collect();
    set(simulator, place, Change { behind: Some(behind), ..Change::default() }).await;
}

async fn switch(simulator: &Simulator, place: usize, power: bool) {
    set(simulator, place, Change { power: Some(power), ..Change::default() }).await;
}

/// Neither a connection nor a refusal, for a while.
async fn is_silent(device: &DeviceHandle) -> bool {
    tokio::time::timeout(Duration::from_millis(300), TcpStream::connect(address(device))).await.is_err()
}

#[tokio::test]
async fn a_router_takes_connections_and_says_nothing() {
    let simulator = street().await;
    let router = &simulator.devices()[0];
    let mut stream = TcpStream::connect(address(router)).await.unwrap();
    assert!(matches!(stream.read(&mut [0; 16]).await, Ok(0) | Err(_)));
    switch(&simulator, 0, false).await;
    assert!(is_silent(router).await);
    switch(&simulator, 0, true).await;
    TcpStream::connect(address(router)).await.unwrap();
}

#[tokio::test]
async fn what_is_behind_something_that_is_off_is_silent_however_far_behind() {
    let simulator = street().await;
    put_behind(&simulator, 0, &[1]).await;
    put_behind(&simulator, 1, &[2]).await;
    let devices = simulator.devices();
    switch(&simulator, 0, false).await;
    for device in &devices[..3] {
        assert!(is_silent(device).await, "{}", device.name);
    }
    assert_eq!(get(&devices[3], "/ISAPI/System/time").await.status, 200, "it is behind nothing");
    switch(&simulator, 0, true).await;
    for device in &devices[1..] {
        assert_eq!(get(device, "/ISAPI/System/time").await.status, 200, "{}", device.name);
    }
}

#[tokio::test]
async fn a_device_that_is_off_itself_stays_off_when_its_way_is_back() {
    let simulator = street().await;
    put_behind(&simulator, 0, &[2]).await;
    switch(&simulator, 2, false).await;
    switch(&simulator, 0, false).await;
    switch(&simulator, 0, true).await;
    let camera = &simulator.devices()[2];
    let refused = tokio::time::timeout(Duration::from_secs(1), TcpStream::connect(address(camera))).await.unwrap();
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::ConnectionRefused);
    switch(&simulator, 2, true).await;
    assert_eq!(get(camera, "/ISAPI/System/time").await.status, 200);
}

#[tokio::test]
async fn a_recorder_shows_devices_of_the_street() {
    let simulator = street().await;
    set(&simulator, 1, Change { shows: Some(vec![2, 3]), ..Change::default() }).await;
    let list = get(&simulator.devices()[1], "/ISAPI/ContentMgmt/InputProxy/channels").await.text();
    for camera in &simulator.devices()[2..] {
        assert!(list.contains(&format!("<ipAddress>{}</ipAddress>", camera.address)), "{list}");
    }
    let absent = simulator.set(1, Change { shows: Some(vec![9]), ..Change::default() }).await;
    assert!(matches!(absent, Err(SimulatorError::NoDevice(9))));
}
