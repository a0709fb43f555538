//! The resources that only panels have: which path does what, and who may.

use std::sync::Arc;

use serde_json::{Value, json};

use super::accounts::Wish;
use super::assumed::{self, Selection};
use super::change::PanelFailure;
use super::entrance::{self, Reply};
use super::roles::Rights;
use super::{Panel, arming, status};
use crate::answers::{JSON, Next, XML};
use crate::device::{Device, Now, count, held};
use crate::operations::Refusal;
use crate::rules::Taken;
use crate::wire::{self, Request};

const SECURITY_CP: &str = "/ISAPI/SecurityCP/";
const CLOUD_USERS: &str = "/ISAPI/Security/CloudUserManage/";
const OLDER_USERS: &str = "Configuration/users";

/// What was done, and what is told of it besides that.
enum Done {
    /// A document.
    Told(Value),
    /// Done, with what else the status says, and whether it warns of the password.
    Written(Value, Taken),
}

impl Done {
    const NOTHING_ELSE: Self = Self::Written(Value::Null, Taken::Good);
}

/// Answers a request for one of a panel's own resources; `None` if it is for something else.
pub(crate) fn answer(device: &Arc<Device>, request: &Request<'_>, now: Now, out: &mut Vec<u8>) -> Option<Next> {
    let panel = device.panel.as_ref()?;
    let path = request.target.split('?').next().unwrap_or_default();
    let path = path.strip_suffix('/').unwrap_or(path);
    let signing = path.strip_prefix("/ISAPI/Security/session");
    if signing.is_none() && !path.starts_with(SECURITY_CP) && !path.starts_with(CLOUD_USERS) {
        return None;
    }
    let next = if request.keep_alive { Next::KeepAlive } else { Next::Close };
    if !held(&device.setup).activated {
        return Some(write(Reply::refusal(device, request.target, (403, "notActivated")), request, next, out));
    }
    let mut panel = held(panel);
    let reply = match (request.method, signing) {
        ("GET", Some("Login/capabilities")) => entrance::capabilities(device, &mut panel, request, now),
        ("POST", Some("Login")) => entrance::sign_in(device, &mut panel, request, now),
        (_, Some("Login" | "Login/capabilities")) => Reply::refusal(device, request.target, (403, "methodNotAllowed")),
        _ => {
            let Some(role) = entrance::by_session(device, &mut panel, request, now) else {
                count(&device.tallies.challenges);
                let refused = Reply::refusal(device, request.target, (401, "badAuthorization"));
                return Some(write(refused, request, next, out));
            };
            count(&device.tallies.logins_ok);
            match (request.method, signing) {
                ("PUT", Some("Heartbeat")) => Reply::status(device, request.target, 1, "ok"),
                ("PUT", Some("Logout")) => {
                    if let Some(id) = entrance::session_id(request) {
                        panel.sessions.close(id);
                    }
                    Reply::status(device, request.target, 1, "ok")
                }
                (_, Some("Heartbeat" | "Logout")) => Reply::refusal(device, request.target, (403, "methodNotAllowed")),
                (_, Some(_)) => Reply::refusal(device, request.target, (403, "notSupport")),
                (_, None) => match serve(device, &mut panel, request, path, role.rights()) {
                    Some(reply) => reply,
                    None => return Some(Next::Close),
                },
            }
        }
    };
    Some(write(reply, request, next, out))
}

fn write(reply: Reply, request: &Request<'_>, next: Next, out: &mut Vec<u8>) -> Next {
    let Reply { status, content_type, extra, body } = reply;
    wire::answer(out, status, content_type, &extra, request.keep_alive, body.as_bytes());
    next
}

