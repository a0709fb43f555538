//! What can be changed on a device while it runs, and what it shows of itself to the test that changes it.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::operations::linked::Linked;
use crate::panel::{PanelChange, PanelView};
use crate::profile::Profile;
use crate::settings::ServiceHost;
use crate::storage::StorageChange;
use crate::telling::{Alert, EventStream, PushTarget, TellingView};
use crate::upgrade::{UpgradeChange, UpgradeView};

/// A change of a running device: only what is given changes.
#[derive(Default, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Change {
    /// Off: nobody listens at its address any more.
    pub power: Option<bool>,
    /// How its network behaves.
    pub network: Option<Network>,
    /// A new password of its account.
    pub password: Option<String>,
    /// State of its first disk, or of all at once for [`Disk::None`].
    pub disk: Option<Disk>,
    /// Channels without a picture.
    pub video_loss: Option<BTreeSet<u32>>,
    /// Channels whose camera does not answer the recorder.
    pub channel_offline: Option<BTreeSet<u32>>,
    /// Locks as five wrong logins do, or unlocks and forgets them.
    pub locked: Option<bool>,
    /// Seconds that its clock runs ahead.
    pub clock_offset_seconds: Option<i64>,
    /// `null` in JSON makes it honest again.
    #[serde(deserialize_with = "given")]
    pub hostile: Option<Option<Hostile>>,
    /// Milliseconds that every answer waits.
    pub delay_ms: Option<u64>,
    /// Seconds that a digest nonce stays good.
    pub nonce_lifetime_seconds: Option<u64>,
    /// `"new"`: another self-signed certificate.
    pub tls_certificate: Option<NewCertificate>,
    /// Another name.
    pub name: Option<String>,
    /// Gives it its password, or takes it as a reset to factory settings does.
    pub activated: Option<bool>,
    /// Switches its cloud service on or off.
    pub service_enabled: Option<bool>,
    /// Whether it gets through to the cloud while the service is on; back to true, it is registered at once.
    pub service_registered: Option<bool>,
    /// Another verification code; empty for none.
    pub verification_code: Option<String>,
    /// Whether somebody's account owns it.
    pub bound: Option<bool>,
    /// Whether its cloud is the consumer service.
    pub ezviz: Option<bool>,
    /// Another firmware, e.g. `V3.4.92 build 170228`.
    pub firmware: Option<String>,
    /// Whether it takes its address from a DHCP server.
    pub dhcp: Option<bool>,
    /// `true` moves it to another loopback address, one that no device of this simulator had before.
    pub address_change: Option<bool>,
    /// `true` unbinds it as its local menu does; firmware 3.x has no such menu.
    pub menu_unbind: Option<bool>,
    /// What changes of how it is upgraded.
    pub upgrade: Option<UpgradeChange>,
    /// What changes of its disks and recordings.
    pub storage: Option<StorageChange>,
    /// Seconds that it has been running for, as it says: few, and it has started anew without being away for it.
    pub uptime_seconds: Option<u64>,
    /// What changes of it as an alarm panel.
    pub panel: Option<PanelChange>,
    /// The devices, by their places, that are reached through it: while it is off, nothing of them answers, not even with
    /// a refusal, and nor does it itself.
    pub behind: Option<BTreeSet<usize>>,
    /// Alerts that it raises, in order: over its event stream, and where it pushes to.
    pub event: Option<Vec<Alert>>,
    /// How its event stream behaves from now on.
    pub event_stream: Option<EventStream>,
    /// Where it pushes alerts to; `null` in JSON: nowhere.
    #[serde(deserialize_with = "given")]
    pub push_to: Option<Option<PushTarget>>,
    /// Of a recorder of network cameras: its channels are these devices, by their places, from channel 1 on.
    pub shows: Option<Vec<usize>>,
}

#[expect(clippy::option_option, reason = "absent and null say different things")]
/// Tells a given `null` from an absent field.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(field: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(field).map(Some)
}

/// How the network to a device behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Network {
    /// As it should.
    Ok,
    /// Every answer takes two seconds more.
    Slow,
    /// Connections are taken and nothing ever comes back.
    Drop,
    /// Connections are reset at once.
    Reset,
}

/// State of a device's disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disk {
    /// Works.
    Ok,
    /// Broken.
    Error,
    /// There is none: a list without items.
    None,
    /// Not formatted.
    Unformatted,
    /// Being repaired; devices write it `reparing`.
    Reparing,
    /// Its own check failed; devices write it `smartFailed`.
    SmartFailed,
    /// Asleep.
    Idle,
}

impl Disk {
    /// The device's word.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Error => "error",
            Self::None => "notexist",
            Self::Unformatted => "unformatted",
            Self::Reparing => "reparing",
            Self::SmartFailed => "smartFailed",
            Self::Idle => "idle",
        }
    }
}

