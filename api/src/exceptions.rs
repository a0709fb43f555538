//! Exceptions: what is or was wrong with devices.

pub(crate) mod list;
