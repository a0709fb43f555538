//! `siteward qr encode`.

use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use chrono::Utc;
use clap::Args;
use secrecy::SecretString;
use serde::Deserialize;
use siteward_qr::drawing;
use siteward_qr::export::{DeviceToWrite, ExportToWrite, write};

use crate::cli::Failure;

/// Pixels of one module of the picture.
const MODULE_PIXELS: u32 = 8;

/// Write an export QR that the vendor's apps read. Its key is public: who has the picture has the passwords.
#[derive(Args)]
#[command(after_help = "Input is a JSON list:
  [{\"name\": \"Gate\", \"host\": \"192.168.1.64\", \"port\": 8000, \"username\": \"admin\", \"password\": \"…\"}]
or what `siteward qr decode --json --show-passwords` prints.

Examples:
  siteward qr encode devices.json --png export.png
  siteward qr encode --password 1234 < devices.json")]
pub(in crate::cli) struct Encode {
    /// The list of devices; standard input where no file is named.
    file: Option<PathBuf>,
    /// A password that the app asks for before it shows the devices.
    #[arg(long, value_name = "PASSWORD")]
    password: Option<String>,
    /// When it was made, unix seconds; now unless told.
    #[arg(long, value_name = "SECONDS", conflicts_with = "without_time")]
    created_at: Option<i64>,
    /// Leave the time out.
    #[arg(long)]
    without_time: bool,
    /// Write a PNG picture to this file instead of printing the text.
    #[arg(long, value_name = "FILE")]
    png: Option<PathBuf>,
    /// Print an SVG picture instead of the text.
    #[arg(long, conflicts_with = "png")]
    svg: bool,
}

/// What `qr decode --json --show-passwords` prints.
#[derive(Deserialize)]
struct Decoded {
    devices: Vec<Entry>,
}

/// One device; what else `qr decode` tells of it is passed over.
#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    name: String,
    host: String,
    #[serde(default = "usual_port")]
    port: u16,
    #[serde(alias = "user_name", alias = "user")]
    username: String,
    password: SecretString,
}

fn usual_port() -> u16 {
    8000
}

fn read_list(text: &str) -> Result<Vec<Entry>, serde_json::Error> {
    if text.trim_start().starts_with('{') {
        Ok(serde_json::from_str::<Decoded>(text)?.devices)
    } else {
        serde_json::from_str(text)
    }
}

impl Encode {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let mut list = String::new();
        match &self.file {
            Some(file) => list = std::fs::read_to_string(file)?,
            None => {
                std::io::stdin().read_to_string(&mut list)?;
            }
        }
        let entries = read_list(&list).map_err(|error| {
            // Where, and never what: the list holds passwords.
            let place = format!("line {}, column {}", error.line(), error.column());
            Failure::new("bad_json", format!("not a list of devices with host, username and password: {place}"))
        })?;
        let created_at = if self.without_time { None } else { Some(self.created_at.unwrap_or(Utc::now().timestamp())) };
        let export = ExportToWrite {
            devices: entries.into_iter().map(DeviceToWrite::from).collect(),
            qr_password: self.password.clone().map(SecretString::from),
            created_at,
        };
        let text = write(&export).map_err(|error| Failure::new(error.code(), error.to_string()))?;
        let undrawn = |error: drawing::DrawingError| Failure::new(error.code(), error.to_string());
        if let Some(file) = &self.png {
            std::fs::write(file, drawing::png(&text, MODULE_PIXELS).map_err(undrawn)?)?;
        } else if self.svg {
            println!("{}", drawing::svg(&text).map_err(undrawn)?);
        } else {
            println!("{text}");
        }
        Ok(std::io::stdout().flush()?)
    }
}

impl From<Entry> for DeviceToWrite {
    fn from(entry: Entry) -> Self {
        Self {
            name: entry.name,
            host: entry.host,
            port: entry.port,
            user_name: entry.username,
            password: entry.password,
        }
    }
}
