//! Self-signed certificates, as devices make them for themselves.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest as _, Sha256};

/// A certificate in use.
pub(crate) struct Certificate {
    pub(crate) config: Arc<ServerConfig>,
    /// SHA-256 over the certificate, in hex.
    pub(crate) sha256: String,
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// Key or certificate could not be made.
    #[error("a self-signed certificate could not be made")]
    Made(#[from] rcgen::Error),
    /// The TLS library does not take it.
    #[error("the self-signed certificate could not be used")]
    Used(#[from] rustls::Error),
}

/// Makes a new key (P-256) and certificate for an address.
pub(crate) fn self_signed(address: Ipv4Addr) -> Result<Certificate, CertificateError> {
    let made = rcgen::generate_simple_self_signed(vec![IpAddr::from(address).to_string()])?;
    let der = made.cert.der().clone();
    let sha256 = hex::encode(Sha256::digest(&der));
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![der], key)?;
    Ok(Certificate { config: Arc::new(config), sha256 })
}
