//! The report of a site with 500 devices over a month, over HTTP: as data for the page, as PDF and as CSV. Every hour of every device is
//! known, each was offline a few times, the own network was lost twice, and there is a maintenance window each week, so that nothing is
//! cheaper than it is where people use it.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Duration, Utc};
use secrecy::SecretString;
use serde_json::json;
use siteward_domain::device::{DeviceAddress, DeviceKind, Scheme};
use siteward_domain::event::EventKind;
use siteward_domain::exception::{ExceptionKey, ExceptionKind};
use siteward_domain::health::DeviceHealth;
use siteward_domain::maintenance::{Repeats, Window};
use siteward_domain::uptime::hour_of;
use siteward_domain::{CompanyId, DeviceId, ExceptionId, MaintenanceWindowId, SiteId};
use siteward_store::Store;
use siteward_store::companies::list_companies;
use siteward_store::devices::{NewDevice, seal_password};
use siteward_store::events::{self, NewEvent};
use siteward_store::maintenance::{NewWindow, create_window};
use siteward_store::polling::{ClosedRow, OpenedRow, RoundWrite, TransitionRow, UptimeRow, write_round};
use siteward_store::staff::find_admin;
use siteward_tests::client::Client;
use siteward_tests::process::{ServerProcess, free_port};

use crate::fixture;
use crate::report::{Goal, Report, headline, say};
use crate::usage::percentile;

const PART: &str = "report";
const DEVICES: u32 = 500;
const DAYS: i64 = 31;
const OUTAGES: i64 = 5;
const REQUESTS: usize = 9;
/// The goal for the slowest of the requests, seconds.
const GOAL_SECONDS: f64 = 2.0;
const PASSWORD: &str = "Correct-horse7";

/// Fills a server's database and times the report.
pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    headline("Report of a site: 500 devices over 31 days, SQLite, with session, over HTTP");
    let folder = tempfile::Builder::new().prefix("siteward-bench-").tempdir()?;
    let server = start(folder.path(), free_port()?)?;
    Client::new(&server.base)
        .set_up(server.setup_code.as_deref().context("no set-up link")?, "Bench Installers")
        .await?;
    drop(server);
    let site = fill(folder.path(), Utc::now())?;
    let server = start(folder.path(), free_port()?)?;
    let mut admin = Client::new(&server.base);
    admin.sign_in("admin@example.com", PASSWORD).await?.ok()?;
    let today = Utc::now().date_naive();
    let span = format!("from={}&to={today}", today - Duration::days(DAYS - 1));
    let whole = admin.get(&format!("/sites/{site}/report?{span}")).await?.ok()?;
    let seen =
        whole["total"]["up_seconds"].as_i64().unwrap_or(0) + whole["total"]["down_seconds"].as_i64().unwrap_or(0);
    let left_out = whole["total"]["excluded_seconds"].as_i64().unwrap_or(0);
    ensure!(seen > i64::from(DEVICES) * (DAYS - 3) * 86_400 && left_out > 0, "the report tells of nothing: {seen} s");
    for (name, path) in [("page data", "?"), ("PDF", "/pdf?language=ru&"), ("CSV", "/csv?")] {
        time(report, &admin, name, &format!("/sites/{site}/report{path}{span}")).await?;
    }
    Ok(())
}

fn start(folder: &Path, port: u16) -> Result<ServerProcess> {
    ServerProcess::start_with(&["serve", "--no-worker"], folder, port, &[])
}

async fn time(report: &mut Report, admin: &Client, name: &str, path: &str) -> Result<()> {
    let mut taken = Vec::new();
    let mut bytes = 0;
    for _ in 0..REQUESTS {
        let began = Instant::now();
        let answer = admin.get(path).await?;
        taken.push(began.elapsed().as_secs_f64());
        ensure!(answer.status.is_success(), "{name}: {}", answer.status);
        bytes = answer.bytes.len();
    }
    let slowest = taken.iter().copied().fold(0.0, f64::max);
    say(format!(
        "{name}: median {:.2} s, slowest of {REQUESTS} {slowest:.2} s, {:.0} KB",
        percentile(&taken, 0.5),
        bytes as f64 / 1000.0
    ));
    report.add(PART, format!("500 devices, 31 days: {name}, median"), percentile(&taken, 0.5), "s", Goal::None);
    report.add(PART, format!("500 devices, 31 days: {name}, slowest"), slowest, "s", Goal::AtMost(GOAL_SECONDS));
    Ok(())
}

