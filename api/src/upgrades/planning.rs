//! Which firmwares devices would be given, and why some would not.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use serde_json::json;
use siteward_domain::firmware::upgrade_path::{CatalogueEntry, Consent, plan, plan_version};
use siteward_domain::firmware::{FirmwareVersion, Function};
use siteward_domain::grant::DevicePermission;
use siteward_domain::site::SiteAction;
use siteward_domain::upgrade::MOST_DEVICES;
use siteward_domain::{DeviceId, FirmwareFileId, SiteId};
use siteward_store::reach::Reach;
use siteward_store::upgrades::{self, Candidate, NewUpgradeDevice, Step};
use siteward_store::{DbConn, StoreError, firmware_files, grants, monitoring, sites};
use siteward_worker::grants::refusal_code;

use crate::error::{ApiError, codes};
use crate::sites::allows;

/// Which devices are to get which firmware.
pub(super) struct Wanted {
    pub(super) devices: Vec<DeviceId>,
    pub(super) firmware: Firmware,
    pub(super) consent: Consent,
}

/// Which firmware.
pub(super) enum Firmware {
    /// This file.
    File(FirmwareFileId),
    /// The one of this version that fits each device.
    Version(FirmwareVersion),
    /// The newest that fits each device.
    Newest,
}

/// A device and what it would be given.
pub(super) struct Planned {
    pub(super) device: Candidate,
    /// The steps, or the code that says why there are none.
    pub(super) steps: Result<Vec<Step>, String>,
}

impl Wanted {
    /// Reads what was asked for.
    pub(super) fn parse(
        mut devices: Vec<DeviceId>,
        file: Option<FirmwareFileId>,
        version: Option<&str>,
        consent: Consent,
    ) -> Result<Self, ApiError> {
        let mut seen = HashSet::new();
        devices.retain(|id| seen.insert(id.clone()));
        if !(1..=MOST_DEVICES).contains(&devices.len()) {
            return Err(ApiError::field(codes::FIELD_INVALID, "device_ids"));
        }
        let firmware = match (file, version) {
            (Some(_), Some(_)) => return Err(ApiError::field(codes::FIELD_INVALID, "target_version")),
            (Some(file), None) => Firmware::File(file),
            (None, Some(version)) => {
                let version = FirmwareVersion::parse(version);
                Firmware::Version(version.map_err(|_| ApiError::field(codes::FIELD_INVALID, "target_version"))?)
            }
            (None, None) => Firmware::Newest,
        };
        Ok(Self { devices, firmware, consent })
    }

    /// Plans, device by device. [`StoreError::NotFound`] where one of the devices, or the file, is not there for the caller.
    pub(super) fn plan(
        &self,
        conn: &mut DbConn,
        reach: &Reach,
        now: DateTime<Utc>,
    ) -> Result<Vec<Planned>, StoreError> {
        reach.check_devices(conn, &self.devices)?;
        let company = reach.company_id();
        if let Firmware::File(file) = &self.firmware {
            firmware_files::get(conn, company, file)?;
        }
        let catalogue = firmware_files::catalogue(conn, company)?;
        let busy: HashSet<DeviceId> = upgrades::open_of_devices(conn, company, &self.devices)?.into_iter().collect();
        let mut of_sites: HashMap<SiteId, Option<&'static str>> = HashMap::new();
        let mut all = Vec::new();
        for device in upgrades::candidates(conn, company, &self.devices)? {
            let of_site = if let Some(known) = of_sites.get(&device.site_id) {
                *known
            } else {
                let site = sites::get_site(conn, company, &device.site_id)?;
                let refusal = allows(&site, SiteAction::ManageDevices).err().map(|error| error.code());
                of_sites.insert(device.site_id.clone(), refusal);
                refusal
            };
            let standing = monitoring::standing(conn, company, &device.device_id)?;
            let permission = DevicePermission::Configuration;
            let owner = grants::to_note(conn, company, &device.device_id, permission, now)?;
            let refusal = of_site
                .or_else(|| owner.err().map(refusal_code))
                .or_else(|| (!device.kind.has_login()).then_some("device_has_no_login"))
                .or_else(|| standing.may(Function::FirmwareUpgrade).err().map(|refusal| refusal.code()))
                .or_else(|| busy.contains(&device.device_id).then_some("upgrade_running"));
            let steps = match refusal {
                Some(code) => Err(code.to_owned()),
                None => self.steps(&catalogue, &device),
            };
            all.push(Planned { device, steps });
        }
        Ok(all)
    }

    fn steps(&self, catalogue: &[CatalogueEntry], device: &Candidate) -> Result<Vec<Step>, String> {
        let runs = device.runs();
        let steps = match &self.firmware {
            Firmware::File(file) => plan(catalogue, file, &runs, self.consent),
            Firmware::Version(version) => plan_version(catalogue, Some(version), &runs, self.consent),
            Firmware::Newest => plan_version(catalogue, None, &runs, self.consent),
        };
        let steps = steps.map_err(|reason| reason.code().to_owned())?;
        let step = |entry: &CatalogueEntry| Step { file_id: entry.id.clone(), version: entry.version.to_string() };
        Ok(steps.into_iter().map(step).collect())
    }
}

/// All of the devices, or the refusal: its code is that of the first one that is refused, its details name each.
pub(super) fn all_or_refusal(planned: Vec<Planned>) -> Result<Vec<NewUpgradeDevice>, ApiError> {
    let refused: Vec<_> = planned
        .iter()
        .filter_map(|one| {
            one.steps.as_ref().err().map(|code| json!({ "device_id": one.device.device_id, "code": code }))
        })
        .collect();
    let first = planned.iter().find_map(|one| one.steps.as_ref().err());
    if let Some(code) = first {
        return Err(ApiError::of_code(code, codes::FIELD_INVALID).with_details(json!({ "devices": refused })));
    }
    let device = |one: Planned| {
        Some(NewUpgradeDevice {
            device_id: one.device.device_id,
            steps: one.steps.ok()?,
            from_version: one.device.firmware,
        })
    };
    Ok(planned.into_iter().filter_map(device).collect())
}
