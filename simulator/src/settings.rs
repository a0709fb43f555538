//! What a simulator is started with.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::identity;
use crate::profile::Profile;

mod cloud_states;
mod panel;
pub use cloud_states::CloudState;
pub use panel::{PanelAccount, PanelSettings};

/// Settings of a simulator; start from [`SimulatorSettings::numbered`] or [`SimulatorSettings::site`].
#[derive(Clone)]
pub struct SimulatorSettings {
    /// The devices, in the order of their addresses.
    pub devices: Vec<DeviceSettings>,
    /// Address of the first device; the others follow.
    pub first: Ipv4Addr,
    /// The port of every device; 0 picks one that is free on every address.
    pub port: u16,
    /// Where the control API listens; port 0 picks a free one.
    pub control: SocketAddr,
    /// One listener a device or one for all.
    pub listeners: Listeners,
    /// How long a connection may be idle.
    pub idle_timeout: Duration,
    /// Connections that a device serves at a time; more are reset.
    pub connections_per_device: usize,
    /// Pause between two heartbeats of an event stream.
    pub heartbeat: Duration,
    /// How long a digest nonce is good.
    pub nonce_lifetime: Duration,
    /// What serials, addresses behind recorders and the like follow from. Two networks need two seeds.
    pub seed: u64,
    /// Where SADP inquiries and commands are heard; port 0 picks a free one. `None`: nowhere.
    pub sadp: Option<SocketAddr>,
    /// How long a device takes to register with the cloud once its service is enabled.
    pub registration: Duration,
    /// How long a device is away when it reboots.
    pub reboot: Duration,
}

/// One device to simulate.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own that any combination may have")]
pub struct DeviceSettings {
    /// Its name, which it tells in deviceInfo.
    pub name: String,
    /// Its kind.
    pub profile: Profile,
    /// Name of its account.
    pub user: String,
    /// Password of its account; nobody's before it is activated.
    pub password: String,
    /// Whether it speaks HTTPS with a self-signed certificate instead of HTTP.
    pub tls: bool,
    /// Whether it is on.
    pub power: bool,
    /// Whether it has a password. One that has none answers `notActivated` to nearly everything.
    pub activated: bool,
    /// Its cloud service.
    pub service: Service,
    /// Whether somebody's account owns it.
    pub bound: bool,
    /// Whether it takes its address from a DHCP server.
    pub dhcp: bool,
    /// Another firmware than its model's, e.g. `V3.4.92 build 170228`.
    pub firmware: Option<String>,
    /// The verification code printed on its label; `None` prints none.
    pub label_code: Option<String>,
    /// What it is as an alarm panel, if it is one.
    pub panel: PanelSettings,
}

/// A device's switch for the cloud ("platform access").
#[derive(Clone)]
pub struct Service {
    /// Whether it is switched on.
    pub enabled: bool,
    /// Whether it gets through to the cloud while it is switched on.
    pub registered: bool,
    /// The verification code that it knows.
    pub code: Option<String>,
    /// Whose cloud it is.
    pub host: ServiceHost,
}

/// Whose cloud a device is set to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceHost {
    /// The installers' and owners' service.
    HikConnect,
    /// The consumer brand's.
    Ezviz,
}

impl ServiceHost {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::HikConnect => "litedev.hik-connect.com",
            Self::Ezviz => "litedev.ezvizlife.com",
        }
    }
}

/// How connections reach the devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listeners {
    /// A socket a device: a device that is off refuses connections as a closed port does.
    PerDevice,
    /// One socket on all addresses, for more devices than there may be open files: a device that is off resets.
    Shared,
}

/// Ready-made sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Site {
    /// Twelve cameras and recorders of every profile, all healthy.
    Mixed12,
    /// One device in each state that adding a cloud device can meet; see [`CloudState`].
    CloudStates,
    /// Two customers and their ways: a router (place 0) and 40 cameras, a recorder (41) and the 16 cameras that it shows, and
    /// the router (58) of whoever watches them. What is behind what is set over the control API.
    Routed,
}

