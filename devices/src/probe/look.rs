//! One look: the topics that are due, in one bounded check.

mod panels;
mod recording;

use chrono::{DateTime, Utc};
use siteward_domain::device::DeviceKind;
use siteward_domain::health::Topic;
use siteward_domain::observation::{Channel, ChannelSource, Identity, Measured, Observation};

use super::{Known, Look, Resource, get_either_way};
use crate::call_error::CallError;
use crate::http::DeviceClient;
use crate::isapi::{self, capabilities, channels, info, network, status, storage, time, users};
use crate::xml::Element;

/// One poll: reads the topics given and nothing else. All its calls together keep within [`crate::Limits::check`].
///
/// `[Status]` alone is one request where connection and nonce are kept. A device without
/// `System/status` is asked for its identity instead, which proves as well that it answers and
/// accepts the login. [`Topic::Reachability`] needs no request of its own: an `Ok` is the answer.
/// An alarm panel is asked in a session, which the client keeps for the next look.
/// Topics that are not supported are left out and remembered. An error that would meet every
/// further call ends the look; when something was read before it and it is no refusal of the
/// login, what was read is given.
pub async fn look<N>(client: &mut DeviceClient, topics: &[Topic], known: &Known, now: N) -> Result<Look, CallError>
where
    N: Fn() -> DateTime<Utc> + Send + Sync,
{
    // What was not supported is tried again as often as the identity is read.
    let known = if topics.contains(&Topic::Identity) { known.without_unsupported() } else { *known };
    let observation = Observation::default();
    let mut looking = Looking { client, known, observation, heard: Heard::Nothing, renewed: false, failed: None };
    looking.client.start_check();
    let ended = looking.read_topics(topics, &now).await;
    looking.client.end_check();
    match (ended, looking.failed) {
        (Err(error), _) if looking.heard < Heard::Answer || !is_silence(&error) => Err(error),
        (Ok(()), Some(error)) if looking.heard < Heard::Answer => Err(error),
        _ => Ok(Look { observation: looking.observation, known: looking.known }),
    }
}

/// The device fell silent in the middle of a look: what it said before still holds.
fn is_silence(error: &CallError) -> bool {
    matches!(error, CallError::Unreachable { .. })
}

/// How far a look has come with the device; it only ever comes further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Heard {
    /// Nothing was asked.
    Nothing,
    /// Some request was sent.
    Silence,
    /// Some resource was answered, be it by a refusal that could be read.
    Answer,
    /// Some resource was read, so the login is good.
    Value,
}

struct Looking<'c> {
    client: &'c mut DeviceClient,
    known: Known,
    observation: Observation,
    /// What came of it so far.
    heard: Heard,
    /// A session that had ended was opened again; once a look.
    renewed: bool,
    /// The first error that does not end the look.
    failed: Option<CallError>,
}

