//! How a first password travels: under a random text that the device sends sealed for a key made for this one time.
//!
//! ISAPI and SADP share the steps and differ in how things are written and in how the random text becomes a key.
//! RSA of 1,024 bits, PKCS#1 v1.5 and AES in ECB are what devices understand; the key lives for one answer.

use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt as _, KeyInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::traits::PublicKeyParts as _;
use rsa::{Pkcs1v15Encrypt, RsaPrivateKey};
use secrecy::{ExposeSecret as _, SecretString};

const KEY_BITS: usize = 1024;
const KEY_BYTES: usize = KEY_BITS / 8;
const BLOCK: usize = 16;
/// Characters of the random text that stand before the password.
const SALT_LENGTH: usize = 16;
/// Characters of the random text.
const RANDOM_LENGTH: usize = 32;
/// What stands before the modulus in PKCS#1 DER of a key of this size: a sequence, and a number whose first byte is 0.
const DER_HEAD: [u8; 7] = [0x30, 0x81, 0x89, 0x02, 0x81, 0x81, 0x00];
/// The exponent 65537 in DER.
const DER_TAIL: [u8; 5] = [0x02, 0x03, 0x01, 0x00, 0x01];

/// Why the exchange did not come to an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the device's answer cannot be opened")]
pub(crate) struct NotOpened;

/// Which of the two ways a device speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Over HTTP: texts are hexadecimal inside base64, the key is what the random text says in hexadecimal.
    Isapi,
    /// Over SADP: texts are plain base64, the key is the first 16 characters of the random text. Told by one source only.
    Sadp,
}

/// A key pair for one exchange.
pub(crate) struct Exchange {
    key: RsaPrivateKey,
}

/// The device's random text, opened.
pub(crate) struct Opened {
    way: Way,
    random: SecretString,
}

impl Exchange {
    /// Makes a key pair; takes some tens of milliseconds of a processor, so it runs apart from other work.
    pub(crate) async fn begin() -> Result<Self, NotOpened> {
        tokio::task::spawn_blocking(|| RsaPrivateKey::new(&mut rand::rng(), KEY_BITS))
            .await
            .ok()
            .and_then(Result::ok)
            .map(|key| Self { key })
            .ok_or(NotOpened)
    }

    /// The public key as it is sent.
    pub(crate) fn public_key(&self, way: Way) -> String {
        let bytes = self.key.n_bytes();
        let skipped = bytes.len().saturating_sub(KEY_BYTES);
        let modulus = bytes.get(skipped..).unwrap_or(&bytes);
        match way {
            Way::Isapi => STANDARD.encode(hex::encode(modulus)),
            Way::Sadp => STANDARD.encode([DER_HEAD.as_slice(), modulus, &DER_TAIL].concat()),
        }
    }

    /// Opens the device's answer.
    pub(crate) fn open(&self, way: Way, answer: &str) -> Result<Opened, NotOpened> {
        let outer = STANDARD.decode(answer.trim()).map_err(|_| NotOpened)?;
        let sealed = match way {
            _ if outer.len() == KEY_BYTES => outer,
            Way::Isapi => hex::decode(outer.trim_ascii()).map_err(|_| NotOpened)?,
            Way::Sadp => return Err(NotOpened),
        };
        let opened = self.key.decrypt(Pkcs1v15Encrypt, &sealed).map_err(|_| NotOpened)?;
        let random = String::from_utf8(opened).map_err(|_| NotOpened)?;
        let random = SecretString::from(random.trim_end_matches('\0').trim());
        let text = random.expose_secret();
        if text.len() != RANDOM_LENGTH || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NotOpened);
        }
        Ok(Opened { way, random })
    }
}

