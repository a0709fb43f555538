//! What people set up on a device and it keeps: password or none yet, cloud service, owner, name, clock.

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::time::Instant;

use crate::change::Change;
use crate::ciphers::Secret;
use crate::identity::Identity;
use crate::operations::linked::Linked;
use crate::profile::Profile;
use crate::settings::{DeviceSettings, ServiceHost};

/// What is set up on a device.
pub(crate) struct Setup {
    pub(crate) name: String,
    /// Version and build where they are not the model's.
    firmware: Option<Box<(String, String)>>,
    pub(crate) activated: bool,
    pub(crate) service: CloudService,
    pub(crate) bound: bool,
    pub(crate) dhcp: bool,
    pub(crate) clock: Clock,
    /// The addresses of the cameras of its channels, where they are devices of this simulator.
    pub(crate) shows: Option<Vec<Ipv4Addr>>,
    /// What others had it do.
    pub(crate) linked: Linked,
    /// When it came back from its last reboot.
    pub(crate) rebooted: Option<Instant>,
    /// What the last challenge over ISAPI told, until it is used.
    pub(crate) challenge: Option<Box<Secret>>,
    /// What the last exchange over SADP told, until it is used.
    pub(crate) exchange: Option<Box<Secret>>,
}

/// The switch for the cloud and what follows from it.
pub(crate) struct CloudService {
    pub(crate) enabled: bool,
    /// Whether the cloud can be reached.
    pub(crate) reachable: bool,
    pub(crate) enabled_at: Option<Instant>,
    pub(crate) code: Option<String>,
    pub(crate) host: ServiceHost,
}

/// How a clock is kept; its error is a matter of the device's condition.
pub(crate) struct Clock {
    pub(crate) by_hand: bool,
    /// Seconds east of Greenwich.
    pub(crate) east: i32,
    /// The time zone as somebody wrote it.
    pub(crate) zone: Option<Box<str>>,
}

impl CloudService {
    /// Whether the cloud knows the device; `takes` is how long it needs for that.
    pub(crate) fn is_registered(&self, now: Instant, takes: Duration) -> bool {
        self.enabled
            && self.reachable
            && self.enabled_at.is_none_or(|since| now.saturating_duration_since(since) >= takes)
    }

    /// Switches it; switching on what is on changes nothing.
    pub(crate) fn switch(&mut self, on: bool, now: Instant) {
        if on && !self.enabled {
            self.enabled_at = Some(now);
        }
        self.enabled = on;
    }
}

impl Clock {
    /// The time zone as the device writes it.
    pub(crate) fn zone(&self) -> String {
        if let Some(zone) = &self.zone {
            return zone.to_string();
        }
        // POSIX sign: minus is east.
        let sign = if self.east > 0 { '-' } else { '+' };
        format!("CST{sign}{}:00:00", (self.east / 3600).abs())
    }
}

impl Setup {
    pub(crate) fn new(given: &DeviceSettings, identity: &Identity) -> Self {
        Self {
            name: given.name.clone(),
            firmware: given.firmware.as_deref().map(firmware).map(Box::new),
            activated: given.activated,
            service: CloudService {
                enabled: given.service.enabled,
                reachable: given.service.registered,
                enabled_at: None,
                code: given.service.code.clone(),
                host: given.service.host,
            },
            bound: given.bound,
            dhcp: given.dhcp,
            clock: Clock { by_hand: false, east: identity.zone_hours * 3600, zone: None },
            shows: None,
            linked: Linked::default(),
            rebooted: None,
            challenge: None,
            exchange: None,
        }
    }

    /// Version and build.
    pub(crate) fn firmware(&self, identity: &Identity) -> (String, String) {
        match &self.firmware {
            Some(own) => own.as_ref().clone(),
            None => (identity.model.firmware.to_owned(), identity.model.build.to_owned()),
        }
    }

    /// Firmware 3.x: cannot be unbound by anybody but the service centre.
    pub(crate) fn is_version_3(&self, identity: &Identity) -> bool {
        self.firmware(identity).0.trim_start_matches('V').starts_with("3.")
    }

    /// Whether it takes verification codes of six capitals only.
    pub(crate) fn wants_old_codes(&self, identity: &Identity) -> bool {
        matches!(identity.profile, Profile::CameraOld | Profile::NvrOld) || self.is_version_3(identity)
    }

    /// Takes over a change.
    pub(crate) fn change(&mut self, change: &Change) {
        if let Some(name) = &change.name {
            self.name.clone_from(name);
        }
        if let Some(activated) = change.activated {
            self.activated = activated;
        }
        if let Some(enabled) = change.service_enabled {
            self.service.enabled = enabled;
            self.service.enabled_at = None;
        }
        if let Some(reachable) = change.service_registered {
            self.service.reachable = reachable;
            self.service.enabled_at = None;
        }
        if let Some(code) = &change.verification_code {
            self.service.code = (!code.is_empty()).then(|| code.clone());
        }
        if let Some(bound) = change.bound {
            self.bound = bound;
        }
        if let Some(ezviz) = change.ezviz {
            self.service.host = if ezviz { ServiceHost::Ezviz } else { ServiceHost::HikConnect };
        }
        if let Some(written) = &change.firmware {
            self.firmware = Some(Box::new(firmware(written)));
        }
        if let Some(dhcp) = change.dhcp {
            self.dhcp = dhcp;
        }
        if change.menu_unbind == Some(true) {
            self.bound = false;
        }
    }
}

/// Version and build of `V3.4.92 build 170228`.
fn firmware(written: &str) -> (String, String) {
    let (version, build) = written.trim().split_once(' ').unwrap_or((written.trim(), ""));
    (version.to_owned(), build.trim().to_owned())
}
