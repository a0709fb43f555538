//! What the platform and a link say to each other: many streams in one connection that the link
//! has opened from inside the customer's LAN.
//!
//! - [`start`] runs the streams (yamux) over any bytes both ways; [`websocket`] makes such bytes of a WebSocket.
//! - The platform opens a stream and says first what it wants ([`Opening`]): a connection to a device, after which
//!   the stream is that connection, or a [`LinkCommand`], which is answered. The link opens one stream of its own
//!   and writes [`LinkReport`]s on it.
//! - [`dial`] and [`command`] are the platform's end of that; [`frames`] is how both write and read.
//!
//! Neither end trusts the other: what one may open, and how much it may send, is bounded here.

mod batching;
mod command;
pub mod frames;
mod mux;
mod opening;
mod report;
pub mod websocket;

use siteward_domain::serial::SerialNumber;

use crate::call_error::CallError;

pub use command::{CommandAnswer, LinkCommand};
pub use mux::{Inbound, MOST_STREAMS, Mux, MuxClosed, MuxStream, Side, start};
pub use opening::{Opened, Opening};
pub use report::LinkReport;

/// The link gives up dialling a device after this many milliseconds: before the platform does, so that it can say why.
pub const DIAL_MILLISECONDS: u64 = 3_500;

const LINK_DOWN: CallError = CallError::Unreachable { reason: "link_down" };

/// A connection to a port of a device behind the link.
///
/// Errors as [`crate::transport::LinkDialer::dial`] has them. Bound it in time: a link may be silent.
pub async fn dial(mux: &Mux, serial: &SerialNumber, port: u16) -> Result<MuxStream, CallError> {
    let mut stream = mux.open().await.map_err(|MuxClosed| LINK_DOWN)?;
    let opening = Opening::Device { serial: serial.clone(), port };
    opening.write(&mut stream).await.map_err(|_| LINK_DOWN)?;
    match frames::read(&mut stream).await.map_err(|_| LINK_DOWN)? {
        Opened::Ok => Ok(stream),
        Opened::Error { reason } => Err(CallError::Unreachable { reason: opening::known_reason(&reason) }),
    }
}

/// Has the link do something, and gives its answer. Bound it in time: a link may be silent.
pub async fn command(mux: &Mux, command: LinkCommand) -> Result<CommandAnswer, CallError> {
    let mut stream = mux.open().await.map_err(|MuxClosed| LINK_DOWN)?;
    Opening::Command { command }.write(&mut stream).await.map_err(|_| LINK_DOWN)?;
    frames::read(&mut stream).await.map_err(|_| LINK_DOWN)
}
