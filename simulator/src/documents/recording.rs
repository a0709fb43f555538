//! What is recorded: tracks with their schedules, a search, and the files. **[?]** No hardware has confirmed these documents.
//!
//! Search and download are written after what several public programs send and read.

use chrono::{DateTime, Days, Duration, NaiveDateTime, SecondsFormat, Timelike as _, Utc};

use super::{channel_numbers, start};
use crate::device::{Condition, Device, Now};
use crate::profile::Profile;
use crate::xml::{self, Xml};

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Matches of one answer at most.
const MOST_MATCHES: usize = 100;
/// Hours that are looked through at most.
const MOST_SPANS: usize = 24 * 400;

/// Whether a device lists its tracks at all.
pub(crate) fn has_tracks(device: &Device) -> bool {
    !matches!(device.identity.profile, Profile::CameraOld | Profile::Thermal)
}

pub(super) fn tracks(device: &Device, condition: &Condition) -> String {
    let mode = if condition.stored.on_motion { "MOTION" } else { "CMR" };
    let mut xml = start(device, "TrackList");
    for channel in channel_numbers(device) {
        xml.open("Track");
        xml.leaf("id", channel * 100 + 1);
        xml.leaf("Channel", channel * 100 + 1);
        xml.leaf("Enable", true);
        xml.leaf("DefaultRecordingMode", mode);
        xml.leaf("LoopEnable", condition.stored.overwrites);
        xml.open("TrackSchedule");
        xml.open("ScheduleBlockList");
        xml.open("ScheduleBlock");
        for (id, day) in (1..).zip(DAYS) {
            write_action(&mut xml, id, day, mode);
        }
        xml.close();
        xml.close();
        xml.close();
        xml.close();
    }
    xml.finish()
}

fn write_action(xml: &mut Xml, id: u32, day: &str, mode: &str) {
    xml.open("ScheduleAction");
    xml.leaf("id", id);
    for (name, time) in [("ScheduleActionStartTime", "00:00:00"), ("ScheduleActionEndTime", "24:00:00")] {
        xml.open(name);
        xml.leaf("DayOfWeek", day);
        xml.leaf("TimeOfDay", time);
        xml.close();
    }
    xml.open("Actions");
    xml.leaf("Record", true);
    xml.leaf("ActionRecordingMode", mode);
    xml.close();
    xml.close();
}

/// Answers a search; `None` where the question is none. A recording is an hour, the first and the last are shorter.
pub(crate) fn search(device: &Device, condition: &Condition, body: &str, now: Now) -> Option<String> {
    let track = xml::find(body, "trackID")?;
    let id = xml::find(body, "searchID")?;
    let time = |name: &str| xml::find(body, name).and_then(|text| DateTime::parse_from_rfc3339(text.trim()).ok());
    let (from, until) = (time("startTime")?.to_utc(), time("endTime")?.to_utc());
    let number = |name: &str| xml::find(body, name).and_then(|text| text.trim().parse::<usize>().ok());
    let most = number("maxResults").unwrap_or(50).clamp(1, MOST_MATCHES);
    // Spelt so by devices; the right spelling is taken as well.
    let after = number("searchResultPostion").or_else(|| number("searchResultPosition")).unwrap_or(0);
    let is_there = track.parse().is_ok_and(|track: u32| is_track(device, track));
    let mut spans = if is_there { spans(condition, from, until, now.utc) } else { Vec::new() };
    let more = spans.len() > after + most;
    spans = spans.into_iter().skip(after).take(most).collect();
    let mut xml = start(device, "CMSearchResult");
    xml.leaf("searchID", id);
    xml.leaf("responseStatus", true);
    xml.leaf(
        "responseStatusStrg",
        if spans.is_empty() {
            "NO MATCHES"
        } else if more {
            "MORE"
        } else {
            "OK"
        },
    );
    xml.leaf("numOfMatches", spans.len());
    if !spans.is_empty() {
        xml.open("matchList");
        for (begins, ends) in spans {
            write_match(&mut xml, device, condition, &track, (begins, ends));
        }
        xml.close();
    }
    Some(xml.finish())
}

