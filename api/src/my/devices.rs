//! The devices on an end user's sites: what they are and how they are. Never a login, and no address: what is the
//! company's way to a device is not told.

pub(crate) mod get;
pub(crate) mod list;
mod view;

pub(crate) use view::{MyDevice, MyDeviceSummary};
