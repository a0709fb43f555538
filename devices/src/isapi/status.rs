//! `GET /ISAPI/System/status`: how a device runs.

use siteward_domain::observation::RunStatus;

use super::whole_number;
use crate::xml::Element;

/// The resource.
pub const PATH: &str = "/ISAPI/System/status";

/// Reads `DeviceStatus`; `None` for another document.
pub fn read(root: &Element<'_>) -> Option<RunStatus> {
    let status = root.find("DeviceStatus")?;
    Some(RunStatus {
        uptime_seconds: status.text_of("deviceUpTime").and_then(whole_number),
        cpu_percent: mean(&status.find_all("cpuUtilization")),
        memory_percent: memory(status),
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

/// `memoryUsage` and `memoryAvailable` are in MB; one alone tells a share only if it can be one.
fn memory(status: &Element<'_>) -> Option<f32> {
    let sum = |name: &str| {
        let found: Vec<f32> = status.find_all(name).iter().filter_map(|value| number(&value.text)).collect();
        (!found.is_empty()).then(|| found.iter().sum::<f32>())
    };
    let used = sum("memoryUsage")?;
    match sum("memoryAvailable") {
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
    fn missing_parts_stay_missing() {
        let status = read(&read_any("<DeviceStatus><deviceUpTime/><CPUList/></DeviceStatus>").unwrap()).unwrap();
        assert_eq!(status, RunStatus::default());
        assert_eq!(read(&read_any("<DeviceInfo/>").unwrap()), None);
    }
}
