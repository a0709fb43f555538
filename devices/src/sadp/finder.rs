//! Asking the network over a real socket: who is there, and "you there, do this".

use std::collections::HashSet;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use siteward_domain::device_password::check_new;
use tokio::net::UdpSocket;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use super::answer::mac_with_colons;
use super::message::{datagram, exchange_code};
use super::reply::{Reply, UnbindState};
use super::{Command, Inquiry, MOST_BYTES, SadpAnswer, SadpError, read_match, read_reply};
use crate::activation::USER;
use crate::activation::exchange::{Exchange, NotOpened, Way};

/// Devices that one inquiry finds at most.
const MOST_DEVICES: usize = 8192;
/// Datagrams that one question looks at, at most: what floods the network ends it early.
const MOST_DATAGRAMS: usize = 65_536;
/// Room for answers that come faster than they are read.
const RECEIVE_BUFFER: usize = 2 * 1024 * 1024;
/// How often an inquiry is sent: a datagram gets lost easily where a thousand devices answer at once.
const ROUNDS: u32 = 2;

/// One socket to find devices with and to send them commands. One question at a time.
pub struct Finder {
    socket: UdpSocket,
    targets: Vec<SocketAddr>,
    wait: Duration,
    turn: Mutex<()>,
}

/// What a device did on a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Told {
    /// Whether it can be freed from its account; only [`Command::ReadBindState`] tells.
    pub unbind: UnbindState,
}

impl Finder {
    /// Listens on `listen` (devices answer to port 37020) and sends to `targets`: multicast groups, broadcast
    /// addresses, single devices. Each question waits for `wait`.
    pub async fn open(listen: SocketAddr, targets: Vec<SocketAddr>, wait: Duration) -> io::Result<Self> {
        let socket = UdpSocket::bind(listen).await?;
        socket.set_broadcast(true)?;
        // A thousand devices answer within milliseconds; what a machine gives less of, it gives less of.
        let _ = socket2::SockRef::from(&socket).set_recv_buffer_size(RECEIVE_BUFFER);
        let interface = match listen.ip() {
            IpAddr::V4(address) => address,
            IpAddr::V6(_) => Ipv4Addr::UNSPECIFIED,
        };
        for target in &targets {
            if let IpAddr::V4(group) = target.ip()
                && group.is_multicast()
            {
                // A machine without a route for multicast can still broadcast.
                let _ = socket.join_multicast_v4(group, interface);
            }
        }
        Ok(Self { socket, targets, wait, turn: Mutex::new(()) })
    }

    /// Where it listens.
    pub fn local_address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Asks who is there. Takes the whole waiting time; gives each device once.
    ///
    /// Errors: [`SadpError::Network`] when not one target could be sent to.
    pub async fn discover(&self) -> Result<Vec<SadpAnswer>, SadpError> {
        let _turn = self.turn.lock().await;
        let inquiry = Inquiry::new(Uuid::new_v4());
        let text = inquiry.to_xml();
        let mut found = Vec::new();
        let mut known = HashSet::new();
        let mut ear = Ear::default();
        for _ in 0..ROUNDS {
            self.send(text.as_bytes()).await?;
            let end = Instant::now() + self.wait / ROUNDS;
            while let Some(answer) = ear.next(&self.socket, end, |bytes| read_match(bytes).ok()).await {
                let ours = answer.uuid.as_deref() == Some(inquiry.uuid());
                if ours && found.len() < MOST_DEVICES && known.insert((answer.mac.clone(), answer.serial_text.clone()))
                {
                    found.push(answer);
                }
            }
        }
        Ok(found)
    }

    /// Tells the device with this MAC address to do something, and waits for its answer. Nothing is sent twice: a
    /// command whose answer got lost may have been done. A first password against the rule is not sent at all.
    pub async fn command(&self, mac: &str, command: &Command) -> Result<Told, SadpError> {
        let _turn = self.turn.lock().await;
        let mac = mac_with_colons(mac).ok_or(SadpError::NoMac)?;
        if let Command::Activate { password } = command {
            check_new(password.expose_secret(), USER).map_err(|_| SadpError::PasswordRule)?;
        }
        let sealed = match command.password() {
            Some(password) => self.seal(&mac, password).await?,
            None => String::new(),
        };
        let id = Uuid::new_v4();
        let text = command.to_xml(id, &mac, &sealed).ok_or(SadpError::NoMac)?;
        let reply = self.ask(id, &mac, &text).await?;
        if matches!(command, Command::ReadBindState) && reply.verdict.is_none() && reply.unbind != UnbindState::Unknown
        {
            return Ok(Told { unbind: reply.unbind });
        }
        reply.judge()?;
        Ok(Told { unbind: reply.unbind })
    }

    /// The password as it goes over the wire.
    ///
    /// [?] Sealed with a random text of `exchangecode`, as one source has it for activation. For commands after activation no source shows
    /// the form; the other candidate is the salted one of `update`: a key of MD5(hex SHA-256(user + Salt + password)).
    async fn seal(&self, mac: &str, password: &SecretString) -> Result<String, SadpError> {
        let exchange = Exchange::begin().await?;
        let id = Uuid::new_v4();
        let text = exchange_code(id, mac, &exchange.public_key(Way::Sadp)).ok_or(SadpError::NoMac)?;
        let reply = self.ask(id, mac, &text).await?;
        let Some(code) = reply.code.as_deref() else {
            reply.judge()?;
            return Err(SadpError::BadAnswer);
        };
        Ok(exchange.open(Way::Sadp, code)?.seal(password)?)
    }

    /// Sends one message and gives the answer that repeats its id, from the device that was meant.
    async fn ask(&self, id: Uuid, mac: &str, text: &SecretString) -> Result<Reply, SadpError> {
        let id = id.hyphenated().to_string().to_ascii_uppercase();
        self.send(datagram(text)).await?;
        let end = Instant::now() + self.wait;
        let mut ear = Ear::default();
        while let Some(reply) = ear.next(&self.socket, end, |bytes| read_reply(bytes).ok()).await {
            let meant = reply.mac.as_deref().is_none_or(|told| told == mac);
            if meant && reply.uuid.as_deref() == Some(id.as_str()) {
                return Ok(reply);
            }
        }
        Err(SadpError::NoAnswer)
    }

    async fn send(&self, bytes: &[u8]) -> Result<(), SadpError> {
        let mut sent = false;
        for target in &self.targets {
            sent |= self.socket.send_to(bytes, target).await.is_ok();
        }
        if sent { Ok(()) } else { Err(SadpError::Network) }
    }
}

/// Listens to the answers of one question.
struct Ear {
    buffer: Vec<u8>,
    left: usize,
}

impl Default for Ear {
    fn default() -> Self {
        // One byte more than an answer may have, so that a cut one is not taken for whole.
        Self { buffer: vec![0; MOST_BYTES + 1], left: MOST_DATAGRAMS }
    }
}

impl Ear {
    /// The next datagram that can be read, until the time is over or too many came.
    async fn next<T>(&mut self, socket: &UdpSocket, end: Instant, read: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
        while self.left > 0 {
            self.left -= 1;
            let (length, _) = timeout_at(end, socket.recv_from(&mut self.buffer)).await.ok()?.ok()?;
            if let Some(told) = self.buffer.get(..length).and_then(&read) {
                return Some(told);
            }
        }
        None
    }
}

impl From<NotOpened> for SadpError {
    fn from(_: NotOpened) -> Self {
        Self::BadAnswer
    }
}
