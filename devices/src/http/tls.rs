//! TLS to devices: their certificates are self-signed, so the one met first is pinned.
//!
//! The handshake proves that the device holds the key of the certificate it shows; no chain and
//! no name is checked. Right after the handshake, before a byte of HTTP is sent, the certificate is
//! compared with the pin. One configuration serves all devices, which keeps a device small.

mod old_certificate;

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ClientConfig, Resumption};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, SignatureScheme};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::call_error::{CallError, unreachable_because};

/// SHA-256 of a device's own certificate.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pin([u8; 32]);

impl Pin {
    /// Reads 64 hexadecimal digits; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.trim(), &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// 64 lower-case hexadecimal digits.
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }

    fn of(certificate: &CertificateDer<'_>) -> Self {
        Self(Sha256::digest(certificate.as_ref()).into())
    }
}

impl std::fmt::Display for Pin {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.to_hex())
    }
}

/// Accepts any certificate whose key the device holds: the pin is compared afterwards.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let supported = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, supported).or_else(|error| {
            let signed = old_certificate::has_signed(certificate, message, signature, supported);
            if signed { Ok(HandshakeSignatureValid::assertion()) } else { Err(error) }
        })
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let supported = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, supported).or_else(|error| {
            let signed = is_of_tls13(signature.scheme)
                && old_certificate::has_signed(certificate, message, signature, supported);
            if signed { Ok(HandshakeSignatureValid::assertion()) } else { Err(error) }
        })
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let mut schemes = self.0.signature_verification_algorithms.supported_schemes();
        // The older way first: the only one that a short key can be checked by.
        schemes.sort_by_key(|scheme| is_of_tls13(*scheme));
        schemes
    }
}

/// TLS 1.3 has no place for the older way to sign with RSA.
fn is_of_tls13(scheme: SignatureScheme) -> bool {
    use SignatureScheme as S;
    !matches!(scheme, S::RSA_PKCS1_SHA1 | S::RSA_PKCS1_SHA256 | S::RSA_PKCS1_SHA384 | S::RSA_PKCS1_SHA512)
}

fn configuration() -> Result<Arc<ClientConfig>, CallError> {
    static CONFIGURATION: OnceLock<Option<Arc<ClientConfig>>> = OnceLock::new();
    let made = CONFIGURATION.get_or_init(|| {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .ok()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyCertificate(provider)))
            .with_no_client_auth();
        // A resumed session shows no certificate of its own to compare; connections are kept instead.
        config.resumption = Resumption::disabled();
        Some(Arc::new(config))
    });
    made.clone().ok_or(CallError::Unreachable { reason: "tls" })
}

/// Shakes hands and compares the certificate with the pin.
pub(crate) async fn shake_hands<S: AsyncRead + AsyncWrite + Unpin>(
    wire: S,
    host: &str,
    ip: IpAddr,
    pin: Option<&Pin>,
) -> Result<(TlsStream<S>, Pin), CallError> {
    let name = ServerName::try_from(host.to_owned()).unwrap_or(ServerName::IpAddress(ip.into()));
    let stream = TlsConnector::from(configuration()?).connect(name, wire).await.map_err(|error| {
        // rustls wraps its own errors in `InvalidData`; what is left is the network's.
        if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Error>) {
            CallError::Unreachable { reason: "tls" }
        } else {
            unreachable_because(&error)
        }
    })?;
    let certificates = stream.get_ref().1.peer_certificates();
    let shown = certificates.and_then(|chain| chain.first()).map(Pin::of);
    let shown = shown.ok_or(CallError::Unreachable { reason: "tls" })?;
    match pin {
        Some(pin) if *pin != shown => Err(CallError::CertificateChanged { fingerprint: shown.to_hex() }),
        _ => Ok((stream, shown)),
    }
}
