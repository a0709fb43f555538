//! Settings of every process of Siteward: server and worker read the same sources in the same way.
//!
//! The commented `defaults.toml` beside this file is both the defaults and their documentation.

mod database_url;
mod hidden;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Format, Serialized, Toml};
use figment::value::Value;
use serde::{Deserialize, Serialize};

pub use database_url::DatabaseUrl;
pub use hidden::Hidden;

use crate::text_messages::Gateway;

/// The commented defaults, as text.
pub const DEFAULTS: &str = include_str!("defaults.toml");
/// The file read when none is named.
pub const DEFAULT_FILE: &str = "siteward.toml";
/// Variables that start so are settings; what follows is `SECTION__KEY`.
const PREFIX: &str = "SITEWARD__";
/// Names a settings file.
const FILE_VARIABLE: &str = "SITEWARD_CONFIG";
/// Wins over `database.url`.
const DATABASE_VARIABLE: &str = "DATABASE_URL";

/// Why settings were refused.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file was named that is not there.
    #[error("the settings file {} is not there", .0.display())]
    NoFile(PathBuf),
    /// A key is unknown, absent or of the wrong type.
    #[error("settings: {0}")]
    Bad(#[from] Box<figment::Error>),
    /// A value is out of its range.
    #[error("settings: {key} {rule}")]
    OutOfRange {
        /// `section.key`.
        key: &'static str,
        /// What holds for it.
        rule: &'static str,
    },
}

/// Every setting; see `defaults.toml` for what each means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `[data]`.
    pub data: Data,
    /// `[database]`.
    pub database: Database,
    /// `[vault]`.
    pub vault: Vault,
    /// `[server]`.
    pub server: Server,
    /// `[devices]`.
    pub devices: Devices,
    /// `[polling]`.
    pub polling: Polling,
    /// `[panels]`.
    pub panels: Panels,
    /// `[firmware]`.
    pub firmware: Firmware,
    /// `[upgrades]`.
    pub upgrades: Upgrades,
    /// `[retention]`.
    pub retention: Retention,
    /// `[jobs]`.
    pub jobs: Jobs,
    /// `[mail]`.
    pub mail: Mail,
    /// `[sms]`.
    pub sms: Sms,
    /// `[handover]`.
    pub handover: Handover,
    /// `[links]`.
    pub links: Links,
    /// `[remote]`.
    pub remote: Remote,
    /// `[log]`.
    pub log: Log,
}

/// `[data]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// The data folder.
    pub dir: PathBuf,
}

/// `[database]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// Where it is; `None` is SQLite in the data folder.
    #[serde(default)]
    pub url: Option<DatabaseUrl>,
    /// Most connections.
    pub pool_size: u32,
}

/// `[vault]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vault {
    /// File of the master key.
    #[serde(default)]
    pub key_file: Option<PathBuf>,
}

/// `[server]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Where it listens.
    pub listen: SocketAddr,
    /// How browsers reach it.
    pub public_url: String,
    /// Certificate chain, PEM.
    #[serde(default)]
    pub tls_certificate: Option<PathBuf>,
    /// Private key, PEM.
    #[serde(default)]
    pub tls_key: Option<PathBuf>,
    /// Proxies whose word on the client's address is believed.
    pub trusted_proxies: Vec<IpAddr>,
}

/// `[devices]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Devices {
    /// Whether loopback may be dialled.
    pub allow_loopback: bool,
    /// Whether private ranges may be dialled.
    pub allow_private: bool,
    /// Longest wait for a connection, milliseconds.
    pub connect_timeout_ms: u64,
    /// Longest wait for an answer, milliseconds.
    pub answer_timeout_ms: u64,
    /// Longest look, seconds.
    pub look_timeout_seconds: u64,
}

/// `[polling]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Polling {
    /// Seconds between two looks at a device.
    pub period_seconds: u32,
    /// Fewest seconds between two looks at an alarm panel's state.
    pub panel_seconds: u32,
    /// Most looks at once.
    pub most_at_once: usize,
    /// Most looks at slow devices at once.
    pub slow_at_once: usize,
    /// Most connections kept between looks.
    pub kept_connections: usize,
    /// Most event streams of devices kept open; 0: none.
    pub alert_streams: usize,
    /// How long devices keep an idle connection, seconds.
    pub idle_connection_seconds: u32,
    /// How long a claim on buckets holds, seconds.
    pub lease_seconds: u32,
    /// Addresses that answer as long as the own network is there, `host:port`.
    pub reference_addresses: Vec<String>,
}

/// `[panels]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Panels {
    /// Seconds between two comparisons of a panel's accounts.
    pub reconcile_seconds: u32,
}

/// `[firmware]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Firmware {
    /// Known vulnerabilities; `None`: those that ship with the platform.
    #[serde(default)]
    pub vulnerabilities_file: Option<PathBuf>,
    /// Rules of compatibility; `None`: those that ship with the platform.
    #[serde(default)]
    pub compatibility_file: Option<PathBuf>,
}

