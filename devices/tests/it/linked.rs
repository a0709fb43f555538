//! The device client through a link: the same client, other bytes below.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use siteward_devices::transport::Dialling;
use siteward_devices::{CallError, DeviceClient, Limits, LinkDialer, LinkRoute, Target, Wire, find_http};
use siteward_domain::SerialNumber;
use siteward_domain::device::{DeviceAddress, Scheme};
use tokio::net::TcpStream;

use crate::fake::{Auth, Fake, INFO, PASSWORD, login, small_camera};

/// A link that reaches one device at its port, and says of the rest what a link says.
pub(crate) struct OneDevice {
    serial: SerialNumber,
    port: u16,
    down: bool,
    pub(crate) dialled: AtomicU32,
}

impl LinkDialer for OneDevice {
    fn dial<'a>(&'a self, serial: &'a SerialNumber, port: u16) -> Dialling<'a> {
        Box::pin(async move {
            self.dialled.fetch_add(1, Ordering::Relaxed);
            let refused = |reason| Err(CallError::Unreachable { reason });
            if self.down {
                return refused("link_down");
            }
            if *serial != self.serial {
                return refused("unknown_device");
            }
            if port != self.port {
                return refused("port_not_allowed");
            }
            let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            Ok(Box::new(stream) as Box<dyn Wire>)
        })
    }
}

fn serial(text: &str) -> SerialNumber {
    SerialNumber::parse(text).unwrap()
}

pub(crate) fn link_to(port: u16, down: bool) -> (Arc<OneDevice>, LinkRoute) {
    let link = Arc::new(OneDevice { serial: serial("G12345678"), port, down, dialled: AtomicU32::new(0) });
    let dialer: Arc<dyn LinkDialer> = Arc::<OneDevice>::clone(&link);
    (link, LinkRoute { serial: serial("G12345678"), dialer })
}

/// An address that no policy would let through: it is the link's business where the device is.
fn target(port: u16) -> Target {
    let address = DeviceAddress { scheme: Scheme::Http, host: "169.254.7.7".into(), port };
    Target { address, login: login(PASSWORD), pin: None }
}

#[tokio::test]
async fn a_device_is_asked_through_its_link_and_the_connection_is_kept() {
    let fake = Fake::start(Auth::Md5).await;
    small_camera(&fake);
    let (link, route) = link_to(fake.port, false);
    let mut client = DeviceClient::new(target(fake.port), Limits::default(), route);
    for _ in 0..3 {
        assert_eq!(client.get(INFO).await.unwrap().status, 200);
    }
    assert_eq!(link.dialled.load(Ordering::Relaxed), 1);
    assert_eq!((fake.state().connections, fake.state().challenges), (1, 1));
}

#[tokio::test]
async fn what_the_link_says_is_the_reason() {
    for (down, of, port, reason) in [
        (true, "G12345678", 80, "link_down"),
        (false, "G00000000", 80, "unknown_device"),
        (false, "G12345678", 22, "port_not_allowed"),
    ] {
        let (_, mut route) = link_to(80, down);
        route.serial = serial(of);
        let mut client = DeviceClient::new(target(port), Limits::default(), route);
        assert_eq!(client.get(INFO).await.unwrap_err(), CallError::Unreachable { reason });
    }
}

#[tokio::test]
async fn the_port_is_searched_through_the_link_and_a_link_that_is_down_ends_the_search_at_once() {
    let fake = Fake::start(Auth::Sha256).await;
    small_camera(&fake);
    let (_, route) = link_to(fake.port, false);
    let found = find_http("169.254.7.7", fake.port, &login(PASSWORD), route, &Limits::default()).await;
    let (address, mut client) = found.unwrap();
    assert_eq!((address.host.as_str(), address.port), ("169.254.7.7", fake.port));
    assert_eq!(client.get(INFO).await.unwrap().status, 200);

    let (link, route) = link_to(fake.port, true);
    let error = find_http("169.254.7.7", 8000, &login(PASSWORD), route, &Limits::default()).await.unwrap_err();
    assert_eq!(error, CallError::Unreachable { reason: "link_down" });
    assert_eq!(link.dialled.load(Ordering::Relaxed), 1);
}
