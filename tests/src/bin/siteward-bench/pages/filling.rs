//! A fleet of 100,000 devices as a company has it after a day: places, names, states, open exceptions, uptime.

use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use siteward_domain::device::{DeviceAddress, DeviceKind, Scheme};
use siteward_domain::exception::{ExceptionKey, ExceptionKind};
use siteward_domain::health::{DeviceHealth, Topic};
use siteward_domain::staff::Right;
use siteward_domain::uptime::hour_of;
use siteward_domain::{CompanyId, DeviceId, ExceptionId, SiteId, StaffId};
use siteward_store::Store;
use siteward_store::companies::list_companies;
use siteward_store::devices::{NewDevice, seal_password};
use siteward_store::polling::{MeasuredRow, OpenedRow, RoundWrite, TransitionRow, UptimeRow, write_round};
use siteward_store::roles::{Role, list_roles};
use siteward_store::site_managers::{Assignment, MOST_SITES, set};
use siteward_store::staff::{NewStaff, create_staff, find_admin};

use crate::fixture;

/// The installer to whom every site is assigned.
pub(super) const OF_EVERY_SITE: &str = "many@example.com";
/// The installer to whom ten of the sites are assigned.
pub(super) const OF_TEN_SITES: &str = "few@example.com";
const SITES: u32 = 1_000;
const PER_SITE: u32 = 100;
const PLACES: [&str; 8] =
    ["Harbour warehouse", "Old Mill", "School", "Car park", "Clinic", "Bakery", "Town hall", "Depot"];
const SPOTS: [&str; 10] =
    ["Entrance", "Yard", "Ramp", "Cash desk", "Stairs", "Roof", "Gate", "Corridor", "Storage", "Lift"];

/// Fills the database of a data folder whose company was set up.
pub(crate) fn fill(folder: &Path) -> Result<()> {
    let store = fixture::open(folder)?;
    let company = store.read(list_companies)?.into_iter().next().context("no company")?.id;
    let now = Utc::now();
    let mut sites = Vec::new();
    for site in 0..SITES {
        let place = PLACES.get(site as usize % PLACES.len()).context("a place")?;
        let name = format!("{place} {site:04}");
        let site_id = fixture::make_site(&store, &company, &name, &format!("Pier {}", site % 90), now)?;
        fill_site(&store, &company, &site_id, site, now)?;
        sites.push(site_id);
    }
    let forever = |staff_id: &StaffId| Assignment { staff_id: staff_id.clone(), expires_at: None };
    let of_every = add_installer(&store, &company, OF_EVERY_SITE, now)?;
    let of_ten = add_installer(&store, &company, OF_TEN_SITES, now)?;
    for some in sites.chunks(MOST_SITES) {
        store.write(|conn| set(conn, &company, some, &[forever(&of_every)], &of_every, now))?;
    }
    let ten: Vec<SiteId> = sites.into_iter().step_by(PER_SITE as usize).collect();
    let both = [forever(&of_every), forever(&of_ten)];
    store.write(|conn| set(conn, &company, &ten, &both, &of_every, now))?;
    Ok(())
}

/// An installer with the Admin's password.
fn add_installer(store: &Store, company: &CompanyId, email: &str, now: DateTime<Utc>) -> Result<StaffId> {
    let admin = store.read(|conn| find_admin(conn, company))?.context("no Admin")?;
    let roles = store.read(|conn| list_roles(conn, company))?;
    let is_installers = |role: &Role| {
        role.rights.contains(&Right::ManageAssignedSites) && !role.rights.contains(&Right::ManageAllSites)
    };
    let role = roles.into_iter().find(is_installers).context("no role for installers")?;
    let new = NewStaff {
        id: StaffId::generate(now),
        company_id: company.clone(),
        name: email.to_owned(),
        email: email.to_owned(),
        password_hash: admin.password_hash,
        is_admin: false,
        role_id: Some(role.id),
        language: admin.language,
        time_zone: admin.time_zone,
    };
    store.write(|conn| create_staff(conn, &new, now))?;
    Ok(new.id)
}

fn fill_site(store: &Store, company: &CompanyId, site_id: &SiteId, site: u32, now: DateTime<Utc>) -> Result<()> {
    let mut devices = Vec::new();
    let mut round = RoundWrite::default();
    for place in 0..PER_SITE {
        let number = site * PER_SITE + place;
        let device = device(store, company, site_id, number, now)?;
        add_state(&mut round, &device.id, number, now);
        devices.push(device);
    }
    fixture::add(store, &devices, now)?;
    store.write_relaxed(|conn| write_round(conn, &round))?;
    Ok(())
}

fn device(store: &Store, company: &CompanyId, site_id: &SiteId, number: u32, now: DateTime<Utc>) -> Result<NewDevice> {
    let id = DeviceId::generate(now);
    let spot = SPOTS.get(number as usize % SPOTS.len()).context("a spot")?;
    let serial = format!("K{number:08}");
    let host = format!("10.{}.{}.{}", number >> 16, (number >> 8) & 255, number & 255);
    Ok(NewDevice {
        sealed_password: seal_password(store, company, &id, &SecretString::from("Bench-pass7"))?,
        id,
        company_id: company.clone(),
        site_id: site_id.clone(),
        name: format!("{spot} {}", number % 977),
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

/// Of 100 devices 93 are healthy, 3 offline, 2 faulty, 1 cannot be logged in to, 1 was never measured.
fn add_state(round: &mut RoundWrite, id: &DeviceId, number: u32, now: DateTime<Utc>) {
    // A step that shares no factor with 100 spreads the states over places and names.
    let (health, wrong) = match number.wrapping_mul(37).wrapping_add(number / 100) % 100 {
        0 => return,
        1..=3 => (DeviceHealth::Offline, Some(ExceptionKind::DeviceOffline)),
        4..=5 => (DeviceHealth::Faulty, Some(ExceptionKind::DiskError)),
        6 => (DeviceHealth::LoginFailed, Some(ExceptionKind::LoginFailed)),
        _ => (DeviceHealth::Healthy, None),
    };
    round.measured.push(MeasuredRow { device_id: id.clone(), topics: Topic::ALL.to_vec(), at: now });
    round.transitions.push(TransitionRow { device_id: id.clone(), from: DeviceHealth::Unknown, to: health, at: now });
    round.opened.extend(wrong.map(|kind| OpenedRow {
        id: ExceptionId::generate(now),
        device_id: id.clone(),
        key: ExceptionKey { kind, part: String::new() },
        at: now,
    }));
    let up = if health == DeviceHealth::Offline { 1_800 } else { 3_600 };
    round.uptime.extend((0..24).map(|ago| UptimeRow {
        device_id: id.clone(),
        hour: hour_of(now) - ago,
        up_seconds: up,
        down_seconds: 3_600 - up,
    }));
}
