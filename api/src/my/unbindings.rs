//! Unbinding by an end user (R-U1 to R-U3): by whoever holds the device and is in its network, whosever it is.

pub(crate) mod create;
mod nearby;

pub(crate) use nearby::{Nearby, look_around};
