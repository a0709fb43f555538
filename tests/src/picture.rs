//! Pictures of export QRs, as iVMS-4200 shows them.

use anyhow::{Context, Result};
use secrecy::SecretString;
use serde_json::Value;
use siteward_qr::export::{DeviceToWrite, ExportToWrite, write};

/// The SDK port that real exports carry; HTTP is elsewhere and the platform must find it itself.
const SDK_PORT: u16 = 8000;

/// The PNG of one export QR that holds simulated `devices` (as the simulator's ready line lists them).
pub fn export_picture(devices: &[Value], qr_password: Option<&str>) -> Result<Vec<u8>> {
    Ok(siteward_qr::drawing::png(&export_text(devices, qr_password)?, 8)?)
}

/// The text of that QR, made just now.
pub fn export_text(devices: &[Value], qr_password: Option<&str>) -> Result<String> {
    let export = ExportToWrite {
        devices: devices.iter().map(to_write).collect::<Result<_>>()?,
        qr_password: qr_password.map(SecretString::from),
        created_at: Some(chrono::Utc::now().timestamp()),
    };
    Ok(write(&export)?)
}

fn to_write(device: &Value) -> Result<DeviceToWrite> {
    let text =
        |name: &str| device[name].as_str().map(str::to_owned).with_context(|| format!("a device without {name}"));
    Ok(DeviceToWrite {
        name: text("name")?,
        host: text("address")?,
        port: SDK_PORT,
        user_name: text("user")?,
        password: SecretString::from(text("password")?),
    })
}
