//! Cameras, recorders, alarm panels and their faults on loopback: thousands of devices in one process, each on its own
//! `127.x.y.z`.
//!
//! Written from protocol notes alone. **Invariant:** this crate never depends on `siteward-devices`, so that a wrong
//! guess about the protocol is not shared by both ends. What the devices say is data ([`Profile`]), what goes wrong
//! with them is a [`Change`] sent by [`Simulator::set`] or by the control API while they run.

mod answers;
mod change;
mod ciphers;
mod connection;
mod control;
mod device;
mod documents;
mod hostile;
mod identity;
mod login;
mod network;
mod operations;
mod pages;
mod panel;
mod picture;
mod profile;
mod resource;
mod rules;
mod sadp;
mod settings;
mod setup;
mod simulator;
mod storage;
mod telling;
mod tls;
mod upgrade;
mod wire;
mod xml;

pub use change::{Change, Counters, DeviceView, Disk, Hostile, Network, NewCertificate};
pub use operations::linked::Linked;
pub use panel::{
    Arming, PanelAccountChange, PanelAccountView, PanelBattery, PanelChange, PanelFailure, PanelLink, PanelRole,
    PanelView, ZoneChange,
};
pub use profile::Profile;
pub use settings::{
    CloudState, DeviceSettings, Listeners, PanelAccount, PanelSettings, Service, ServiceHost, SimulatorSettings, Site,
};
pub use simulator::{DeviceHandle, Simulator, SimulatorError};
pub use storage::{Smart, StorageChange};
pub use telling::{Alert, EventStream, PushTarget, TellingView};
pub use upgrade::{
    Fault as UpgradeFaultOrNone, NoFault, Package as UpgradePackage, UpgradeChange, UpgradeFault, UpgradeView,
};
