//! The arithmetic of activation: RSA towards the client, AES back, as the notes give it for ISAPI and for SADP.

use aes::Aes128;
use aes::cipher::{Array, BlockCipherDecrypt as _, KeyInit as _};
use rsa::pkcs1::DecodeRsaPublicKey as _;
use rsa::{BoxedUint, Pkcs1v15Encrypt, RsaPublicKey};

/// Bytes of an RSA-1024 modulus.
const MODULUS: usize = 128;
const BLOCK: usize = 16;

/// 32 hex characters that a device told a client under the client's key.
pub(crate) struct Secret([u8; 32]);

impl Secret {
    pub(crate) fn random() -> Self {
        let mut text = [0; 32];
        let _ = hex::encode_to_slice(rand::random::<[u8; 16]>(), &mut text);
        Self(text)
    }

    /// The secret for the owner of a public key of exponent 65537, given as its modulus. `None` if that is no key.
    pub(crate) fn for_modulus(&self, modulus: &[u8]) -> Option<Vec<u8>> {
        if modulus.len() != MODULUS {
            return None;
        }
        let modulus = BoxedUint::from_be_slice(modulus, u32::try_from(modulus.len() * 8).ok()?).ok()?;
        self.encrypted(&RsaPublicKey::new(modulus, BoxedUint::from(65_537_u64)).ok()?)
    }

    /// The secret for the owner of a public key, given as PKCS#1 DER.
    pub(crate) fn for_der(&self, der: &[u8]) -> Option<Vec<u8>> {
        self.encrypted(&RsaPublicKey::from_pkcs1_der(der).ok()?)
    }

    fn encrypted(&self, key: &RsaPublicKey) -> Option<Vec<u8>> {
        key.encrypt(&mut rand::rng(), Pkcs1v15Encrypt, &self.0).ok()
    }

    /// The password in an ISAPI activation, whose key is what the secret's hex says.
    pub(crate) fn open_by_value(&self, sealed: &[u8]) -> Option<String> {
        let mut key = [0; BLOCK];
        hex::decode_to_slice(self.0, &mut key).ok()?;
        self.open(&key, sealed)
    }

    /// The password in a SADP command, whose key is the secret's first 16 characters themselves.
    pub(crate) fn open_by_characters(&self, sealed: &[u8]) -> Option<String> {
        let key = *self.0.first_chunk::<BLOCK>()?;
        self.open(&key, sealed)
    }

    fn open(&self, key: &[u8; BLOCK], sealed: &[u8]) -> Option<String> {
        let plain = decrypt(key, sealed)?;
        let password = plain.strip_prefix(self.0.first_chunk::<BLOCK>()?)?;
        zero_padded(password)
    }
}

/// AES-128-ECB; `None` unless it is whole blocks.
pub(crate) fn decrypt(key: &[u8; BLOCK], sealed: &[u8]) -> Option<Vec<u8>> {
    let (blocks, rest) = sealed.as_chunks::<BLOCK>();
    if blocks.is_empty() || !rest.is_empty() {
        return None;
    }
    let cipher = Aes128::new(&Array::from(*key));
    let mut plain = Vec::with_capacity(sealed.len());
    for block in blocks {
        let mut block = Array::from(*block);
        cipher.decrypt_block(&mut block);
        plain.extend_from_slice(&block);
    }
    Some(plain)
}

/// AES-128-CBC; `None` unless it is whole blocks.
pub(crate) fn decrypt_chained(key: &[u8; BLOCK], iv: &[u8; BLOCK], sealed: &[u8]) -> Option<Vec<u8>> {
    let mut plain = decrypt(key, sealed)?;
    for (byte, before) in plain.iter_mut().zip(iv.iter().chain(sealed)) {
        *byte ^= before;
    }
    Some(plain)
}

/// The text in front of zeroes, which fill its last block only.
pub(crate) fn zero_padded(plain: &[u8]) -> Option<String> {
    let end = plain.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let text = plain.get(..end)?;
    (plain.len() - end < BLOCK && !text.contains(&0)).then(|| String::from_utf8(text.to_vec()).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: Secret = Secret(*b"00112233445566778899aabbccddeeff");

    fn unhex(text: &str) -> Vec<u8> {
        hex::decode(text).unwrap()
    }

    /// Made with pycryptodome.
    #[test]
    fn passwords_sealed_elsewhere_are_opened_by_the_key_they_were_sealed_with_only() {
        let by_value = unhex("d6ab68138dc8836ecfe2a9f83b7910b1c2353d3f5f95408e52c2c1194ec290db");
        let by_characters = unhex("bf26dc715476d57d1669b4f79b40158dcd0fbae31f5125eed1eac264b82df89b");
        assert_eq!(SECRET.open_by_value(&by_value).as_deref(), Some("Siteward-2031"));
        assert_eq!(SECRET.open_by_characters(&by_characters).as_deref(), Some("Siteward-2031"));
        assert_eq!(SECRET.open_by_value(&by_characters), None);
        assert_eq!(SECRET.open_by_characters(&by_value), None);
        assert_eq!(SECRET.open_by_value(&by_value[..31]), None);
        assert_eq!(SECRET.open_by_value(&[]), None);
    }

    #[test]
    fn a_chained_cipher_is_opened_with_its_vector() {
        let key = std::array::from_fn(|at| u8::try_from(at).unwrap());
        let iv = std::array::from_fn(|at| u8::try_from(at + 16).unwrap());
        let plain = decrypt_chained(&key, &iv, &unhex("f1c052fcd0247a32cc7491ac2407ebee")).unwrap();
        assert_eq!(plain, b"U2l0ZXdhcmQ=\0\0\0\0");
    }

    #[test]
    fn what_is_no_key_gets_no_secret() {
        for modulus in [vec![], vec![1; 127], vec![1; 129], vec![0; 128], vec![2; 128]] {
            assert!(SECRET.for_modulus(&modulus).is_none(), "{} bytes", modulus.len());
        }
        for der in [vec![], vec![0x30, 0x03, 0x02, 0x01, 0x00], vec![0xFF; 200]] {
            assert!(SECRET.for_der(&der).is_none());
        }
    }
}
