//! SADP: how devices are found on their own network, and what they do there without an IP login.
//!
//! Inquiries and commands are small XML documents over UDP, by multicast or broadcast; every answer
//! repeats the id of its question. Whoever is on that network can answer, so nothing an answer says is
//! believed beyond "look there": the login and the certificate are checked over HTTP afterwards.

mod answer;
mod finder;
mod message;
mod reply;

use std::net::Ipv4Addr;

pub use answer::{SadpAnswer, read_match};
pub use finder::{Finder, Told};
pub use message::{Command, Inquiry};
pub use reply::{Reply, SadpError, UnbindState, Verdict, read_reply};

use crate::isapi::text_of;
use crate::xml::{Element, NotReadable};

/// The port devices listen on and answer to.
pub const PORT: u16 = 37020;
/// The multicast group of devices.
pub const GROUP: Ipv4Addr = Ipv4Addr::new(239, 255, 255, 250);
/// Bytes of an answer at most.
pub const MOST_BYTES: usize = 64 * 1024;

/// A datagram that is no SADP answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSadp {
    /// More than [`MOST_BYTES`].
    #[error("too large")]
    TooLarge,
    /// No XML within the bounds.
    #[error("not readable")]
    NotReadable(#[from] NotReadable),
    /// XML of another kind, such as somebody's inquiry.
    #[error("not an answer")]
    NotAnAnswer,
}

/// Hands the `ProbeMatch` of a datagram to a reader.
fn read_probe_match<T>(datagram: &[u8], reader: impl FnOnce(&Element<'_>, &str) -> T) -> Result<T, NotSadp> {
    if datagram.len() > MOST_BYTES {
        return Err(NotSadp::TooLarge);
    }
    let text = text_of(datagram);
    // Some answers carry the closing NUL of a C string.
    let text = text.trim_end_matches('\0');
    let root = crate::xml::read(text)?;
    if root.is("ProbeMatch") { Ok(reader(&root, text)) } else { Err(NotSadp::NotAnAnswer) }
}
