//! `GET /ISAPI/ContentMgmt/record/tracks`: what is to be recorded, and a search for the oldest recording.
//!
//! [?] A track's id is the channel and the stream, `101` for the main stream of channel 1. `LoopEnable` is whether what is
//! old is overwritten. A channel counts as recorded at all times only where its track is enabled and its schedule is the
//! whole week in the mode `CMR`: of any other schedule, "not recording just now" may well be as it should be.

use chrono::{DateTime, NaiveTime, SecondsFormat, Utc};
use siteward_domain::observation::{Recording, Track};

use super::{whole_number, yes_or_no};
use crate::xml::Element;

/// What is to be recorded.
pub const PATH: &str = "/ISAPI/ContentMgmt/record/tracks";
/// Where recordings are looked for.
pub const SEARCH_PATH: &str = "/ISAPI/ContentMgmt/search";

const MOST_TRACKS: usize = 512;
const MINUTES_OF_A_WEEK: i64 = 7 * 24 * 60;
/// A schedule that ends each day at 23:59 is the whole week as well.
const MINUTES_LEFT_OUT: i64 = 7;

/// Reads `TrackList`; `None` for another document. Of each channel its main stream counts.
pub fn read(root: &Element<'_>) -> Option<Recording> {
    let found = root.find_all("Track");
    if found.is_empty() && root.find("TrackList").is_none() {
        return None;
    }
    let mut tracks: Vec<Track> = Vec::new();
    let mut loops = Vec::new();
    for item in found.iter().take(MOST_TRACKS) {
        let Some(channel) = item.child_text("id").and_then(main_stream_of) else { continue };
        let enabled = item.child_text("Enable").and_then(yes_or_no) == Some(true);
        loops.extend(enabled.then(|| item.text_of("LoopEnable").and_then(yes_or_no)));
        if tracks.iter().all(|known| known.channel != channel) {
            tracks.push(Track { channel, enabled, continuous: enabled && is_continuous(item) });
        }
    }
    // One track that keeps what it has fills a disk; only where all tell, all overwrite.
    let overwrites = if loops.contains(&Some(false)) {
        Some(false)
    } else {
        (!loops.is_empty() && !loops.contains(&None)).then_some(true)
    };
    Some(Recording { overwrites, tracks, oldest: None })
}

fn main_stream_of(id: &str) -> Option<u32> {
    let id = whole_number(id).and_then(|id| u32::try_from(id).ok())?;
    (id > 100 && id % 100 == 1).then_some(id / 100)
}

fn is_continuous(track: &Element<'_>) -> bool {
    let is_always = |mode: &str| mode.eq_ignore_ascii_case("CMR");
    let actions = track.find_all("ScheduleAction");
    if actions.is_empty() {
        return track.text_of("DefaultRecordingMode").is_some_and(is_always);
    }
    let all = actions.iter().all(|action| {
        let records = action.text_of("Record").and_then(yes_or_no) != Some(false);
        records && action.text_of("ActionRecordingMode").is_some_and(is_always)
    });
    let minutes: i64 = actions.iter().filter_map(|action| minutes_of(action)).sum();
    all && minutes + MINUTES_LEFT_OUT >= MINUTES_OF_A_WEEK
}

fn minutes_of(action: &Element<'_>) -> Option<i64> {
    let (begins, ends) = (action.find("ScheduleActionStartTime")?, action.find("ScheduleActionEndTime")?);
    let same_day = begins.text_of("DayOfWeek") == ends.text_of("DayOfWeek");
    let (from, to) = (minute_of_day(begins.text_of("TimeOfDay")?)?, minute_of_day(ends.text_of("TimeOfDay")?)?);
    Some(if same_day { to - from } else { 24 * 60 - from + to }).filter(|minutes| *minutes > 0)
}

fn minute_of_day(text: &str) -> Option<i64> {
    if text.trim().starts_with("24:00") {
        return Some(24 * 60);
    }
    let time = NaiveTime::parse_from_str(text.trim(), "%H:%M:%S").ok()?;
    Some(time.signed_duration_since(NaiveTime::MIN).num_minutes())
}

/// What to send to find the oldest recording of a channel. [?] Devices give the oldest first.
pub fn search(channel: u32, id: &str, now: DateTime<Utc>) -> String {
    let until = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><CMSearchDescription><searchID>{id}</searchID>\
         <trackList><trackID>{channel}01</trackID></trackList><timeSpanList><timeSpan>\
         <startTime>2000-01-01T00:00:00Z</startTime><endTime>{until}</endTime></timeSpan></timeSpanList>\
         <maxResults>1</maxResults><searchResultPostion>0</searchResultPostion><metadataList>\
         <metadataDescriptor>//recordType.meta.std-cgi.com</metadataDescriptor></metadataList></CMSearchDescription>"
    )
}

