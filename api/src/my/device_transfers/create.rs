//! `POST /my/device_transfers`: begins to give a device to somebody.

use actix_web::{HttpResponse, post, web};
use chrono::{DateTime, Duration, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use siteward_domain::share::{MOST_TRANSFERS_AN_HOUR, TRANSFER_CODE_MINUTES};
use siteward_domain::{DeviceId, DeviceTransferId, EndUserId, SerialNumber, VerificationCode};
use siteward_store::device_transfers::NewTransfer;
use siteward_store::mail_paces::{self, Pace};
use siteward_store::owning::OwnedObject;
use siteward_store::{DbConn, StoreError, devices, end_users, owned_sites, sites, unbinding};
use siteward_worker::device_transfers;
use utoipa::ToSchema;

use super::{DeviceTransfer, code_hash};
use crate::access::end_user::EndUserCaller;
use crate::access::{EndUser, sent_code, token};
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::my::channels_to_share::address;
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::unbind::locked;

/// Which device, and who is to have it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceTransferCreate {
    /// The device.
    #[schema(value_type = String, format = "uuid")]
    device_id: DeviceId,
    /// The e-mail address of who is to have it.
    #[schema(min_length = 3, max_length = 254)]
    login: String,
    /// The verification code on the device's label.
    #[schema(value_type = String, min_length = 6, max_length = 12, format = Password)]
    verification_code: SecretString,
}

/// Begins to give a device to somebody: a code goes to one's own address, good for ten minutes. Whether the other has an account
/// is not told.
#[utoipa::path(tag = "my", request_body = DeviceTransferCreate, responses(
    (status = 201, description = "The code is on its way", body = DeviceTransfer),
    (status = 404, description = "The device is not there or not yours", body = ErrorBody),
    (status = 409, description = "The device is offered already, or its verification code is not known", body = ErrorBody),
    (status = 422, description = "The verification code is wrong (details.tries_left), or the login is none", body = ErrorBody),
    (status = 423, description = "Too many wrong verification codes; details.until", body = ErrorBody),
    (status = 429, description = "Too many; Retry-After tells when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/device_transfers")]
pub(crate) async fn create_device_transfer(
    EndUser(caller): EndUser,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<DeviceTransferCreate>,
) -> Result<HttpResponse, ApiError> {
    let (body, now) = (body.into_inner(), platform.clock.now());
    note.object("device", &body.device_id, "");
    let login = address(&body.login)?;
    let given = VerificationCode::parse(body.verification_code.expose_secret().trim());
    check_code(&platform, &caller, &body.device_id, given.ok(), now).await?;
    let id = DeviceTransferId::generate(now);
    let code = sent_code::new();
    let new = NewTransfer {
        device_id: body.device_id,
        giver_id: caller.id(),
        receiver_login: login,
        code_hash: code_hash(&id, &code),
        code_until: now + Duration::minutes(TRANSFER_CODE_MINUTES),
        id,
    };
    let store = platform.store.clone();
    let begun = platform
        .write(move |conn| {
            if is_own(conn, &new.giver_id, &new.receiver_login)? {
                return Ok(Err(ApiError::field(codes::FIELD_INVALID, "login")));
            }
            // First the site, as everywhere; then the pace, which all who send mails wait for.
            let (company, site) = owned_sites::place_of_device(conn, &new.device_id)?;
            sites::hold_site(conn, &company, &site)?;
            if let Some(free_at) = mail_paces::take_turn(conn, &[pace(&new)], now)? {
                return Ok(Err(ApiError::too_many_until(free_at, now)));
            }
            let begun = device_transfers::begin(conn, store.vault(), &new, &code, now)?;
            Ok(begun.ok_or_else(|| ApiError::new(codes::TRANSFER_OPEN)))
        })
        .await??;
    (platform.wake_worker)();
    Ok(HttpResponse::Created().json(DeviceTransfer::from(begun)))
}

/// Whether a login is the giver's own.
fn is_own(conn: &mut DbConn, giver: &EndUserId, login: &str) -> Result<bool, StoreError> {
    Ok(end_users::get_end_user(conn, giver)?.email.to_lowercase() == login)
}

fn pace(new: &NewTransfer) -> Pace {
    Pace { purpose: "device_transfer", subject: new.giver_id.to_string(), most: MOST_TRANSFERS_AN_HOUR }
}

/// Whether the code is the one of the device. Five wrong ones lock it for this person for half an hour.
async fn check_code(
    platform: &Platform,
    caller: &EndUserCaller,
    device: &DeviceId,
    given: Option<VerificationCode>,
    now: DateTime<Utc>,
) -> Result<(), ApiError> {
    let (owning, device, by) = (caller.owning(), device.clone(), format!("transfer:{}", caller.id()));
    let store = platform.store.clone();
    platform
        .write(move |conn| {
            owning.check(conn, &OwnedObject::Device(device.clone()))?;
            let (company, _) = owned_sites::place_of_device(conn, &device)?;
            let serial: Option<SerialNumber> = devices::get_device(conn, &company, &device)?.serial;
            let sealed = devices::find_code(conn, &company, &device)?;
            let (Some(serial), Some(sealed)) = (serial, sealed) else {
                return Ok(Err(ApiError::new(codes::VERIFICATION_CODE_UNKNOWN)));
            };
            if let Some(until) = unbinding::locked_until(conn, &by, &serial, now)? {
                return Ok(Err(locked(until, now)));
            }
            let right = store.vault().open(devices::code_place(&company, &device), &sealed)?;
            if given.as_ref().is_some_and(|given| token::equal(right.expose_secret(), given.expose())) {
                return unbinding::forget(conn, &by, &serial).map(Ok);
            }
            let left = unbinding::note_wrong(conn, &by, &serial, now)?.left;
            let wrong = ApiError::field(codes::VERIFICATION_CODE_WRONG, "verification_code");
            Ok(Err(wrong.with_details(json!({ "field": "verification_code", "tries_left": left }))))
        })
        .await?
}
