//! `POST /device_qr`: pictures with devices and their logins.

use actix_web::{post, web};
use chrono::Duration;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use siteward_domain::DeviceId;
use siteward_domain::grant::DevicePermission;
use siteward_domain::site::SiteAction;
use siteward_qr::sealed::{LONGEST_PASSWORD, SHORTEST_PASSWORD};
use siteward_store::reach::Reach;
use siteward_store::{DbConn, StoreError, devices, sites};
use utoipa::ToSchema;

use super::writing::{self, ToWrite};
use crate::access::OnSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::grants::permitted;
use crate::operation_log::Note;
use crate::platform::{Platform, off_thread};
use crate::sites::allows;

/// Most devices in one go.
const MOST_DEVICES: usize = 256;
/// Days that a sealed code opens unless told.
const USUAL_DAYS: u32 = 30;
/// Most days that a sealed code opens.
const MOST_DAYS: u32 = 365;
/// Most bytes of the password of a vendor export.
const MOST_VENDOR_PASSWORD: usize = 16;

/// Which devices, and how they are written.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceQrRequest {
    /// The devices, in this order.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 256)]
    device_ids: Vec<DeviceId>,
    /// How they are written.
    kind: DeviceQrKind,
    /// The password that opens a sealed code: 8 to 64 characters; nobody can find it again.
    #[schema(value_type = Option<String>, min_length = 8, max_length = 64, format = Password)]
    password: Option<SecretString>,
    /// That the person knows what `plain` and `vendor` mean: who has the picture has the passwords.
    #[serde(default)]
    confirmed: bool,
    /// The form of the pictures.
    format: DeviceQrFormat,
    /// Days until a sealed code ceases to open; 30 unless told.
    #[schema(minimum = 1, maximum = 365)]
    valid_days: Option<u32>,
}

/// How devices are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeviceQrKind {
    /// Sealed with a password, up to ten devices a code.
    Sealed,
    /// In the export format of the vendor's apps without a password: readable for everybody.
    Plain,
    /// In the export format of the vendor's apps with the password asked for by the app: as good as readable for everybody.
    Vendor,
}

/// The form of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeviceQrFormat {
    /// PNG, 8 pixels a module.
    Png,
    /// SVG.
    Svg,
}

/// The pictures.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeviceQr {
    /// One or several.
    #[schema(max_items = 256)]
    pictures: Vec<DeviceQrPicture>,
    /// Whether anyone with a picture has the passwords.
    weak: bool,
}

/// One picture.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeviceQrPicture {
    /// The devices on it.
    pub(super) devices: Vec<String>,
    /// Its form.
    pub(super) format: DeviceQrFormat,
    /// Its bytes, base64.
    pub(super) data: String,
}