impl Opened {
    /// The password as it is sent: sealed with the random text, after half of the random text.
    pub(crate) fn seal(&self, password: &SecretString) -> Result<String, NotOpened> {
        let random = self.random.expose_secret();
        let key: [u8; BLOCK] = match self.way {
            Way::Isapi => {
                let mut key = [0; BLOCK];
                hex::decode_to_slice(random, &mut key).map_err(|_| NotOpened)?;
                key
            }
            Way::Sadp => random.as_bytes().get(..BLOCK).and_then(|key| key.try_into().ok()).ok_or(NotOpened)?,
        };
        let salt = random.get(..SALT_LENGTH).ok_or(NotOpened)?;
        let sealed = seal_with(key, [salt.as_bytes(), password.expose_secret().as_bytes()].concat());
        Ok(match self.way {
            Way::Isapi => STANDARD.encode(hex::encode(sealed)),
            Way::Sadp => STANDARD.encode(sealed),
        })
    }
}

/// AES-128 in ECB, filled up with zeros.
fn seal_with(key: [u8; BLOCK], mut plain: Vec<u8>) -> Vec<u8> {
    plain.resize(plain.len().next_multiple_of(BLOCK), 0);
    let cipher = Aes128::new(&key.into());
    let mut sealed = Vec::with_capacity(plain.len());
    for chunk in plain.chunks_exact(BLOCK) {
        let mut block = aes::Block::try_from(chunk).unwrap_or_default();
        cipher.encrypt_block(&mut block);
        sealed.extend_from_slice(&block);
    }
    sealed
}

#[cfg(test)]
mod tests {
    use rsa::BoxedUint;

    use super::*;

    // Computed apart from this code, by another library in another language.
    const P: &str = "cc51094e1d91e95dce48ac3980700ce30cda1ed2f3141b1031c8bebe98fd5d11fa83390d6226828852c31b1f4af61375287d04630db31827cac20bed8f235db3";
    const Q: &str = "c0cc4ea05f2a742567161b2171d82441a2ad8b1abbc3dd48836741068e85354e7a59d3fe767e36e7a95914d3b3bcd04f1336933f6cd1a91e829db685341639f1";
    const ISAPI_KEY: &str = "OTlkZmQ2NGVhZmRjOTE5MzU3YzE0ZjI2NjRiNzhkZWU2YjU0MTk5YThmMGE0NTZlMzFmZGEzZjRkNjhjYzlmNDZlMzA5YjkxODgzNzViMGFhZjZiY2Q4MjdlNTNiMjM2M2RiMmIzMzI5NWFlZTFkMzIwNmMyMzJjYTcxYjZmY2I4MzM1ZTJlMjgxOWNkYTQxZWY3YzA0MzM5MDIwODM4MWQ0OTFkYWEzOWIzNDYzYTE2ZjAxNDhmZGQ2MjQ5MzU2ODZkZTFhM2Q3YmY4ZmMxNmQ4MWQwMjg2NmNkOTU2ODU1MGMyNTA0NDRmNjQ2YjIyM2I5NjhiOTQwOThhMTA4Mw==";
    const SADP_KEY: &str = "MIGJAoGBAJnf1k6v3JGTV8FPJmS3je5rVBmajwpFbjH9o/TWjMn0bjCbkYg3Wwqva82CflOyNj2yszKVruHTIGwjLKcbb8uDNeLigZzaQe98BDOQIIOB1JHao5s0Y6FvAUj91iSTVobeGj17+PwW2B0ChmzZVoVQwlBET2RrIjuWi5QJihCDAgMBAAE=";
    const ISAPI_ANSWER: &str = "MzQzMmNmNmQyMWE1NTIzMmM1MTkyMTkxN2U3NGMwNmM1YzU5MmJlZjIxZjg3OWEwZTEwY2I5NTBhZTMwNTA1Y2MwZTdmOTdlMWIwNzFkMDI1NzVhYmNmOWYxNmU0MTk5YzkzYmM0YjFjZTRhZWQ1YWY1OGIxZjdiMDNiY2JmODE5NjUxNTMwZjBkMjFlYTZjZjNhN2RiMjg5ODNlMjE1NzU0OWM2NDEwZDEyM2E4Njk4ZGYxY2FkMTljM2YyNDIzNDIzNzk5MDFjZWNjYjQyMTg1YzFhNzYzYjM4NjE1YjU0NTUyNTJhYTFjMmFjNDQ4ZDRmZTI0MDJlN2JiYjc3ZQ==";
    const SADP_ANSWER: &str = "NDLPbSGlUjLFGSGRfnTAbFxZK+8h+Hmg4Qy5UK4wUFzA5/l+GwcdAldavPnxbkGZyTvEsc5K7Vr1ix97A7y/gZZRUw8NIeps86fbKJg+IVdUnGQQ0SOoaY3xytGcPyQjQjeZAc7MtCGFwadjs4YVtUVSUqocKsRI1P4kAue7t34=";
    /// What the two answers hold.
    const RANDOM: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    const SEALED: [(&str, Way, &str); 4] = [
        (
            "Yard-2026",
            Way::Isapi,
            "Y2FmZWQyYTNhNWM5MzRiNDE4MzI0YzNmM2UzMDA3ZTg1M2M3YjFmNzc2ZTgzNDIxMDEzMTQ1MGVhYzFhZmZkYg==",
        ),
        ("Yard-2026", Way::Sadp, "ZFf+D+xw49Zatgp9NGGucOmbrnFQcWRBD+55O0UG6TM="),
        (
            "Sixteen-Letters1",
            Way::Isapi,
            "Y2FmZWQyYTNhNWM5MzRiNDE4MzI0YzNmM2UzMDA3ZTg2Nzk2MDk1ODU4NDRkYzE0NDg0ZTU0NDIxNDViNWU0Mw==",
        ),
        ("Sixteen-Letters1", Way::Sadp, "ZFf+D+xw49Zatgp9NGGucPHjbhnFrNFDF62sLL15sAU="),
    ];

