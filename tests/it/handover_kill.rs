//! The handover under faults: while owners accept, server or worker, whichever the seed says, is killed with SIGKILL at a random moment.
//! Every site has a panel on which the installer is; every second owner lets the company go on, and the others make it leave. Afterwards
//! owner, devices, grants, log and panels agree on every site, and of every mail one copy is known to the server that receives them.
//!
//! Server and worker are processes of their own here. A mail that is handed over again after a kill goes under the same
//! Message-ID, by which whoever receives it knows that it is the same.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::Utc;
use futures_util::{StreamExt as _, stream};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use secrecy::SecretString;
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::grant::{DevicePermission, Permission, Validity};
use siteward_domain::handover::{Asks, DeviceAsk, HandoverState, Offer};
use siteward_domain::mail::MailLanguage;
use siteward_domain::site::SiteStatus;
use siteward_domain::{CompanyId, DeviceId, EndUserId, HandoverId, SiteId, StaffId};
use siteward_store::handovers::{self, NewHandover};
use siteward_store::{access_log, custody, grants, sites, staff};
use siteward_tests::app::{ADMIN, PASSWORD, TestDatabase};
use siteward_tests::client::Client;
use siteward_tests::control;
use siteward_tests::foreign_mail::ForeignMail;
use siteward_tests::killer::seed;
use siteward_tests::owner::{OWNER, make_end_user};
use siteward_tests::patience;
use siteward_tests::process::{ServerProcess, SimulatorProcess, WorkerProcess, free_port};
use siteward_tests::stored::Stored;

/// A kill comes so many milliseconds after the acceptance was sent, at random within.
const MOMENTS: std::ops::Range<u64> = 0..350;
/// Sites that are furnished at once.
const AT_ONCE: usize = 4;
/// Everything is as it should be so long after the last kill.
const SETTLES_WITHIN: Duration = Duration::from_secs(60);

/// A site that changes hands, with a panel on which its installer is by then.
struct Place {
    name: String,
    site: SiteId,
    /// The number of its panel at the simulator.
    panel: usize,
    handover: HandoverId,
    /// What the owner allows of what was asked for.
    allowed: Asks,
}

struct World {
    stored: Stored,
    company: CompanyId,
    admin_id: StaffId,
    owner: EndUserId,
    simulator: SimulatorProcess,
}

impl World {
    /// A site with a panel, and the invitation to it with its mail, as the API writes both.
    async fn furnish(&self, admin: &Client, number: usize) -> Place {
        let name = format!("Harbour {number:02}");
        let body = json!({"name": name, "time_zone": "Europe/Berlin"});
        let site = admin.post("/sites", &body).await.unwrap().ok().unwrap()["id"].as_str().unwrap().to_owned();
        let device = &self.simulator.ready["devices"][number];
        let body = json!({
            "host": device["address"], "port": device["port"], "user_name": device["user"], "password": device["password"],
        });
        let added = admin.post(&format!("/sites/{site}/devices"), &body).await.unwrap().ok().unwrap();
        let device_id: DeviceId = added["id"].as_str().unwrap().parse().unwrap();
        let site: SiteId = site.parse().unwrap();
        let ask = DeviceAsk { device_id, permission: DevicePermission::LiveView, validity: Validity::Hours4 };
        let asks = Asks { site: true, devices: vec![ask] };
        let (now, token) = (Utc::now(), SecretString::from(format!("token-{number}")));
        let new = NewHandover {
            id: HandoverId::generate(now),
            company_id: self.company.clone(),
            site_id: site.clone(),
            email: OWNER.to_owned(),
            phone: None,
            name: "Olga".to_owned(),
            language: MailLanguage::En,
            remark: String::new(),
            offer: Offer::Transfer(asks.clone()),
            token_hash: format!("hash-{number}"),
            invited_by: self.admin_id.clone(),
            expires_at: now + chrono::Duration::days(7),
        };
        let vault = self.stored.store.vault();
        let invite = |conn: &mut _| siteward_worker::handovers::invite(conn, vault, &new, &token, now);
        self.stored.store.write(invite).unwrap();
        // Every second one authorizes the company; the others allow nothing, and the installer goes.
        let allowed = if number.is_multiple_of(2) { asks } else { Asks { site: false, devices: Vec::new() } };
        Place { name, site, panel: number, handover: new.id, allowed }
    }

