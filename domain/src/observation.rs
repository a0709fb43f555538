//! What one look at a device tells: the parts a probe or a poll brings back.
//!
//! Every part is what the device said, read tolerantly; enums stay open as strings where
//! firmware keeps adding values. An absent part was not asked or is not supported.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::device::DeviceKind;
use crate::panel::PanelStatus;
use crate::serial::SerialNumber;
use crate::words::words;

/// Who a device is: `/ISAPI/System/deviceInfo`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The name set in the device; may be empty.
    pub device_name: String,
    /// The model as the device writes it, slash and all.
    pub model: String,
    /// The long serial number as the device writes it.
    pub serial_number: String,
    /// `subSerialNumber` as the device writes it; often absent.
    pub sub_serial_number: Option<String>,
    /// The nine characters that identify it, where they can be read.
    pub short_serial: Option<SerialNumber>,
    /// MAC address as the device writes it.
    pub mac_address: Option<String>,
    /// Firmware version as the device writes it, e.g. `V5.7.3`.
    pub firmware_version: String,
    /// Release date as the device writes it, e.g. `build 220112`.
    pub firmware_released: Option<String>,
    /// Hardware version, where told.
    pub hardware_version: Option<String>,
    /// Manufacturer, where told and not empty.
    pub manufacturer: Option<String>,
    /// The device's own word for its type, e.g. `IPCamera`.
    pub device_type: String,
    /// What we take it for.
    pub kind: DeviceKind,
}

impl Identity {
    /// Version and build as one text, e.g. `V5.7.3 build 220112`; the device's own strings.
    pub fn firmware_text(&self) -> String {
        match self.firmware_released.as_deref().filter(|text| !text.is_empty()) {
            Some(released) => format!("{} {released}", self.firmware_version),
            None => self.firmware_version.clone(),
        }
    }
}

/// How a device runs: `/ISAPI/System/status`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct RunStatus {
    /// Seconds since it started.
    pub uptime_seconds: Option<u64>,
    /// Mean CPU use over its processors, percent.
    pub cpu_percent: Option<f32>,
    /// Memory used, percent.
    pub memory_percent: Option<f32>,
    /// When it was noticed that the device had started anew, of the last [`RESTARTS_KEPT`]; the platform's own notes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub restarts: Vec<DateTime<Utc>>,
}

/// How long it is kept in mind that a device started anew.
pub const RESTARTS_KEPT: Duration = Duration::hours(24);

impl RunStatus {
    /// Whether the device started anew since `before` was measured `seconds` ago: it runs for less than that, and its count
    /// went back or fell behind.
    ///
    /// A clock that is set moves the count of some firmware a little; that alone is no start.
    pub fn restarted_since(&self, before: &Self, seconds: i64) -> bool {
        let elapsed = u64::try_from(seconds).unwrap_or(0);
        let (Some(now), Some(then)) = (self.uptime_seconds, before.uptime_seconds) else { return false };
        // Two minutes of grace: old firmware counts in whole minutes.
        let went_back = now < then && now <= elapsed.saturating_add(120);
        let fell_behind = now != then && now.saturating_add(120) < elapsed;
        went_back || fell_behind
    }

    /// The starts to keep in mind at `now`: those noticed before, and this one if it is one.
    #[must_use]
    pub fn restarts_after(&self, before: Option<(DateTime<Utc>, &Self)>, now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        let Some((then, before)) = before else { return Vec::new() };
        let kept = before.restarts.iter().copied().filter(|at| now - *at < RESTARTS_KEPT);
        let is_new = self.restarted_since(before, (now - then).num_seconds());
        kept.chain(is_new.then_some(now)).collect()
    }

    /// How often it started anew in the day before `now`.
    pub fn restarts_in_a_day(&self, now: DateTime<Utc>) -> usize {
        self.restarts.iter().filter(|at| now - **at < RESTARTS_KEPT).count()
    }