    fn exchange() -> Exchange {
        let number = |text: &str| BoxedUint::from_be_slice(&hex::decode(text).unwrap(), 512).unwrap();
        let exponent = BoxedUint::from(65_537_u64);
        Exchange { key: RsaPrivateKey::from_p_q(number(P), number(Q), exponent).unwrap() }
    }

    #[test]
    fn keys_answers_and_passwords_are_written_as_each_way_has_them() {
        let exchange = exchange();
        assert_eq!(exchange.public_key(Way::Isapi), ISAPI_KEY);
        assert_eq!(exchange.public_key(Way::Sadp), SADP_KEY);
        for (password, way, sealed) in SEALED {
            let answer = if way == Way::Isapi { ISAPI_ANSWER } else { SADP_ANSWER };
            let opened = exchange.open(way, answer).unwrap();
            assert_eq!(opened.random.expose_secret(), RANDOM);
            assert_eq!(opened.seal(&SecretString::from(password)).unwrap(), sealed, "{password} {way:?}");
        }
    }

    #[test]
    fn an_answer_that_is_none_is_not_opened() {
        let exchange = exchange();
        let other = STANDARD.encode([7_u8; KEY_BYTES]);
        for answer in ["", "!", "MTIz", ISAPI_KEY, other.as_str()] {
            assert!(exchange.open(Way::Isapi, answer).is_err() && exchange.open(Way::Sadp, answer).is_err());
        }
        // Hexadecimal inside base64 is the other way's.
        assert!(exchange.open(Way::Sadp, ISAPI_ANSWER).is_err());
    }

    #[tokio::test]
    async fn each_exchange_has_a_key_of_its_own() {
        let (one, other) = (Exchange::begin().await.unwrap(), Exchange::begin().await.unwrap());
        assert_ne!(one.public_key(Way::Sadp), other.public_key(Way::Sadp));
        assert_eq!(STANDARD.decode(one.public_key(Way::Sadp)).unwrap().len(), 140);
    }
}
