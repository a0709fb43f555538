//! Taking the address from DHCP, as the maker's own tools do right after activation.

use http::Method;

use super::XML;
use crate::call_error::CallError;
use crate::http::{Answer, DeviceClient};
use crate::isapi::edit::Edit;
use crate::isapi::{outcome, read_answer};
use crate::xml::Element;

const INTERFACES: &str = "/ISAPI/System/Network/interfaces";

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DhcpOn {
    /// It was on already.
    WasOn,
    /// It is on; the device may now have another address.
    TurnedOn {
        /// It holds after a restart only.
        needs_reboot: bool,
    },
    /// The device went silent on being told, as it does when its address changes at once.
    WentSilent,
}

struct Interface {
    id: String,
    dynamic: bool,
}

/// Lets the interface we speak to take its address from DHCP. The device is to be found again by its serial number.
pub async fn dhcp_on(client: &mut DeviceClient) -> Result<DhcpOn, CallError> {
    let host = client.address().host.clone();
    let interface = read_answer(&client.get(INTERFACES).await?, |root| choose(root, &host))?;
    if interface.dynamic {
        return Ok(DhcpOn::WasOn);
    }
    let path = format!("{INTERFACES}/{}/ipAddress", interface.id);
    let mut edit = Edit::read(&client.get(&path).await?, "IPAddress")?;
    edit.set("addressingType", "dynamic")?;
    match client.send(Method::PUT, &path, Some(XML), edit.into_body()).await {
        // It answered on this connection a moment ago.
        Err(CallError::Unreachable { reason: "closed" | "timeout" }) => Ok(DhcpOn::WentSilent),
        answered => judge(&answered?),
    }
}

fn judge(answer: &Answer) -> Result<DhcpOn, CallError> {
    outcome::read(answer).map(|done| DhcpOn::TurnedOn { needs_reboot: done.needs_reboot })
}

/// The interface with the address we speak to; else the first: Wi-Fi is the second.
fn choose(root: &Element<'_>, host: &str) -> Option<Interface> {
    let all = root.find_all("NetworkInterface");
    let ours = all.iter().find(|one| one.text_of("ipAddress") == Some(host));
    let one = ours.or(all.first())?;
    let id = one.child_text("id").filter(|id| id.len() <= 10 && id.bytes().all(|byte| byte.is_ascii_digit()))?;
    let dynamic = one.text_of("addressingType").is_some_and(|kind| kind.eq_ignore_ascii_case("dynamic"));
    Some(Interface { id: id.to_owned(), dynamic })
}
