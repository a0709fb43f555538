//! Alarm panels: what one tells of itself, and the roles its accounts have.
//!
//! Firmware keeps adding words, so every closed set here has a place for one that is not known. What a panel does
//! not tell is `None`: nothing is guessed.

use serde::{Deserialize, Serialize};

/// Declares an enum of words that stays open: stored and sent as one text, and an unknown text is kept as it is.
macro_rules! open_words {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $($(#[$doc])* $variant,)+
            /// A word that is not known here, as the panel writes it.
            Other(String),
        }

        impl $name {
            /// The word as stored and sent.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }

            /// Reads a stored word; what is not known stays as it is.
            pub fn from_stored(text: &str) -> Self {
                match text {
                    $($word => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::from_stored(&text)
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> Self {
                word.as_str().to_owned()
            }
        }
    };
}

open_words! {
    /// What an account of a panel may do, and where it comes from.
    pub enum PanelRole {
        /// The administrator made at activation.
        LocalAdmin = "local_admin",
        /// An installer known to the panel only; disabled until the administrator enables it.
        LocalInstaller = "local_installer",
        /// A user known to the panel only.
        LocalOperator = "local_operator",
        /// The owner, known to the cloud service.
        CloudAdmin = "cloud_admin",
        /// A user known to the cloud service.
        CloudOperator = "cloud_operator",
        /// The installer's company.
        InstallerAdmin = "installer_admin",
        /// One of the installer's staff.
        InstallerEmployee = "installer_employee",
    }
}

open_words! {
    /// Whether an area is armed.
    pub enum ArmState {
        /// Nobody is watched.
        Disarmed = "disarmed",
        /// Armed with people inside.
        Stay = "stay",
        /// Armed with nobody inside.
        Away = "away",
        /// The time to leave is running.
        Arming = "arming",
    }
}

open_words! {
    /// Whether one of a panel's ways to the outside works.
    pub enum LinkState {
        /// It does.
        Up = "up",
        /// It does not.
        Down = "down",
        /// There is none, or nothing is plugged in.
        Absent = "absent",
    }
}

open_words! {
    /// What a device on a panel's radio or bus is, zones aside.
    pub enum PeripheralKind {
        /// A siren.
        Siren = "siren",
        /// A keypad.
        Keypad = "keypad",
        /// A module with relays.
        OutputModule = "output_module",
        /// A single relay.
        Output = "output",
        /// Carries the radio further.
        Repeater = "repeater",
        /// Reads cards or tags.
        CardReader = "card_reader",
        /// A remote control.
        Remote = "remote",
        /// A module with further zones or receivers.
        Extension = "extension",
        /// Takes wired detectors to the radio.
        Transmitter = "transmitter",
    }
}

/// What a panel tells of itself at one moment. A part that is `None` was not told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct PanelStatus {
    /// Mains power is there.
    pub mains: Option<bool>,
    /// The panel's own case is open, or it was torn off.
    pub tamper: Option<bool>,
    /// The panel's own batteries.
    pub batteries: Option<Vec<PanelBattery>>,
    /// Its ways to the outside.
    pub links: Option<PanelLinks>,
    /// Its areas, which it calls sub systems.
    pub areas: Option<Vec<PanelArea>>,
    /// Its zones. Places that no detector is tied to are left out.
    pub zones: Option<Vec<PanelZone>>,
    /// What else is on its radio or bus.
    pub peripherals: Option<Vec<PanelPeripheral>>,
}

/// A battery of the panel itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct PanelBattery {
    /// The panel's number for it.
    pub id: Option<u32>,
    /// Charge, percent.
    pub percent: Option<u8>,
    /// The panel's own word: `normal`, `lowPower`, `miss` …
    pub state: Option<String>,
}

impl PanelBattery {
    /// Whether the panel says that there is none where one should be.
    pub fn is_missing(&self) -> bool {
        self.state.as_deref().is_some_and(|word| word.eq_ignore_ascii_case("miss"))
    }

    /// Whether the panel calls it low.
    pub fn is_low(&self) -> bool {
        self.state.as_deref().is_some_and(|word| word.eq_ignore_ascii_case("lowPower"))
    }
}

/// A panel's ways to the outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct PanelLinks {
    /// The network cable.
    pub cable: Option<LinkState>,
    /// Wi-Fi.
    pub wifi: Option<LinkState>,
    /// The mobile network.
    pub cellular: Option<LinkState>,
}

