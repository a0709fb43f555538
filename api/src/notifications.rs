//! Notifications: what the caller was told, for the bell of the console.

pub(crate) mod list;
pub(crate) mod read;
