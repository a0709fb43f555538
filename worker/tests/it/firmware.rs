use siteward_domain::exception::ExceptionKind;
use siteward_domain::health::DeviceHealth;
use siteward_simulator::{Change, Profile};

use crate::kit::{Place, simulate};

#[tokio::test(flavor = "multi_thread")]
async fn a_known_vulnerable_firmware_opens_one_exception_and_its_upgrade_closes_it() {
    let (place, simulator) = (Place::new(), simulate(1, Profile::Camera).await);
    let handle = &simulator.devices()[0];
    assert!(handle.model.starts_with("DS-2CD2347G2"), "{}", handle.model);
    let old = Change { firmware: Some("V5.5.150 build 210120".into()), ..Change::default() };
    simulator.set(0, old).await.unwrap();
    let id = place.add(handle, &handle.password);
    let worker = place.worker();
    place.pass(&worker, 120).await;
    let open = vec![(ExceptionKind::FirmwareVulnerable, String::new(), None)];
    assert_eq!(place.exceptions(&id), open);
    assert_eq!(place.health(&id), DeviceHealth::Healthy, "it works, so it is not faulty");
    worker.stop().await;
    let worker = place.worker();
    place.pass(&worker, 600).await;
    assert_eq!(place.exceptions(&id), open, "told once, also by the next worker");
    let new = Change { firmware: Some("V5.7.15 build 230313".into()), ..Change::default() };
    simulator.set(0, new).await.unwrap();
    place.pass(&worker, 2 * 3_600).await;
    let closed = place.exceptions(&id);
    assert!(matches!(closed.as_slice(), [(ExceptionKind::FirmwareVulnerable, _, Some(_))]), "{closed:?}");
    worker.stop().await;
}
