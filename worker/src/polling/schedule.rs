//! When each device is looked at next: a heap of times, every device at its own place within the period.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use chrono::{DateTime, Duration, Utc};

/// A device's place in the engine's table.
pub(crate) type Slot = u32;

/// An entry of the heap; the version tells an outdated one from the valid one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    at_ms: i64,
    slot: Slot,
    version: u32,
}

/// The devices that wait for their next look, the earliest first.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    heap: BinaryHeap<Reverse<Entry>>,
    /// The version of each slot's valid entry; even is "not waiting", odd is "waiting".
    versions: Vec<u32>,
}

impl Schedule {
    /// Puts a device down for a time, in place of any earlier appointment.
    pub(crate) fn put(&mut self, slot: Slot, at: DateTime<Utc>) {
        let index = slot as usize;
        if self.versions.len() <= index {
            self.versions.resize(index + 1, 0);
        }
        let Some(version) = self.versions.get_mut(index) else { return };
        *version = if *version % 2 == 1 { version.wrapping_add(2) } else { version.wrapping_add(1) };
        self.heap.push(Reverse(Entry { at_ms: at.timestamp_millis(), slot, version: *version }));
    }

    /// Takes a device out.
    pub(crate) fn remove(&mut self, slot: Slot) {
        if let Some(version) = self.versions.get_mut(slot as usize)
            && *version % 2 == 1
        {
            *version = version.wrapping_add(1);
        }
    }

    /// The earliest device whose time has come, with that time; it waits no more.
    pub(crate) fn take_due(&mut self, now: DateTime<Utc>) -> Option<(Slot, DateTime<Utc>)> {
        let next = self.next_at()?;
        if next > now {
            return None;
        }
        let Reverse(entry) = self.heap.pop()?;
        self.remove(entry.slot);
        Some((entry.slot, next))
    }

    /// The earliest time anybody waits for.
    pub(crate) fn next_at(&mut self) -> Option<DateTime<Utc>> {
        while let Some(Reverse(entry)) = self.heap.peek() {
            if self.versions.get(entry.slot as usize) == Some(&entry.version) {
                return DateTime::from_timestamp_millis(entry.at_ms);
            }
            self.heap.pop();
        }
        None
    }
}

/// Where in each period a device has its place, from a number that is its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cadence {
    period_ms: i64,
}

impl Cadence {
    /// One look each period; a zero period is "again at once", for measuring what the machine can do.
    pub(crate) fn new(period: Duration) -> Self {
        Self { period_ms: period.num_milliseconds().max(0) }
    }

    /// The period.
    pub(crate) fn period(self) -> Duration {
        Duration::milliseconds(self.period_ms)
    }

    /// The first regular time after `now` for the device with this number, moved by up to 1 % of the period
    /// either way, another way each time, so that devices that once fell together drift apart.
    pub(crate) fn next(self, number: u64, now: DateTime<Utc>) -> DateTime<Utc> {
        if self.period_ms == 0 {
            return now;
        }
        // A quarter of a period lies between two looks at least: after a look that swayed back, or came late.
        let earliest = now.timestamp_millis() + self.period_ms / 4;
        let round = (earliest - self.place(number)).div_euclid(self.period_ms) + 1;
        let widest = self.period_ms / 100;
        let sway = if widest == 0 { 0 } else { below(mix(number ^ round.unsigned_abs()), 2 * widest) - widest };
        DateTime::from_timestamp_millis(round * self.period_ms + self.place(number) + sway).unwrap_or(now)
    }

    /// The first look at a device that was last looked at so long ago: regular while it is fresh, and
    /// within ten seconds (or the period, where that is shorter) when it is overdue.
    pub(crate) fn first(self, number: u64, measured_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> DateTime<Utc> {
        let spread = below(mix(number), self.period_ms.clamp(1, 10_000));
        let soon = now + Duration::milliseconds(spread);
        let overdue = measured_at.is_none_or(|at| at + self.period() <= soon || at > now);
        if overdue { soon } else { (now + Duration::milliseconds(self.until_place(number, now))).max(soon) }
    }

    /// The number of the regular look nearest to `now`; topics that are asked every nth look count by it.
    pub(crate) fn round(self, number: u64, now: DateTime<Utc>) -> i64 {
        let period = self.period_ms.max(1);
        (now.timestamp_millis() - self.place(number) + period / 2).div_euclid(period)
    }

    fn until_place(self, number: u64, now: DateTime<Utc>) -> i64 {
        (self.place(number) - now.timestamp_millis()).rem_euclid(self.period_ms.max(1))
    }

    fn place(self, number: u64) -> i64 {
        below(number, self.period_ms.max(1))
    }
}

/// A number in `0..bound`, even for numbers that are spread over all 64 bits.
fn below(number: u64, bound: i64) -> i64 {
    let scaled = (u128::from(number) * u128::from(bound.unsigned_abs())) >> 64;
    i64::try_from(scaled).unwrap_or(0)
}

/// Spreads any number over all 64 bits (the finaliser of splitmix64).
pub(crate) fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_700_000_000_000 + ms).unwrap()
    }

    fn minute() -> Cadence {
        Cadence::new(Duration::seconds(60))
    }

    #[test]
    fn the_earliest_comes_first_and_nobody_before_their_time() {
        let mut schedule = Schedule::default();
        schedule.put(7, at(20));
        schedule.put(3, at(10));
        assert_eq!(schedule.take_due(at(5)), None);
        assert_eq!(schedule.take_due(at(30)), Some((3, at(10))));
        assert_eq!(schedule.take_due(at(30)), Some((7, at(20))));
        assert_eq!(schedule.take_due(at(30)), None);
    }

    #[test]
    fn a_new_appointment_replaces_the_old_one_and_removal_ends_both() {
        let mut schedule = Schedule::default();
        schedule.put(1, at(10));
        schedule.put(1, at(50));
        assert_eq!(schedule.next_at(), Some(at(50)));
        schedule.put(1, at(5));
        assert_eq!(schedule.take_due(at(100)), Some((1, at(5))));
        assert_eq!(schedule.take_due(at(100)), None);
        schedule.put(1, at(10));
        schedule.remove(1);
        assert_eq!(schedule.next_at(), None);
    }

    #[test]
    fn looks_are_a_period_apart_give_or_take_one_percent() {
        let cadence = minute();
        for number in (0..200).map(mix) {
            let mut now = cadence.next(number, at(0));
            for _ in 0..20 {
                // A look takes a moment.
                let next = cadence.next(number, now + Duration::milliseconds(300));
                let apart = (next - now).num_milliseconds();
                assert!((58_700..=61_300).contains(&apart), "{apart}");
                now = next;
            }
        }
    }

    #[test]
    fn devices_are_spread_evenly_over_the_period() {
        let mut seconds = [0_u32; 60];
        for number in (0..60_000).map(mix) {
            let wait = (minute().next(number, at(0)) - at(0)).num_seconds();
            seconds[usize::try_from(wait % 60).unwrap()] += 1;
        }
        assert!(seconds.iter().all(|count| (850..1150).contains(count)), "{seconds:?}");
    }

    #[test]
    fn overdue_devices_are_looked_at_within_ten_seconds_and_fresh_ones_in_their_turn() {
        for number in (0..1000).map(mix) {
            for measured in [None, Some(at(-90_000))] {
                let wait = minute().first(number, measured, at(0)) - at(0);
                assert!(wait <= Duration::seconds(10));
            }
            let first = minute().first(number, Some(at(-1000)), at(0));
            assert!(first - at(0) <= Duration::seconds(61));
        }
    }
}
