//! Looking at what is asked rarely of storage: the disks' own checks, what is to be recorded, and how far back that goes.

use chrono::{DateTime, Utc};
use http::Method;
use siteward_domain::observation::OldestRecording;
use uuid::Uuid;

use super::super::Resource;
use super::{Heard, Looking, measured};
use crate::call_error::CallError;
use crate::isapi::{self, smart, tracks};

const XML: &str = "application/xml";

impl Looking<'_> {
    /// The check of each disk: a request a disk, and one for the list of them where this look has not read it.
    pub(super) async fn read_checks(&mut self) -> Result<(), CallError> {
        if self.known.lacks(Resource::Smart) {
            return Ok(());
        }
        if self.observation.disks.is_none() {
            self.read_disks().await?;
        }
        let disks = self.observation.disks.iter().flat_map(|disks| &disks.value);
        let asked: Vec<(String, String)> =
            disks.filter_map(|disk| Some((disk.id.clone(), smart::path(disk)?))).take(smart::MOST_DISKS).collect();
        let mut found = Vec::new();
        for (id, path) in &asked {
            // One disk without a check does not mean that none has one, unless it is the first.
            let resource = found.is_empty().then_some(Resource::Smart);
            if resource.is_some_and(|resource| self.known.lacks(resource)) {
                break;
            }
            found.extend(self.ask(resource, path, |root| smart::read(root, id)).await?);
        }
        self.observation.smart = measured((!found.is_empty()).then_some(found), smart::ANY_PATH);
        Ok(())
    }

    /// What is to be recorded, and the oldest recording of the first channel that is.
    pub(super) async fn read_recording<N>(&mut self, now: &N) -> Result<(), CallError>
    where
        N: Fn() -> DateTime<Utc> + Send + Sync,
    {
        let Some(found) = self.ask(Some(Resource::Tracks), tracks::PATH, tracks::read).await? else { return Ok(()) };
        let first = found.tracks.iter().filter(|track| track.enabled).map(|track| track.channel).min();
        self.observation.recording = measured(Some(found), tracks::PATH);
        let Some(channel) = first else { return Ok(()) };
        let Some(Some(at)) = self.find_oldest(channel, now()).await? else { return Ok(()) };
        if let Some(recording) = &mut self.observation.recording {
            recording.value.oldest = Some(OldestRecording { channel, at });
            recording.source = format!("{}, {}", tracks::PATH, tracks::SEARCH_PATH);
        }
        Ok(())
    }

    async fn find_oldest(
        &mut self,
        channel: u32,
        now: DateTime<Utc>,
    ) -> Result<Option<Option<DateTime<Utc>>>, CallError> {
        if self.known.lacks(Resource::Search) {
            return Ok(None);
        }
        let id = Uuid::new_v4().as_hyphenated().to_string().to_uppercase();
        let body = tracks::search(channel, &id, now);
        // It changes nothing on the device, but it is sent as what does.
        let sent = self.client.send(Method::POST, tracks::SEARCH_PATH, Some(XML), body.into()).await;
        match sent.and_then(|answer| isapi::read_answer(&answer, tracks::read_oldest)) {
            Ok(oldest) => {
                self.hear(Heard::Value);
                Ok(Some(oldest))
            }
            Err(CallError::LoginRefused { .. }) => {
                self.client.forgive();
                self.lacks(Some(Resource::Search));
                Ok(None)
            }
            Err(error) => {
                if error == CallError::NotSupported {
                    self.lacks(Some(Resource::Search));
                }
                self.pass_over(error)
            }
        }
    }
}
