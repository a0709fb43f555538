//! TLS of our own, so that phones open their camera without a proxy in front.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use siteward_worker::settings::Server;

/// Why TLS cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read as PEM.
    #[error("{}: {reason}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// Why not.
        reason: String,
    },
    /// Certificate and key do not go together, or are of no use.
    #[error("certificate and key: {0}")]
    Config(#[from] rustls::Error),
}

/// The TLS configuration, where settings name certificate and key.
pub(super) fn config(server: &Server) -> Result<Option<ServerConfig>, TlsError> {
    let (Some(chain), Some(key)) = (&server.tls_certificate, &server.tls_key) else { return Ok(None) };
    let bad = |file: &Path, error: rustls::pki_types::pem::Error| TlsError::File {
        file: file.to_owned(),
        reason: error.to_string(),
    };
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| bad(chain, error))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| bad(key, error))?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(certificates, key)?;
    Ok(Some(config))
}
