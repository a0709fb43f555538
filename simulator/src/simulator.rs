//! A running simulator: starts devices and their control API, changes them, ends with its value.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde::Serialize;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

use crate::change::{Change, DeviceView, Disk, Network, NewCertificate};
use crate::control;
use crate::device::{Condition, Device, Limits, Tallies, held};
use crate::identity::Identity;
use crate::login::Door;
use crate::network;
use crate::panel::{Panel, PanelAccountView};
use crate::profile::Profile;
use crate::sadp;
use crate::settings::{DeviceSettings, Listeners, SimulatorSettings};
use crate::setup::Setup;
use crate::storage::Stored;
use crate::telling::{self, Telling};
use crate::tls::{self, CertificateError};
use crate::upgrade::Upgrade;

/// Why a simulator cannot start or change.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    /// The devices do not fit into the loopback network from the first address on.
    #[error("{count} devices from {first} on are not all loopback addresses")]
    Addresses {
        /// Address of the first.
        first: Ipv4Addr,
        /// How many there are.
        count: usize,
    },
    /// Listening failed.
    #[error("cannot listen for {what}; with many devices raise the limit of open files or share one listener")]
    Listen {
        /// For whom.
        what: String,
        /// The system's reason.
        #[source]
        source: std::io::Error,
    },
    /// A certificate could not be made.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// There is no device at that place.
    #[error("there is no device {0}; places count from 0")]
    NoDevice(usize),
    /// A new certificate for a device that speaks plain HTTP.
    #[error("device {0} does not speak TLS")]
    NoTls(usize),
    /// Unbinding in the menu of a device that has none for it.
    #[error("firmware 3.x of device {0} has no menu for unbinding")]
    NoMenu(usize),
    /// A change of a panel for a device that is none.
    #[error("device {0} is no alarm panel")]
    NoPanel(usize),
    /// A change of an account, a zone or an area that a panel does not have.
    #[error("panel {device} has no {what}")]
    NotThere {
        /// The panel.
        device: usize,
        /// What is missing, e.g. `zone 9`.
        what: String,
    },
}

/// What a client needs to know of a simulated device; serialises as the ready line lists it.
#[derive(Clone, Serialize)]
pub struct DeviceHandle {
    /// Place in the list, from 0; the control API's number.
    pub index: usize,
    /// Its name.
    pub name: String,
    /// The loopback address that it started at.
    pub address: Ipv4Addr,
    /// Its port.
    pub port: u16,
    /// `http` or `https`.
    pub scheme: &'static str,
    /// Name of its account.
    pub user: String,
    /// Password that it started with; empty where it had none yet.
    pub password: String,
    /// Its kind.
    pub profile: Profile,
    /// Short serial number, 9 characters.
    pub serial: String,
    /// The long serial number that it tells.
    pub serial_number: String,
    /// Its model.
    pub model: &'static str,
    /// Its MAC address, e.g. `44:19:b6:01:02:03`.
    pub mac: String,
    /// The verification code that it knew when it started.
    pub verification_code: Option<String>,
    /// The text of the QR code on its label.
    pub label: String,
    /// Whether it had a password when it started.
    pub activated: bool,
    /// Whether somebody's account owned it when it started.
    pub bound: bool,
    /// Firmware that it started with, e.g. `V5.7.15 build 230313`.
    pub firmware: String,
}

impl DeviceHandle {
    /// Where it answers, e.g. `http://127.20.0.1:18080`.
    pub fn base(&self) -> String {
        format!("{}://{}:{}", self.scheme, self.address, self.port)
    }
}

/// A running simulator. It runs on the runtime it was started on and ends when it is dropped.
pub struct Simulator {
    street: Arc<Street>,
    control: SocketAddr,
    sadp: Option<SocketAddr>,
    tasks: Vec<JoinHandle<()>>,
}

/// The devices and what lists them; shared with the control API.
pub(crate) struct Street {
    pub(crate) devices: Vec<Arc<Device>>,
    pub(crate) handles: Vec<DeviceHandle>,
    listeners: Listeners,
    /// The next address that nobody had.
    vacant: AtomicU32,
}

