//! `GET /fleet`: who runs what.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use siteward_domain::firmware::{CompatibilityRules, FirmwareKnowledge};
use siteward_store::compatibility_rules;
use siteward_store::fleet::{self, FleetGroup as Counted};
use utoipa::{IntoParams, ToSchema};

use crate::access::OnSites;
use crate::devices::Compatibility;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;
use crate::words::{DeviceKind, Verdict};

/// Which devices count.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FleetQuery {
    /// Only devices of this kind.
    kind: Option<DeviceKind>,
}

/// Devices by what they run.
#[derive(Serialize, ToSchema)]
pub(crate) struct Fleet {
    /// By kind, model and firmware.
    #[schema(max_items = 5000)]
    groups: Vec<FleetGroup>,
    /// Whether there are more groups than are told here: ask for one kind at a time.
    more: bool,
    /// The date of the list of vulnerabilities by which the firmwares were judged.
    vulnerabilities_as_of: String,
}

/// Devices of one kind and model that run the same firmware.
#[derive(Serialize, ToSchema)]
pub(crate) struct FleetGroup {
    /// What they are.
    kind: DeviceKind,
    /// Their model as they write it; empty where they never told.
    model: String,
    /// Their firmware as they write it; empty where they never told.
    firmware: String,
    /// How many there are.
    devices: u64,
    /// What is known of the firmware's vulnerabilities. Never that it is safe.
    verdict: Verdict,
    /// The records that it is vulnerable by, or that are for a person to review.
    cves: Vec<String>,
    /// What the firmware is too old for; null where no rule speaks against it.
    #[schema(required = true)]
    compatibility: Option<Compatibility>,
}

/// Counts the devices on sites that the caller may work on, by kind, model and firmware.
#[utoipa::path(tag = "fleet", params(FleetQuery), responses(
    (status = 200, description = "The fleet", body = Fleet),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/fleet")]
pub(crate) async fn get_fleet(
    on: OnSites,
    platform: web::Data<Platform>,
    query: web::Query<FleetQuery>,
) -> Result<web::Json<Fleet>, ApiError> {
    let (reach, company) = (on.reach(), on.company_id());
    let kind = query.kind.map(|kind| kind.0);
    let knowledge = platform.yardstick().firmware;
    let fleet = platform
        .read(move |conn| {
            // Judged here, off the async threads: thousands of groups take some time.
            let counted = fleet::count_fleet(conn, &reach, kind)?;
            let rules = compatibility_rules::of_company(conn, &company)?;
            let groups = counted.groups.into_iter().map(|group| FleetGroup::new(group, &knowledge, &rules)).collect();
            let vulnerabilities_as_of = knowledge.vulnerabilities.as_of().to_owned();
            Ok(Fleet { groups, more: counted.more, vulnerabilities_as_of })
        })
        .await?;
    Ok(web::Json(fleet))
}

impl FleetGroup {
    fn new(group: Counted, knowledge: &FirmwareKnowledge, rules: &CompatibilityRules) -> Self {
        let found = knowledge.vulnerabilities.judge(&group.model, &group.firmware);
        let told = found.records.iter().filter(|finding| finding.verdict == found.verdict);
        let is_open = found.verdict >= siteward_domain::firmware::Verdict::Review;
        Self {
            kind: DeviceKind(group.kind),
            devices: group.devices,
            verdict: Verdict(found.verdict),
            cves: told.filter(|_| is_open).map(|finding| finding.record.cve.clone()).collect(),
            compatibility: rules.check(group.kind, &group.model, &group.firmware).map(Into::into),
            model: group.model,
            firmware: group.firmware,
        }
    }
}
