//! `siteward qr encode`.

use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use chrono::Utc;
use clap::Args;
use secrecy::SecretString;
use serde::Deserialize;
use siteward_qr::drawing;
use siteward_qr::export::{DeviceToWrite, ExportToWrite, write};

use super::sealing;
use crate::cli::Failure;

/// Pixels of one module of the picture.
const MODULE_PIXELS: u32 = 8;

/// Write an export QR that the vendor's apps read (its key is public: who has the picture has the passwords), or with
/// --sealed codes that only their password opens.
#[derive(Args)]
#[command(after_help = "Input is a JSON list:
  [{\"name\": \"Gate\", \"host\": \"192.168.1.64\", \"port\": 8000, \"username\": \"admin\", \"password\": \"…\"}]
or what `siteward qr decode --json --show-passwords` prints. Sealed codes also carry devices with
\"serial\" (and \"verification_code\") instead of a host.

Examples:
  siteward qr encode devices.json --png export.png
  siteward qr encode --password 1234 < devices.json
  siteward qr encode --sealed --password 'a good one' --png sealed.png devices.json")]
pub(in crate::cli) struct Encode {
    /// The list of devices; standard input where no file is named.
    file: Option<PathBuf>,
    /// Seal the devices, up to ten a code: several pictures are numbered.
    #[arg(long, requires = "password", conflicts_with_all = ["created_at", "without_time"])]
    sealed: bool,
    /// Days until sealed codes cease to open.
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=365))]
    valid_days: u32,
    /// A password that the app asks for before it shows the devices; with --sealed the one that seals, 8 to 64 characters.
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
pub(super) struct Entry {
    #[serde(default)]
    pub(super) name: String,
    pub(super) host: Option<String>,
    pub(super) port: Option<u16>,
    pub(super) serial: Option<String>,
    pub(super) verification_code: Option<String>,
    #[serde(alias = "user_name", alias = "user")]
    pub(super) username: String,
    pub(super) password: SecretString,
}

/// The port of an export where none is given.
const USUAL_PORT: u16 = 8000;

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
        if self.sealed {
            return self.draw(&sealing::texts(entries, self.password.as_deref(), self.valid_days)?);
        }
        let created_at = if self.without_time { None } else { Some(self.created_at.unwrap_or(Utc::now().timestamp())) };
        let export = ExportToWrite {
            devices: entries.into_iter().map(to_write).collect::<Result<_, _>>()?,
            qr_password: self.password.clone().map(SecretString::from),
            created_at,
        };
        let text = write(&export).map_err(|error| Failure::new(error.code(), error.to_string()))?;
        self.draw(&[text])
    }

    fn draw(&self, texts: &[String]) -> Result<(), Failure> {
        let undrawn = |error: drawing::DrawingError| Failure::new(error.code(), error.to_string());
        if self.svg && texts.len() > 1 {
            return Err(Failure::new("drawing_too_long", "several codes are needed: use --png"));
        }
        for (index, text) in texts.iter().enumerate() {
            if let Some(file) = &self.png {
                let file = sealing::numbered(file, index + 1, texts.len());
                std::fs::write(file, drawing::png(text, MODULE_PIXELS).map_err(undrawn)?)?;
            } else if self.svg {
                println!("{}", drawing::svg(text).map_err(undrawn)?);
            } else {
                println!("{text}");
            }
        }
        Ok(std::io::stdout().flush()?)
    }
}

fn to_write(entry: Entry) -> Result<DeviceToWrite, Failure> {
    let host = entry.host.ok_or_else(|| Failure::new("bad_json", "an export carries devices with a host only"))?;
    Ok(DeviceToWrite {
        name: entry.name,
        host,
        port: entry.port.unwrap_or(USUAL_PORT),
        user_name: entry.username,
        password: entry.password,
    })
}
