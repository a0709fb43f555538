//! Two server processes on one database: a link is connected to one of them and serves both.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use siteward_domain::LinkId;
use siteward_simulator::{Profile, SimulatorSettings};
use siteward_store::links;
use siteward_store::vault::Place;
use siteward_tests::app::{ADMIN, PASSWORD, TestDatabase};
use siteward_tests::client::Client;
use siteward_tests::forwarder::Forwarder;
use siteward_tests::lan::{enrol, wait};
use siteward_tests::process::{ServerProcess, free_port};
use siteward_tests::site::LinkedSite;
use siteward_tests::stored::{Stored, check_links_alternate};
use siteward_tests::websocket::web_socket;
use tokio::io::AsyncReadExt as _;

/// The last message of a WebSocket from a server that gives no reason.
const END_OF_WEB_SOCKET: [u8; 2] = [0x88, 0];

/// Two servers, A and B, on one PostgreSQL and one master key.
struct Two {
    database: TestDatabase,
    data: tempfile::TempDir,
    a: Option<ServerProcess>,
    port_a: u16,
    b: ServerProcess,
    at_a: Client,
    at_b: Client,
}

const SETTINGS: [(&str, &str); 3] = [
    ("SITEWARD__POLLING__PERIOD_SECONDS", "1"),
    ("SITEWARD__POLLING__LEASE_SECONDS", "5"),
    ("SITEWARD__JOBS__LEASE_SECONDS", "3"),
];

impl Two {
    async fn start() -> Option<Self> {
        let Some(database) = TestDatabase::make().unwrap() else {
            eprintln!("SKIPPED: SITEWARD_TEST_POSTGRES names no server");
            return None;
        };
        let data = tempfile::Builder::new().prefix("siteward-two-").tempdir().unwrap();
        let (port_a, port_b) = (free_port().unwrap(), free_port().unwrap());
        let a = start(&database, &data, port_a);
        let mut at_a = Client::new(&a.base);
        at_a.set_up(a.setup_code.as_deref().unwrap(), "Lockwood Alarms").await.unwrap();
        let b = start(&database, &data, port_b);
        let mut at_b = Client::new(&b.base);
        at_b.sign_in(ADMIN, PASSWORD).await.unwrap().ok().unwrap();
        Some(Self { database, data, a: Some(a), port_a, b, at_a, at_b })
    }

    fn stored(&self) -> Stored {
        Stored::open(self.data.path(), Some(self.database.url())).unwrap()
    }
}

/// Where other processes reach the one that holds the link now.
fn held_at(stored: &Stored, link: &str) -> Option<String> {
    let id: LinkId = link.parse().unwrap();
    stored.store.read(|conn| links::find_holder(conn, &id)).unwrap().and_then(|holder| holder.url)
}

fn start(database: &TestDatabase, data: &tempfile::TempDir, port: u16) -> ServerProcess {
    let mut environment = SETTINGS.to_vec();
    environment.push(("DATABASE_URL", database.url()));
    ServerProcess::start(data.path(), port, &environment).unwrap()
}

fn port_of(base: &str) -> &str {
    base.rsplit(':').next().unwrap()
}

