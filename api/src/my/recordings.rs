//! What a device has recorded of a channel that an end user owns or receives.

pub(crate) mod download;
pub(crate) mod list;
