//! What devices tell by themselves: motion, a door, a disk that is full. Each kind of device has its own words for it; they are
//! read here, and what is no event at all, a heartbeat, is told apart.
//!
//! A device event never opens an exception by itself: it is a reason to look, and the look says what is wrong.

use chrono::{DateTime, Duration, Utc};

use crate::words::words;
use crate::{CompanyId, DeviceId, SiteId};

/// An event that is told no more for this long is over.
pub const OVER_AFTER: Duration = Duration::seconds(30);
/// Most characters of a device's word that are kept.
pub const MOST_WORD_CHARS: usize = 64;
/// The highest number of a channel, zone or door that is believed.
pub const HIGHEST_CHANNEL: u32 = 65_535;

words! {
    /// What a device event is about.
    pub enum DeviceEventKind {
        /// Something moved.
        Motion = "motion",
        /// Something crossed a line.
        LineCrossing = "line_crossing",
        /// Something is in an area that it should not be in.
        Intrusion = "intrusion",
        /// Something came into an area.
        RegionEntrance = "region_entrance",
        /// Something left an area.
        RegionExiting = "region_exiting",
        /// A camera was covered, or a device opened.
        Tamper = "tamper",
        /// A channel has no picture.
        VideoLoss = "video_loss",
        /// An alarm input was triggered.
        AlarmInput = "alarm_input",
        /// A disk is full.
        DiskFull = "disk_full",
        /// A disk fails or is not formatted.
        DiskError = "disk_error",
        /// The device lost its network.
        NetworkDisconnected = "network_disconnected",
        /// Another device has its address.
        IpConflict = "ip_conflict",
        /// Somebody tried to log in with a wrong password.
        IllegalAccess = "illegal_access",
        /// A passive infrared sensor saw somebody.
        Pir = "pir",
        /// A door opened.
        DoorOpened = "door_opened",
        /// A door was forced.
        DoorForced = "door_forced",
        /// A door stands open for too long.
        DoorOpenTooLong = "door_open_too_long",
        /// A visitor rings.
        VisitorCalling = "visitor_calling",
        /// A zone of an alarm panel is in alarm.
        ZoneAlarm = "zone_alarm",
        /// The sensor of a zone was opened.
        ZoneTamper = "zone_tamper",
        /// An area was armed.
        Armed = "armed",
        /// An area was disarmed.
        Disarmed = "disarmed",
        /// Somebody pressed a panic button.
        Panic = "panic",
        /// The panel runs without mains.
        MainsLost = "mains_lost",
        /// A battery is low.
        LowBattery = "low_battery",
        /// Something else; the device's own word says what.
        Other = "other",
    }
}

/// What a device says of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventState {
    /// It lasts, or just happened.
    Active,
    /// It is over.
    Inactive,
}

/// One thing that a device told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceSignal {
    /// What it is about.
    pub kind: DeviceEventKind,
    /// The channel, zone or door.
    pub channel: Option<u32>,
    /// What the device calls it.
    pub word: String,
    /// Whether it lasts.
    pub state: EventState,
}

/// An event of a device, from its beginning to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceEvent {
    /// Its number; rises in the order in which events became known, with gaps.
    pub seq: i64,
    /// The company.
    pub company_id: CompanyId,
    /// The site of the device.
    pub site_id: SiteId,
    /// The device.
    pub device_id: DeviceId,
    /// What it is about.
    pub kind: DeviceEventKind,
    /// The channel, zone or door.
    pub channel: Option<u32>,
    /// What the device calls it.
    pub word: String,
    /// When the platform first heard of it; the clock of a device is not trusted.
    pub at: DateTime<Utc>,
    /// When it ended; `None` while it lasts.
    pub ended_at: Option<DateTime<Utc>>,
}

words! {
    /// How the event stream of a device fares.
    pub enum StreamState {
        /// It is open.
        Open = "open",
        /// It is being opened, or opened again after it broke.
        Connecting = "connecting",
        /// The device has none; it is polled.
        NotSupported = "not_supported",
        /// The device refuses the login; it is left alone until that changes.
        LoginRefused = "login_refused",
    }
}

impl DeviceSignal {
    /// Reads what a device told; `None` for what is no event: a heartbeat, or nothing at all.
    ///
    /// `videoloss` that is `inactive` is how recorders and cameras keep a stream alive; it ends no event either, for they send
    /// it while a channel has no picture too.
    pub fn read(word: &str, state: EventState, channel: Option<u32>) -> Option<Self> {
        let word = told(word);
        let kind = DeviceEventKind::read(&word)?;
        if kind == DeviceEventKind::VideoLoss && state == EventState::Inactive {
            return None;
        }
        let channel = channel.filter(|channel| *channel <= HIGHEST_CHANNEL);
        Some(Self { kind, channel, word, state })
    }
}

