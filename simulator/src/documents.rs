//! What devices say: one document a resource, in the style of the device's profile.

use crate::device::{Condition, Device, Now, held};
use crate::profile::{Profile, Schema};
use crate::resource::Resource;
use crate::telling::EventStream;
use crate::xml::Xml;

pub(crate) mod channels;
pub(crate) mod events;
pub(crate) mod moving;
pub(crate) mod recording;
pub(crate) mod refusal;
pub(crate) mod security;
pub(crate) mod service;
pub(crate) mod storage;
pub(crate) mod streaming;
pub(crate) mod system;

/// Outcome of asking for a resource with the rights to see it.
pub(crate) enum Document {
    /// An XML document.
    Xml(String),
    /// A text that is not XML.
    Plain(String),
    /// A JPEG picture.
    Picture(Vec<u8>),
    /// The multipart event stream.
    Events,
    /// The device has no such resource.
    Unsupported,
    /// The resource is there, the numbered item is not.
    NoSuchItem,
    /// Known, but not now: HTTP status, `subStatusCode`.
    Failed(u16, &'static str),
}

/// Writes a resource.
pub(crate) fn document(resource: Resource, device: &Device, condition: &Condition, now: Now) -> Document {
    let profile = device.identity.profile;
    let proxy = profile.has_proxy_channels();
    match resource {
        Resource::Status if profile == Profile::Thermal => Document::Failed(404, "notSupport"),
        _ if profile.is_panel() && resource.is_of_video() => Document::Unsupported,
        Resource::VideoInputs | Resource::VideoInput(_) if proxy => Document::Unsupported,
        Resource::ProxyChannels | Resource::ProxyChannel(_) | Resource::ProxyStatuses | Resource::ProxyStatus(_)
            if !proxy && profile != Profile::Dvr =>
        {
            Document::Unsupported
        }
        Resource::ProxyStatuses if profile == Profile::NvrOld => Document::Failed(404, "notSupport"),
        Resource::Capabilities if profile == Profile::CameraOld => Document::Unsupported,
        Resource::SecurityCapabilities if matches!(profile, Profile::CameraOld | Profile::NvrOld) => {
            Document::Unsupported
        }
        Resource::DeviceInfo => Document::Xml(system::device_info(device)),
        Resource::Status => Document::Xml(system::status(device, condition, now)),
        Resource::Capabilities => Document::Xml(system::capabilities(device)),
        Resource::Time => Document::Xml(system::time(device, condition, now)),
        Resource::NtpServer => Document::Xml(system::ntp_server(device)),
        Resource::TimeZone => Document::Plain(held(&device.setup).clock.zone()),
        Resource::Address(interface) => item(system::ip_address(device, interface)),
        Resource::Ezviz => Document::Xml(service::ezviz(device, now)),
        Resource::EzvizUnbind
        | Resource::Search
        | Resource::Download
        | Resource::Momentary(_)
        | Resource::Reboot
        | Resource::Challenge
        | Resource::Activate
        | Resource::Output(_)
        | Resource::ManualRecord(_)
        | Resource::Preset(..) => Document::Failed(403, "methodNotAllowed"),
        Resource::Interfaces => Document::Xml(system::interfaces(device)),
        Resource::VideoInputs => Document::Xml(channels::video_inputs(device, condition)),
        Resource::VideoInput(channel) => item(channels::video_input(device, condition, channel)),
        Resource::ProxyChannels => Document::Xml(channels::proxy_channels(device)),
        Resource::ProxyChannel(channel) => item(channels::proxy_channel(device, channel)),
        Resource::ProxyStatuses => Document::Xml(channels::proxy_statuses(device, condition)),
        Resource::ProxyStatus(channel) => item(channels::proxy_status(device, condition, channel)),
        Resource::Storage => Document::Xml(storage::storage(device, condition)),
        Resource::Disks => Document::Xml(storage::disks(device, condition)),
        Resource::Smart(disk) if storage::has_checks(device) => item(storage::smart(device, condition, disk)),
        Resource::Tracks if recording::has_tracks(device) => Document::Xml(recording::tracks(device, condition)),
        Resource::Smart(_) | Resource::Tracks => Document::Unsupported,
        Resource::Disk(disk) => item(storage::disk(device, condition, disk)),
        Resource::Users => Document::Xml(security::users(device)),
        Resource::User(id) => item(security::user(device, id)),
        Resource::UserCheck => Document::Xml(security::user_check(device)),
        Resource::SecurityCapabilities => Document::Xml(security::capabilities(device)),
        Resource::AdminAccesses => Document::Xml(security::admin_accesses(device)),
        Resource::Triggers => Document::Xml(events::triggers(device)),
        Resource::AlertStream if device.telling.behaviour() == EventStream::Missing => Document::Unsupported,
        Resource::AlertStream => Document::Events,
        Resource::HttpHosts => Document::Xml(events::http_hosts(device)),
        Resource::Presets(channel) => moving::presets(device, channel),
        Resource::Streams => Document::Xml(streaming::streams(device)),
        Resource::Stream(stream) => item(streaming::stream(device, stream)),
        Resource::Picture(stream) => streaming::picture(device, condition, stream, now),
        Resource::Activation => Document::Xml(security::activation(device)),
        Resource::ActivateStatus => security::activate_status(device),
        Resource::SdkCapabilities => system::sdk_capabilities(device),
    }
}

fn item(document: Option<String>) -> Document {
    document.map_or(Document::NoSuchItem, Document::Xml)
}

/// A document in the device's own namespace.
pub(crate) fn start(device: &Device, root: &'static str) -> Xml {
    Xml::new(root, device.identity.model.schema.attributes())
}

/// Attributes that items of a list repeat: devices of the older namespace do, those of the newer one do not.
pub(crate) fn repeated(device: &Device) -> &'static str {
    match device.identity.model.schema {
        Schema::Isapi | Schema::Absent => "",
        schema => schema.attributes(),
    }
}

/// Numbers of the device's channels. Old recorders leave gaps where a camera was removed.
pub(crate) fn channel_numbers(device: &Device) -> impl Iterator<Item = u32> + use<> {
    let gap = if device.identity.profile == Profile::NvrOld { 3 } else { 0 };
    let shown = held(&device.setup).shows.as_ref().map(|shows| u32::try_from(shows.len()).unwrap_or(u32::MAX));
    let count = shown.unwrap_or(device.identity.model.channels);
    (1..=count + u32::from(gap > 0)).filter(move |number| *number != gap)
}

/// Name of a channel.
pub(crate) fn channel_name(device: &Device, channel: u32) -> String {
    let places = [
        "Entrance",
        "Stairs",
        "Corridor",
        "Loading bay",
        "Fence east",
        "Fence west",
        "Till",
        "Store room",
        "Lift",
        "Ramp",
    ];
    if device.identity.model.channels == 1 && !device.identity.profile.has_proxy_channels() {
        return device.name();
    }
    let place = places.get((channel as usize + device.index) % places.len()).copied().unwrap_or("Camera");
    format!("{place} {channel:02}")
}
