//! Arming and bypassing, one by one or as a list.

use serde_json::Value;

use super::premises::{Arming, Premises};
use super::roles::{Arm, Rights};
use crate::operations::Refusal;

/// Every area at once.
const ALL_AREAS: &str = "0xffffffff";

/// What is asked of the panel.
#[derive(Debug, PartialEq, Eq)]
enum Command {
    Arm(Arming),
    Disarm,
    ClearAlarm,
    Bypass(bool),
}

/// Carries out what is put to a path after `/ISAPI/SecurityCP/control/`; `None` if there is no such control.
pub(crate) fn control(
    premises: &mut Premises,
    path: &str,
    ways: Option<&str>,
    body: &[u8],
    rights: Rights,
    installers_arm: bool,
) -> Option<Result<(), Refusal>> {
    let (verb, id) = path.split_once('/').unwrap_or((path, ""));
    let command = match verb {
        "arm" => match ways.map_or(Some(Arming::Away), Arming::parse_armed) {
            Some(arming) => Command::Arm(arming),
            None => return Some(Err((400, "badParameters"))),
        },
        "disarm" => Command::Disarm,
        "clearAlarm" => Command::ClearAlarm,
        "bypass" => Command::Bypass(true),
        // Firmware has had both names for it.
        "Recoverbypass" | "bypassRecover" => Command::Bypass(false),
        _ => return None,
    };
    let allowed = match command {
        Command::Bypass(_) => rights.bypass,
        _ => rights.arm == Arm::Always || installers_arm,
    };
    if !allowed {
        return Some(Err((403, "lowPrivilege")));
    }
    Some(match command {
        Command::Bypass(on) => zones_of(premises, id, body).and_then(|zones| bypass(premises, &zones, on)),
        command => areas_of(premises, id, body).and_then(|areas| {
            let areas = areas.into_iter().map(|(area, arming)| match command {
                Command::Arm(by_query) => (area, Command::Arm(arming.unwrap_or(by_query))),
                Command::ClearAlarm => (area, Command::ClearAlarm),
                _ => (area, Command::Disarm),
            });
            command_areas(premises, &areas.collect::<Vec<_>>())
        }),
    })
}

/// The areas that are named by the path, or in the body `{"SubSysList":[{"SubSys":{"id":1,"armType":"away"}}]}`.
fn areas_of(premises: &Premises, id: &str, body: &[u8]) -> Result<Vec<(u32, Option<Arming>)>, Refusal> {
    if id == ALL_AREAS {
        return Ok(premises.areas.iter().map(|area| (area.id, None)).collect());
    }
    let list = if id.is_empty() {
        items(body, "SubSysList", "SubSys", |item| {
            let arming = item.get("armType").and_then(Value::as_str);
            let parsed = arming.map(|text| Arming::parse_armed(text).ok_or((400, "badParameters"))).transpose()?;
            Ok((number(item)?, parsed))
        })?
    } else {
        vec![(id.parse().map_err(|_| (400, "invalidID"))?, None)]
    };
    let known = |id: u32| premises.areas.iter().any(|area| area.id == id);
    if list.iter().all(|(id, _)| known(*id)) { Ok(list) } else { Err((400, "invalidID")) }
}

/// The zones that are named by the path, or in the body `{"ZoneList":[{"Zone":{"id":0}}]}`. **[?]**
fn zones_of(premises: &Premises, id: &str, body: &[u8]) -> Result<Vec<u32>, Refusal> {
    let list = if id.is_empty() {
        items(body, "ZoneList", "Zone", number)?
    } else {
        vec![id.parse().map_err(|_| (400, "invalidID"))?]
    };
    let known = |id: u32| premises.zones.iter().any(|zone| zone.id == id);
    if list.iter().all(|id| known(*id)) { Ok(list) } else { Err((400, "invalidID")) }
}

fn items<T>(
    body: &[u8],
    list: &str,
    item: &str,
    read: impl Fn(&Value) -> Result<T, Refusal>,
) -> Result<Vec<T>, Refusal> {
    let body: Value = serde_json::from_slice(body).map_err(|_| (400, "badJsonFormat"))?;
    let list = body.get(list).and_then(Value::as_array).ok_or((400, "badParameters"))?;
    list.iter().map(|entry| entry.get(item).ok_or((400, "badParameters")).and_then(&read)).collect()
}

fn number(item: &Value) -> Result<u32, Refusal> {
    let id = item.get("id").and_then(Value::as_u64);
    id.and_then(|id| u32::try_from(id).ok()).ok_or((400, "badParameters"))
}

/// All of the areas or none of them.
fn command_areas(premises: &mut Premises, areas: &[(u32, Command)]) -> Result<(), Refusal> {
    for (area, command) in areas {
        let Command::Arm(arming) = command else { continue };
        let now = premises.arming(*area);
        if now != Arming::Disarm && now != *arming {
            // Armed in another way: it wants to be disarmed first.
            return Err((400, "armedStatus"));
        }
        if now == Arming::Disarm && premises.zones.iter().any(|zone| zone.area == *area && zone.is_in_the_way()) {
            return Err((400, "zoneFault"));
        }
    }
    for (area, command) in areas {
        if let Command::Arm(_) | Command::Disarm = command
            && let Some(one) = premises.areas.iter_mut().find(|one| one.id == *area)
        {
            one.arming = if let Command::Arm(arming) = command { *arming } else { Arming::Disarm };
        }
        if matches!(command, Command::Disarm | Command::ClearAlarm) {
            premises.zones.iter_mut().filter(|zone| zone.area == *area).for_each(|zone| zone.alarm = false);
        }
    }
    Ok(())
}

/// All of the zones or none of them; not while their area is armed.
fn bypass(premises: &mut Premises, zones: &[u32], on: bool) -> Result<(), Refusal> {
    let armed =
        |id: u32| premises.zones.iter().any(|zone| zone.id == id && premises.arming(zone.area) != Arming::Disarm);
    if zones.iter().any(|id| armed(*id)) {
        return Err((400, "armedStatus"));
    }
    premises.zones.iter_mut().filter(|zone| zones.contains(&zone.id)).for_each(|zone| zone.bypassed = on);
    Ok(())
}
