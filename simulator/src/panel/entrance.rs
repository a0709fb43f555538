//! Who somebody is to a panel: by a session, or by digest where the panel takes it.

use std::sync::Mutex;

use super::Panel;
use super::accounts::Account;
use super::roles::PanelRole;
use crate::device::{Device, Now, count, held};
use crate::documents;
use crate::documents::refusal::{response_status, status_code, unauthorized};
use crate::login::Verdict;
use crate::wire::Request;
use crate::xml;

/// What an answer consists of.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    /// Header lines, each with its line end.
    pub(super) extra: String,
    pub(super) body: String,
}

impl Reply {
    pub(super) fn refusal(device: &Device, target: &str, (status, word): (u16, &str)) -> Self {
        let (content_type, body) = response_status(device, target, status_code(word), word);
        Self { status, content_type, extra: String::new(), body }
    }

    pub(super) fn status(device: &Device, target: &str, code: u8, word: &str) -> Self {
        let (content_type, body) = response_status(device, target, code, word);
        Self { status: 200, content_type, extra: String::new(), body }
    }

    fn xml(body: String) -> Self {
        Self { status: 200, content_type: crate::answers::XML, extra: String::new(), body }
    }
}

/// The value of `WebSession` among the cookies.
pub(super) fn session_id<'a>(request: &Request<'a>) -> Option<&'a str> {
    let cookies = request.cookie?.split(';');
    cookies.filter_map(|cookie| cookie.trim().split_once('=')).find(|(name, _)| *name == "WebSession").map(|(_, id)| id)
}

/// `X-Userlevel`; anything but 0 and 1 is nobody's.
pub(super) fn user_level(request: &Request<'_>) -> Option<u8> {
    request.user_level?.parse().ok().filter(|level| *level <= 1)
}

/// As whom a session acts, if the request brings one that stands.
pub(crate) fn by_session(device: &Device, panel: &mut Panel, request: &Request<'_>, now: Now) -> Option<PanelRole> {
    let (index, name, password) = panel.sessions.hear(session_id(request)?, now.instant)?;
    let account = standing(panel.accounts.find(index), name, password, device)?;
    // Somebody who is both installer and admin under one name and password is as which of them asked.
    let other = user_level(request).and_then(|level| panel.accounts.named(&account.name, Some(level)));
    Some(standing(other, name, password, device).unwrap_or(account).role)
}

/// The account if it still has that name and that password and may sign in.
fn standing<'a>(account: Option<&'a Account>, name: &str, password: &str, device: &Device) -> Option<&'a Account> {
    account.filter(|account| {
        account.may_sign_in() && account.name == name && Panel::password_of(account, device) == password
    })
}

/// What the door is to make of a digest login that names an account of the panel.
pub(crate) enum Offered {
    /// The device's own account, or nobody.
    Own,
    /// Another account, with its password.
    Other(String, String),
    /// An account that cannot sign in.
    Barred,
}

/// Whom a digest login names, and as what that account acts.
pub(crate) fn by_digest(device: &Device, panel: &Mutex<Panel>, name: Option<&str>) -> (Offered, Option<PanelRole>) {
    let panel = held(panel);
    let Some(account) = name.and_then(|name| panel.accounts.named(name, None)) else { return (Offered::Own, None) };
    let offered = match &account.password {
        _ if !account.may_sign_in() => Offered::Barred,
        None => Offered::Own,
        Some(_) => Offered::Other(account.name.clone(), Panel::password_of(account, device)),
    };
    (offered, Some(account.role))
}

/// `GET sessionLogin/capabilities`: a challenge for whoever asks, whether there is such an account or not.
pub(super) fn capabilities(device: &Device, panel: &mut Panel, request: &Request<'_>, now: Now) -> Reply {
    let name = super::routes::query(request.target, "username").filter(|name| !name.is_empty());
    let Some(name) = name else { return Reply::refusal(device, request.target, (400, "badParameters")) };
    let style = panel.style;
    let (salt, second) = style.salts(&panel.serial, &name);
    let (id, challenge) = panel.sessions.challenge(&name, user_level(request), now.instant);
    let mut xml = documents::start(device, "SessionLoginCap");
    xml.leaf("sessionID", id);
    xml.leaf("challenge", challenge);
    xml.leaf("iterations", super::sessions::ITERATIONS);
    if style.second_salt {
        xml.leaf("isSupportRTSPWithSession", true);
    }
    xml.leaf("isIrreversible", true);
    xml.leaf("sessionIDVersion", style.version);
    xml.leaf("salt", salt);
    if let Some(second) = second {
        xml.leaf("salt2", second);
    }
    Reply::xml(xml.finish())
}

/// `POST sessionLogin`: the answer to a challenge; a session for whoever knows the password.
pub(super) fn sign_in(device: &Device, panel: &mut Panel, request: &Request<'_>, now: Now) -> Reply {
    let target = request.target;
    let body = str::from_utf8(request.body).unwrap_or_default();
    let read = |name: &str| xml::find(body, name).filter(|text| !text.is_empty());
    let (Some(name), Some(proof), Some(id)) = (read("userName"), read("password"), read("sessionID")) else {
        return Reply::refusal(device, target, (400, "badXmlContent"));
    };
    if read("sessionIDVersion").is_some_and(|version| version != panel.style.version) {
        return Reply::refusal(device, target, (400, "badXmlContent"));
    }
    let Some(challenge) = panel.sessions.take_challenge(&id, now.instant) else {
        // Nobody's password was judged: this is no wrong login.
        return Reply::refusal(device, target, (403, "theSessionIdDoesNotExist"));
    };
    let account = panel.accounts.named(&name, challenge.level).filter(|account| account.may_sign_in()).cloned();
    let password = account.as_ref().map(|account| Panel::password_of(account, device));
    let right = challenge.name == name
        && password.as_deref().is_some_and(|password| {
            panel.style.proof(&panel.serial, &name, password, &challenge.text).eq_ignore_ascii_case(&proof)
        });
    let mut door = held(&device.door);
    let verdict = door.check_password(right, now.instant);
    let (locked_for, tries_left) = (door.locked_for(now.instant), door.tries_left());
    drop(door);
    let (Verdict::Accepted, Some(account), Some(password)) = (verdict, account, password) else {
        count(&device.tallies.logins_refused);
        let (content_type, body) = unauthorized(device, target, locked_for, tries_left);
        return Reply { status: 401, content_type, extra: String::new(), body };
    };
    let accounts = &panel.accounts;
    let stands =
        |index: u32, name: &str, password: &str| standing(accounts.find(index), name, password, device).is_some();
    let Some(id) = panel.sessions.open(&account, &password, now.instant, stands) else {
        count(&device.tallies.sessions_refused);
        return Reply::refusal(device, target, (403, "sesssionUserReachesLimit"));
    };
    count(&device.tallies.logins_ok);
    count(&device.tallies.session_logins);
    let mut xml = documents::start(device, "SessionLogin");
    xml.leaf("statusValue", 200);
    xml.leaf("statusString", "OK");
    xml.leaf("isDefaultPassword", false);
    xml.leaf("isRiskPassword", false);
    xml.leaf("isActivated", true);
    xml.leaf("sessionID", &id);
    let mut reply = Reply::xml(xml.finish());
    reply.extra = format!("Set-Cookie: WebSession={id}; path=/; HttpOnly\r\n");
    reply
}
