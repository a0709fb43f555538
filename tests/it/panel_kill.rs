//! T5: the server is killed with SIGKILL at random moments while accounts on alarm panels follow changes, and panels are off for
//! part of the time. In the end exactly those are on each panel who should be, nobody was put on twice, and no
//! password got lost.
//!
//! Changes are written to the database the server works on, as its API would write them: what was committed counts.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use chrono::Utc;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use secrecy::SecretString;
use serde_json::{Value, json};
use siteward_domain::mail::MailLanguage;
use siteward_domain::staff::Right;
use siteward_domain::{CompanyId, RoleId, SiteId, StaffId};
use siteward_store::panel_passwords::{self, Holder};
use siteward_store::passwords::{NewPassword, change_password};
use siteward_store::site_managers::{self, Assignment};
use siteward_store::staff::{self, NewStaff, StaffChange};
use siteward_store::{MasterKey, Store, StoreSettings, companies, roles};
use siteward_tests::app::{ADMIN, TestDatabase};
use siteward_tests::client::Client;
use siteward_tests::control;
use siteward_tests::killer::{Killer, seed};
use siteward_tests::patience;
use siteward_tests::process::{ServerProcess, SimulatorProcess, free_port};

const PANELS: usize = 6;
const MEMBERS: usize = 4;
/// Assigned all the time, and changes passwords only.
const STEADY: usize = 0;
const MASTER_KEY: &str = "abababababababababababababababababababababababababababababababab";
/// Everything is as it should be so long after the last change.
const SETTLES_WITHIN: Duration = Duration::from_secs(60);

/// What the company wants, as far as it was committed.
struct Wish {
    assigned: BTreeSet<usize>,
    disabled: BTreeSet<usize>,
    /// The number of the newest password of each who changed it.
    passwords: BTreeMap<usize, u32>,
    /// How often each began to be wanted.
    periods: BTreeMap<usize, u64>,
}

struct World {
    store: Store,
    company: CompanyId,
    site: SiteId,
    admin: StaffId,
    members: Vec<StaffId>,
    wish: Wish,
    random: StdRng,
    simulator: SimulatorProcess,
    off: BTreeSet<usize>,
}

fn email(member: usize) -> String {
    format!("member{member}@example.com")
}

fn password(member: usize, number: u32) -> String {
    format!("Member-{member}-{number}")
}

impl World {
    /// Somebody of the company who may be assigned to sites.
    fn make_members(&mut self) {
        let now = Utc::now();
        let role = RoleId::generate(now);
        self.store
            .write(|conn| {
                roles::create_role(conn, &self.company, &role, "Panels", &[Right::ManageAssignedSites], now)?;
                let mut members = Vec::new();
                for member in 0..MEMBERS {
                    let new = NewStaff {
                        id: StaffId::generate(now),
                        company_id: self.company.clone(),
                        name: email(member),
                        email: email(member),
                        password_hash: "$argon2id$".to_owned(),
                        is_admin: false,
                        role_id: None,
                        language: MailLanguage::En,
                        time_zone: "UTC".to_owned(),
                    };
                    staff::create_staff(conn, &new, now)?;
                    let change = StaffChange { role_id: Some(role.clone()), ..StaffChange::default() };
                    staff::update_staff(conn, &self.company, &new.id, &change, now)?;
                    members.push(new.id);
                }
                Ok(members)
            })
            .map(|members| self.members = members)
            .unwrap();
    }

    fn write_assigned(&self) {
        let of = |member: &usize| Assignment { staff_id: self.members[*member].clone(), expires_at: None };
        let assigned: Vec<Assignment> = self.wish.assigned.iter().map(of).collect();
        let (company, sites) = (&self.company, std::slice::from_ref(&self.site));
        let set = |conn: &mut _| site_managers::set(conn, company, sites, &assigned, &self.admin, Utc::now());
        self.store.write(set).unwrap();
    }

    fn is_wanted(&self, member: usize) -> bool {
        self.wish.assigned.contains(&member) && !self.wish.disabled.contains(&member)
    }

    fn begin_to_want(&mut self, member: usize, was: bool) {
        if !was && self.is_wanted(member) {
            *self.wish.periods.entry(member).or_default() += 1;
        }
    }

    /// One random change.
    async fn step(&mut self) {
        let member = self.random.random_range(1..MEMBERS);
        let was = self.is_wanted(member);
        match self.random.random_range(0..10) {
            0..=2 => {
                if !self.wish.assigned.remove(&member) {
                    self.wish.assigned.insert(member);
                }
                self.write_assigned();
                self.begin_to_want(member, was);
            }
            3 => {
                let (company, id, now) = (self.company.clone(), self.members[member].clone(), Utc::now());
                if self.wish.disabled.remove(&member) {
                    self.store.write(|conn| staff::enable_staff(conn, &company, &id, now)).unwrap();
                } else {
                    self.wish.disabled.insert(member);
                    self.store.write(|conn| staff::disable_staff(conn, &company, &id, now)).unwrap();
                }
                self.begin_to_want(member, was);
            }
            4..=6 => self.change_password(STEADY),
            _ => self.switch_a_panel().await,
        }
    }

