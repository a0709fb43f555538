//! [?] Users of the cloud service on a panel: paths and roles are the vendor's, the JSON is a guess that no hardware has
//! confirmed. All of it is in this file, so that one capture can correct it.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use siteward_domain::panel::PanelRole;

use super::super::values::{is_blank, number};
use super::{MOST_ACCOUNTS, NewAccount, PanelAccount};
use crate::xml::Element;

/// All users.
pub(super) const USERS: &str = "/ISAPI/Security/CloudUserManage/users?format=json";
/// What can be said of users.
pub(super) const CAPABILITIES: &str = "/ISAPI/Security/CloudUserManage/users/capabilities?format=json";

/// The roles, as the vendor writes them.
const ROLES: [(PanelRole, &str); 7] = [
    (PanelRole::LocalAdmin, "localAdmin"),
    (PanelRole::LocalInstaller, "localInstaller"),
    (PanelRole::LocalOperator, "localOperator"),
    (PanelRole::CloudAdmin, "cloudAdmin"),
    (PanelRole::CloudOperator, "cloudOperator"),
    (PanelRole::InstallerAdmin, "installerAdmin"),
    (PanelRole::InstallerEmployee, "installerEmployee"),
];

/// One user.
pub(super) fn user_path(index: u32) -> String {
    format!("/ISAPI/Security/CloudUserManage/users/{index}?format=json")
}

/// The body of a new user.
pub(super) fn create_body(new: &NewAccount<'_>) -> String {
    let mut user = json!({
        "userName": new.user_name,
        "password": new.password.expose_secret(),
        "userType": word_of(new.role),
    });
    if let (Some(email), Some(fields)) = (new.email, user.as_object_mut()) {
        fields.insert("email".to_owned(), Value::from(email));
    }
    json!({ "CloudUser": user }).to_string()
}

/// The body of another password.
pub(super) fn password_body(password: &SecretString) -> String {
    json!({ "CloudUser": { "password": password.expose_secret() } }).to_string()
}

/// Reads the list of users; `None` for another document.
pub(super) fn read_list(root: &Element<'_>) -> Option<Vec<PanelAccount>> {
    let found = if root.is("CloudUser") { vec![root] } else { root.find_all("CloudUser") };
    let accounts = found.iter().filter_map(|user| {
        Some(PanelAccount {
            index: number(user, "indexID")?,
            user_name: user.child_text("userName")?.to_owned(),
            role: role_of(user.child_text("userType").unwrap_or("")),
        })
    });
    let accounts = accounts.take(MOST_ACCOUNTS).collect();
    let is_list = !found.is_empty() || is_blank(root) || root.find("CloudUserList").is_some();
    is_list.then_some(accounts)
}

/// The most users there can be, where that is told.
pub(super) fn read_most(root: &Element<'_>) -> Option<u32> {
    ["maxUserNum", "maxNum", "userNum"].iter().find_map(|name| root.text_of(name)?.trim().parse().ok())
}

fn role_of(word: &str) -> PanelRole {
    let known = ROLES.iter().find(|(_, known)| known.eq_ignore_ascii_case(word));
    known.map_or_else(|| PanelRole::Other(word.to_owned()), |(role, _)| role.clone())
}

fn word_of(role: &PanelRole) -> &str {
    ROLES.iter().find(|(known, _)| known == role).map_or(role.as_str(), |(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::read_any;

    #[test]
    fn every_role_goes_and_comes_back_by_the_vendors_word() {
        for (role, word) in ROLES {
            assert_eq!((role_of(word), word_of(&role)), (role.clone(), word));
        }
        assert_eq!(role_of("duressUser"), PanelRole::Other("duressUser".into()));
    }

    #[test]
    fn a_list_is_read_and_an_empty_one_is_a_list() {
        let json = r#"{"CloudUserList":[{"CloudUser":{"indexID":1,"userName":"anna","userType":"installerEmployee","email":"a@example.com"}},
            {"CloudUser":{"indexID":"2","userName":"admin","userType":"localAdmin"}},{"CloudUser":{"userName":"no number"}}]}"#;
        let list = read_list(&read_any(json).unwrap()).unwrap();
        assert_eq!(list.len(), 2);
        assert_eq!((list[0].index, &list[0].role), (1, &PanelRole::InstallerEmployee));
        assert_eq!(read_list(&read_any(r#"{"CloudUserList":[]}"#).unwrap()), Some(vec![]));
        assert_eq!(read_list(&read_any("<html><body/></html>").unwrap()), None);
    }

    #[test]
    fn a_name_cannot_leave_its_place_in_the_body() {
        let password = SecretString::from("a\"b\\c");
        let new =
            NewAccount { user_name: "\",\"x\":1", password: &password, role: &PanelRole::InstallerAdmin, email: None };
        let body: Value = serde_json::from_str(&create_body(&new)).unwrap();
        assert_eq!(
            body["CloudUser"],
            json!({ "userName": "\",\"x\":1", "password": "a\"b\\c", "userType": "installerAdmin" })
        );
    }
}
