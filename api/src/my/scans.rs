//! What somebody scanned: the label of a device that they hold.

pub(crate) mod create;
