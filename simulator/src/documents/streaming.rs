//! Streams and snapshots.

use super::{Document, channel_name, channel_numbers, repeated, start};
use crate::device::{Condition, Device, Now};
use crate::picture;
use crate::xml::Xml;

pub(super) fn streams(device: &Device) -> String {
    let mut xml = start(device, "StreamingChannelList");
    for channel in channel_numbers(device) {
        for kind in 1..=2 {
            xml.open_with("StreamingChannel", repeated(device));
            write_stream(&mut xml, device, channel, kind);
            xml.close();
        }
    }
    xml.finish()
}

pub(super) fn stream(device: &Device, stream: u32) -> Option<String> {
    let channel = channel_of(device, stream)?;
    let mut xml = start(device, "StreamingChannel");
    write_stream(&mut xml, device, channel, stream % 100);
    Some(xml.finish())
}

/// Channel of a stream, e.g. 2 of 201.
fn channel_of(device: &Device, stream: u32) -> Option<u32> {
    let known = matches!(stream % 100, 1 | 2);
    channel_numbers(device).find(|channel| known && *channel == stream / 100)
}

fn write_stream(xml: &mut Xml, device: &Device, channel: u32, kind: u32) {
    let (width, height) = if kind == 1 { (2560, 1440) } else { (640, 360) };
    xml.leaf("id", channel * 100 + kind);
    xml.leaf("channelName", channel_name(device, channel));
    xml.leaf("enabled", true);
    xml.open("Transport");
    xml.open("ControlProtocolList");
    xml.open("ControlProtocol");
    xml.leaf("streamingTransport", "RTSP");
    xml.close();
    xml.close();
    xml.close();
    xml.open("Video");
    xml.leaf("enabled", true);
    xml.leaf("videoInputChannelID", channel);
    xml.leaf("videoCodecType", "H.265");
    xml.leaf("videoResolutionWidth", width);
    xml.leaf("videoResolutionHeight", height);
    xml.leaf("maxFrameRate", 2500);
    xml.leaf("snapShotImageType", "JPEG");
    xml.close();
}

/// A snapshot, or why there is none.
pub(super) fn picture(device: &Device, condition: &Condition, stream: u32, now: Now) -> Document {
    match channel_of(device, stream) {
        None => Document::NoSuchItem,
        Some(channel) if condition.channel_offline.contains(&channel) => Document::Failed(503, "serviceUnavailable"),
        Some(channel) if condition.video_loss.contains(&channel) => Document::Failed(503, "deviceError"),
        Some(channel) => Document::Picture(picture::draw(device.index, channel, now.utc.timestamp())),
    }
}
