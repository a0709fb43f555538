//! "Add and upgrade" (R-O2): a device whose firmware is too old is added, and in the same transaction its upgrade begins.

use chrono::{DateTime, Duration, Utc};
use siteward_domain::add_state::AddState;
use siteward_domain::firmware::upgrade_path::{Consent, plan_version};
use siteward_domain::upgrade::{Stages, WAITS_HOURS};
use siteward_domain::{AdditionId, CompanyId, DeviceId, UpgradeId};
use siteward_store::additions::{self, Addition};
use siteward_store::upgrades::{self, NewUpgrade, NewUpgradeDevice, Step};
use siteward_store::{DbConn, StoreError, firmware_files, staff};

use super::{Adding, AddingError};

impl Adding {
    /// Has a device added although its firmware is too old, and upgraded then. [`AddingError::NotNow`] when the addition
    /// waits for something else.
    pub async fn add_and_upgrade(&self, company: &CompanyId, id: &AdditionId) -> Result<Addition, AddingError> {
        if self.get(company, id).await?.state != AddState::FirmwareTooOld {
            return Err(AddingError::NotNow);
        }
        let (of_company, of_id) = (company.clone(), id.clone());
        self.with_store(move |store| store.write(|conn| additions::ask_for_upgrade(conn, &of_company, &of_id))).await?;
        self.advance(company, id).await
    }
}

/// Begins the upgrade of a device that was just added, where a person asked for it: to the newest firmware of the catalogue
/// that fits. Where none does, the addition says so; the device is added all the same.
pub(super) fn begin(
    conn: &mut DbConn,
    addition: &Addition,
    device: &DeviceId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if !additions::wants_upgrade(conn, &addition.id)? {
        return Ok(());
    }
    let company = &addition.company_id;
    let catalogue = firmware_files::catalogue(conn, company)?;
    let candidate = upgrades::candidates(conn, company, std::slice::from_ref(device))?.pop();
    let candidate = candidate.ok_or(StoreError::NotFound)?;
    let steps = match plan_version(&catalogue, None, &candidate.runs(), Consent::default()) {
        Ok(steps) => steps,
        Err(reason) => {
            let message = "no firmware of the catalogue fits the device";
            return additions::note_no_upgrade(conn, &addition.id, reason.code(), message);
        }
    };
    let step = |entry: &siteward_domain::firmware::upgrade_path::CatalogueEntry| Step {
        file_id: entry.id.clone(),
        version: entry.version.to_string(),
    };
    let by = staff::get_staff(conn, company, &addition.staff_id)?;
    let new = NewUpgrade {
        id: UpgradeId::generate(now),
        company_id: company.clone(),
        created_by: by.id,
        created_by_name: by.name,
        starts_at: now,
        window: None,
        waits_until: now + Duration::hours(i64::from(WAITS_HOURS)),
        stages: Stages::sensible(1),
        devices: vec![NewUpgradeDevice {
            steps: steps.into_iter().map(step).collect(),
            from_version: candidate.firmware.clone(),
            device_id: candidate.device_id,
        }],
    };
    upgrades::create(conn, &new, now)
}
