//! `POST /sites/{site_id}/unbind`: frees a device with its admin password.

use actix_web::{post, web};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use siteward_devices::Login;
use siteward_domain::link::BindState as Bind;
use siteward_domain::site::SiteAction;
use siteward_domain::{SerialNumber, SiteId};
use siteward_store::sites;
use utoipa::ToSchema;

use super::attempt::Attempt;
use super::case::Case;
use super::on_device;
use crate::access::OnSites;
use crate::additions::{Addition, USUAL_USER};
use crate::body::{Body, object};
use crate::captchas::CaptchaAnswer;
use crate::devices;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::allows;
use crate::words::BindState;

/// A device to unbind.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnbindRequest {
    /// Its serial number.
    #[schema(min_length = 9, max_length = 96)]
    serial: String,
    /// The user name on the device; `admin` unless told.
    #[schema(min_length = 1, max_length = 32)]
    user_name: Option<String>,
    /// Its password, which the device itself checks.
    #[schema(value_type = String, min_length = 1, max_length = 64, format = Password)]
    password: SecretString,
    /// The captcha.
    #[serde(deserialize_with = "object")]
    captcha: CaptchaAnswer,
}

/// A device that is free.
#[derive(Serialize, ToSchema)]
pub(crate) struct Unbound {
    /// `free`.
    state: BindState,
    /// The addition of this person that went on by it.
    #[schema(required = true)]
    addition: Option<Addition>,
}

/// Frees a device from the account that has it: by its admin password, over a link in its LAN. The former account is told.
/// After five wrong passwords the device rests for this person for 30 minutes.
#[utoipa::path(tag = "unbind", request_body = UnbindRequest, params(("site_id" = String, Path, format = "uuid", description = "The site in whose LAN it is")), responses(
    (status = 200, description = "It is free", body = Unbound),
    (status = 409, description = "Not bound, not online, not in this LAN, or a matter of the service centre (details.reason, details.serial)", body = ErrorBody),
    (status = 422, description = "The captcha or the password is wrong (details.tries_left)", body = ErrorBody),
    (status = 423, description = "Too many wrong passwords; details.until", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/sites/{site_id}/unbind")]
pub(crate) async fn unbind_device(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    site_id: web::Path<SiteId>,
    body: Body<UnbindRequest>,
) -> Result<web::Json<Unbound>, ApiError> {
    let (body, site_id, caller) = (body.into_inner(), site_id.into_inner(), on.caller().clone());
    note.object("site", &site_id, "");
    let (of_company, of_id) = (caller.company_id(), site_id.clone());
    let site = platform.read(move |conn| sites::get_site(conn, &of_company, &of_id)).await?;
    allows(&site, SiteAction::ManageDevices)?;
    let serial = SerialNumber::parse(&body.serial).map_err(|_| ApiError::field(codes::SERIAL_INVALID, "serial"))?;
    note.object("device", &serial, serial.as_str());
    let user_name = body.user_name.as_deref().map(devices::user_name).transpose()?;
    devices::password(&body.password)?;
    let attempt = Attempt { by: caller.staff_id().to_string(), serial };
    let case = Case { site_id, attempt, caller, reach: on.reach() };
    case.attempt.take_captcha(&platform, body.captcha).await?;
    let known = case.look_up(&platform).await?;
    let left = case.attempt.count_try(&platform).await?;
    let login = Login { user_name: user_name.unwrap_or_else(|| USUAL_USER.to_owned()), password: body.password };
    let waiting = case.waiting(&platform).await?;
    on_device::free(&platform, &case.attempt, &known, login, left).await?;
    let addition = case.conclude(&platform, &known, waiting).await?;
    Ok(web::Json(Unbound { state: BindState(Bind::Free), addition }))
}
