//! The story `panels`: one alarm panel from adding to the proof that nobody of ours can enter it any more.

mod office;
mod panel;

use std::time::Duration;

use anyhow::{Context, Result};
use chrono::Utc;
use serde_json::{Value, json};
use siteward_tests::client::Client;
use siteward_tests::process::{ServerProcess, free_port};

use crate::table;
use office::{ADMIN, ADMIN_PASSWORD, INES, INES_NEW_PASSWORD, INES_PASSWORD, Office};
use panel::Panel;

/// How often the accounts of a panel are compared without anything having changed.
const RECONCILE_SECONDS: &str = "3";
const POLL_PERIOD: &str = "2";
/// For how long the installer manages the site at first.
const ASSIGNED: Duration = Duration::from_secs(8);

/// Tells the story; true when everything went as it should.
pub(crate) async fn tell(once: bool) -> Result<bool> {
    let folder = tempfile::Builder::new().prefix("siteward-demo-").tempdir()?;
    let panel = Panel::start()?;
    let port = free_port()?;
    let environment = [
        ("SITEWARD__POLLING__PERIOD_SECONDS", POLL_PERIOD),
        ("SITEWARD__PANELS__RECONCILE_SECONDS", RECONCILE_SECONDS),
    ];
    let server = ServerProcess::start(folder.path(), port, &environment)?;
    let office = Office::open(&server).await?;
    let admin = &office.admin;
    println!("1. The server is set up at {}; an AX Pro panel answers on loopback", server.base);

    let site = admin.post("/sites", &json!({"name": "Villa Rossi", "time_zone": "Europe/Rome"})).await?.ok()?;
    let site_id = site["id"].as_str().context("a site has an id")?.to_owned();
    let device = panel.add(admin, &site_id).await?;
    let mut right = panel.wait(&[("admin@example.com", None)]).await;
    println!("2. The panel is on the site; the Installer Admin has an account on it, with a password nobody knows");
    show(admin, &device).await?;

    let mut again = Client::new(&server.base);
    again.sign_in(ADMIN, ADMIN_PASSWORD).await?.ok()?;
    right &= panel.wait(&[(ADMIN, Some(ADMIN_PASSWORD))]).await;
    println!("\n3. The Admin signed in: their own password has reached the panel");

    let ines = office.invite_and_join(&server).await?;
    println!("4. Ines was invited by mail and joined; she is on no panel, for she manages no site");
    right &= panel.holds(&[(ADMIN, Some(ADMIN_PASSWORD))]).await?;

    let until = Utc::now() + chrono::Duration::from_std(ASSIGNED)?;
    office.assign(&site_id, &ines, Some(until)).await?;
    right &= panel.wait(&[(ADMIN, Some(ADMIN_PASSWORD)), (INES, None)]).await;
    office.sign_in(&server, INES, INES_PASSWORD).await?;
    right &= panel.wait(&[(ADMIN, Some(ADMIN_PASSWORD)), (INES, Some(INES_PASSWORD))]).await;
    println!("\n5. She manages the site for {} seconds, and is on the panel with her own password", ASSIGNED.as_secs());
    show(admin, &device).await?;
    right &= panel.wait(&[(ADMIN, Some(ADMIN_PASSWORD))]).await;
    println!("\n6. Her time is over: off the panel at once, and nobody had to think of it");

    office.assign(&site_id, &ines, None).await?;
    let her = office.sign_in(&server, INES, INES_PASSWORD).await?;
    right &= panel.wait(&[(ADMIN, Some(ADMIN_PASSWORD)), (INES, Some(INES_PASSWORD))]).await;
    panel.power(false).await?;
    office.change_password(&her).await?;
    panel.power(true).await?;
    right &= panel.wait(&[(ADMIN, Some(ADMIN_PASSWORD)), (INES, Some(INES_NEW_PASSWORD))]).await;
    println!(
        "7. Back without an end. She changed her password while the panel was off; now that it is on, it has the new one"
    );

    panel.put_ghost("night.watch").await?;
    let ghost = office.wait_for_state(&device, "unexpected").await?;
    println!("\n8. Somebody put an account on the panel by hand; it is reported, and left alone:");
    show(admin, &device).await?;
    admin.delete(&format!("/devices/{device}/panel_accounts/{ghost}")).await?.ok()?;
    right &= panel.wait(&[(ADMIN, Some(ADMIN_PASSWORD)), (INES, Some(INES_NEW_PASSWORD))]).await;
    println!("   ... and taken off when a person orders it");

    admin.post(&format!("/staff/{ines}/disable"), &json!({})).await?.ok()?;
    right &= panel.wait(&[(ADMIN, Some(ADMIN_PASSWORD))]).await;
    println!("9. Ines left the company: disabled, and off the panel");

    admin.delete(&format!("/devices/{device}")).await?.ok()?;
    right &= panel.wait(&[]).await;
    let exit = office.wait_for_exit(&device).await?;
    println!("\n10. The panel was deleted. The proof that nobody of the company can enter it any more:\n");
    show_exit(&exit);
    right &= exit["state"] == "clean" && panel.never_made_twice().await?;

    println!("\n{}", if right { "Everything went as it should." } else { "Not everything went as it should." });
    if !once {
        println!("\nLook around at {}: {ADMIN}, password {ADMIN_PASSWORD}. Ctrl-C ends it.", server.base);
        tokio::signal::ctrl_c().await?;
    }
    drop((server, panel));
    Ok(right)
}

/// Who can enter the panel, as the platform says.
async fn show(admin: &Client, device: &str) -> Result<()> {
    let listed = admin.get(&format!("/devices/{device}/panel_accounts")).await?.ok()?;
    let text = |value: &Value| value.as_str().unwrap_or("–").to_owned();
    let rows: Vec<Vec<String>> = listed["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|item| ["user_name", "role", "because", "state", "password"].map(|field| text(&item[field])).to_vec())
        .collect();
    println!();
    table::print(&["account", "role", "why", "state", "password"], &rows);
    Ok(())
}

fn show_exit(exit: &Value) {
    let text = |value: &Value| value.as_str().unwrap_or("–").to_owned();
    println!(
        "  {} {} on {}: {}",
        text(&exit["model"]),
        text(&exit["serial"]),
        text(&exit["site_name"]),
        text(&exit["state"])
    );
    println!("  from {} to {}\n", text(&exit["begun_at"]), text(&exit["ended_at"]));
    let rows: Vec<Vec<String>> = exit["removed"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| ["person_name", "user_name", "role", "removed_at"].map(|field| text(&row[field])).to_vec())
        .collect();
    table::print(&["person", "account", "role", "removed"], &rows);
}
