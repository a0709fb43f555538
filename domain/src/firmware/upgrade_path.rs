//! Which firmwares a device is given, and in which order (R-H7): pure, over what the Admin wrote into the catalogue.
//!
//! The order of steps is what the catalogue says and never worked out from numbers: there are intermediate versions such
//! as 5.4.41 that come before 5.4.5.

use std::fmt;

use super::model_pattern::Model;
use super::{FirmwareVersion, ModelPattern};
use crate::FirmwareFileId;
use crate::device::DeviceKind;

/// Steps of one upgrade at most.
pub const MOST_STEPS: usize = 8;

/// A firmware of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueEntry {
    /// Its id.
    pub id: FirmwareFileId,
    /// The family of devices: versions are compared within it only.
    pub kind: DeviceKind,
    /// The models that it is for.
    pub models: Vec<ModelPattern>,
    /// The hardware that it is for, as devices write it; empty: any.
    pub hardware: String,
    /// The region or language that it is for; empty: any.
    pub region: String,
    /// Its version.
    pub version: FirmwareVersion,
    /// What must be installed before it.
    pub first: Option<FirstStep>,
}

/// A mandatory intermediate step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstStep {
    /// What is installed first.
    pub entry: FirmwareFileId,
    /// On devices that run an older version than this; absent: than the entry that needs it.
    pub below: Option<FirmwareVersion>,
}

/// What is known of a device that is to be upgraded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Runs<'a> {
    /// What it is.
    pub kind: DeviceKind,
    /// Its model as it writes it.
    pub model: &'a str,
    /// Its firmware as it writes it.
    pub firmware: &'a str,
    /// Its hardware, where it tells.
    pub hardware: Option<&'a str>,
    /// Its region, where it is known; see [`region_of`].
    pub region: Option<&'a str>,
}

/// What a person confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Consent {
    /// An older version than the device runs.
    pub downgrade: bool,
    /// Hardware and region, where they cannot be read from the device: the device itself is then the one to refuse.
    pub unknown: bool,
}

/// Why a device is not given a firmware.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NoPath {
    /// The catalogue has nothing that fits, or not what is wanted.
    NotInCatalogue,
    /// The file is for another family of devices.
    WrongKind,
    /// The file is for other models.
    WrongModel,
    /// The file is for other hardware.
    WrongHardware,
    /// The file is for certain hardware, and the device does not tell its own.
    HardwareUnknown,
    /// The file is for another region or language.
    WrongRegion,
    /// The file is for a certain region, and that of the device is not known.
    RegionUnknown,
    /// The device's version cannot be read, so nobody knows which steps it needs.
    VersionUnknown,
    /// It is older than what the device runs.
    Downgrade,
    /// The device runs it already.
    NotNeeded,
    /// A mandatory intermediate step is not in the catalogue.
    StepMissing,
    /// Steps need each other, or there are too many.
    Circular,
}

impl NoPath {
    /// Every reason.
    pub const ALL: [Self; 12] = [
        Self::NotInCatalogue,
        Self::WrongKind,
        Self::WrongModel,
        Self::WrongHardware,
        Self::HardwareUnknown,
        Self::WrongRegion,
        Self::RegionUnknown,
        Self::VersionUnknown,
        Self::Downgrade,
        Self::NotNeeded,
        Self::StepMissing,
        Self::Circular,
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotInCatalogue => "firmware_not_in_catalogue",
            Self::WrongKind => "firmware_wrong_kind",
            Self::WrongModel => "firmware_wrong_model",
            Self::WrongHardware => "firmware_wrong_hardware",
            Self::HardwareUnknown => "firmware_hardware_unknown",
            Self::WrongRegion => "firmware_wrong_region",
            Self::RegionUnknown => "firmware_region_unknown",
            Self::VersionUnknown => "firmware_version_unknown",
            Self::Downgrade => "firmware_downgrade",
            Self::NotNeeded => "upgrade_not_needed",
            Self::StepMissing => "firmware_step_missing",
            Self::Circular => "firmware_steps_circular",
        }
    }
}

impl fmt::Display for NoPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())
    }
}