    /// Whether a person would want to see this at once rather than in a few minutes: the device started anew,
    /// or processor or memory moved by ten points, since `before` was measured `seconds` ago.
    pub fn tells_news_after(&self, before: &Self, seconds: i64) -> bool {
        let moved = |now: Option<f32>, then: Option<f32>| match (now, then) {
            (Some(now), Some(then)) => (now - then).abs() >= 10.0,
            (now, then) => now.is_some() != then.is_some(),
        };
        let started_anew = match (self.uptime_seconds, before.uptime_seconds) {
            // Two minutes of grace: old firmware counts in whole minutes.
            (Some(now), Some(then)) => {
                now.saturating_add(120) < then.saturating_add(u64::try_from(seconds).unwrap_or(0))
            }
            (now, then) => now.is_some() != then.is_some(),
        };
        started_anew || moved(self.cpu_percent, before.cpu_percent) || moved(self.memory_percent, before.memory_percent)
    }
}

/// One channel of a camera or recorder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// The channel's number, from 1.
    pub number: u32,
    /// Its name; may be empty.
    pub name: String,
    /// `ip` behind a recorder, `analog` on a DVR, `own` for a camera's own sensor.
    pub source: ChannelSource,
    /// Whether it is online, where the device tells.
    pub online: Option<bool>,
    /// Whether its picture is lost, where the device tells.
    pub video_loss: Option<bool>,
    /// The device's own word on the connection (`chanDetectResult`, `resDesc`); an open set.
    pub detail: Option<String>,
    /// Address of the camera behind it.
    pub address: Option<String>,
    /// Model of the camera behind it.
    pub model: Option<String>,
    /// Firmware of the camera behind it, as written.
    pub firmware: Option<String>,
    /// Whether it is being recorded, where the device tells.
    #[serde(default)]
    pub recording: Option<bool>,
}

/// Where a channel's picture comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelSource {
    /// A network camera behind a recorder.
    Ip,
    /// An analogue input.
    Analog,
    /// The device's own sensor.
    Own,
}

/// One disk, card or network volume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disk {
    /// The device's own id of it.
    pub id: String,
    /// The device's own name of it, e.g. `hdda`.
    pub name: String,
    /// `hdd`, `nas`, `sd` …: the device's word, or the list it stood in.
    pub kind: String,
    /// Its state.
    pub state: DiskState,
    /// The device's own word for the state.
    pub raw_state: String,
    /// Capacity in MB.
    pub capacity_mb: Option<u64>,
    /// Free space in MB; 0 is normal on a recorder that overwrites.
    pub free_mb: Option<u64>,
}

words! {
    /// A disk's state, read from the device's (partly misspelt) words.
    pub enum DiskState {
        /// `ok`, `idle`.
        Ok = "ok",
        /// `unformatted`, `unRecordHostFormatted`.
        Unformatted = "unformatted",
        /// `error`, `smartFailed`, `mismatch`, `offline`.
        Error = "error",
        /// `formating`, `reparing`: at work, not a fault.
        Working = "working",
        /// `notexist`: an empty bay, not a fault.
        Empty = "empty",
        /// A word we do not know.
        Unknown = "unknown",
    }
}

impl DiskState {
    /// Reads a device's word for a disk state.
    ///
    /// Source: `ContentMgmt/Storage` status values; `reparing` and `formating` are spelt so by devices.
    pub fn read(word: &str) -> Self {
        match word.trim().to_ascii_lowercase().as_str() {
            "ok" | "idle" | "normal" => Self::Ok,
            "unformatted" | "unrecordhostformatted" => Self::Unformatted,
            "error" | "smartfailed" | "mismatch" | "offline" | "abnormal" => Self::Error,
            "formating" | "formatting" | "reparing" | "repairing" => Self::Working,
            "notexist" | "none" => Self::Empty,
            _ => Self::Unknown,
        }
    }
}

/// What a disk's own check says: `/ISAPI/ContentMgmt/Storage/hdd/<id>/SMARTTest/status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiskSmart {
    /// The device's own id of the disk.
    pub id: String,
    /// What the check comes to.
    pub state: SmartState,
    /// The device's own words for it.
    pub raw_state: String,
    /// Temperature, degrees Celsius.
    pub temperature_celsius: Option<i32>,
    /// Days it has been running in all.
    pub powered_on_days: Option<u32>,
}

