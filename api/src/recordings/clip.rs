//! A recording on its way from a device to a browser: bounded in size, in time, and in how many there are at once.

use std::time::Duration;

use actix_web::HttpResponse;
use futures_util::stream;
use siteward_devices::http::Fetched;

use crate::documents::attachment;
use crate::error::{ApiError, codes};
use crate::feeding::{MayGoOn, feed};
use crate::places::{Place, Room};

/// Recordings that are fetched at once. A device reads them from the disk that it records to. One person leaves a
/// place for others.
pub(crate) const CLIPS: Room = Room { of_person: 2, of_device: 3, in_all: 32, come_again: 10 };
/// Bytes of a recording at most.
const MOST_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// The longest that one is fetched for.
const LONGEST: Duration = Duration::from_secs(30 * 60);

/// A recording that is being fetched.
pub(crate) struct Clip {
    fetched: Fetched,
    may_go_on: MayGoOn,
    place: Place,
}

impl Clip {
    /// One that the device has begun to send. Too large a one is refused where the device tells how large it is.
    pub(crate) fn new(fetched: Fetched, place: Place, may_go_on: MayGoOn) -> Result<Self, ApiError> {
        if fetched.bytes().is_some_and(|bytes| bytes > MOST_BYTES) {
            return Err(ApiError::new(codes::RECORDING_TOO_LARGE));
        }
        Ok(Self { fetched, may_go_on, place })
    }

    /// The answer that a browser saves under a name. Where it is cut off, the browser says that the file is not whole.
    pub(crate) fn answer(self, name: String) -> HttpResponse {
        let length = self.fetched.bytes();
        let source = stream::try_unfold((self.fetched, self.place, 0_u64), |(mut fetched, place, sent)| async move {
            let next = fetched.next().await.map_err(|error| crate::devices::refusal(&error))?;
            let Some(bytes) = next else { return Ok(None) };
            let sent = sent + bytes.len() as u64;
            if sent > MOST_BYTES {
                return Err(ApiError::new(codes::RECORDING_TOO_LARGE));
            }
            Ok(Some((bytes, (fetched, place, sent))))
        });
        let mut answer = HttpResponse::Ok();
        answer.content_type("video/mpeg").insert_header(attachment(name));
        if let Some(length) = length {
            answer.no_chunking(length);
        }
        answer.streaming(feed(source, self.may_go_on, Some(LONGEST)))
    }
}
