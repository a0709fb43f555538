//! A panel's state as the API tells it. What the panel did not tell is null; words of firmwares stay as they are.

use serde::Serialize;
use siteward_domain::panel::{PanelArea, PanelBattery, PanelLinks, PanelPeripheral, PanelStatus, PanelZone};
use utoipa::ToSchema;

/// What an alarm panel tells of itself at one moment.
#[derive(Serialize, ToSchema)]
#[schema(as = PanelStatus)]
pub(crate) struct PanelStatusView {
    /// Whether mains power is there.
    #[schema(required = true)]
    mains: Option<bool>,
    /// Whether its own case is open, or it was torn off.
    #[schema(required = true)]
    tamper: Option<bool>,
    /// Its own batteries.
    #[schema(required = true)]
    batteries: Option<Vec<PanelBatteryView>>,
    /// Its ways to the outside.
    #[schema(required = true)]
    links: Option<PanelLinksView>,
    /// Its areas.
    #[schema(required = true)]
    areas: Option<Vec<PanelAreaView>>,
    /// Its zones.
    #[schema(required = true)]
    zones: Option<Vec<PanelZoneView>>,
    /// What else is on its radio or bus.
    #[schema(required = true)]
    peripherals: Option<Vec<PanelPeripheralView>>,
}

/// A battery of the panel itself.
#[derive(Serialize, ToSchema)]
#[schema(as = PanelBattery)]
pub(crate) struct PanelBatteryView {
    /// The panel's number for it.
    #[schema(required = true)]
    id: Option<u32>,
    /// Its charge.
    #[schema(required = true)]
    percent: Option<u8>,
    /// The panel's own word.
    #[schema(required = true)]
    state: Option<String>,
}

/// A panel's ways to the outside: `up`, `down`, `absent`, or the panel's own word.
#[derive(Serialize, ToSchema)]
#[schema(as = PanelLinks)]
pub(crate) struct PanelLinksView {
    /// The network cable.
    #[schema(required = true)]
    cable: Option<String>,
    /// Wi-Fi.
    #[schema(required = true)]
    wifi: Option<String>,
    /// The mobile network.
    #[schema(required = true)]
    cellular: Option<String>,
}

/// An area: zones that are armed and disarmed together.
#[derive(Serialize, ToSchema)]
#[schema(as = PanelArea)]
pub(crate) struct PanelAreaView {
    /// Its number, from 1.
    id: u32,
    /// Its name; may be empty.
    name: String,
    /// `disarmed`, `stay`, `away`, `arming`, or the panel's own word.
    #[schema(required = true)]
    arm: Option<String>,
    /// Whether it is in alarm.
    #[schema(required = true)]
    alarm: Option<bool>,
    /// Whether it is in use.
    #[schema(required = true)]
    enabled: Option<bool>,
}

/// A zone: one detector, or one input.
#[derive(Serialize, ToSchema)]
#[schema(as = PanelZone)]
pub(crate) struct PanelZoneView {
    /// The panel's number for it, from 0.
    id: u32,
    /// Its name; may be empty.
    name: String,
    /// The panel's own word for its state.
    #[schema(required = true)]
    state: Option<String>,
    /// What detects there, in the panel's own word.
    #[schema(required = true)]
    detector: Option<String>,
    /// Whether it sees something just now.
    #[schema(required = true)]
    open: Option<bool>,
    /// Whether its case is open.
    #[schema(required = true)]
    tamper: Option<bool>,
    /// Whether it is left out of the next arming.
    #[schema(required = true)]
    bypassed: Option<bool>,
    /// Whether it raised an alarm.
    #[schema(required = true)]
    alarm: Option<bool>,
    /// Charge of its battery.
    #[schema(required = true)]
    battery_percent: Option<u8>,
    /// Whether the panel calls its battery low.
    #[schema(required = true)]
    battery_low: Option<bool>,
    /// Strength of its radio, 0 to 255.
    #[schema(required = true)]
    signal: Option<u16>,
    /// The areas it belongs to.
    areas: Vec<u32>,
    /// Whether the panel does not hear it.
    #[schema(required = true)]
    offline: Option<bool>,
}

/// Something else on a panel's radio or bus.
#[derive(Serialize, ToSchema)]
#[schema(as = PanelPeripheral)]
pub(crate) struct PanelPeripheralView {
    /// `siren`, `keypad`, `output_module`, `output`, `repeater`, `card_reader`, `remote`, `extension`, `transmitter`, or the
    /// panel's own word.
    kind: String,
    /// The panel's number for it, among its kind.
    id: u32,
    /// Its name; may be empty.
    name: String,
    /// The panel's own word for its state.
    #[schema(required = true)]
    state: Option<String>,
    /// Charge of its battery.
    #[schema(required = true)]
    battery_percent: Option<u8>,
    /// Whether the panel calls its battery low.
    #[schema(required = true)]
    battery_low: Option<bool>,
    /// Strength of its radio, 0 to 255.
    #[schema(required = true)]
    signal: Option<u16>,
    /// Whether its case is open.
    #[schema(required = true)]
    tamper: Option<bool>,
    /// Whether the panel does not hear it.
    #[schema(required = true)]
    offline: Option<bool>,
}

impl From<PanelStatus> for PanelStatusView {
    fn from(status: PanelStatus) -> Self {
        Self {
            mains: status.mains,
            tamper: status.tamper,
            batteries: status.batteries.map(all),
            links: status.links.map(PanelLinksView::from),
            areas: status.areas.map(all),
            zones: status.zones.map(all),
            peripherals: status.peripherals.map(all),
        }
    }
}

fn all<T, U: From<T>>(parts: Vec<T>) -> Vec<U> {
    parts.into_iter().map(U::from).collect()
}

impl From<PanelBattery> for PanelBatteryView {
    fn from(battery: PanelBattery) -> Self {
        Self { id: battery.id, percent: battery.percent, state: battery.state }
    }
}

impl From<PanelLinks> for PanelLinksView {
    fn from(links: PanelLinks) -> Self {
        Self {
            cable: links.cable.map(String::from),
            wifi: links.wifi.map(String::from),
            cellular: links.cellular.map(String::from),
        }
    }
}

impl From<PanelArea> for PanelAreaView {
    fn from(area: PanelArea) -> Self {
        Self { id: area.id, name: area.name, arm: area.arm.map(String::from), alarm: area.alarm, enabled: area.enabled }
    }
}

impl From<PanelZone> for PanelZoneView {
    fn from(zone: PanelZone) -> Self {
        Self {
            id: zone.id,
            name: zone.name,
            state: zone.state,
            detector: zone.detector,
            open: zone.open,
            tamper: zone.tamper,
            bypassed: zone.bypassed,
            alarm: zone.alarm,
            battery_percent: zone.battery_percent,
            battery_low: zone.battery_low,
            signal: zone.signal,
            areas: zone.areas,
            offline: zone.offline,
        }
    }
}

impl From<PanelPeripheral> for PanelPeripheralView {
    fn from(one: PanelPeripheral) -> Self {
        Self {
            kind: one.kind.into(),
            id: one.id,
            name: one.name,
            state: one.state,
            battery_percent: one.battery_percent,
            battery_low: one.battery_low,
            signal: one.signal,
            tamper: one.tamper,
            offline: one.offline,
        }
    }
}
