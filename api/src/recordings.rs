//! Recordings of a channel, as owners, receivers and companies get them: a list from the device, and one of them as a file.
//!
//! Nothing of it is kept. A recording is named by when it begins; what the device knows it by is asked of the device again, so that nobody
//! has a device fetch what they like.

mod clip;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use siteward_devices::http::Fetched;
use siteward_devices::recordings::{self, Wanted};
use siteward_devices::{CallError, DeviceClient};
use siteward_domain::DeviceId;
use utoipa::{IntoParams, ToSchema};

use crate::devices::{client_of, refused, stored};
use crate::error::{ApiError, codes, rfc3339};
use crate::page;
use crate::places::Room;
use crate::platform::Platform;

pub(crate) use clip::{CLIPS, Clip};

/// Questions for what is recorded, at once: a device answers few, and its polling is among them.
pub(crate) const SEARCHES: Room = Room { of_person: 2, of_device: 3, in_all: 64, come_again: 2 };

/// The longest span of one question.
const MOST_DAYS: i64 = 31;
/// Recordings of one question at most.
const MOST_RECORDINGS: u32 = 10_000;
/// Nothing is recorded in 2100 yet.
const LATEST: i64 = 4_102_444_800;
/// Recordings that begin at the same instant, or nearly, at most.
const MOST_BESIDE: u32 = 20;

/// Which recordings.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RecordingQuery {
    /// The channel's number, 1 unless told.
    #[param(minimum = 1, maximum = 4096)]
    pub(crate) channel: Option<u32>,
    /// What ended before is left out; a day before `to` unless told.
    #[param(value_type = Option<String>, format = "date-time")]
    from: Option<DateTime<Utc>>,
    /// What begins later is left out; at most 31 days after `from`, now unless told.
    #[param(value_type = Option<String>, format = "date-time")]
    to: Option<DateTime<Utc>>,
    /// `next_cursor` of the page before.
    #[param(max_length = 2048)]
    cursor: Option<String>,
    /// Recordings wanted, 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// Which recording.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ClipQuery {
    /// The channel's number, 1 unless told.
    #[param(minimum = 1, maximum = 4096)]
    pub(crate) channel: Option<u32>,
    /// When the recording begins, as the list tells. Never left out.
    #[param(value_type = Option<String>, format = "date-time")]
    from: Option<DateTime<Utc>>,
}

/// A recording.
#[derive(Serialize, ToSchema)]
pub(crate) struct Recording {
    /// When it begins, by the device's clock.
    from: DateTime<Utc>,
    /// When it ends.
    to: DateTime<Utc>,
    /// How many bytes it has; null where the device does not tell.
    #[schema(required = true)]
    bytes: Option<u64>,
}

/// The bytes of a recording, as the device has it.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its description is used; the bytes are sent as they come")]
pub(crate) struct ClipFile(Vec<u8>);

/// A page of recordings.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecordingPage {
    /// The recordings, oldest first.
    #[schema(max_items = 100)]
    items: Vec<Recording>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

impl RecordingQuery {
    /// What to ask the device.
    pub(crate) fn wanted(&self, channel: u32, now: DateTime<Utc>) -> Result<Wanted, ApiError> {
        let to = self.to.map_or(Ok(now), |to| sensible(to, "to"))?;
        let from = self.from.map_or(Ok(to - Duration::days(1)), |from| sensible(from, "from"))?;
        if from >= to || to - from > Duration::days(MOST_DAYS) {
            return Err(page::bad("to"));
        }
        let after = match &self.cursor {
            None => 0,
            Some(cursor) => cursor.parse().map_err(|_| ApiError::new(codes::BAD_CURSOR))?,
        };
        if after > MOST_RECORDINGS {
            return Err(ApiError::new(codes::BAD_CURSOR));
        }
        Ok(Wanted { channel, from, until: to, after, most: page::limit(self.limit)? })
    }
}

