//! A process that links dial into, and a customer's network behind one: simulated devices, the agent itself, and the
//! wire between the two, which a test can cut or stall.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration as StdDuration, Instant};

use chrono::Duration;
use secrecy::SecretString;
use siteward_devices::tunnel::websocket::{KeepAlive, Tungstenite, WebSocketIo, tungstenite_config};
use siteward_devices::tunnel::{self, Side};
use siteward_domain::{CompanyId, DeviceId, LinkId, SerialNumber, SiteId};
use siteward_link::{Config, Discovery};
use siteward_simulator::{DeviceHandle, Simulator, SimulatorSettings};
use siteward_store::devices::{self, NewDevice};
use siteward_store::links::{self, NewLink, Token};
use siteward_store::{Store, sightings};
use siteward_worker::clock::{SharedClock, SteppedClock};
use siteward_worker::links::FORWARD_HEADER;
use siteward_worker::{LinkHub, ProcessAddress};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_util::sync::CancellationToken;

use crate::kit::{Place, new_device, start, street};

/// A process that holds links: the two routes of the API that links and other processes dial, and its hub.
pub(crate) struct Office {
    pub(crate) hub: LinkHub,
    address: SocketAddr,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Office {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Office {
    pub(crate) async fn open(place: &Place) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let clock: SharedClock = Arc::<SteppedClock>::clone(&place.clock);
        let own = ProcessAddress::reachable(format!("http://{address}"), start());
        let hub = LinkHub::new(place.store.clone(), clock, own);
        let (store, its) = (place.store.clone(), hub.clone());
        let serving = tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                tokio::spawn(serve(tcp, its.clone(), store.clone()));
            }
        });
        Self { hub, address, serving }
    }
}

