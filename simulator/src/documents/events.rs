//! Triggers, the event stream and where events are sent.

use super::{channel_numbers, repeated, start, system};
use crate::change::Disk;
use crate::device::{Condition, Device, Now};
use crate::profile::Profile;
use crate::xml::Xml;

pub(super) fn triggers(device: &Device) -> String {
    let nested = matches!(device.identity.profile, Profile::CameraOld | Profile::Thermal);
    let mut xml = start(device, if nested { "EventNotification" } else { "EventTriggerList" });
    if nested {
        xml.open_with("EventTriggerList", repeated(device));
    }
    for channel in channel_numbers(device) {
        write_trigger(&mut xml, "VMD", Some(channel), Some(&["center", "record"]));
        write_trigger(&mut xml, "videoloss", Some(channel), Some(&["center"]));
        // Nothing is linked: an empty list.
        write_trigger(&mut xml, "tamperdetection", Some(channel), None);
    }
    write_trigger(&mut xml, "diskfull", None, Some(&["center", "beep"]));
    write_trigger(&mut xml, "diskerror", None, Some(&["center", "beep"]));
    xml.finish()
}

fn write_trigger(xml: &mut Xml, kind: &str, channel: Option<u32>, methods: Option<&[&str]>) {
    xml.open("EventTrigger");
    match channel {
        Some(channel) => xml.leaf("id", format_args!("{kind}-{channel}")),
        None => xml.leaf("id", kind),
    }
    xml.leaf("eventType", kind);
    xml.leaf("eventDescription", format_args!("{kind} Event trigger Information"));
    if let Some(channel) = channel {
        xml.leaf("videoInputChannelID", channel);
        xml.leaf("dynVideoInputChannelID", channel);
    }
    xml.open("EventTriggerNotificationList");
    for method in methods.unwrap_or_default() {
        xml.open("EventTriggerNotification");
        xml.leaf("id", method);
        xml.leaf("notificationMethod", method);
        xml.leaf("notificationRecurrence", "beginning");
        xml.close();
    }
    xml.close();
    xml.close();
}

/// Boundary of the device's event stream.
pub(crate) const fn boundary(device: &Device) -> &'static str {
    match device.identity.profile {
        Profile::Thermal => "MIME_boundary",
        _ => "boundary",
    }
}

/// What the event stream says at a heartbeat: an alert a fault, or that there is none.
pub(crate) fn alerts(device: &Device, condition: &Condition, now: Now) -> Vec<String> {
    let mut alerts: Vec<String> =
        condition.video_loss.iter().map(|channel| alert(device, condition, now, "videoloss", *channel, true)).collect();
    if matches!(condition.disk, Disk::Error | Disk::SmartFailed) {
        alerts.push(alert(device, condition, now, "diskerror", 1, true));
    }
    if alerts.is_empty() {
        alerts.push(alert(device, condition, now, "videoloss", 0, false));
    }
    alerts
}

/// One alert in XML.
pub(crate) fn alert(
    device: &Device,
    condition: &Condition,
    now: Now,
    kind: &str,
    channel: u32,
    active: bool,
) -> String {
    let mut xml = start(device, "EventNotificationAlert");
    xml.leaf("ipAddress", device.address());
    xml.leaf("portNo", device.port);
    xml.leaf("protocol", if device.certificate.is_some() { "HTTPS" } else { "HTTP" });
    xml.leaf("macAddress", &device.identity.mac);
    xml.leaf("channelID", channel);
    xml.leaf("dateTime", system::local_time(device, condition, now));
    xml.leaf("activePostCount", u8::from(active));
    xml.leaf("eventType", kind);
    xml.leaf("eventState", if active { "active" } else { "inactive" });
    xml.leaf("eventDescription", format_args!("{kind} alarm"));
    xml.finish()
}

/// Recorders of version 4 answer this one in a namespace of their own.
pub(super) fn http_hosts(device: &Device) -> String {
    let own = matches!(device.identity.profile, Profile::NvrOld | Profile::Dvr);
    let psia = crate::profile::Schema::Psia.attributes();
    let (mut xml, inner) = if own {
        (Xml::new("HttpHostNotificationList", psia), psia)
    } else {
        (start(device, "HttpHostNotificationList"), repeated(device))
    };
    xml.open_with("HttpHostNotification", inner);
    xml.leaf("id", 1);
    xml.leaf("url", "/");
    xml.leaf("protocolType", "HTTP");
    xml.leaf("parameterFormatType", "XML");
    xml.leaf("addressingFormatType", "ipaddress");
    xml.leaf("ipAddress", "0.0.0.0");
    xml.leaf("portNo", 80);
    xml.leaf("httpAuthenticationMethod", "none");
    if own {
        xml.open_with("Extensions", device.identity.model.schema.attributes());
        xml.leaf("intervalBetweenEvents", 0);
        xml.close();
    }
    xml.finish()
}
