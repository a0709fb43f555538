//! Devices that somebody else offers to an end user.

pub(crate) mod accept;
pub(crate) mod list;
pub(crate) mod refuse;