async fn serve(tcp: TcpStream, hub: LinkHub, store: Store) {
    let (mut path, mut authorization, mut tag) = (String::new(), String::new(), String::new());
    #[expect(clippy::result_large_err, reason = "the shape that the library wants")]
    let look = |request: &Request, response: Response| {
        let header = |name: &str| {
            request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        path = request.uri().path().to_owned();
        (authorization, tag) = (header("Authorization"), header(FORWARD_HEADER));
        Ok(response)
    };
    let accepting = tokio_tungstenite::accept_hdr_async_with_config(tcp, look, Some(tungstenite_config()));
    let Ok(socket) = accepting.await else { return };
    let io = WebSocketIo::new(Tungstenite(socket), KeepAlive::SERVER);
    if let Some(link) = path.strip_prefix("/api/v1/link/forward/") {
        let link = LinkId::parse(link).unwrap();
        if hub.knows_tag(&link, &tag) {
            let (mux, inbound) = tunnel::start(io, Side::Link);
            hub.serve_forward(link, mux, inbound).await;
        }
    } else if let Some(token) = authorization.strip_prefix("Bearer ")
        && let Token::Good(link) = store.read(|conn| links::find_by_token(conn, token)).unwrap()
    {
        let (mux, inbound) = tunnel::start(io, Side::Platform);
        hub.attach(link, mux, inbound).await;
    }
}

/// A customer's network: devices and the agent among them.
pub(crate) struct Lan {
    pub(crate) simulator: Arc<Simulator>,
    pub(crate) link: LinkId,
    pub(crate) wire: Wire,
    company: CompanyId,
    site: SiteId,
    store: Store,
    stop: CancellationToken,
}

impl Drop for Lan {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Lan {
    /// The network of the place's site, connected.
    pub(crate) async fn new(place: &Place, office: &Office, settings: SimulatorSettings) -> Self {
        let simulator = Arc::new(simulate(settings).await);
        let lan = Self::of_site(place, office, &place.company, &place.site, simulator).await;
        lan.until("every device that is on is seen", Self::sees_all).await;
        lan
    }

    /// Another link, of another company, in the same network.
    pub(crate) async fn joined_by(&self, place: &Place, office: &Office, company: &CompanyId, site: &SiteId) -> Self {
        let lan = Self::of_site(place, office, company, site, Arc::clone(&self.simulator)).await;
        lan.until("every device that is on is seen", Self::sees_all).await;
        lan
    }

    async fn of_site(
        place: &Place,
        office: &Office,
        company: &CompanyId,
        site: &SiteId,
        simulator: Arc<Simulator>,
    ) -> Self {
        let wire = Wire::to(office.address).await;
        let (link, stop) = (enrol(&place.store, company, site), CancellationToken::new());
        run_agent(&link, &wire, simulator.sadp().unwrap(), stop.clone());
        let (company, site, store) = (company.clone(), site.clone(), place.store.clone());
        let lan = Self { simulator, link, wire, company, site, store, stop };
        lan.until("the link is connected", Self::is_online).await;
        lan
    }

    pub(crate) fn is_online(&self) -> bool {
        self.store.read(|conn| links::get_link(conn, &self.company, &self.link)).unwrap().online
    }

    /// Whether the link sees the device now.
    pub(crate) fn sees(&self, device: &DeviceHandle) -> bool {
        let seen = self.store.read(|conn| sightings::find_for_site(conn, &self.company, &self.site, &serial(device)));
        seen.unwrap().is_some_and(|seen| seen.online)
    }

    fn sees_all(&self) -> bool {
        let is_on = |device: &&DeviceHandle| self.simulator.view(device.index).unwrap().power;
        self.simulator.devices().iter().filter(is_on).all(|device| self.sees(device))
    }

    /// Waits, in real time, until something holds.
    pub(crate) async fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let end = Instant::now() + StdDuration::from_secs(20);
        while !holds(self) {
            assert!(Instant::now() < end, "not within 20 s: {what}");
            tokio::time::sleep(StdDuration::from_millis(20)).await;
        }
    }

    /// Adds a device of this network as if by the wizard, without a look at it.
    pub(crate) fn add(&self, device: &DeviceHandle, password: &str) -> DeviceId {
        let new = NewDevice {
            link_id: Some(self.link.clone()),
            serial: Some(serial(device)),
            mac: Some(device.mac.clone()),
            ..new_device(&self.store, &self.company, &self.site, device, password)
        };
        self.store.write(|conn| devices::create_device(conn, &new, start())).unwrap();
        new.id
    }
}

pub(crate) fn serial(device: &DeviceHandle) -> SerialNumber {
    SerialNumber::parse(&device.serial).unwrap()
}

/// Devices that answer inquiries, on addresses that no other test uses at the same time.
pub(crate) async fn simulate(settings: SimulatorSettings) -> Simulator {
    let sadp = Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    let (registration, reboot) = (StdDuration::from_millis(300), StdDuration::from_millis(300));
    Simulator::start(SimulatorSettings { first: street(), sadp, registration, reboot, ..settings }).await.unwrap()
}

/// A link of a site; its token, hashed or not, is its id.
pub(crate) fn enrol(store: &Store, company: &CompanyId, site: &SiteId) -> LinkId {
    let id = LinkId::generate(start());
    let new = NewLink {
        id: id.clone(),
        company_id: company.clone(),
        site_id: site.clone(),
        name: "Cabinet".to_owned(),
        enrol_code_hash: format!("code of {id}"),
        enrol_expires_at: start() + Duration::days(1),
        actor: "test".to_owned(),
    };
    store
        .write(|conn| {
            links::create_link(conn, &new, start())?;
            links::enrol(conn, &new.enrol_code_hash, id.as_str(), "0.1.0", "linux", start())
        })
        .unwrap();
    id
}

fn run_agent(link: &LinkId, wire: &Wire, sadp: SocketAddr, stop: CancellationToken) {
    let discovery = Discovery {
        targets: vec![sadp],
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        wait_seconds: 0.5,
        allow_loopback: true,
        ..Discovery::default()
    };
    let config = Config::new(format!("http://{}", wire.address), SecretString::from(link.as_str()), discovery);
    tokio::spawn(async move { siteward_link::run(config, stop).await.unwrap() });
}

/// The way between a network and the office.
pub(crate) struct Wire {
    address: SocketAddr,
    state: watch::Sender<State>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Good,
    /// Nothing passes, and nobody is told.
    Stalled,
    /// Connections break, and new ones are refused.
    Cut,
}

impl Wire {
    async fn to(office: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = watch::Sender::new(State::Good);
        let seen = state.subscribe();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if *seen.borrow() == State::Good
                    && let Ok(far) = TcpStream::connect(office).await
                {
                    let ((from_near, to_near), (from_far, to_far)) = (near.into_split(), far.into_split());
                    tokio::spawn(carry(from_near, to_far, seen.clone()));
                    tokio::spawn(carry(from_far, to_near, seen.clone()));
                }
            }
        });
        Self { address, state }
    }

    pub(crate) fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    pub(crate) fn stall(&self) {
        self.state.send_replace(State::Stalled);
    }

    pub(crate) fn mend(&self) {
        self.state.send_replace(State::Good);
    }
}

async fn carry(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut state: watch::Receiver<State>,
) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let now = *state.borrow_and_update();
        tokio::select! {
            changed = state.changed() => if changed.is_err() { return },
            read = from.read(&mut buffer), if now == State::Good => match read {
                Ok(count) if count > 0 => if to.write_all(&buffer[..count]).await.is_err() { return },
                _ => return,
            },
        }
        if *state.borrow() == State::Cut {
            return;
        }
    }
}
