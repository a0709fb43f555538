//! A platform that takes a link's session, and a network whose devices answer inquiries.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use secrecy::SecretString;
use siteward_devices::tunnel::websocket::{KeepAlive, Tungstenite, WebSocketIo, tungstenite_config};
use siteward_devices::tunnel::{self, Inbound, LinkReport, Mux, MuxStream, Side, frames};
use siteward_domain::SerialNumber;
use siteward_link::{Config, Discovery};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_util::sync::CancellationToken;

pub(crate) const TOKEN: &str = "the-token-of-this-link";
pub(crate) const SOON: Duration = Duration::from_secs(20);

/// A platform on loopback.
pub(crate) struct Platform {
    pub(crate) port: u16,
    /// Status that sessions are refused with; 0 takes them.
    pub(crate) refuses_with: Arc<AtomicU16>,
    pub(crate) tries: Arc<AtomicU32>,
    sessions: mpsc::UnboundedReceiver<(Mux, Inbound)>,
}

impl Platform {
    pub(crate) async fn start() -> Self {
        Self::start_at(0).await
    }

    pub(crate) async fn start_at(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (given, sessions) = mpsc::unbounded_channel();
        let (refuses_with, tries) = (Arc::new(AtomicU16::new(0)), Arc::new(AtomicU32::new(0)));
        let (refusing, counting) = (Arc::clone(&refuses_with), Arc::clone(&tries));
        tokio::spawn(async move {
            loop {
                let taken = tokio::select! {
                    () = given.closed() => return,
                    accepted = listener.accept() => accepted.unwrap().0,
                };
                counting.fetch_add(1, Ordering::Relaxed);
                let (given, status) = (given.clone(), refusing.load(Ordering::Relaxed));
                tokio::spawn(async move { take_session(taken, status, &given).await });
            }
        });
        Self { port, refuses_with, tries, sessions }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The next session that the link opens.
    pub(crate) async fn session(&mut self) -> Session {
        let (mux, mut inbound) = timeout(SOON, self.sessions.recv()).await.unwrap().unwrap();
        let reports = timeout(SOON, inbound.next()).await.unwrap().unwrap();
        Session { mux, reports, _inbound: inbound }
    }

    pub(crate) fn tries(&self) -> u32 {
        self.tries.load(Ordering::Relaxed)
    }
}

#[expect(clippy::result_large_err, reason = "the library's own type")]
async fn take_session(stream: tokio::net::TcpStream, status: u16, given: &mpsc::UnboundedSender<(Mux, Inbound)>) {
    let check = |request: &Request, answer: Response| {
        assert_eq!(request.uri().path(), "/api/v1/link/session");
        let right = request.headers()["authorization"] == format!("Bearer {TOKEN}");
        if right && status == 0 {
            return Ok(answer);
        }
        let mut refusal = ErrorResponse::new(None);
        *refusal.status_mut() = http::StatusCode::from_u16(if right { status } else { 401 }).unwrap();
        Err(refusal)
    };
    let accepting = tokio_tungstenite::accept_hdr_async_with_config(stream, check, Some(tungstenite_config()));
    if let Ok(socket) = accepting.await {
        let io = WebSocketIo::new(Tungstenite(socket), KeepAlive::SERVER);
        let _ = given.send(tunnel::start(io, Side::Platform));
    }
}

/// A session, seen from the platform.
pub(crate) struct Session {
    pub(crate) mux: Mux,
    reports: MuxStream,
    _inbound: Inbound,
}

impl Session {
    /// The next report.
    pub(crate) async fn report(&mut self) -> LinkReport {
        timeout(SOON, frames::read(&mut self.reports)).await.unwrap().unwrap()
    }

    /// The next report that says more than that the link is alive.
    pub(crate) async fn news(&mut self) -> LinkReport {
        loop {
            match self.report().await {
                LinkReport::Alive | LinkReport::Hello { .. } => {}
                news => return news,
            }
        }
    }

