//! Restarting a device.

use bytes::Bytes;
use http::Method;

use crate::activation::tells_itself;
use crate::call_error::CallError;
use crate::http::DeviceClient;
use crate::isapi::outcome;

const PATH: &str = "/ISAPI/System/reboot";

/// What became of the wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rebooting {
    /// The device said that it will.
    Told,
    /// It had accepted the login just before, and went silent on being told: most devices do.
    WentSilent,
}

/// Restarts the device. Its connection is gone afterwards; [`crate::activation::wait_until_ready`] waits for its return.
pub async fn reboot(client: &mut DeviceClient) -> Result<Rebooting, CallError> {
    // On this connection, so that silence afterwards is an answer, and not an address where nobody is.
    tells_itself(client).await?;
    let answered = client.send(Method::PUT, PATH, None, Bytes::new()).await;
    let told = match answered {
        Err(CallError::Unreachable { reason: "closed" | "timeout" }) => Ok(Rebooting::WentSilent),
        Err(error) => Err(error),
        Ok(answer) => outcome::read(&answer).map(|_| Rebooting::Told),
    };
    client.drop_connection();
    told
}
