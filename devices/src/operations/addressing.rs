//! Taking the address from DHCP, as the maker's own tools do right after activation.

use http::Method;
use siteward_domain::observation::NetworkInterface;

use super::XML;
use crate::call_error::CallError;
use crate::http::{Answer, DeviceClient};
use crate::isapi::edit::Edit;
use crate::isapi::{network, outcome, read_answer};

const INTERFACES: &str = network::PATH;

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

/// Lets the interface we speak to take its address from DHCP. The device is to be found again by its serial number.
pub async fn dhcp_on(client: &mut DeviceClient) -> Result<DhcpOn, CallError> {
    let host = client.address().host.clone();
    let interface = read_answer(&client.get(INTERFACES).await?, |root| choose(network::read(root)?, &host))?;
    if interface.addressing.is_some_and(|kind| kind.eq_ignore_ascii_case("dynamic")) {
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
fn choose(all: Vec<NetworkInterface>, host: &str) -> Option<NetworkInterface> {
    let ours = all.iter().position(|one| one.ip_address.as_deref() == Some(host));
    let one = all.into_iter().nth(ours.unwrap_or(0))?;
    // It becomes a part of a path.
    let is_number = |id: &str| !id.is_empty() && id.len() <= 10 && id.bytes().all(|byte| byte.is_ascii_digit());
    is_number(&one.id).then_some(one)
}
