//! How often a person may move a camera: its mechanics wear, and others want to move it, too.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use siteward_domain::{DeviceId, EndUserId};
use tokio::time::Instant;

/// What a person moves of a device within a second.
const MOST: usize = 4;
/// What all together move of it.
const MOST_OF_DEVICE: usize = 6;
const WINDOW: Duration = Duration::from_secs(1);

/// Who moved each device, and when.
type Times = HashMap<DeviceId, VecDeque<(EndUserId, Instant)>>;

/// Who moved what just now, in this process.
#[derive(Clone, Default)]
pub(crate) struct Moves(Arc<Mutex<Times>>);

impl Moves {
    /// Whether a person may move a device now; notes it if so.
    pub(crate) fn allow(&self, who: &EndUserId, device: &DeviceId, now: Instant) -> bool {
        let mut moved = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        moved.retain(|_, times| {
            times.retain(|(_, at)| now.saturating_duration_since(*at) < WINDOW);
            !times.is_empty()
        });
        let times = moved.entry(device.clone()).or_default();
        let of_person = times.iter().filter(|(mover, _)| mover == who).count();
        let may = of_person < MOST && times.len() < MOST_OF_DEVICE;
        if may {
            times.push_back((who.clone(), now));
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn a_person_moves_a_device_a_few_times_a_second() {
        let (now, moves) = (Instant::now(), Moves::default());
        let (eva, ada) = (EndUserId::generate(DateTime::UNIX_EPOCH), EndUserId::generate(DateTime::UNIX_EPOCH));
        let (gate, yard) = (DeviceId::generate(DateTime::UNIX_EPOCH), DeviceId::generate(DateTime::UNIX_EPOCH));
        assert_eq!((0..20).filter(|_| moves.allow(&eva, &gate, now)).count(), MOST);
        assert!(moves.allow(&ada, &gate, now) && moves.allow(&eva, &yard, now));
        assert_eq!(
            (0..20).filter(|_| moves.allow(&ada, &gate, now)).count(),
            MOST_OF_DEVICE - MOST - 1,
            "all together"
        );
        assert!(!moves.allow(&eva, &gate, now + WINDOW / 2) && moves.allow(&eva, &gate, now + WINDOW));
    }
}
