//! `GET /ISAPI/ContentMgmt/Storage/hdd/<id>/SMARTTest/status`: what a disk's own check says.
//!
//! The temperature is spelt `temprature` by devices. [?] `selfEvaluaingStatus` and `allEvaluaingStatus` are two words on how
//! the disk is, of the disk and of the device: the worse one counts, and a word that is not known tells nothing.

use siteward_domain::observation::{Disk, DiskSmart, DiskState, SmartState};

use super::whole_number;
use crate::xml::Element;

/// How the checks of all disks are named among the resources of a fact.
pub const ANY_PATH: &str = "/ISAPI/ContentMgmt/Storage/hdd/<id>/SMARTTest/status";
/// Disks that are asked at most.
pub const MOST_DISKS: usize = 16;

const WORDS: [&str; 4] = ["selfEvaluaingStatus", "allEvaluaingStatus", "selfEvaluatingStatus", "allEvaluatingStatus"];
const TEMPERATURES: [&str; 2] = ["temprature", "temperature"];
/// No disk that answers is colder or hotter: other numbers are not degrees.
const DEGREES: std::ops::RangeInclusive<i32> = -40..=120;

/// The check of one disk; `None` for a disk that has none or whose id is no number.
pub fn path(disk: &Disk) -> Option<String> {
    let is_disk = disk.kind == "hdd" && disk.state != DiskState::Empty;
    let id: u32 = disk.id.parse().ok().filter(|_| is_disk)?;
    Some(format!("/ISAPI/ContentMgmt/Storage/hdd/{id}/SMARTTest/status"))
}

/// Reads the check of the disk with this id; `None` for another document.
pub fn read(root: &Element<'_>, id: &str) -> Option<DiskSmart> {
    let words: Vec<&str> = WORDS.iter().filter_map(|name| root.text_of(name)).collect();
    let temperature = TEMPERATURES.iter().find_map(|name| root.text_of(name)).and_then(degrees);
    if words.is_empty() && temperature.is_none() {
        return None;
    }
    Some(DiskSmart {
        id: id.to_owned(),
        state: SmartState::read(words.iter().copied()),
        raw_state: words.join(", "),
        temperature_celsius: temperature,
        powered_on_days: root.text_of("powerOnDay").and_then(whole_number).and_then(|days| u32::try_from(days).ok()),
    })
}

fn degrees(text: &str) -> Option<i32> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(text.len());
    text.get(..end)?.parse().ok().filter(|degrees| DEGREES.contains(degrees))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::read_any;

    fn check(inside: &str) -> Option<DiskSmart> {
        read(&read_any(&format!("<SmartTestStatus>{inside}</SmartTestStatus>")).unwrap(), "1")
    }

    #[test]
    fn the_worse_of_two_words_counts_and_the_temperature_is_read_as_it_is_spelt() {
        let told = check(
            "<temprature>43</temprature><powerOnDay>812</powerOnDay><selfEvaluaingStatus>ok</selfEvaluaingStatus>\
             <allEvaluaingStatus>badsectors</allEvaluaingStatus>",
        )
        .unwrap();
        assert_eq!(
            (told.state, told.temperature_celsius, told.powered_on_days),
            (SmartState::Failing, Some(43), Some(812))
        );
        assert_eq!(told.raw_state, "ok, badsectors");
    }

    #[test]
    fn what_is_no_temperature_is_none_and_what_is_no_check_is_nothing() {
        for (text, degrees) in [("38.5", Some(38)), ("-3", Some(-3)), ("41C", Some(41)), ("4711", None), ("warm", None)]
        {
            let told = check(&format!("<temprature>{text}</temprature><selfEvaluaingStatus>ok</selfEvaluaingStatus>"));
            assert_eq!(told.unwrap().temperature_celsius, degrees, "{text}");
        }
        assert_eq!(check("<selfTestPercent>20</selfTestPercent>"), None);
    }

    #[test]
    fn only_a_disk_that_is_there_is_asked() {
        let disk = |kind: &str, id: &str, word| Disk {
            id: id.into(),
            name: String::new(),
            kind: kind.into(),
            state: DiskState::read(word),
            raw_state: String::new(),
            capacity_mb: None,
            free_mb: None,
        };
        assert!(path(&disk("hdd", "3", "error")).is_some_and(|path| path.ends_with("/hdd/3/SMARTTest/status")));
        assert_eq!(path(&disk("hdd", "3", "notexist")), None);
        assert_eq!(path(&disk("nas", "9", "ok")), None);
        assert_eq!(path(&disk("hdd", "../x", "ok")), None);
    }
}
