//! Whether a rule can work, and else why not (R-O1, R-O2). It is asked anew each time: nothing of the answer is kept, so that
//! a rule revives in the moment in which what stood against it is over.

use std::collections::{HashMap, HashSet};

use super::action::Action;
use super::limits::Content;
use crate::device_functions::{Refusal, Standing};
use crate::firmware::Function;
use crate::words::words;
use crate::{DeviceId, StaffId};

words! {
    /// Why a rule, or an action of it, cannot work.
    pub enum TroubleReason {
        /// The source is not on the site any more.
        SourceGone = "source_gone",
        /// A linked device is not on the site any more.
        TargetGone = "target_gone",
        /// The health monitoring of the device is off.
        MonitoringOff = "monitoring_off",
        /// The firmware of the device is too old.
        FirmwareIncompatible = "firmware_incompatible",
        /// The source does not tell of its events: no event stream is open, and it pushes none.
        NotificationsOff = "notifications_off",
        /// Nobody of those who are to be told can be told any more.
        ReceiversGone = "receivers_gone",
    }
}

words! {
    /// Whether a rule works.
    pub enum RuleState {
        /// All of it.
        Works = "works",
        /// Some of its actions do not.
        Impaired = "impaired",
        /// It does nothing at all until what stands against it is over.
        Invalid = "invalid",
    }
}

/// Something that stands against a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What it is.
    pub reason: TroubleReason,
    /// With which device; none where it is about people.
    pub device: Option<DeviceId>,
    /// The oldest firmware that would do, where that is the matter.
    pub minimum_version: Option<String>,
    /// Which action cannot work, from 0; none: the rule as a whole.
    pub action: Option<usize>,
}

/// What is known now of what rules name.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The devices that are on the site.
    pub devices: HashMap<DeviceId, Standing>,
    /// Those of them whose events are heard.
    pub heard: HashSet<DeviceId>,
    /// Who can be told.
    pub receivers: HashSet<StaffId>,
}

/// Everything that stands against a rule now.
pub fn troubles(content: &Content, known: &Known) -> Vec<Trouble> {
    let mut found = Vec::new();
    let source = &content.source.device;
    match against(source, known, TroubleReason::SourceGone) {
        Some((reason, minimum_version)) => {
            found.push(Trouble { reason, device: Some(source.clone()), minimum_version, action: None });
        }
        None if !known.heard.contains(source) => {
            let reason = TroubleReason::NotificationsOff;
            found.push(Trouble { reason, device: Some(source.clone()), minimum_version: None, action: None });
        }
        None => {}
    }
    for (index, action) in content.actions.iter().enumerate() {
        found.extend(against_action(action, index, known));
    }
    found
}

/// Whether a rule with these troubles works.
pub fn state(content: &Content, troubles: &[Trouble]) -> RuleState {
    if troubles.is_empty() {
        return RuleState::Works;
    }
    let as_a_whole = troubles.iter().any(|trouble| trouble.action.is_none());
    let broken: HashSet<usize> = troubles.iter().filter_map(|trouble| trouble.action).collect();
    if as_a_whole || broken.len() >= content.actions.len() { RuleState::Invalid } else { RuleState::Impaired }
}

/// What stands against an action.
fn against_action(action: &Action, index: usize, known: &Known) -> Option<Trouble> {
    if let Action::Notify { staff } = action {
        let anybody = staff.iter().any(|one| known.receivers.contains(one));
        let reason = TroubleReason::ReceiversGone;
        return (!anybody).then_some(Trouble { reason, device: None, minimum_version: None, action: Some(index) });
    }
    let device = action.device()?;
    let (reason, minimum_version) = against(device, known, TroubleReason::TargetGone)?;
    Some(Trouble { reason, device: Some(device.clone()), minimum_version, action: Some(index) })
}

/// What stands against a device's taking part; `gone` where it is not there.
fn against(device: &DeviceId, known: &Known, gone: TroubleReason) -> Option<(TroubleReason, Option<String>)> {
    let Some(standing) = known.devices.get(device) else { return Some((gone, None)) };
    match standing.may(Function::LinkageRules) {
        Ok(()) => None,
        Err(Refusal::MonitoringOff) => Some((TroubleReason::MonitoringOff, None)),
        Err(Refusal::FirmwareIncompatible { minimum_version }) => {
            Some((TroubleReason::FirmwareIncompatible, Some(minimum_version)))
        }
    }
}
