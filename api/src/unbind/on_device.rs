//! What is asked of the device itself, over the link of its LAN: first whether the login is right, then its freedom.

use siteward_devices::tunnel::{CommandAnswer, LinkCommand};
use siteward_devices::{CallError, DeviceClient, Limits, Login, Target, activation, operations, service};
use siteward_domain::device::{DeviceAddress, Scheme};
use siteward_domain::link::{BindState, Sighting};
use siteward_domain::unbind::UnbindRefusal;
use siteward_domain::{CompanyId, LinkId};
use siteward_store::{links, sightings};

use super::attempt::{Attempt, wrong_password};
use super::own_way;
use crate::devices::refusal;
use crate::error::{ApiError, codes};
use crate::platform::Platform;

/// What is known of the device before it is asked.
pub(crate) struct Known {
    /// The link that sees it.
    pub(crate) link_id: LinkId,
    /// What the link saw.
    pub(crate) sighting: Sighting,
    /// Whether another account of this server has it.
    pub(crate) bound_here: bool,
}

/// Frees the device from the account of its maker's cloud, with a login that the device itself has checked.
///
/// `tries_left` is what a wrong password leaves.
pub(crate) async fn free(
    platform: &Platform,
    attempt: &Attempt,
    known: &Known,
    login: Login,
    tries_left: u32,
) -> Result<(), ApiError> {
    own_way::agree(platform, attempt, known, login.clone(), tries_left).await?;
    let mut device = client(platform, attempt, known, login.clone());
    // `admin` is always one; of another name the device says what it is. Who only watches frees nothing (R-U1), and is told
    // no more than whoever has no login at all.
    if login.user_name != activation::USER {
        match operations::is_administrator(&mut device).await {
            Ok(true) => {}
            Ok(false) => return Err(wrong_password(tries_left)),
            Err(error) => return Err(refused(attempt, &error, tries_left)),
        }
    }
    let told = match service::read(&mut device).await {
        Ok(told) => Some(told),
        // Without this resource the login is checked by the unbinding itself.
        Err(CallError::NotSupported | CallError::LowPrivilege) => None,
        Err(error) => return Err(refused(attempt, &error, tries_left)),
    };
    if let Some(told) = &told {
        attempt.forget_tries(platform).await?;
        if told.host.as_deref().is_some_and(service::is_ezviz) && told.bind != BindState::Free {
            return Err(attempt.refused(UnbindRefusal::ServiceCentreEzviz));
        }
        if told.bind == BindState::Free {
            // Free in the maker's cloud: then it is only an account here that has it, or none at all.
            return if known.bound_here { Ok(()) } else { Err(attempt.refused(UnbindRefusal::NotBound)) };
        }
    }
    let Login { user_name: user, password } = login;
    let command = LinkCommand::Unbind { serial: attempt.serial.clone(), user, password };
    match platform.hub.command(&known.link_id, command).await {
        Ok(CommandAnswer::Done) => attempt.forget_tries(platform).await,
        Ok(CommandAnswer::Failed { code, message: _ }) => Err(match code.as_str() {
            "device_login_refused" | "denied" => wrong_password(tries_left),
            "unknown_device" => attempt.refused(UnbindRefusal::Offline),
            code => ApiError::of_code(told_code(code), codes::DEVICE_REFUSED),
        }),
        Ok(_) => Err(ApiError::new(codes::DEVICE_BAD_ANSWER)),
        Err(error) => Err(refused(attempt, &error, tries_left)),
    }
}

/// A link's word, if it is one of a device's refusals: what it invents is told as a refusal, never as an answer of ours.
fn told_code(code: &str) -> &str {
    match code {
        "not_supported" => codes::DEVICE_NOT_SUPPORTED.code,
        "device_unreachable" | "device_bad_answer" | "device_locked" | "device_not_activated" => code,
        _ => codes::DEVICE_REFUSED.code,
    }
}

fn client(platform: &Platform, attempt: &Attempt, known: &Known, login: Login) -> DeviceClient {
    let port = Some(known.sighting.http_port).filter(|port| *port != 0).unwrap_or(80);
    let address = DeviceAddress { scheme: Scheme::Http, host: known.sighting.host.clone(), port };
    let target = Target { address, login, pin: None };
    let transport = platform.hub.transport(&known.link_id, &attempt.serial);
    let mut client = DeviceClient::new(target, Limits::from(&platform.settings.devices), transport);
    // Whatever answers there is to learn no password.
    client.refuse_basic();
    client
}

fn refused(attempt: &Attempt, error: &CallError, tries_left: u32) -> ApiError {
    match error {
        CallError::LoginRefused { .. } => wrong_password(tries_left),
        CallError::Unreachable { .. } => attempt.refused(UnbindRefusal::Offline),
        error => refusal(error),
    }
}

/// Has the link look at the LAN, so that nobody reads for a minute that the device is bound. It may fail: the next report
/// tells the same.
pub(crate) async fn look_again(platform: &Platform, company: CompanyId, link: &LinkId) -> Result<(), ApiError> {
    let Ok(devices) = platform.hub.discover(link).await else { return Ok(()) };
    let (id, now) = (link.clone(), platform.clock.now());
    platform
        .write(move |conn| {
            let link = links::get_link(conn, &company, &id)?;
            sightings::report_changes(conn, &link, &devices, &[], now).map(drop)
        })
        .await
}
