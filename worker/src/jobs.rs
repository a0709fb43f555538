//! The jobs, one module a kind.

pub mod advance_addition;
pub mod import_devices;
pub mod sync_time;