/// Reads when the first recording of a search begins: `Some(None)` where there is none, `None` for another document.
pub fn read_oldest(root: &Element<'_>) -> Option<Option<DateTime<Utc>>> {
    let result = root.find("CMSearchResult")?;
    let begins = result.find_all("searchMatchItem").into_iter().filter_map(|item| item.text_of("startTime"));
    // [?] Some devices write their local time with a `Z`: it may be off by their zone.
    let instant = |text: &str| DateTime::parse_from_rfc3339(text.trim()).ok().map(|at| at.with_timezone(&Utc));
    Some(begins.filter_map(instant).min())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::read_any;

    fn action(day: &str, from: &str, to: &str, mode: &str) -> String {
        format!(
            "<ScheduleAction><ScheduleActionStartTime><DayOfWeek>{day}</DayOfWeek><TimeOfDay>{from}</TimeOfDay></ScheduleActionStartTime>\
             <ScheduleActionEndTime><DayOfWeek>{day}</DayOfWeek><TimeOfDay>{to}</TimeOfDay></ScheduleActionEndTime>\
             <Actions><Record>true</Record><ActionRecordingMode>{mode}</ActionRecordingMode></Actions></ScheduleAction>"
        )
    }

    fn week(to: &str, mode: &str) -> String {
        let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        days.iter().map(|day| action(day, "00:00:00", to, mode)).collect()
    }

    fn track(id: &str, enabled: bool, overwrites: &str, actions: &str) -> String {
        format!(
            "<Track><id>{id}</id><Channel>{id}</Channel><Enable>{enabled}</Enable><DefaultRecordingMode>CMR</DefaultRecordingMode>\
             {overwrites}<TrackSchedule><ScheduleBlockList><ScheduleBlock>{actions}</ScheduleBlock></ScheduleBlockList></TrackSchedule></Track>"
        )
    }

    fn tracks(inside: &str) -> Recording {
        read(&read_any(&format!("<TrackList>{inside}</TrackList>")).unwrap()).unwrap()
    }

    #[test]
    fn a_channel_is_recorded_at_all_times_when_its_whole_week_is() {
        let continuous = |actions: &str| tracks(&track("101", true, "", actions)).tracks[0].continuous;
        assert!(continuous(&week("24:00:00", "CMR")) && continuous(&week("23:59:59", "CMR")) && continuous(""));
        assert!(!continuous(&week("24:00:00", "MOTION")), "on motion only");
        assert!(!continuous(&week("18:00:00", "CMR")), "not in the evening");
        assert!(!continuous(&action("Monday", "00:00:00", "24:00:00", "CMR")), "on Mondays only");
        assert!(!tracks(&track("101", false, "", "")).tracks[0].continuous, "not at all");
    }

    #[test]
    fn main_streams_count_and_one_track_that_keeps_what_it_has_is_enough_to_fill_a_disk() {
        let (yes, no) = ("<LoopEnable>true</LoopEnable>", "<LoopEnable>false</LoopEnable>");
        let of = |second: &str| tracks(&[track("101", true, yes, ""), track("201", true, second, "")].concat());
        let channels: Vec<u32> =
            tracks(&[track("101", true, yes, ""), track("102", true, yes, ""), track("1601", true, yes, "")].concat())
                .tracks
                .iter()
                .map(|track| track.channel)
                .collect();
        assert_eq!(channels, [1, 16]);
        assert_eq!((of(yes).overwrites, of(no).overwrites, of("").overwrites), (Some(true), Some(false), None));
        assert_eq!(tracks("").overwrites, None);
        assert_eq!(read(&read_any("<DeviceInfo/>").unwrap()), None);
    }

    #[test]
    fn a_search_tells_the_oldest_or_that_there_is_none() {
        let oldest =
            |inside: &str| read_oldest(&read_any(&format!("<CMSearchResult>{inside}</CMSearchResult>")).unwrap());
        let item = "<matchList><searchMatchItem><timeSpan><startTime>2024-04-02T08:00:00Z</startTime><endTime>2024-04-02T09:00:00Z</endTime></timeSpan></searchMatchItem></matchList>";
        assert_eq!(oldest(item).unwrap().unwrap().to_rfc3339(), "2024-04-02T08:00:00+00:00");
        assert_eq!(
            oldest("<responseStatusStrg>NO MATCHES</responseStatusStrg><numOfMatches>0</numOfMatches>"),
            Some(None)
        );
        assert_eq!(read_oldest(&read_any("<html/>").unwrap()), None);
        let asked = search(3, "C0FFEE", DateTime::UNIX_EPOCH);
        let asked = read_any(&asked).unwrap();
        assert_eq!((asked.text_of("trackID"), asked.text_of("endTime")), (Some("301"), Some("1970-01-01T00:00:00Z")));
    }
}