/// `[upgrades]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upgrades {
    /// The folder of firmware files; `None`: `firmware` in the data folder.
    #[serde(default)]
    pub dir: Option<PathBuf>,
    /// Largest firmware file, MiB.
    pub most_file_mib: u64,
    /// So much of the disk stays free, MiB.
    pub keep_free_mib: u64,
    /// Devices upgraded at once in one worker.
    pub at_once: usize,
    /// Seconds between two looks at a device that is being upgraded.
    pub watch_seconds: u32,
    /// Seconds between two tries of a device that is offline.
    pub offline_seconds: u32,
    /// Seconds that a device may be away.
    pub return_seconds: u32,
    /// Seconds within which its health is what it was.
    pub settle_seconds: u32,
}

/// `[retention]`; 0 keeps for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Days that events are kept.
    pub events_days: u32,
    /// Days that events of devices are kept.
    pub device_events_days: u32,
    /// Days that changes of health are kept.
    pub transitions_days: u32,
    /// Days that uptime is kept by the hour.
    pub uptime_hours_days: u32,
    /// Days that uptime and temperatures of disks are kept by the day.
    pub daily_days: u32,
}

/// `[jobs]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jobs {
    /// Devices of imports tried at once.
    pub import_devices_at_once: usize,
    /// How long a claim on a job holds, seconds.
    pub lease_seconds: u32,
}

/// `[mail]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Most mails a minute of one worker; 0: no limit.
    pub per_minute: u32,
}

/// `[sms]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sms {
    /// Where text messages are handed over; `None`: none is sent.
    #[serde(default)]
    pub url: Option<Hidden>,
    /// The content type of what is sent there: JSON, a form, or plain text.
    pub content_type: String,
    /// What is sent there, with `{to}` and `{text}`; `None`: JSON with both.
    #[serde(default)]
    pub body: Option<Hidden>,
    /// The header `Authorization`, where the gateway wants one.
    #[serde(default)]
    pub authorization: Option<Hidden>,
    /// Most text messages in an hour, of all together.
    pub most_an_hour: u32,
}

/// `[handover]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handover {
    /// Days in which an invitation to own a site can be accepted.
    pub days: u32,
}

/// `[links]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Links {
    /// How other processes on the same database reach this one; `None` is its own port on loopback.
    #[serde(default)]
    pub internal_url: Option<String>,
}

/// `[remote]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remote {
    /// The domain under which remote configuration gets its names; `None` is taken from the public URL.
    #[serde(default)]
    pub domain: Option<String>,
    /// A session of remote configuration ends after so long without use, minutes.
    pub idle_minutes: u32,
    /// A session of remote configuration ends after so long, minutes.
    pub longest_minutes: u32,
}

