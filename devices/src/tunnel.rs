//! What the platform and a link say to each other: many streams in one connection that the link
//! has opened from inside the customer's LAN.
//!
//! - [`start`] runs the streams (yamux) over any bytes both ways; [`websocket`] makes such bytes of a WebSocket.
//! - The platform opens a stream and says first what it wants ([`Opening`]): a connection to a device, after which
//!   the stream is that connection, or a [`LinkCommand`], which is answered. The link opens one stream of its own
//!   and writes [`LinkReport`]s on it.
//! - [`dial`] and [`command()`] are the platform's end of that; [`frames`] is how both write and read.
//!
//! Neither end trusts the other: what one may open, and how much it may send, is bounded here.

mod batching;
mod command;
pub mod frames;
mod mux;
mod opening;
mod report;
pub mod websocket;

use serde::de::DeserializeOwned;
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
    let opening = Opening::Device { serial: serial.clone(), port };
    let (stream, opened) = ask(mux, opening).await?;
    match opened {
        Opened::Ok => Ok(stream),
        Opened::Error { reason } => Err(CallError::Unreachable { reason: opening::known_reason(&reason) }),
    }
}

/// Has the link do something, and gives its answer. Bound it in time: a link may be silent.
pub async fn command(mux: &Mux, command: LinkCommand) -> Result<CommandAnswer, CallError> {
    Ok(ask(mux, Opening::Command { command }).await?.1)
}

/// Opens a stream, says what it is for, and reads what the link says to that. Ends with the connection: a link that is
/// revoked keeps nobody waiting, whatever it does with its end.
async fn ask<A: DeserializeOwned>(mux: &Mux, opening: Opening) -> Result<(MuxStream, A), CallError> {
    let asking = async {
        let mut stream = mux.open().await.map_err(|MuxClosed| LINK_DOWN)?;
        opening.write(&mut stream).await.map_err(|_| LINK_DOWN)?;
        let answer = frames::read(&mut stream).await.map_err(|_| LINK_DOWN)?;
        Ok((stream, answer))
    };
    tokio::select! {
        asked = asking => asked,
        () = mux.closing() => Err(LINK_DOWN),
    }
}
