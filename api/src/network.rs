//! Whether the platform's own network is there: while it is not, nothing is known of any device.

pub(crate) mod get;
