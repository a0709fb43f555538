//! A new password for the account, in clear or in the form of sensitive fields.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::activation::judge;
use super::{Outcome, Refusal};
use crate::ciphers;
use crate::device::{Device, held};
use crate::documents::security::{KEY_ROUNDS, salt};
use crate::profile::LoginScheme;
use crate::rules::Taken;
use crate::xml;

pub(super) fn set(device: &Device, id: u32, body: &str, target: &str) -> Result<Outcome, Refusal> {
    if id != 1 || xml::find(body, "id").is_some_and(|written| written != "1") {
        return Err((400, "invalidID"));
    }
    let sealed = seal_of(target)?;
    let mut door = held(&device.door);
    let read = |name: &str| -> Result<Option<String>, Refusal> {
        let Some(text) = xml::find(body, name).filter(|text| !text.is_empty()) else { return Ok(None) };
        match &sealed {
            None => Ok(Some(text)),
            Some(iv) => open(device, door.password(), iv, &text).map(Some).ok_or((400, "badParameters")),
        }
    };
    // Some clients seal the name too.
    let name = xml::find(body, "userName");
    if name.is_some_and(|name| name != device.user && read("userName").ok().flatten() != Some(device.user.clone())) {
        return Err((403, "userInexistence"));
    }
    let password = read("password")?.ok_or((400, "badXmlContent"))?;
    let old = read("loginPassword")?;
    // Whoever seals proves once more that they know the old one.
    if old.as_deref().map_or(sealed.is_some(), |old| old != door.password()) {
        return Err((403, "loginPasswordError"));
    }
    if password == door.password() {
        return Err((403, "cannotSameAsOldPassword"));
    }
    let taken = judge(&password, &device.user)?;
    door.set_password(&password);
    Ok(match taken {
        Taken::Good => Outcome::OK,
        Taken::Risky => Outcome { word: "riskPassword", ..Outcome::OK },
    })
}

/// The initialisation vector if the query says that sensitive fields are sealed.
fn seal_of(target: &str) -> Result<Option<[u8; 16]>, Refusal> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let value = |name: &str| query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name);
    let Some((_, version)) = value("security") else { return Ok(None) };
    if version != "1" {
        return Err((403, "notSupport"));
    }
    let mut iv = [0; 16];
    let (_, text) = value("iv").ok_or((400, "badParameters"))?;
    hex::decode_to_slice(text, &mut iv).map_err(|_| (400, "badParameters"))?;
    Ok(Some(iv))
}

/// AES-128-CBC over base64 of the text; what fills the last block may be zeroes or numbers.
fn open(device: &Device, password: &str, iv: &[u8; 16], sealed: &str) -> Option<String> {
    let base = if device.identity.profile.style().login == LoginScheme::Sha256AndMd5 {
        hex::encode(Sha256::digest(format!("{}{}{password}", device.user, salt(device))))
    } else {
        password.to_owned()
    };
    let mut hash = base + "AaBbCcDd1234!@#$";
    for _ in 0..KEY_ROUNDS {
        hash = hex::encode(Sha256::digest(hash));
    }
    let mut key = [0; 16];
    hex::decode_to_slice(hash.get(..32)?, &mut key).ok()?;
    let plain = ciphers::decrypt_chained(&key, iv, &hex::decode(sealed).ok()?)?;
    let end = plain.iter().rposition(|byte| *byte > 16).map_or(0, |last| last + 1);
    String::from_utf8(STANDARD.decode(plain.get(..end)?).ok()?).ok()
}