impl ClipQuery {
    /// When the recording begins.
    pub(crate) fn begins(&self) -> Result<DateTime<Utc>, ApiError> {
        sensible(self.from.ok_or_else(|| page::bad("from"))?, "from")
    }
}

/// A time that something can have been recorded at: not so far away that nobody can count to it.
fn sensible(at: DateTime<Utc>, parameter: &'static str) -> Result<DateTime<Utc>, ApiError> {
    if (0..LATEST).contains(&at.timestamp()) { Ok(at) } else { Err(page::bad(parameter)) }
}

/// Asks a device for a page of recordings.
pub(crate) async fn list(client: &mut DeviceClient, wanted: Wanted) -> Result<RecordingPage, CallError> {
    let found = recordings::search(client, wanted).await?;
    let told = u32::try_from(found.recordings.len()).unwrap_or(wanted.most);
    let next = (found.more && told > 0).then(|| wanted.after + told).filter(|next| *next < MOST_RECORDINGS);
    let items = found.recordings.into_iter().map(|recording| Recording {
        from: recording.from,
        to: recording.until,
        bytes: recording.bytes,
    });
    Ok(RecordingPage { items: items.collect(), next_cursor: next.map(|next| next.to_string()) })
}

/// Has a device send the recording that begins at an instant; gives it with the name of its file.
pub(crate) async fn fetch(
    platform: &Platform,
    id: &DeviceId,
    channel: u32,
    from: DateTime<Utc>,
) -> Result<(Fetched, String), ApiError> {
    let (device, credential) = stored(platform, id).await?;
    let mut client = client_of(platform, &device, &credential)?;
    let fetched = match find(&mut client, channel, from).await {
        Ok(None) => return Err(ApiError::new(codes::NOT_FOUND)),
        Ok(Some(recording)) => recordings::download(client, &recording).await,
        Err(error) => Err(error),
    };
    match fetched {
        Ok(fetched) => Ok((fetched, file_name(&device.name, channel, from))),
        Err(error) => Err(refused(platform, &device, error).await?),
    }
}

/// The recording that begins at an instant, to the second.
async fn find(
    client: &mut DeviceClient,
    channel: u32,
    from: DateTime<Utc>,
) -> Result<Option<recordings::Recording>, CallError> {
    let until = from + Duration::seconds(1);
    let wanted = Wanted { channel, from, until, after: 0, most: MOST_BESIDE };
    let found = recordings::search(client, wanted).await?;
    Ok(found.recordings.into_iter().find(|recording| recording.from.timestamp() == from.timestamp()))
}

/// The name of the file of a recording.
fn file_name(device: &str, channel: u32, from: DateTime<Utc>) -> String {
    let name = if device.is_empty() { "device" } else { device };
    format!("{name} {channel:02} {}.mpg", rfc3339(from).replace(':', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(from: i64, to: i64, cursor: Option<&str>) -> RecordingQuery {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        RecordingQuery {
            channel: None,
            from: Some(at(from)),
            to: Some(at(to)),
            cursor: cursor.map(str::to_owned),
            limit: None,
        }
    }

    #[test]
    fn a_question_is_bounded_in_days_and_pages() {
        let now = DateTime::from_timestamp(0, 0).unwrap();
        assert_eq!(query(0, 60, None).wanted(1, now).unwrap().most, 20);
        assert_eq!(query(0, 60, Some("40")).wanted(1, now).unwrap().after, 40);
        for (from, to, cursor) in [
            (60, 60, None),
            (0, 32 * 86_400, None),
            (-60, 60, None),
            (0, LATEST, None),
            (0, 60, Some("x")),
            (0, 60, Some("99999")),
        ] {
            assert!(query(from, to, cursor).wanted(1, now).is_err(), "{from} {to} {cursor:?}");
        }
    }

    #[test]
    fn a_file_is_named_by_device_channel_and_time() {
        let at = DateTime::from_timestamp(0, 0).unwrap();
        assert_eq!(file_name("Gate", 2, at), "Gate 02 1970-01-01T00-00-00Z.mpg");
    }
}
