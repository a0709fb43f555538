//! The peer: a bare hyper client that does the digest request, connection and nonce kept, and throws the answer away.
//!
//! It shares no code with the `devices` crate: what it costs is what the libraries cost.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result};
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use md5::{Digest, Md5};
use serde_json::Value;

use crate::child::{Found, Stopwatch, Times};

/// The resource asked for, the one that our worker asks for too.
const PATH: &str = "/ISAPI/System/status";

/// Polls every device of the list as fast as it goes.
pub(crate) async fn run(devices: &[Value], time: Times) -> Result<Found> {
    let polls = Arc::new(AtomicU64::new(0));
    let mut tasks = Vec::new();
    for device in devices {
        let text = |name: &str| device[name].as_str().map(str::to_owned).with_context(|| format!("no {name}"));
        let port = device["port"].as_u64().context("no port")?;
        let (address, user, password) = (format!("{}:{port}", text("address")?), text("user")?, text("password")?);
        let polls = polls.clone();
        tasks.push(tokio::spawn(async move { poll_forever(&address, &user, &password, &polls).await }));
    }
    tokio::time::sleep(time.warm_up).await;
    let watch = Stopwatch::begin()?;
    let before = polls.load(Ordering::Relaxed);
    tokio::time::sleep(time.measured).await;
    let after = polls.load(Ordering::Relaxed);
    let found = watch.end()?;
    let connections = tasks.iter().filter(|task| !task.is_finished()).count() as u64;
    for task in tasks {
        task.abort();
    }
    let until_stopped = polls.load(Ordering::Relaxed) - before;
    Ok(Found {
        polls: after - before,
        polls_until_stopped: until_stopped,
        devices: devices.len() as u64,
        connections,
        ..found
    })
}

async fn poll_forever(address: &str, user: &str, password: &str, polls: &AtomicU64) -> Result<()> {
    let mut connection = connect(address).await?;
    let challenge = get(&mut connection, address, None).await?.context("no challenge")?;
    let part = |name: &str| {
        let (_, rest) = challenge.split_once(&format!("{name}=\""))?;
        rest.split_once('"').map(|(value, _)| value.to_owned())
    };
    let (realm, nonce) = (part("realm").context("no realm")?, part("nonce").context("no nonce")?);
    let first = hash(&format!("{user}:{realm}:{password}"));
    let second = hash(&format!("GET:{PATH}"));
    // A nonce is good for five minutes, which is longer than this runs.
    for count in 1_u32.. {
        let answer = hash(&format!("{first}:{nonce}:{count:08x}:0a4f113b:auth:{second}"));
        let login = format!(
            "Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{PATH}\", qop=auth, nc={count:08x}, cnonce=\"0a4f113b\", response=\"{answer}\""
        );
        get(&mut connection, address, Some(&login)).await?;
        polls.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

async fn connect(address: &str) -> Result<SendRequest<Empty<Bytes>>> {
    let stream = tokio::net::TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

/// One request; the challenge, when it is refused.
async fn get(connection: &mut SendRequest<Empty<Bytes>>, host: &str, login: Option<&str>) -> Result<Option<String>> {
    connection.ready().await?;
    let mut request = Request::get(PATH).header("host", host);
    if let Some(login) = login {
        request = request.header("authorization", login);
    }
    let response = connection.send_request(request.body(Empty::new())?).await?;
    let offers = response.headers().get_all("www-authenticate").iter();
    let challenge = offers
        .filter_map(|value| value.to_str().ok())
        .find(|value| value.contains("nonce=") && !value.contains("SHA-256"))
        .map(str::to_owned);
    let mut body = response.into_body();
    while let Some(frame) = body.frame().await {
        drop(frame?);
    }
    Ok(challenge)
}

fn hash(text: &str) -> String {
    hex::encode(Md5::digest(text))
}
