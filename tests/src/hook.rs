//! A receiver of webhooks that is not ours: HTTP read by hand.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A telling as it arrived: headers in small letters, and the body as bytes.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// Its headers.
    pub headers: BTreeMap<String, String>,
    /// Its body.
    pub body: Vec<u8>,
}

impl Arrived {
    /// The body; null where it is no JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// The receiver.
pub struct Hook {
    /// Where it hears.
    pub url: String,
    /// Its port.
    pub port: u16,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    /// Tellings that it did not take.
    refused: Arc<Mutex<usize>>,
    status: Arc<Mutex<u16>>,
    listening: JoinHandle<()>,
}

impl Hook {
    /// Hears on a port of loopback; 0: on any.
    pub async fn start(port: u16) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let port = listener.local_addr()?.port();
        let (arrived, refused) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(0)));
        let status = Arc::new(Mutex::new(200));
        let (taken, not_taken, answered) = (Arc::clone(&arrived), Arc::clone(&refused), Arc::clone(&status));
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let status = *answered.lock().unwrap_or_else(PoisonError::into_inner);
                let told = converse(stream, status).await;
                match told {
                    Ok(one) if status == 200 => taken.lock().unwrap_or_else(PoisonError::into_inner).push(one),
                    _ => *not_taken.lock().unwrap_or_else(PoisonError::into_inner) += 1,
                }
            }
        });
        Ok(Self { url: format!("http://127.0.0.1:{port}/hook"), port, arrived, refused, status, listening })
    }

    /// What it answers from now on; 0: it takes the request and ends the connection without an answer.
    pub fn answers(&self, status: u16) {
        *self.status.lock().unwrap_or_else(PoisonError::into_inner) = status;
    }

    /// What it took.
    pub fn taken(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many tellings it refused.
    pub fn refused(&self) -> usize {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The ids of what it took, in their order.
    pub fn ids(&self) -> Vec<i64> {
        self.taken().iter().filter_map(|one| one.json()["id"].as_i64()).collect()
    }

    /// Nothing listens on its port any more.
    pub async fn goes_away(&mut self) {
        self.listening.abort();
        let _ = (&mut self.listening).await;
    }
}

async fn converse(mut stream: TcpStream, status: u16) -> Result<Arrived> {
    let mut read = Vec::new();
    let end = loop {
        anyhow::ensure!(stream.read_buf(&mut read).await? > 0, "no whole head");
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
    };
    let mut body = read.split_off(end + 4);
    let head = String::from_utf8(read)?;
    let headers: BTreeMap<String, String> = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned())))
        .collect();
    let length: usize = headers.get("content-length").context("no length")?.parse()?;
    while body.len() < length {
        anyhow::ensure!(stream.read_buf(&mut body).await? > 0, "no whole body");
    }
    if status != 0 {
        let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:1/\r\n\r\n");
        stream.write_all(answer.as_bytes()).await?;
    }
    Ok(Arrived { headers, body })
}