/// Answers somebody who has a session; `None` where the answer is lost.
fn serve(device: &Arc<Device>, panel: &mut Panel, request: &Request<'_>, path: &str, rights: Rights) -> Option<Reply> {
    let target = request.target;
    if query(target, "format").as_deref() != Some("json") {
        return Some(Reply::refusal(device, target, (403, "notSupport")));
    }
    let reads = request.method == "GET" || path.starts_with("/ISAPI/SecurityCP/status/");
    let failing = (!reads && panel.switches.fail_next_writes > 0).then_some(panel.switches.failing);
    if failing.is_some() {
        panel.switches.fail_next_writes -= 1;
    }
    match failing {
        Some(PanelFailure::Busy) => return Some(Reply::refusal(device, target, (503, "deviceBusy"))),
        Some(PanelFailure::RequestLost) => return None,
        Some(PanelFailure::AnswerLost) | None => {}
    }
    let outcome = act(device, panel, request, path, rights);
    if !reads {
        count(if outcome.is_ok() { &device.tallies.writes } else { &device.tallies.writes_refused });
    }
    let mut reply = match outcome {
        Err(refusal) => Reply::refusal(device, target, refusal),
        Ok(Done::Told(document)) => {
            Reply { status: 200, content_type: JSON, extra: String::new(), body: document.to_string() }
        }
        Ok(Done::Written(more, taken)) => written(device, target, more, taken),
    };
    if panel.switches.json_as_xml || path.ends_with("/exDevStatus") {
        reply.content_type = XML;
    }
    failing.is_none().then_some(reply)
}

/// "Done", with what else there is to tell.
fn written(device: &Device, target: &str, more: Value, taken: Taken) -> Reply {
    let word = if taken == Taken::Risky { "riskPassword" } else { "ok" };
    let mut reply = Reply::status(device, target, 1, word);
    if let (Ok(Value::Object(mut status)), Value::Object(more)) = (serde_json::from_str(&reply.body), more) {
        status.extend(more);
        reply.body = Value::Object(status).to_string();
    }
    reply
}

fn act(
    device: &Arc<Device>,
    panel: &mut Panel,
    request: &Request<'_>,
    path: &str,
    rights: Rights,
) -> Result<Done, Refusal> {
    const UNKNOWN: Refusal = (403, "notSupport");
    let method = request.method;
    if let Some(rest) = path.strip_prefix(CLOUD_USERS) {
        if !panel.switches.cloud_user_manage {
            return Err(UNKNOWN);
        }
        return if rights.accounts { cloud_users(device, panel, request, rest) } else { Err((403, "lowPrivilege")) };
    }
    let rest = path.strip_prefix(SECURITY_CP).unwrap_or_default();
    if let Some(resource) = rest.strip_prefix("status/") {
        let asks = method == "GET" || method == "POST" && matches!(resource, "host" | "armStatus");
        let document = status::document(resource, &panel.premises).ok_or(UNKNOWN)?;
        return if asks { Ok(Done::Told(document)) } else { Err((403, "methodNotAllowed")) };
    }
    if let Some(control) = rest.strip_prefix("control/") {
        let ways = query(request.target, "ways");
        let installers_arm = panel.switches.installer_may_arm;
        let premises = &mut panel.premises;
        if method != "PUT" {
            return Err((403, "methodNotAllowed"));
        }
        let outcome = arming::control(premises, control, ways.as_deref(), request.body, rights, installers_arm);
        return outcome.ok_or(UNKNOWN)?.map(|()| Done::NOTHING_ELSE);
    }
    match rest.strip_prefix(OLDER_USERS) {
        Some(_) if panel.switches.cloud_user_manage => Err(UNKNOWN),
        Some(_) if !rights.accounts => Err((403, "lowPrivilege")),
        Some(rest) => older_users(device, panel, request, rest),
        None => Err(UNKNOWN),
    }
}

