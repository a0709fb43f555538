//! What a panel watches over: zones in areas, sirens and keypads, mains, battery and ways to the outside.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// How an area is armed, in the panel's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arming {
    /// Nobody is in.
    Away,
    /// Somebody is in.
    Stay,
    /// Not armed.
    Disarm,
}

impl Arming {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::Stay => "stay",
            Self::Disarm => "disarm",
        }
    }

    pub(crate) fn parse_armed(text: &str) -> Option<Self> {
        [Self::Away, Self::Stay].into_iter().find(|arming| arming.as_str() == text)
    }
}

/// How the battery of a panel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PanelBattery {
    /// Full.
    Normal,
    /// Nearly empty.
    Low,
    /// Taken out.
    Missing,
}

/// A way from a panel to the outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PanelLink {
    /// The network cable.
    Wired,
    /// Wi-Fi.
    Wifi,
    /// The mobile network.
    Mobile,
}

impl PanelLink {
    /// In the order in which a panel prefers them.
    pub(crate) const ALL: [Self; 3] = [Self::Wired, Self::Wifi, Self::Mobile];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Wired => "wired",
            Self::Wifi => "wifi",
            Self::Mobile => "mobile",
        }
    }
}

/// A kind of detector, as panels name it.
pub(crate) struct Detector {
    pub(crate) kind: &'static str,
    pub(crate) model: &'static str,
    pub(crate) zone_type: &'static str,
    pub(crate) wired: bool,
    place: &'static str,
}

/// Zones take turns through these.
static DETECTORS: [Detector; 6] = [
    Detector { kind: "magneticContact", model: "0x00006", zone_type: "Delay", wired: false, place: "Front door" },
    Detector { kind: "passiveInfraredDetector", model: "0x00001", zone_type: "Follow", wired: false, place: "Hall" },
    Detector { kind: "slimMagneticContact", model: "0x00005", zone_type: "Instant", wired: false, place: "Window" },
    Detector { kind: "wirelessSmokeDetector", model: "0x00015", zone_type: "Fire", wired: false, place: "Kitchen" },
    Detector {
        kind: "wirelessGlassBreakDetector",
        model: "0x00018",
        zone_type: "Perimeter",
        wired: false,
        place: "Shop window",
    },
    Detector {
        kind: "passiveInfraredDetector",
        model: "0x00001",
        zone_type: "Instant",
        wired: true,
        place: "Store room",
    },
];

/// A zone and what is the matter with it.
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own that any combination may have")]
pub(crate) struct Zone {
    /// From 0.
    pub(crate) id: u32,
    pub(crate) name: String,
    pub(crate) detector: &'static Detector,
    pub(crate) area: u32,
    pub(crate) open: bool,
    pub(crate) tamper: bool,
    pub(crate) bypassed: bool,
    pub(crate) battery_low: bool,
    pub(crate) offline: bool,
    pub(crate) alarm: bool,
}

impl Zone {
    /// Whether its area cannot be armed because of it.
    pub(crate) fn is_in_the_way(&self) -> bool {
        !self.bypassed && (self.open || self.tamper || self.offline)
    }
}

/// An area; panels call it a subsystem.
pub(crate) struct Area {
    /// From 1.
    pub(crate) id: u32,
    pub(crate) name: String,
    pub(crate) arming: Arming,
}

/// Everything that a panel watches.
pub(crate) struct Premises {
    pub(crate) zones: Vec<Zone>,
    pub(crate) areas: Vec<Area>,
    /// Numbers of sirens and keypads that do not answer, of [`SIRENS`] and [`KEYPADS`].
    pub(crate) sirens_offline: BTreeSet<u32>,
    pub(crate) keypads_offline: BTreeSet<u32>,
    pub(crate) mains: bool,
    pub(crate) battery: PanelBattery,
    /// Whether its case is open.
    pub(crate) tamper: bool,
    pub(crate) links_down: BTreeSet<PanelLink>,
}

/// How many sirens there are; they count from 1.
pub(crate) const SIRENS: u32 = 1;
/// How many keypads.
pub(crate) const KEYPADS: u32 = 2;

impl Premises {
    pub(crate) fn new(zones: u32, areas: u32) -> Self {
        let areas = areas.max(1);
        let zone = |(id, detector): (u32, &'static Detector)| {
            let round = id as usize / DETECTORS.len();
            let name = if round == 0 { detector.place.to_owned() } else { format!("{} {}", detector.place, round + 1) };
            Zone {
                id,
                name,
                detector,
                area: 1 + id % areas,
                open: false,
                tamper: false,
                bypassed: false,
                battery_low: false,
                offline: false,
                alarm: false,
            }
        };
        let area = |id: u32| Area { id, name: format!("Area {id}"), arming: Arming::Disarm };
        Self {
            zones: (0..zones).zip(DETECTORS.iter().cycle()).map(zone).collect(),
            areas: (1..=areas).map(area).collect(),
            sirens_offline: BTreeSet::new(),
            keypads_offline: BTreeSet::new(),
            mains: true,
            battery: PanelBattery::Normal,
            tamper: false,
            links_down: BTreeSet::new(),
        }
    }

    pub(crate) fn arming(&self, area: u32) -> Arming {
        self.areas.iter().find(|one| one.id == area).map_or(Arming::Disarm, |one| one.arming)
    }

    pub(crate) fn has_alarm(&self, area: u32) -> bool {
        self.zones.iter().any(|zone| zone.area == area && zone.alarm)
    }

    /// The way to the outside that is in use.
    pub(crate) fn way_out(&self) -> Option<PanelLink> {
        PanelLink::ALL.into_iter().find(|link| !self.links_down.contains(link))
    }
}
