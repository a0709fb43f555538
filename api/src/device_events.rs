//! What devices tell by themselves: listed, how a device is heard, and the listener that devices push to.

pub(crate) mod list;
mod listening;
pub(crate) mod push;
pub(crate) mod source;
pub(crate) mod token;

pub(crate) use listening::Listening;