    /// Owner, status, grants, invitation, log and events of a site say the same.
    fn check(&self, place: &Place) {
        let now = Utc::now();
        let (store, name) = (&self.stored.store, &place.name);
        let custody = store.read(|conn| custody::get(conn, &place.site)).unwrap();
        assert_eq!(
            (custody.owner.as_ref(), custody.company.as_ref()),
            (Some(&self.owner), Some(&self.company)),
            "{name}"
        );
        let status = store.read(|conn| sites::get_site(conn, &self.company, &place.site)).unwrap().status;
        let expected = if place.allowed.site { SiteStatus::Authorized } else { SiteStatus::NotAuthorized };
        assert_eq!(status, expected, "{name}");
        let open = store.read(|conn| grants::list_open(conn, &place.site, now, None, 10)).unwrap().items;
        let mut permissions: Vec<Permission> = open.iter().map(|grant| grant.permission).collect();
        permissions.sort_by_key(|permission| permission.as_str());
        let of_devices = place.allowed.devices.iter().map(|_| Permission::LiveView);
        let expected: Vec<Permission> = of_devices.chain(place.allowed.site.then_some(Permission::Site)).collect();
        assert_eq!(permissions, expected, "{name}");
        let handover = store.read(|conn| handovers::get_handover(conn, &self.company, &place.handover, now)).unwrap();
        assert_eq!(handover.state, HandoverState::Accepted, "{name}");
        let log = store.read(|conn| access_log::after(conn, &place.site, 0, 100)).unwrap();
        assert_eq!(log.iter().filter(|entry| entry.action == "site_accepted").count(), 1, "{name}");
    }

    /// Every site was told of once to have been accepted.
    fn check_events(&self, places: &[Place]) {
        let events = self.stored.events_after(0).unwrap();
        let accepted = |site: &SiteId| {
            let of = events.iter().filter(|event| event.site_id.as_ref() == Some(site));
            of.filter(|event| event.kind == EventKind::HandoverChanged && event.data["state"] == "accepted").count()
        };
        for place in places {
            assert_eq!(accepted(&place.site), 1, "{}", place.name);
        }
    }

