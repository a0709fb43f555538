//! Changing the password of an account on a device.

use bytes::Bytes;
use http::Method;
use secrecy::{ExposeSecret as _, SecretString};
use siteward_domain::device_password::{self, DevicePasswordRule};

use super::{Done, XML};
use crate::call_error::CallError;
use crate::http::{Answer, DeviceClient};
use crate::isapi::edit::Edit;
use crate::isapi::outcome::{self, PASSWORD_RULES, refused_for};
use crate::isapi::{read_answer, text_of};
use crate::xml::read_any;

/// The list of accounts.
pub(super) const USERS: &str = "/ISAPI/Security/users";
/// [?] Which firmware wants the present password (`loginPassword`) beside the new one, no source tells for certain; the vendor's text
/// ties it to sealed fields. It is left out at first and sent once more with it after one of these refusals.
const WANTS_PRESENT: [&str; 5] =
    ["loginPasswordError", "administratorPasswordError", "badXmlContent", "badParameters", "badXmlFormat"];

/// Why a password was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// The device does not take this password; `None` where it says so and not why.
    #[error("the device does not take this password")]
    Rule(Option<DevicePasswordRule>),
    /// The device has no such account.
    #[error("the device has no such account")]
    NoSuchUser,
    /// A call failed. After [`CallError::Unreachable`] with `closed` or `timeout` the password may have been changed.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl PasswordError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Rule(_) => "password_rule",
            Self::NoSuchUser => "device_refused",
            Self::Call(error) => error.code(),
        }
    }
}

/// Gives the account `user` a new password. The client goes on with its old login: make a new one afterwards.
pub async fn change_password(client: &mut DeviceClient, user: &str, new: &SecretString) -> Result<Done, PasswordError> {
    device_password::check_new(new.expose_secret(), user).map_err(|rule| PasswordError::Rule(Some(rule)))?;
    let id = find_user(&client.get(USERS).await?, user)?.ok_or(PasswordError::NoSuchUser)?;
    let path = format!("{USERS}/{id}");
    let answer = client.get(&path).await?;
    let with = |present: Option<&SecretString>| -> Result<Bytes, CallError> {
        let mut edit = match Edit::read(&answer, "User") {
            Ok(edit) => edit,
            // Some firmware has the list and the change, and not the single account to read.
            Err(CallError::NotSupported) => Edit::new(&format!("<User><id>{id}</id></User>")),
            Err(error) => return Err(error),
        };
        edit.set("userName", user)?;
        edit.set("password", new.expose_secret())?;
        if let Some(present) = present {
            edit.set("loginPassword", present.expose_secret())?;
        }
        Ok(edit.into_body())
    };
    let answer = client.send(Method::PUT, &path, Some(XML), with(None)?).await?;
    if !wants_present(&answer) {
        return outcome::read(&answer).map_err(judge);
    }
    let present = client.login().password.clone();
    let answer = client.send(Method::PUT, &path, Some(XML), with(Some(&present))?).await?;
    outcome::read(&answer).map_err(judge)
}

fn wants_present(answer: &Answer) -> bool {
    let text = text_of(&answer.body);
    let Ok(root) = read_any(&text) else { return false };
    let sub = root.text_of("subStatusCode").unwrap_or("").trim();
    WANTS_PRESENT.iter().any(|word| sub.eq_ignore_ascii_case(word))
}

fn judge(error: CallError) -> PasswordError {
    if refused_for(&error, &PASSWORD_RULES) { PasswordError::Rule(None) } else { PasswordError::Call(error) }
}

/// The id of an account in the list; it becomes a part of a path.
fn find_user(answer: &Answer, user: &str) -> Result<Option<String>, CallError> {
    read_answer(answer, |root| {
        let all = root.find_all("User");
        let named = all.iter().find(|one| one.child_text("userName") == Some(user));
        let id = named.and_then(|one| one.child_text("id"));
        let whole = |id: &&str| !id.is_empty() && id.len() <= 10 && id.bytes().all(|byte| byte.is_ascii_digit());
        (root.is("UserList") || !all.is_empty()).then(|| id.filter(whole).map(str::to_owned))
    })
}
