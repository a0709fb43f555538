//! Leading each device on from its state, as an installer would who does what the wizard says.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use siteward_tests::client::Client;

use super::sites::Lan;
use super::{order, post};
use crate::table;

/// Steps after which a device that is still not there is given up.
const MOST_STEPS: usize = 12;

/// Places in the list of devices in each state, whose way ends at the service centre (R-U2).
const BOUND_TO_EZVIZ: u64 = 6;
const OLD_RECORDER: u64 = 7;

/// What became of one label.
pub(super) struct Led {
    name: String,
    path: Vec<String>,
    end: String,
    wanted: &'static str,
}

/// Scans every label of a LAN, shows state and next step of each, then leads each to its end.
pub(super) async fn lead_all(admin: &Client, lan: &Lan) -> Result<Vec<Led>> {
    let mut begun = Vec::new();
    let mut rows = Vec::new();
    for device in &lan.devices {
        let body = json!({"text": device["label"], "name": device["name"]});
        let addition = post(admin, &format!("/sites/{}/additions", lan.site_id), body).await?;
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
    let right = |one: &Led| one.end == one.wanted;
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
        match step(admin, lan, device, &id, &addition).await? {
            Step::On(next) => addition = next,
            Step::End(how) => {
                end = how;
                break;
            }
        }
    }
    let wanted = match device["index"].as_u64() {
        Some(BOUND_TO_EZVIZ) => "service centre: ezviz",
        Some(OLD_RECORDER) => "service centre: firmware",
        _ => "added",
    };
    Ok(Led { name: device["name"].as_str().unwrap_or_default().to_owned(), path, end, wanted })
}

enum Step {
    On(Value),
    End(String),
}

async fn step(admin: &Client, lan: &Lan, device: &Value, id: &str, addition: &Value) -> Result<Step> {
    let path = format!("/additions/{id}");
    let next = match addition["next"].as_str().unwrap_or_default() {
        "create_password" => post(admin, &format!("{path}/activation"), json!({"password": "Installed-2026"})).await?,
        "create_verification_code" => {
            post(admin, &format!("{path}/service"), json!({"verification_code": "Harbour26"})).await?
        }
        "check_cables" => {
            lan.change(device, &json!({"power": true})).await?;
            wait_online(admin, &path).await?
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
            Some(reason) => return Ok(Step::End(format!("service centre: {reason}"))),
            None => order(admin, &format!("{path}/check")).await?,
        },
        "wait" | "add" => {
            tokio::time::sleep(Duration::from_millis(500)).await;
            order(admin, &format!("{path}/check")).await?
        }
        _ => return Ok(Step::End(addition["state"].as_str().unwrap_or("no state").to_owned())),
    };
    Ok(Step::On(next))
}

/// "Check again" until the link has found it.
async fn wait_online(admin: &Client, path: &str) -> Result<Value> {
    let started = Instant::now();
    loop {
        let addition = order(admin, &format!("{path}/check")).await?;
        if addition["state"] != "offline" && addition["state"] != "unknown" {
            return Ok(addition);
        }
        if started.elapsed() > Duration::from_secs(60) {
            bail!("a device that was switched on is not found");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
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
