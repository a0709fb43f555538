//! Leading each device on from its state, as an installer would who does what the wizard says.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use siteward_tests::client::Client;

use super::sites::Lan;
use super::{order, post};
use crate::table;

/// Steps after which a device that is still not there is given up.
const MOST_STEPS: usize = 16;

/// The firmware that an old recorder gets in the end.
const NEW_FIRMWARE: &str = "V4.22.005 build 191230";

/// What became of one label.
pub(super) struct Led {
    name: String,
    path: Vec<String>,
    end: String,
}

/// Scans every label of a LAN, shows state and next step of each, then leads each to its end.
pub(super) async fn lead_all(admin: &Client, lan: &Lan) -> Result<Vec<Led>> {
    let mut begun = Vec::new();
    let mut rows = Vec::new();
    for device in &lan.devices {
        let addition = scan(admin, &lan.site_id, device).await?;
        let text = |value: &Value| value.as_str().unwrap_or("–").to_owned();
        rows.push(vec![
            text(&device["name"]),
            text(&addition["serial"]),
            text(&addition["state"]),
            text(&addition["next"]),
        ]);
        begun.push((device, addition));
    }
    table::print(&["device", "serial", "state", "next step"], &rows);
    let mut led = Vec::new();
    for (device, addition) in begun {
        led.push(lead(admin, lan, device, addition).await?);
    }
    Ok(led)
}

/// Shows how each ended; true when all ended as they should.
pub(super) fn show_ends(led: &[Led]) -> bool {
    let right = |one: &Led| one.end == "added";
    let rows: Vec<Vec<String>> = led
        .iter()
        .map(|one| {
            let mark = if right(one) { "✓" } else { "✗" };
            vec![mark.to_owned(), one.name.clone(), one.path.join(" → "), one.end.clone()]
        })
        .collect();
    table::print(&["", "device", "steps", "end"], &rows);
    led.iter().all(right)
}

/// Does what the next step says until the device is added or there is no way on.
async fn lead(admin: &Client, lan: &Lan, device: &Value, mut addition: Value) -> Result<Led> {
    let id = addition["id"].as_str().context("an addition has an id")?.to_owned();
    let mut path = Vec::new();
    let mut end = String::from("no end");
    for _ in 0..MOST_STEPS {
        let state = addition["state"].as_str().unwrap_or_default().to_owned();
        if path.last() != Some(&state) {
            path.push(state.clone());
        }
        let Some(next) = step(admin, lan, device, &id, &addition, &mut path).await? else {
            end = path.pop().unwrap_or_default();
            break;
        };
        addition = next;
    }
    Ok(Led { name: device["name"].as_str().unwrap_or_default().to_owned(), path, end })
}

/// The addition after the step that it asks for; `None` where it asks for none. What else happens goes into `told`.
async fn step(
    admin: &Client,
    lan: &Lan,
    device: &Value,
    id: &str,
    addition: &Value,
    told: &mut Vec<String>,
) -> Result<Option<Value>> {
    let path = format!("/additions/{id}");
    let next = match addition["next"].as_str().unwrap_or_default() {
        "create_password" => post(admin, &format!("{path}/activation"), json!({"password": "Installed-2026"})).await?,
        "create_verification_code" => {
            post(admin, &format!("{path}/service"), json!({"verification_code": "Harbour26"})).await?
        }
        "check_cables" => {
            lan.change(device, &json!({"power": true})).await?;
            wait_while(admin, &path, &["offline", "unknown"]).await?
        }
        "enter_login" => {
            let login = json!({"user_name": "admin", "password": device["password"]});
            post(admin, &format!("{path}/login"), login).await?
        }
        "enter_verification_code" => {
            let code = json!({"verification_code": device["verification_code"]});
            post(admin, &format!("{path}/verification_code"), code).await?
        }
        "unbind" => match unbind(admin, lan, device).await? {
            Some(reason) => {
                told.push(format!("service centre ({reason})"));
                // It frees the device some days later.
                lan.change(device, &json!({"bound": false})).await?;
                wait_while(admin, &path, &["someone_elses"]).await?
            }
            None => order(admin, &format!("{path}/check")).await?,
        },
        "upgrade" => {
            lan.change(device, &json!({"firmware": NEW_FIRMWARE})).await?;
            wait_while(admin, &path, &["firmware_too_old"]).await?
        }
        "wait" | "add" => {
            tokio::time::sleep(Duration::from_millis(500)).await;
            order(admin, &format!("{path}/check")).await?
        }
        _ => return Ok(None),
    };
    Ok(Some(next))
}

/// "Check again" until it is in none of these states any more.
async fn wait_while(admin: &Client, path: &str, states: &[&str]) -> Result<Value> {
    let started = Instant::now();
    loop {
        let addition = order(admin, &format!("{path}/check")).await?;
        if !states.iter().any(|state| addition["state"] == *state) {
            return Ok(addition);
        }
        if started.elapsed() > Duration::from_secs(60) {
            bail!("after a minute it is still {}", addition["state"]);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Scans the label of the device that is off and was never seen; tells its state, and gives it up again.
pub(super) async fn scan_unseen(admin: &Client, lan: &Lan) -> Result<String> {
    let device = lan.device_that_is_off().await?;
    let addition = scan(admin, &lan.site_id, device).await?;
    let id = addition["id"].as_str().context("an addition has an id")?;
    admin.delete(&format!("/additions/{id}")).await?.ok()?;
    Ok(addition["state"].as_str().unwrap_or_default().to_owned())
}

/// Scans the label of the first device again where it is, and on another site; tells both states.
pub(super) async fn scan_again(admin: &Client, here: &Lan, elsewhere: &Lan) -> Result<(String, String)> {
    let device = here.devices.first().context("a LAN has devices")?;
    let mut states = Vec::new();
    for lan in [here, elsewhere] {
        let addition = scan(admin, &lan.site_id, device).await?;
        states.push(addition["state"].as_str().unwrap_or_default().to_owned());
    }
    let other = states.pop().unwrap_or_default();
    Ok((states.pop().unwrap_or_default(), other))
}

async fn scan(admin: &Client, site_id: &str, device: &Value) -> Result<Value> {
    let body = json!({"text": device["label"], "name": device["name"]});
    post(admin, &format!("/sites/{site_id}/additions"), body).await
}

/// Frees a device with its admin password; gives the reason where only the service centre can.
async fn unbind(admin: &Client, lan: &Lan, device: &Value) -> Result<Option<String>> {
    let captcha = order(admin, "/captchas").await?;
    let work = siteward_tests::captcha::work(&captcha["work"])?;
    let body = json!({
        "serial": device["serial"], "user_name": "admin", "password": device["password"],
        "captcha": {"id": captcha["id"], "work": work},
    });
    let answer = admin.post(&format!("/sites/{}/unbind", lan.site_id), &body).await?;
    match answer.code() {
        "unbind_service_centre" => Ok(answer.body["details"]["reason"].as_str().map(str::to_owned)),
        _ => answer.ok().map(|_| None),
    }
}
