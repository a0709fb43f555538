//! Devices with their logins, opened for a moment and written into pictures.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use secrecy::SecretString;
use serde_json::json;
use siteward_domain::VerificationCode;
use siteward_domain::device::Scheme;
use siteward_qr::drawing;
use siteward_qr::export::{DeviceToWrite, ExportToWrite, write};
use siteward_qr::sealed::{Argon2id, Place, SealedDevice, SealingKey, split};
use siteward_store::devices::{Credential, Device, code_place, open_password};
use siteward_store::{SealedText, Store};

use super::create::{DeviceQrFormat, DeviceQrPicture};
use crate::error::{ApiError, codes};

/// Pixels of a module in a PNG.
const MODULE_PIXELS: u32 = 8;
/// Devices in one vendor export: more are hard to read from paper.
const MOST_IN_AN_EXPORT: usize = 15;
/// The port that the vendor's apps speak to, for a device whose HTTP is where everybody looks for it.
const VENDOR_PORT: u16 = 8000;
const USUAL_HTTP_PORTS: [u16; 4] = [80, 443, 8080, 8443];

/// A device to write, its secrets still sealed.
pub(super) struct ToWrite {
    pub(super) device: Device,
    pub(super) credential: Credential,
    pub(super) sealed_code: Option<SealedText>,
}

/// Sealed codes that open until the end of the day of `last_until` (unix seconds).
pub(super) fn sealed(
    store: &Store,
    devices: &[ToWrite],
    password: &SecretString,
    last_until: i64,
    format: DeviceQrFormat,
) -> Result<Vec<DeviceQrPicture>, ApiError> {
    let opened = devices.iter().map(|device| open(store, device)).collect::<Result<Vec<_>, _>>()?;
    let sheets = split(&opened, last_until).map_err(|_| ApiError::new(codes::DEVICE_QR_UNSUITABLE))?;
    let key = SealingKey::derive(password, rand::random(), &Argon2id);
    let key = key.map_err(|_| ApiError::field(codes::FIELD_INVALID, "password"))?;
    let pictures = sheets.iter().map(|sheet| {
        let text = SecretString::from(key.seal(sheet, rand::random()).map_err(ApiError::internal)?);
        picture(devices.get(sheet.devices.clone()).unwrap_or_default(), &text, format)
    });
    pictures.collect()
}

/// Exports that the vendor's apps read; with a password that the app asks for, or without.
pub(super) fn vendor(
    store: &Store,
    devices: &[ToWrite],
    password: Option<&SecretString>,
    now: i64,
    format: DeviceQrFormat,
) -> Result<Vec<DeviceQrPicture>, ApiError> {
    if let Some(behind) = devices.iter().find(|device| device.device.link_id.is_some()) {
        return Err(unsuitable(&behind.device));
    }
    let pictures = devices.chunks(MOST_IN_AN_EXPORT).map(|part| {
        let to_write = part.iter().map(|device| Ok(to_export(&device.device, open_login(store, device)?)));
        let export = ExportToWrite {
            devices: to_write.collect::<Result<_, ApiError>>()?,
            qr_password: password.cloned(),
            created_at: Some(now),
        };
        let text = write(&export).map_err(|_| ApiError::new(codes::DEVICE_QR_UNSUITABLE))?;
        picture(part, &text.into(), format)
    });
    pictures.collect()
}

fn open(store: &Store, to_write: &ToWrite) -> Result<SealedDevice, ApiError> {
    let device = &to_write.device;
    let place = match (&device.link_id, &device.serial) {
        (Some(_), Some(serial)) => {
            Place::Serial { serial: serial.clone(), verification_code: open_code(store, to_write)? }
        }
        _ => Place::Address { host: device.address.host.clone(), port: device.address.port },
    };
    Ok(SealedDevice {
        name: device.name.clone(),
        place,
        user_name: to_write.credential.user_name.clone(),
        password: open_login(store, to_write)?,
    })
}

fn open_login(store: &Store, to_write: &ToWrite) -> Result<SecretString, ApiError> {
    let device = &to_write.device;
    let opened = open_password(store, &device.company_id, &device.id, &to_write.credential.sealed_password);
    opened.map_err(|_| ApiError::new(codes::PASSWORD_LOCKED))
}

fn open_code(store: &Store, to_write: &ToWrite) -> Result<Option<VerificationCode>, ApiError> {
    use secrecy::ExposeSecret as _;
    let Some(sealed) = &to_write.sealed_code else { return Ok(None) };
    let place = code_place(&to_write.device.company_id, &to_write.device.id);
    let code = store.vault().open(place, sealed).map_err(|_| ApiError::new(codes::PASSWORD_LOCKED))?;
    Ok(VerificationCode::parse(code.expose_secret()).ok())
}

fn to_export(device: &Device, password: SecretString) -> DeviceToWrite {
    let (scheme, port) = (device.address.scheme, device.address.port);
    let is_usual = USUAL_HTTP_PORTS.contains(&port) && (scheme == Scheme::Http || port != 80);
    DeviceToWrite {
        name: device.name.clone(),
        host: device.address.host.clone(),
        port: if is_usual { VENDOR_PORT } else { port },
        user_name: device.user_name.clone(),
        password,
    }
}

fn unsuitable(device: &Device) -> ApiError {
    ApiError::new(codes::DEVICE_QR_UNSUITABLE).with_details(json!({ "device_id": device.id, "name": device.name }))
}

fn picture(devices: &[ToWrite], text: &SecretString, format: DeviceQrFormat) -> Result<DeviceQrPicture, ApiError> {
    use secrecy::ExposeSecret as _;
    let text = text.expose_secret();
    let drawn = match format {
        DeviceQrFormat::Png => drawing::png(text, MODULE_PIXELS),
        DeviceQrFormat::Svg => drawing::svg(text).map(String::into_bytes),
    };
    let drawn = drawn.map_err(|_| ApiError::new(codes::DEVICE_QR_UNSUITABLE))?;
    Ok(DeviceQrPicture {
        devices: devices.iter().map(|device| device.device.id.to_string()).collect(),
        format,
        data: BASE64.encode(drawn),
    })
}
