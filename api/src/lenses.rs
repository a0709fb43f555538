//! Pictures as they are now, for however many watch: a channel is asked at a pace of its own, and whoever watches it gets that picture.
//!
//! A device therefore has the same work with one watcher as with sixty-four. Nothing is kept but the last picture, and that
//! only as long as somebody watches and a moment longer.

mod looking;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use siteward_devices::CallError;
use siteward_domain::{DeviceId, EndUserId};
use siteward_worker::reaching::Resting;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, timeout};

use crate::devices::{refusal, resting};
use crate::error::{ApiError, codes};
use crate::platform::Platform;

/// Pictures that one person waits for or watches at once.
const MOST_OF_PERSON: usize = 12;
/// Channels of one device that are watched at once: each holds a connection.
const MOST_CHANNELS_OF_DEVICE: usize = 16;
/// Watchers of one device at once, over all its channels.
const MOST_OF_DEVICE: usize = 128;
/// Watchers in this process at once.
const MOST: usize = 512;
/// How long the next picture is waited for: a little more than a device may take for its answer.
const LONGEST_WAIT: Duration = Duration::from_secs(12);

type Key = (DeviceId, u32);

/// The channels that are watched in this process. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Lenses(Arc<Mutex<Open>>);

#[derive(Default)]
struct Open {
    lenses: HashMap<Key, Lens>,
    watchers: HashMap<EndUserId, usize>,
}

/// A channel that is looked at.
#[derive(Clone)]
struct Lens {
    shots: Arc<watch::Sender<Option<Shot>>>,
    /// Rings when somebody begins to watch.
    wanted: Arc<Notify>,
}

/// A picture, or why there is none.
#[derive(Clone)]
struct Shot {
    picture: Result<Bytes, Blind>,
    /// Until when it is the newest that there is.
    until: Instant,
}

/// Why there is no picture.
#[derive(Debug, Clone)]
pub(crate) enum Blind {
    /// The device is left alone.
    Resting(Resting),
    /// The device did not give one.
    Call(CallError),
    /// The device is not there any more.
    Gone,
    /// It could not be found out.
    Away,
}

impl From<Blind> for ApiError {
    fn from(blind: Blind) -> Self {
        match blind {
            Blind::Resting(why) => resting(&why),
            Blind::Call(error) => refusal(&error),
            Blind::Gone => Self::new(codes::NOT_FOUND),
            Blind::Away => Self::new(codes::UNAVAILABLE).retry_after(2),
        }
    }
}

/// Somebody who watches a channel, until it is dropped.
pub(crate) struct Watcher {
    shots: watch::Receiver<Option<Shot>>,
    lenses: Lenses,
    who: EndUserId,
}

impl Lenses {
    /// Begins to watch a channel. Whether that person may is the caller's to ask, now and later.
    pub(crate) fn watch(
        &self,
        platform: &Platform,
        who: &EndUserId,
        device: &DeviceId,
        channel: u32,
    ) -> Result<Watcher, ApiError> {
        let key = (device.clone(), channel);
        let mut open = self.held();
        if !open.has_room(who, &key) {
            return Err(ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(5));
        }
        let lens = open.lenses.entry(key.clone()).or_insert_with(|| {
            let lens = Lens { shots: Arc::new(watch::channel(None).0), wanted: Arc::default() };
            // Requests come and go on threads of their own; what they share lives on the runtime of the process.
            platform.runtime.spawn(looking::look(platform.clone(), self.clone(), key, lens.clone()));
            lens
        });
        let shots = lens.shots.subscribe();
        lens.wanted.notify_one();
        *open.watchers.entry(who.clone()).or_default() += 1;
        drop(open);
        Ok(Watcher { shots, lenses: self.clone(), who: who.clone() })
    }

