//! Health polling: every device of this worker's buckets is looked at once a period, and what is found is written in
//! batches.
//!
//! A device's way through here: `buckets` leases its bucket and loads it, `schedule` says when, `lanes` whether there is
//! a place, `round` looks at it and draws conclusions with the rules of `siteward_domain`, `writing` collects what is
//! to be written, and `engine` holds it all together. `breaker` sees to it that looking never locks a device.

mod breaker;
mod buckets;
mod compare;
mod counters;
mod device;
mod engine;
mod first_look;
mod lanes;
mod own_network;
mod round;
mod schedule;
mod writing;

pub use counters::EngineStatus;
pub use engine::{Engine, EngineSettings};
pub use first_look::FirstLook;
