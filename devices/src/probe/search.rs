//! Finding the HTTP(S) port of a device: an export QR gives the SDK port, usually 8000 (R-D2).

use siteward_domain::device::{DeviceAddress, Scheme};
use siteward_domain::import::ports_to_try;
use tokio::time::{Duration, Instant, timeout_at};

use crate::call_error::CallError;
use crate::http::{DeviceClient, Limits, Login, Target};
use crate::isapi::{self, info};
use crate::transport::{Transport, Way};

/// Time for a port to accept a connection.
const KNOCK: Duration = Duration::from_millis(2500);
/// Time for one try of one port; a port that says nothing for so long does not speak HTTP.
const TRY: Duration = Duration::from_secs(4);

/// Tries the given port, then 80, 443, 8080 and 8443, until one speaks ISAPI and accepts the login.
///
/// Returns the address found and a client that is logged in to it. A login refused by a port that speaks
/// ISAPI ends the search: one refused login and no more. All tries together keep within [`Limits::check`].
pub async fn find_http(
    host: &str,
    given_port: u16,
    login: &Login,
    transport: impl Into<Transport>,
    limits: &Limits,
) -> Result<(DeviceAddress, DeviceClient), CallError> {
    let end = Instant::now() + limits.check;
    let transport = transport.into();
    let way = Way::from(transport.clone());
    let best = CallError::Unreachable { reason: "timeout" };
    let mut search = Search { host, login, transport, way, limits, best };
    match timeout_at(end, search.run(given_port)).await {
        Ok(result) => result,
        Err(_) => Err(search.best),
    }
}

struct Search<'a> {
    host: &'a str,
    login: &'a Login,
    transport: Transport,
    way: Way,
    limits: &'a Limits,
    /// The error to report when nothing is found: an answer tells more than silence.
    best: CallError,
}

impl Search<'_> {
    async fn run(&mut self, given_port: u16) -> Result<(DeviceAddress, DeviceClient), CallError> {
        if let Some(found) = self.try_port(given_port, false).await? {
            return Ok(found);
        }
        let ports = ports_to_try(given_port);
        let others = ports.get(1..).unwrap_or(&[]);
        let mut open = Vec::new();
        // A host that drops packets costs its time once, not once a port.
        let (a, b, c, d) = tokio::join!(
            self.knock(others.first()),
            self.knock(others.get(1)),
            self.knock(others.get(2)),
            self.knock(others.get(3))
        );
        for (port, knocked) in others.iter().zip([a, b, c, d]) {
            match knocked {
                Ok(()) => open.push(*port),
                Err(error) => self.remember(error),
            }
        }
        for port in open {
            if let Some(found) = self.try_port(port, true).await? {
                return Ok(found);
            }
        }
        Err(self.best.clone())
    }

    /// Connects and hangs up.
    async fn knock(&self, port: Option<&u16>) -> Result<(), CallError> {
        let Some(port) = port else { return Err(CallError::Unreachable { reason: "refused" }) };
        let connecting = self.way.knock(self.host, *port);
        let most = self.limits.connect.min(KNOCK);
        tokio::time::timeout(most, connecting).await.unwrap_or(Err(CallError::Unreachable { reason: "timeout" }))
    }

    /// Plain or TLS first, as the port suggests, then the other; silence in the first ends the try, but for
    /// TLS with a port that is known to be `open`: a plain server waits for the rest of what it takes for a line.
    async fn try_port(&mut self, port: u16, open: bool) -> Result<Option<(DeviceAddress, DeviceClient)>, CallError> {
        let schemes =
            if matches!(port, 443 | 8443) { [Scheme::Https, Scheme::Http] } else { [Scheme::Http, Scheme::Https] };
        for scheme in schemes {
            let address = DeviceAddress { scheme, host: self.host.to_owned(), port };
            let target = Target { address: address.clone(), login: self.login.clone(), pin: None };
            let connect = self.limits.connect.min(KNOCK);
            let limits = Limits { call: self.limits.call.min(TRY), connect, ..*self.limits };
            let mut client = DeviceClient::new(target, limits, &self.transport);
            let told = super::get_either_way(&mut client, info::PATH).await;
            let answered = told.and_then(|answer| isapi::read_answer(&answer, info::read));
            match answered {
                Ok(_) => {
                    client.set_limits(*self.limits);
                    return Ok(Some((address, client)));
                }
                // It speaks ISAPI and refuses us, or it is not to be dialled at all, on whatever port.
                Err(
                    error @ (CallError::LoginRefused { .. }
                    | CallError::Locked { .. }
                    | CallError::TooManySessions
                    | CallError::NotActivated
                    | CallError::LowPrivilege
                    | CallError::AddressRefused(_)
                    | CallError::Unreachable { reason: "dns" | "link_down" | "unknown_device" }),
                ) => return Err(error),
                Err(error @ CallError::Unreachable { reason: "timeout" }) if open && scheme == Scheme::Https => {
                    self.remember(error);
                }
                // Nobody there, so nobody who speaks TLS either; or it speaks HTTP well enough to send us to
                // another port, mostly from 80 to 443.
                Err(
                    error @ (CallError::Unreachable { reason: "timeout" | "refused" | "no_route" | "port_not_allowed" }
                    | CallError::BadAnswer { what: "redirect" }),
                ) => {
                    self.remember(error);
                    break;
                }
                Err(CallError::NotSupported) => self.remember(CallError::BadAnswer { what: "not_isapi" }),
                Err(error) => self.remember(error),
            }
        }
        Ok(None)
    }

    fn remember(&mut self, error: CallError) {
        let weight = |error: &CallError| match error {
            CallError::Unreachable { reason: "timeout" | "no_route" | "port_not_allowed" } => 0,
            CallError::Unreachable { .. } => 1,
            CallError::BadAnswer { .. } => 2,
            _ => 3,
        };
        if weight(&error) > weight(&self.best) {
            self.best = error;
        }
    }
}
