//! Setting the clock and the time zone.

use chrono::{DateTime, FixedOffset, NaiveDateTime};

use super::{Outcome, Refusal};
use crate::device::{Device, Now, held};
use crate::xml;

const BAD: Refusal = (400, "badXmlContent");

pub(super) fn set(device: &Device, body: &str, now: Now) -> Result<Outcome, Refusal> {
    let by_hand = match xml::find(body, "timeMode").as_deref() {
        Some("manual") => true,
        Some("NTP") => false,
        _ => return Err(BAD),
    };
    let zone = xml::find(body, "timeZone").filter(|zone| !zone.is_empty());
    let east = match &zone {
        Some(zone) => seconds_east(zone).ok_or(BAD)?,
        None => held(&device.setup).clock.east,
    };
    let offset = if by_hand {
        let written = xml::find(body, "localTime").ok_or(BAD)?;
        let given = read_time(&written, east).ok_or(BAD)?;
        given.timestamp() - now.utc.timestamp()
    } else {
        0
    };
    {
        let mut setup = held(&device.setup);
        setup.clock.by_hand = by_hand;
        setup.clock.east = east;
        if let Some(zone) = zone {
            setup.clock.zone = Some(zone.into_boxed_str());
        }
    }
    held(&device.condition).clock_offset_seconds = offset;
    device.forget_documents();
    Ok(Outcome::OK)
}

pub(super) fn set_zone(device: &Device, zone: &str) -> Result<Outcome, Refusal> {
    let east = seconds_east(zone).ok_or(BAD)?;
    let mut setup = held(&device.setup);
    setup.clock.east = east;
    setup.clock.zone = Some(zone.into());
    drop(setup);
    device.forget_documents();
    Ok(Outcome::OK)
}

/// With an offset, or without one in the device's zone.
fn read_time(text: &str, east: i32) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text).ok().or_else(|| {
        let naive = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").ok()?;
        naive.and_local_timezone(FixedOffset::east_opt(east)?).single()
    })
}

/// Standard time of a POSIX zone such as `CST-1:00:00DST01:00:00,M3.5.0/02:00:00,M10.5.0/03:00:00`; what follows it
/// (summer time) is kept as written and not reckoned with.
fn seconds_east(zone: &str) -> Option<i32> {
    if zone.len() > 80 || !zone.is_ascii() {
        return None;
    }
    let name = zone.find(|letter: char| !letter.is_ascii_alphabetic())?;
    if name < 3 {
        return None;
    }
    let rest = zone.get(name..)?;
    let end = rest.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(rest.len());
    let number = rest.get(..end)?;
    let (west, digits) = match number.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, number.strip_prefix('+').unwrap_or(number)),
    };
    let mut seconds = 0;
    let mut unit = 3600;
    for part in digits.split(':') {
        let value: i32 = part.parse().ok().filter(|value| (0..60).contains(value))?;
        seconds += value * unit;
        unit /= 60;
    }
    (seconds <= 15 * 3600).then_some(-west * seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posix_zones_are_read() {
        for (zone, east) in [
            ("CST-3:00:00", Some(10_800)),
            ("CST+5:30:00", Some(-19_800)),
            ("CST0:00:00", Some(0)),
            ("UTC0", Some(0)),
            ("CST-1:00:00DST01:00:00,M3.5.0/02:00:00,M10.5.0/03:00:00", Some(3_600)),
            ("Europe/Berlin", None),
            ("CST", None),
            ("CST-25:00:00", None),
            ("C-1", None),
            ("", None),
        ] {
            assert_eq!(seconds_east(zone), east, "{zone:?}");
        }
    }
}