impl Simulator {
    /// Starts devices and control API; when it returns, all of them answer.
    pub async fn start(settings: SimulatorSettings) -> Result<Self, SimulatorError> {
        let count = settings.devices.len();
        if !network::fits(settings.first, count) {
            return Err(SimulatorError::Addresses { first: settings.first, count });
        }
        let shared = settings.listeners == Listeners::Shared;
        let cannot = |what: String| move |source| SimulatorError::Listen { what, source };
        let (port, sockets) = network::bind_all(settings.first, count, settings.port, shared)
            .map_err(cannot(format!("{count} devices from {} on at port {}", settings.first, settings.port)))?;
        let devices = build(&settings, port)?;
        let mut tasks = Vec::new();
        if shared {
            for socket in sockets {
                let task = network::listen_for_all(socket, settings.first, devices.clone());
                tasks.push(task.map_err(cannot("all devices".to_owned()))?);
            }
        } else {
            for (device, socket) in devices.iter().zip(sockets) {
                if held(&device.condition).is_up() {
                    network::switch_on(device, socket).map_err(cannot(device.address().to_string()))?;
                }
            }
        }
        let handles = devices.iter().zip(&settings.devices).map(|(device, given)| handle(device, given)).collect();
        let vacant = AtomicU32::new(u32::from(settings.first).saturating_add(u32::try_from(count).unwrap_or(u32::MAX)));
        let street = Arc::new(Street { devices, handles, listeners: settings.listeners, vacant });
        let what = || cannot(format!("the control API at {}", settings.control));
        let listener = tokio::net::TcpListener::bind(settings.control).await.map_err(what())?;
        let control = listener.local_addr().map_err(what())?;
        tasks.push(tokio::spawn(control::serve(listener, Arc::clone(&street))));
        let sadp = match settings.sadp {
            None => None,
            Some(wanted) => {
                let (address, hearing) =
                    sadp::listen(wanted, &street).await.map_err(cannot(format!("SADP at {wanted}")))?;
                tasks.extend(hearing);
                Some(address)
            }
        };
        Ok(Self { street, control, sadp, tasks })
    }

    /// Where SADP inquiries and commands are heard.
    pub fn sadp(&self) -> Option<SocketAddr> {
        self.sadp
    }

    /// The devices, in the order of their addresses.
    pub fn devices(&self) -> &[DeviceHandle] {
        &self.street.handles
    }

    /// Base URL of the control API.
    pub fn control(&self) -> String {
        format!("http://{}", self.control)
    }

    /// Changes the device at a place; when it returns, the change holds for every further request.
    pub async fn set(&self, device: usize, change: Change) -> Result<(), SimulatorError> {
        self.street.set(device, &change).await
    }

    /// State and counters of the device at a place.
    pub fn view(&self, device: usize) -> Result<DeviceView, SimulatorError> {
        self.street.device(device).map(|device| device.view(Instant::now()))
    }

    /// The accounts of the alarm panel at a place, passwords and all.
    pub fn accounts(&self, device: usize) -> Result<Vec<PanelAccountView>, SimulatorError> {
        self.street.accounts(device)
    }

    /// Sets every counter to 0.
    pub fn reset_counters(&self) {
        self.street.reset_counters();
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
        for device in &self.street.devices {
            for task in [held(&device.rebooting).take(), held(&device.accepting).take()].into_iter().flatten() {
                task.abort();
            }
            network::disconnect(device);
        }
    }
}

impl Street {
    pub(crate) fn device(&self, index: usize) -> Result<&Arc<Device>, SimulatorError> {
        self.devices.get(index).ok_or(SimulatorError::NoDevice(index))
    }

    pub(crate) fn accounts(&self, index: usize) -> Result<Vec<PanelAccountView>, SimulatorError> {
        let device = self.device(index)?;
        let panel = device.panel.as_ref().ok_or(SimulatorError::NoPanel(index))?;
        Ok(held(panel).account_views(device))
    }

    pub(crate) fn reset_counters(&self) {
        for device in &self.devices {
            device.tallies.reset();
            if let Some(panel) = &device.panel {
                held(panel).accounts.created.clear();
            }
        }
    }

