//! `GET /ISAPI/System/capabilities`: what a device can do, as far as we ask.

use siteward_domain::observation::Capabilities;

use super::{whole_number, yes_or_no};
use crate::xml::Element;

/// The resource.
pub const PATH: &str = "/ISAPI/System/capabilities";

/// Reads `DeviceCap`; `None` for another document.
pub fn read(root: &Element<'_>) -> Option<Capabilities> {
    let all = root.find("DeviceCap")?;
    let network = all.find("NetworkCap").unwrap_or(all);
    let told = |name: &str| network.text_of(name).and_then(yes_or_no);
    let count = |name: &str| all.text_of(name).and_then(whole_number).and_then(|number| u32::try_from(number).ok());
    Some(Capabilities {
        cloud_service: told("isSupportEZVIZ"),
        cloud_unbind: told("isSupportEZVIZUnbind"),
        video_inputs: count("videoInputPortNums"),
        alarm_inputs: count("IOInputPortNums"),
        alarm_outputs: count("IOOutputPortNums"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::read_any;

    #[test]
    fn the_cloud_switch_is_the_one_of_the_network_part() {
        let text = "<DeviceCap><SysCap><NetworkCap><isSupportEZVIZ>true</isSupportEZVIZ><isSupportEZVIZUnbind opt=\"true\">true</isSupportEZVIZUnbind>\
            <isSupportPlatformAccess>false</isSupportPlatformAccess></NetworkCap><IOCap><IOInputPortNums>2</IOInputPortNums></IOCap>\
            <VideoCap><videoInputPortNums>4</videoInputPortNums></VideoCap></SysCap></DeviceCap>";
        let found = read(&read_any(text).unwrap()).unwrap();
        assert_eq!((found.cloud_service, found.cloud_unbind), (Some(true), Some(true)));
        assert_eq!((found.video_inputs, found.alarm_inputs, found.alarm_outputs), (Some(4), Some(2), None));
    }
}