    /// Closes a lens that nobody looks through; false where somebody began to just now.
    fn close(&self, key: &Key, lens: &Lens) -> bool {
        let mut open = self.held();
        let unused = lens.shots.receiver_count() == 0;
        if unused {
            open.lenses.remove(key);
        }
        unused
    }

    fn held(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn has_room(&self, who: &EndUserId, key: &Key) -> bool {
        let watched = |(key, lens): (&Key, &Lens)| (key.clone(), lens.shots.receiver_count());
        let (mut all, mut of_device, mut channels) = (0, 0, 0);
        for ((device, channel), watchers) in self.lenses.iter().map(watched) {
            all += watchers;
            if device == key.0 {
                of_device += watchers;
                channels += usize::from(watchers > 0 && channel != key.1);
            }
        }
        let of_person = self.watchers.get(who).copied().unwrap_or_default();
        of_person < MOST_OF_PERSON && channels < MOST_CHANNELS_OF_DEVICE && of_device < MOST_OF_DEVICE && all < MOST
    }
}

impl Watcher {
    /// The picture as it is now.
    pub(crate) async fn now(&mut self) -> Result<Bytes, Blind> {
        let newest = self.shots.borrow_and_update().clone();
        match newest.filter(|shot| Instant::now() < shot.until) {
            Some(shot) => shot.picture,
            None => timeout(LONGEST_WAIT, self.next()).await.unwrap_or(Err(Blind::Away)),
        }
    }

    /// The next picture. May be given up and asked again.
    pub(crate) async fn next(&mut self) -> Result<Bytes, Blind> {
        loop {
            self.shots.changed().await.map_err(|_| Blind::Away)?;
            if let Some(shot) = self.shots.borrow_and_update().clone() {
                return shot.picture;
            }
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let mut open = self.lenses.held();
        if let Some(watchers) = open.watchers.get_mut(&self.who) {
            *watchers -= 1;
            if *watchers == 0 {
                open.watchers.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lens(watchers: usize) -> (Lens, Vec<watch::Receiver<Option<Shot>>>) {
        let lens = Lens { shots: Arc::new(watch::channel(None).0), wanted: Arc::default() };
        let receivers = (0..watchers).map(|_| lens.shots.subscribe()).collect();
        (lens, receivers)
    }

    #[test]
    fn watchers_are_bounded_by_person_by_device_and_in_all() {
        let id = || DeviceId::generate(chrono::DateTime::UNIX_EPOCH);
        let somebody = || EndUserId::generate(chrono::DateTime::UNIX_EPOCH);
        let (who, device, other) = (somebody(), id(), id());
        let mut open = Open::default();
        assert!(open.has_room(&who, &(device.clone(), 1)));
        open.watchers.insert(who.clone(), MOST_OF_PERSON);
        assert!(!open.has_room(&who, &(device.clone(), 1)) && open.has_room(&somebody(), &(device.clone(), 1)));
        open.watchers.clear();

        let mut kept = Vec::new();
        for channel in 1..=u32::try_from(MOST_CHANNELS_OF_DEVICE).unwrap() {
            let (lens, receivers) = lens(1);
            open.lenses.insert((device.clone(), channel), lens);
            kept.push(receivers);
        }
        assert!(open.has_room(&who, &(device.clone(), 1)), "a channel that others watch costs the device nothing");
        assert!(!open.has_room(&who, &(device.clone(), 99)) && open.has_room(&who, &(other.clone(), 99)));
        kept.pop();
        assert!(open.has_room(&who, &(device.clone(), 99)), "nobody watches the last one any more");

        let (crowded, receivers) = lens(MOST_OF_DEVICE);
        open.lenses.insert((other.clone(), 1), crowded);
        assert!(!open.has_room(&who, &(other.clone(), 1)) && open.has_room(&who, &(device, 1)));
        drop(receivers);
        let (crowded, _all) = lens(MOST);
        open.lenses.insert((id(), 1), crowded);
        assert!(!open.has_room(&who, &(other, 1)));
    }
}
