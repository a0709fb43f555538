//! From a request to the bytes of its answer: the door first, then the resource.

use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;

use crate::device::{Device, Now, count, held};
use crate::documents::refusal::{response_status, status_code, unauthorized};
use crate::documents::{Document, document, recording, system};
use crate::login::{Door, Offer, Verdict};
use crate::operations::{self, Done, Outcome};
use crate::pages;
use crate::panel::entrance::{self, Offered};
use crate::panel::{Panel, routes};
use crate::profile::Profile;
use crate::resource::Resource;
use crate::upgrade;
use crate::wire::{self, Request};

pub(crate) const XML: &str = "application/xml; charset=\"UTF-8\"";
pub(crate) const JSON: &str = "application/json; charset=\"UTF-8\"";

/// What the connection does after the bytes are out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    KeepAlive,
    Close,
    /// Goes on with the event stream.
    Events,
}

/// Answers a request into `out`.
pub(crate) fn answer(device: &Arc<Device>, request: &Request<'_>, now: Now, out: &mut Vec<u8>) -> Next {
    let next = if request.keep_alive { Next::KeepAlive } else { Next::Close };
    if let Some((content_type, page)) = pages::find(request.method, request.target) {
        wire::answer(out, 200, content_type, "", request.keep_alive, page.as_bytes());
        return next;
    }
    if let Some(next) = routes::answer(device, request, now, out) {
        return next;
    }
    let resource = Resource::find(request.target, device.identity.profile == Profile::Camera);
    if !resource.is_some_and(Resource::is_open) {
        if !held(&device.setup).activated {
            refuse(device, request, 403, "notActivated", out);
            return next;
        }
        if !let_in(device, request, now, out) {
            return next;
        }
    }
    if let Some(told) = upgrade::answer(device, request) {
        if told.silent {
            return Next::Close;
        }
        wire::answer(out, told.status, told.content_type, "", request.keep_alive, &told.body);
        return next;
    }
    let Some(resource) = resource else {
        refuse(device, request, device.identity.profile.style().unsupported, "notSupport", out);
        return next;
    };
    if resource == Resource::Download && send_recording(device, request, now, out) {
        return next;
    }
    if request.method != "GET" {
        return operate(resource, device, request, now, out).unwrap_or(next);
    }
    match resource {
        Resource::DeviceInfo if device.panel.is_some() && request.target.contains("format=json") => {
            wire::answer(out, 200, JSON, "", request.keep_alive, system::device_info_json(device).as_bytes());
        }
        // The two that are polled are kept as bytes.
        Resource::DeviceInfo => {
            let mut kept = held(&device.info_document);
            if kept.is_empty() {
                *kept = remember(device, resource, now);
            }
            wire::answer(out, 200, XML, "", request.keep_alive, &kept);
        }
        Resource::Status if device.identity.profile != Profile::Thermal && device.panel.is_none() => {
            let mut kept = held(&device.status_document);
            let second = now.utc.timestamp();
            if kept.0 != second {
                *kept = (second, remember(device, resource, now));
            }
            wire::answer(out, 200, XML, "", request.keep_alive, &kept.1);
        }
        _ => match document(resource, device, &device.condition(), now) {
            Document::Xml(text) => wire::answer(out, 200, XML, "", request.keep_alive, text.as_bytes()),
            Document::Plain(text) => wire::answer(out, 200, "text/plain", "", request.keep_alive, text.as_bytes()),
            Document::Picture(jpeg) => wire::answer(out, 200, "image/jpeg", "", request.keep_alive, &jpeg),
            Document::Events => return Next::Events,
            Document::Unsupported => {
                refuse(device, request, device.identity.profile.style().unsupported, "notSupport", out);
            }
            Document::NoSuchItem => refuse(device, request, 400, "invalidID", out),
            Document::Failed(status, word) => refuse(device, request, status, word, out),
        },
    }
    next
}

/// Gives a recording away, or says why not; false where it is not asked for as this device has it: old recorders take a GET that
/// has a body, the others a POST.
fn send_recording(device: &Device, request: &Request<'_>, now: Now, out: &mut Vec<u8>) -> bool {
    let method = if device.identity.profile == Profile::NvrOld { "GET" } else { "POST" };
    if request.method != method || !recording::has_tracks(device) {
        return false;
    }
    let body = str::from_utf8(request.body).unwrap_or_default();
    match recording::file(device, &device.condition(), body, now) {
        Some(bytes) => wire::answer(out, 200, "application/octet-stream", "", request.keep_alive, &bytes),
        None => refuse(device, request, 400, "badParameters", out),
    }
    true
}

