//! Devices that speak HTTPS.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use sha2::{Digest as _, Sha256};
use siteward_simulator::{Change, DeviceHandle, Hostile, NewCertificate, Profile, SimulatorSettings};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::client::{address, ask, login, simulator};

/// Takes any certificate; the signature of the handshake is not looked at, only what it is about.
#[derive(Debug)]
struct AnyCertificate;

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ECDSA_NISTP256_SHA256]
    }
}

async fn connect(device: &DeviceHandle) -> std::io::Result<TlsStream<TcpStream>> {
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyCertificate))
        .with_no_client_auth();
    let stream = TcpStream::connect(address(device)).await?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::from(std::net::IpAddr::from(device.address)), stream).await
}

fn fingerprint(stream: &TlsStream<TcpStream>) -> String {
    let certificates = stream.get_ref().1.peer_certificates().unwrap();
    hex::encode(Sha256::digest(&certificates[0]))
}

fn one_with_tls() -> SimulatorSettings {
    let mut settings = SimulatorSettings::uniform(1, Profile::Dome, 1);
    settings.devices[0].tls = true;
    settings
}

#[tokio::test]
async fn a_device_answers_over_tls_and_can_change_its_certificate() {
    let simulator = simulator(one_with_tls()).await;
    let device = &simulator.devices()[0];
    assert!(device.base().starts_with("https://127."));
    let mut stream = connect(device).await.unwrap();
    let path = "/ISAPI/System/deviceInfo";
    let challenge = ask(&mut stream, "GET", path, "", "").await;
    let login = login(&challenge.head, &device.user, &device.password, path);
    assert_eq!(ask(&mut stream, "GET", path, &format!("Authorization: {login}\r\n"), "").await.status, 200);
    let first = fingerprint(&stream);
    assert_eq!(simulator.view(0).unwrap().certificate_sha256.as_ref(), Some(&first));
    simulator.set(0, Change { tls_certificate: Some(NewCertificate::New), ..Change::default() }).await.unwrap();
    let second = fingerprint(&connect(device).await.unwrap());
    assert_ne!(first, second);
}

#[tokio::test]
async fn broken_tls_breaks_the_handshake() {
    let simulator = simulator(one_with_tls()).await;
    simulator.set(0, Change { hostile: Some(Some(Hostile::BrokenTls)), ..Change::default() }).await.unwrap();
    let outcome = tokio::time::timeout(std::time::Duration::from_secs(1), connect(&simulator.devices()[0])).await;
    assert!(!matches!(outcome, Ok(Ok(_))), "the handshake succeeded");
}
