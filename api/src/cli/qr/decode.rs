//! `siteward qr decode`.

use std::io::Read as _;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::Utc;
use clap::Args;
use secrecy::SecretString;
use serde_json::{Value, json};
use siteward_qr::export::{self, MAX_TEXT_BYTES};
use siteward_qr::label::Label;
use siteward_qr::sealed::{Argon2id, Envelope};
use siteward_qr::{Kind, picture, recognise};

use super::report;
use super::sealing::refused;
use crate::cli::Failure;

/// How long a picture is searched; a build without optimisation is given more.
const BUDGET: Duration = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 2 });

/// Tell what a QR code holds: an export of devices (iVMS-4200, iVMS-4500, Hik-Connect), sealed devices, or a device label.
#[derive(Args)]
#[command(after_help = "Examples:
  siteward qr decode -- photo.jpg
  siteward qr decode --password 1234 --json -- QRC03010003eJwr…
  siteward qr decode --show-passwords -- export.txt")]
pub(in crate::cli) struct Decode {
    /// The password of the QR itself, where it has one, or the one that sealed it.
    #[arg(long, value_name = "PASSWORD")]
    password: Option<String>,
    /// Print JSON; refusals too.
    #[arg(long)]
    pub(super) json: bool,
    /// Print the devices' passwords too.
    #[arg(long)]
    show_passwords: bool,
    /// The text of a QR code, a file with a text or a picture (PNG, JPEG, WebP), or - for standard input.
    #[arg(value_name = "TEXT|FILE")]
    input: String,
}

impl Decode {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let texts = self.texts()?;
        let read: Vec<Result<Value, Failure>> = texts.iter().map(|text| self.read(text)).collect();
        let mut told = Vec::new();
        let mut refused = None;
        for result in read {
            match result {
                Ok(value) => told.push(value),
                Err(failure) => refused = refused.or(Some(failure)),
            }
        }
        if let (true, Some(failure)) = (told.is_empty(), refused) {
            return Err(failure);
        }
        if !self.json {
            for code in &told {
                print!("{}", report::text(code));
            }
        } else if let [one] = told.as_slice() {
            println!("{one:#}");
        } else {
            println!("{:#}", json!({ "codes": told }));
        }
        Ok(())
    }

    fn texts(&self) -> Result<Vec<String>, Failure> {
        let bytes = if self.input == "-" {
            let mut bytes = Vec::new();
            let most = u64::try_from(picture::MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
            std::io::stdin().take(most).read_to_end(&mut bytes)?;
            bytes
        } else if Path::new(&self.input).is_file() {
            if std::fs::metadata(&self.input)?.len() > u64::try_from(picture::MAX_BYTES).unwrap_or(u64::MAX) {
                return Err(Failure::new("picture_too_large", "the file is larger than 10 MB"));
            }
            std::fs::read(&self.input)?
        } else if looks_like_a_file(&self.input) {
            return Err(Failure::new("file_not_found", "there is no such file to read"));
        } else {
            return Ok(vec![self.input.clone()]);
        };
        match String::from_utf8(bytes) {
            Ok(text) if !text.starts_with("\u{89}PNG") => Ok(vec![text]),
            Ok(text) => search(text.as_bytes()),
            Err(not_text) => search(not_text.as_bytes()),
        }
    }

    /// Reads one code.
    fn read(&self, text: &str) -> Result<Value, Failure> {
        match recognise(text) {
            Kind::DeviceExport => self.read_export(text),
            Kind::Sealed => self.read_sealed(text),
            Kind::Label => match Label::parse(text) {
                Ok(label) => Ok(report::label(&label)),
                Err(error) => Err(Failure::new(error.code(), error.to_string())),
            },
            _ if text.len() > MAX_TEXT_BYTES => self.read_export(text),
            kind => {
                let message = format!("this is another kind of QR code: {}", kind.as_str());
                Err(Failure::new(siteward_qr::WRONG_KIND, message))
            }
        }
    }

    fn read_sealed(&self, text: &str) -> Result<Value, Failure> {
        let envelope = Envelope::parse(text).map_err(refused)?;
        let Some(password) = &self.password else {
            return Err(Failure::new("qr_password_needed", "the code is sealed: give its password with --password"));
        };
        let key = envelope.derive(&SecretString::from(password.as_str()), &Argon2id).map_err(refused)?;
        let opened = envelope.open(&key, Utc::now().timestamp()).map_err(refused)?;
        Ok(report::sealed(&opened, self.show_passwords))
    }

    fn read_export(&self, text: &str) -> Result<Value, Failure> {
        let read = export::read(text, self.password.as_deref());
        let read = read.map_err(|error| Failure::new(error.code(), error.to_string()))?;
        if let Some(fault) = read.only_faults() {
            return Err(Failure::new(fault.code(), fault.to_string()));
        }
        Ok(report::export(&read, self.show_passwords))
    }
}

fn search(bytes: &[u8]) -> Result<Vec<String>, Failure> {
    let end = Instant::now() + BUDGET;
    picture::read(bytes, &|| Instant::now() < end).map_err(|error| Failure::new(error.code(), error.to_string()))
}

/// A name of a file that is not there, rather than the text of a code.
fn looks_like_a_file(input: &str) -> bool {
    let ending = Path::new(input).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let known =
        ["png", "jpg", "jpeg", "webp", "heic", "gif", "txt"].iter().any(|known| ending.eq_ignore_ascii_case(known));
    let is_path = ["/", "./", "../", "~/"].iter().any(|beginning| input.starts_with(beginning));
    (known || is_path) && !input.contains("://") && !input.contains('\n')
}
