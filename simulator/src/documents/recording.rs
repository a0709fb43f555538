//! What is recorded: tracks with their schedules, and a search. **[?]** No hardware has confirmed these documents.

use chrono::{Days, SecondsFormat};

use super::{channel_numbers, start};
use crate::device::{Condition, Device, Now};
use crate::profile::Profile;
use crate::xml::{self, Xml};

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

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

/// Answers a search with the oldest recording of a track; `None` where the question is none.
pub(crate) fn search(device: &Device, condition: &Condition, body: &str, now: Now) -> Option<String> {
    let track = xml::find(body, "trackID")?;
    let id = xml::find(body, "searchID")?;
    let begins = now.utc.checked_sub_days(Days::new(u64::from(condition.stored.recorded_days)));
    let begins = begins.filter(|_| condition.stored.recorded_days > 0);
    let mut xml = start(device, "CMSearchResult");
    xml.leaf("searchID", id);
    xml.leaf("responseStatus", true);
    xml.leaf("responseStatusStrg", if begins.is_some() { "OK" } else { "NO MATCHES" });
    xml.leaf("numOfMatches", u8::from(begins.is_some()));
    if let Some(begins) = begins {
        xml.open("matchList");
        xml.open("searchMatchItem");
        xml.leaf("trackID", track);
        xml.open("timeSpan");
        xml.leaf("startTime", begins.to_rfc3339_opts(SecondsFormat::Secs, true));
        xml.leaf("endTime", now.utc.to_rfc3339_opts(SecondsFormat::Secs, true));
        xml.close();
        xml.close();
        xml.close();
    }
    Some(xml.finish())
}
