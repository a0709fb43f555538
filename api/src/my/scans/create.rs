//! `POST /my/scans`: whose device it is whose label was scanned, as far as it concerns whoever scans.

use actix_web::{HttpRequest, post, web};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use siteward_domain::link::BindState;
use siteward_domain::unbind::UnbindRefusal;
use siteward_domain::{DeviceId, SerialNumber};
use siteward_qr::label::Label;
use siteward_store::unbinding::Standing;
use utoipa::ToSchema;

use crate::access::EndUser;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::my::unbindings::{Nearby, look_around};
use crate::operation_log::Note;
use crate::platform::Platform;

/// How models of the EZVIZ service begin, which are no devices of this platform.
const EZVIZ_MODEL: &str = "CS-";

/// A label that was scanned, or a serial number that was typed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MyScanCreate {
    /// The text of the label's QR, or the serial number on it.
    #[schema(value_type = String, min_length = 1, max_length = 4096)]
    text: SecretString,
}

/// Whose a device is.
#[derive(Serialize, ToSchema, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ScannedState {
    /// On a site of one's own.
    Yours,
    /// Somebody shares of it with whoever scanned.
    SharedWithYou,
    /// Of another account, here or at the maker's service. Which one is not told.
    SomebodyElses,
    /// In this network, and of nobody.
    Free,
    /// Nothing is known of it here.
    NotSeen,
    /// A device of the EZVIZ service.
    Ezviz,
}

/// Why a device cannot be unbound from here.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UnbindHindrance {
    /// No link in the network of whoever scanned knows it.
    NotOnThisLan,
    /// The link of this network does not see it now.
    Offline,
    /// Its firmware is of generation 3: only the maker's service centre can.
    Firmware,
    /// It is bound to the EZVIZ service: only the service centre can.
    Ezviz,
    /// Links of several companies come from the address of whoever scanned and know it: whose network that is cannot be told.
    SeveralNetworks,
}

/// What was scanned.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyScan {
    /// The serial number.
    serial: String,
    /// Whose it is.
    state: ScannedState,
    /// The device, where it is one's own or shared.
    #[schema(required = true, format = "uuid")]
    device_id: Option<String>,
    /// Why it cannot be unbound from here; null where it can, or need not be.
    #[schema(required = true)]
    hindrance: Option<UnbindHindrance>,
    /// Where the pages of this network are that show the code for it.
    #[schema(max_items = 3)]
    lan_pages: Vec<String>,
}

/// Says whose a device is, and whether it can be unbound from here. Nothing is told of the account that has it, and nothing of a device
/// elsewhere. At most 30 in five minutes.
#[utoipa::path(tag = "my", request_body = MyScanCreate, responses(
    (status = 200, description = "Whose it is", body = MyScan),
    (status = 422, description = "Neither a label nor a serial number", body = ErrorBody),
    (status = 429, description = "Too many", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/scans")]
pub(crate) async fn create_my_scan(
    caller: EndUser,
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<MyScanCreate>,
) -> Result<web::Json<MyScan>, ApiError> {
    let person = caller.0.id();
    if !platform.scans.allows(person.as_str(), platform.clock.now()) {
        return Err(ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(60));
    }
    let (serial, model) = read(&body.into_inner().text)?;
    note.object("device", &serial, serial.as_str());
    let nearby = look_around(&platform, &request, person, serial).await?;
    let (state, device_id) = state(&nearby, model.as_deref());
    let refusal = (state == ScannedState::SomebodyElses).then(|| nearby.can_unbind().err()).flatten();
    let hindrance = match refusal.and_then(hindrance) {
        None if nearby.is_claimed_twice => Some(UnbindHindrance::SeveralNetworks),
        hindrance => hindrance,
    };
    let may = state == ScannedState::SomebodyElses && hindrance.is_none();
    let lan_pages = if may { nearby.pages(&platform).await } else { Vec::new() };
    Ok(web::Json(MyScan {
        serial: nearby.serial.into(),
        state,
        device_id: device_id.map(|id| id.to_string()),
        hindrance,
        lan_pages,
    }))
}

/// The serial number, and the model that the label tells.
fn read(text: &SecretString) -> Result<(SerialNumber, Option<String>), ApiError> {
    let text = text.expose_secret().trim();
    match Label::parse(text) {
        Ok(label) => Ok((label.serial, label.model)),
        Err(error) => match SerialNumber::parse(text) {
            Ok(serial) => Ok((serial, None)),
            Err(_) => Err(ApiError::of_code(error.code(), codes::SERIAL_INVALID)),
        },
    }
}

fn state(nearby: &Nearby, model: Option<&str>) -> (ScannedState, Option<DeviceId>) {
    match &nearby.standing {
        Standing::Yours(id) => (ScannedState::Yours, Some(id.clone())),
        Standing::SharedWithYou(id) => (ScannedState::SharedWithYou, Some(id.clone())),
        Standing::SomebodyElses => (ScannedState::SomebodyElses, None),
        Standing::Nobodys => match nearby.seen.first() {
            Some((_, seen)) if seen.sighting.bind == BindState::Bound => (ScannedState::SomebodyElses, None),
            Some(_) => (ScannedState::Free, None),
            None if model.is_some_and(|model| model.starts_with(EZVIZ_MODEL)) => (ScannedState::Ezviz, None),
            None => (ScannedState::NotSeen, None),
        },
    }
}

fn hindrance(refusal: UnbindRefusal) -> Option<UnbindHindrance> {
    match refusal {
        UnbindRefusal::ServiceCentreFirmware => Some(UnbindHindrance::Firmware),
        UnbindRefusal::ServiceCentreEzviz => Some(UnbindHindrance::Ezviz),
        UnbindRefusal::NotOnThisLan => Some(UnbindHindrance::NotOnThisLan),
        UnbindRefusal::Offline => Some(UnbindHindrance::Offline),
        // Of nobody: there is nothing to unbind.
        UnbindRefusal::NotBound => None,
    }
}
