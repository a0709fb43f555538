//! The handover under faults: while owners accept, server or worker is killed with SIGKILL at a random moment. Afterwards owner,
//! devices, grants, log and panels agree on every site, and of every mail one copy is known to the server that receives them.
//!
//! Server and worker are processes of their own here. A mail that is handed over again after a kill goes under the same
//! Message-ID, by which whoever receives it knows that it is the same.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use chrono::Utc;
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

/// Panels; each is on a site of its own, and the other sites have no device.
const PANELS: usize = 5;
/// Everything is as it should be so long after the last kill.
const SETTLES_WITHIN: Duration = Duration::from_secs(60);

/// A site that changes hands.
struct Place {
    name: String,
    site: SiteId,
    /// Its panel: its number at the simulator and its device.
    panel: Option<(usize, DeviceId)>,
    handover: HandoverId,
    allowed: Asks,
}

struct World {
    stored: Stored,
    company: CompanyId,
    admin_id: StaffId,
    owner: EndUserId,
    places: Vec<Place>,
    simulator: SimulatorProcess,
}

impl World {
    /// A site, every so often with a panel, and the invitation to it with its mail, as the API writes both.
    async fn furnish(&mut self, admin: &Client, number: usize, every: usize) {
        let name = format!("Harbour {number:02}");
        let body = json!({"name": name, "time_zone": "Europe/Berlin"});
        let site = admin.post("/sites", &body).await.unwrap().ok().unwrap()["id"].as_str().unwrap().to_owned();
        let mut panel = None;
        if number.is_multiple_of(every) && number / every < PANELS {
            let device = &self.simulator.ready["devices"][number / every];
            let body = json!({
                "host": device["address"], "port": device["port"], "user_name": device["user"],
                "password": device["password"],
            });
            let added = admin.post(&format!("/sites/{site}/devices"), &body).await.unwrap().ok().unwrap();
            panel = Some((number / every, added["id"].as_str().unwrap().parse::<DeviceId>().unwrap()));
        }
        let site: SiteId = site.parse().unwrap();
        let ask = |(_, device): &(usize, DeviceId)| DeviceAsk {
            device_id: device.clone(),
            permission: DevicePermission::LiveView,
            validity: Validity::Hours4,
        };
        // Every second one authorizes the company.
        let allowed = Asks { site: number.is_multiple_of(2), devices: panel.iter().map(ask).collect() };
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
            offer: Offer::Transfer(allowed.clone()),
            token_hash: format!("hash-{number}"),
            invited_by: self.admin_id.clone(),
            expires_at: now + chrono::Duration::days(7),
        };
        let vault = self.stored.store.vault();
        let invite = |conn: &mut _| siteward_worker::handovers::invite(conn, vault, &new, &token, now);
        self.stored.store.write(invite).unwrap();
        self.places.push(Place { name, site, panel, handover: new.id, allowed });
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
    fn check_events(&self) {
        let events = self.stored.events_after(0).unwrap();
        let accepted = |site: &SiteId| {
            let of = events.iter().filter(|event| event.site_id.as_ref() == Some(site));
            of.filter(|event| event.kind == EventKind::HandoverChanged && event.data["state"] == "accepted").count()
        };
        for place in &self.places {
            assert_eq!(accepted(&place.site), 1, "{}", place.name);
        }
    }