/// What a disk's own check comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmartState {
    /// Nothing is wrong that it can see.
    Good,
    /// It has bad sectors, or fails.
    Failing,
    /// It told nothing, or in words we do not know.
    Unknown,
}

impl SmartState {
    /// Reads the device's words: any that tells of a failure counts, and one that tells that it is well, where none does.
    pub fn read<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let states = words.into_iter().map(|word| match word.trim().to_ascii_lowercase().as_str() {
            "ok" | "functional" | "normal" | "good" | "passed" => Self::Good,
            "error" | "fault" | "badsectors" | "bad" | "failed" | "fail" | "abnormal" => Self::Failing,
            _ => Self::Unknown,
        });
        states.fold(Self::Unknown, |all, one| match (all, one) {
            (Self::Failing, _) | (_, Self::Failing) => Self::Failing,
            (Self::Good, _) | (_, Self::Good) => Self::Good,
            _ => Self::Unknown,
        })
    }
}

/// What a device is set to record, and how far back its recordings go: `/ISAPI/ContentMgmt/record/tracks` and a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Recording {
    /// Whether what is old is overwritten when the disks are full; `None` where that was not told of every track.
    pub overwrites: Option<bool>,
    /// What is recorded of each channel.
    pub tracks: Vec<Track>,
    /// The oldest recording found.
    pub oldest: Option<OldestRecording>,
}

/// What is recorded of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Track {
    /// The channel's number.
    pub channel: u32,
    /// Whether it is to be recorded at all.
    pub enabled: bool,
    /// Whether it is to be recorded at all times: only then is a channel that is not being recorded at fault.
    pub continuous: bool,
}

/// The oldest recording of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldestRecording {
    /// The channel.
    pub channel: u32,
    /// When it begins.
    pub at: DateTime<Utc>,
}

/// One network interface: `/ISAPI/System/Network/interfaces`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkInterface {
    /// The device's id of it; a second one is usually Wi-Fi.
    pub id: String,
    /// `static` or `dynamic`, as written.
    pub addressing: Option<String>,
    /// IPv4 address.
    pub ip_address: Option<String>,
    /// Subnet mask.
    pub subnet_mask: Option<String>,
    /// Default gateway.
    pub gateway: Option<String>,
    /// DNS servers, those that are set.
    pub dns: Vec<String>,
    /// MAC address.
    pub mac_address: Option<String>,
}

/// A device's clock: `/ISAPI/System/time`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// `NTP`, `manual` …, as written.
    pub mode: Option<String>,
    /// Local time as written.
    pub local_time: String,
    /// Time zone as written, e.g. `CST-3:00:00` (POSIX sign: this one is UTC+3).
    pub time_zone: Option<String>,
    /// Device clock minus platform clock, seconds, where both can be told.
    pub offset_seconds: Option<i64>,
}

/// What the signed-in account may be told of itself: `/ISAPI/Security/userCheck`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct UserCheck {
    /// The factory password is still set.
    pub default_password: Option<bool>,
    /// The device itself calls the password weak.
    pub risk_password: Option<bool>,
}

/// What a device can do, as far as we ask: `/ISAPI/System/capabilities`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Capabilities {
    /// It can be registered with the vendor's cloud service (`isSupportEZVIZ`).
    pub cloud_service: Option<bool>,
    /// The cloud binding can be ended from outside (`isSupportEZVIZUnbind`).
    pub cloud_unbind: Option<bool>,
    /// Number of video inputs told.
    pub video_inputs: Option<u32>,
    /// Number of alarm inputs told.
    pub alarm_inputs: Option<u32>,
    /// Number of alarm outputs told.
    pub alarm_outputs: Option<u32>,
}

