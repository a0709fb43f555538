//! Root causes (R-H5): what hangs behind what on a site, and what the cause is when something there goes wrong.
//!
//! A camera hangs behind its recorder, and both behind the router of the site. When the router is gone, that is what
//! happened, once; that forty cameras do not answer follows from it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};

use serde::{Deserialize, Serialize};

use crate::device::DeviceKind;
use crate::exception::{ExceptionKey, ExceptionKind, Severity};
use crate::words::words;
use crate::{DeviceId, LinkId};

words! {
    /// What kind of thing is the cause of an incident.
    pub enum CauseKind {
        /// A device.
        Device = "device",
        /// A link: the agent in the customer's network.
        Link = "link",
    }
}

/// What is wrong with the cause of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum IncidentKind {
    /// An exception of a device.
    Exception(ExceptionKind),
    /// A link holds no session.
    LinkOffline,
}

impl IncidentKind {
    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        ExceptionKind::ALL.iter().copied().map(Self::Exception).chain([Self::LinkOffline])
    }

    /// The kind as stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exception(kind) => kind.as_str(),
            Self::LinkOffline => "link_offline",
        }
    }

    /// Reads a stored kind.
    pub fn from_stored(text: &str) -> Option<Self> {
        Self::all().find(|kind| kind.as_str() == text)
    }

    /// How much it matters.
    pub fn severity(self) -> Severity {
        match self {
            Self::Exception(kind) => kind.severity(),
            Self::LinkOffline => Severity::Critical,
        }
    }
}

impl From<IncidentKind> for &'static str {
    fn from(kind: IncidentKind) -> Self {
        kind.as_str()
    }
}

impl TryFrom<String> for IncidentKind {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::from_stored(&text).ok_or("not a kind of incident")
    }
}

words! {
    /// Why a device is taken to hang behind another.
    pub enum BehindBecause {
        /// A person said so.
        Person = "person",
        /// A recorder of the site shows it as one of its channels.
        Recorder = "recorder",
        /// It is reached directly, and this is the router of the site.
        Router = "router",
    }
}

/// What a person said a device hangs behind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Said {
    /// Nothing: it follows from what is known of the site.
    #[default]
    Nothing,
    /// That it hangs behind no other device.
    Alone,
    /// That it hangs behind this one.
    Behind(DeviceId),
}

/// A device in the network of its site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The device.
    pub id: DeviceId,
    /// What it is.
    pub kind: DeviceKind,
    /// Its address, in lower case.
    pub host: String,
    /// The link it is reached through; `None`: directly.
    pub link: Option<LinkId>,
    /// What a person said.
    pub said: Said,
    /// Of a recorder: the address of the camera of each channel, by the channel's number.
    pub shows: BTreeMap<String, String>,
}

/// What hangs behind what on one site.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    parents: BTreeMap<DeviceId, (DeviceId, BehindBecause)>,
    router: Option<DeviceId>,
}

/// How a device stands, as far as it may be the cause of what is behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is known not to answer.
    Offline,
    /// It answered at this time.
    Answered(DateTime<Utc>),
    /// Neither is known.
    NotSure,
}

/// What is taken to be the cause of an exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The device.
    pub device: DeviceId,
    /// What is wrong with that.
    pub kind: ExceptionKind,
    /// Whether nothing above it can still turn out to be the cause.
    pub is_sure: bool,
}

/// How long an exception waits before it becomes an incident, so that its cause is there, whichever of them came first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settling {
    /// Always.
    pub after: Duration,
    /// While it is not sure what the cause is.
    pub longest: Duration,
}

impl Settling {
    /// For devices that are looked at once a `period`, a look taking `look` at most.
    pub fn of(period: Duration, look: Duration) -> Self {
        let after = period * 2;
        Self { after, longest: after * 2 + look * 2 }
    }

    /// Whether an exception that has waited since `waiting_since` has waited long enough.
    pub fn is_over(self, is_sure: bool, waiting_since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        now - waiting_since >= if is_sure { self.after } else { self.longest }
    }
}

