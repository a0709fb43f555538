//! One password on 2,000 alarm panels, each with 50 accounts of staff: a real server, panels that answer at once.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use chrono::Utc;
use secrecy::SecretString;
use siteward_domain::device::DeviceKind;
use siteward_domain::mail::MailLanguage;
use siteward_domain::panel_accounts::{AccountMethod, AccountState, wanted_accounts};
use siteward_domain::staff::Right;
use siteward_domain::{CompanyId, DeviceId, PanelAccountId, RoleId, StaffId};
use siteward_store::devices::NewDevice;
use siteward_store::panel_accounts::{Owner, PanelAccount};
use siteward_store::panel_passwords::{self, Holder};
use siteward_store::panels::{self, Case, Outcome, Pace};
use siteward_store::passwords::{NewPassword, change_password};
use siteward_store::staff::{NewStaff, StaffChange, create_staff, update_staff};
use siteward_store::{Store, roles};
use siteward_tests::process::{ServerProcess, free_port};

use crate::devices::Devices;
use crate::fixture;
use crate::report::{Goal, Report, headline, number, say};
use crate::usage::cpu_time;

const PART: &str = "panels";
const PANELS: usize = 2_000;
const STAFF: usize = 50;
/// The numbers that a panel's own accounts have.
const OWN_ACCOUNTS: usize = 2;
const LONGEST_WAIT: Duration = Duration::from_secs(600);
/// Who puts the accounts down.
const OWNER: &str = "bench";
/// No look at the panels but those that are measured.
const ENVIRONMENT: [(&str, &str); 1] = [("SITEWARD__POLLING__PERIOD_SECONDS", "31536000")];

/// Changes one password and waits until every panel has it.
pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    headline("Panels: 2,000 alarm panels with the accounts of 50 people who manage all sites; one password changed");
    let folder = tempfile::Builder::new().prefix("siteward-bench-").tempdir()?;
    let devices = Devices::start_panels(PANELS, STAFF, folder.path())?;
    let (company, staff) = furnish(folder.path(), &devices)?;
    let server = ServerProcess::start(folder.path(), free_port()?, &ENVIRONMENT)?;
    let store = fixture::open(folder.path())?;
    // The start of the server is not measured.
    tokio::time::sleep(Duration::from_secs(5)).await;
    devices.reset().await?;
    let before = cpu_time(server.id())?;
    let began = Instant::now();
    change(&store, &company, &staff)?;
    while store.read(|conn| panel_passwords::find(conn, Holder::Staff(&company, &staff)))?.is_some() {
        ensure!(began.elapsed() < LONGEST_WAIT, "not on every panel after {} s", LONGEST_WAIT.as_secs());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let took = began.elapsed();
    let used = cpu_time(server.id())?.saturating_sub(before);
    let counted = devices.counters().await?;
    ensure!(counted.passwords == PANELS as u64, "{} passwords were set", counted.passwords);
    say(format!(
        "{} requests, {} logins, {} passwords set in {:.1} s; {:.1} s of processor time",
        number(counted.requests as f64),
        number(counted.sessions as f64),
        number(counted.passwords as f64),
        took.as_secs_f64(),
        used.as_secs_f64(),
    ));
    report.add(PART, "one password on 2,000 panels", took.as_secs_f64(), "s", Goal::AtMost(300.0));
    report.add(PART, "logins a panel", counted.sessions as f64 / PANELS as f64, "logins", Goal::AtMost(1.0));
    report.add(PART, "processor time a panel", used.as_secs_f64() * 1e3 / PANELS as f64, "CPU-ms", Goal::None);
    Ok(())
}

fn change(store: &Store, company: &CompanyId, staff: &StaffId) -> Result<()> {
    let new = NewPassword {
        company_id: company.clone(),
        staff_id: staff.clone(),
        hash: "$argon2id$".to_owned(),
        password: SecretString::from("Bench-pass-2"),
    };
    store.write(|conn| change_password(conn, store.vault(), &new, Utc::now()))?;
    Ok(())
}

/// A company with the panels, and people who are on each of them already.
fn furnish(folder: &Path, devices: &Devices) -> Result<(CompanyId, StaffId)> {
    let store = fixture::open(folder)?;
    let (company, site) = fixture::make_company(&store)?;
    let now = Utc::now();
    let (mut people, role) = (Vec::new(), RoleId::generate(now));
    store.write(|conn| {
        people.clear();
        roles::create_role(conn, &company, &role, "Everywhere", &[Right::ManageAllSites], now)?;
        for number in 1..=STAFF {
            let new = NewStaff {
                id: StaffId::generate(now),
                company_id: company.clone(),
                name: format!("Person {number}"),
                // What the simulated panels call their accounts.
                email: format!("staff{number}"),
                password_hash: String::new(),
                is_admin: false,
                role_id: None,
                language: MailLanguage::En,
                time_zone: "UTC".to_owned(),
            };
            create_staff(conn, &new, now)?;
            let change = StaffChange { role_id: Some(role.clone()), ..StaffChange::default() };
            update_staff(conn, &company, &new.id, &change, now)?;
            people.push(new.id);
        }
        Ok(())
    })?;
    let panel = |device| {
        let new = fixture::to_add(&store, &company, &site, device)?;
        Ok(NewDevice { kind: DeviceKind::AlarmPanel, identity: None, ..new })
    };
    let new: Vec<NewDevice> = devices.list()?.iter().map(panel).collect::<Result<_>>()?;
    fixture::add(&store, &new, now)?;
    fixture::mark_fresh(folder)?;
    let all: Vec<DeviceId> = new.into_iter().map(|device| device.id).collect();
    let most = u32::try_from(PANELS)?;
    store.write(|conn| panels::claim(conn, OWNER, most, &[], Utc::now(), chrono::Duration::hours(1)))?;
    for device in &all {
        settle(&store, device)?;
    }
    Ok((company, people.into_iter().next().context("nobody was made")?))
}

/// Writes down that everybody is on a panel, as a comparison does.
fn settle(store: &Store, device: &DeviceId) -> Result<()> {
    let now = Utc::now();
    let case = store.read(|conn| panels::get_case(conn, device))?.context("a panel")?;
    let outcome = Outcome {
        accounts: accounts_of(&case),
        method: Some(AccountMethod::CloudUserManage),
        listed: Some(Vec::new()),
        ..Outcome::default()
    };
    let pace = Pace { period: chrono::Duration::days(1), next_change: None };
    store.write_relaxed(|conn| panels::write_outcome(conn, &case, OWNER, &outcome, pace, now))?;
    Ok(())
}

fn accounts_of(case: &Case) -> Vec<PanelAccount> {
    let now = Utc::now();
    let account = |(place, wanted): (usize, siteward_domain::panel_accounts::Wanted)| PanelAccount {
        id: PanelAccountId::generate(now),
        user_name: wanted.person.email.clone(),
        owner: Some(Owner { kind: wanted.person.kind, id: wanted.person.id, name: wanted.person.name }),
        role: wanted.role.as_str().to_owned(),
        because: Some(wanted.because),
        state: AccountState::WaitingForSignIn,
        reason_code: None,
        index: u32::try_from(place + OWN_ACCOUNTS + 1).ok(),
        password_version: None,
        refused_version: None,
        since: now,
    };
    wanted_accounts(&case.situation, now).into_iter().enumerate().map(account).collect()
}
