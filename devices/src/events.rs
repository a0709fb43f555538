//! What devices tell by themselves: their event stream, and what they push to an HTTP listener. Both are the same parts in
//! several wrappings; nothing of it is trusted, and all of it is bounded.

mod parts;
mod reading;

use bytes::Bytes;
use siteward_domain::device_event::DeviceSignal;

use crate::call_error::CallError;
use crate::http::{DeviceClient, Endless};

pub use parts::{MOST_PART_BYTES, Parts};
pub use reading::read;

/// The resource of the event stream.
const ALERT_STREAM: &str = "/ISAPI/Event/notification/alertStream";

/// What one part tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// An event.
    Event(DeviceSignal),
    /// That the device is there, and nothing else.
    Heartbeat,
    /// Nothing that can be read.
    Unreadable,
}

/// The event stream of a device, open.
#[derive(Debug)]
pub struct AlertStream {
    body: Endless,
    parts: Parts,
}

/// What came of an event stream at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Came {
    /// What was told, in order.
    pub told: Vec<Told>,
    /// Bytes that came, pictures among them: whoever reads keeps a pace by it.
    pub bytes: usize,
}

impl AlertStream {
    /// Opens the event stream of a device; the client is used up.
    ///
    /// Errors: those of a call; [`CallError::NotSupported`] where the device has no such stream. A refused login is not tried
    /// again.
    pub async fn open(client: DeviceClient) -> Result<Self, CallError> {
        let body = client.open_endless(ALERT_STREAM).await?;
        let parts = Parts::of_content_type(&body.content_type());
        Ok(Self { body, parts })
    }

    /// Waits for what comes next; `None` when the device has ended the stream. It may be dropped and called again.
    pub async fn next(&mut self) -> Result<Option<Came>, CallError> {
        let Some(bytes) = self.body.next().await? else { return Ok(None) };
        let told = self.parts.push(&bytes).iter().map(|part| read(part)).collect();
        Ok(Some(Came { told, bytes: bytes.len() }))
    }
}

/// Reads what a device pushed in one request: XML, JSON, or parts of either kind. More than `most` things are not read.
pub fn read_pushed(content_type: &str, body: &Bytes, most: usize) -> Vec<Told> {
    let is_multipart = content_type.trim_start().to_ascii_lowercase().starts_with("multipart/");
    if !is_multipart {
        return vec![read(body)];
    }
    let mut parts = Parts::of_content_type(content_type);
    let mut whole = parts.push(body);
    whole.extend(parts.finish());
    whole.iter().take(most).map(|part| read(part)).collect()
}

#[cfg(test)]
mod tests;
