//! The JSON of a panel's accounts. **[?]** No public document tells it: the paths, the roles and the fields of the older
//! form are the vendor's, everything else here is assumed, and stands here alone so that it can be corrected.

use serde_json::{Map, Value, json};

use super::accounts::{Account, Wish};
use super::roles::PanelRole;
use crate::operations::Refusal;

const BAD: Refusal = (400, "badParameters");

/// One account, without its password.
pub(crate) fn cloud_user(account: &Account) -> Value {
    json!({ "CloudUser": {
        "indexID": account.index,
        "userName": account.name,
        "userType": account.role.as_str(),
        "email": account.email,
        "phone": account.phone,
        "enabled": account.enabled,
        "expired": account.expired,
    } })
}

/// Several accounts.
pub(crate) fn cloud_users<'a>(accounts: impl Iterator<Item = &'a Account>) -> Value {
    json!({ "CloudUserList": accounts.map(cloud_user).collect::<Vec<_>>() })
}

/// What a panel can do with accounts.
pub(crate) fn capabilities(limit: usize) -> Value {
    let roles: Vec<_> = PanelRole::ALL.iter().map(|role| role.as_str()).collect();
    json!({ "CloudUserCap": {
        "isSupportAddCloudUserList": true,
        "maxUserNum": limit,
        "userName": { "@min": 1, "@max": 32 },
        "password": { "@min": 8, "@max": 16 },
        "userType": { "@opt": roles },
    } })
}

/// `{"CloudUser":{…}}`.
pub(crate) fn read_cloud_user(body: &[u8]) -> Result<Wish, Refusal> {
    wish(object(&parse(body)?, "CloudUser")?)
}

/// `{"CloudUserList":[{"CloudUser":{…}},…]}`.
pub(crate) fn read_cloud_users(body: &[u8]) -> Result<Vec<Wish>, Refusal> {
    let body = parse(body)?;
    let list = body.get("CloudUserList").and_then(Value::as_array).ok_or(BAD)?;
    list.iter().map(|item| wish(object(item, "CloudUser")?)).collect()
}

/// Whom a batch deletion means.
pub(crate) struct Selection {
    names: Vec<String>,
    types: Vec<String>,
    phones: Vec<String>,
    emails: Vec<String>,
}

impl Selection {
    /// `{"CloudUserDelete":{"userNameList":["…"]}}`, and likewise by type, phone and mail address.
    pub(crate) fn read(body: &[u8]) -> Result<Self, Refusal> {
        let body = parse(body)?;
        let body = object(&body, "CloudUserDelete")?;
        let list = |name: &str| -> Result<Vec<String>, Refusal> {
            let Some(list) = body.get(name) else { return Ok(Vec::new()) };
            let items = list.as_array().ok_or(BAD)?.iter();
            items.map(|item| item.as_str().map(str::to_owned).ok_or(BAD)).collect()
        };
        Ok(Self {
            names: list("userNameList")?,
            types: list("userTypeList")?,
            phones: list("phoneList")?,
            emails: list("emailList")?,
        })
    }

    pub(crate) fn means(&self, account: &Account) -> bool {
        let among = |list: &[String], text: &str| !text.is_empty() && list.iter().any(|item| item == text);
        among(&self.names, &account.name)
            || among(&self.types, account.role.as_str())
            || among(&self.phones, &account.phone)
            || among(&self.emails, &account.email)
    }
}

/// An account in the older form, without its passwords.
pub(crate) fn user_cfg(account: &Account) -> Value {
    json!({ "UserCfg": {
        "id": account.index,
        "userName": account.name,
        "messageSendEnabled": account.keypad.messages,
        "bypassEnabled": account.keypad.bypass,
        "duressEnabled": account.keypad.duress,
        "UserPermission": { "userType": older_type(account.role) },
    } })
}

/// Several in the older form.
pub(crate) fn user_cfgs<'a>(accounts: impl Iterator<Item = &'a Account>) -> Value {
    json!({ "UserCfgList": accounts.map(user_cfg).collect::<Vec<_>>() })
}

/// `{"UserCfg":{…}}`; the permission stands inside of it or beside it.
pub(crate) fn read_user_cfg(body: &[u8]) -> Result<Wish, Refusal> {
    let body = parse(body)?;
    let user = object(&body, "UserCfg")?;
    let permission = user.get("UserPermission").or_else(|| body.get("UserPermission"));
    let role = match permission.and_then(|permission| permission.get("userType")) {
        Some(kind) => Some(kind.as_str().and_then(role_of_older_type).ok_or(BAD)?),
        None => None,
    };
    Ok(Wish {
        name: text(user, "userName")?,
        role,
        password: text(user, "password")?,
        keypad_password: text(user, "keypadPassword")?,
        messages: truth(user, "messageSendEnabled")?,
        bypass: truth(user, "bypassEnabled")?,
        duress: truth(user, "duressEnabled")?,
        ..Wish::default()
    })
}

const fn older_type(role: PanelRole) -> &'static str {
    match role {
        PanelRole::LocalAdmin | PanelRole::CloudAdmin => "administrator",
        PanelRole::LocalOperator | PanelRole::CloudOperator => "operator",
        PanelRole::LocalInstaller | PanelRole::InstallerAdmin | PanelRole::InstallerEmployee => "installer",
    }
}

/// Whether the older form has one word for both.
pub(crate) fn are_one_type(one: PanelRole, other: PanelRole) -> bool {
    older_type(one) == older_type(other)
}

/// Nobody creates an administrator or a `manufacturer`.
fn role_of_older_type(kind: &str) -> Option<PanelRole> {
    match kind {
        "installer" => Some(PanelRole::InstallerEmployee),
        "operator" => Some(PanelRole::LocalOperator),
        "administrator" => Some(PanelRole::LocalAdmin),
        _ => None,
    }
}

fn parse(body: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(body).map_err(|_| (400, "badJsonFormat"))
}

fn object<'a>(body: &'a Value, name: &str) -> Result<&'a Map<String, Value>, Refusal> {
    body.get(name).and_then(Value::as_object).ok_or(BAD)
}

fn wish(user: &Map<String, Value>) -> Result<Wish, Refusal> {
    let role = text(user, "userType")?.map(|kind| PanelRole::parse(&kind).ok_or(BAD)).transpose()?;
    Ok(Wish {
        name: text(user, "userName")?,
        role,
        password: text(user, "password")?,
        email: text(user, "email")?,
        phone: text(user, "phone")?,
        enabled: truth(user, "enabled")?,
        ..Wish::default()
    })
}

fn text(user: &Map<String, Value>, name: &str) -> Result<Option<String>, Refusal> {
    user.get(name).map(|value| value.as_str().map(str::to_owned).ok_or(BAD)).transpose()
}

fn truth(user: &Map<String, Value>, name: &str) -> Result<Option<bool>, Refusal> {
    user.get(name).map(|value| value.as_bool().ok_or(BAD)).transpose()
}
