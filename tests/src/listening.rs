//! An open stream of server-sent events, read one by one.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use serde_json::Value;

use crate::client::Client;

/// How long anything may take to be told.
const LONGEST: Duration = Duration::from_secs(20);

/// Somebody who listens.
pub struct Listening {
    body: Incoming,
    text: String,
}

impl Listening {
    /// Opens a stream and waits for its first word, so that nothing after that is missed.
    pub async fn to(client: &Client, path: &str) -> Result<Self> {
        let answer = client.stream(path).await?;
        if !answer.status().is_success() {
            bail!("{path}: {}", answer.status());
        }
        let mut listening = Self { body: answer.into_body(), text: String::new() };
        listening.read().await?;
        Ok(listening)
    }

    /// The data of the next event, comments passed over; `None` when the stream ends.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some((frame, rest)) = self.text.split_once("\n\n") {
                let data = frame.lines().find_map(|line| line.strip_prefix("data: ")).map(str::to_owned);
                self.text = String::from(rest);
                match data {
                    Some(data) => return serde_json::from_str(&data).ok(),
                    None => continue,
                }
            }
            if !self.read().await.ok()? {
                return None;
            }
        }
    }

    /// The next event of a kind; others are passed over.
    pub async fn next_of(&mut self, kind: &str) -> Option<Value> {
        loop {
            let change = self.next().await?;
            if change["kind"] == kind {
                return Some(change);
            }
        }
    }

    /// Whether there was more.
    async fn read(&mut self) -> Result<bool> {
        let frame = tokio::time::timeout(LONGEST, self.body.frame()).await.context("nothing is told")?;
        let Some(frame) = frame else { return Ok(false) };
        if let Ok(data) = frame?.into_data() {
            self.text.push_str(&String::from_utf8_lossy(&data));
        }
        Ok(true)
    }
}
