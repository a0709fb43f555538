//! Checking a handshake against certificates that the TLS library does not read: X.509 version 1 and RSA keys of
//! 1,024 bits, which older devices make for themselves.
//!
//! Nothing but the public key is taken from such a certificate, by the few steps of DER that lead to it.

use ring::signature::{
    RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY, UnparsedPublicKey,
};
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::{DigitallySignedStruct, SignatureScheme};

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;
const EXPLICIT_VERSION: u8 = 0xA0;

/// Whether the key of `certificate` has signed `message`.
pub(super) fn has_signed(
    certificate: &[u8],
    message: &[u8],
    signed: &DigitallySignedStruct,
    supported: &WebPkiSupportedAlgorithms,
) -> bool {
    let Some((algorithm, key)) = public_key(certificate) else { return false };
    let fitting = supported.mapping.iter().filter(|(scheme, _)| *scheme == signed.scheme).flat_map(|(_, all)| *all);
    let fits = |one: &&dyn rustls::pki_types::SignatureVerificationAlgorithm| {
        one.public_key_alg_id().as_ref() == algorithm && one.verify_signature(key, message, signed.signature()).is_ok()
    };
    fitting.copied().any(|one| fits(&one)) || has_signed_with_a_short_key(key, message, signed)
}

fn has_signed_with_a_short_key(key: &[u8], message: &[u8], signed: &DigitallySignedStruct) -> bool {
    let algorithm = match signed.scheme {
        SignatureScheme::RSA_PKCS1_SHA256 => &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        SignatureScheme::RSA_PKCS1_SHA512 => &RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        _ => return false,
    };
    UnparsedPublicKey::new(algorithm, key).verify(message, signed.signature()).is_ok()
}

/// The algorithm and the bits of the public key.
fn public_key(certificate: &[u8]) -> Option<(&[u8], &[u8])> {
    let (certificate, _) = value_of(SEQUENCE, certificate)?;
    let (rest, _) = value_of(SEQUENCE, certificate)?;
    let rest = value_of(EXPLICIT_VERSION, rest).map_or(rest, |(_, rest)| rest);
    let (_, mut rest) = value_of(INTEGER, rest)?;
    for _signature_issuer_validity_subject in 0..4 {
        (_, rest) = value_of(SEQUENCE, rest)?;
    }
    let (key, _) = value_of(SEQUENCE, rest)?;
    let (algorithm, rest) = value_of(SEQUENCE, key)?;
    let (bits, _) = value_of(BIT_STRING, rest)?;
    // The first byte counts the unused bits of the last.
    bits.strip_prefix(&[0]).map(|bits| (algorithm, bits))
}

/// The value of the next element, which must have this tag, and what follows it.
fn value_of(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (first, rest) = der.split_first()?;
    let (short, rest) = rest.split_first()?;
    let (length, rest) = if *short < 0x80 {
        (usize::from(*short), rest)
    } else {
        let (long, rest) = rest.split_at_checked(usize::from(*short & 0x7F)).filter(|(long, _)| long.len() <= 3)?;
        (long.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
    };
    (*first == tag).then(|| rest.split_at_checked(length)).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_key_is_found_with_and_without_a_version() {
        let made = rcgen::generate_simple_self_signed(vec!["device".to_owned()]).unwrap();
        let (algorithm, key) = public_key(made.cert.der()).unwrap();
        assert_eq!(key, made.signing_key.public_key_raw());
        assert_eq!(algorithm, rustls::pki_types::alg_id::ECDSA_P256.as_ref());
        let part = |tag: u8, inside: &[u8]| [&[tag, u8::try_from(inside.len()).unwrap()], inside].concat();
        let info = part(SEQUENCE, &[part(SEQUENCE, b"alg"), part(BIT_STRING, b"\0key")].concat());
        let names = [
            part(INTEGER, b"\x01"),
            part(SEQUENCE, b""),
            part(SEQUENCE, b"i"),
            part(SEQUENCE, b""),
            part(SEQUENCE, b""),
        ];
        let first = part(SEQUENCE, &part(SEQUENCE, &[names.concat(), info].concat()));
        assert_eq!(public_key(&first), Some((&b"alg"[..], &b"key"[..])));
        assert_eq!(public_key(&first[..first.len() - 1]), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(prop_oneof![Just(0x30_u8), Just(0x82), any::<u8>()], 0..64)) {
            let _ = public_key(&bytes);
        }
    }
}
