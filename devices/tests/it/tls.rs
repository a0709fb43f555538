//! TLS: the certificate met first is pinned, and nothing is sent to another.

use std::sync::Arc;

use rcgen::PublicKeyData as _;
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use siteward_devices::{CallError, DeviceClient, Limits, Pin, Target, find_http};
use siteward_domain::device::Scheme;
use tokio_rustls::TlsAcceptor;

use crate::fake::{Auth, Fake, LOOPBACK, PASSWORD, STATUS, address, listen, login, small_camera};

/// Puts TLS with a certificate of its own before a device; gives the port and the certificate's hash.
async fn before(fake: &Fake, versions: &[&'static rustls::SupportedProtocolVersion]) -> (u16, String) {
    use sha2::Digest as _;
    let made = rcgen::generate_simple_self_signed(vec!["device".to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let hash = hex::encode(sha2::Sha256::digest(&certificate));
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    (serve(fake, config).await, hash)
}

async fn serve(fake: &Fake, config: ServerConfig) -> u16 {
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let fake = fake.clone();
    listen(move |stream| {
        let (acceptor, fake) = (acceptor.clone(), fake.clone());
        async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                fake.serve(stream).await;
            }
        }
    })
    .await
}

fn client(port: u16, pin: Option<Pin>) -> DeviceClient {
    let target = Target { address: address(Scheme::Https, port), login: login(PASSWORD), pin };
    DeviceClient::new(target, Limits::default(), LOOPBACK)
}

#[tokio::test]
async fn the_first_certificate_is_pinned_with_old_and_new_tls() {
    for versions in [&[&rustls::version::TLS12][..], &[&rustls::version::TLS13][..]] {
        let fake = Fake::start(Auth::Md5).await;
        small_camera(&fake);
        let (port, hash) = before(&fake, versions).await;
        let mut client = client(port, None);
        assert_eq!(client.pin(), None);
        for _ in 0..3 {
            assert_eq!(client.get(STATUS).await.unwrap().status, 200);
        }
        assert_eq!(client.pin().unwrap().to_hex(), hash);
        assert_eq!(fake.state().challenges, 1);
    }
}

#[tokio::test]
async fn another_certificate_is_an_error_before_anything_is_sent() {
    let fake = Fake::start(Auth::Md5).await;
    small_camera(&fake);
    let (port, hash) = before(&fake, &[&rustls::version::TLS13]).await;
    let pinned = Pin::parse(&"ab".repeat(32)).unwrap();
    let mut client = client(port, Some(pinned.clone()));
    let error = client.get(STATUS).await.unwrap_err();
    assert_eq!(error, CallError::CertificateChanged { fingerprint: hash });
    assert_eq!(client.pin(), Some(&pinned));
    assert_eq!(fake.state().requests, 0);
}

#[tokio::test]
async fn a_port_that_speaks_tls_only_is_found() {
    let fake = Fake::start(Auth::Both).await;
    small_camera(&fake);
    let (port, hash) = before(&fake, rustls::ALL_VERSIONS).await;
    let found = find_http("127.0.0.1", port, &login(PASSWORD), &LOOPBACK, &Limits::default()).await;
    let (address, client) = found.unwrap();
    assert_eq!((address.scheme, address.port), (Scheme::Https, port));
    assert_eq!(client.pin().unwrap().to_hex(), hash);
}

/// A certificate of X.509 version 1 for a key, as old devices make them; nobody looks at its own signature.
fn first_version_certificate(public_key: &[u8]) -> CertificateDer<'static> {
    fn part(tag: u8, inside: &[&[u8]]) -> Vec<u8> {
        let inside = inside.concat();
        let length = u8::try_from(inside.len()).unwrap();
        let head = if length < 0x80 { vec![tag, length] } else { vec![tag, 0x81, length] };
        [head, inside].concat()
    }
    let (none, number) = (part(0x30, &[]), part(0x02, &[&[1]]));
    let inner = part(0x30, &[&number, &none, &none, &none, &none, public_key]);
    CertificateDer::from(part(0x30, &[&inner, &none, &part(0x03, &[&[0; 9]])]))
}

#[derive(Debug)]
struct Shows(Arc<CertifiedKey>);

impl ResolvesServerCert for Shows {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

#[tokio::test]
async fn a_certificate_of_the_first_version_is_good_for_who_holds_its_key() {
    for versions in [&[&rustls::version::TLS12][..], &[&rustls::version::TLS13][..]] {
        for holds_the_key in [true, false] {
            let fake = Fake::start(Auth::Md5).await;
            small_camera(&fake);
            let (shown, other) = (rcgen::KeyPair::generate().unwrap(), rcgen::KeyPair::generate().unwrap());
            let held = if holds_the_key { &shown } else { &other };
            let held = PrivateKeyDer::try_from(held.serialize_der()).unwrap();
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let key = provider.key_provider.load_private_key(held).unwrap();
            let certificate = first_version_certificate(&shown.subject_public_key_info());
            let config = ServerConfig::builder_with_provider(provider)
                .with_protocol_versions(versions)
                .unwrap()
                .with_no_client_auth()
                .with_cert_resolver(Arc::new(Shows(Arc::new(CertifiedKey::new(vec![certificate], key)))));
            let mut client = client(serve(&fake, config).await, None);
            let answer = client.get(STATUS).await;
            if holds_the_key {
                assert_eq!(answer.unwrap().status, 200);
            } else {
                assert_eq!(answer.unwrap_err(), CallError::Unreachable { reason: "tls" });
                assert_eq!(fake.state().requests, 0);
            }
        }
    }
}