    pub(crate) async fn set(&self, index: usize, change: &Change) -> Result<(), SimulatorError> {
        let device = self.device(index)?;
        let mut end_connections = false;
        if let Some(change) = &change.panel {
            let panel = device.panel.as_ref().ok_or(SimulatorError::NoPanel(index))?;
            if let Some(what) = held(panel).unknown_in(change) {
                return Err(SimulatorError::NotThere { device: index, what });
            }
        }
        if change.menu_unbind == Some(true) && held(&device.setup).is_version_3(&device.identity) {
            return Err(SimulatorError::NoMenu(index));
        }
        if change.tls_certificate == Some(NewCertificate::New) {
            let certificate = device.certificate.as_ref().ok_or(SimulatorError::NoTls(index))?;
            *held(certificate) = tls::self_signed(device.address())?;
            end_connections = true;
        }
        let named = change.behind.iter().flatten().chain(change.shows.iter().flatten());
        if let Some(absent) = named.copied().find(|place| self.devices.get(*place).is_none()) {
            return Err(SimulatorError::NoDevice(absent));
        }
        if let Some(behind) = &change.behind {
            held(&device.behind).clone_from(behind);
        }
        if let Some(shows) = &change.shows {
            let addresses = shows.iter().filter_map(|place| self.devices.get(*place)).map(|shown| shown.address());
            held(&device.setup).shows = Some(addresses.collect());
        }
        end_connections |= device.change(change, Instant::now());
        if change.address_change == Some(true) {
            self.move_away(device).await?;
            end_connections = true;
        }
        if self.listeners == Listeners::PerDevice {
            self.listen_or_not(device).await?;
        }
        if end_connections {
            network::disconnect(device);
        }
        for alert in change.event.iter().flatten() {
            telling::raise(device, alert).await;
        }
        if change.power.is_some() || change.behind.is_some() {
            self.cut_off().await?;
        }
        Ok(())
    }

    /// Cuts off what is behind something that is off, however far behind, and brings back what is not any more.
    async fn cut_off(&self) -> Result<(), SimulatorError> {
        let mut cut = BTreeSet::new();
        let mut off: Vec<usize> =
            self.devices.iter().filter(|device| !held(&device.condition).power).map(|device| device.index).collect();
        while let Some(place) = off.pop() {
            let behind = self.devices.get(place).map(|device| held(&device.behind).clone()).unwrap_or_default();
            off.extend(behind.into_iter().filter(|place| cut.insert(*place)));
        }
        for device in &self.devices {
            let is_cut = cut.contains(&device.index);
            let was_cut = std::mem::replace(&mut held(&device.condition).cut_off, is_cut);
            if is_cut != was_cut {
                if self.listeners == Listeners::PerDevice {
                    self.listen_or_not(device).await?;
                }
                network::disconnect(device);
            }
        }
        Ok(())
    }

    /// Makes the device's own listener follow its power.
    async fn listen_or_not(&self, device: &Arc<Device>) -> Result<(), SimulatorError> {
        let up = held(&device.condition).is_up();
        let listening = held(&device.accepting).is_some();
        let cannot = |source| SimulatorError::Listen { what: device.address().to_string(), source };
        if !up {
            network::switch_off(device).await;
            // What others are reached through takes every answer with it, also its own refusals.
            let is_way = !held(&device.behind).is_empty() || device.identity.profile == Profile::Router;
            if held(&device.condition).cut_off || is_way {
                network::swallow(device).await.map_err(cannot)?;
            } else {
                network::spit_out(device);
            }
        } else if !listening {
            network::spit_out(device);
            network::switch_on_again(device).map_err(cannot)?;
        }
        Ok(())
    }

    /// Gives the device an address that nobody had; whoever listens for it follows.
    async fn move_away(&self, device: &Arc<Device>) -> Result<(), SimulatorError> {
        let mut refused = std::io::Error::from(std::io::ErrorKind::AddrNotAvailable);
        for _ in 0..100 {
            let place = Ipv4Addr::from(self.vacant.fetch_add(1, Ordering::Relaxed));
            if !place.is_loopback() || matches!(place.octets(), [.., 0 | 255]) {
                continue;
            }
            if self.listeners == Listeners::PerDevice {
                match TcpListener::bind((place, device.port)) {
                    Ok(probe) => drop(probe),
                    Err(error) => {
                        refused = error;
                        continue;
                    }
                }
            }
            network::switch_off(device).await;
            device.place.store(u32::from(place), Ordering::Relaxed);
            return Ok(());
        }
        Err(SimulatorError::Listen { what: format!("device {} at another address", device.index), source: refused })
    }
}

