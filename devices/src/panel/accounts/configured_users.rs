//! The users of older panels: `SecurityCP/Configuration/users`.
//!
//! Source: `UserCfg` as the vendor describes it; where the type of a user stands in it is told by one text only [?]. These panels
//! know one kind of installer, so an installer of whatever kind is written `installer` and read as one of the staff.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use siteward_domain::panel::PanelRole;

use super::super::values::{is_blank, number};
use super::{MOST_ACCOUNTS, NewAccount, PanelAccount};
use crate::xml::Element;

/// All users.
pub(super) const USERS: &str = "/ISAPI/SecurityCP/Configuration/users?format=json";
/// What can be said of users.
pub(super) const CAPABILITIES: &str = "/ISAPI/SecurityCP/Configuration/users/capabilities?format=json";

/// One user.
pub(super) fn user_path(id: u32) -> String {
    format!("/ISAPI/SecurityCP/Configuration/users/{id}?format=json")
}

/// The body of a new user. There is no place for an address.
pub(super) fn create_body(new: &NewAccount<'_>) -> String {
    let body = json!({ "UserCfg": {
        "userName": new.user_name,
        "password": new.password.expose_secret(),
        "UserPermission": { "userType": word_of(new.role) },
    } });
    body.to_string()
}

/// The body of another password; the vendor calls number and name required.
pub(super) fn password_body(account: &PanelAccount, password: &SecretString) -> String {
    let body = json!({ "UserCfg": {
        "id": account.index,
        "userName": account.user_name,
        "password": password.expose_secret(),
    } });
    body.to_string()
}

/// Reads the list of users; `None` for another document.
pub(super) fn read_list(root: &Element<'_>) -> Option<Vec<PanelAccount>> {
    let found = if root.is("UserCfg") { vec![root] } else { root.find_all("UserCfg") };
    let accounts = found.iter().filter_map(|user| {
        Some(PanelAccount {
            index: number(user, "id")?,
            user_name: user.child_text("userName")?.to_owned(),
            role: role_of(user.text_of("userType").unwrap_or("")),
        })
    });
    let accounts = accounts.take(MOST_ACCOUNTS).collect();
    let is_list = !found.is_empty() || is_blank(root) || root.find("UserCfgList").is_some();
    is_list.then_some(accounts)
}

/// The highest number a user can have.
pub(super) fn read_most(root: &Element<'_>) -> Option<u32> {
    number(root.find("id")?, "@max")
}

fn role_of(word: &str) -> PanelRole {
    match word.to_ascii_lowercase().as_str() {
        "installer" => PanelRole::InstallerEmployee,
        "administrator" | "admin" => PanelRole::LocalAdmin,
        "operator" => PanelRole::LocalOperator,
        _ => PanelRole::Other(word.to_owned()),
    }
}

fn word_of(role: &PanelRole) -> &str {
    match role {
        PanelRole::InstallerAdmin | PanelRole::InstallerEmployee | PanelRole::LocalInstaller => "installer",
        PanelRole::LocalAdmin => "administrator",
        // There is one administrator, the panel's own: the owner operates it.
        PanelRole::LocalOperator | PanelRole::CloudOperator | PanelRole::CloudAdmin => "operator",
        PanelRole::Other(word) => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::read_any;

    #[test]
    fn a_list_is_read_with_either_name_and_without_a_type() {
        for list in ["UserCfgList", "List"] {
            let json = format!(
                r#"{{"{list}":[{{"UserCfg":{{"id":1,"userName":"admin"}}}},
                {{"UserCfg":{{"id":2,"userName":"anna","UserPermission":{{"userType":"installer"}}}}}}]}}"#
            );
            let read = read_list(&read_any(&json).unwrap()).unwrap();
            assert_eq!(read.iter().map(|one| one.index).collect::<Vec<_>>(), [1, 2]);
            assert_eq!(read[0].role, PanelRole::Other(String::new()));
            assert_eq!(read[1].role, PanelRole::InstallerEmployee);
        }
        assert_eq!(read_list(&read_any(r#"{"UserCfgList":[]}"#).unwrap()), Some(vec![]));
    }

    #[test]
    fn installers_of_every_kind_are_one_kind_there() {
        for role in [PanelRole::InstallerAdmin, PanelRole::InstallerEmployee, PanelRole::LocalInstaller] {
            assert_eq!(role_of(word_of(&role)), PanelRole::InstallerEmployee);
        }
        assert_eq!(role_of("manufacturer"), PanelRole::Other("manufacturer".into()));
    }

    #[test]
    fn room_is_told_by_the_highest_number() {
        let json = r#"{"UserCfgCap":{"id":{"@min":1,"@max":13},"userName":{"@min":1,"@max":32}}}"#;
        assert_eq!(read_most(&read_any(json).unwrap()), Some(13));
        assert_eq!(read_most(&read_any("{}").unwrap()), None);
    }
}
