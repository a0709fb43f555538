//! What a panel tells of itself: its case and power, its ways out, areas, zones and peripherals.
//!
//! Owners report that panels grow unsteady when asked too often, so one resource that tells nearly all is asked first, and
//! the others only for what it left out. What a panel does not support is remembered by whoever asks again.

mod host;
mod peripherals;
mod zones;

use siteward_domain::panel::PanelStatus;

use super::session::PanelSession;
use crate::call_error::CallError;
use crate::isapi::read_answer;
use crate::xml::Element;

/// Where a status is said to be from.
pub const PATH: &str = "/ISAPI/SecurityCP/status";
/// Areas that are read at most.
pub(super) const MOST_AREAS: usize = 64;
const MOST_ZONES: usize = 512;
const MOST_PERIPHERALS: usize = 512;
const MOST_BATTERIES: usize = 16;

/// Resources that a panel may turn out not to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Host,
    Mains,
    Batteries,
    Links,
    Areas,
    Zones,
    Peripherals,
}

impl Part {
    fn path(self) -> &'static str {
        match self {
            Self::Host => "/ISAPI/SecurityCP/status/host?format=json",
            Self::Mains => "/ISAPI/SecurityCP/status/acPowerStatus?format=json",
            Self::Batteries => "/ISAPI/SecurityCP/status/batteries?format=json",
            Self::Links => "/ISAPI/SecurityCP/status/communication?format=json",
            Self::Areas => "/ISAPI/SecurityCP/status/subSystems?format=json",
            Self::Zones => "/ISAPI/SecurityCP/status/zones?format=json",
            Self::Peripherals => "/ISAPI/SecurityCP/status/exDevStatus?format=json",
        }
    }
}

/// Which of its resources a panel does not have, as far as was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Lacking(u8);

impl Lacking {
    fn has(self, part: Part) -> bool {
        self.0 & (1 << part as u8) != 0
    }

    fn add(&mut self, part: Part) {
        self.0 |= 1 << part as u8;
    }
}

/// Reads all that the panel tells.
///
/// A part that it does not support or does not let this account see is `None`. Errors: what would meet every further
/// call, and the first refusal where nothing at all was told.
pub async fn read(session: &mut PanelSession<'_>) -> Result<PanelStatus, CallError> {
    read_known(session, &mut Lacking::default()).await
}

/// [`read`], leaving out what is known to be lacking.
pub(crate) async fn read_known(
    session: &mut PanelSession<'_>,
    lacking: &mut Lacking,
) -> Result<PanelStatus, CallError> {
    let mut reading = Reading { session, lacking, failed: None };
    let mut status = reading.ask(Part::Host, host::read).await?.unwrap_or_default();
    if status.mains.is_none() {
        status.mains = reading.ask(Part::Mains, host::read_mains).await?;
    }
    if status.batteries.is_none() {
        status.batteries = reading.ask(Part::Batteries, host::read_batteries).await?;
    }
    if status.links.is_none() {
        status.links = reading.ask(Part::Links, host::read_links).await?;
    }
    if status.areas.is_none() {
        status.areas = reading.ask(Part::Areas, zones::read_areas).await?;
    }
    // Some panels tell there which zones they have, and not in which areas these are.
    if status.zones.as_ref().is_none_or(|zones| zones.iter().all(|zone| zone.areas.is_empty())) {
        status.zones = reading.ask(Part::Zones, zones::read_zones).await?.or(status.zones);
    }
    if status.peripherals.is_none() {
        status.peripherals = reading.ask(Part::Peripherals, peripherals::read).await?;
    }
    match reading.failed {
        Some(error) if status.is_empty() => Err(error),
        _ if status.is_empty() => Err(CallError::NotSupported),
        _ => Ok(status),
    }
}

