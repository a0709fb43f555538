//! Sealed QRs in an import (R-O6): they wait, sealed once more, until their password is given.

use secrecy::{ExposeSecret as _, SecretString};
use siteward_qr::sealed::{Argon2id, Envelope, SealedDevice, SealedError, SealingKey};

use super::reading::waiting;
use crate::error::{ApiError, codes};

/// Most sealed codes of one picture: ten devices each, and each may cost a derivation.
const MOST_CODES: usize = 16;
/// Most different keys among the codes of one picture: codes made in one go share one.
const MOST_KEYS: usize = 4;

/// Sealed codes that were scanned together.
pub(super) struct SealedCodes {
    texts: Vec<SecretString>,
    envelopes: Vec<Envelope>,
}

impl SealedCodes {
    /// Reads the outside of codes. Nothing is derived here: absurd costs are refused before any work.
    pub(super) fn parse(texts: Vec<SecretString>) -> Result<Self, ApiError> {
        if texts.len() > MOST_CODES {
            return Err(ApiError::new(codes::QR_TOO_MANY_DEVICES));
        }
        let envelopes = texts.iter().map(|text| Envelope::parse(text.expose_secret())).collect::<Result<_, _>>();
        Ok(Self { texts, envelopes: envelopes.map_err(refused)? })
    }

    /// Reads what waited.
    pub(super) fn from_waiting(text: &SecretString) -> Result<Self, ApiError> {
        Self::parse(waiting(text)?)
    }

    /// Their texts as one, to be sealed until the password is known.
    pub(super) fn to_wait(&self) -> SecretString {
        let texts: Vec<&str> = self.texts.iter().map(SecretString::expose_secret).collect();
        serde_json::to_string(&texts).unwrap_or_default().into()
    }

    /// Opens all of them; `None`: the password is not theirs. Takes its time: off the async threads.
    pub(super) fn open(&self, password: &SecretString, now: i64) -> Result<Option<Vec<SealedDevice>>, ApiError> {
        let mut keys: Vec<SealingKey> = Vec::new();
        let mut devices = Vec::new();
        for envelope in &self.envelopes {
            if !keys.iter().any(|key| envelope.has_key_of(key)) {
                if keys.len() == MOST_KEYS {
                    return Err(refused(SealedError::Parameters));
                }
                keys.push(envelope.derive(password, &Argon2id).map_err(refused)?);
            }
            let Some(key) = keys.iter().find(|key| envelope.has_key_of(key)) else { continue };
            match envelope.open(key, now) {
                Ok(opened) => devices.extend(opened.devices),
                Err(SealedError::WrongPassword) => return Ok(None),
                Err(error) => return Err(refused(error)),
            }
        }
        Ok(Some(devices))
    }
}

fn refused(error: SealedError) -> ApiError {
    ApiError::of_code(error.code(), codes::QR_SEALED_DAMAGED).with_message(error.to_string())
}
