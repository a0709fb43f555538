//! The mail server as it is dialled: the stored settings with the password open.

use std::sync::Arc;

use lettre::Address;
use lettre::message::Mailbox;
use lettre::transport::smtp::client::{Certificate, CertificateStore, TlsParameters};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use secrecy::SecretString;
use siteward_domain::mail::SmtpSecurity;
use siteward_store::Store;
use siteward_store::smtp::{SmtpSettings, password_place};
use tokio_rustls::TlsConnector;

use super::transport::SendError;

/// How to reach the mail server, and as whom.
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: SmtpSecurity,
    pub(super) login: Option<(String, SecretString)>,
    pub(super) sender: Mailbox,
    authority: Option<String>,
}

/// Whether a text is a certificate of an authority that connections can be checked with.
pub fn is_authority(pem: &str) -> bool {
    roots(Some(pem)).is_some()
}

impl Server {
    /// Opens the password. Fails where the vault is locked or the stored sender is no address.
    pub(super) fn open(settings: &SmtpSettings, store: &Store) -> Result<Self, SendError> {
        let password = match &settings.sealed_password {
            Some(sealed) => {
                store.vault().open(password_place(), sealed).map_err(|_| SendError::later("password_locked"))?
            }
            None => SecretString::default(),
        };
        let sender: Address = settings.sender_address.parse().map_err(|_| SendError::for_good("mail_unsendable"))?;
        Ok(Self {
            host: settings.host.clone(),
            port: settings.port,
            security: settings.security,
            login: settings.user_name.clone().map(|user| (user, password)),
            sender: Mailbox::new(Some(settings.sender_name.clone()).filter(|name| !name.is_empty()), sender),
            authority: settings.authority.clone(),
        })
    }

    /// For TLS from the first byte.
    pub(super) fn connector(&self) -> Result<(TlsConnector, ServerName<'static>), SendError> {
        let failed = || SendError::later("smtp_tls_failed");
        let name = ServerName::try_from(self.host.clone()).map_err(|_| failed())?;
        let roots = roots(self.authority.as_deref()).ok_or_else(failed)?;
        let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|_| failed())?;
        Ok((TlsConnector::from(Arc::new(builder.with_root_certificates(roots).with_no_client_auth())), name))
    }

    /// For STARTTLS.
    pub(super) fn upgrade(&self) -> Result<TlsParameters, SendError> {
        let failed = |_| SendError::later("smtp_tls_failed");
        let mut builder = TlsParameters::builder(self.host.clone()).certificate_store(CertificateStore::WebpkiRoots);
        if let Some(pem) = &self.authority {
            builder = builder.add_root_certificate(Certificate::from_pem(pem.as_bytes()).map_err(failed)?);
        }
        builder.build().map_err(failed)
    }
}

/// The authorities that browsers know, and the given one; `None` where that is not one.
fn roots(authority: Option<&str>) -> Option<RootCertStore> {
    let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    if let Some(pem) = authority {
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().ok()?;
        if certificates.is_empty() {
            return None;
        }
        for certificate in certificates {
            roots.add(certificate).ok()?;
        }
    }
    Some(roots)
}