impl SimulatorSettings {
    /// `count` cameras and recorders that take turns through their profiles.
    pub fn numbered(count: usize, seed: u64) -> Self {
        let turns = (0..count).filter_map(|index| Profile::VIDEO.get(index % Profile::VIDEO.len()).copied());
        Self::of_profiles(turns, seed)
    }

    /// `count` devices of one profile.
    pub fn uniform(count: usize, profile: Profile, seed: u64) -> Self {
        Self::of_profiles(std::iter::repeat_n(profile, count), seed)
    }

    /// A ready-made site.
    pub fn site(site: Site, seed: u64) -> Self {
        match site {
            Site::Mixed12 => {
                Self::of_names(MIXED_12.into_iter().map(|(name, profile)| (name.to_owned(), profile)), seed)
            }
            Site::Routed => {
                let numbered = |name: &'static str, count: usize| {
                    (1..=count).map(move |number| (format!("{name} {number:02}"), Profile::Camera))
                };
                let devices = [("Router".to_owned(), Profile::Router)]
                    .into_iter()
                    .chain(numbered("Quay", 40))
                    .chain([("Recorder".to_owned(), Profile::Nvr)])
                    .chain(numbered("Shop", 16))
                    .chain([("Own router".to_owned(), Profile::Router)]);
                Self::of_names(devices, seed)
            }
            Site::CloudStates => {
                let mut settings = Self::of_names(CloudState::ALL.into_iter().map(CloudState::device), seed);
                for (state, device) in CloudState::ALL.into_iter().zip(&mut settings.devices) {
                    state.bring_about(device);
                }
                settings
            }
        }
    }

    fn of_profiles(profiles: impl Iterator<Item = Profile>, seed: u64) -> Self {
        let name = |(index, profile): (usize, Profile)| (format!("{} {:05}", title(profile), index + 1), profile);
        Self::of_names(profiles.enumerate().map(name), seed)
    }

    fn of_names(devices: impl Iterator<Item = (String, Profile)>, seed: u64) -> Self {
        let device = |(index, (name, profile))| {
            let code = identity::verification_code(seed, index);
            DeviceSettings {
                name,
                profile,
                user: "admin".to_owned(),
                password: identity::password(seed, index),
                tls: false,
                power: true,
                activated: true,
                service: Service {
                    enabled: true,
                    registered: true,
                    code: Some(code.clone()),
                    host: ServiceHost::HikConnect,
                },
                bound: false,
                dhcp: false,
                firmware: None,
                label_code: Some(code),
                panel: PanelSettings::default(),
            }
        };
        Self {
            devices: devices.enumerate().map(device).collect(),
            first: Ipv4Addr::new(127, 20, 0, 1),
            port: 0,
            control: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            listeners: Listeners::PerDevice,
            idle_timeout: Duration::from_secs(60),
            connections_per_device: 20,
            heartbeat: Duration::from_secs(5),
            nonce_lifetime: Duration::from_secs(5 * 60),
            seed,
            sadp: None,
            registration: Duration::from_secs(1),
            reboot: Duration::from_secs(2),
        }
    }
}

const fn title(profile: Profile) -> &'static str {
    match profile {
        Profile::Camera => "Camera",
        Profile::CameraOld => "Old camera",
        Profile::Dome => "Dome",
        Profile::Nvr => "Recorder",
        Profile::NvrOld => "Old recorder",
        Profile::Dvr => "Analogue recorder",
        Profile::Thermal => "Thermal camera",
        Profile::Panel => "Alarm panel",
        Profile::PanelHybrid => "Hybrid alarm panel",
        Profile::Router => "Router",
    }
}

const MIXED_12: [(&str, Profile); 12] = [
    ("Gate", Profile::Camera),
    ("Reception", Profile::Camera),
    ("Car park & ramp", Profile::Camera),
    ("Yard dome", Profile::Dome),
    ("Roof dome", Profile::Dome),
    ("Workshop", Profile::CameraOld),
    ("Cellar", Profile::CameraOld),
    ("Recorder north", Profile::Nvr),
    ("Recorder south", Profile::Nvr),
    ("Warehouse recorder", Profile::NvrOld),
    ("Shop recorder", Profile::Dvr),
    ("Transformer", Profile::Thermal),
];
