//! `GET /ISAPI/System/status`: how a device runs.

use siteward_domain::observation::RunStatus;

use crate::xml::Element;

/// The resource.
pub const PATH: &str = "/ISAPI/System/status";

/// Reads `DeviceStatus`; `None` for another document.
pub fn read(root: &Element<'_>) -> Option<RunStatus> {
    let status = root.find("DeviceStatus")?;
    Some(RunStatus {
        uptime_seconds: status.text_of("deviceUpTime").and_then(seconds),
        cpu_percent: mean(&status.find_all("cpuUtilization")),
        memory_percent: memory(status),
        restarts: Vec::new(),
    })
}

fn mean(loads: &[&Element<'_>]) -> Option<f32> {
    let loads: Vec<f32> = loads.iter().filter_map(|load| number(&load.text)).collect();
    if loads.is_empty() {
        return None;
    }
    let count = u16::try_from(loads.len()).ok()?;
    Some((loads.iter().sum::<f32>() / f32::from(count)).clamp(0.0, 100.0))
}

/// Seconds, or a span in words such as `87天0时55分59秒`, as capture servers write it.
fn seconds(text: &str) -> Option<u64> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    if let Ok(seconds) = whole.parse() {
        return Some(seconds);
    }
    let mut total = 0_u64;
    let mut rest = text;
    while !rest.is_empty() {
        let (number, after) = rest.split_at_checked(rest.find(|c: char| !c.is_ascii_digit())?)?;
        let (unit, after) = after.split_at_checked(after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len()))?;
        let unit = match unit.trim_start().chars().next()?.to_ascii_lowercase() {
            '天' | 'd' => 86_400,
            '时' | '小' | 'h' => 3600,
            '分' | 'm' => 60,
            '秒' | 's' => 1,
            _ => return None,
        };
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(unit)?)?;
        rest = after;
    }
    Some(total)
}

/// Recorders tell `memoryUsage` and `memoryAvailable` in one unit. Cameras tell the share in use beside what is free in KB:
/// nothing else uses less than 100 where more than 1024 are free. One value alone tells a share only if it can be one.
fn memory(status: &Element<'_>) -> Option<f32> {
    let sum = |name: &str| {
        let found: Vec<f32> = status.find_all(name).iter().filter_map(|value| number(&value.text)).collect();
        (!found.is_empty()).then(|| found.iter().sum::<f32>())
    };
    let used = sum("memoryUsage")?;
    match sum("memoryAvailable") {
        Some(free) if used <= 100.0 && free > 1024.0 => Some(used),
        Some(free) if used + free > 0.0 => Some((used * 100.0 / (used + free)).clamp(0.0, 100.0)),
        None if used <= 100.0 => Some(used),
        _ => None,
    }
}

fn number(text: &str) -> Option<f32> {
    text.trim().trim_end_matches('%').parse().ok().filter(|value: &f32| value.is_finite() && *value >= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::read_any;

    #[test]
    fn load_is_the_mean_and_memory_the_share_used() {
        let text = r"<DeviceStatus><currentDeviceTime>2024-01-01T00:00:00+00:00</currentDeviceTime><deviceUpTime>86400</deviceUpTime>
            <CPUList><CPU><cpuUtilization>10</cpuUtilization></CPU><CPU><cpuUtilization>30</cpuUtilization></CPU></CPUList>
            <MemoryList><Memory><memoryUsage>150.5</memoryUsage><memoryAvailable>49.5</memoryAvailable></Memory></MemoryList></DeviceStatus>";
        let status = read(&read_any(text).unwrap()).unwrap();
        assert_eq!(status.uptime_seconds, Some(86_400));
        assert_eq!(status.cpu_percent, Some(20.0));
        assert_eq!(status.memory_percent, Some(75.25));
    }

    #[test]
    fn cameras_tell_the_share_of_memory_beside_what_is_free_in_kb() {
        for (used, free, share) in [("97", "5380", 97.0), ("61.00", "224004", 61.0), (" 300.0", " 100.0", 75.0)] {
            let text = format!(
                "<DeviceStatus><Memory><memoryUsage>{used}</memoryUsage><memoryAvailable>{free}</memoryAvailable></Memory></DeviceStatus>"
            );
            assert_eq!(read(&read_any(&text).unwrap()).unwrap().memory_percent, Some(share), "{used} {free}");
        }
    }

    #[test]
    fn a_span_in_words_is_no_number_of_seconds() {
        for (text, seconds) in [
            ("172912", Some(172_912)),
            ("172912.5", Some(172_912)),
            ("2天3时4分5秒", Some(183_845)),
            ("2 days 3 h", Some(183_600)),
            ("3 weeks", None),
            ("soon", None),
            ("99999999999999999999天", None),
        ] {
            let text = format!("<DeviceStatus><deviceUpTime>{text}</deviceUpTime></DeviceStatus>");
            assert_eq!(read(&read_any(&text).unwrap()).unwrap().uptime_seconds, seconds, "{text}");
        }
    }

    #[test]
    fn missing_parts_stay_missing() {
        let status = read(&read_any("<DeviceStatus><deviceUpTime/><CPUList/></DeviceStatus>").unwrap()).unwrap();
        assert_eq!(status, RunStatus::default());
        assert_eq!(read(&read_any("<DeviceInfo/>").unwrap()), None);
    }
}
