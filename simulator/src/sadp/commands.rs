//! SADP commands: activation, the cloud service, unbinding and addresses.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use sha2::Sha256;

use super::description::{bind_status, can_unbind, line, salt, start};
use super::probe::Probe;
use crate::ciphers::{self, Secret};
use crate::device::{Device, Now, count, held};
use crate::login::Verdict;
use crate::profile::Profile;
use crate::rules;

/// Why a command was not carried out.
enum Refusal {
    /// Wrong password, or locked, or none of the forms that a password may have.
    Denied,
    /// Anything else.
    Failed,
}

/// What a command answers with besides its result.
type Told = Option<(&'static str, String)>;

/// Carries out a command and writes the answer.
pub(super) fn obey(device: &Device, probe: &Probe, now: Now) -> String {
    let outcome = carry_out(device, probe, now);
    let (result, told) = match outcome {
        Ok(told) => ("success", told),
        Err(Refusal::Denied) => ("denied", None),
        Err(Refusal::Failed) => ("failed", None),
    };
    count(if result == "success" { &device.tallies.commands } else { &device.tallies.commands_refused });
    let mut text = start(device, probe);
    line(&mut text, "Result", result);
    if let Some((name, value)) = told {
        line(&mut text, name, value);
    }
    text.push_str("</ProbeMatch>\n");
    text
}

fn carry_out(device: &Device, probe: &Probe, now: Now) -> Result<Told, Refusal> {
    match probe.kind.as_str() {
        "exchangecode" => exchange(device, probe).map(Some),
        "activate" => activate(device, probe).map(|()| None),
        "getUnbindStatus" => Ok(Some(("BindStatus", bind_status(device).to_string()))),
        kind @ ("SetHCPlatform" | "SetVerificationCode" | "ezvizUnbind" | "update") => {
            check_password(device, probe, now)?;
            match kind {
                "SetHCPlatform" => switch_service(device, probe, now),
                "SetVerificationCode" => set_code(device, probe),
                "ezvizUnbind" => unbind(device, now),
                _ => set_address(device, probe),
            }
            .map(|()| None)
        }
        _ => Err(Refusal::Failed),
    }
}

/// A secret for the owner of the key that came, base64 of the RSA block.
fn exchange(device: &Device, probe: &Probe) -> Result<(&'static str, String), Refusal> {
    let der = probe.get("Code").and_then(|code| STANDARD.decode(code).ok()).ok_or(Refusal::Failed)?;
    let secret = Secret::random();
    let sealed = secret.for_der(&der).ok_or(Refusal::Failed)?;
    held(&device.setup).exchange = Some(Box::new(secret));
    Ok(("Code", STANDARD.encode(sealed)))
}

fn activate(device: &Device, probe: &Probe) -> Result<(), Refusal> {
    let mut setup = held(&device.setup);
    if setup.activated {
        return Err(Refusal::Failed);
    }
    let secret = setup.exchange.take().ok_or(Refusal::Denied)?;
    let (sealed, _) = probe.password().ok_or(Refusal::Failed)?;
    let sealed = STANDARD.decode(sealed).map_err(|_| Refusal::Failed)?;
    let password = secret.open_by_characters(&sealed).ok_or(Refusal::Denied)?;
    rules::judge_password(&password, &device.user).map_err(|_| Refusal::Failed)?;
    held(&device.door).set_password(&password);
    setup.activated = true;
    Ok(())
}

/// Both forms of a password that are known: under the secret of an exchange, or under a key made with the salt.
fn check_password(device: &Device, probe: &Probe, now: Now) -> Result<(), Refusal> {
    let (sealed, salted) = probe.password().ok_or(Refusal::Denied)?;
    let sealed = STANDARD.decode(sealed).map_err(|_| Refusal::Denied)?;
    let secret = {
        let mut setup = held(&device.setup);
        if !setup.activated {
            return Err(Refusal::Failed);
        }
        if salted { None } else { Some(setup.exchange.take().ok_or(Refusal::Denied)?) }
    };
    let mut door = held(&device.door);
    let given = match secret {
        Some(secret) => secret.open_by_characters(&sealed),
        None => open_salted(device, door.password(), &sealed),
    };
    let right = given.is_some_and(|given| given == door.password());
    match door.check_password(right, now.instant) {
        Verdict::Accepted => Ok(()),
        _ => Err(Refusal::Denied),
    }
}

/// Key: MD5 over the hex SHA-256 of user, salt and password.
fn open_salted(device: &Device, password: &str, sealed: &[u8]) -> Option<String> {
    let inner = hex::encode(Sha256::digest(format!("{}{}{password}", device.user, salt(device))));
    let key: [u8; 16] = Md5::digest(inner).into();
    ciphers::zero_padded(&ciphers::decrypt(&key, sealed)?)
}

fn switch_service(device: &Device, probe: &Probe, now: Now) -> Result<(), Refusal> {
    let on = match probe.get("HCPlatformEnable").as_deref() {
        Some("true" | "1") => true,
        Some("false" | "flase" | "0") => false,
        _ => return Err(Refusal::Failed),
    };
    let mut setup = held(&device.setup);
    if on && setup.service.code.is_none() {
        return Err(Refusal::Failed);
    }
    setup.service.switch(on, now.instant);
    Ok(())
}

fn set_code(device: &Device, probe: &Probe) -> Result<(), Refusal> {
    let code = probe.get("VerificationCode").ok_or(Refusal::Failed)?;
    let mut setup = held(&device.setup);
    let can = device.identity.profile != Profile::CameraOld;
    if !can || !rules::is_code(&code, setup.wants_old_codes(&device.identity)) {
        return Err(Refusal::Failed);
    }
    setup.service.code = Some(code);
    Ok(())
}

fn unbind(device: &Device, now: Now) -> Result<(), Refusal> {
    let can = can_unbind(device);
    let mut setup = held(&device.setup);
    if !can || !setup.bound || !setup.service.is_registered(now.instant, device.limits.registration) {
        return Err(Refusal::Failed);
    }
    setup.bound = false;
    Ok(())
}

fn set_address(device: &Device, probe: &Probe) -> Result<(), Refusal> {
    let dhcp = match probe.get("DHCP").as_deref() {
        Some("true" | "1") => true,
        Some("false" | "0") => false,
        _ => return Err(Refusal::Failed),
    };
    held(&device.setup).dhcp = dhcp;
    Ok(())
}