/// Carries out what is no GET; what the connection does next, where that is not as usual.
fn operate(
    resource: Resource,
    device: &Arc<Device>,
    request: &Request<'_>,
    now: Now,
    out: &mut Vec<u8>,
) -> Option<Next> {
    let Some(outcome) = operations::operate(resource, device, request, now) else {
        refuse(device, request, 403, "methodNotAllowed", out);
        return None;
    };
    let (keep_alive, outcome) = match outcome {
        Err((status, word)) => {
            refuse(device, request, status, word, out);
            return None;
        }
        Ok(Done::Document(text)) => {
            wire::answer(out, 200, XML, "", request.keep_alive, text.as_bytes());
            return None;
        }
        Ok(Done::Status(outcome)) => (request.keep_alive, outcome),
        Ok(Done::Leaving) => (false, Outcome::OK),
    };
    let (content_type, body) = response_status(device, request.target, outcome.code, outcome.word);
    wire::answer(out, outcome.status, content_type, "", keep_alive, body.as_bytes());
    (!keep_alive).then_some(Next::Close)
}

fn remember(device: &Device, resource: Resource, now: Now) -> Bytes {
    match document(resource, device, &device.condition(), now) {
        Document::Xml(text) => Bytes::from(text),
        _ => Bytes::new(),
    }
}

/// Whether the request may see anything; if not, the refusal is written.
fn let_in(device: &Device, request: &Request<'_>, now: Now, out: &mut Vec<u8>) -> bool {
    if let Some(panel) = &device.panel {
        return let_into_panel(device, panel, request, now, out);
    }
    let mut door = held(&device.door);
    let verdict = door.check(request.authorization, request.method, request.target, now.instant);
    judged(device, door, verdict, request, now, out)
}

/// The same for an alarm panel: a session does, and digest where the panel takes it.
fn let_into_panel(device: &Device, panel: &Mutex<Panel>, request: &Request<'_>, now: Now, out: &mut Vec<u8>) -> bool {
    let (role, digest) = {
        let mut panel = held(panel);
        (entrance::by_session(device, &mut panel, request, now), panel.switches.digest)
    };
    let role = if role.is_some() {
        count(&device.tallies.logins_ok);
        role
    } else if digest {
        let name = match request.authorization.and_then(Offer::parse) {
            Some(Offer::Digest(offer)) => Some(offer.user),
            _ => None,
        };
        let (offered, role) = entrance::by_digest(device, panel, name);
        let mut door = held(&device.door);
        let (authorization, method, target) = (request.authorization, request.method, request.target);
        let verdict = match &offered {
            Offered::Barred => door.check_password(false, now.instant),
            Offered::Own => door.check(authorization, method, target, now.instant),
            Offered::Other(name, password) => {
                door.check_as(Some((name, password)), authorization, method, target, now.instant)
            }
        };
        if !judged(device, door, verdict, request, now, out) {
            return false;
        }
        role
    } else {
        count(&device.tallies.challenges);
        refuse(device, request, 401, "badAuthorization", out);
        return false;
    };
    let may = request.method == "GET" || role.is_some_and(|role| role.rights().configure);
    if !may {
        refuse(device, request, 403, "lowPrivilege", out);
    }
    may
}

/// Counts a verdict of the door and writes its refusal, if it is one.
fn judged(
    device: &Device,
    mut door: MutexGuard<'_, Door>,
    verdict: Verdict,
    request: &Request<'_>,
    now: Now,
    out: &mut Vec<u8>,
) -> bool {
    count(match verdict {
        Verdict::Accepted => &device.tallies.logins_ok,
        Verdict::Challenge { .. } => &device.tallies.challenges,
        Verdict::Refused | Verdict::Locked => &device.tallies.logins_refused,
        Verdict::Malformed => {
            drop(door);
            refuse(device, request, 400, "badAuthorization", out);
            return false;
        }
    });
    if verdict == Verdict::Accepted {
        return true;
    }
    let challenge = door.challenge(verdict == Verdict::Challenge { stale: true }, now.instant);
    let (locked_for, tries_left) = (door.locked_for(now.instant), door.tries_left());
    drop(door);
    let (content_type, body) = unauthorized(device, request.target, locked_for, tries_left);
    wire::answer(out, 401, content_type, &challenge, request.keep_alive, body.as_bytes());
    false
}

/// A challenge to whatever was sent, "stale" for ever.
pub(crate) fn challenge_again(device: &Device, request: &Request<'_>, now: Now, out: &mut Vec<u8>) {
    let challenge = held(&device.door).challenge(true, now.instant);
    count(&device.tallies.challenges);
    wire::answer(out, 401, "text/html", &challenge, true, request.target.as_bytes());
}

fn refuse(device: &Device, request: &Request<'_>, status: u16, sub_status: &str, out: &mut Vec<u8>) {
    let (content_type, body) = response_status(device, request.target, status_code(sub_status), sub_status);
    wire::answer(out, status, content_type, "", request.keep_alive, body.as_bytes());
}
