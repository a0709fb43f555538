//! What the account of a login is on its device.

use super::password::USERS;
use crate::call_error::CallError;
use crate::http::DeviceClient;
use crate::isapi::read_answer;

/// The account that every device has, and that cannot be deleted.
const FIRST: &str = "1";

/// Whether the client's account is an administrator, as the device's own list of accounts says. Who may not read the list is
/// none. Levels are `Administrator`, `Operator` and `Viewer`; the first account is always an administrator.
pub async fn is_administrator(client: &mut DeviceClient) -> Result<bool, CallError> {
    let answer = client.get(USERS).await?;
    let user = client.login().user_name.clone();
    let told = read_answer(&answer, |root| {
        let all = root.find_all("User");
        let own = all.iter().find(|one| one.child_text("userName") == Some(user.as_str()));
        let is_one = own.is_some_and(|own| {
            let level = own.child_text("userLevel").unwrap_or_default();
            own.child_text("id") == Some(FIRST) || level.eq_ignore_ascii_case("administrator")
        });
        (root.is("UserList") || !all.is_empty()).then_some(is_one)
    });
    match told {
        Err(CallError::LowPrivilege | CallError::NotSupported) => Ok(false),
        told => told,
    }
}
