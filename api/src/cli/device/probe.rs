//! `siteward device probe`.

use std::fmt::Write as _;

use chrono::Utc;
use clap::Args;
use secrecy::SecretString;
use siteward_devices::{AddressPolicy, CallError, DeviceClient, Limits, Login, Target, find_http, probe};
use siteward_domain::device::{DeviceAddress, Scheme};
use siteward_domain::observation::Observation;
use siteward_worker::settings::Settings;

use super::address::{self, Typed};
use super::report;
use crate::cli::{Failure, password_from_stdin};

/// Log in to a device and tell everything that it says of itself.
///
/// Without a port the usual ones are tried: 80, 443, 8080, 8443. A refused login is not tried again: a wrong password costs the
/// device exactly one.
#[derive(Args)]
#[command(after_help = "Example:
  echo -n 'secret' | siteward device probe 192.168.1.64 --user admin --password-stdin --json

Addresses on loopback are refused unless SITEWARD__DEVICES__ALLOW_LOOPBACK=true.")]
pub(in crate::cli) struct Probe {
    /// Host, with port and scheme where they are known: 192.168.1.64, nvr.local:8080, https://10.0.0.9
    #[arg(value_name = "URL")]
    url: String,
    /// The user name on the device.
    #[arg(long)]
    user: String,
    /// Read the password from standard input.
    #[arg(long, required = true)]
    password_stdin: bool,
    /// Print JSON; refusals too.
    #[arg(long)]
    pub(super) json: bool,
}

impl Probe {
    pub(super) fn run(&self, settings: &Settings) -> Result<(), Failure> {
        let typed = address::read(&self.url)?;
        let login = Login { user_name: self.user.clone(), password: SecretString::from(password_from_stdin()?) };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (address, observation) =
            runtime.block_on(look(&typed, login, settings)).map_err(|error| refusal(&error))?;
        let value = report::json(&address, &observation);
        if self.json {
            println!("{value:#}");
        } else {
            print!("{}", report::text(&value));
        }
        Ok(())
    }
}

async fn look(typed: &Typed, login: Login, settings: &Settings) -> Result<(DeviceAddress, Observation), CallError> {
    let (policy, limits) = (AddressPolicy::from(&settings.devices), Limits::from(&settings.devices));
    policy.check_host_text(&typed.host)?;
    let (address, mut client) = if let Some(port) = typed.port {
        let usual = if matches!(port, 443 | 8443) { Scheme::Https } else { Scheme::Http };
        let address = DeviceAddress { scheme: typed.scheme.unwrap_or(usual), host: typed.host.clone(), port };
        let target = Target { address: address.clone(), login, pin: None };
        (address, DeviceClient::new(target, limits, policy))
    } else {
        let first = if typed.scheme == Some(Scheme::Https) { 443 } else { 80 };
        find_http(&typed.host, first, &login, &policy, &limits).await?
    };
    let observation = probe(&mut client, Utc::now).await?;
    Ok((address, observation))
}

fn refusal(error: &CallError) -> Failure {
    let mut message = error.to_string();
    // Writing to a string cannot fail.
    let _ = match error {
        CallError::LoginRefused { tries_left: Some(left) } => {
            write!(message, "; {left} tries are left before it locks")
        }
        CallError::Locked { until: Some(until) } => write!(message, " until {}", until.format("%Y-%m-%d %H:%M:%S UTC")),
        CallError::BadAnswer { what: "redirect" } => {
            write!(message, ": it sends us to another address, mostly from http to https; try https://")
        }
        CallError::BadAnswer { what: "not_isapi" } => write!(message, ": what answers there does not speak ISAPI"),
        CallError::BadAnswer { what: "challenge" } => write!(message, ": it offers no way to log in that is known"),
        CallError::Unreachable { reason: "tls" } => {
            write!(message, ": TLS 1.2 or later with ECDHE is needed; try http://")
        }
        _ => Ok(()),
    };
    Failure::new(error.code(), message)
}
