//! Counters of the polling engine: what it did, how late it was.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts since the start; shared with whoever asks for a status.
#[derive(Debug)]
pub(crate) struct Counters {
    pub(crate) looks: AtomicU64,
    pub(crate) questions: AtomicU64,
    pub(crate) failed: AtomicU64,
    pub(crate) knocks: AtomicU64,
    pub(crate) rows: AtomicU64,
    pub(crate) rounds: AtomicU64,
    pub(crate) failed_rounds: AtomicU64,
    pub(crate) devices: AtomicU64,
    pub(crate) buckets: AtomicU64,
    pub(crate) connections: AtomicU64,
    lateness: [AtomicU64; STEPS],
}

/// What the counters show at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngineStatus {
    /// Looks at devices that have ended, knocks included.
    pub looks: u64,
    /// Topics asked for in them.
    pub questions: u64,
    /// Looks that found the device unreachable or not letting us in.
    pub failed: u64,
    /// Looks without a login, because the breaker is open.
    pub knocks: u64,
    /// Rows written to the database.
    pub rows: u64,
    /// Batches written.
    pub rounds: u64,
    /// Batches the database did not take; they are tried again.
    pub failed_rounds: u64,
    /// Devices looked after.
    pub devices: u64,
    /// Buckets held.
    pub buckets: u64,
    /// Connections kept between looks.
    pub connections: u64,
    /// Lateness at the start of a look against its appointment, 99th percentile since the start, milliseconds (within 20 %).
    pub lateness_p99_ms: u64,
}

/// Four steps an octave, up to 2^21 ms.
const STEPS: usize = 88;

impl Default for Counters {
    fn default() -> Self {
        let zero = || AtomicU64::new(0);
        Self {
            looks: zero(),
            questions: zero(),
            failed: zero(),
            knocks: zero(),
            rows: zero(),
            rounds: zero(),
            failed_rounds: zero(),
            devices: zero(),
            buckets: zero(),
            connections: zero(),
            lateness: std::array::from_fn(|_| AtomicU64::new(0)),
        }
    }
}

impl Counters {
    /// Counts one look that began so late.
    pub(crate) fn began_late(&self, ms: u64) {
        if let Some(step) = self.lateness.get(step_of(ms)) {
            step.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The counts now.
    pub(crate) fn status(&self) -> EngineStatus {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        EngineStatus {
            looks: read(&self.looks),
            questions: read(&self.questions),
            failed: read(&self.failed),
            knocks: read(&self.knocks),
            rows: read(&self.rows),
            rounds: read(&self.rounds),
            failed_rounds: read(&self.failed_rounds),
            devices: read(&self.devices),
            buckets: read(&self.buckets),
            connections: read(&self.connections),
            lateness_p99_ms: self.lateness_p99(),
        }
    }

    fn lateness_p99(&self) -> u64 {
        let counts: Vec<u64> = self.lateness.iter().map(|step| step.load(Ordering::Relaxed)).collect();
        let beyond = counts.iter().sum::<u64>() / 100;
        let mut seen = 0;
        for (step, count) in counts.iter().enumerate().rev() {
            seen += count;
            if seen > beyond {
                return most_of(step);
            }
        }
        0
    }
}

/// Adds to a counter.
pub(crate) fn add(counter: &AtomicU64, by: usize) {
    counter.fetch_add(by as u64, Ordering::Relaxed);
}

fn step_of(ms: u64) -> usize {
    if ms < 4 {
        return usize::try_from(ms).unwrap_or(0);
    }
    let octave = 63 - ms.leading_zeros() as usize;
    let quarter = usize::try_from((ms >> (octave - 2)) & 3).unwrap_or(0);
    ((octave - 1) * 4 + quarter).min(STEPS - 1)
}

/// The greatest value of a step.
fn most_of(step: usize) -> u64 {
    if step < 4 {
        return step as u64;
    }
    let (octave, quarter) = (step / 4 + 1, (step % 4) as u64);
    ((5 + quarter) << (octave - 2)) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_ends_where_the_next_begins() {
        for ms in 0..100_000 {
            assert!(most_of(step_of(ms)) >= ms, "{ms}");
            assert!(ms == 0 || step_of(ms) >= step_of(ms - 1), "{ms}");
            assert!(most_of(step_of(ms)) <= ms + ms / 4, "{ms}");
        }
    }

    #[test]
    fn the_99th_percentile_leaves_out_the_worst_hundredth() {
        let counters = Counters::default();
        (0..990).for_each(|_| counters.began_late(2));
        (0..10).for_each(|_| counters.began_late(5000));
        assert_eq!(counters.status().lateness_p99_ms, 2);
        (0..10).for_each(|_| counters.began_late(5000));
        assert!(counters.status().lateness_p99_ms >= 5000);
    }
}