impl DeviceEventKind {
    /// The kind of event that a device's word means; `None` for a heartbeat. Letters are large and small as the device likes.
    /// What nobody knows is [`DeviceEventKind::Other`].
    ///
    /// Events of access control are `AccessControllerEvent/<major>/<minor>` in the vendor's numbers, those of alarm panels
    /// `cidEvent/<code>` in the numbers of Contact ID (SIA DC-05).
    pub fn read(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase();
        if let Some(numbers) = word.strip_prefix("accesscontrollerevent/") {
            return Some(of_access_control(numbers));
        }
        if let Some(code) = word.strip_prefix("cidevent/") {
            return of_contact_id(code);
        }
        Some(match word.as_str() {
            "" | "heartbeat" => return None,
            "vmd" | "motion" | "motiondetection" => Self::Motion,
            "linedetection" | "linecrossing" => Self::LineCrossing,
            "fielddetection" | "intrusion" => Self::Intrusion,
            "regionentrance" => Self::RegionEntrance,
            "regionexiting" => Self::RegionExiting,
            "shelteralarm" | "tamperdetection" | "tamperalarm" | "videotampering" | "tamper" => Self::Tamper,
            "videoloss" => Self::VideoLoss,
            "io" | "alarminput" | "inputalarm" => Self::AlarmInput,
            "diskfull" | "hdfull" => Self::DiskFull,
            "diskerror" | "hderror" | "diskunformat" | "hdbadblock" => Self::DiskError,
            "nicbroken" | "netbroken" => Self::NetworkDisconnected,
            "ipconflict" => Self::IpConflict,
            "illaccess" | "illegalaccess" => Self::IllegalAccess,
            "pir" | "piralarm" => Self::Pir,
            "doorbellringing" | "voicetalkevent" | "visitorcalling" => Self::VisitorCalling,
            _ => Self::Other,
        })
    }

    /// Whether somebody should hear of it at once: something happened before the device, and not only to it.
    pub fn is_alarm(self) -> bool {
        !matches!(
            self,
            Self::DiskFull
                | Self::DiskError
                | Self::NetworkDisconnected
                | Self::IpConflict
                | Self::IllegalAccess
                | Self::DoorOpened
                | Self::Armed
                | Self::Disarmed
                | Self::MainsLost
                | Self::LowBattery
                | Self::Other
        )
    }

    /// Whether it is a reason to look at the device at once.
    pub fn asks_for_a_look(self) -> bool {
        matches!(
            self,
            Self::DiskFull | Self::DiskError | Self::VideoLoss | Self::Tamper | Self::MainsLost | Self::LowBattery
        )
    }
}

/// Majors are 1 alarm, 5 event; the minors are those of the vendor's SDK.
fn of_access_control(numbers: &str) -> DeviceEventKind {
    match numbers {
        "1/1028" => DeviceEventKind::Tamper,
        "5/25" => DeviceEventKind::DoorOpened,
        "5/27" => DeviceEventKind::DoorForced,
        "5/28" => DeviceEventKind::DoorOpenTooLong,
        "5/37" => DeviceEventKind::VisitorCalling,
        _ => DeviceEventKind::Other,
    }
}

/// The first digit says 1 new or opening, 3 restored or closing; the others which event. A test report is a heartbeat.
fn of_contact_id(code: &str) -> Option<DeviceEventKind> {
    let (Some(qualifier), Some(event)) = (code.get(..1), code.get(1..)) else { return Some(DeviceEventKind::Other) };
    Some(match (qualifier, event) {
        (_, "602") => return None,
        ("1", "400" | "401" | "403" | "407") => DeviceEventKind::Disarmed,
        ("3", "400" | "401" | "403" | "407" | "408" | "441") => DeviceEventKind::Armed,
        ("1", "120" | "121" | "122" | "123") => DeviceEventKind::Panic,
        ("1", "110" | "111" | "117" | "130" | "131" | "132" | "133" | "134" | "136") => DeviceEventKind::ZoneAlarm,
        ("1", "144" | "383") => DeviceEventKind::ZoneTamper,
        ("1", "137" | "145") => DeviceEventKind::Tamper,
        ("1", "301") => DeviceEventKind::MainsLost,
        ("1", "302" | "338" | "384") => DeviceEventKind::LowBattery,
        _ => DeviceEventKind::Other,
    })
}

/// A device's word as it is kept: trimmed, bounded, without anything that is no visible character.
fn told(word: &str) -> String {
    word.trim().chars().filter(|letter| !letter.is_control()).take(MOST_WORD_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(word: &str) -> Option<DeviceEventKind> {
        DeviceEventKind::read(word)
    }

    #[test]
    fn words_of_devices_are_read_in_any_letters() {
        use DeviceEventKind as K;
        let words = [
            ("VMD", K::Motion),
            ("linedetection", K::LineCrossing),
            ("fielddetection", K::Intrusion),
            ("shelteralarm", K::Tamper),
            ("diskfull", K::DiskFull),
            ("illAccess", K::IllegalAccess),
            ("IO", K::AlarmInput),
            ("AccessControllerEvent/5/27", K::DoorForced),
            ("cidEvent/1130", K::ZoneAlarm),
            ("cidEvent/3401", K::Armed),
            ("cidEvent/1401", K::Disarmed),
            ("cidEvent/é", K::Other),
            ("somethingNew", K::Other),
        ];
        for (word, expected) in words {
            assert_eq!(kind(word), Some(expected), "{word}");
        }
    }

    #[test]
    fn a_heartbeat_is_no_event() {
        for word in ["heartBeat", " heartbeat ", "", "cidEvent/1602"] {
            assert_eq!(kind(word), None, "{word}");
        }
        assert_eq!(DeviceSignal::read("videoloss", EventState::Inactive, Some(3)), None);
        let lost = DeviceSignal::read("videoloss", EventState::Active, Some(3)).unwrap();
        assert_eq!((lost.kind, lost.channel), (DeviceEventKind::VideoLoss, Some(3)));
    }

    #[test]
    fn what_a_device_calls_an_event_is_kept_bounded_and_visible() {
        let word = format!("new\u{0}\n{}", "x".repeat(500));
        let read = DeviceSignal::read(&word, EventState::Active, Some(u32::MAX)).unwrap();
        assert_eq!((read.kind, read.channel), (DeviceEventKind::Other, None));
        assert_eq!(read.word.chars().count(), MOST_WORD_CHARS);
        assert!(!read.word.contains('\0'));
    }
}
