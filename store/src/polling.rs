//! What the health poller needs: its share of devices, what changed among them, and one write a round.
//!
//! Devices hash into 1,024 buckets. A worker leases buckets ([`lease_buckets`]), loads their devices ([`load_bucket_devices`]), looks at
//! them from memory, follows [`changes_since`], and writes what it found in batches ([`write_round`]). The cost of
//! coordination grows with buckets and workers, not with devices.

mod lease;
mod loading;
mod writing;

pub use lease::{
    BUCKETS, active_workers, forget_worker, lease_buckets, note_worker, number_of, prune_workers, release_buckets,
    renew_buckets,
};
pub use loading::{
    Changes, MeasuredTimes, OpenException, PolledDevice, StoredFact, change_position, changes_since,
    load_bucket_devices, load_devices, prune_changes,
};
pub use writing::{
    BreakerRow, ClosedRow, FactRow, KnownRow, MeasuredRow, OpenedRow, PinRow, RoundWrite, TemperatureRow,
    TransitionRow, UptimeRow, open_breaker, write_round,
};

#[cfg(test)]
mod tests;
