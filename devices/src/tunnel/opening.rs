//! The first frame of a stream that the platform opens, and what the link says to it.

use std::io;

use serde::{Deserialize, Serialize};
use siteward_domain::serial::SerialNumber;
use tokio::io::{AsyncRead, AsyncWrite};

use super::command::{Exposed, LinkCommand};
use super::frames;

/// What a stream is for. It has secrets in it, so it is written by [`Opening::write`] only.
#[derive(Debug, Deserialize)]
#[serde(tag = "open", rename_all = "snake_case")]
pub enum Opening {
    /// A connection to a port of a device.
    Device {
        /// Which device.
        serial: SerialNumber,
        /// Which port of it.
        port: u16,
    },
    /// Something for the link to do; a [`super::CommandAnswer`] follows.
    Command {
        /// What.
        command: LinkCommand,
    },
}

#[derive(Serialize)]
#[serde(tag = "open", rename_all = "snake_case")]
enum Written<'a> {
    Device { serial: &'a SerialNumber, port: u16 },
    Command { command: Exposed<'a> },
}

impl Opening {
    /// Writes it as the first frame of a stream.
    pub async fn write<W: AsyncWrite + Unpin>(&self, out: &mut W) -> io::Result<()> {
        let written = match self {
            Self::Device { serial, port } => Written::Device { serial, port: *port },
            Self::Command { command } => Written::Command { command: Exposed::of(command) },
        };
        frames::write(out, &written).await
    }

    /// Reads the first frame of a stream.
    pub async fn read<R: AsyncRead + Unpin>(input: &mut R) -> io::Result<Self> {
        frames::read(input).await
    }
}

/// What the link says to [`Opening::Device`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "opened", rename_all = "snake_case")]
pub enum Opened {
    /// The bytes that follow are the device's.
    Ok,
    /// There is no connection.
    Error {
        /// A stable code: `timeout`, `refused`, `no_route`, `unknown_device`, `port_not_allowed` or `network`.
        reason: String,
    },
}

/// A reason from a link, as far as we know it.
pub(super) fn known_reason(reason: &str) -> &'static str {
    const KNOWN: [&str; 6] = ["timeout", "refused", "no_route", "closed", "unknown_device", "port_not_allowed"];
    KNOWN.into_iter().find(|known| *known == reason).unwrap_or("network")
}