    /// Waits until exactly those are on a panel who should be, and sees that the owner was put on once.
    async fn settles(&self, place: &Place) {
        let Some((number, _)) = place.panel else { return };
        let mut expected = BTreeSet::from([OWNER.to_owned()]);
        if place.allowed.site {
            expected.insert(ADMIN.to_owned());
        }
        let started = Instant::now();
        loop {
            let path = format!("/devices/{number}/accounts");
            let list = Client::bare(self.simulator.control()).get(&path).await.unwrap().ok().unwrap();
            let of_people = list.as_array().unwrap().iter();
            let of_people = of_people.filter(|one| one["role"] != "localAdmin" && one["role"] != "localInstaller");
            let names: BTreeSet<String> = of_people.map(|one| one["name"].as_str().unwrap().to_owned()).collect();
            if names == expected {
                break;
            }
            assert!(started.elapsed() < SETTLES_WITHIN, "the panel of {} has {names:?}, not {expected:?}", place.name);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let state = control::state(self.simulator.control(), number).await.unwrap();
        assert_eq!(state["panel"]["created"][OWNER], 1, "{}", place.name);
    }
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

#[expect(clippy::print_stdout, reason = "it measures, and what it measured is told")]
async fn kill_while_owners_accept(kills: usize, first_address: &str, database_url: Option<&str>) {
    let arguments = ["--devices", &PANELS.to_string(), "--profile", "panel", "--first", first_address];
    let simulator = SimulatorProcess::start(&arguments).unwrap();
    let office = ForeignMail::start().unwrap();
    let data = tempfile::Builder::new().prefix("siteward-handover-kill-").tempdir().unwrap();
    let port = free_port().unwrap();
    let mut environment = vec![
        ("SITEWARD__JOBS__LEASE_SECONDS", "3"),
        ("SITEWARD__POLLING__PERIOD_SECONDS", "3600"),
        ("SITEWARD__PANELS__RECONCILE_SECONDS", "1"),
    ];
    environment.extend(database_url.map(|url| ("DATABASE_URL", url)));
    let serve = || ServerProcess::start_with(&["serve", "--no-worker"], data.path(), port, &environment).unwrap();
    let work = || WorkerProcess::start(data.path(), &environment).unwrap();
    let mut server = serve();
    let mut admin = Client::new(&server.base);
    admin.set_up(server.setup_code.as_deref().unwrap(), "Lockwood Alarms").await.unwrap();
    office.be_server_of(&admin).await.unwrap();
    let stored = Stored::open(data.path(), database_url).unwrap();
    let inviter = stored.store.read(|conn| staff::find_by_email(conn, ADMIN)).unwrap().unwrap();
    let owner_id = make_end_user(&stored.store, OWNER).unwrap();
    let mut owner = Client::new(&server.base);
    owner.sign_in_as_end_user(OWNER, PASSWORD).await.unwrap().ok().unwrap();
    let (company, admin_id) = (inviter.company_id, inviter.id);
    let mut world = World { stored, company, admin_id, owner: owner_id, places: Vec::new(), simulator };
    let every = (kills / PANELS).max(1);
    for number in 0..kills {
        world.furnish(&admin, number, every).await;
    }
    let mut worker = Some(work());
    let started = Instant::now();
    let mut random = StdRng::seed_from_u64(seed());
    let mut answered = 0;
    for (number, place) in world.places.iter().enumerate() {
        let moment = Duration::from_millis(random.random_range(0..200));
        let (asking, ()) = tokio::join!(accept(&owner, place), async {
            tokio::time::sleep(moment).await;
            if number.is_multiple_of(2) {
                server.kill();
            } else {
                drop(worker.take());
            }
        });
        answered += usize::from(asking.is_ok_and(|answer| answer.status.is_success()));
        if number.is_multiple_of(2) {
            server = serve();
        } else {
            worker = Some(work());
        }
        // Whoever got no answer asks again: it is theirs by now, or it becomes theirs.
        let again = patience::patiently(|| accept(&owner, place)).await.unwrap();
        assert!(again.status.is_success() || [404, 409, 410].contains(&again.status.as_u16()), "{}", again.text);
        world.check(place);
    }
    for place in &world.places {
        world.settles(place).await;
        world.check(place);
    }
    world.check_events();
    every_mail_came_once(&office, &world.places).await;
    println!(
        "{kills} kills (seed {}): {kills} sites handed over, {answered} answered before the kill, {} mails came; {:?} in all",
        seed(),
        office.taken().len(),
        started.elapsed()
    );
    let sent = patience::get(&admin, "/mails?limit=100&state=failed").await.unwrap();
    assert_eq!(sent["items"], json!([]), "no mail was given up");
    drop((worker, server));
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_kills_while_owners_accept_leave_everything_agreeing_and_every_mail_told_once() {
    kill_while_owners_accept(50, "127.47.0.1", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_on_postgresql() {
    let Some(database) = TestDatabase::make().unwrap() else {
        println!("SKIPPED: SITEWARD_TEST_POSTGRES names no server");
        return;
    };
    kill_while_owners_accept(10, "127.48.0.1", Some(database.url())).await;
}