/// Ways in which a device (or whoever took its place) attacks those who ask it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hostile {
    /// The answer comes at one byte a second.
    OneBytePerSecond,
    /// A body of 1 GiB.
    HugeBody,
    /// Header lines without end.
    EndlessHeaders,
    /// 130 kB that inflate to 128 MiB.
    GzipBomb,
    /// Nested XML entities that expand to gigabytes.
    EntityBomb,
    /// Redirects to a cloud metadata address.
    RedirectMetadata,
    /// Every login is "stale, try again".
    EndlessChallenges,
    /// Bytes that look like the start of TLS and are not.
    BrokenTls,
    /// Random bytes.
    Garbage,
    /// 100,000 elements one inside another.
    DeepXml,
}

impl Hostile {
    /// Every one.
    pub const ALL: [Self; 10] = [
        Self::OneBytePerSecond,
        Self::HugeBody,
        Self::EndlessHeaders,
        Self::GzipBomb,
        Self::EntityBomb,
        Self::RedirectMetadata,
        Self::EndlessChallenges,
        Self::BrokenTls,
        Self::Garbage,
        Self::DeepXml,
    ];
}

/// The only word for `tls_certificate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewCertificate {
    /// Make another one.
    New,
}

/// What a device counted since its start or the last reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counters {
    /// Requests read.
    pub requests: u64,
    /// 401 answers to requests that brought no login, or a right one for a stale nonce.
    pub challenges: u64,
    /// Requests let in.
    pub logins_ok: u64,
    /// Wrong logins, and logins of any kind while locked.
    pub logins_refused: u64,
    /// Connections taken.
    pub connections: u64,
    /// Connections refused because there were too many.
    pub connections_refused: u64,
    /// Requests other than GET that changed something.
    #[serde(default)]
    pub writes: u64,
    /// Requests other than GET, of somebody let in, that were refused.
    #[serde(default)]
    pub writes_refused: u64,
    /// SADP inquiries answered.
    #[serde(default)]
    pub inquiries: u64,
    /// SADP commands that did what they ask.
    #[serde(default)]
    pub commands: u64,
    /// SADP commands that were refused.
    #[serde(default)]
    pub commands_refused: u64,
    /// Reboots.
    #[serde(default)]
    pub reboots: u64,
    /// Sessions opened at an alarm panel; such a login counts among `logins_ok` too, as each request in a session does.
    #[serde(default)]
    pub session_logins: u64,
    /// Right logins refused because there were as many sessions as the panel keeps.
    #[serde(default)]
    pub sessions_refused: u64,
    /// Accounts of an alarm panel created over the network.
    #[serde(default)]
    pub accounts_created: u64,
    /// Accounts deleted over the network.
    #[serde(default)]
    pub accounts_deleted: u64,
    /// Passwords of accounts set over the network after they were created.
    #[serde(default)]
    pub account_passwords_set: u64,
}

/// State and counters of a device.
#[derive(Clone, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own that any combination may have")]
pub struct DeviceView {
    /// Its place in the list, from 0.
    pub index: usize,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub profile: Profile,
    /// Where it is now.
    pub address: Ipv4Addr,
    /// Whether it is on; also while it reboots.
    pub power: bool,
    /// Whether it is away for a reboot.
    pub rebooting: bool,
    /// Whether something that it is behind is off.
    pub cut_off: bool,
    /// Its network.
    pub network: Network,
    /// The password that it takes now; empty while it is not activated.
    pub password: String,
    /// Whether it has a password.
    pub activated: bool,
    /// Whether its cloud service is on.
    pub service_enabled: bool,
    /// Whether it is registered with the cloud.
    pub service_registered: bool,
    /// Whose cloud it is set to.
    pub service_host: ServiceHost,
    /// The verification code that it knows.
    pub verification_code: Option<String>,
    /// Whether somebody's account owns it.
    pub bound: bool,
    /// Whether it takes its address from a DHCP server.
    pub dhcp: bool,
    /// Its firmware, e.g. `V5.7.15 build 230313`.
    pub firmware: String,
    /// `NTP` or `manual`.
    pub time_mode: &'static str,
    /// Its time zone as it writes it, e.g. `CST-3:00:00`.
    pub time_zone: String,
    /// Its disk.
    pub disk: Disk,
    /// Channels without a picture.
    pub video_loss: BTreeSet<u32>,
    /// Channels that are offline.
    pub channel_offline: BTreeSet<u32>,
    /// Whether it refuses every login.
    pub locked: bool,
    /// Seconds until it unlocks.
    pub locked_for_seconds: Option<u64>,
    /// Wrong logins left before it locks.
    pub tries_left: u32,
    /// Seconds that its clock runs ahead.
    pub clock_offset_seconds: i64,
    /// How it attacks.
    pub hostile: Option<Hostile>,
    /// Milliseconds that every answer waits.
    pub delay_ms: u64,
    /// SHA-256 of its certificate in hex, where it speaks TLS.
    pub certificate_sha256: Option<String>,
    /// Connections open now.
    pub open_connections: usize,
    /// What it counted.
    pub counters: Counters,
    /// How it is upgraded.
    pub upgrade: UpgradeView,
    /// What it tells by itself.
    pub telling: TellingView,
    /// What others had it do.
    pub linked: Linked,
    /// Its state as an alarm panel, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub panel: Option<PanelView>,
}
