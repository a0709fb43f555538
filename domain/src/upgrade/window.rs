//! The hours of the day in which a device may begin, in the time zone of its site.

use chrono::{DateTime, Timelike as _, Utc};
use chrono_tz::Tz;

const MINUTES: u16 = 24 * 60;

/// From a minute of the day until another, also over midnight. A device that began in it goes on after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    from: u16,
    until: u16,
}

/// Times that are no window.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a window is two different times of the day, HH:MM")]
pub struct BadWindow;

impl Window {
    /// Minutes of the day.
    pub fn new(from: u16, until: u16) -> Result<Self, BadWindow> {
        if from < MINUTES && until < MINUTES && from != until { Ok(Self { from, until }) } else { Err(BadWindow) }
    }

    /// Two times such as `23:30` and `05:00`.
    pub fn parse(from: &str, until: &str) -> Result<Self, BadWindow> {
        Self::new(minutes(from)?, minutes(until)?)
    }

    /// The minute of the day at which it opens.
    pub fn opens_at(&self) -> u16 {
        self.from
    }

    /// The minute of the day at which it closes.
    pub fn closes_at(&self) -> u16 {
        self.until
    }

    /// Both times as a person writes them.
    pub fn written(&self) -> (String, String) {
        let write = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        (write(self.from), write(self.until))
    }

    /// The same with the name of a time zone; one that is not known is taken for UTC.
    pub fn is_open_in(&self, now: DateTime<Utc>, zone: &str) -> bool {
        self.is_open(now, zone.parse().unwrap_or(Tz::UTC))
    }

    /// Whether a device may begin at `now` on a site in this time zone.
    pub fn is_open(&self, now: DateTime<Utc>, zone: Tz) -> bool {
        let local = now.with_timezone(&zone);
        let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap_or(0);
        if self.from < self.until {
            (self.from..self.until).contains(&minute)
        } else {
            minute >= self.from || minute < self.until
        }
    }
}

fn minutes(text: &str) -> Result<u16, BadWindow> {
    let (hours, minutes) = text.split_once(':').ok_or(BadWindow)?;
    let read = |text: &str, most: u16| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u16>().ok().filter(|number| digits && *number < most).ok_or(BadWindow)
    };
    Ok(read(hours, 24)? * 60 + read(minutes, 60)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_opens_in_the_time_zone_of_the_site_and_over_midnight() {
        let night = Window::parse("23:30", "05:00").unwrap();
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let berlin: Tz = "Europe/Berlin".parse().unwrap();
        for (time, open) in [
            ("2026-11-28T22:29:00Z", false),
            ("2026-11-28T22:30:00Z", true),
            ("2026-11-29T03:59:00Z", true),
            ("2026-11-29T04:00:00Z", false),
        ] {
            assert_eq!(night.is_open(at(time), berlin), open, "{time}");
        }
        let day = Window::parse("09:00", "17:00").unwrap();
        assert!(day.is_open(at("2026-11-28T12:00:00Z"), berlin));
        assert!(!day.is_open(at("2026-11-28T12:00:00Z"), "Asia/Tokyo".parse().unwrap()));
        assert_eq!(night.written(), ("23:30".to_owned(), "05:00".to_owned()));
    }

    #[test]
    fn what_is_no_window_is_refused() {
        for (from, until) in [("9:00", "17:00"), ("24:00", "05:00"), ("01:00", "01:00"), ("", ""), ("01:60", "02:00")] {
            assert_eq!(Window::parse(from, until), Err(BadWindow), "{from} {until}");
        }
    }
}
