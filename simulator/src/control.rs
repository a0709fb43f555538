//! The control API: JSON over HTTP on a loopback port of its own, for tests, demo and benchmarks.

use std::io;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::change::Change;
use crate::simulator::{SimulatorError, Street};
use crate::wire::{self, Parsed, Request};

/// Takes connections until it is aborted, and with it everything it serves.
pub(crate) async fn serve(listener: TcpListener, street: Arc<Street>) {
    let mut connections = JoinSet::new();
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            let street = Arc::clone(&street);
            connections.spawn(async move { converse(stream, &street).await });
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn converse(mut stream: TcpStream, street: &Street) -> io::Result<()> {
    let mut buffer = Vec::new();
    loop {
        match wire::parse(&buffer) {
            Parsed::Incomplete => {
                if stream.read_buf(&mut buffer).await? == 0 {
                    return Ok(());
                }
            }
            Parsed::Bad => return Ok(()),
            Parsed::Request(request, length) => {
                let (status, body) = answer(&request, street).await;
                let keep_alive = request.keep_alive;
                let mut out = Vec::new();
                wire::answer(&mut out, status, "application/json", "", keep_alive, body.to_string().as_bytes());
                stream.write_all(&out).await?;
                if !keep_alive {
                    return stream.shutdown().await;
                }
                buffer.drain(..length);
            }
        }
    }
}

async fn answer(request: &Request<'_>, street: &Street) -> (u16, Value) {
    let path = request.target.trim_matches('/');
    let device: Option<usize> = path.strip_prefix("devices/").and_then(|place| place.parse().ok());
    let accounts = path.strip_prefix("devices/").and_then(|rest| rest.strip_suffix("/accounts"));
    let accounts: Option<usize> = accounts.and_then(|place| place.parse().ok());
    match (request.method, path, device) {
        ("GET", "devices", _) => {
            let list: Vec<Value> = (0..street.devices.len()).filter_map(|index| describe(street, index).ok()).collect();
            (200, Value::Array(list))
        }
        ("POST", "counters/reset", _) => {
            street.reset_counters();
            (200, json!({}))
        }
        ("GET", _, Some(index)) => outcome(describe(street, index)),
        ("GET", _, None) if accounts.is_some() => {
            outcome(street.accounts(accounts.unwrap_or_default()).map(|accounts| json!(accounts)))
        }
        ("PATCH", _, Some(index)) => match serde_json::from_slice::<Change>(request.body) {
            Err(error) => (422, json!({ "code": "bad_change", "message": error.to_string() })),
            Ok(change) => outcome(street.set(index, &change).await.and_then(|()| describe(street, index))),
        },
        _ => (
            404,
            json!({ "code": "not_found", "message": "GET devices, GET or PATCH devices/{n}, GET devices/{n}/accounts, POST counters/reset" }),
        ),
    }
}

/// Handle, state and counters in one object.
fn describe(street: &Street, index: usize) -> Result<Value, SimulatorError> {
    let view = street.device(index)?.view(Instant::now());
    let mut whole = json!(street.handles.get(index));
    if let (Value::Object(whole), Value::Object(view)) = (&mut whole, json!(view)) {
        whole.extend(view);
    }
    Ok(whole)
}

fn outcome(result: Result<Value, SimulatorError>) -> (u16, Value) {
    match result {
        Ok(body) => (200, body),
        Err(error) => {
            let (status, code) = match error {
                SimulatorError::NoDevice(_) => (404, "no_device"),
                SimulatorError::NoTls(_) => (409, "no_tls"),
                SimulatorError::NoMenu(_) => (409, "no_menu"),
                SimulatorError::NoPanel(_) => (409, "no_panel"),
                SimulatorError::NotThere { .. } => (409, "not_there"),
                _ => (500, "failed"),
            };
            (status, json!({ "code": code, "message": error.to_string() }))
        }
    }
}
