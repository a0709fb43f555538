//! Importing devices from export QRs (R-D2): scan, list, tick, watch.
//!
//! Passwords go from the picture into the vault and nowhere else; the picture and its text are
//! forgotten when the request ends, but for a text that waits, sealed, for its own password.

pub(crate) mod confirm;
pub(crate) mod events;
pub(crate) mod get;
mod judging;
pub(crate) mod password;
mod reading;
pub(crate) mod scan;
mod sealed;
mod view;

pub(crate) use view::Import;
