//! A browser's request, handed on to the device, and the device's answer, handed back.

use actix_web::http::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_ENCODING, CONTENT_TYPE, COOKIE, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    ORIGIN, RANGE, USER_AGENT,
};
use actix_web::web::BytesMut;
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use futures_util::StreamExt as _;
use siteward_devices::http::MOST_FORWARDED;
use siteward_devices::{CallError, Forward, Forwarded};
use siteward_domain::grant::DevicePermission;
use siteward_store::access_log::{self, Actor, NewEntry};
use siteward_store::operations::{self, NewOperation};

use super::pages::Page;
use super::paths::{Verdict, judge};
use super::session::{Open, find, permit};
use super::{answering, cookies, host_of};
use crate::devices::reaching::{client_of, refused};
use crate::operation_log::address_of;
use crate::platform::Platform;

/// Most bytes of an answer.
const MOST_ANSWER: usize = 16 * 1024 * 1024;
/// Most bytes of a path in the operation log.
const MOST_PATH: usize = 200;
/// Headers of the browser that a device sees; headers of its own scripts (`SessionTag`, `X-…`) too.
const HANDED_ON: [actix_web::http::header::HeaderName; 9] = [
    ACCEPT,
    ACCEPT_ENCODING,
    ACCEPT_LANGUAGE,
    CONTENT_ENCODING,
    CONTENT_TYPE,
    IF_MODIFIED_SINCE,
    IF_NONE_MATCH,
    RANGE,
    USER_AGENT,
];
const OWN_OF_DEVICES: [&str; 3] = ["sessiontag", "x-requested-with", "if-modified-since"];

/// Hands a request on.
pub(super) async fn proxy(
    request: &HttpRequest,
    payload: web::Payload,
    platform: &web::Data<Platform>,
) -> Result<HttpResponse, Page> {
    let open = find(request, platform).await?;
    let verdict = judge(request.method(), request.path(), request.query_string());
    let is_told = matches!(verdict, Verdict::Write | Verdict::Upgrade | Verdict::Recordings);
    match verdict {
        Verdict::Bad => return Err(Page::NotHere),
        Verdict::Secret => return Err(Page::Secret),
        Verdict::ElsewhereDone => return Err(Page::ElsewhereDone),
        Verdict::Upgrade if !open.may_upgrade => return Err(Page::UpgradeRight),
        Verdict::Write | Verdict::Upgrade if !open.session.may_write => return Err(Page::ElsewhereDone),
        Verdict::Write | Verdict::Upgrade | Verdict::Recordings if !is_own_origin(request) => {
            return Err(Page::OtherOrigin);
        }
        Verdict::Live => permit(platform, &open, DevicePermission::LiveView).await?,
        Verdict::Recordings => permit(platform, &open, DevicePermission::Playback).await?,
        Verdict::Read | Verdict::Write | Verdict::Upgrade => {}
    }
    let body = collect(payload).await?;
    let path_and_query = request.uri().path_and_query().map_or("/", |both| both.as_str()).to_owned();
    let forward = Forward { method: method(request)?, path_and_query, headers: headers(request), body };
    let device_address = open.device.address.clone();
    let log = is_told.then(|| (noted(request, platform, &open), open.device.site_id.clone(), open.device.id.clone()));
    // On the process's own runtime: a browser that goes away does not break off what the device is doing.
    let (inner, ran) = (platform.clone(), forward);
    let asked = platform.runtime.spawn(async move { ask(&inner, open, ran).await });
    let answered = asked.await.unwrap_or(Err(Page::Unavailable));
    if let Some((mut row, site_id, device_id)) = log {
        row.result = match &answered {
            Ok(answer) if answer.status < 400 => "ok".to_owned(),
            Ok(answer) => format!("http_{}", answer.status),
            Err(Page::Device(code)) => code.clone(),
            Err(_) => "unavailable".to_owned(),
        };
        let told = platform.write(move |conn| {
            operations::append(conn, &row)?;
            let entry = NewEntry {
                site_id: site_id.clone(),
                actor: row.staff_id.clone().map_or(Actor::Platform, Actor::Staff),
                company: Some(row.company_id.clone()),
                action: "remote_request",
                device: Some((device_id.clone(), row.object_name.clone())),
                detail: serde_json::json!({ "request": row.action, "result": row.result }),
            };
            access_log::append_if_owned(conn, &entry, row.at)
        });
        if let Err(error) = told.await {
            tracing::error!(
                code = error.code(),
                cause = error.cause(),
                "what was asked of a device could not be logged"
            );
        }
    }
    Ok(answering::answer(answered?, &device_address))
}

async fn ask(platform: &web::Data<Platform>, open: Open, forward: Forward) -> Result<Forwarded, Page> {
    let Open { session, device, credential, .. } = open;
    let mut turn = platform.remote_pools.take(&session.id, &device).await.ok_or(Page::Unavailable)?;
    let mut client = match turn.client.take() {
        Some(client) => client,
        None => client_of(platform, &device, &credential).map_err(|error| Page::Device(error.code().to_owned()))?,
    };
    match client.forward(forward, MOST_ANSWER).await {
        Ok(answer) => {
            platform.remote_pools.give_back(&session.id, &turn, client);
            Ok(answer)
        }
        Err(CallError::BadAnswer { what: "body_too_large" }) => Err(Page::TooLarge),
        Err(error) => {
            let code = error.code().to_owned();
            refused(platform, &device, error).await.map_err(|_| Page::Unavailable)?;
            Err(Page::Device(code))
        }
    }
}

/// A write must come from the session's own pages, where the browser says where it comes from.
fn is_own_origin(request: &HttpRequest) -> bool {
    let site = request.headers().get("sec-fetch-site").and_then(|value| value.to_str().ok());
    if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return false;
    }
    let Some(origin) = request.headers().get(ORIGIN) else { return true };
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host.to_owned());
    origin.is_some() && origin == host_of(request)
}

fn method(request: &HttpRequest) -> Result<http::Method, Page> {
    http::Method::from_bytes(request.method().as_str().as_bytes()).map_err(|_| Page::NotHere)
}

/// What the device sees of the browser: never our cookie, our login, or the name of the session.
fn headers(request: &HttpRequest) -> http::HeaderMap {
    let mut handed_on = http::HeaderMap::new();
    let mut put = |name: &str, value: &[u8]| {
        let name = http::HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, http::HeaderValue::from_bytes(value)) {
            handed_on.append(name, value);
        }
    };
    for (name, value) in request.headers() {
        if HANDED_ON.contains(name) || OWN_OF_DEVICES.contains(&name.as_str()) {
            put(name.as_str(), value.as_bytes());
        }
    }
    if let Some(theirs) = cookies::of_device(request) {
        put(COOKIE.as_str(), theirs.as_bytes());
    }
    handed_on
}

async fn collect(mut payload: web::Payload) -> Result<Bytes, Page> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Page::NotHere)?;
        if body.len() + chunk.len() > MOST_FORWARDED {
            return Err(Page::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// The row of the operation log: method and path, never the query or the body.
fn noted(request: &HttpRequest, platform: &Platform, open: &Open) -> NewOperation {
    let path: String = request.path().chars().filter(|c| !c.is_control()).take(MOST_PATH).collect();
    NewOperation {
        company_id: open.session.company_id.clone(),
        staff_id: Some(open.session.staff_id.clone()),
        action: format!("{} {path}", request.method()),
        object_kind: "device".to_owned(),
        object_id: open.device.id.to_string(),
        object_name: open.device.name.chars().take(128).collect(),
        from_address: address_of(request, platform),
        result: String::new(),
        at: platform.clock.now(),
    }
}
