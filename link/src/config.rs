//! The configuration: where the platform is, the token, and how to look for devices. Secret as a whole, so mode 0600.

use std::fs;
use std::io::{self, Write as _};
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use siteward_domain::serial::SerialNumber;

/// Where the configuration is unless told otherwise.
pub const USUAL_PATH: &str = "/etc/siteward-link.toml";
const USUAL_STATUS_FILE: &str = "/run/siteward-link/status.json";
const MODE: u32 = 0o600;
/// The port of the page for whoever is in this network.
const USUAL_PAGE_PORT: u16 = 8087;

/// Everything a running link needs to know.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The platform, e.g. `https://siteward.example`.
    pub url: String,
    /// Proves to the platform which link this is.
    pub token: SecretString,
    /// The link's id, for people who look into the file.
    #[serde(default)]
    pub link_id: Option<String>,
    /// A file of certificates (PEM) to trust besides the public ones.
    #[serde(default)]
    pub ca: Option<PathBuf>,
    /// Permits a platform without TLS on another machine: for trials.
    #[serde(default)]
    pub insecure_http: bool,
    /// Where the running link writes how it stands; not written where the folder is missing.
    #[serde(default = "usual_status_file")]
    pub status_file: PathBuf,
    /// How devices are looked for.
    #[serde(default)]
    pub discovery: Discovery,
    /// The page for whoever is in this network.
    #[serde(default)]
    pub lan_page: LanPage,
}

/// The page for whoever is in this network: it shows the code that frees a device here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LanPage {
    /// Whether it is served.
    pub enabled: bool,
    /// At which of this box's addresses; all of them unless told.
    pub address: IpAddr,
    /// At which port.
    pub port: u16,
}

impl Default for LanPage {
    fn default() -> Self {
        Self { enabled: true, address: IpAddr::from([0, 0, 0, 0]), port: USUAL_PAGE_PORT }
    }
}

/// How devices are looked for.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Discovery {
    /// Where inquiries are sent.
    pub targets: Vec<SocketAddr>,
    /// Where answers are heard.
    pub listen: SocketAddr,
    /// Seconds from one inquiry to the next.
    pub every_seconds: f64,
    /// Seconds that answers are waited for.
    pub wait_seconds: f64,
    /// Devices that are looked for at a known address.
    pub devices: Vec<ByHand>,
    /// Permits devices on this very machine: for trials with simulated ones.
    pub allow_loopback: bool,
}

impl Default for Discovery {
    fn default() -> Self {
        Self {
            targets: vec![
                SocketAddr::from(([239, 255, 255, 250], siteward_devices::sadp::PORT)),
                SocketAddr::from(([255, 255, 255, 255], siteward_devices::sadp::PORT)),
            ],
            listen: SocketAddr::from(([0, 0, 0, 0], siteward_devices::sadp::PORT)),
            every_seconds: 60.0,
            wait_seconds: 3.0,
            devices: Vec::new(),
            allow_loopback: false,
        }
    }
}

impl Discovery {
    /// Time from one inquiry to the next.
    pub(crate) fn every(&self) -> Duration {
        seconds(self.every_seconds).clamp(LEAST_EVERY, MOST_EVERY)
    }

    /// Time that answers are waited for.
    pub(crate) fn wait(&self) -> Duration {
        seconds(self.wait_seconds).min(MOST_WAIT)
    }
}

/// What is configured, within reason.
const LEAST_EVERY: Duration = Duration::from_millis(100);
const MOST_EVERY: Duration = Duration::from_secs(3600);
const MOST_WAIT: Duration = Duration::from_secs(30);

fn seconds(number: f64) -> Duration {
    Duration::try_from_secs_f64(number).unwrap_or_default()
}

/// A device at a known address: `"192.168.1.64"`, `"192.168.1.65:8080"`, or `{ address = "…", serial = "…" }` for one that
/// does not answer inquiries.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Spelling")]
pub struct ByHand {
    /// Its address.
    pub ip: IpAddr,
    /// Its port of HTTP; 80 where not said.
    pub port: u16,
    /// Its serial number, short or long.
    pub serial: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Spelling {
    Address(String),
    Full { address: String, serial: Option<String> },
}

impl TryFrom<Spelling> for ByHand {
    type Error = String;

    fn try_from(spelling: Spelling) -> Result<Self, String> {
        let (address, serial) = match spelling {
            Spelling::Address(address) => (address, None),
            Spelling::Full { address, serial } => (address, serial),
        };
        if let Some(serial) = &serial {
            SerialNumber::parse(serial).map_err(|error| format!("{serial}: {error}"))?;
        }
        let with_port = address.parse::<SocketAddr>().map(|both| (both.ip(), both.port()));
        let (ip, port) = with_port
            .or_else(|_| address.parse::<IpAddr>().map(|ip| (ip, 80)))
            .map_err(|_| format!("{address}: an IP address is needed, with a port or without"))?;
        Ok(Self { ip, port, serial })
    }
}

/// Why there is no configuration to work with.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, #[source] io::Error),
    /// It is not what it should be. The message tells the place; values are not repeated.
    #[error("{0}: {1}")]
    Text(PathBuf, String),
}

