//! Links as the company sees them: the agents in its customers' LANs, through which cloud devices are reached.
//!
//! What an agent itself calls is in [`crate::link`].

pub(crate) mod code;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod discover;
pub(crate) mod list;
pub(crate) mod update;
mod view;

pub(crate) use view::{Link, LinkCreated};
