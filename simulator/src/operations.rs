//! What one does to a device over ISAPI: everything that is not GET.

use std::sync::Arc;

use crate::device::{Device, Now, count, held};
use crate::documents::recording;
use crate::network;
use crate::resource::Resource;
use crate::wire::Request;
use crate::xml;

mod activation;
mod clock;
pub(crate) mod linked;
mod service;
mod users;

/// How an operation ended: HTTP status, `statusCode`, `subStatusCode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) status: u16,
    pub(crate) code: u8,
    pub(crate) word: &'static str,
}

impl Outcome {
    pub(crate) const OK: Self = Self { status: 200, code: 1, word: "ok" };
    /// Done, and good once the device has been restarted.
    pub(crate) const REBOOT_REQUIRED: Self = Self { status: 200, code: 7, word: "rebootRequired" };

    const fn is_success(self) -> bool {
        self.status == 200
    }
}

/// What an operation is answered with.
pub(crate) enum Done {
    Status(Outcome),
    /// An XML document.
    Document(String),
    /// Done, and the device goes away for it.
    Leaving,
}

/// HTTP status and `subStatusCode` of a refusal.
pub(crate) type Refusal = (u16, &'static str);

/// Carries out what is asked; `None` if the resource knows no such method.
pub(crate) fn operate(
    resource: Resource,
    device: &Arc<Device>,
    request: &Request<'_>,
    now: Now,
) -> Option<Result<Done, Refusal>> {
    let body = str::from_utf8(request.body).unwrap_or_default();
    let put = request.method == "PUT";
    if resource == Resource::Search && request.method == "POST" && recording::has_tracks(device) {
        // It changes nothing, whatever its method.
        let found = recording::search(device, &device.condition(), body, now);
        return Some(found.map(Done::Document).ok_or((400, "badXmlContent")));
    }
    let done = match resource {
        Resource::Challenge if request.method == "POST" => activation::challenge(device, body).map(Done::Document),
        Resource::Activate if put => activation::activate(device, body).map(Done::Status),
        Resource::Ezviz if put => service::set(device, body, now).map(Done::Status),
        Resource::EzvizUnbind if put || request.method == "POST" => service::unbind(device, now).map(Done::Status),
        Resource::Reboot if put => {
            network::reboot(device);
            Ok(Done::Leaving)
        }
        Resource::Time if put => clock::set(device, body, now).map(Done::Status),
        Resource::TimeZone if put => clock::set_zone(device, body.trim()).map(Done::Status),
        Resource::Address(interface) if put => set_address(device, interface, body).map(Done::Status),
        Resource::User(id) if put => users::set(device, id, body, request.target).map(Done::Status),
        Resource::DeviceInfo if put => rename(device, body).map(Done::Status),
        // Newer cameras take both methods for a recording.
        Resource::ManualRecord(track) if put || request.method == "POST" => {
            linked::record(device, track).map(Done::Status)
        }
        Resource::Output(output) if put => linked::switch(device, output, body).map(Done::Status),
        Resource::Momentary(channel) if put => linked::move_camera(device, channel, body).map(Done::Status),
        Resource::Preset(channel, preset) if put => linked::turn(device, channel, preset).map(Done::Status),
        _ => return None,
    };
    let success = match &done {
        Ok(Done::Status(outcome)) => outcome.is_success(),
        other => other.is_ok(),
    };
    count(if success { &device.tallies.writes } else { &device.tallies.writes_refused });
    Some(done)
}

/// Only the name can be changed; the rest of the document is left aside, as devices do.
fn rename(device: &Device, body: &str) -> Result<Outcome, Refusal> {
    let name = xml::find(body, "deviceName").ok_or((400, "badXmlContent"))?;
    if !(1..=32).contains(&name.chars().count()) {
        return Err((400, "badParameters"));
    }
    held(&device.setup).name = name;
    device.forget_documents();
    Ok(Outcome::OK)
}

/// Addresses themselves are the machine's; only where they come from can be changed.
fn set_address(device: &Device, interface: u32, body: &str) -> Result<Outcome, Refusal> {
    if interface != 1 {
        return Err((400, "invalidID"));
    }
    let dhcp = match xml::find(body, "addressingType").as_deref() {
        Some("dynamic") => true,
        Some("static") => false,
        _ => return Err((400, "badXmlContent")),
    };
    held(&device.setup).dhcp = dhcp;
    // Old recorders take it over at their next start.
    let old = device.identity.profile == crate::profile::Profile::NvrOld;
    Ok(if old { Outcome::REBOOT_REQUIRED } else { Outcome::OK })
}
