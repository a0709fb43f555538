//! Recordings of a channel: a list of them, and one of them as it lies on the disk.
//!
//! Paths and words stand here only, see docs/devices.md for how sure they are. `POST /ISAPI/ContentMgmt/search` tells spans with the
//! address of each, `/ISAPI/ContentMgmt/download` gives what an address names: by POST on most devices, by GET with a body on
//! others. What comes is a program stream of the vendor's, which players that know MPEG take; a span is a whole file, and cutting it
//! short is something that some devices do not do.

use bytes::Bytes;
use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use http::Method;
use uuid::Uuid;

use crate::call_error::CallError;
use crate::http::{DeviceClient, Fetched};
use crate::isapi::edit::escaped;
use crate::isapi::read_answer;
use crate::isapi::tracks::SEARCH_PATH;
use crate::xml::Element;

const DOWNLOAD_PATH: &str = "/ISAPI/ContentMgmt/download";
const XML: &str = "application/xml";
/// Most recordings of one page.
pub const MOST_RECORDINGS: u32 = 100;

/// A recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// When it begins, by the device's clock.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub until: DateTime<Utc>,
    /// How many bytes it has, where the device tells.
    pub bytes: Option<u64>,
    /// What the device knows it by; `None` where it does not give it away.
    address: Option<String>,
}

/// A page of recordings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The recordings, oldest first.
    pub recordings: Vec<Recording>,
    /// Whether there are more behind them.
    pub more: bool,
}

/// Which recordings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The channel, from 1.
    pub channel: u32,
    /// What ended before is left out.
    pub from: DateTime<Utc>,
    /// What begins later is left out.
    pub until: DateTime<Utc>,
    /// So many of them are passed over.
    pub after: u32,
    /// At most so many are given, and [`MOST_RECORDINGS`].
    pub most: u32,
}

/// Looks for recordings of a channel's main stream.
pub async fn search(client: &mut DeviceClient, wanted: Wanted) -> Result<Found, CallError> {
    let id = Uuid::new_v4().as_hyphenated().to_string().to_uppercase();
    // It changes nothing on the device, but it is sent as what does.
    let answer = client.send(Method::POST, SEARCH_PATH, Some(XML), Bytes::from(question(wanted, &id))).await?;
    read_answer(&answer, |root| read(root, wanted.channel))
}

/// Has a recording sent. The client ends with it.
pub async fn download(client: DeviceClient, recording: &Recording) -> Result<Fetched, CallError> {
    let address = recording.address.as_deref().ok_or(CallError::NotSupported)?;
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><downloadRequest version=\"1.0\" \
         xmlns=\"http://www.isapi.org/ver20/XMLSchema\"><playbackURI>{}</playbackURI></downloadRequest>",
        escaped(address)
    );
    client.fetch(&[Method::POST, Method::GET], DOWNLOAD_PATH, XML, Bytes::from(body)).await
}

fn question(wanted: Wanted, id: &str) -> String {
    let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><CMSearchDescription version=\"1.0\"><searchID>{}</searchID>\
         <trackList><trackID>{}01</trackID></trackList><timeSpanList><timeSpan><startTime>{}</startTime>\
         <endTime>{}</endTime></timeSpan></timeSpanList><maxResults>{}</maxResults>\
         <searchResultPostion>{}</searchResultPostion><metadataList>\
         <metadataDescriptor>//recordType.meta.std-cgi.com</metadataDescriptor></metadataList></CMSearchDescription>",
        escaped(id),
        wanted.channel,
        time(wanted.from),
        time(wanted.until),
        wanted.most.clamp(1, MOST_RECORDINGS),
        wanted.after,
    )
}

/// Reads the answer to a search; `None` for another document. What the device tells of another channel is left out.
fn read(root: &Element<'_>, channel: u32) -> Option<Found> {
    let result = root.find("CMSearchResult")?;
    let more = result.text_of("responseStatusStrg").is_some_and(|word| word.trim().eq_ignore_ascii_case("MORE"));
    let items = result.find_all("searchMatchItem");
    let mut recordings: Vec<Recording> = items.into_iter().filter_map(|item| recording(item, channel)).collect();
    recordings.sort_by_key(|recording| recording.from);
    recordings.truncate(MOST_RECORDINGS as usize);
    Some(Found { recordings, more })
}

