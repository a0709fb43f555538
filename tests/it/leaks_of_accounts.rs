//! T10 for people: what they sign in with, what is mailed to them, and what goes to alarm panels is searched for in the
//! database, the log and the answers of a server that logs all it can.

use std::time::{Duration, Instant};

use chrono::Utc;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use siteward_domain::StaffId;
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_store::companies;
use siteward_store::mails::{list_mails, token_place};
use siteward_store::panel_passwords::{self, Holder};
use siteward_tests::app::TestDatabase;
use siteward_tests::authenticator::Authenticator;
use siteward_tests::canary::{Search, files};
use siteward_tests::client::Client;
use siteward_tests::process::{ServerProcess, free_port};
use siteward_tests::stored::Stored;

use crate::leaks::{Ear, dump};

const ADMIN: &str = "admin@example.com";
const FIRST: &str = "cAnary-first-9Kd";
const SECOND: &str = "cAnary-second-4Tq";
const THIRD: &str = "cAnary-third-6Wm";
const WRONG: &str = "cAnary-wrong-2Hx";
const JOINED: &str = "cAnary-joined-8Vb";

/// A server with what is searched for.
struct Scene {
    ear: Ear,
    base: String,
    stored: Stored,
    secrets: Vec<String>,
}

impl Scene {
    fn stranger(&self) -> Client {
        Client::new(&self.base)
    }

    /// The page behind a link in a mail.
    fn page(&self) -> Client {
        Client::bare(&self.base)
    }

    fn keep(&mut self, secrets: impl IntoIterator<Item = String>) {
        self.secrets.extend(secrets);
    }