    /// The serials of the first report of devices.
    pub(crate) async fn all(&mut self) -> Vec<String> {
        let LinkReport::All { devices } = self.news().await else { panic!("everything comes first") };
        devices.into_iter().map(|device| device.serial.as_str().to_owned()).collect()
    }
}

/// A device that answers inquiries.
#[derive(Clone)]
pub(crate) struct OnLan {
    pub(crate) serial: String,
    pub(crate) host: String,
    pub(crate) port: u16,
}

/// A network, as far as inquiries go.
#[derive(Clone)]
pub(crate) struct Lan {
    address: SocketAddr,
    devices: Arc<Mutex<Vec<OnLan>>>,
}

impl Lan {
    pub(crate) async fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let lan = Self { address: socket.local_addr().unwrap(), devices: Arc::default() };
        let devices = Arc::clone(&lan.devices);
        tokio::spawn(async move {
            let mut buffer = [0; 2048];
            loop {
                let (length, from) = socket.recv_from(&mut buffer).await.unwrap();
                let inquiry = String::from_utf8_lossy(buffer.get(..length).unwrap()).into_owned();
                let id = inquiry.split("<Uuid>").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default();
                let answers: Vec<OnLan> = devices.lock().unwrap().clone();
                for few in answers.chunks(25) {
                    for device in few {
                        socket.send_to(device.answer(id).as_bytes(), from).await.unwrap();
                    }
                    // Devices do not all answer in the same microsecond.
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            }
        });
        lan
    }

    pub(crate) fn set(&self, devices: &[(&str, &str, u16)]) {
        let of = |(serial, host, port): &(&str, &str, u16)| OnLan {
            serial: (*serial).to_owned(),
            host: (*host).to_owned(),
            port: *port,
        };
        *self.devices.lock().unwrap() = devices.iter().map(of).collect();
    }

    /// So many devices, all at one address: what differs is who they are.
    pub(crate) fn set_many(&self, count: u32, port: u16) {
        let of = |number| OnLan { serial: format!("G{number:08}"), host: "127.0.0.1".to_owned(), port };
        *self.devices.lock().unwrap() = (0..count).map(of).collect();
    }

    pub(crate) fn discovery(&self, allow_loopback: bool) -> Discovery {
        Discovery {
            targets: vec![self.address],
            listen: "127.0.0.1:0".parse().unwrap(),
            every_seconds: 0.2,
            wait_seconds: 0.2,
            devices: Vec::new(),
            allow_loopback,
        }
    }
}

impl OnLan {
    fn answer(&self, id: &str) -> String {
        let Self { serial, host, port } = self;
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ProbeMatch><Uuid>{id}</Uuid><Types>inquiry</Types>\
             <DeviceDescription>DS-2CD2000X</DeviceDescription><DeviceSN>DS-2CD2000X20200101AAWR{serial}</DeviceSN>\
             <CommandPort>8000</CommandPort><HttpPort>{port}</HttpPort><IPv4Address>{host}</IPv4Address>\
             <DHCP>flase</DHCP><SoftwareVersion>V5.6.2build 190701</SoftwareVersion><Activated>true</Activated></ProbeMatch>"
        )
    }
}

/// A running link; it ends with the test.
pub(crate) struct Running {
    _stop: tokio_util::sync::DropGuard,
}

pub(crate) fn run(url: String, token: &str, discovery: Discovery) -> Running {
    let stop = CancellationToken::new();
    let config = Config::new(url, SecretString::from(token), discovery);
    tokio::spawn(siteward_link::run(config, stop.clone()));
    Running { _stop: stop.drop_guard() }
}

/// Bytes of what [`web_server`] answers, head and all.
pub(crate) const ANSWER_BYTES: usize = 41 + 115 * 13;

/// Something that speaks enough HTTP, keeps its connections, and counts them.
pub(crate) async fn web_server() -> (u16, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let count = Arc::new(AtomicU32::new(0));
    let counting = Arc::clone(&count);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            counting.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(async move {
                let body = "<DeviceInfo/>".repeat(115);
                let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
                assert_eq!(answer.len(), ANSWER_BYTES);
                let mut buffer = [0; 1024];
                while stream.read(&mut buffer).await.is_ok_and(|count| count > 0) {
                    if stream.write_all(answer.as_bytes()).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (port, count)
}

pub(crate) fn serial(text: &str) -> SerialNumber {
    SerialNumber::parse(text).unwrap()
}
