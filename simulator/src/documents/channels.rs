//! Channels in the two ways that devices list them: their own video inputs, and network cameras behind a recorder.

use std::net::Ipv4Addr;

use super::{channel_name, channel_numbers, repeated, start};
use crate::device::{Condition, Device, held};
use crate::profile::Profile;
use crate::xml::Xml;

pub(super) fn video_inputs(device: &Device, condition: &Condition) -> String {
    let mut xml = start(device, "VideoInputChannelList");
    for channel in channel_numbers(device) {
        xml.open_with("VideoInputChannel", repeated(device));
        write_input(&mut xml, device, condition, channel);
        xml.close();
    }
    xml.finish()
}

pub(super) fn video_input(device: &Device, condition: &Condition, channel: u32) -> Option<String> {
    channel_numbers(device).find(|number| *number == channel)?;
    let mut xml = start(device, "VideoInputChannel");
    write_input(&mut xml, device, condition, channel);
    Some(xml.finish())
}

fn write_input(xml: &mut Xml, device: &Device, condition: &Condition, channel: u32) {
    let dvr = device.identity.profile == Profile::Dvr;
    let lost = condition.video_loss.contains(&channel);
    xml.leaf("id", channel);
    xml.leaf("inputPort", channel);
    if dvr {
        xml.leaf("videoInputEnabled", !condition.channel_offline.contains(&channel));
    }
    xml.leaf("name", channel_name(device, channel));
    xml.leaf("videoFormat", "PAL");
    // Cameras tell no resolution here; one that lost its sensor says so all the same.
    if lost {
        xml.leaf("resDesc", "NO VIDEO");
    } else if dvr {
        xml.leaf("resDesc", "1920*1080(1080P)P25");
    }
}

pub(super) fn proxy_channels(device: &Device) -> String {
    let mut xml = start_proxy_list(device, "InputProxyChannelList");
    for channel in proxied(device) {
        xml.open_with("InputProxyChannel", repeated(device));
        write_proxy(&mut xml, device, channel);
        xml.close();
    }
    xml.finish()
}

pub(super) fn proxy_channel(device: &Device, channel: u32) -> Option<String> {
    proxied(device).find(|number| *number == channel)?;
    let mut xml = start(device, "InputProxyChannel");
    write_proxy(&mut xml, device, channel);
    Some(xml.finish())
}

pub(super) fn proxy_statuses(device: &Device, condition: &Condition) -> String {
    let mut xml = start(device, "InputProxyChannelStatusList");
    for channel in proxied(device) {
        xml.open_with("InputProxyChannelStatus", repeated(device));
        write_status(&mut xml, device, condition, channel);
        xml.close();
    }
    xml.finish()
}

pub(super) fn proxy_status(device: &Device, condition: &Condition, channel: u32) -> Option<String> {
    proxied(device).find(|number| *number == channel)?;
    let mut xml = start(device, "InputProxyChannelStatus");
    write_status(&mut xml, device, condition, channel);
    Some(xml.finish())
}

/// A DVR could have network cameras and here has none.
fn proxied(device: &Device) -> impl Iterator<Item = u32> + use<> {
    let none = device.identity.profile == Profile::Dvr;
    channel_numbers(device).filter(move |_| !none)
}

/// The list says how long it is, and is wrong, as on real recorders.
fn start_proxy_list(device: &Device, root: &'static str) -> Xml {
    let size = match device.identity.profile {
        Profile::Dvr => 2,
        Profile::NvrOld => device.identity.model.channels - 2,
        _ => device.identity.model.channels + 4,
    };
    Xml::new(root, &format!("{} size=\"{size}\"", device.identity.model.schema.attributes()))
}

/// The address of a channel's camera, where it is a device of this simulator.
fn shown(device: &Device, channel: u32) -> Option<Ipv4Addr> {
    let place = usize::try_from(channel.checked_sub(1)?).ok()?;
    held(&device.setup).shows.as_ref()?.get(place).copied()
}

fn write_source(xml: &mut Xml, device: &Device, channel: u32) {
    xml.leaf("proxyProtocol", "HIKVISION");
    xml.leaf("addressingFormatType", "ipaddress");
    match shown(device, channel) {
        Some(address) => xml.leaf("ipAddress", address),
        None => xml.leaf("ipAddress", format_args!("192.168.{}.{}", device.index % 250, 10 + channel)),
    }
    xml.leaf("managePortNo", 8000);
    xml.leaf("srcInputPort", 1);
    xml.leaf("userName", "admin");
    xml.leaf("connMode", "plugplay");
    xml.leaf("streamType", "auto");
    if device.identity.profile == Profile::Nvr {
        let short = format!("K{:08}", device.index as u64 * 100 + u64::from(channel));
        xml.leaf("model", "DS-2CD2347G2-LU");
        xml.leaf("serialNumber", format_args!("DS-2CD2347G2-LU20220305AAWR{short}"));
        xml.leaf("firmwareVersion", "V5.7.15 build 230313");
    }
    xml.leaf("deviceID", "");
}

fn write_proxy(xml: &mut Xml, device: &Device, channel: u32) {
    xml.leaf("id", channel);
    xml.leaf("name", channel_name(device, channel));
    xml.open("sourceInputPortDescriptor");
    write_source(xml, device, channel);
    xml.close();
    xml.leaf("enableAnr", false);
    if device.identity.profile == Profile::Nvr {
        xml.leaf("enableTiming", true);
    }
}

fn write_status(xml: &mut Xml, device: &Device, condition: &Condition, channel: u32) {
    let offline = condition.channel_offline.contains(&channel);
    let lost = condition.video_loss.contains(&channel);
    xml.leaf("id", channel);
    xml.open("sourceInputPortDescriptor");
    write_source(xml, device, channel);
    xml.close();
    xml.leaf("online", !offline);
    xml.open("streamingProxyChannelIdList");
    xml.leaf("streamingProxyChannelId", channel * 100 + 1);
    xml.leaf("streamingProxyChannelId", channel * 100 + 2);
    xml.close();
    xml.leaf(
        "chanDetectResult",
        if offline {
            "netUnreachable"
        } else if lost {
            "ipcStreamFail"
        } else {
            "connect"
        },
    );
    if device.identity.profile == Profile::Nvr {
        // **[?]** Recorders are said to tell this, and not in which words.
        xml.leaf("recordStatus", !offline && !condition.stored.not_recording.contains(&channel));
        xml.open("SecurityStatus");
        xml.leaf("PasswordStatus", "strong");
        xml.close();
    }
}
