//! The operation log (R-S8): a row for every changing call, done or refused.
//!
//! A middleware around the whole API writes it, so that no handler can forget; handlers only add
//! what the call was about. Calls of strangers have no company to keep their row with and are in the
//! server's log instead, but for sign-in and set-up, which name theirs.

pub(crate) mod list;
mod owned;

use std::cell::RefCell;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage as _, HttpRequest, dev::Payload, web};
use siteward_domain::{CompanyId, DeviceId, EndUserId, SiteId, StaffId};
use siteward_store::end_user_operations::{self, NewEndUserOperation};
use siteward_store::operations::{self, NewOperation};

use crate::access::end_user::EndUserCaller;
use crate::access::session::Caller;
use crate::edge::code_of;
use crate::error::ApiError;
use crate::platform::Platform;

/// What a handler notes about its call for the log.
#[derive(Debug, Default, Clone)]
struct Noted {
    object: Option<(&'static str, String, String)>,
    who: Option<(CompanyId, Option<StaffId>)>,
    end_user: Option<EndUserId>,
    devices: Vec<DeviceId>,
    sites: Vec<SiteId>,
}

/// The note pad of a call: an extractor of every handler that changes something.
#[derive(Debug, Default, Clone)]
pub(crate) struct Note(Rc<RefCell<Noted>>);

impl Note {
    /// What the call is about: kind, id, and the name a person knows it by.
    pub(crate) fn object(&self, kind: &'static str, id: &impl ToString, name: impl Into<String>) {
        self.0.borrow_mut().object = Some((kind, id.to_string(), name.into()));
    }

    /// Who it was, where no session tells (sign-in, set-up).
    pub(crate) fn who(&self, company: CompanyId, staff: Option<StaffId>) {
        self.0.borrow_mut().who = Some((company, staff));
    }

    /// Which end user it was, where no session tells.
    pub(crate) fn end_user(&self, end_user: EndUserId) {
        self.0.borrow_mut().end_user = Some(end_user);
    }

    /// Which devices a body names: the owners of their sites read of it, as of what a path names.
    pub(crate) fn devices(&self, devices: &[DeviceId]) {
        self.0.borrow_mut().devices = devices.to_vec();
    }

    /// Which sites a body names, as [`Note::devices`].
    pub(crate) fn sites(&self, sites: &[SiteId]) {
        self.0.borrow_mut().sites = sites.to_vec();
    }
}

impl FromRequest for Note {
    type Error = ApiError;
    type Future = std::future::Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let note = request.extensions().get::<Self>().cloned().unwrap_or_default();
        std::future::ready(Ok(note))
    }
}

/// Middleware: writes the row after the call, inside the session middleware.
pub(crate) async fn record<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return if owned::is_a_look(request.request()) {
            owned::look(request, next).await
        } else {
            Ok(next.call(request).await?.map_into_left_body())
        };
    }
    let note = Note::default();
    request.extensions_mut().insert(note.clone());
    // Before the call: a device that it deletes is not to be found any more afterwards.
    let touched = owned::touched(request.request()).await;
    let response = next.call(request).await?;
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        // The database is away: waiting for it once more would only keep the caller hanging (T6).
        tracing::warn!("a call that found no database is not in the operation log");
        return Ok(response.map_into_left_body());
    }
    let noted = note.0.borrow().clone();
    let (row, is_signed_in) = if is_of_end_users(response.request()) {
        let is_signed_in = response.request().extensions().contains::<EndUserCaller>();
        (row_of_end_user(&response, noted), is_signed_in)
    } else {
        let is_signed_in = response.request().extensions().contains::<Caller>();
        (row(&response, noted), is_signed_in)
    };
    if let Some((row, platform)) = row {
        let for_owners = owned::told(&response, touched, &note.0.borrow());
        if is_signed_in {
            write(platform, row, for_owners).await;
        } else {
            // A refused sign-in must not take longer for an account that exists (T13).
            actix_web::rt::spawn(write(platform, row, None));
        }
    }
    Ok(response.map_into_left_body())
}

/// What a call is noted as.
enum Row {
    OfStaff(NewOperation),
    OfEndUser(NewEndUserOperation),
}

/// A browser may be signed in as both: the route says who is meant.
fn is_of_end_users(request: &HttpRequest) -> bool {
    request.match_pattern().is_some_and(|route| route.starts_with("/api/v1/my/"))
}

fn row_of_end_user<B>(response: &ServiceResponse<B>, noted: Noted) -> Option<(Row, web::Data<Platform>)> {
    let request = response.request();
    let platform = request.app_data::<web::Data<Platform>>()?;
    let signed_in = request.extensions().get::<EndUserCaller>().map(EndUserCaller::id);
    let (object_kind, object_id, object_name) = noted.object.unwrap_or_else(|| of_path(request, "end_user"));
    let operation = NewEndUserOperation {
        end_user_id: noted.end_user.or(signed_in)?,
        action: action_of(request),
        object_kind: object_kind.to_owned(),
        object_id,
        object_name: object_name.chars().take(128).collect(),
        from_address: address_of(request, platform),
        result: result_of(response).to_owned(),
        at: platform.clock.now(),
    };
    Some((Row::OfEndUser(operation), platform.clone()))
}

