//! Looks at a device: the full one of adding it, the short one of a poll, the search for its port.

mod look;
mod search;

use chrono::{DateTime, Utc};
use siteward_domain::device::DeviceKind;
use siteward_domain::health::Topic;
use siteward_domain::observation::Observation;

use crate::call_error::CallError;
use crate::http::{Answer, DeviceClient};
use crate::panel::session::{PanelSession, leave};
use crate::panel::status::Lacking;

pub use look::look;
pub use search::find_http;

/// What earlier looks taught about a device, so that a poll asks nothing in vain. Small: one is kept a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Known {
    /// What the device is.
    pub kind: Option<DeviceKind>,
    unsupported: u16,
    single_states: bool,
    panel: Lacking,
}

/// What one look brought back.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Look {
    /// The topics that were read.
    pub observation: Observation,
    /// What is known of the device from now on.
    pub known: Known,
}

/// Resources a device may turn out not to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resource {
    Status,
    Inputs,
    Proxies,
    ProxyStates,
    SingleStates,
    Storage,
    Disks,
    Network,
    Clock,
    UserCheck,
    Capabilities,
    /// Sessions, which panels are asked in.
    Sessions,
    Smart,
    Tracks,
    Search,
}

impl Known {
    /// What is known of a device of this kind that was never looked at.
    pub fn of_kind(kind: DeviceKind) -> Self {
        Self { kind: Some(kind), ..Self::default() }
    }

    /// What still holds when the device is asked who it is: its firmware may have changed, and a device
    /// that is at work may have refused what it does support.
    pub(crate) fn without_unsupported(self) -> Self {
        Self { kind: self.kind, ..Self::default() }
    }

    pub(crate) fn lacks(self, resource: Resource) -> bool {
        self.unsupported & (1 << resource as u16) != 0
    }

    pub(crate) fn set_lacking(&mut self, resource: Resource) {
        self.unsupported |= 1 << resource as u16;
    }
}

/// A full look at a device: manual add, import, command line. `now` is the platform's clock.
///
/// The identity must be readable; every other topic may be missing.
pub async fn probe<N>(client: &mut DeviceClient, now: N) -> Result<Observation, CallError>
where
    N: Fn() -> DateTime<Utc> + Send + Sync,
{
    Ok(probe_known(client, now).await?.observation)
}

/// A full look that also gives what a first poll needs to know.
pub async fn probe_known<N>(client: &mut DeviceClient, now: N) -> Result<Look, CallError>
where
    N: Fn() -> DateTime<Utc> + Send + Sync,
{
    let topics = [
        Topic::Identity,
        Topic::Status,
        Topic::Channels,
        Topic::Disks,
        Topic::Network,
        Topic::Clock,
        Topic::UserCheck,
        Topic::Capabilities,
        Topic::Panel,
    ];
    let looked = look(client, &topics, &Known::default(), now).await;
    // Whoever polls it logs in anew; a panel has few places.
    leave(client).await;
    let look = looked?;
    if look.observation.identity.is_none() {
        return Err(CallError::NotSupported);
    }
    Ok(look)
}

/// Reads a resource by digest, or in a session where the device wants a login that HTTP does not know: some panels do.
async fn get_either_way(client: &mut DeviceClient, path: &str) -> Result<Answer, CallError> {
    let error = match client.get(path).await {
        Err(error @ CallError::BadAnswer { what: "challenge" }) => error,
        answered => return answered,
    };
    match PanelSession::open(client, None).await {
        Ok(mut session) => session.get(path).await,
        Err(CallError::NotSupported) => Err(error),
        Err(error) => Err(error),
    }
}