fn build(settings: &SimulatorSettings, port: u16) -> Result<Vec<Arc<Device>>, SimulatorError> {
    let limits = Arc::new(Limits {
        idle_timeout: settings.idle_timeout,
        connections: settings.connections_per_device,
        heartbeat: settings.heartbeat,
        registration: settings.registration,
        reboot: settings.reboot,
        own_listeners: settings.listeners == Listeners::PerDevice,
    });
    let started = Instant::now();
    let mut of_profile = std::collections::HashMap::new();
    let mut devices = Vec::with_capacity(settings.devices.len());
    for ((index, given), address) in
        settings.devices.iter().enumerate().zip(network::addresses(settings.first, settings.devices.len()))
    {
        let nth = of_profile.entry(given.profile).and_modify(|nth| *nth += 1).or_insert(0_usize);
        let identity = Identity::new(settings.seed, index, *nth, given.profile);
        let realm = match given.profile {
            Profile::CameraOld => identity.model.title.to_owned(),
            Profile::Panel | Profile::PanelHybrid => format!("Alarm Panel({})", identity.short_serial),
            _ => format!("IP Camera({})", identity.short_serial.get(4..).unwrap_or_default()),
        };
        let disk = if identity.model.disks == 0 { Disk::None } else { Disk::Ok };
        devices.push(Arc::new(Device {
            index,
            place: AtomicU32::new(u32::from(address)),
            port,
            user: given.user.clone(),
            door: Mutex::new(Door::new(
                given.profile.style().login,
                realm,
                &given.user,
                &given.password,
                settings.nonce_lifetime,
            )),
            condition: Mutex::new(Condition {
                power: given.power,
                rebooting: false,
                cut_off: false,
                network: Network::Ok,
                disk,
                video_loss: BTreeSet::new(),
                channel_offline: BTreeSet::new(),
                stored: Stored::default(),
                clock_offset_seconds: 0,
                hostile: None,
                delay_ms: 0,
            }),
            setup: Mutex::new(Setup::new(given, &identity)),
            upgrade: Mutex::new(Upgrade::new(identity.model.letters)),
            panel: Panel::new(given, &identity, settings.seed, index).map(|panel| Box::new(Mutex::new(panel))),
            certificate: given.tls.then(|| tls::self_signed(address).map(Mutex::new)).transpose()?,
            limits: Arc::clone(&limits),
            started,
            tallies: Tallies::default(),
            telling: Telling::default(),
            info_document: Mutex::new(bytes::Bytes::new()),
            status_document: Mutex::new((i64::MIN, bytes::Bytes::new())),
            connections: Mutex::new(JoinSet::new()),
            open: AtomicUsize::new(0),
            behind: Mutex::new(BTreeSet::new()),
            swallowing: Mutex::new(None),
            accepting: Mutex::new(None),
            keeping: Mutex::new(None),
            rebooting: Mutex::new(None),
            identity,
        }));
    }
    Ok(devices)
}

fn handle(device: &Device, given: &DeviceSettings) -> DeviceHandle {
    let identity = &device.identity;
    let (version, build) = device.firmware();
    DeviceHandle {
        index: device.index,
        name: given.name.clone(),
        address: device.address(),
        port: device.port,
        scheme: if device.certificate.is_some() { "https" } else { "http" },
        user: device.user.clone(),
        password: if given.activated { given.password.clone() } else { String::new() },
        profile: identity.profile,
        serial: identity.short_serial.clone(),
        serial_number: identity.serial_number.clone(),
        model: identity.model.title,
        mac: identity.mac.clone(),
        verification_code: given.service.code.clone(),
        label: identity.label(given.label_code.as_deref()),
        activated: given.activated,
        bound: given.bound,
        firmware: format!("{version} {build}"),
    }
}