/// Makes QR codes of devices with their logins. They are kept nowhere; the operation log tells who made them of what.
#[utoipa::path(tag = "devices", request_body = DeviceQrRequest, responses(
    (status = 200, description = "The pictures", body = DeviceQr),
    (status = 404, description = "One of the devices is not there or not yours", body = ErrorBody),
    (status = 409, description = "A site's status or its owner forbids it", body = ErrorBody),
    (status = 422, description = "No confirmation, or a device that this kind cannot carry", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/device_qr")]
pub(crate) async fn create_device_qr(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<DeviceQrRequest>,
) -> Result<web::Json<DeviceQr>, ApiError> {
    let (body, reach, now) = (body.into_inner(), on.reach(), platform.clock.now());
    check(&body)?;
    let (kind, count) = (body.kind, body.device_ids.len());
    note.object("device_qr", &body.device_ids.first().map(ToString::to_string).unwrap_or_default(), kind.noted(count));
    note.devices(&body.device_ids);
    let ids = body.device_ids.clone();
    let devices = platform.read(move |conn| read(conn, &reach, &ids)).await??;
    // Whoever has the logins may do everything with the devices.
    for one in &devices {
        permitted(&platform, on.caller(), &one.device.id, DevicePermission::Configuration).await?;
    }
    // A derivation takes a core and 64 MiB: no more at once than passwords are hashed.
    let turn = platform.turn_to_hash().await?;
    let store = platform.store.clone();
    let pictures = off_thread(move || {
        let _turn = turn;
        let last = now + Duration::days(i64::from(body.valid_days.unwrap_or(USUAL_DAYS)));
        match (kind, &body.password) {
            (DeviceQrKind::Sealed, Some(password)) => {
                writing::sealed(&store, &devices, password, last.timestamp(), body.format)
            }
            (DeviceQrKind::Sealed, None) => Err(ApiError::field(codes::FIELD_INVALID, "password")),
            (DeviceQrKind::Plain, _) => writing::vendor(&store, &devices, None, now.timestamp(), body.format),
            (DeviceQrKind::Vendor, password) => {
                writing::vendor(&store, &devices, password.as_ref(), now.timestamp(), body.format)
            }
        }
    });
    let pictures = pictures.await??;
    Ok(web::Json(DeviceQr { pictures, weak: kind != DeviceQrKind::Sealed }))
}

impl DeviceQrKind {
    /// What the operation log says of it.
    fn noted(self, count: usize) -> String {
        let kind = match self {
            Self::Sealed => "sealed",
            Self::Plain => "plain",
            Self::Vendor => "vendor",
        };
        format!("{kind}, devices: {count}")
    }
}

fn check(body: &DeviceQrRequest) -> Result<(), ApiError> {
    if !(1..=MOST_DEVICES).contains(&body.device_ids.len()) {
        return Err(ApiError::field(codes::FIELD_INVALID, "device_ids"));
    }
    if !body.valid_days.is_none_or(|days| (1..=MOST_DAYS).contains(&days)) {
        return Err(ApiError::field(codes::FIELD_INVALID, "valid_days"));
    }
    let password = body.password.as_ref().map(ExposeSecret::expose_secret);
    let good = match body.kind {
        DeviceQrKind::Sealed => {
            password.is_some_and(|password| (SHORTEST_PASSWORD..=LONGEST_PASSWORD).contains(&password.chars().count()))
        }
        DeviceQrKind::Plain => password.is_none(),
        DeviceQrKind::Vendor => password.is_none_or(|password| {
            (1..=MOST_VENDOR_PASSWORD).contains(&password.len()) && password.bytes().all(|b| b.is_ascii_graphic())
        }),
    };
    if !good {
        return Err(ApiError::field(codes::FIELD_INVALID, "password"));
    }
    if body.kind != DeviceQrKind::Sealed && !body.confirmed {
        return Err(ApiError::field(codes::CONFIRMATION_NEEDED, "confirmed"));
    }
    Ok(())
}

/// The devices with their sealed logins, in the order asked for; the status of every site must allow it.
fn read(conn: &mut DbConn, reach: &Reach, ids: &[DeviceId]) -> Result<Result<Vec<ToWrite>, ApiError>, StoreError> {
    reach.check_devices(conn, ids)?;
    let company = reach.company_id();
    let mut found: Vec<ToWrite> = Vec::new();
    for id in ids {
        if found.iter().any(|known| known.device.id == *id) {
            continue;
        }
        let device = devices::get_device(conn, company, id)?;
        if !device.kind.has_login() {
            return Ok(Err(ApiError::new(codes::DEVICE_HAS_NO_LOGIN)));
        }
        if !found.iter().any(|known| known.device.site_id == device.site_id) {
            let site = sites::get_site(conn, company, &device.site_id)?;
            if let Err(refusal) = allows(&site, SiteAction::ManageDevices) {
                return Ok(Err(refusal));
            }
        }
        let credential = devices::get_credential(conn, company, id)?;
        let sealed_code = devices::find_code(conn, company, id)?;
        found.push(ToWrite { device, credential, sealed_code });
    }
    Ok(Ok(found))
}
