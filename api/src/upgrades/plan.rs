//! `POST /upgrades/plan`: what devices would be given, without doing it.

use actix_web::{post, web};
use serde::{Deserialize, Serialize};
use siteward_domain::firmware::upgrade_path::Consent;
use siteward_domain::{DeviceId, FirmwareFileId};
use utoipa::ToSchema;

use super::OBJECT;
use super::planning::{Planned, Wanted};
use super::view::UpgradeStep;
use crate::access::OnSites;
use crate::access::rights::UpgradeFirmware;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Which devices, and which firmware.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpgradePlanCreate {
    /// The devices.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 1000)]
    device_ids: Vec<DeviceId>,
    /// The file to install.
    #[schema(value_type = Option<String>, format = "uuid")]
    firmware_file_id: Option<FirmwareFileId>,
    /// Or a version: of each device the file that fits it. Neither: the newest that fits.
    #[schema(max_length = 64)]
    target_version: Option<String>,
    /// Also where that is older than what the device runs.
    #[serde(default)]
    allow_downgrade: bool,
    /// Also where hardware or region of the device are not known.
    #[serde(default)]
    accept_unknown: bool,
}

/// What devices would be given.
#[derive(Serialize, ToSchema)]
pub(crate) struct UpgradePlan {
    /// Each device, in the order in which they were named.
    #[schema(max_items = 1000)]
    devices: Vec<PlannedDevice>,
}

/// What a device would be given.
#[derive(Serialize, ToSchema)]
pub(crate) struct PlannedDevice {
    /// The device.
    #[schema(format = "uuid")]
    device_id: String,
    /// Its name.
    device_name: String,
    /// Its model.
    model: String,
    /// What it runs.
    from_version: String,
    /// The firmwares, in their order; none where it is refused.
    steps: Vec<UpgradeStep>,
    /// Why it would be refused: a code as in errors; null where it would not.
    #[schema(required = true)]
    refusal: Option<String>,
}

/// Tells what devices would be given, step by step, and why some would be refused. Nothing is begun.
#[utoipa::path(tag = "firmware", request_body = UpgradePlanCreate, responses(
    (status = 200, description = "The plan", body = UpgradePlan),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/upgrades/plan")]
pub(crate) async fn plan_upgrade(
    on: OnSites<UpgradeFirmware>,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<UpgradePlanCreate>,
) -> Result<web::Json<UpgradePlan>, ApiError> {
    let (reach, body) = (on.reach(), body.into_inner());
    note.object(OBJECT, &"", format!("devices: {}", body.device_ids.len()));
    let consent = Consent { downgrade: body.allow_downgrade, unknown: body.accept_unknown };
    let wanted = Wanted::parse(body.device_ids, body.firmware_file_id, body.target_version.as_deref(), consent)?;
    let now = platform.clock.now();
    let planned = platform.read(move |conn| wanted.plan(conn, &reach, now)).await?;
    Ok(web::Json(UpgradePlan { devices: planned.into_iter().map(Into::into).collect() }))
}

impl From<Planned> for PlannedDevice {
    fn from(planned: Planned) -> Self {
        let (steps, refusal) = match planned.steps {
            Ok(steps) => (steps, None),
            Err(code) => (Vec::new(), Some(code)),
        };
        Self {
            device_id: planned.device.device_id.to_string(),
            device_name: planned.device.name,
            model: planned.device.model,
            from_version: planned.device.firmware,
            steps: steps.into_iter().map(Into::into).collect(),
            refusal,
        }
    }
}
