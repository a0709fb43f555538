//! What an installer has a device do: restart, set its clock, show a picture, change a password, take its address from DHCP;
//! and what linkage rules have it do.
//!
//! Every change is the device's own document, read, changed and sent back. Nothing is repeated: a
//! change whose answer got lost may have been made.

mod account;
mod addressing;
mod clock;
mod linkage;
mod password;
mod reboot;
mod snapshot;

pub use account::is_administrator;
pub use addressing::{DhcpOn, dhcp_on};
pub use clock::set_time;
pub use linkage::{go_to_preset, set_output, start_recording};
pub use password::{PasswordError, change_password};
pub use reboot::{Rebooting, reboot};
pub use snapshot::{MOST_PICTURE_BYTES, Snapshot, snapshot};

pub use crate::isapi::outcome::Done;

const XML: &str = "application/xml";