    /// Who is on a panel, each as often as they are there, but for the accounts that it always has.
    async fn on_panel(&self, place: &Place) -> Vec<String> {
        let path = format!("/devices/{}/accounts", place.panel);
        let list = Client::bare(self.simulator.control()).get(&path).await.unwrap().ok().unwrap();
        let of_people = list.as_array().unwrap().iter();
        let of_people = of_people.filter(|one| one["role"] != "localAdmin" && one["role"] != "localInstaller");
        let mut names: Vec<String> = of_people.map(|one| one["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    }

    /// Waits until exactly these are on a panel, in the order of their names and each once.
    async fn has(&self, place: &Place, expected: &[&str]) {
        let started = Instant::now();
        loop {
            let names = self.on_panel(place).await;
            if names == expected {
                return;
            }
            assert!(started.elapsed() < SETTLES_WITHIN, "the panel of {} has {names:?}, not {expected:?}", place.name);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until those are on a panel who should be after its site was accepted, and sees that nobody was put on twice.
    async fn settles(&self, place: &Place) {
        self.has(place, after(place)).await;
        let state = control::state(self.simulator.control(), place.panel).await.unwrap();
        let created = &state["panel"]["created"];
        assert_eq!((&created[OWNER], &created[ADMIN]), (&json!(1), &json!(1)), "{}: {created}", place.name);
    }
}

/// Who is on the panel of a site that was accepted.
fn after(place: &Place) -> &'static [&'static str] {
    if place.allowed.site { &[ADMIN, OWNER] } else { &[OWNER] }
}

/// Mails by receiver, subject and site; of each the different Message-IDs.
type Mails = BTreeMap<(String, String, String), BTreeSet<String>>;

fn mails(office: &ForeignMail, places: &[Place]) -> Mails {
    let mut mails = Mails::new();
    for mail in office.taken() {
        let text = |field: &str| mail[field].as_str().unwrap_or_default().to_owned();
        let (subject, body) = (text("subject"), text("text"));
        let is_of = |place: &&Place| subject.contains(&place.name) || body.contains(&place.name);
        let Some(place) = places.iter().find(is_of) else { continue };
        let key = (mail["to"][0].as_str().unwrap_or_default().to_owned(), subject, place.name.clone());
        mails.entry(key).or_default().insert(text("message_id"));
    }
    mails
}

/// Three states are told of each site: to the owner that they are invited and that it is theirs, to whoever invited that it was accepted.
async fn every_mail_came_once(office: &ForeignMail, places: &[Place]) {
    let started = Instant::now();
    loop {
        let all = mails(office, places);
        if all.len() >= places.len() * 3 || started.elapsed() > SETTLES_WITHIN {
            // What would be told twice has the time to come.
            tokio::time::sleep(Duration::from_secs(2)).await;
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let all = mails(office, places);
    for place in places {
        let of_place: Vec<_> = all.iter().filter(|((_, _, name), _)| *name == place.name).collect();
        let to = |receiver: &str| of_place.iter().filter(|((to, _, _), _)| to == receiver).count();
        assert_eq!((to(OWNER), to(ADMIN)), (2, 1), "{}: {of_place:?}", place.name);
        assert!(of_place.iter().all(|(_, ids)| ids.len() == 1), "{}: {of_place:?}", place.name);
    }
}

async fn accept(owner: &Client, place: &Place) -> anyhow::Result<siteward_tests::client::Answer> {
    let body = json!({"allowed": place.allowed});
    owner.post(&format!("/my/handovers/{}/accept", place.handover), &body).await
}

/// Server and worker as processes of their own, each of which can be killed and started anew.
struct Victims<'a> {
    data: &'a Path,
    port: u16,
    environment: &'a [(&'a str, &'a str)],
    server: ServerProcess,
    worker: Option<WorkerProcess>,
}

impl<'a> Victims<'a> {
    fn start(data: &'a Path, environment: &'a [(&'a str, &'a str)]) -> Self {
        let port = free_port().unwrap();
        let server = ServerProcess::start_with(&["serve", "--no-worker"], data, port, environment).unwrap();
        Self { data, port, environment, server, worker: None }
    }

    fn kill(&mut self, victim: Victim) {
        match victim {
            Victim::Server => self.server.kill(),
            Victim::Worker => drop(self.worker.take()),
        }
    }

    fn revive(&mut self, victim: Victim) {
        match victim {
            Victim::Server => {
                let started =
                    ServerProcess::start_with(&["serve", "--no-worker"], self.data, self.port, self.environment);
                self.server = started.unwrap();
            }
            Victim::Worker => self.worker = Some(WorkerProcess::start(self.data, self.environment).unwrap()),
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Victim {
    Server,
    Worker,
}

/// What the kills met.
#[derive(Debug, Default)]
struct Met {
    /// Killed servers; the others were workers.
    servers: usize,
    /// Acceptances that were answered before the kill.
    answered: usize,
    /// Workers that died while the panel of the site that was just accepted was not yet as it should be.
    panels_between: usize,
}

#[expect(clippy::print_stdout, reason = "it measures, and what it measured is told")]
async fn kill_while_owners_accept(kills: usize, first_address: &str, database_url: Option<&str>) {
    println!("seed {}", seed());
    let count = kills.to_string();
    let arguments = ["--devices", &count, "--profile", "panel", "--first", first_address];
    let simulator = SimulatorProcess::start(&arguments).unwrap();
    let office = ForeignMail::start().unwrap();
    let data = tempfile::Builder::new().prefix("siteward-handover-kill-").tempdir().unwrap();
    let mut environment = vec![
        ("SITEWARD__JOBS__LEASE_SECONDS", "3"),
        ("SITEWARD__POLLING__PERIOD_SECONDS", "3600"),
        ("SITEWARD__PANELS__RECONCILE_SECONDS", "1"),
    ];
    environment.extend(database_url.map(|url| ("DATABASE_URL", url)));
    let mut victims = Victims::start(data.path(), &environment);
    let base = victims.server.base.clone();
    let mut admin = Client::new(&base);
    admin.set_up(victims.server.setup_code.as_deref().unwrap(), "Lockwood Alarms").await.unwrap();
    office.be_server_of(&admin).await.unwrap();
    let stored = Stored::open(data.path(), database_url).unwrap();
    let inviter = stored.store.read(|conn| staff::find_by_email(conn, ADMIN)).unwrap().unwrap();
    let owner_id = make_end_user(&stored.store, OWNER).unwrap();
    let mut owner = Client::new(&base);
    owner.sign_in_as_end_user(OWNER, PASSWORD).await.unwrap().ok().unwrap();
    let world = World { stored, company: inviter.company_id, admin_id: inviter.id, owner: owner_id, simulator };
    victims.revive(Victim::Worker);
    let furnishing = stream::iter(0..kills).map(|number| world.furnish(&admin, number));
    let places: Vec<Place> = furnishing.buffered(AT_ONCE).collect().await;
    for place in &places {
        world.has(place, &[ADMIN]).await;
    }
    let started = Instant::now();
    let mut random = StdRng::seed_from_u64(seed());
    let mut met = Met::default();
    for place in &places {
        let moment = Duration::from_millis(random.random_range(MOMENTS));
        let victim = if random.random_bool(0.5) { Victim::Server } else { Victim::Worker };
        let (asking, ()) = tokio::join!(accept(&owner, place), async {
            tokio::time::sleep(moment).await;
            victims.kill(victim);
        });
        let is_answered = asking.is_ok_and(|answer| answer.status.is_success());
        met.answered += usize::from(is_answered);
        met.servers += usize::from(victim == Victim::Server);
        if victim == Victim::Worker {
            met.panels_between += usize::from(world.on_panel(place).await != after(place));
        }
        victims.revive(victim);
        // Whoever got no answer asks again: it is theirs by now, or it becomes theirs.
        let again = patience::patiently(|| accept(&owner, place)).await.unwrap();
        assert!(again.status.is_success() || [404, 409, 410].contains(&again.status.as_u16()), "{}", again.text);
        world.check(place);
    }
    for place in &places {
        world.settles(place).await;
        world.check(place);
    }
    world.check_events(&places);
    every_mail_came_once(&office, &places).await;
    println!(
        "{kills} kills (seed {}): {kills} sites handed over, {met:?}, {} mails came; {:?} in all",
        seed(),
        office.taken().len(),
        started.elapsed()
    );
    assert!(
        (1..kills).contains(&met.servers) && met.panels_between > 0,
        "kills that meet nothing show nothing: {met:?}"
    );
    let sent = patience::get(&admin, "/mails?limit=100&state=failed").await.unwrap();
    assert_eq!(sent["items"], json!([]), "no mail was given up");
    drop(victims);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_kills_while_owners_accept_leave_everything_agreeing_and_every_mail_told_once() {
    kill_while_owners_accept(50, "127.47.0.1", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_kills_on_postgresql_leave_the_same() {
    let Some(database) = TestDatabase::make().unwrap() else {
        println!("SKIPPED: SITEWARD_TEST_POSTGRES names no server");
        return;
    };
    kill_while_owners_accept(50, "127.48.0.1", Some(database.url())).await;
}