/// The steps that bring a device to a firmware of the catalogue, the wanted one last.
pub fn plan<'a>(
    catalogue: &'a [CatalogueEntry],
    wanted: &FirmwareFileId,
    device: &Runs<'_>,
    consent: Consent,
) -> Result<Vec<&'a CatalogueEntry>, NoPath> {
    let wanted = find(catalogue, wanted).ok_or(NoPath::NotInCatalogue)?;
    wanted.fits(device, consent)?;
    let runs = FirmwareVersion::parse(device.firmware).map_err(|_| NoPath::VersionUnknown)?;
    if runs.is_same(&wanted.version) {
        return Err(NoPath::NotNeeded);
    }
    // From the wanted one backwards, as far as steps are needed.
    let mut steps = vec![wanted];
    let mut needs = wanted;
    while let Some(first) = &needs.first {
        let step = find(catalogue, &first.entry).ok_or(NoPath::StepMissing)?;
        if runs.is_same(&step.version) {
            // The device stands on the step: what follows is no downgrade, whatever its number.
            return Ok(in_order(steps));
        }
        let below = first.below.as_ref().unwrap_or(&needs.version);
        if !runs.compare_within_family(below).is_lt() {
            break;
        }
        step.fits(device, consent)?;
        if steps.len() >= MOST_STEPS || steps.iter().any(|other| other.id == step.id) {
            return Err(NoPath::Circular);
        }
        steps.push(step);
        needs = step;
    }
    if runs.compare_within_family(&wanted.version).is_gt() && !consent.downgrade {
        return Err(NoPath::Downgrade);
    }
    Ok(in_order(steps))
}

/// The steps to a wanted version, or to the newest that the catalogue has for a device.
pub fn plan_version<'a>(
    catalogue: &'a [CatalogueEntry],
    wanted: Option<&FirmwareVersion>,
    device: &Runs<'_>,
    consent: Consent,
) -> Result<Vec<&'a CatalogueEntry>, NoPath> {
    let is_meant = |entry: &&CatalogueEntry| wanted.is_none_or(|wanted| entry.version.is_same(wanted));
    let mut refused = None;
    let mut fitting: Vec<&CatalogueEntry> = Vec::new();
    for entry in catalogue.iter().filter(is_meant) {
        match entry.fits(device, consent) {
            Ok(()) => fitting.push(entry),
            // The nearest miss says most: the reasons stand in the order in which they are looked at.
            Err(reason) => refused = refused.max(Some(reason)),
        }
    }
    // A step to something else is no aim: 5.4.41 is not newer than the 5.4.5 that needs it.
    let is_step = |entry: &&CatalogueEntry| {
        fitting.iter().any(|other| other.first.as_ref().is_some_and(|first| first.entry == entry.id))
    };
    let aims = fitting.iter().copied().filter(|entry| wanted.is_some() || !is_step(entry));
    let newest = aims.max_by(|one, other| one.version.compare_within_family(&other.version));
    match newest {
        Some(entry) => plan(catalogue, &entry.id, device, consent),
        None => Err(refused.unwrap_or(NoPath::NotInCatalogue)),
    }
}

impl CatalogueEntry {
    /// Whether it is for a device, whatever the device runs.
    pub fn fits(&self, device: &Runs<'_>, consent: Consent) -> Result<(), NoPath> {
        if self.kind != device.kind {
            return Err(NoPath::WrongKind);
        }
        let model = Model::new(device.model);
        if !self.models.iter().any(|pattern| pattern.matches(&model)) {
            return Err(NoPath::WrongModel);
        }
        if !self.hardware.is_empty() {
            match device.hardware.map(str::trim).filter(|hardware| !hardware.is_empty()) {
                Some(hardware) if hardware.eq_ignore_ascii_case(&self.hardware) => {}
                Some(_) => return Err(NoPath::WrongHardware),
                None if consent.unknown => {}
                None => return Err(NoPath::HardwareUnknown),
            }
        }
        if !self.region.is_empty() {
            match device.region {
                Some(region) if region.eq_ignore_ascii_case(&self.region) => {}
                Some(_) => return Err(NoPath::WrongRegion),
                None if consent.unknown => {}
                None => return Err(NoPath::RegionUnknown),
            }
        }
        Ok(())
    }
}

fn find<'a>(catalogue: &'a [CatalogueEntry], id: &FirmwareFileId) -> Option<&'a CatalogueEntry> {
    catalogue.iter().find(|entry| entry.id == *id)
}

fn in_order(mut steps: Vec<&CatalogueEntry>) -> Vec<&CatalogueEntry> {
    steps.reverse();
    steps
}

/// The region that a device was made for, read from its long serial number: model, date of eight digits, four letters
/// of which the last two are the region (`WR` the world, `RR` Russia, `CH` China). What does not read so is not known.
///
/// Not confirmed on hardware; a device that is given the wrong language refuses it.
pub fn region_of(serial_number: &str) -> Option<&str> {
    let bytes = serial_number.as_bytes();
    let is_date = |date: &[u8]| date.starts_with(b"20") && date.iter().all(u8::is_ascii_digit);
    let at = (0..bytes.len().saturating_sub(11)).rev().find(|at| {
        let date = bytes.get(*at..at + 8).is_some_and(is_date);
        date && bytes.get(at + 8..at + 12).is_some_and(|letters| letters.iter().all(u8::is_ascii_uppercase))
    })?;
    serial_number.get(at + 10..at + 12)
}

#[cfg(test)]
mod tests;