    fn change_password(&mut self, member: usize) {
        let number = self.wish.passwords.get(&member).copied().unwrap_or_default() + 1;
        let new = NewPassword {
            company_id: self.company.clone(),
            staff_id: self.members[member].clone(),
            hash: format!("$argon2id${number}"),
            password: SecretString::from(password(member, number)),
        };
        self.store.write(|conn| change_password(conn, self.store.vault(), &new, Utc::now())).unwrap();
        self.wish.passwords.insert(member, number);
    }

    async fn switch_a_panel(&mut self) {
        let place = self.random.random_range(0..PANELS);
        let on = self.off.remove(&place);
        if !on {
            self.off.insert(place);
        }
        control::change(self.simulator.control(), place, &json!({"power": on})).await.unwrap();
    }

    async fn accounts(&self, place: usize) -> BTreeMap<String, String> {
        let list = Client::bare(self.simulator.control()).get(&format!("/devices/{place}/accounts")).await.unwrap();
        let list = list.ok().unwrap();
        let others = list
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["role"] != "localAdmin" && one["role"] != "localInstaller");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        others.map(|one| (text(&one["name"]), text(&one["password"]))).collect()
    }

    /// Waits until a panel has exactly these, and the newest passwords of those who changed theirs while they were on it.
    async fn settles(&self, place: usize, expected: &BTreeSet<String>) {
        let started = Instant::now();
        loop {
            let there = self.accounts(place).await;
            let names: BTreeSet<String> = there.keys().cloned().collect();
            let newest = self.wish.passwords.get(&STEADY).map(|number| password(STEADY, *number));
            let has_newest = expected.is_empty() || newest.is_none() || there.get(&email(STEADY)) == newest.as_ref();
            if names == *expected && has_newest {
                return;
            }
            assert!(
                started.elapsed() < SETTLES_WITHIN,
                "panel {place} has {names:?} and not {expected:?}; the newest password is there: {has_newest}"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn check_creations(&self, place: usize) -> u64 {
        let state = control::state(self.simulator.control(), place).await.unwrap();
        let created = |name: &str| state["panel"]["created"][name].as_u64().unwrap_or_default();
        assert_eq!((created(ADMIN), created(&email(STEADY))), (1, 1), "on panel {place}");
        let mut all = 2;
        for member in 1..MEMBERS {
            let (made, most) = (created(&email(member)), self.wish.periods.get(&member).copied().unwrap_or_default());
            assert!(made <= most, "member {member} was put on panel {place} {made} times, and wanted {most} times");
            all += made;
        }
        all
    }
}

/// Makes company, site and panels through the API.
async fn furnish(admin: &Client, simulator: &SimulatorProcess) -> (String, Vec<String>) {
    let body = json!({"name": "Harbour", "time_zone": "Europe/Berlin"});
    let site = admin.post("/sites", &body).await.unwrap().ok().unwrap()["id"].as_str().unwrap().to_owned();
    let mut devices = Vec::new();
    for (place, device) in simulator.ready["devices"].as_array().unwrap().iter().enumerate() {
        if place % 2 == 1 {
            let older = json!({"panel": {"cloud_user_manage": false}});
            control::change(simulator.control(), place, &older).await.unwrap();
        }
        let body = json!({
            "host": device["address"], "port": device["port"], "user_name": device["user"], "password": device["password"],
        });
        let added = admin.post(&format!("/sites/{site}/devices"), &body).await.unwrap().ok().unwrap();
        devices.push(added["id"].as_str().unwrap().to_owned());
        // So that kills find panels in the middle of a visit.
        control::change(simulator.control(), place, &json!({"delay_ms": 20})).await.unwrap();
    }
    (site, devices)
}

#[expect(clippy::print_stdout, reason = "it measures, and what it measured is told")]
async fn kill_panel_accounts(kills: u32, first_address: &str, database_url: Option<&str>) {
    let arguments = ["--devices", &PANELS.to_string(), "--profile", "panel", "--first", first_address];
    let simulator = SimulatorProcess::start(&arguments).unwrap();
    let data = tempfile::Builder::new().prefix("siteward-panel-kill-").tempdir().unwrap();
    let port = free_port().unwrap();
    let mut environment = vec![
        ("SITEWARD_MASTER_KEY", MASTER_KEY.to_owned()),
        ("SITEWARD__JOBS__LEASE_SECONDS", "3".to_owned()),
        ("SITEWARD__POLLING__PERIOD_SECONDS", "3600".to_owned()),
        ("SITEWARD__PANELS__RECONCILE_SECONDS", "1".to_owned()),
    ];
    environment.extend(database_url.map(|url| ("DATABASE_URL", url.to_owned())));
    let folder = data.path().to_owned();
    let start = move || {
        let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        ServerProcess::start(&folder, port, &environment).unwrap()
    };
    let server = start();
    let mut admin = Client::new(&server.base);
    admin.set_up(server.setup_code.as_deref().unwrap(), "Lockwood Alarms").await.unwrap();
    let (site, devices) = furnish(&admin, &simulator).await;
    let settings =
        StoreSettings { database_url: database_url.map(str::to_owned), data_dir: data.path().to_owned(), pool_size: 2 };
    let store = Store::open(&settings, MasterKey::parse(MASTER_KEY).unwrap()).unwrap();
    let company = store.read(companies::list_companies).unwrap().remove(0).id;
    let admin_id = store.read(|conn| staff::find_by_email(conn, ADMIN)).unwrap().unwrap().id;
    let mut world = World {
        store,
        company,
        site: site.parse().unwrap(),
        admin: admin_id,
        members: Vec::new(),
        wish: Wish {
            assigned: BTreeSet::from([STEADY]),
            disabled: BTreeSet::new(),
            passwords: BTreeMap::new(),
            periods: BTreeMap::new(),
        },
        random: StdRng::seed_from_u64(seed()),
        simulator,
        off: BTreeSet::new(),
    };
    world.make_members();
    world.write_assigned();
    let both = BTreeSet::from([ADMIN.to_owned(), email(STEADY)]);
    for place in 0..PANELS {
        world.settles(place, &both).await;
    }
    // Whoever is on a panel is known there: the first password of the one who stays is asked for by every panel.
    for device in &devices {
        wait_until_known(&admin, device, both.len()).await;
    }

    let started = Instant::now();
    let killer = Killer::start(server, start, kills);
    killer.allow(true);
    let mut steps = 0;
    while killer.kills() < kills {
        world.step().await;
        steps += 1;
        tokio::time::sleep(Duration::from_millis(world.random.random_range(5..150))).await;
    }
    for place in std::mem::take(&mut world.off) {
        control::change(world.simulator.control(), place, &json!({"power": true})).await.unwrap();
    }
    let mut expected = both.clone();
    expected.extend((1..MEMBERS).filter(|member| world.is_wanted(*member)).map(email));
    let mut created = 0;
    for place in 0..PANELS {
        world.settles(place, &expected).await;
        created += world.check_creations(place).await;
    }
    for device in &devices {
        wait_until_known(&admin, device, expected.len()).await;
    }
    let (server, _) = tokio::task::spawn_blocking(|| killer.end().unwrap()).await.unwrap();
    let last = world.members[STEADY].clone();
    let held = || world.store.read(|conn| panel_passwords::find(conn, Holder::Staff(&world.company, &last))).unwrap();
    wait_until(|| held().is_none(), "a password that every panel has is kept").await;
    println!(
        "{kills} kills (seed {}) during {steps} changes on {PANELS} panels: {created} accounts made, none twice; {:?} in all",
        seed(),
        started.elapsed()
    );
    leave(&world, &admin, &site, expected.len()).await;
    drop(server);
}

/// Deletes the site: every panel is proved clean of all who were on it.
async fn leave(world: &World, admin: &Client, site: &str, accounts: usize) {
    let path = format!("/sites/{site}");
    patience::patiently(|| admin.delete(&path)).await.unwrap().ok().unwrap();
    for place in 0..PANELS {
        world.settles(place, &BTreeSet::new()).await;
    }
    let started = Instant::now();
    loop {
        let exits = patience::get(admin, "/panel_exits").await.unwrap();
        let exits = exits["items"].as_array().unwrap();
        assert_eq!(exits.len(), PANELS);
        if exits.iter().all(|exit| exit["state"] == "clean") {
            for exit in exits {
                let path = format!("/panel_exits/{}", exit["id"].as_str().unwrap());
                let proof = patience::get(admin, &path).await.unwrap();
                assert_eq!(proof["removed"].as_array().unwrap().len(), accounts, "{proof}");
            }
            return;
        }
        assert!(started.elapsed() < SETTLES_WITHIN, "{exits:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Waits until the platform knows of every account on a panel that it is there, and of no other.
async fn wait_until_known(admin: &Client, device: &str, accounts: usize) {
    let started = Instant::now();
    loop {
        let list = patience::get(admin, &format!("/devices/{device}/panel_accounts")).await.unwrap();
        let items = list["items"].as_array().unwrap();
        let is_known = |one: &Value| one["state"] == "waiting_for_sign_in" || one["state"] == "there";
        if items.len() == accounts && items.iter().all(is_known) {
            return;
        }
        assert!(started.elapsed() < SETTLES_WITHIN, "{list}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn wait_until(is_so: impl Fn() -> bool, otherwise: &str) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < SETTLES_WITHIN, "{otherwise}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_kills_while_accounts_follow_lose_double_and_forget_nothing() {
    kill_panel_accounts(50, "127.34.0.1", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_on_postgresql() {
    let Some(database) = TestDatabase::make().unwrap() else {
        println!("SKIPPED: SITEWARD_TEST_POSTGRES names no server");
        return;
    };
    kill_panel_accounts(10, "127.35.0.1", Some(database.url())).await;
}
