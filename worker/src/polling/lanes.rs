//! Two lanes for looks that are due: devices that were slow lately wait for each other, so that nobody else waits for them.

use std::collections::VecDeque;
use std::time::Duration;

use super::schedule::Slot;

/// A look that took longer than this was slow. Above the time a connection may take, so that a site that is
/// down as a whole, which costs waiting and no work, does not crowd the slow lane.
pub(crate) const SLOW: Duration = Duration::from_secs(5);

/// Which lane a device is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Answers in time.
    Quick,
    /// Was slow at its last look.
    Slow,
}

impl Lane {
    /// The lane of a device after a look that took so long.
    pub(crate) fn after(took: Duration) -> Self {
        if took > SLOW { Self::Slow } else { Self::Quick }
    }
}

/// What waits and how much is under way.
#[derive(Debug)]
pub(crate) struct Lanes {
    quick: Track,
    slow: Track,
}

#[derive(Debug)]
struct Track {
    waiting: VecDeque<Slot>,
    under_way: usize,
    most: usize,
}

impl Track {
    fn start(&mut self) -> Option<Slot> {
        if self.under_way >= self.most {
            return None;
        }
        let slot = self.waiting.pop_front()?;
        self.under_way += 1;
        Some(slot)
    }
}

impl Lanes {
    /// Empty lanes that let so many through at once.
    pub(crate) fn new(quick: usize, slow: usize) -> Self {
        let track = |most| Track { waiting: VecDeque::new(), under_way: 0, most };
        Self { quick: track(quick), slow: track(slow) }
    }

    /// Lines a device up.
    pub(crate) fn wait(&mut self, lane: Lane, slot: Slot) {
        self.track(lane).waiting.push_back(slot);
    }

    /// The next device that may start now, and the lane whose place it takes.
    pub(crate) fn start(&mut self) -> Option<(Lane, Slot)> {
        if let Some(slot) = self.quick.start() {
            return Some((Lane::Quick, slot));
        }
        self.slow.start().map(|slot| (Lane::Slow, slot))
    }

    /// A look of that lane has ended.
    pub(crate) fn end(&mut self, lane: Lane) {
        let track = self.track(lane);
        track.under_way = track.under_way.saturating_sub(1);
    }

    /// Looks under way.
    pub(crate) fn under_way(&self) -> usize {
        self.quick.under_way + self.slow.under_way
    }

    /// Whether nobody is in line.
    pub(crate) fn is_empty(&self) -> bool {
        self.quick.waiting.is_empty() && self.slow.waiting.is_empty()
    }

    fn track(&mut self, lane: Lane) -> &mut Track {
        match lane {
            Lane::Quick => &mut self.quick,
            Lane::Slow => &mut self.slow,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_devices_never_take_a_quick_place() {
        let mut lanes = Lanes::new(2, 1);
        for slot in 0..3 {
            lanes.wait(Lane::Slow, slot);
        }
        assert_eq!(lanes.start(), Some((Lane::Slow, 0)));
        assert_eq!(lanes.start(), None);
        lanes.wait(Lane::Quick, 7);
        assert_eq!(lanes.start(), Some((Lane::Quick, 7)));
        lanes.end(Lane::Slow);
        assert_eq!(lanes.start(), Some((Lane::Slow, 1)));
        assert_eq!(lanes.under_way(), 2);
    }

    #[test]
    fn one_long_look_makes_a_device_slow_and_one_short_look_quick_again() {
        assert_eq!(Lane::after(Duration::from_secs(9)), Lane::Slow);
        assert_eq!(Lane::after(Duration::from_millis(4100)), Lane::Quick);
    }
}