fn action_of(request: &HttpRequest) -> String {
    let route = request.match_pattern().unwrap_or_default();
    format!("{} {}", request.method(), route.strip_prefix("/api/v1").unwrap_or("(no route)"))
}

fn row<B>(response: &ServiceResponse<B>, noted: Noted) -> Option<(Row, web::Data<Platform>)> {
    let request = response.request();
    let platform = request.app_data::<web::Data<Platform>>()?;
    let caller = request.extensions().get::<Caller>().cloned();
    let signed_in = caller.map(|caller| (caller.company_id(), Some(caller.staff_id())));
    let (company_id, staff_id) = noted.who.or(signed_in)?;
    let (object_kind, object_id, object_name) = noted.object.unwrap_or_else(|| of_path(request, "company"));
    let operation = NewOperation {
        company_id,
        staff_id,
        action: action_of(request),
        object_kind: object_kind.to_owned(),
        object_id,
        object_name: object_name.chars().take(128).collect(),
        from_address: address_of(request, platform),
        result: result_of(response).to_owned(),
        at: platform.clock.now(),
    };
    Some((Row::OfStaff(operation), platform.clone()))
}

/// What a refused call was about, as far as its path tells.
fn of_path(request: &HttpRequest, otherwise: &'static str) -> (&'static str, String, String) {
    let of = |name: &str| {
        request.match_info().get(name).map(|id| id.chars().filter(|c| !c.is_control()).take(64).collect::<String>())
    };
    let kinds = [
        ("device_id", "device"),
        ("import_id", "import"),
        ("addition_id", "addition"),
        ("link_id", "link"),
        ("mail_id", "mail"),
        ("site_id", "site"),
    ];
    for (name, kind) in kinds {
        if let Some(id) = of(name) {
            return (kind, id, String::new());
        }
    }
    (otherwise, String::new(), String::new())
}

fn result_of<B>(response: &ServiceResponse<B>) -> &'static str {
    if !response.status().is_client_error() && !response.status().is_server_error() {
        return "ok";
    }
    let ours = response.response().error().and_then(|error| error.as_error::<ApiError>());
    ours.map_or_else(|| code_of(response.status()).code, ApiError::code)
}

async fn write(platform: web::Data<Platform>, row: Row, for_owners: Option<owned::Told>) {
    let action = match &row {
        Row::OfStaff(row) => row.action.clone(),
        Row::OfEndUser(row) => row.action.clone(),
    };
    let written = platform.write(move |conn| {
        match &row {
            Row::OfStaff(row) => operations::append(conn, row)?,
            Row::OfEndUser(row) => end_user_operations::append(conn, row)?,
        }
        for_owners.as_ref().map_or(Ok(()), |told| told.append(conn))
    });
    if let Err(error) = written.await {
        tracing::error!(action, cause = error.cause(), code = error.code(), "the operation log could not be written");
    }
}

/// The caller's address; a proxy's word counts only when the proxy is trusted.
pub(crate) fn address_of(request: &HttpRequest, platform: &Platform) -> String {
    let Some(peer) = request.peer_addr().map(|address| address.ip()) else { return String::new() };
    let forwarded = request.headers().get_all("X-Forwarded-For").filter_map(|value| value.to_str().ok());
    caller(peer, forwarded, &platform.settings.server.trusted_proxies).to_string()
}

/// From the right: the first address that is not itself a trusted proxy is the one our proxy saw. What stands left of
/// it, or of anything that is no address, is the caller's own invention. Proxies may add a header of their own to one
/// that the caller sent, so all of them count, in their order.
fn caller<'a>(peer: IpAddr, forwarded: impl Iterator<Item = &'a str>, trusted: &[IpAddr]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|proxy| proxy.to_canonical() == address);
    let mut caller = peer.to_canonical();
    let told: Vec<&str> = forwarded.flat_map(|value| value.split(',')).collect();
    for part in told.into_iter().rev() {
        if !is_trusted(caller) {
            break;
        }
        let Some(address) = address_in(part.trim()) else { break };
        caller = address;
    }
    caller
}

/// An address as proxies write it: with a port, or in brackets, or neither.
fn address_in(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let plain = bare.parse::<IpAddr>().ok();
    plain.or_else(|| text.parse::<SocketAddr>().ok().map(|with_port| with_port.ip())).map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_is_whom_the_trusted_proxy_saw() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let trusted = [ip("10.0.0.1"), ip("10.0.0.2")];
        for (peer, forwarded, expected) in [
            ("203.0.113.9", &["198.51.100.1"][..], "203.0.113.9"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("::ffff:10.0.0.1", &["::ffff:198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["6.6.6.6, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["6.6.6.6", "198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["6.6.6.6, 198.51.100.1:4711"], "198.51.100.1"),
            ("10.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1"),
            ("10.0.0.1", &["6.6.6.6, unknown"], "10.0.0.1"),
            ("10.0.0.1", &[], "10.0.0.1"),
        ] {
            assert_eq!(caller(ip(peer), forwarded.iter().copied(), &trusted), ip(expected), "{peer} {forwarded:?}");
        }
    }
}
