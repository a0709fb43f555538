//! Enrolment, by the program itself, with and without TLS.

use std::fs;
use std::path::Path;
use std::process::Output;
use std::sync::{Arc, Mutex};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use secrecy::ExposeSecret as _;
use siteward_link::Config;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio_rustls::TlsAcceptor;

const CODE: &str = "ABCD-EFGH-JKLM";

/// A platform that knows one code; it keeps what it was asked.
async fn platform(tls: Option<TlsAcceptor>) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&asked);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            match &tls {
                None => answer(stream, &log).await,
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        answer(stream, &log).await;
                    }
                }
            }
        }
    });
    (port, asked)
}

async fn answer<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, log: &Mutex<Vec<String>>) {
    let mut asked = String::new();
    while !asked.ends_with('}') {
        let mut buffer = [0; 1024];
        let count = stream.read(&mut buffer).await.unwrap();
        asked.push_str(&String::from_utf8_lossy(buffer.get(..count).unwrap()));
    }
    let (status, body) = if asked.contains(&format!("\"code\":\"{CODE}\"")) {
        ("201 Created", r#"{"link_id":"0197","token":"the-secret-token"}"#)
    } else {
        ("404 Not Found", r#"{"code":"enrolment_code_wrong","message":"x"}"#)
    };
    log.lock().unwrap().push(asked);
    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(answer.as_bytes()).await.unwrap();
    let _ = stream.shutdown().await;
}

async fn enrol(url: &str, code: &str, config: &Path, more: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_siteward-link"));
    program.args(["enroll", url, code, "--config"]).arg(config).args(more);
    program.output().await.unwrap()
}

#[tokio::test]
async fn a_code_becomes_a_configuration_with_a_token() {
    let (port, asked) = platform(None).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("link.toml");
    let url = format!("http://127.0.0.1:{port}");
    let output = enrol(&url, CODE, &path, &[]).await;
    assert!(output.status.success(), "{output:?}");
    assert!(!format!("{output:?}").contains("the-secret-token"));
    let config = Config::read(&path).unwrap();
    assert_eq!((config.url, config.token.expose_secret()), (url, "the-secret-token"));
    let asked = asked.lock().unwrap().concat();
    assert!(asked.starts_with("POST /api/v1/link/enrolment HTTP/1.1"));
    assert!(asked.contains(&format!("\"version\":\"{}\"", siteward_link::VERSION)));
}

#[tokio::test]
async fn a_wrong_code_and_a_platform_without_tls_elsewhere_are_refused() {
    let (port, asked) = platform(None).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("link.toml");
    let output = enrol(&format!("http://127.0.0.1:{port}"), "ABCD-0000-0000", &path, &[]).await;
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("does not take this code"));
    let output = enrol("http://192.0.2.1", CODE, &path, &[]).await;
    assert!(String::from_utf8_lossy(&output.stderr).contains("https"));
    assert_eq!((asked.lock().unwrap().len(), path.exists()), (1, false));
}

#[tokio::test]
async fn a_certificate_of_ones_own_is_trusted_when_it_is_named() {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let tls = tls.with_no_client_auth().with_single_cert(vec![cert.der().clone()], key).unwrap();
    let (port, asked) = platform(Some(TlsAcceptor::from(Arc::new(tls)))).await;
    let folder = tempfile::tempdir().unwrap();
    let (path, ca) = (folder.path().join("link.toml"), folder.path().join("ca.pem"));
    fs::write(&ca, cert.pem()).unwrap();
    let url = format!("https://localhost:{port}");
    assert!(!enrol(&url, CODE, &path, &[]).await.status.success());
    assert!(asked.lock().unwrap().is_empty());
    let output = enrol(&url, CODE, &path, &["--ca", ca.to_str().unwrap()]).await;
    assert!(output.status.success(), "{output:?}");
    assert_eq!(Config::read(&path).unwrap().ca, Some(ca));
}

#[tokio::test]
async fn a_configuration_that_cannot_be_written_costs_no_code() {
    let (port, asked) = platform(None).await;
    let path = Path::new("/proc/siteward/link.toml");
    assert!(!enrol(&format!("http://127.0.0.1:{port}"), CODE, path, &[]).await.status.success());
    assert!(asked.lock().unwrap().is_empty());
}