/// Everything one full look brought back; parts that were not asked or not supported are `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Observation {
    /// Who it is.
    pub identity: Option<Measured<Identity>>,
    /// How it runs.
    pub status: Option<Measured<RunStatus>>,
    /// Its channels.
    pub channels: Option<Measured<Vec<Channel>>>,
    /// Its disks.
    pub disks: Option<Measured<Vec<Disk>>>,
    /// Its network interfaces.
    pub network: Option<Measured<Vec<NetworkInterface>>>,
    /// Its clock.
    pub clock: Option<Measured<Clock>>,
    /// Its account.
    pub user_check: Option<Measured<UserCheck>>,
    /// What it can do.
    pub capabilities: Option<Measured<Capabilities>>,
    /// What it tells as an alarm panel.
    pub panel: Option<Measured<PanelStatus>>,
    /// What the disks' own checks say.
    pub smart: Option<Measured<Vec<DiskSmart>>>,
    /// What it is set to record, and how far back that goes.
    pub recording: Option<Measured<Recording>>,
}

/// A value and the resource it was read from (R-H1; the time is that of the look).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured<T> {
    /// The value.
    pub value: T,
    /// The resource, e.g. `/ISAPI/System/deviceInfo`.
    pub source: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restart_and_a_busy_processor_are_news_and_passing_time_is_not() {
        let status =
            |uptime, cpu| RunStatus { uptime_seconds: Some(uptime), cpu_percent: Some(cpu), ..RunStatus::default() };
        let before = status(1000, 20.0);
        assert!(!status(1060, 25.0).tells_news_after(&before, 60));
        assert!(!status(1000, 20.0).tells_news_after(&before, 60));
        assert!(status(30, 20.0).tells_news_after(&before, 600));
        assert!(status(1060, 31.0).tells_news_after(&before, 60));
        assert!(RunStatus::default().tells_news_after(&before, 60));
    }

    #[test]
    fn a_start_is_told_from_a_clock_that_was_set_and_from_a_count_that_stands_still() {
        let running = |uptime| RunStatus { uptime_seconds: Some(uptime), ..RunStatus::default() };
        let restarted = |then, now, seconds| running(now).restarted_since(&running(then), seconds);
        assert!(restarted(5000, 20, 60), "it counts anew");
        assert!(restarted(100, 3000, 7200), "it was away for longer than it ran before");
        assert!(!restarted(5000, 5060, 60));
        assert!(!restarted(500_000, 496_400, 60), "a clock was put back by an hour");
        assert!(!restarted(0, 0, 300), "a count that never moves");
        assert!(!restarted(5000, 4980, 60) && !RunStatus::default().restarted_since(&running(10), 60));
    }

    #[test]
    fn starts_are_kept_in_mind_for_a_day() {
        let at = |hour: i64| DateTime::UNIX_EPOCH + Duration::hours(hour);
        let before = RunStatus { uptime_seconds: Some(9000), restarts: vec![at(1), at(20)], ..RunStatus::default() };
        let now = RunStatus { uptime_seconds: Some(5), ..RunStatus::default() };
        assert_eq!(now.restarts_after(Some((at(25), &before)), at(26)), vec![at(20), at(26)]);
        assert!(now.restarts_after(None, at(26)).is_empty());
        assert_eq!(before.restarts_in_a_day(at(26)), 1);
    }

    #[test]
    fn one_word_of_failure_among_those_of_a_check_counts() {
        assert_eq!(SmartState::read(["ok", "functional"]), SmartState::Good);
        assert_eq!(SmartState::read(["ok", "badsectors"]), SmartState::Failing);
        assert_eq!(SmartState::read(["error", "functional"]), SmartState::Failing);
        assert_eq!(SmartState::read(["haunted"]), SmartState::Unknown);
        assert_eq!(SmartState::read([]), SmartState::Unknown);
    }

    #[test]
    fn disk_words_are_read_with_their_misspellings() {
        for (word, state) in [
            ("ok", DiskState::Ok),
            ("idle", DiskState::Ok),
            ("smartFailed", DiskState::Error),
            ("reparing", DiskState::Working),
            ("formating", DiskState::Working),
            ("notexist", DiskState::Empty),
            ("unRecordHostFormatted", DiskState::Unformatted),
            ("somethingNew", DiskState::Unknown),
        ] {
            assert_eq!(DiskState::read(word), state, "{word}");
        }
    }
}