/// All that a process asks of a link and of devices behind it, at a server that does not hold it.
async fn use_devices(at: &Client, site: &LinkedSite, places: std::ops::Range<usize>) {
    let discovered = at.post(&format!("/links/{}/discover", site.link_id), &json!({})).await.unwrap();
    assert_eq!(discovered.status.as_u16(), 202, "{}", discovered.body);
    assert_eq!(discovered.body["items"].as_array().unwrap().len(), site.simulator.devices().len());
    for place in places {
        let handle = &site.simulator.devices()[place];
        let label = json!({"text": handle.label, "password": handle.password, "name": handle.name});
        let added = at.post(&format!("/sites/{}/additions", site.id), &label).await.unwrap().ok().unwrap();
        assert_eq!(added["state"], "added", "{added}");
        let path = format!("/devices/{}", added["device_id"].as_str().unwrap());
        let checked = at.post(&format!("{path}/check"), &json!({})).await.unwrap();
        assert!(checked.status.is_success(), "{}", checked.body);
        let healthy = || async { Ok(at.get(&path).await?.body["health"] == "healthy") };
        wait(healthy).await.unwrap();
        let taken = at.stream(&format!("{path}/snapshot")).await.unwrap();
        assert_eq!((taken.status().as_u16(), &taken.headers()["content-type"]), (200, &"image/jpeg".parse().unwrap()));
        let set = at.post(&format!("{path}/time"), &Value::Null).await.unwrap();
        assert_eq!(set.status.as_u16(), 200, "{}", set.body);
        let told = at.post(&format!("{path}/reboot"), &Value::Null).await.unwrap();
        assert_eq!(told.status.as_u16(), 202, "{}", told.body);
        wait(|| async { Ok(site.simulator.view(place)?.counters.reboots == 1) }).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_at_one_server_serves_the_other_and_moves_over_when_its_own_dies() {
    let Some(mut two) = Two::start().await else { return };
    let (stored, address_b) = (two.stored(), two.b.base.strip_prefix("http://").unwrap().parse().unwrap());
    let line = Forwarder::open(format!("127.0.0.1:{}", two.port_a).parse().unwrap()).await.unwrap();
    let mut settings = SimulatorSettings::uniform(4, Profile::Camera, 81);
    settings.first = "127.44.1.1".parse().unwrap();
    let site = LinkedSite::open(&two.at_a, "Harbour", &line.base(), two.data.path(), settings).await.unwrap();
    let held = held_at(&stored, &site.link_id).unwrap();
    assert_eq!(port_of(&held), two.port_a.to_string(), "{held}");

    use_devices(&two.at_b, &site, 0..2).await;
    assert_eq!(held_at(&stored, &site.link_id), Some(held), "it stayed where it was");

    // A dies; the link's one address leads to B from now on.
    line.lead_to(address_b);
    two.a = None;
    let died = Instant::now();
    let port_b = port_of(&two.b.base).to_owned();
    wait(|| async { Ok(held_at(&stored, &site.link_id).is_some_and(|at| port_of(&at) == port_b)) }).await.unwrap();
    let moved = died.elapsed();
    use_devices(&two.at_b, &site, 2..3).await;
    site.wait_health(&two.at_b, 3, "healthy").await.unwrap();

    // A is back, and is served by B.
    two.a = Some(start(&two.database, &two.data, two.port_a));
    use_devices(&two.at_a, &site, 3..4).await;
    site.wait_health(&two.at_a, 4, "healthy").await.unwrap();
    check_links_alternate(&stored.events_after(0).unwrap()).unwrap();
    println!("the link moved {moved:?} after its server died");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_revoked_at_one_server_is_out_of_the_other_within_a_second() {
    let Some(two) = Two::start().await else { return };
    let made = two.at_a.post("/sites", &json!({"name": "Harbour", "time_zone": "Europe/Berlin"})).await.unwrap().body;
    let a = &two.a.as_ref().unwrap().base;
    let mut slowest = Duration::ZERO;
    for _ in 0..5 {
        let (id, token) = enrol(&two.at_a, made["id"].as_str().unwrap()).await.unwrap();
        let bearer = format!("Authorization: Bearer {token}");
        let (status, mut session) = web_socket(a, "/link/session", &bearer).await.unwrap();
        assert_eq!(status, 101);
        let stored = two.stored();
        wait(|| async { Ok(held_at(&stored, &id).is_some()) }).await.unwrap();
        assert_eq!(two.at_b.delete(&format!("/links/{id}")).await.unwrap().status.as_u16(), 204);
        let (revoked, mut rest) = (Instant::now(), Vec::new());
        let told = async {
            while !rest.ends_with(&END_OF_WEB_SOCKET) {
                assert!(session.read_buf(&mut rest).await.unwrap() > 0, "it ends with a word");
            }
        };
        let ended = tokio::time::timeout(Duration::from_secs(5), told).await;
        assert!(ended.is_ok(), "the session goes on");
        slowest = slowest.max(revoked.elapsed());
        for base in [a, &two.b.base] {
            assert_eq!(web_socket(base, "/link/session", &bearer).await.unwrap().0, 410);
        }
    }
    println!("revoked at B, the session at A ended after {slowest:?} at most, of 5");
    assert!(slowest < Duration::from_secs(1), "after {slowest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_fresh_tag_of_our_own_vault_for_this_very_link_forwards() {
    let Some(two) = Two::start().await else { return };
    let made = two.at_a.post("/sites", &json!({"name": "Harbour", "time_zone": "Europe/Berlin"})).await.unwrap().body;
    let (id, token) = enrol(&two.at_a, made["id"].as_str().unwrap()).await.unwrap();
    let (other, _) = enrol(&two.at_a, made["id"].as_str().unwrap()).await.unwrap();
    let a = &two.a.as_ref().unwrap().base;
    let (status, _session) = web_socket(a, "/link/session", &format!("Authorization: Bearer {token}")).await.unwrap();
    assert_eq!(status, 101);
    let (ours, strange) = (two.stored(), tempfile::tempdir().unwrap());
    let theirs = Stored::open(strange.path(), None).unwrap();
    theirs.store.migrate().unwrap();
    let now = chrono::Utc::now().timestamp();
    let tag = |stored: &Stored, link: &str, seconds: i64| {
        let place = Place { table: "links", column: "forward tag", row: link, company: "" };
        let sealed = stored.store.vault().seal(place, &secrecy::SecretString::from(seconds.to_string())).unwrap();
        sealed.as_str().to_owned()
    };
    let good = tag(&ours, &id, now);
    let mut flipped = good.clone().into_bytes();
    let last = flipped.len() - 3;
    flipped[last] = if flipped[last] == b'A' { b'B' } else { b'A' };
    let path = format!("/link/forward/{id}");
    for (what, tag, status) in [
        ("our own", good, 101),
        ("20 s old", tag(&ours, &id, now - 20), 101),
        ("40 s old", tag(&ours, &id, now - 40), 403),
        ("of the future", tag(&ours, &id, now + 40), 403),
        ("of another link", tag(&ours, &other, now), 403),
        ("of another platform", tag(&theirs, &id, now), 403),
        ("changed", String::from_utf8(flipped).unwrap(), 403),
        ("a time alone", now.to_string(), 403),
        ("the link's token", token, 403),
        ("nothing", String::new(), 403),
    ] {
        for base in [a, &two.b.base] {
            let header = format!("{}: {tag}", siteward_worker::links::FORWARD_HEADER);
            assert_eq!(web_socket(base, &path, &header).await.unwrap().0, status, "{what}");
        }
    }
}
