//! `POST /my/unbindings`: frees a device that somebody else's account has.

use actix_web::{HttpRequest, HttpResponse, post, web};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use siteward_devices::Login;
use siteward_devices::tunnel::{CommandAnswer, LinkCommand};
use siteward_domain::link::BindState as Bind;
use siteward_domain::unbind::UnbindRefusal;
use siteward_domain::{CompanyId, SerialNumber};
use siteward_store::unbinding::{self, Standing};
use utoipa::ToSchema;

use super::{Nearby, look_around};
use crate::access::EndUser;
use crate::additions::USUAL_USER;
use crate::body::{Body, object};
use crate::captchas::CaptchaAnswer;
use crate::devices;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::unbind::{Attempt, Known, free, look_again};
use crate::words::BindState;

/// Digits of a code of the page in the network.
const CODE_DIGITS: usize = 8;

/// A device to free.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MyUnbindingCreate {
    /// Its serial number, short or long.
    #[schema(min_length = 9, max_length = 96)]
    serial: String,
    /// The user name of its administrator; `admin` unless told.
    #[schema(min_length = 1, max_length = 32)]
    user_name: Option<String>,
    /// The password of its administrator, which the device itself checks.
    #[schema(value_type = String, min_length = 1, max_length = 64, format = Password)]
    admin_password: SecretString,
    /// The code that the page in the device's network shows: eight digits.
    #[schema(value_type = String, min_length = 8, max_length = 16)]
    lan_code: SecretString,
    /// The captcha.
    #[serde(deserialize_with = "object")]
    captcha: CaptchaAnswer,
}

/// A device that nobody has.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyUnbinding {
    /// Its serial number.
    serial: String,
    /// `free`.
    state: BindState,
}

/// Frees a device from the account that has it, whoever that is: with the password of its administrator, from within its network
/// (the caller comes from the public address of the link there, and knows the code of its page). Its former owner and their company
/// are told. After five wrong passwords or codes the device rests for this person for 30 minutes.
#[utoipa::path(tag = "my", request_body = MyUnbindingCreate, responses(
    (status = 201, description = "It is free", body = MyUnbinding),
    (status = 409, description = "Yours, not bound, not online, not in this network, or a matter of the service centre (details.reason, details.serial)", body = ErrorBody),
    (status = 422, description = "The captcha, the code or the password is wrong (details.tries_left)", body = ErrorBody),
    (status = 423, description = "Too many wrong tries; details.until", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/unbindings")]
pub(crate) async fn create_my_unbinding(
    caller: EndUser,
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<MyUnbindingCreate>,
) -> Result<HttpResponse, ApiError> {
    let (body, end_user) = (body.into_inner(), caller.0.id());
    let serial = SerialNumber::parse(&body.serial).map_err(|_| ApiError::field(codes::SERIAL_INVALID, "serial"))?;
    note.object("device", &serial, serial.as_str());
    let user_name = body.user_name.as_deref().map(devices::user_name).transpose()?;
    devices::password(&body.admin_password)?;
    let code = lan_code(&body.lan_code)?;
    let attempt = Attempt { by: end_user.to_string(), serial: serial.clone() };
    attempt.take_captcha(&platform, body.captcha).await?;
    let nearby = look_around(&platform, &request, end_user, serial.clone()).await?;
    if matches!(nearby.standing, Standing::Yours(_)) {
        return Err(ApiError::new(codes::DEVICE_IS_YOURS));
    }
    nearby.can_unbind().map_err(|refusal| attempt.refused(refusal))?;
    if nearby.is_claimed_twice {
        return Err(ApiError::new(codes::SEVERAL_NETWORKS));
    }
    let left = attempt.count_try(&platform).await?;
    let (company, known) = prove_presence(&platform, &attempt, &nearby, &code, left).await?;
    let user_name = user_name.unwrap_or_else(|| USUAL_USER.to_owned());
    free(&platform, &attempt, &known, Login { user_name, password: body.admin_password }, left).await?;
    conclude(&platform, &serial, company, &known).await?;
    Ok(HttpResponse::Created().json(MyUnbinding { serial: serial.into(), state: BindState(Bind::Free) }))
}

/// The digits of a code, however they were grouped.
fn lan_code(text: &SecretString) -> Result<SecretString, ApiError> {
    let digits: String = text.expose_secret().chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if digits.len() == CODE_DIGITS && digits.bytes().all(|digit| digit.is_ascii_digit()) {
        Ok(digits.into())
    } else {
        Err(ApiError::field(codes::FIELD_INVALID, "lan_code"))
    }
}

/// Asks the links that see the device whether one of their pages shows the code, which it takes: the device is asked for
/// nothing before. All of them are of one company: a code is shown to no other.
async fn prove_presence(
    platform: &Platform,
    attempt: &Attempt,
    nearby: &Nearby,
    code: &SecretString,
    tries_left: u32,
) -> Result<(CompanyId, Known), ApiError> {
    let mut refused = attempt.refused(UnbindRefusal::Offline);
    for (company, seen) in nearby.online() {
        let command = LinkCommand::CheckLanCode { code: code.clone() };
        match platform.hub.command(&seen.link_id, command).await {
            Ok(CommandAnswer::Done) => {
                let (link_id, sighting) = (seen.link_id.clone(), seen.sighting.clone());
                return Ok((company.clone(), Known { link_id, sighting, bound_here: nearby.bound_here() }));
            }
            Ok(CommandAnswer::Failed { code, .. }) if code == "not_supported" => {
                refused = ApiError::new(codes::LAN_PAGE_OFF);
            }
            Ok(_) => {
                refused = ApiError::new(codes::LAN_CODE_WRONG).with_details(json!({ "tries_left": tries_left }));
            }
            Err(error) => tracing::debug!(%error, link.id = %seen.link_id, "a link was not asked for its code"),
        }
    }
    Err(refused)
}

/// The device is free: takes it from the account here that had it, which is told.
async fn conclude(
    platform: &Platform,
    serial: &SerialNumber,
    company: CompanyId,
    known: &Known,
) -> Result<(), ApiError> {
    let (of, now) = (serial.clone(), platform.clock.now());
    let former = platform.write(move |conn| unbinding::unbind(conn, &of, now)).await?;
    if let Some(former) = former {
        tracing::info!(device.id = %former.device_id, "a device was unbound by who holds it");
        (platform.wake_worker)();
    }
    look_again(platform, company, &known.link_id).await
}