/// What stands below `CloudUserManage/`.
fn cloud_users(device: &Device, panel: &mut Panel, request: &Request<'_>, rest: &str) -> Result<Done, Refusal> {
    match (request.method, rest) {
        ("GET", "users/capabilities") => Ok(Done::Told(assumed::capabilities(panel.accounts.limit))),
        ("GET", "users") => Ok(Done::Told(assumed::cloud_users(panel.accounts.all().iter()))),
        ("GET", "users/byType") => {
            let kind = query(request.target, "userType").ok_or((400, "badParameters"))?;
            let of_type = panel.accounts.all().iter().filter(|account| account.role.as_str() == kind);
            Ok(Done::Told(assumed::cloud_users(of_type)))
        }
        ("POST", "users") => create(device, panel, assumed::read_cloud_user(request.body)?, "indexID"),
        ("POST", "usersBatch") => {
            let wishes = assumed::read_cloud_users(request.body)?;
            let names: Vec<_> = wishes.iter().filter_map(|wish| wish.name.clone()).collect();
            let indices = panel.accounts.create_all(wishes)?;
            for _ in &indices {
                count(&device.tallies.accounts_created);
            }
            let list: Vec<_> = names
                .iter()
                .zip(indices)
                .map(|(name, index)| json!({ "CloudUser": { "indexID": index, "userName": name } }))
                .collect();
            Ok(Done::Written(json!({ "CloudUserList": list }), Taken::Good))
        }
        ("PUT", "users/delete") => {
            let selection = Selection::read(request.body)?;
            let chosen = panel.accounts.all().iter().filter(|account| selection.means(account));
            let indices: Vec<_> = chosen.map(|account| account.index).collect();
            delete_all(device, panel, &indices)
        }
        (method, rest) => {
            let index = rest.strip_prefix("users/").and_then(|index| index.parse().ok()).ok_or((403, "notSupport"))?;
            match method {
                "GET" => {
                    let account = panel.accounts.find(index).ok_or((403, "userInexistence"))?;
                    Ok(Done::Told(assumed::cloud_user(account)))
                }
                "PUT" => change(device, panel, index, assumed::read_cloud_user(request.body)?),
                "DELETE" => delete_all(device, panel, &[index]),
                _ => Err((403, "methodNotAllowed")),
            }
        }
    }
}

/// What stands below `Configuration/users`.
fn older_users(device: &Device, panel: &mut Panel, request: &Request<'_>, rest: &str) -> Result<Done, Refusal> {
    let index = rest.strip_prefix('/').map(|index| index.parse::<u32>().map_err(|_| (400, "invalidID"))).transpose()?;
    match (request.method, index) {
        ("GET", None) => Ok(Done::Told(assumed::user_cfgs(panel.accounts.all().iter()))),
        ("GET", Some(index)) => {
            let account = panel.accounts.find(index).ok_or((403, "userInexistence"))?;
            Ok(Done::Told(assumed::user_cfg(account)))
        }
        ("POST", None) => create(device, panel, assumed::read_user_cfg(request.body)?, "id"),
        ("PUT", Some(index)) => {
            let mut wish = assumed::read_user_cfg(request.body)?;
            let account = panel.accounts.find(index).ok_or((403, "userInexistence"))?;
            if wish.role.is_some_and(|role| assumed::are_one_type(role, account.role)) {
                wish.role = None;
            }
            change(device, panel, index, wish)
        }
        ("DELETE", Some(index)) => delete_all(device, panel, &[index]),
        _ => Err((403, "methodNotAllowed")),
    }
}

fn create(device: &Device, panel: &mut Panel, wish: Wish, number: &str) -> Result<Done, Refusal> {
    let (index, taken) = panel.accounts.create(wish)?;
    count(&device.tallies.accounts_created);
    Ok(Done::Written(json!({ number: index }), taken))
}

fn change(device: &Device, panel: &mut Panel, index: u32, wish: Wish) -> Result<Done, Refusal> {
    let password = wish.password.clone();
    let taken = panel.accounts.change(index, wish)?;
    if password.is_some() {
        count(&device.tallies.account_passwords_set);
    }
    Panel::pass_on(index, password.as_deref(), device);
    Ok(Done::Written(Value::Null, taken))
}

/// All of them, or none if one of them stays. **[?]**
fn delete_all(device: &Device, panel: &mut Panel, indices: &[u32]) -> Result<Done, Refusal> {
    if indices.is_empty() {
        return Err((403, "userInexistence"));
    }
    indices.iter().try_for_each(|index| panel.accounts.judge_deletion(*index))?;
    for index in indices {
        panel.accounts.delete(*index)?;
        count(&device.tallies.accounts_deleted);
    }
    Ok(Done::NOTHING_ELSE)
}

/// A value of a target's query, decoded.
pub(super) fn query(target: &str, name: &str) -> Option<String> {
    let (_, query) = target.split_once('?')?;
    let (_, value) = query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)?;
    Some(decoded(value))
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let number = if *first == b'%' {
            after.get(..2).and_then(|hex| u8::from_str_radix(str::from_utf8(hex).ok()?, 16).ok())
        } else {
            None
        };
        if let Some(number) = number {
            bytes.push(number);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(if *first == b'+' { b' ' } else { *first });
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