/// The zones alone.
pub(super) async fn read_zones(session: &mut PanelSession<'_>) -> Result<PanelStatus, CallError> {
    let mut lacking = Lacking::default();
    let mut reading = Reading { session, lacking: &mut lacking, failed: None };
    let zones = reading.ask(Part::Zones, zones::read_zones).await?;
    Ok(PanelStatus { zones, ..PanelStatus::default() })
}

struct Reading<'r, 'c> {
    session: &'r mut PanelSession<'c>,
    lacking: &'r mut Lacking,
    /// The first error that leaves other parts to be read.
    failed: Option<CallError>,
}

impl Reading<'_, '_> {
    async fn ask<T>(
        &mut self,
        part: Part,
        reader: impl FnOnce(&Element<'_>) -> Option<T>,
    ) -> Result<Option<T>, CallError> {
        if self.lacking.has(part) {
            return Ok(None);
        }
        match self.session.get(part.path()).await.and_then(|answer| read_answer(&answer, reader)) {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.ends_a_look() => Err(error),
            Err(error) => {
                if matches!(error, CallError::NotSupported | CallError::LowPrivilege) {
                    self.lacking.add(part);
                }
                self.failed.get_or_insert(error);
                Ok(None)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::http::Answer;

    /// Any JSON that has names of panels in it.
    fn any_document() -> impl Strategy<Value = Value> {
        let name = proptest::sample::select(vec![
            "AlarmHostStatus",
            "HostStatus",
            "ACConnect",
            "tamperEvident",
            "CommuniStatus",
            "wired",
            "wifi",
            "mobile",
            "BatteryList",
            "Battery",
            "percent",
            "SubSysList",
            "SubSys",
            "arming",
            "ZoneList",
            "Zone",
            "id",
            "name",
            "status",
            "subSystemNo",
            "linkageSubSystem",
            "ExDevStatus",
            "SirenList",
            "Siren",
            "chargeValue",
            "signal",
            "charge",
        ]);
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (0_u8..130).prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "(online|trigger|notRelated|normal|away|\\PC{0,8})".prop_map(Value::from),
            Just(Value::Null),
        ];
        leaf.prop_recursive(6, 40, 6, move |inner| {
            let fields = proptest::collection::vec((name.clone(), inner.clone()), 0..6);
            prop_oneof![
                fields.prop_map(|fields| fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
                proptest::collection::vec(inner, 0..4).prop_map(Value::from),
            ]
        })
    }

    fn answer(document: &Value) -> Answer {
        Answer { status: 200, body: Bytes::from(document.to_string()), content_type: None }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]
        #[test]
        fn every_reader_takes_any_document(document in any_document()) {
            let answer = answer(&document);
            let _ = read_answer(&answer, host::read_mains);
            let _ = read_answer(&answer, host::read_batteries);
            let _ = read_answer(&answer, host::read_links);
            let _ = read_answer(&answer, zones::read_areas);
            let _ = read_answer(&answer, peripherals::read);
            if let Ok(zones) = read_answer(&answer, zones::read_zones) {
                prop_assert!(zones.iter().all(|zone| zone.battery_percent.is_none_or(|percent| percent <= 100)));
            }
            if let Ok(status) = read_answer(&answer, host::read) {
                let text = serde_json::to_string(&status).unwrap();
                prop_assert_eq!(serde_json::from_str::<PanelStatus>(&text).unwrap(), status);
            }
        }
    }

    #[test]
    fn a_panel_with_more_than_any_has_is_cut_off() {
        let zones: Vec<Value> = (0..5000).map(|id| json!({ "Zone": { "id": id } })).collect();
        let zones = read_answer(&answer(&json!({ "ZoneList": zones })), zones::read_zones).unwrap();
        assert_eq!(zones.len(), MOST_ZONES);
        let areas: Vec<u32> = (0..5000).collect();
        let zone = json!({ "ZoneList": [{ "Zone": { "id": 1, "linkageSubSystem": areas } }] });
        assert_eq!(read_answer(&answer(&zone), zones::read_zones).unwrap()[0].areas.len(), MOST_AREAS);
    }
}