fn recording(item: &Element<'_>, channel: u32) -> Option<Recording> {
    let track: Option<u32> = item.text_of("trackID").and_then(|track| track.trim().parse().ok());
    if track.is_some_and(|track| track / 100 != channel) {
        return None;
    }
    let (from, until) = (item.text_of("startTime").and_then(instant)?, item.text_of("endTime").and_then(instant)?);
    // A text that was cut off names nothing.
    let address = item.text_of("playbackURI").map(str::trim).filter(|address| is_address(address, channel));
    let bytes = address.and_then(|address| {
        let (_, query) = address.split_once('?')?;
        query.split('&').find_map(|part| part.strip_prefix("size="))?.parse().ok()
    });
    (from < until).then(|| Recording { from, until, bytes, address: address.map(str::to_owned) })
}

/// Whether an address is one of this channel, and whole.
fn is_address(address: &str, channel: u32) -> bool {
    let track = address.split_once("/tracks/").map(|(_, rest)| rest);
    let track: Option<u32> = track.and_then(|rest| {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).map_or(rest, |end| rest.get(..end).unwrap_or_default());
        digits.parse().ok()
    });
    address.len() < crate::xml::MOST_TEXT && track.is_none_or(|track| track / 100 == channel)
}

/// [?] Some devices write their local time with a `Z`, and some leave the `Z` out.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.with_timezone(&Utc));
    }
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").ok().map(|at| at.and_utc())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::xml::read_any;

    fn item(track: u32, from: &str, until: &str, uri: &str) -> String {
        format!(
            "<searchMatchItem><sourceID>{{0000}}</sourceID><trackID>{track}</trackID><timeSpan><startTime>{from}</startTime>\
             <endTime>{until}</endTime></timeSpan><mediaSegmentDescriptor><contentType>video</contentType>\
             <playbackURI>{uri}</playbackURI></mediaSegmentDescriptor></searchMatchItem>"
        )
    }

    fn found(status: &str, items: &str) -> Option<Found> {
        let text = format!(
            "<CMSearchResult><searchID>X</searchID><responseStatusStrg>{status}</responseStatusStrg><matchList>{items}</matchList></CMSearchResult>"
        );
        read(&read_any(&text).unwrap(), 1)
    }

    #[test]
    fn recordings_are_read_oldest_first_with_their_size_and_address() {
        let uri = "rtsp://192.0.2.4/Streaming/tracks/101/?starttime=20240402T080000Z&amp;endtime=20240402T090000Z&amp;name=ch01&amp;size=1024";
        let later = item(101, "2024-04-02T09:00:00Z", "2024-04-02T10:00:00Z", "");
        let told = found("MORE", &(later + &item(101, "2024-04-02T08:00:00Z", "2024-04-02T09:00:00", uri))).unwrap();
        assert!(told.more);
        let [first, second] = told.recordings.as_slice() else { panic!("{told:?}") };
        assert_eq!((first.from.to_rfc3339().as_str(), first.bytes), ("2024-04-02T08:00:00+00:00", Some(1024)));
        assert!(first.address.as_deref().unwrap().ends_with("&size=1024"));
        assert_eq!(second.bytes, None);
        assert!(!found("OK", "").unwrap().more);
    }

    #[test]
    fn what_a_device_tells_of_another_channel_is_left_out() {
        let (from, until) = ("2024-04-02T08:00:00Z", "2024-04-02T09:00:00Z");
        assert!(found("OK", &item(201, from, until, "")).unwrap().recordings.is_empty());
        let elsewhere = "rtsp://192.0.2.4/Streaming/tracks/201/?name=x";
        assert_eq!(found("OK", &item(101, from, until, elsewhere)).unwrap().recordings[0].address, None);
        let backwards = item(101, until, from, "");
        assert!(found("OK", &backwards).unwrap().recordings.is_empty());
        assert_eq!(read(&read_any("<html/>").unwrap(), 1), None);
    }

    #[test]
    fn a_question_names_track_time_and_place() {
        let at = DateTime::UNIX_EPOCH;
        let wanted = Wanted { channel: 3, from: at, until: at + chrono::Duration::hours(1), after: 40, most: 500 };
        let text = question(wanted, "C0FFEE");
        let asked = read_any(&text).unwrap();
        let text = |name: &str| asked.text_of(name).unwrap().to_owned();
        assert_eq!(
            (text("trackID"), text("startTime"), text("endTime")),
            ("301".into(), "1970-01-01T00:00:00Z".into(), "1970-01-01T01:00:00Z".into())
        );
        assert_eq!((text("maxResults"), text("searchResultPostion")), ("100".into(), "40".into()));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]
        #[test]
        fn any_address_is_judged(address in ".{0,80}", channel in 1_u32..600) {
            let _ = is_address(&address, channel);
            let _ = instant(&address);
        }
    }
}
