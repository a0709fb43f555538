//! The jobs, one module a kind.

pub mod import_devices;
