//! Activation over ISAPI: a challenge under the client's key, then the first password under the challenge.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Outcome, Refusal};
use crate::ciphers::Secret;
use crate::device::{Device, held};
use crate::documents;
use crate::rules::{self, Taken, Weak};
use crate::xml;

const BAD: Refusal = (400, "badXmlContent");

/// Base64 of lower-case hex.
fn decode(text: &str) -> Option<Vec<u8>> {
    let hex_text = STANDARD.decode(text).ok()?;
    let lower = !hex_text.iter().any(u8::is_ascii_uppercase);
    lower.then(|| hex::decode(hex_text).ok())?
}

pub(super) fn challenge(device: &Device, body: &str) -> Result<String, Refusal> {
    let modulus = xml::find(body, "key").as_deref().and_then(decode).ok_or(BAD)?;
    let secret = Secret::random();
    let sealed = secret.for_modulus(&modulus).ok_or((400, "badParameters"))?;
    held(&device.setup).challenge = Some(Box::new(secret));
    let mut answer = documents::start(device, "Challenge");
    answer.leaf("key", STANDARD.encode(hex::encode(sealed)));
    Ok(answer.finish())
}

/// A challenge is good for one try.
pub(super) fn activate(device: &Device, body: &str) -> Result<Outcome, Refusal> {
    let mut setup = held(&device.setup);
    let secret = setup.challenge.take();
    if setup.activated {
        return Err((403, "hasActivated"));
    }
    let sealed = xml::find(body, "password").as_deref().and_then(decode).ok_or(BAD)?;
    let password = secret.and_then(|secret| secret.open_by_value(&sealed)).ok_or((403, "invalidOperation"))?;
    let taken = judge(&password, &device.user)?;
    held(&device.door).set_password(&password);
    setup.activated = true;
    Ok(match taken {
        Taken::Good => Outcome::OK,
        Taken::Risky => Outcome { word: "riskPassword", ..Outcome::OK },
    })
}

/// What a device says to a password that it does not take.
pub(super) fn judge(password: &str, user: &str) -> Result<Taken, Refusal> {
    rules::judge_password(password, user).map_err(|weak| match weak {
        Weak::Long => (400, "passwordLenNoMoreThan16"),
        Weak::Guessable => (400, "riskPassword"),
    })
}
