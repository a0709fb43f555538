//! The simulator's control API: changing a simulated device while it runs.

use anyhow::{Result, bail};
use serde_json::Value;

use crate::client::Client;

/// Changes device `number` (its place in the simulator's list) of the simulator whose control API is at `control`.
pub async fn change(control: &str, number: usize, change: &Value) -> Result<Value> {
    let answer = Client::bare(control).patch(&format!("/devices/{number}"), change).await?;
    if !answer.status.is_success() {
        bail!("the simulator refused {change}: {} {}", answer.status, answer.body);
    }
    Ok(answer.body)
}

/// State and counters of device `number`.
pub async fn state(control: &str, number: usize) -> Result<Value> {
    Client::bare(control).get(&format!("/devices/{number}")).await?.ok()
}