/// `[log]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// A filter as `tracing` reads it.
    pub filter: String,
    /// How lines look.
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Settings {
    /// Reads defaults, the file (a named one must be there; else `siteward.toml` where it is) and the process environment.
    pub fn load(file: Option<&Path>) -> Result<Self, SettingsError> {
        Self::from_sources(
            file,
            std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))),
        )
    }

    /// The same with an environment given by the caller.
    pub fn from_sources(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        let mut named = file.map(Path::to_path_buf);
        let mut database_url = None;
        let mut overrides = Vec::new();
        for (name, value) in environment {
            if let Some(key) = name.strip_prefix(PREFIX) {
                overrides.push((key.to_ascii_lowercase().replace("__", "."), value));
            } else if name == FILE_VARIABLE && named.is_none() && !value.is_empty() {
                named = Some(PathBuf::from(value));
            } else if name == DATABASE_VARIABLE && !value.is_empty() {
                database_url = Some(value);
            }
        }
        if let Some(path) = named.as_deref().filter(|path| !path.is_file()) {
            return Err(SettingsError::NoFile(path.to_path_buf()));
        }
        let path = named.unwrap_or_else(|| PathBuf::from(DEFAULT_FILE));
        let mut figment = Figment::new().merge(Toml::string(DEFAULTS));
        if path.is_file() {
            figment = figment.merge(Toml::file_exact(path));
        }
        for (key, value) in overrides {
            let value: Value = value.parse().unwrap_or_else(|never| match never {});
            figment = figment.merge(Serialized::default(&key, value));
        }
        if let Some(url) = database_url {
            figment = figment.merge(Serialized::default("database.url", url));
        }
        let settings: Self = figment.extract().map_err(Box::new)?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), SettingsError> {
        let rules = [
            (self.database.pool_size >= 1, "database.pool_size", "is at least 1"),
            (self.polling.period_seconds >= 1, "polling.period_seconds", "is at least 1"),
            (self.polling.panel_seconds >= 1, "polling.panel_seconds", "is at least 1"),
            (self.panels.reconcile_seconds >= 1, "panels.reconcile_seconds", "is at least 1"),
            (self.polling.most_at_once >= 1, "polling.most_at_once", "is at least 1"),
            (self.polling.slow_at_once >= 1, "polling.slow_at_once", "is at least 1"),
            (
                self.polling.reference_addresses.iter().all(|address| has_port(address)),
                "polling.reference_addresses",
                "are written host:port",
            ),
            (self.polling.lease_seconds >= 3, "polling.lease_seconds", "is at least 3"),
            (is_kept(self.retention.events_days, 4), "retention.events_days", "is 0 or at least 4"),
            (is_kept(self.retention.device_events_days, 30), "retention.device_events_days", "is 0 or at least 30"),
            (is_kept(self.retention.transitions_days, 30), "retention.transitions_days", "is 0 or at least 30"),
            (is_kept(self.retention.uptime_hours_days, 32), "retention.uptime_hours_days", "is 0 or at least 32"),
            (is_kept(self.retention.daily_days, 32), "retention.daily_days", "is 0 or at least 32"),
            (self.jobs.import_devices_at_once >= 1, "jobs.import_devices_at_once", "is at least 1"),
            (self.jobs.lease_seconds >= 3, "jobs.lease_seconds", "is at least 3"),
            ((1..=365).contains(&self.handover.days), "handover.days", "is 1 to 365"),
            (Gateway::can_be_reached(&self.sms), "sms.url", "is an address that begins with http:// or https://"),
            (
                Gateway::is_written(&self.sms),
                "sms.body",
                "has {to} and {text} in it, and a content_type that is JSON, a form, or plain text",
            ),
            (Gateway::is_authorized(&self.sms), "sms.authorization", "is one line of plain characters"),
            (self.upgrades.most_file_mib >= 1, "upgrades.most_file_mib", "is at least 1"),
            (self.upgrades.at_once >= 1, "upgrades.at_once", "is at least 1"),
            (self.upgrades.watch_seconds >= 1, "upgrades.watch_seconds", "is at least 1"),
            (self.upgrades.offline_seconds >= 1, "upgrades.offline_seconds", "is at least 1"),
            (self.upgrades.return_seconds >= 10, "upgrades.return_seconds", "is at least 10"),
            (
                self.links.internal_url.as_deref().is_none_or(is_http),
                "links.internal_url",
                "begins with http:// or https://",
            ),
            (
                self.remote.domain.as_deref().is_none_or(is_domain),
                "remote.domain",
                "is a name such as remote.example.com",
            ),
            (self.remote.idle_minutes >= 1, "remote.idle_minutes", "is at least 1"),
            (
                self.remote.longest_minutes >= self.remote.idle_minutes,
                "remote.longest_minutes",
                "is not less than remote.idle_minutes",
            ),
            (self.devices.connect_timeout_ms >= 1, "devices.connect_timeout_ms", "is at least 1"),
            (self.devices.answer_timeout_ms >= 1, "devices.answer_timeout_ms", "is at least 1"),
            ((1..=10).contains(&self.devices.look_timeout_seconds), "devices.look_timeout_seconds", "is 1 to 10"),
            (
                self.server.tls_certificate.is_some() == self.server.tls_key.is_some(),
                "server.tls_key",
                "and server.tls_certificate go together",
            ),
        ];
        match rules.into_iter().find(|(holds, ..)| !holds) {
            Some((_, key, rule)) => Err(SettingsError::OutOfRange { key, rule }),
            None => Ok(()),
        }
    }

    /// The file of the master key.
    pub fn key_file(&self) -> PathBuf {
        self.vault.key_file.clone().unwrap_or_else(|| self.data.dir.join("master.key"))
    }

    /// The folder of firmware files.
    pub fn firmware_dir(&self) -> PathBuf {
        self.upgrades.dir.clone().unwrap_or_else(|| self.data.dir.join("firmware"))
    }

    /// The settings as they stand, as TOML, without any secret: for `--print-config`.
    pub fn shown(&self) -> String {
        let mut out = String::new();
        let Ok(serde_json::Value::Object(sections)) = serde_json::to_value(self) else { return out };
        for (section, keys) in sections {
            out.extend(["[", &section, "]\n"]);
            for (key, value) in keys.as_object().into_iter().flatten() {
                // Scalars and lists are written alike in JSON and TOML; TOML has no null.
                let line = if value.is_null() { format!("# {key} is not set\n") } else { format!("{key} = {value}\n") };
                out.push_str(&line);
            }
            out.push('\n');
        }
        out
    }
}

/// Whether so many days are for ever, or enough.
fn is_kept(days: u32, least: u32) -> bool {
    days == 0 || days >= least
}

fn has_port(address: &str) -> bool {
    let Some((host, port)) = address.rsplit_once(':') else { return false };
    !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0)
}

fn is_http(url: &str) -> bool {
    url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")).is_some_and(|rest| !rest.is_empty())
}

/// Letters, digits, dashes and dots, and no IP address: names are put before it.
fn is_domain(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    !text.is_empty() && text.chars().all(is_plain) && !text.starts_with('.') && text.parse::<IpAddr>().is_err()
}

#[cfg(test)]
mod tests;
