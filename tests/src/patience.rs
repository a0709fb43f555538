//! Asking a server that may be dead just now, until there is an answer.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use http::StatusCode;
use serde_json::Value;

use crate::client::{Answer, Client};

/// How long a server may be away.
const LONGEST: Duration = Duration::from_secs(30);

/// Asks again and again while nobody answers, or only that it cannot now.
pub async fn patiently<F: Future<Output = Result<Answer>>>(ask: impl Fn() -> F) -> Result<Answer> {
    let started = Instant::now();
    loop {
        let failure = match ask().await {
            Ok(answer) if answer.status != StatusCode::SERVICE_UNAVAILABLE => return Ok(answer),
            Ok(answer) => format!("{}", answer.status),
            Err(error) => format!("{error:#}"),
        };
        if started.elapsed() > LONGEST {
            bail!("no answer for {LONGEST:?}: {failure}");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// `GET` of what must be there.
pub async fn get(client: &Client, path: &str) -> Result<Value> {
    patiently(|| client.get(path)).await?.ok()
}

/// `POST` that must go well.
pub async fn post(client: &Client, path: &str, body: &Value) -> Result<Value> {
    patiently(|| client.post(path, body)).await?.ok()
}