impl Tree {
    /// Works out what hangs behind what among the devices of one site.
    ///
    /// What a person said comes first. Else a camera that a recorder shows hangs behind that recorder, and what is
    /// reached directly behind the router of the site, where there is one and no doubt which.
    pub fn of(places: &[Place]) -> Self {
        let ids: BTreeSet<&DeviceId> = places.iter().map(|place| &place.id).collect();
        let router = only_router(places);
        let mut shown: BTreeMap<(&str, Option<&LinkId>), &DeviceId> = BTreeMap::new();
        for recorder in places {
            for host in recorder.shows.values() {
                let first = shown.entry((host, recorder.link.as_ref())).or_insert(&recorder.id);
                *first = (*first).min(&recorder.id);
            }
        }
        let parent = |place: &Place| match &place.said {
            Said::Behind(parent) if ids.contains(parent) => Some((parent.clone(), BehindBecause::Person)),
            Said::Alone => None,
            Said::Behind(_) | Said::Nothing => {
                let recorder = shown.get(&(place.host.as_str(), place.link.as_ref())).filter(|_| is_shown(place.kind));
                let router = router.filter(|_| place.link.is_none() && place.kind != DeviceKind::Router);
                let recorder = recorder.map(|id| ((*id).clone(), BehindBecause::Recorder));
                recorder.or_else(|| router.map(|id| (id.clone(), BehindBecause::Router)))
            }
        };
        let parents = places.iter().filter_map(|place| {
            let (above, because) = parent(place)?;
            (above != place.id).then(|| (place.id.clone(), (above, because)))
        });
        Self { parents: parents.collect(), router: router.cloned() }
    }

    /// What a device hangs behind, and why.
    pub fn parent(&self, id: &DeviceId) -> Option<(&DeviceId, BehindBecause)> {
        self.parents.get(id).map(|(parent, because)| (parent, *because))
    }

    /// Everything a device hangs behind, the nearest first. A circle is walked once.
    pub fn above(&self, id: &DeviceId) -> Vec<&DeviceId> {
        let mut above: Vec<&DeviceId> = Vec::new();
        let mut at = id;
        while let Some((parent, _)) = self.parent(at) {
            if parent == id || above.contains(&parent) {
                break;
            }
            above.push(parent);
            at = parent;
        }
        above
    }

    /// The router that the whole site is behind, where there is one and no doubt which.
    pub fn router(&self) -> Option<&DeviceId> {
        self.router.as_ref()
    }

    /// Whether a device would hang behind itself if it hung behind `parent`.
    pub fn would_be_circle(&self, id: &DeviceId, parent: &DeviceId) -> bool {
        id == parent || self.above(parent).contains(&id)
    }
}

/// The one router that hangs behind no other by what a person said.
fn only_router(places: &[Place]) -> Option<&DeviceId> {
    let is_top = |place: &&Place| place.kind == DeviceKind::Router && !matches!(place.said, Said::Behind(_));
    let mut top = places.iter().filter(is_top);
    let first = top.next()?;
    top.next().is_none().then_some(&first.id)
}

/// Whether a recorder may show it as a channel.
fn is_shown(kind: DeviceKind) -> bool {
    matches!(kind, DeviceKind::Camera | DeviceKind::Intercom | DeviceKind::Unknown)
}

/// What the cause of an exception is: of a device that does not answer, the topmost one that does not answer either with
/// none in between that does; of a channel whose camera is a device here that does not answer, whatever is the cause of
/// that; and else the device itself.
///
/// `since` is when the exception opened: only what answered after that is known not to be the cause.
pub fn cause_of(
    tree: &Tree,
    places: &[Place],
    standing: impl Fn(&DeviceId) -> Standing,
    device: &DeviceId,
    key: &ExceptionKey,
    since: DateTime<Utc>,
) -> Cause {
    let itself = |is_sure| Cause { device: device.clone(), kind: key.kind, is_sure };
    match key.kind {
        ExceptionKind::DeviceOffline => topmost(tree, standing, device, since),
        ExceptionKind::ChannelOffline => {
            let Some(camera) = camera_of(places, device, &key.part) else { return itself(true) };
            match standing(camera) {
                Standing::Offline => topmost(tree, standing, camera, since),
                Standing::Answered(at) => itself(at >= since),
                Standing::NotSure => itself(false),
            }
        }
        _ => itself(true),
    }
}

fn topmost(tree: &Tree, standing: impl Fn(&DeviceId) -> Standing, device: &DeviceId, since: DateTime<Utc>) -> Cause {
    let (mut top, mut is_sure) = (device, true);
    for above in tree.above(device) {
        match standing(above) {
            Standing::Offline => top = above,
            Standing::Answered(at) if at >= since => break,
            Standing::Answered(_) | Standing::NotSure => is_sure = false,
        }
    }
    Cause { device: top.clone(), kind: ExceptionKind::DeviceOffline, is_sure }
}

/// The device that a recorder shows as this channel.
fn camera_of<'a>(places: &'a [Place], recorder: &DeviceId, part: &str) -> Option<&'a DeviceId> {
    let recorder = places.iter().find(|place| place.id == *recorder)?;
    let host = recorder.shows.get(part)?;
    let is_it = |place: &&Place| place.host == *host && place.link == recorder.link && place.id != recorder.id;
    places.iter().find(is_it).map(|place| &place.id)
}

#[cfg(test)]
mod tests;
