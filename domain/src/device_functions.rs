//! What the platform does with a device: everything, unless somebody switched its health monitoring off (R-O1) or its
//! firmware is too old (R-O2). One function answers for every part of the platform.

use crate::firmware::{Function, Incompatibility};
use crate::words::words;

words! {
    /// Why nobody watches a device.
    pub enum Unwatched {
        /// Somebody switched its health monitoring off.
        MonitoringOff = "monitoring_off",
        /// Its firmware is too old to be watched.
        FirmwareIncompatible = "firmware_incompatible",
    }
}

/// What a device's functions depend on. Ask it when a function is used; nothing of the answer is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether its health monitoring is switched on.
    pub monitoring: bool,
    /// What its firmware is too old for, by the company's rules of compatibility.
    pub incompatibility: Option<Incompatibility>,
}

/// Why a function is not to be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody switched the device's health monitoring off.
    MonitoringOff,
    /// Its firmware is too old.
    FirmwareIncompatible {
        /// The oldest version that has the function.
        minimum_version: String,
    },
}

impl Refusal {
    /// The stable code, as errors, events and reasons have it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MonitoringOff => Unwatched::MonitoringOff.as_str(),
            Self::FirmwareIncompatible { .. } => Unwatched::FirmwareIncompatible.as_str(),
        }
    }
}

impl Standing {
    /// A device with everything.
    pub fn full() -> Self {
        Self { monitoring: true, incompatibility: None }
    }

    /// Whether a function is to be had, and else why not.
    ///
    /// Exceptions are set and received as part of [`Function::HealthMonitoring`]. Linkage rules need it too: what nobody
    /// watches sets nothing off. Remote configuration does not, for it needs no watching; nor does an upgrade need a
    /// firmware that is new enough.
    pub fn may(&self, function: Function) -> Result<(), Refusal> {
        let needs_monitoring = needs_monitoring(function);
        if needs_monitoring && !self.monitoring {
            return Err(Refusal::MonitoringOff);
        }
        let Some(incompatibility) = &self.incompatibility else { return Ok(()) };
        let is_lost = |function: Function| function.can_be_lost() && incompatibility.functions_lost.contains(&function);
        let watching_is_lost = function == Function::LinkageRules && is_lost(Function::HealthMonitoring);
        if is_lost(function) || watching_is_lost {
            return Err(Refusal::FirmwareIncompatible { minimum_version: incompatibility.minimum_version.clone() });
        }
        Ok(())
    }

    /// Whether it is watched: polled, judged, and its exceptions told.
    pub fn is_watched(&self) -> bool {
        self.unwatched().is_none()
    }

    /// Why it is not watched, where it is not.
    pub fn unwatched(&self) -> Option<Unwatched> {
        match self.may(Function::HealthMonitoring) {
            Ok(()) => None,
            Err(Refusal::MonitoringOff) => Some(Unwatched::MonitoringOff),
            Err(Refusal::FirmwareIncompatible { .. }) => Some(Unwatched::FirmwareIncompatible),
        }
    }
}

/// Functions that a device without health monitoring does not have.
fn needs_monitoring(function: Function) -> bool {
    match function {
        Function::HealthMonitoring | Function::LinkageRules | Function::FirmwareUpgrade => true,
        Function::RemoteConfiguration | Function::Activation | Function::Unbinding => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(monitoring: bool, lost: &[Function]) -> Standing {
        let incompatibility = (!lost.is_empty())
            .then(|| Incompatibility { minimum_version: "4.0".into(), functions_lost: lost.to_vec() });
        Standing { monitoring, incompatibility }
    }

    fn refused(standing: &Standing) -> Vec<(Function, &'static str)> {
        let why = |function: Function| Some((function, standing.may(function).err()?.code()));
        Function::ALL.into_iter().filter_map(why).collect()
    }

    #[test]
    fn a_device_as_it_should_be_has_every_function() {
        assert_eq!(refused(&Standing::full()), []);
    }

    #[test]
    fn without_health_monitoring_there_are_no_linkage_rules_and_no_upgrade_but_its_pages() {
        use Function as F;
        let off = standing(false, &[]);
        let expected = [F::HealthMonitoring, F::LinkageRules, F::FirmwareUpgrade].map(|what| (what, "monitoring_off"));
        assert_eq!(refused(&off), expected);
        assert!(!off.is_watched());
    }

    #[test]
    fn an_old_firmware_takes_what_the_rules_say_and_never_the_upgrade() {
        use Function as F;
        for (lost, expected) in [
            (vec![F::Activation, F::Unbinding], vec![F::Activation, F::Unbinding]),
            (vec![F::RemoteConfiguration], vec![F::RemoteConfiguration]),
            (vec![F::LinkageRules], vec![F::LinkageRules]),
            (vec![F::HealthMonitoring], vec![F::HealthMonitoring, F::LinkageRules]),
            (vec![F::FirmwareUpgrade], vec![]),
        ] {
            let told: Vec<_> = expected.into_iter().map(|what| (what, "firmware_incompatible")).collect();
            assert_eq!(refused(&standing(true, &lost)), told, "{lost:?}");
        }
    }

    #[test]
    fn where_both_speak_against_it_what_a_person_did_is_told_first() {
        let both = standing(false, &[Function::HealthMonitoring, Function::RemoteConfiguration]);
        assert_eq!(both.may(Function::HealthMonitoring), Err(Refusal::MonitoringOff));
        let too_old = Refusal::FirmwareIncompatible { minimum_version: "4.0".into() };
        assert_eq!(both.may(Function::RemoteConfiguration), Err(too_old));
    }
}
