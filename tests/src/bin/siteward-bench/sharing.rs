//! 10,000 devices of 100 owners, each shared with the same 64 accounts: the page of what somebody receives, over HTTP, and the question whether they may
//! use a channel, at the store.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::json;
use siteward_domain::device::{DeviceAddress, DeviceKind, Scheme};
use siteward_domain::share::{SharePermission, SharedChannel};
use siteward_domain::{CompanyId, DeviceId, EndUserId, SiteId};
use siteward_store::companies::list_companies;
use siteward_store::devices::{NewDevice, seal_password};
use siteward_store::shares::{accept_channels, may_see, may_use};
use siteward_store::{DbConn, Store, StoreError};
use siteward_tests::client::Client;
use siteward_tests::owner::{give_site, make_end_user};
use siteward_tests::process::{ServerProcess, free_port};

use crate::fixture;
use crate::report::{Goal, Report, headline, say};
use crate::usage::percentile;

const PART: &str = "sharing";
const OWNERS: u32 = 100;
const DEVICES_AN_OWNER: u32 = 100;
const RECEIVERS: u32 = 64;
/// The password of the Admin, which is that of all end users here.
const PASSWORD: &str = "Correct-horse7";
const REQUESTS: usize = 200;
const CHECKS: usize = 2_000;
/// The goal for the 99th percentile of a page, milliseconds.
const PAGE_MS: f64 = 50.0;
/// The goal for a check, milliseconds.
const CHECK_MS: f64 = 1.0;

/// Shares the devices, asks for pages and for permissions.
pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    headline("Sharing: 10,000 devices, each with 64 accounts, SQLite");
    let folder = tempfile::Builder::new().prefix("siteward-bench-").tempdir()?;
    let first = start(folder.path(), free_port()?)?;
    Client::new(&first.base).set_up(first.setup_code.as_deref().context("no set-up link")?, "Bench Installers").await?;
    drop(first);
    let began = Instant::now();
    let store = fixture::open(folder.path())?;
    let shared = fill(&store)?;
    say(format!("filled in {:.0} s by the store's functions", began.elapsed().as_secs_f64()));
    check(report, &store, &shared)?;
    drop(store);

    let server = start(folder.path(), free_port()?)?;
    let mut receiver = Client::new(&server.base);
    receiver.sign_in_as_end_user(&receiver_address(1), PASSWORD).await?.ok()?;
    turn_pages(report, &receiver, "/my/shares", "page of what somebody receives").await?;
    let mut owner = Client::new(&server.base);
    owner.sign_in_as_end_user(&owner_address(1), PASSWORD).await?.ok()?;
    turn_pages(report, &owner, "/my/given_shares", "page of what an owner shares").await
}

/// Turns the pages of a list, one request after the other, from its beginning again after the last.
async fn turn_pages(report: &mut Report, caller: &Client, list: &str, name: &str) -> Result<()> {
    let (mut path, mut channels, mut times) = (format!("{list}?limit=100"), 0, Vec::new());
    while times.len() < REQUESTS {
        let began = Instant::now();
        let page = caller.get(&path).await?;
        times.push(began.elapsed().as_secs_f64() * 1000.0);
        let page = page.ok()?;
        let items = page["items"].as_array().context("shares")?;
        channels += items.iter().map(|item| item["channels"].as_array().map_or(0, Vec::len)).sum::<usize>();
        path = match page["next_cursor"].as_str() {
            Some(cursor) => format!("{list}?limit=100&cursor={cursor}"),
            None => format!("{list}?limit=100"),
        };
    }
    let (half, most) = (percentile(&times, 0.5), percentile(&times, 0.99));
    say(format!("GET {list}, {} channels a page: p50 {half:.1} ms, p99 {most:.1} ms", channels / times.len()));
    report.add(PART, format!("{name}, p50"), half, "ms", Goal::None);
    report.add(PART, format!("{name}, p99"), most, "ms", Goal::AtMost(PAGE_MS));
    Ok(())
}

