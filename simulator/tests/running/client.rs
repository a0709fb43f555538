//! A client of a few lines, so that nothing of the platform's own client is trusted here.

use std::net::SocketAddr;
use std::time::Duration;

use md5::{Digest as _, Md5};
use siteward_simulator::{DeviceHandle, Simulator, SimulatorSettings};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer, as far as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

pub(crate) async fn simulator(settings: SimulatorSettings) -> Simulator {
    Simulator::start(settings).await.unwrap()
}

pub(crate) fn address(device: &DeviceHandle) -> SocketAddr {
    SocketAddr::from((device.address, device.port))
}

/// Asks with the right password: Basic or digest, as the device wants it.
pub(crate) async fn get(device: &DeviceHandle, path: &str) -> Answer {
    get_as(device, &device.password, path).await
}

/// Asks with some password.
pub(crate) async fn get_as(device: &DeviceHandle, password: &str, path: &str) -> Answer {
    let mut stream = TcpStream::connect(address(device)).await.unwrap();
    let challenge = ask(&mut stream, "GET", path, "", "").await;
    if challenge.status != 401 {
        return challenge;
    }
    let login = login(&challenge.head, &device.user, password, path);
    ask(&mut stream, "GET", path, &format!("Authorization: {login}\r\n"), "").await
}

/// Asks for a change with the right password.
pub(crate) async fn put(device: &DeviceHandle, path: &str, body: &str) -> Answer {
    put_as(device, &device.password, path, body).await
}

/// Asks for a change with some password.
pub(crate) async fn put_as(device: &DeviceHandle, password: &str, path: &str, body: &str) -> Answer {
    let mut stream = TcpStream::connect(address(device)).await.unwrap();
    let challenge = ask(&mut stream, "PUT", path, "", body).await;
    if challenge.status != 401 {
        return challenge;
    }
    let login = login_for("PUT", &challenge.head, &device.user, password, path);
    ask(&mut stream, "PUT", path, &format!("Authorization: {login}\r\n"), body).await
}

/// `subStatusCode` of an answer.
pub(crate) fn word(answer: &Answer) -> String {
    element(&answer.text(), "subStatusCode")
}

/// The text of the first element of a name; empty where there is none.
pub(crate) fn element(text: &str, name: &str) -> String {
    let content = text.split_once(&format!("<{name}>")).map_or("", |(_, rest)| rest);
    content.split('<').next().unwrap().to_owned()
}

/// The `Authorization` for the last challenge in a head.
pub(crate) fn login(head: &str, user: &str, password: &str, path: &str) -> String {
    login_for("GET", head, user, password, path)
}

fn login_for(method: &str, head: &str, user: &str, password: &str, path: &str) -> String {
    use base64::Engine as _;
    let challenge = head.lines().rfind(|line| line.starts_with("WWW-Authenticate")).unwrap();
    if challenge.contains("Basic") {
        let both = format!("{user}:{password}");
        return format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(both));
    }
    let part = |name: &str| Some(challenge.split_once(&format!("{name}=\""))?.1.split_once('"')?.0.to_owned());
    let (realm, nonce) = (part("realm").unwrap(), part("nonce").unwrap());
    let hash = |text: String| hex::encode(Md5::digest(text));
    let (a1, a2) = (hash(format!("{user}:{realm}:{password}")), hash(format!("{method}:{path}")));
    let response = hash(format!("{a1}:{nonce}:00000001:c0ffee:auth:{a2}"));
    let opaque = part("opaque").map(|opaque| format!(", opaque=\"{opaque}\"")).unwrap_or_default();
    format!(
        "Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{path}\", response=\"{response}\", \
         qop=auth, nc=00000001, cnonce=\"c0ffee\"{opaque}"
    )
}

/// One request on an open connection, its answer read to the end.
pub(crate) async fn ask<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    method: &str,
    path: &str,
    extra: &str,
    body: &str,
) -> Answer {
    let request = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n{extra}\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut all = Vec::new();
    let head_end = loop {
        if let Some(at) = all.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        assert!(
            within(stream.read_buf(&mut all)).await.unwrap() > 0,
            "closed after {:?}",
            String::from_utf8_lossy(&all)
        );
    };
    let head = String::from_utf8(all[..head_end].to_vec()).unwrap();
    let length = head.split_once("Content-Length: ").map_or("0", |(_, rest)| rest.split("\r\n").next().unwrap());
    let length: usize = length.parse().unwrap();
    while all.len() < head_end + 4 + length {
        assert!(within(stream.read_buf(&mut all)).await.unwrap() > 0, "closed in the body");
    }
    Answer { status: head[9..12].parse().unwrap(), head, body: all[head_end + 4..].to_vec() }
}

/// Calls the control API.
pub(crate) async fn control(simulator: &Simulator, method: &str, path: &str, body: &str) -> Answer {
    let control = simulator.control();
    let mut stream = TcpStream::connect(control.trim_start_matches("http://")).await.unwrap();
    ask(&mut stream, method, path, "", body).await
}

/// Nothing here takes longer than a minute, also on a busy machine.
pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), future).await.expect("took longer than a minute")
}
