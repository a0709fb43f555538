//! The channels of a device that an end user owns or receives: which there are, and how they look just now.

pub(crate) mod list;
pub(crate) mod picture;
pub(crate) mod stream;
mod using;

use using::watch;
pub(crate) use using::{checked_channel, may_still, may_use};