    /// The token in the newest mail to somebody, which is a secret too; no answer tells it.
    async fn token(&mut self, receiver: &str) -> String {
        let started = Instant::now();
        loop {
            let newest = self.stored.store.read(|conn| {
                let company = companies::list_companies(conn)?.remove(0);
                let mails = list_mails(conn, &company.id, None, None, 100)?.items;
                Ok(mails.into_iter().find(|mail| mail.receiver == receiver && mail.sealed_token.is_some()))
            });
            if let Some(mail) = newest.unwrap() {
                let place = token_place(mail.company_id.as_ref(), &mail.id);
                let token = self.stored.store.vault().open(place, &mail.sealed_token.unwrap()).unwrap();
                let token = token.expose_secret().to_owned();
                self.keep([token.clone()]);
                return token;
            }
            assert!(started.elapsed() < Duration::from_secs(10), "no mail came");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// A page is asked for, and its form is sent, once wrong and once right.
    async fn fill_in(&self, path: &str, wrong: &[(&str, &str)], right: &[(&str, &str)]) {
        let shown = self.page().get(path).await.unwrap();
        assert_eq!(shown.status.as_u16(), 200);
        self.ear.keep(path.split('/').nth(1).unwrap(), shown.text.into_bytes());
        for (fields, status) in [(wrong, 422), (right, 303), (right, 410)] {
            let answer = self.page().post_form(path, fields).await.unwrap();
            assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
            self.ear.keep("form", format!("{:?} {}", answer.headers, answer.text).into_bytes());
        }
    }
}

/// The Admin sets up a second factor, changes the password, and loses both again.
async fn look_after_oneself(scene: &mut Scene, admin: &mut Client) {
    for answer in [
        admin.post("/profile/two_factor", &json!({"password": WRONG})).await,
        admin.post("/profile/password", &json!({"password": [WRONG], "new_password": SECOND})).await,
        admin.post("/profile/password", &json!({"password": WRONG, "new_password": SECOND})).await,
    ] {
        assert!(scene.ear.hear("refused", answer).status.is_client_error());
    }
    // What these two answer is for the person's own eyes, and is told this once.
    let begun = admin.post("/profile/two_factor", &json!({"password": FIRST})).await.unwrap().ok().unwrap();
    scene.keep([begun["secret"].as_str().unwrap().to_owned()]);
    let authenticator = Authenticator::scan(begun["uri"].as_str().unwrap()).unwrap();
    let first = json!({"code": authenticator.code_at(Utc::now())});
    let confirmed = admin.send_json(http::Method::PUT, "/profile/two_factor", &first).await.unwrap();
    let codes = siteward_tests::authenticator::recovery_codes(&confirmed.clone().ok().unwrap());
    admin.adopt_step_up(&confirmed).unwrap();
    scene.keep(codes.iter().cloned());
    scene.keep(codes.iter().map(|code| code.replace('-', "")));
    let mut body = json!({"password": FIRST, "new_password": SECOND});
    scene.ear.hear("no code", admin.post("/profile/password", &body).await);
    body["code"] = json!(codes[0]);
    let changed = scene.ear.hear("password", admin.post("/profile/password", &body).await);
    assert_eq!(changed.status.as_u16(), 200);
    admin.adopt(&changed).unwrap();
    for (password, code) in [(WRONG, codes[1].as_str()), (SECOND, codes[0].as_str())] {
        scene.ear.hear("sign-in", scene.stranger().sign_in_with(ADMIN, password, code).await);
    }
    let off = json!({"password": SECOND, "code": codes[1]});
    let ended = admin.send_json(http::Method::DELETE, "/profile/two_factor", &off).await;
    assert_eq!(scene.ear.hear("off", ended).status.as_u16(), 204);
}

/// A colleague is invited and joins; the Admin forgets the password.
async fn go_by_mail(scene: &mut Scene, admin: &mut Client) {
    let roles = scene.ear.hear("roles", admin.get("/roles").await).ok().unwrap();
    let invited =
        json!({"email": "anna@example.com", "name": "Anna", "role_id": roles["items"][0]["id"], "language": "en"});
    scene.ear.hear("invited", admin.post("/staff_invitations", &invited).await).ok().unwrap();
    let path = format!("/join/{}", scene.token("anna@example.com").await);
    scene.fill_in(&path, &[("name", "Anna"), ("password", "cAnary")], &[("name", "Anna"), ("password", JOINED)]).await;
    let asked = scene.stranger().post("/password_resets", &json!({"email": ADMIN})).await;
    assert_eq!(scene.ear.hear("reset", asked).status.as_u16(), 202);
    let path = format!("/reset/{}", scene.token(ADMIN).await);
    scene.fill_in(&path, &[("password", "cAnary")], &[("password", THIRD)]).await;
    let answer = admin.sign_in(ADMIN, THIRD).await;
    assert_eq!(scene.ear.hear("sign-in", answer).status.as_u16(), 200);
}

/// A panel waits for the Admin's password while it is off: it is held, sealed, and gone once it was delivered.
async fn deliver_to_a_panel(scene: &Scene, admin: &mut Client, simulator: &Simulator) {
    let site = json!({"name": "Harbour", "time_zone": "Europe/Berlin"});
    let site = scene.ear.hear("site", admin.post("/sites", &site).await).ok().unwrap();
    let device = &simulator.devices()[0];
    let body = json!({
        "host": device.address.to_string(), "port": device.port, "user_name": device.user, "password": device.password,
    });
    let path = format!("/sites/{}/devices", site["id"].as_str().unwrap());
    let added = scene.ear.hear("panel", admin.post(&path, &body).await).ok().unwrap();
    let path = format!("/devices/{}/panel_accounts", added["id"].as_str().unwrap());
    until(admin, &path, "waiting_for_sign_in").await;
    let power = |on: bool| serde_json::from_value(json!({"power": on})).unwrap();
    simulator.set(0, power(false)).await.unwrap();
    scene.ear.hear("sign-in", admin.sign_in(ADMIN, THIRD).await).ok().unwrap();
    let me = scene.ear.hear("session", admin.get("/session").await).ok().unwrap();
    let id: StaffId = me["staff"]["id"].as_str().unwrap().parse().unwrap();
    let company = scene.stored.store.read(companies::list_companies).unwrap().remove(0).id;
    let holder = Holder::Staff(&company, &id);
    let held = scene.stored.store.read(|conn| panel_passwords::find(conn, holder)).unwrap().unwrap();
    let vault = scene.stored.store.vault();
    let opened = panel_passwords::open_held(vault, holder, &held.sealed).unwrap();
    assert_eq!(opened.expose_secret(), THIRD, "it waits, sealed");
    simulator.set(0, power(true)).await.unwrap();
    until(admin, &path, "there").await;
    scene.ear.hear("accounts", admin.get(&path).await).ok().unwrap();
    let started = Instant::now();
    while scene.stored.store.read(|conn| panel_passwords::find(conn, holder)).unwrap().is_some() {
        assert!(started.elapsed() < Duration::from_secs(30), "a delivered password is still held");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let on_panel = simulator.accounts(0).unwrap().into_iter().find(|one| one.name == ADMIN).unwrap();
    assert_eq!(on_panel.password, THIRD);
}

/// Waits until the Admin's account on a panel is in a state.
async fn until(admin: &Client, path: &str, state: &str) {
    let started = Instant::now();
    loop {
        let told = admin.get(path).await.unwrap().body;
        let is_so = |one: &Value| one["user_name"] == ADMIN && one["state"] == state;
        if told["items"].as_array().is_some_and(|items| items.iter().any(is_so)) {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "not {state}: {told}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[expect(clippy::print_stdout, reason = "how much was searched is told")]
async fn nothing_leaks(first_address: &str, database: Option<&TestDatabase>) {
    let mut settings = SimulatorSettings::uniform(1, Profile::Panel, 37);
    settings.first = first_address.parse().unwrap();
    let simulator = Simulator::start(settings).await.unwrap();
    let data = tempfile::Builder::new().prefix("siteward-leaks-").tempdir().unwrap();
    let (folder, port) = (data.path().to_owned(), free_port().unwrap());
    let url = database.map(|database| database.url().to_owned());
    let environment_url = url.clone();
    let server = tokio::task::spawn_blocking(move || {
        let mut environment = vec![
            ("SITEWARD__LOG__FILTER", "trace"),
            ("SITEWARD__PANELS__RECONCILE_SECONDS", "1"),
            ("SITEWARD__POLLING__PERIOD_SECONDS", "2"),
        ];
        environment.extend(environment_url.as_deref().map(|url| ("DATABASE_URL", url)));
        ServerProcess::start(&folder, port, &environment).unwrap()
    });
    let mut server = server.await.unwrap();
    let secrets = [FIRST, SECOND, THIRD, WRONG, JOINED].map(str::to_owned).into();
    let stored = Stored::open(data.path(), url.as_deref()).unwrap();
    let mut scene = Scene { ear: Ear::default(), base: server.base.clone(), stored, secrets };
    let setup = json!({
        "setup_code": server.setup_code, "company": {"name": "Lockwood Alarms", "region": "DE"}, "public_url": server.base,
        "admin": {"name": "Alex Admin", "email": ADMIN, "password": FIRST},
    });
    let mut admin = scene.stranger();
    let made = scene.ear.hear("set-up", admin.post("/setup", &setup).await);
    admin.adopt(&made).unwrap();
    look_after_oneself(&mut scene, &mut admin).await;
    go_by_mail(&mut scene, &mut admin).await;
    deliver_to_a_panel(&scene, &mut admin, &simulator).await;
    for path in
        ["/profile", "/sessions", "/staff", "/staff_invitations", "/operation_log?limit=100", "/mails?limit=100"]
    {
        scene.ear.hear(path, admin.get(path).await).ok().unwrap();
    }

    let mut places = scene.ear.heard();
    // While it runs, so that the write-ahead log is there too.
    places.extend(files(data.path()).unwrap());
    server.kill();
    places.extend(database.map(dump));
    let log = places.iter().find(|(place, _)| place.ends_with("server.log")).unwrap();
    assert!(String::from_utf8_lossy(&log.1).contains("TRACE"), "it did log all it can");
    let search = Search::new(scene.secrets.clone());
    let mut found = Vec::new();
    for (place, bytes) in &places {
        found.extend(search.find(bytes).into_iter().map(|secret| format!("{secret} in {place}")));
    }
    let size: usize = places.iter().map(|(_, bytes)| bytes.len()).sum();
    println!("{} secrets searched for in {} places, {size} bytes: {} hits", search.count(), places.len(), found.len());
    assert!(search.count() >= 28, "{}", search.count());
    assert_eq!(found, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_sign_in_with_leaks_nowhere() {
    nothing_leaks("127.30.14.1", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_does_it_on_postgresql() {
    let Some(database) = TestDatabase::make().unwrap() else {
        println!("SKIPPED: SITEWARD_TEST_POSTGRES names no server");
        return;
    };
    nothing_leaks("127.30.15.1", Some(&database)).await;
}
