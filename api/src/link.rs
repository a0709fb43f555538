//! What the agent in a LAN calls: enrolment with its one-time code, and its session.
//!
//! No person's session counts here: the agent shows its code or its token, another process of ours a signed header.

pub(crate) mod enrolment;
pub(crate) mod forward;
pub(crate) mod session;
mod websocket;