/// The past of the site.
fn fill(folder: &Path, now: DateTime<Utc>) -> Result<SiteId> {
    let store = fixture::open(folder)?;
    let company = store.read(list_companies)?.into_iter().next().context("no company")?.id;
    let began = now - Duration::days(DAYS + 1);
    let site = fixture::make_site(&store, &company, "Harbour warehouse", "Pier 4", began)?;
    let devices: Vec<NewDevice> =
        (0..DEVICES).map(|number| device(&store, &company, &site, number, began)).collect::<Result<_>>()?;
    fixture::add(&store, &devices, began)?;
    for device in &devices {
        let round = month(&device.id, now);
        store.write_relaxed(|conn| write_round(conn, &round))?;
    }
    let lost = |days: i64| NewEvent {
        company_id: company.clone(),
        site_id: None,
        device_id: None,
        kind: EventKind::NetworkBack,
        actor: "system".to_owned(),
        at: now - Duration::days(days),
        data: json!({ "duration_seconds": 1_800 }),
    };
    let admin = store.read(|conn| find_admin(conn, &company))?.context("no Admin")?;
    let window = NewWindow {
        id: MaintenanceWindowId::generate(began),
        company_id: company.clone(),
        site_id: site.clone(),
        device_id: None,
        window: Window {
            starts_at: began,
            ends_at: began + Duration::minutes(90),
            repeats: Repeats::Weekly,
            ended_at: None,
        },
        note: String::new(),
        created_by: admin.id,
    };
    store.write_relaxed(|conn| {
        events::append_all(conn, &[lost(20), lost(10)])?;
        create_window(conn, &window, began)
    })?;
    Ok(site)
}

/// A month of a device: up, but for a few outages.
fn month(id: &DeviceId, now: DateTime<Utc>) -> RoundWrite {
    let mut round = RoundWrite::default();
    let last = hour_of(now);
    round.uptime.extend((0..DAYS * 24).map(|ago| {
        let down_seconds = if ago % (DAYS * 24 / OUTAGES) == 7 { 1_200 } else { 0 };
        UptimeRow { device_id: id.clone(), hour: last - ago, up_seconds: 3_600 - down_seconds, down_seconds }
    }));
    for outage in 0..OUTAGES {
        let from = now - Duration::hours(outage * (DAYS * 24 / OUTAGES) + 7);
        let to = from + Duration::minutes(20);
        let exception = ExceptionId::generate(from);
        // All open in one round: of a key only one can be.
        let key = ExceptionKey::of_part(ExceptionKind::DeviceOffline, outage.to_string());
        round.opened.push(OpenedRow { id: exception.clone(), device_id: id.clone(), key, at: from });
        round.closed.push(ClosedRow { id: exception, at: to });
        let change = |from, to, at| TransitionRow { device_id: id.clone(), from, to, at };
        round.transitions.push(change(DeviceHealth::Healthy, DeviceHealth::Offline, from));
        round.transitions.push(change(DeviceHealth::Offline, DeviceHealth::Healthy, to));
    }
    round
}

fn device(store: &Store, company: &CompanyId, site: &SiteId, number: u32, at: DateTime<Utc>) -> Result<NewDevice> {
    let id = DeviceId::generate(at);
    let serial = format!("Q{number:08}");
    Ok(NewDevice {
        sealed_password: seal_password(store, company, &id, &SecretString::from("Bench-pass7"))?,
        id,
        company_id: company.clone(),
        site_id: site.clone(),
        name: format!("Camera {number:03}, quay {}", number % 12),
        kind: DeviceKind::Camera,
        kind_is_manual: false,
        address: DeviceAddress {
            scheme: Scheme::Http,
            host: format!("10.2.{}.{}", number / 250, number % 250),
            port: 80,
        },
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
