//! What a device has recorded, for staff whom its owner lets see it.

pub(crate) mod download;
pub(crate) mod list;