/// Times the check of a permission: alone, and with the note of a first use.
fn check(report: &mut Report, store: &Store, shared: &Shared) -> Result<()> {
    let mut seen = Vec::with_capacity(CHECKS);
    let mut first = Vec::with_capacity(CHECKS);
    let mut used = Vec::with_capacity(CHECKS);
    for n in 0..CHECKS {
        let device = shared.devices.get(n * 4_999 % shared.devices.len()).context("a device")?;
        let receiver = shared.receivers.get(n % shared.receivers.len()).context("a receiver")?;
        seen.push(
            store.read(|conn| {
                timed(|| may_see(conn, receiver, device, 1, SharePermission::Playback).map(|r| r.is_ok()))
            })?,
        );
        let now = Utc::now();
        let ask =
            |conn: &mut DbConn| may_use(conn, receiver, device, 1, SharePermission::Playback, now).map(|r| r.is_ok());
        // The first use is noted for the owner, and so in all costs a commit, too.
        let began = Instant::now();
        store.write(|conn| timed(|| ask(conn)))?;
        first.push(began.elapsed().as_secs_f64() * 1000.0);
        used.push(store.write(|conn| timed(|| ask(conn)))?);
    }
    for (name, times, goal) in [
        ("may they see it", &seen, Goal::AtMost(CHECK_MS)),
        ("may they use it, noted already", &used, Goal::AtMost(CHECK_MS)),
        ("their first use, until it is noted on disk", &first, Goal::None),
    ] {
        let (half, most) = (percentile(times, 0.5), percentile(times, 0.99));
        say(format!("{name}: p50 {half:.3} ms, p99 {most:.3} ms"));
        report.add(PART, format!("{name}, p50"), half, "ms", Goal::None);
        report.add(PART, format!("{name}, p99"), most, "ms", goal);
    }
    Ok(())
}

fn timed(ask: impl FnOnce() -> Result<bool, StoreError>) -> Result<f64, StoreError> {
    let began = Instant::now();
    let allowed = ask()?;
    if allowed { Ok(began.elapsed().as_secs_f64() * 1000.0) } else { Err(StoreError::NotFound) }
}

fn start(folder: &Path, port: u16) -> Result<ServerProcess> {
    let period = ("SITEWARD__POLLING__PERIOD_SECONDS", "31536000");
    ServerProcess::start_with(&["serve", "--no-worker"], folder, port, &[period])
}

struct Shared {
    devices: Vec<DeviceId>,
    receivers: Vec<EndUserId>,
}

fn owner_address(number: u32) -> String {
    format!("owner{number}@example.com")
}

fn receiver_address(number: u32) -> String {
    format!("receiver{number}@example.com")
}

fn fill(store: &Store) -> Result<Shared> {
    let company = store.read(list_companies)?.into_iter().next().context("no company")?.id;
    let receivers: Vec<EndUserId> =
        (0..RECEIVERS).map(|number| make_end_user(store, &receiver_address(number))).collect::<Result<_>>()?;
    let mut devices = Vec::new();
    for owner in 0..OWNERS {
        let (now, address) = (Utc::now(), owner_address(owner));
        let owner_id = make_end_user(store, &address)?;
        let site = fixture::make_site(store, &company, &format!("Home {owner:03}"), "Pier 7", now)?;
        let new: Vec<NewDevice> = (0..DEVICES_AN_OWNER)
            .map(|place| device(store, &company, &site, owner * DEVICES_AN_OWNER + place, now))
            .collect::<Result<_>>()?;
        fixture::add(store, &new, now)?;
        give_site(store, &site, &address, &json!({"site": false, "devices": []}))?;
        share(store, (&site, &owner_id), &new, &receivers, now)?;
        devices.extend(new.into_iter().map(|device| device.id));
    }
    Ok(Shared { devices, receivers })
}

fn share(
    store: &Store,
    (site, owner): (&SiteId, &EndUserId),
    devices: &[NewDevice],
    receivers: &[EndUserId],
    now: DateTime<Utc>,
) -> Result<()> {
    let channels: Vec<SharedChannel> = devices
        .iter()
        .map(|device| SharedChannel {
            device_id: device.id.clone(),
            channel: 1,
            permissions: SharePermission::ALL.to_vec(),
        })
        .collect();
    for receiver in receivers {
        let given =
            store.write_relaxed(|conn| accept_channels(conn, site, owner, receiver, &channels, "system", now))?;
        given.map_err(|refusal| anyhow!("{refusal:?}"))?;
    }
    Ok(())
}

fn device(store: &Store, company: &CompanyId, site: &SiteId, number: u32, now: DateTime<Utc>) -> Result<NewDevice> {
    let (id, serial) = (DeviceId::generate(now), format!("K{number:08}"));
    let host = format!("10.{}.{}.{}", number >> 16, (number >> 8) & 255, number & 255);
    Ok(NewDevice {
        sealed_password: seal_password(store, company, &id, &SecretString::from("Bench-pass7"))?,
        id,
        company_id: company.clone(),
        site_id: site.clone(),
        name: format!("Camera {number}"),
        kind: DeviceKind::Camera,
        kind_is_manual: false,
        address: DeviceAddress { scheme: Scheme::Http, host, port: 80 },
        given_port: None,
        user_name: "admin".into(),
        pin: None,
        identity: Some(fixture::camera("DS-2CD2146G2-ISU", &serial, &format!("DS-2CD2146G2-ISU20210304AAWR{serial}"))),
        link_id: None,
        serial: None,
        sealed_code: None,
        mac: None,
    })
}