fn write_match(
    xml: &mut Xml,
    device: &Device,
    condition: &Condition,
    track: &str,
    (begins, ends): (DateTime<Utc>, DateTime<Utc>),
) {
    let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    xml.open("searchMatchItem");
    xml.leaf("sourceID", "{0000000000-0000-0000-0000-000000000000}");
    xml.leaf("trackID", track);
    xml.open("timeSpan");
    xml.leaf("startTime", time(begins));
    xml.leaf("endTime", time(ends));
    xml.close();
    xml.open("mediaSegmentDescriptor");
    xml.leaf("contentType", "video");
    xml.leaf("codecType", "H.264-BP");
    let compact = |at: DateTime<Utc>| at.format("%Y%m%dT%H%M%SZ").to_string();
    xml.leaf(
        "playbackURI",
        format_args!(
            "rtsp://{}/Streaming/tracks/{track}/?starttime={}&endtime={}&name=ch{track}_{}&size={}",
            device.address(),
            compact(begins),
            compact(ends),
            begins.timestamp(),
            size_of(condition, begins, ends),
        ),
    );
    xml.close();
    xml.close();
}

/// What is recorded of a span of time, in hours of the clock.
fn spans(
    condition: &Condition,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let days = condition.stored.recorded_days;
    let oldest = now.checked_sub_days(Days::new(u64::from(days))).filter(|_| days > 0);
    let Some(oldest) = oldest.and_then(|oldest| oldest.with_nanosecond(0)) else { return Vec::new() };
    let (from, until) = (from.max(oldest), until.min(now));
    let mut spans = Vec::new();
    let mut begins =
        from.with_nanosecond(0).and_then(|at| at.with_second(0)?.with_minute(0)).unwrap_or(from).max(oldest);
    while begins < until && spans.len() < MOST_SPANS {
        let next = begins.with_minute(0).and_then(|at| at.with_second(0)).unwrap_or(begins) + Duration::hours(1);
        spans.push((begins, next.min(now)));
        begins = next;
    }
    spans
}

/// A recording as it lies on the disk; `None` where the device has none of that name.
pub(crate) fn file(device: &Device, condition: &Condition, body: &str, now: Now) -> Option<Vec<u8>> {
    let address = xml::find(body, "playbackURI")?;
    let rest = address.trim().strip_prefix(&format!("rtsp://{}/Streaming/tracks/", device.address()))?.to_owned();
    let (track, query) = rest.split_once("/?")?;
    let track: u32 = track.parse().ok().filter(|track| is_track(device, *track))?;
    let value = |name: &str| query.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
    let time = |name: &str| NaiveDateTime::parse_from_str(value(name)?, "%Y%m%dT%H%M%SZ").ok();
    let (begins, ends) = (time("starttime")?.and_utc(), time("endtime")?.and_utc());
    let is_recorded = spans(condition, begins, ends, now.utc).first().is_some_and(|(from, _)| *from <= begins);
    if !is_recorded {
        return None;
    }
    // What such files begin with; the rest differs by channel and hour.
    let mut bytes = b"IMKH".to_vec();
    let size = size_of(condition, begins, ends);
    let seed = begins.timestamp().unsigned_abs().wrapping_add(u64::from(track));
    bytes.extend((0_u64..).map(|at| seed.wrapping_mul(31).wrapping_add(at).to_le_bytes()[0]).take(size));
    bytes.truncate(size);
    Some(bytes)
}

fn size_of(condition: &Condition, begins: DateTime<Utc>, ends: DateTime<Utc>) -> usize {
    let of_second = usize::try_from(condition.stored.recorded_bytes).unwrap_or_default();
    usize::try_from((ends - begins).num_seconds()).unwrap_or_default().clamp(1, 3600) * of_second
}

/// A track is the channel and its main stream, `101`.
fn is_track(device: &Device, track: u32) -> bool {
    track % 100 == 1 && channel_numbers(device).any(|channel| channel == track / 100)
}