/// An area: a part of the zones that is armed and disarmed together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelArea {
    /// Its number, from 1.
    pub id: u32,
    /// Its name; may be empty.
    pub name: String,
    /// Whether it is armed.
    pub arm: Option<ArmState>,
    /// Whether it is in alarm.
    pub alarm: Option<bool>,
    /// Whether it is in use at all.
    pub enabled: Option<bool>,
}

impl PanelArea {
    /// Whether it is armed or about to be; `None` where that was not told in a word that is known.
    pub fn is_armed(&self) -> Option<bool> {
        match self.arm.as_ref()? {
            ArmState::Stay | ArmState::Away | ArmState::Arming => Some(true),
            ArmState::Disarmed => Some(false),
            ArmState::Other(_) => None,
        }
    }
}

/// A zone: one detector, or one input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelZone {
    /// The panel's number for it, from 0; people count from 1.
    pub id: u32,
    /// Its name; may be empty.
    pub name: String,
    /// The panel's own word for its state: `online`, `trigger`, `offline` …
    pub state: Option<String>,
    /// What detects there, in the panel's own word, e.g. `magneticContact`.
    pub detector: Option<String>,
    /// It sees something just now: a door stands open, somebody moves. Whether that is an alarm depends on its area.
    pub open: Option<bool>,
    /// Its case is open.
    pub tamper: Option<bool>,
    /// It is left out of the next arming.
    pub bypassed: Option<bool>,
    /// It raised an alarm.
    pub alarm: Option<bool>,
    /// Charge of its battery, percent.
    pub battery_percent: Option<u8>,
    /// The panel calls its battery low.
    pub battery_low: Option<bool>,
    /// Strength of its radio, 0 to 255.
    pub signal: Option<u16>,
    /// The areas it belongs to.
    pub areas: Vec<u32>,
    /// The panel does not hear it.
    pub offline: Option<bool>,
}

/// Something else on a panel's radio or bus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelPeripheral {
    /// What it is.
    pub kind: PeripheralKind,
    /// The panel's number for it, among its kind.
    pub id: u32,
    /// Its name; may be empty.
    pub name: String,
    /// The panel's own word for its state: `online`, `offline`, `on` …
    pub state: Option<String>,
    /// Charge of its battery, percent.
    pub battery_percent: Option<u8>,
    /// The panel calls its battery low.
    pub battery_low: Option<bool>,
    /// Strength of its radio, 0 to 255.
    pub signal: Option<u16>,
    /// Its case is open.
    pub tamper: Option<bool>,
    /// The panel does not hear it.
    pub offline: Option<bool>,
}

impl PanelStatus {
    /// Whether the panel told nothing at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether some area is armed or about to be; `None` where that was not told in words that are known.
    pub fn is_armed(&self) -> Option<bool> {
        let armed: Vec<Option<bool>> = self.areas.as_ref()?.iter().map(PanelArea::is_armed).collect();
        if armed.contains(&Some(true)) {
            return Some(true);
        }
        (!armed.contains(&None)).then_some(false)
    }

    /// Whether some area is in alarm; `None` where areas were not told.
    pub fn is_in_alarm(&self) -> Option<bool> {
        Some(self.areas.as_ref()?.iter().any(|area| area.alarm == Some(true)))
    }