impl Config {
    /// A configuration for tests and trials, without a file and without the page.
    pub fn new(url: impl Into<String>, token: SecretString, discovery: Discovery) -> Self {
        let status_file = PathBuf::new();
        let lan_page = LanPage { enabled: false, ..LanPage::default() };
        Self { url: url.into(), token, link_id: None, ca: None, insecure_http: false, status_file, discovery, lan_page }
    }

    /// Reads the file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(path).map_err(|error| ConfigError::File(path.to_owned(), error))?;
        toml::from_str(&text).map_err(|error| ConfigError::Text(path.to_owned(), error.message().to_owned()))
    }

    /// Writes what an enrolment gave into the file; whatever else stands there is kept, but for its comments.
    pub fn save_enrolment(path: &Path, new: &NewEnrolment<'_>) -> Result<(), ConfigError> {
        let failed = |error| ConfigError::File(path.to_owned(), error);
        let mut table = match fs::read_to_string(path) {
            Ok(text) => text
                .parse::<toml::Table>()
                .map_err(|error| ConfigError::Text(path.to_owned(), error.message().to_owned()))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => toml::Table::new(),
            Err(error) => return Err(failed(error)),
        };
        let mut set = |name: &str, value: toml::Value| drop(table.insert(name.to_owned(), value));
        set("url", new.url.to_owned().into());
        set("token", new.token.expose_secret().to_owned().into());
        set("link_id", new.link_id.to_owned().into());
        if let Some(ca) = new.ca {
            set("ca", ca.display().to_string().into());
        }
        if new.insecure_http {
            set("insecure_http", true.into());
        }
        write_secretly(path, &table.to_string()).map_err(failed)
    }
}

/// What [`Config::save_enrolment`] writes.
#[derive(Debug)]
pub struct NewEnrolment<'a> {
    /// The platform.
    pub url: &'a str,
    /// The token it gave.
    pub token: &'a SecretString,
    /// The id it gave.
    pub link_id: &'a str,
    /// Certificates to trust besides the public ones.
    pub ca: Option<&'a Path>,
    /// Whether no TLS is permitted.
    pub insecure_http: bool,
}

/// Whole or not at all, and never readable for others.
fn write_secretly(path: &Path, text: &str) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let _ = fs::remove_file(&beside);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(MODE).open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

fn usual_status_file() -> PathBuf {
    PathBuf::from(USUAL_STATUS_FILE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_short_file_is_enough_and_devices_are_spelt_in_three_ways() {
        let config: Config = toml::from_str(
            r#"
            url = "https://siteward.example"
            token = "secret"
            [discovery]
            devices = ["192.168.1.64", "192.168.1.65:8080", { address = "192.168.1.66", serial = "G12345678" }]
            "#,
        )
        .unwrap();
        let ports: Vec<u16> = config.discovery.devices.iter().map(|device| device.port).collect();
        assert_eq!(ports, [80, 8080, 80]);
        assert_eq!(config.discovery.devices[2].serial.as_deref(), Some("G12345678"));
        assert_eq!((config.discovery.every(), config.discovery.targets.len()), (Duration::from_secs(60), 2));
        assert!(!format!("{config:?}").contains("secret"));
        assert_eq!((config.lan_page.enabled, config.lan_page.port), (true, 8087));
    }

    #[test]
    fn misspelt_settings_and_addresses_are_refused() {
        for line in [r#"devices = ["camera.lan"]"#, r#"devices = [{ address = "10.0.0.1", serial = "?" }]"#, "evry = 3"]
        {
            let text = format!("url = \"https://a.example\"\ntoken = \"t\"\n[discovery]\n{line}\n");
            assert!(toml::from_str::<Config>(&text).is_err(), "{line}");
        }
    }

    #[test]
    fn an_enrolment_is_written_for_the_owner_only_and_keeps_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("link.toml");
        fs::write(&path, "insecure_http = true\n[discovery]\nevery_seconds = 7\n").unwrap();
        let token = SecretString::from("secret");
        let new = NewEnrolment { url: "http://a.example", token: &token, link_id: "1", ca: None, insecure_http: false };
        Config::save_enrolment(&path, &new).unwrap();
        let config = Config::read(&path).unwrap();
        assert_eq!((config.discovery.every(), config.insecure_http), (Duration::from_secs(7), true));
        assert_eq!(config.token.expose_secret(), "secret");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
