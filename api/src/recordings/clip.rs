//! A recording on its way from a device to a browser: bounded in size, in time, and in how many there are at once.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::HttpResponse;
use bytes::Bytes;
use futures_util::stream;
use siteward_devices::http::Fetched;
use siteward_domain::DeviceId;
use tokio::time::{Instant, Interval, interval};

use crate::documents::attachment;
use crate::error::{ApiError, codes};

/// Recordings that one person fetches at once.
const MOST_OF_PERSON: usize = 2;
/// Recordings that are fetched from one device at once: it reads them from the disk that it records to.
const MOST_OF_DEVICE: usize = 2;
/// Recordings that are fetched in this process at once.
const MOST: usize = 32;
/// Bytes of a recording at most.
const MOST_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// The longest that one is fetched for.
const LONGEST: Duration = Duration::from_secs(30 * 60);
/// How often whoever fetches one is asked for their right.
const CHECK: Duration = Duration::from_millis(700);

/// The recordings that are being fetched. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Clips(Arc<Mutex<HashMap<String, usize>>>);

/// The place of one that is being fetched, until it is dropped.
pub(crate) struct Place {
    clips: Clips,
    names: [String; 3],
}

impl Clips {
    /// Takes a place, where there is one.
    pub(crate) fn take(&self, person: &str, device: &DeviceId) -> Result<Place, ApiError> {
        let names = [format!("person {person}"), format!("device {device}"), "all".to_owned()];
        let mut taken = self.held();
        let is_full = names
            .iter()
            .zip([MOST_OF_PERSON, MOST_OF_DEVICE, MOST])
            .any(|(name, most)| taken.get(name).is_some_and(|places| *places >= most));
        if is_full {
            return Err(ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(10));
        }
        for name in &names {
            *taken.entry(name.clone()).or_default() += 1;
        }
        drop(taken);
        Ok(Place { clips: self.clone(), names })
    }

    fn held(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.clips.held();
        for name in &self.names {
            if let Some(places) = taken.get_mut(name) {
                *places -= 1;
                if *places == 0 {
                    taken.remove(name);
                }
            }
        }
    }
}

/// Whether whoever fetches a recording may go on.
type MayGoOn = Box<dyn Fn() -> Pin<Box<dyn Future<Output = bool>>>>;

/// A recording that is being fetched.
pub(crate) struct Clip {
    fetched: Fetched,
    sent: u64,
    end: Instant,
    checks: Interval,
    may_go_on: MayGoOn,
    _place: Place,
}

impl Clip {
    /// One that the device has begun to send. Too large a one is refused where the device tells how large it is.
    pub(crate) fn new(fetched: Fetched, place: Place, may_go_on: MayGoOn) -> Result<Self, ApiError> {
        if fetched.bytes().is_some_and(|bytes| bytes > MOST_BYTES) {
            return Err(ApiError::new(codes::RECORDING_TOO_LARGE));
        }
        let end = Instant::now() + LONGEST;
        Ok(Self { fetched, sent: 0, end, checks: interval(CHECK), may_go_on, _place: place })
    }

    /// The answer that a browser saves under a name.
    pub(crate) fn answer(self, name: String) -> HttpResponse {
        let length = self.fetched.bytes();
        let parts = stream::unfold(Some(self), |clip| async move {
            let mut clip = clip?;
            match clip.next().await {
                Ok(Some(bytes)) => Some((Ok(bytes), Some(clip))),
                Ok(None) => None,
                // Cut off: a browser then says that the file is not whole.
                Err(error) => Some((Err(error), None)),
            }
        });
        let mut answer = HttpResponse::Ok();
        answer.content_type("video/mpeg").insert_header(attachment(name));
        if let Some(length) = length {
            answer.no_chunking(length);
        }
        answer.streaming(parts)
    }

    async fn next(&mut self) -> Result<Option<Bytes>, ApiError> {
        loop {
            tokio::select! {
                biased;
                _ = self.checks.tick() => {
                    if Instant::now() >= self.end || !(self.may_go_on)().await {
                        return Err(ApiError::new(codes::NOT_FOUND));
                    }
                }
                next = self.fetched.next() => {
                    let next = next.map_err(|error| crate::devices::refusal(&error))?;
                    self.sent += next.as_ref().map_or(0, |bytes| bytes.len() as u64);
                    if self.sent > MOST_BYTES {
                        return Err(ApiError::new(codes::RECORDING_TOO_LARGE));
                    }
                    return Ok(next);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_by_person_and_by_device_and_given_back() {
        let clips = Clips::default();
        let device = || DeviceId::generate(chrono::DateTime::UNIX_EPOCH);
        let (one, other) = (device(), device());
        let first = clips.take("eva", &one).unwrap();
        let _second = clips.take("eva", &other).unwrap();
        assert!(clips.take("eva", &device()).is_err(), "a third of the same person");
        let _third = clips.take("ada", &one).unwrap();
        assert!(clips.take("ida", &one).is_err(), "a third of the same device");
        drop(first);
        assert!(clips.take("ida", &one).is_ok());
    }
}