    /// The zones that stand against arming an area (`None`: any area): open, and not left out.
    pub fn zones_open_in(&self, area: Option<u32>) -> impl Iterator<Item = &PanelZone> {
        self.zones.iter().flatten().filter(move |zone| {
            let here = area.is_none_or(|area| zone.areas.is_empty() || zone.areas.contains(&area));
            here && zone.open == Some(true) && zone.bypassed != Some(true)
        })
    }

    /// What is left when that is taken out which drifts from minute to minute: strengths of radio and charges. What is
    /// low or gone stays.
    #[must_use]
    pub fn without_drift(&self) -> Self {
        let mut kept = self.clone();
        for battery in kept.batteries.iter_mut().flatten() {
            battery.percent = None;
        }
        for zone in kept.zones.iter_mut().flatten() {
            (zone.signal, zone.battery_percent) = (None, None);
        }
        for peripheral in kept.peripherals.iter_mut().flatten() {
            (peripheral.signal, peripheral.battery_percent) = (None, None);
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(id: u32, open: bool, bypassed: bool, areas: &[u32]) -> PanelZone {
        PanelZone {
            id,
            name: String::new(),
            state: None,
            detector: None,
            open: Some(open),
            tamper: None,
            bypassed: Some(bypassed),
            alarm: None,
            battery_percent: Some(90),
            battery_low: Some(false),
            signal: Some(120),
            areas: areas.to_vec(),
            offline: None,
        }
    }

    #[test]
    fn known_words_and_unknown_ones_come_back_as_they_went() {
        for role in ["local_admin", "installer_employee", "janitor", ""] {
            let read = PanelRole::from_stored(role);
            assert_eq!(read.as_str(), role);
            let json = serde_json::to_string(&read).unwrap();
            assert_eq!(json, format!("\"{role}\""));
            assert_eq!(serde_json::from_str::<PanelRole>(&json).unwrap(), read);
        }
        assert_eq!(PanelRole::from_stored("cloud_admin"), PanelRole::CloudAdmin);
        assert_eq!(ArmState::from_stored("vacation"), ArmState::Other("vacation".into()));
    }

    #[test]
    fn a_status_of_an_older_time_is_read_and_tells_nothing_it_does_not_have() {
        let old: PanelStatus = serde_json::from_str(r#"{"mains":true}"#).unwrap();
        assert_eq!((old.mains, old.is_armed(), old.is_in_alarm()), (Some(true), None, None));
        assert!(!old.is_empty() && PanelStatus::default().is_empty());
    }

    #[test]
    fn an_area_is_held_up_by_its_own_open_zones_that_are_not_left_out() {
        let zones = vec![zone(0, true, false, &[1]), zone(1, true, true, &[1]), zone(2, true, false, &[2])];
        let status = PanelStatus { zones: Some(zones), ..PanelStatus::default() };
        let open = |area| status.zones_open_in(area).map(|zone| zone.id).collect::<Vec<_>>();
        assert_eq!((open(Some(1)), open(Some(2)), open(None)), (vec![0], vec![2], vec![0, 2]));
    }

    #[test]
    fn an_exit_delay_counts_as_armed_and_a_word_that_is_not_known_tells_nothing() {
        let armed = |state| {
            let area = PanelArea { id: 1, name: String::new(), arm: Some(state), alarm: None, enabled: None };
            PanelStatus { areas: Some(vec![area]), ..PanelStatus::default() }.is_armed()
        };
        assert_eq!(armed(ArmState::Arming), Some(true));
        assert_eq!(armed(ArmState::Disarmed), Some(false));
        assert_eq!(armed(ArmState::Other("vacation".into())), None);
    }

    #[test]
    fn charges_drift_and_a_low_battery_is_news() {
        let status = |percent, low| {
            let one =
                PanelZone { battery_percent: Some(percent), battery_low: Some(low), ..zone(0, false, false, &[]) };
            PanelStatus { zones: Some(vec![one]), ..PanelStatus::default() }.without_drift()
        };
        assert_eq!(status(90, false), status(85, false));
        assert_ne!(status(90, false), status(5, true));
    }
}