impl Looking<'_> {
    async fn read_topics<N>(&mut self, topics: &[Topic], now: &N) -> Result<(), CallError>
    where
        N: Fn() -> DateTime<Utc> + Send + Sync,
    {
        // The kind decides how channels are read, so who it is comes first.
        let kind_needed = topics.contains(&Topic::Channels) && self.known.kind.is_none();
        if topics.contains(&Topic::Identity) || kind_needed {
            self.read_identity().await?;
        }
        for topic in topics {
            match topic {
                Topic::Reachability | Topic::Identity => {}
                // A panel is asked as little as can be; that it answers is told by the rest.
                Topic::Channels | Topic::Disks | Topic::Smart | Topic::Recording if self.is_panel() => {}
                Topic::Status if self.is_panel() && topics.contains(&Topic::Panel) => {
                    let found = self.ask(Some(Resource::Status), status::PATH, status::read).await?;
                    self.observation.status = measured(found, status::PATH);
                }
                Topic::Panel => self.read_panel().await?,
                Topic::Status => self.read_status().await?,
                Topic::Channels => self.read_channels().await?,
                Topic::Disks => self.read_disks().await?,
                Topic::Smart => self.read_checks().await?,
                Topic::Recording => self.read_recording(now).await?,
                Topic::Network => {
                    let found = self.ask(Some(Resource::Network), network::PATH, network::read).await?;
                    self.observation.network = measured(found, network::PATH);
                }
                Topic::Clock => {
                    let found = self.ask(Some(Resource::Clock), time::PATH, |root| time::read(root, now())).await?;
                    self.observation.clock = measured(found, time::PATH);
                }
                Topic::UserCheck => {
                    let found = self.ask(Some(Resource::UserCheck), users::PATH, users::read).await?;
                    self.observation.user_check = measured(found, users::PATH);
                }
                Topic::Capabilities => {
                    let found = self.ask(Some(Resource::Capabilities), capabilities::PATH, capabilities::read).await?;
                    self.observation.capabilities = measured(found, capabilities::PATH);
                }
            }
        }
        // Whatever was due, the device must have been heard.
        if self.heard > Heard::Nothing { Ok(()) } else { self.read_status().await }
    }

    /// Asks one resource. `None`: not supported (remembered), not allowed, busy or unreadable. An error ends the look.
    async fn ask<T>(
        &mut self,
        resource: Option<Resource>,
        path: &str,
        reader: impl FnOnce(&Element<'_>) -> Option<T>,
    ) -> Result<Option<T>, CallError> {
        if resource.is_some_and(|resource| self.known.lacks(resource)) {
            return Ok(None);
        }
        self.hear(Heard::Silence);
        let in_session = self.asks_in_session();
        let result = if in_session {
            self.get_in_session(path).await
        } else if self.heard == Heard::Value {
            self.client.get(path).await
        } else {
            get_either_way(self.client, path).await
        };
        if in_session && matches!(result, Err(CallError::LowPrivilege)) {
            // Told by a 401 on a session that is good: asked again, it would cost a login.
            self.lacks(resource);
        }
        match result.and_then(|answer| isapi::read_answer(&answer, reader)) {
            Ok(value) => {
                self.hear(Heard::Value);
                Ok(Some(value))
            }
            // Some firmware answers 401 for what an account may not read. The login was good a moment ago:
            // it is the resource, which is not asked again.
            Err(CallError::LoginRefused { .. }) if self.heard == Heard::Value && resource.is_some() && !in_session => {
                self.client.forgive();
                self.lacks(resource);
                self.pass_over(CallError::LowPrivilege)
            }
            Err(error) => {
                if error == CallError::NotSupported {
                    self.lacks(resource);
                }
                self.pass_over(error)
            }
        }
    }

    fn hear(&mut self, heard: Heard) {
        self.heard = self.heard.max(heard);
    }

    fn lacks(&mut self, resource: Option<Resource>) {
        if let Some(resource) = resource {
            self.known.set_lacking(resource);
        }
    }

    fn pass_over<T>(&mut self, error: CallError) -> Result<Option<T>, CallError> {
        if error.ends_a_look() {
            return Err(error);
        }
        if !matches!(error, CallError::BadAnswer { .. }) {
            self.hear(Heard::Answer);
        }
        self.failed.get_or_insert(error);
        Ok(None)
    }

    async fn read_identity(&mut self) -> Result<(), CallError> {
        let found: Option<Identity> = self.ask(None, info::PATH, info::read).await?;
        let Some(identity) = &found else {
            // Without it nothing else is worth asking in this look. What has no identity is no device.
            let failed = self.failed.take().filter(|error| *error != CallError::NotSupported);
            return Err(failed.unwrap_or(CallError::BadAnswer { what: "not_isapi" }));
        };
        self.known.kind = Some(identity.kind);
        self.observation.identity = measured(found, info::PATH);
        Ok(())
    }

    async fn read_status(&mut self) -> Result<(), CallError> {
        let found = self.ask(Some(Resource::Status), status::PATH, status::read).await?;
        self.observation.status = measured(found, status::PATH);
        let lacking = self.known.lacks(Resource::Status);
        if lacking && self.observation.identity.is_none() { self.read_identity().await } else { Ok(()) }
    }

    async fn read_disks(&mut self) -> Result<(), CallError> {
        if let Some(found) = self.ask(Some(Resource::Storage), storage::PATH, storage::read).await? {
            self.observation.disks = measured(Some(found), storage::PATH);
        } else if self.known.lacks(Resource::Storage) {
            let found = self.ask(Some(Resource::Disks), storage::DISKS_PATH, storage::read).await?;
            self.observation.disks = measured(found, storage::DISKS_PATH);
        }
        Ok(())
    }

    async fn read_channels(&mut self) -> Result<(), CallError> {
        let mut found: Vec<Channel> = Vec::new();
        let mut sources = Vec::new();
        let kind = self.known.kind.unwrap_or(DeviceKind::Unknown);
        if kind != DeviceKind::Nvr {
            let own = if kind == DeviceKind::Dvr { ChannelSource::Analog } else { ChannelSource::Own };
            let read = |root: &Element<'_>| channels::read_inputs(root, own);
            if let Some(inputs) = self.ask(Some(Resource::Inputs), channels::INPUTS_PATH, read).await? {
                found.extend(inputs);
                sources.push(channels::INPUTS_PATH);
            }
        }
        // A camera has no proxies; what is neither camera nor recorder is asked the second way if the first fails.
        let both = matches!(kind, DeviceKind::Nvr | DeviceKind::Dvr);
        let wanted = both || (sources.is_empty() && kind != DeviceKind::Camera);
        if wanted && let Some(proxies) = self.read_proxies(&mut sources).await? {
            found.extend(proxies);
        }
        if kind == DeviceKind::Nvr && sources.is_empty() {
            let read = |root: &Element<'_>| channels::read_inputs(root, ChannelSource::Analog);
            if let Some(inputs) = self.ask(Some(Resource::Inputs), channels::INPUTS_PATH, read).await? {
                found.extend(inputs);
                sources.push(channels::INPUTS_PATH);
            }
        }
        self.observation.channels = measured((!sources.is_empty()).then_some(found), &sources.join(", "));
        Ok(())
    }

    async fn read_proxies(&mut self, sources: &mut Vec<&str>) -> Result<Option<Vec<Channel>>, CallError> {
        let list = self.ask(Some(Resource::Proxies), channels::PROXIES_PATH, channels::read_proxies).await?;
        let Some(mut list) = list else { return Ok(None) };
        sources.push(channels::PROXIES_PATH);
        if list.is_empty() {
            return Ok(Some(list));
        }
        let states =
            self.ask(Some(Resource::ProxyStates), channels::PROXY_STATUS_PATH, channels::read_proxy_states).await?;
        if let Some(states) = states {
            channels::apply_states(&mut list, &states);
            sources.push(channels::PROXY_STATUS_PATH);
        } else if self.known.lacks(Resource::ProxyStates) {
            self.read_single_states(&mut list).await?;
            if self.known.single_states {
                sources.push(channels::ANY_SINGLE_STATUS);
            }
        }
        Ok(Some(list))
    }

    async fn read_single_states(&mut self, list: &mut [Channel]) -> Result<(), CallError> {
        for channel in list.iter_mut().take(channels::MOST_SINGLE_STATUS) {
            // One channel without a state does not mean that none has one, unless it is the first ever asked.
            let resource = (!self.known.single_states).then_some(Resource::SingleStates);
            if resource.is_some_and(|resource| self.known.lacks(resource)) {
                break;
            }
            let path = channels::single_status_path(channel.number);
            if let Some(states) = self.ask(resource, &path, channels::read_proxy_states).await? {
                self.known.single_states = true;
                channels::apply_states(std::slice::from_mut(channel), &states);
            }
        }
        Ok(())
    }
}

fn measured<T>(value: Option<T>, source: &str) -> Option<Measured<T>> {
    value.map(|value| Measured { value, source: source.to_owned() })
}
