//! T10 for devices behind a link: all that is typed, made or handed out on their way is searched for in database, logs and
//! answers of a server that logs all it can, and in the log of the link.

use std::os::unix::fs::PermissionsExt as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use http::header::{COOKIE, HOST, SET_COOKIE};
use http::{Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client as Http;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use siteward_simulator::{Profile, SimulatorSettings};
use siteward_tests::app::TestDatabase;
use siteward_tests::canary::{Search, files};
use siteward_tests::captcha::work;
use siteward_tests::client::Client;
use siteward_tests::lan::wait;
use siteward_tests::process::{ServerProcess, free_port};
use siteward_tests::site::LinkedSite;

use crate::leaks::{Ear, Place, dump};

const WEAK: &str = "canaryonlysmallqz";
const ACTIVATION: &str = "cAnary-act5TqZ";
const BATCH: &str = "cAnary-bat6VbN";
const OWN: &str = "cAnary-own3HdK";
const WRONG: &str = "cAnary-wrg8MxP";
const GIVEN: &str = "cAnary-giv2LsF";
const SEAL: &str = "cAnary-seal4 Rk";
const WRONG_SEAL: &str = "cAnary-seal7 Jw";
const LABEL_CODE: &str = "CNRYLB";
const WRONG_CODE: &str = "CNRYWR";
const CHOSEN_CODE: &str = "CnrChosen7";
const CAPTCHA: &str = "CNRYCAPTCHAX";
const TYPED: [&str; 12] =
    [WEAK, ACTIVATION, BATCH, OWN, WRONG, GIVEN, SEAL, WRONG_SEAL, LABEL_CODE, WRONG_CODE, CHOSEN_CODE, CAPTCHA];

/// Someone with a site behind a link, and whatever the server says to them.
struct Scene {
    ear: Ear,
    admin: Client,
    site: LinkedSite,
    /// What was made, not typed.
    made: Vec<String>,
}

impl Scene {
    async fn post(&self, path: &str, body: &Value, status: u16) -> Value {
        let answer = self.ear.hear(path, self.admin.post(path, body).await);
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.body);
        answer.body
    }

    async fn get(&self, path: &str) -> Value {
        self.ear.hear(path, self.admin.get(path).await).ok().unwrap()
    }

    /// Waits for what an addition comes to by itself.
    async fn until(&self, addition: &Value, wanted: &[&str]) -> Value {
        let path = format!("/additions/{}", addition["id"].as_str().unwrap());
        wait(|| async {
            let now = self.admin.get(&path).await?.body;
            Ok(wanted.iter().any(|state| now["state"] == *state))
        })
        .await
        .unwrap();
        self.get(&path).await
    }

    fn label(&self, place: usize) -> &str {
        &self.site.simulator.devices()[place].label
    }
}

/// Fresh from its box: a password that is too weak, one that is good, a code of the installer's own.
async fn activate(scene: &Scene) -> String {
    let additions = format!("/sites/{}/additions", scene.site.id);
    let begun = scene.post(&additions, &json!({"text": scene.label(0), "name": "Gate"}), 201).await;
    let path = format!("/additions/{}", begun["id"].as_str().unwrap());
    scene.post(&format!("{path}/activation"), &json!({"password": WEAK}), 422).await;
    scene.post(&format!("{path}/activation"), &json!({"password": [ACTIVATION]}), 400).await;
    scene.post(&format!("{path}/activation"), &json!({"password": ACTIVATION}), 200).await;
    let disabled = scene.until(&begun, &["service_disabled", "added"]).await;
    assert_eq!(disabled["state"], "service_disabled", "{disabled}");
    scene.post(&format!("{path}/service"), &json!({"verification_code": format!("{CHOSEN_CODE}-")}), 422).await;
    scene.post(&format!("{path}/service"), &json!({"verification_code": CHOSEN_CODE}), 200).await;
    let added = scene.until(&begun, &["added"]).await;
    assert_eq!(scene.site.simulator.view(0).unwrap().verification_code.as_deref(), Some(CHOSEN_CODE));
    added["device_id"].as_str().unwrap().to_owned()
}

/// Has a password already: a wrong login and a wrong code first.
async fn log_in(scene: &Scene) -> String {
    let additions = format!("/sites/{}/additions", scene.site.id);
    let wrong_label = scene.label(1).replace(LABEL_CODE, WRONG_CODE);
    let begun = scene.post(&additions, &json!({"text": wrong_label, "password": WRONG}), 201).await;
    assert_eq!(begun["state"], "login_refused", "{begun}");
    let path = format!("/additions/{}", begun["id"].as_str().unwrap());
    let login = json!({"user_name": "admin", "password": OWN});
    let told = scene.post(&format!("{path}/login"), &login, 200).await;
    assert_eq!(told["state"], "wrong_verification_code", "{told}");
    scene.post(&format!("{path}/verification_code"), &json!({"verification_code": LABEL_CODE}), 200).await;
    let added = scene.until(&begun, &["added"]).await;
    added["device_id"].as_str().unwrap().to_owned()
}

/// Several in one go with one password; the platform makes their codes.
async fn add_batch(scene: &mut Scene) {
    let serials: Vec<&str> = [2, 3].map(|place| scene.site.simulator.devices()[place].serial.as_str()).into();
    let items: Vec<Value> = serials.iter().map(|serial| json!({"serial": serial})).collect();
    let path = format!("/sites/{}/additions/batch", scene.site.id);
    scene.post(&path, &json!({"items": items, "password": BATCH}), 202).await;
    scene.site.wait_added(&scene.admin, 4).await.unwrap();
    for place in [2, 3] {
        let view = scene.site.simulator.view(place).unwrap();
        assert_eq!(view.password, BATCH);
        scene.made.push(view.verification_code.unwrap());
    }
}

async fn change_passwords(scene: &mut Scene, device: &str) {
    let path = format!("/devices/{device}");
    let done = || async { Ok(scene.admin.get(&path).await?.body["password_change"]["state"] == "done") };
    scene.post(&format!("{path}/password"), &json!({"password": WEAK}), 422).await;
    scene.post(&format!("{path}/password"), &json!({"password": GIVEN}), 202).await;
    wait(done).await.unwrap();
    assert_eq!(scene.site.simulator.view(0).unwrap().password, GIVEN);
    let random = || scene.site.simulator.view(0).map(|view| view.password);
    scene.post(&format!("{path}/password"), &json!({}), 202).await;
    wait(|| async { Ok(random()? != GIVEN) }).await.unwrap();
    wait(done).await.unwrap();
    let random = random().unwrap();
    scene.get(&path).await;
    scene.made.push(random);
}

async fn seal(scene: &mut Scene, devices: &[&str]) {
    let body = json!({"device_ids": devices, "kind": "sealed", "password": SEAL, "format": "png"});
    let drawn = scene.post("/device_qr", &body, 200).await;
    let picture = BASE64.decode(drawn["pictures"][0]["data"].as_str().unwrap()).unwrap();
    let text = siteward_qr::picture::read(&picture, &|| true).unwrap().remove(0);
    let pier = scene.post("/sites", &json!({"name": "Pier", "time_zone": "Europe/Berlin"}), 201).await;
    let scans = format!("/sites/{}/scans", pier["id"].as_str().unwrap());
    let scanned = scene.ear.hear("scan", scene.admin.post_bytes(&scans, "image/png", picture).await).ok().unwrap();
    let import = format!("/imports/{}", scanned["import"]["id"].as_str().unwrap());
    scene.post(&format!("{import}/password"), &json!({"password": WRONG_SEAL}), 422).await;
    scene.post(&format!("{import}/password"), &json!({"password": SEAL}), 200).await;
    scene.get(&import).await;
    scene.post(&scans, &json!({"text": text}), 201).await;
    scene.post(&scans, &json!({"text": text.get(..40).unwrap()}), 422).await;
    // Whole or in part.
    let (half, end) = (text.len() / 2, text.len());
    scene.made.extend([16..56, half..half + 40, end - 40..end].map(|part| text.get(part).unwrap().to_owned()));
}

async fn unbind(scene: &Scene) {
    let serial = &scene.site.simulator.devices()[4].serial;
    let path = format!("/sites/{}/unbind", scene.site.id);
    let captcha = scene.post("/captchas", &json!({}), 201).await;
    let body = json!({"serial": serial, "password": WRONG, "captcha": {"id": captcha["id"], "answer": CAPTCHA}});
    scene.post(&path, &body, 422).await;
    for (password, status) in [(WRONG, 422), (OWN, 200)] {
        let captcha = scene.post("/captchas", &json!({}), 201).await;
        let solved = json!({"id": captcha["id"], "work": work(&captcha["work"]).unwrap()});
        scene.post(&path, &json!({"serial": serial, "password": password, "captcha": solved}), status).await;
    }
}

/// Enters a device's own pages: the code in its address, the name of its host and its cookie are secrets of who opened it.
async fn configure(scene: &mut Scene, device: &str) {
    let opened = scene.admin.post(&format!("/devices/{device}/remote_sessions"), &Value::Null).await.unwrap();
    let opened = opened.ok().unwrap();
    let (host, path) = opened["url"].as_str().unwrap().strip_prefix("http://").unwrap().split_once('/').unwrap();
    let base = scene.admin.base().to_owned();
    let ask = async |method: Method, path: &str, cookie: &str, body: &str| {
        let request = Request::builder().method(method).uri(format!("{base}/{path}")).header(HOST, host);
        let request = request.header(COOKIE, cookie).body(Full::new(Bytes::from(body.to_owned()))).unwrap();
        Http::builder(TokioExecutor::new()).build_http().request(request).await.unwrap()
    };
    let entered = ask(Method::GET, path, "", "").await;
    assert_eq!(entered.status().as_u16(), 303);
    let cookie = entered.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    for (path, status) in [("doc/page/main.asp", 200), ("ISAPI/System/deviceInfo", 200), (path, 401)] {
        let page = ask(Method::GET, path, &cookie, "").await;
        assert_eq!(page.status().as_u16(), status, "{path}");
        let heard = page.into_body().collect().await.unwrap().to_bytes();
        scene.ear.keep("remote page", heard.to_vec());
    }
    let refused = ask(Method::PUT, "ISAPI/Security/users/1", &cookie, &format!("<password>{WRONG}</password>")).await;
    assert_eq!(refused.status().as_u16(), 403);
    scene.get("/remote_sessions").await;
    let code = path.split("code=").nth(1).unwrap();
    let token = cookie.split_once('=').unwrap().1;
    scene.made.extend([code, token, host.split('.').next().unwrap()].map(str::to_owned));
}

fn settings(first_address: &str) -> SimulatorSettings {
    let mut settings = SimulatorSettings::uniform(5, Profile::Camera, 95);
    settings.first = first_address.parse().unwrap();
    for (place, device) in settings.devices.iter_mut().enumerate() {
        OWN.clone_into(&mut device.password);
        device.label_code = Some(LABEL_CODE.to_owned());
        device.service.code = Some(LABEL_CODE.to_owned());
        device.bound = place == 4;
        if matches!(place, 0 | 2 | 3) {
            device.activated = false;
            device.service.enabled = false;
            device.service.code = None;
        }
    }
    settings
}

#[expect(clippy::print_stdout, reason = "how much was searched is told")]
async fn nothing_leaks(first_address: &str, database: Option<&TestDatabase>) {
    let data = tempfile::Builder::new().prefix("siteward-leaks-").tempdir().unwrap();
    let mut environment = vec![("SITEWARD__LOG__FILTER", "trace"), ("SITEWARD__POLLING__PERIOD_SECONDS", "2")];
    environment.extend(database.map(|database| ("DATABASE_URL", database.url())));
    let mut server = ServerProcess::start(data.path(), free_port().unwrap(), &environment).unwrap();
    let mut admin = Client::new(&server.base);
    admin.set_up(server.setup_code.as_deref().unwrap(), "Lockwood Alarms").await.unwrap();
    let ear = Ear::default();
    let live = ear.listen("/live", &admin);
    let mut site =
        LinkedSite::enrol(&admin, "Harbour", &server.base, data.path(), settings(first_address)).await.unwrap();
    site.join(&["run", "--verbose"]).unwrap();
    site.wait_found(&admin).await.unwrap();
    let config = std::fs::read_to_string(&site.config).unwrap();
    let token =
        config.lines().find_map(|line| line.strip_prefix("token = \"")).unwrap().trim_end_matches('"').to_owned();
    let made =
        vec![token.clone(), site.code.clone(), site.code.replace('-', ""), site.code.replace('-', "").to_lowercase()];
    let mut scene = Scene { ear, admin, site, made };

    let gate = activate(&scene).await;
    let camera = log_in(&scene).await;
    add_batch(&mut scene).await;
    change_passwords(&mut scene, &gate).await;
    seal(&mut scene, &[&gate, &camera]).await;
    unbind(&scene).await;
    configure(&mut scene, &camera).await;
    let site = scene.site.id.clone();
    for path in ["links", "found", "additions", "password_changes"] {
        scene.get(&format!("/sites/{site}/{path}")).await;
    }
    for path in ["/session", "/devices?limit=100", "/exceptions", "/operation_log?limit=100"] {
        scene.get(path).await;
    }
    live.abort();

    // While it runs, so that the write-ahead log is there too.
    let files = files(data.path()).unwrap();
    server.kill();
    let (own, mut places): (Vec<Place>, Vec<Place>) =
        files.into_iter().partition(|(place, _)| *place == scene.site.config.display().to_string());
    assert_eq!(std::fs::metadata(&scene.site.config).unwrap().permissions().mode() & 0o777, 0o600);
    places.extend(scene.ear.heard());
    places.extend(database.map(dump));
    let log = scene.site.config.with_extension("log").display().to_string();
    for part in ["server.log", "/live", log.as_str(), if database.is_some() { "PostgreSQL" } else { "siteward.db-wal" }]
    {
        assert!(places.iter().any(|(place, bytes)| place.ends_with(part) && bytes.len() > 200), "{part} was searched");
    }
    let trace = places.iter().find(|(place, _)| place.ends_with("server.log")).unwrap();
    assert!(String::from_utf8_lossy(&trace.1).contains("TRACE"), "it did log all it can");

    let search = Search::new(TYPED.into_iter().map(str::to_owned).chain(scene.made));
    assert_eq!(search.find(&own[0].1).into_iter().collect::<Vec<_>>(), [token.as_str()], "by design, and nothing else");
    let mut found = Vec::new();
    for (place, bytes) in &places {
        found.extend(search.find(bytes).into_iter().map(|secret| format!("{secret} in {place}")));
    }
    let size: usize = places.iter().map(|(_, bytes)| bytes.len()).sum();
    println!("{} secrets searched for in {} places, {size} bytes: {} hits", search.count(), places.len(), found.len());
    assert_eq!(found, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_and_a_link_that_log_everything_leak_no_secret_of_devices_behind_it() {
    nothing_leaks("127.46.1.1", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_do_they_on_postgresql() {
    let Some(database) = TestDatabase::make().unwrap() else {
        println!("SKIPPED: SITEWARD_TEST_POSTGRES names no server");
        return;
    };
    nothing_leaks("127.46.2.1", Some(&database)).await;
}

#[test]
fn the_search_finds_what_is_planted_however_it_is_written() {
    let search = Search::new(TYPED);
    assert!(search.find(b"an innocent log line").is_empty());
    for secret in TYPED {
        for before in ["", "a", "ab", "abc", "admin:"] {
            let text = format!("{before}{secret}/after");
            for written in [text.clone(), BASE64.encode(&text), base45::encode(text.as_bytes()), hex::encode(&text)] {
                let line = format!("GET {written} 200");
                assert_eq!(search.find(line.as_bytes()).into_iter().collect::<Vec<_>>(), [secret], "{line}");
            }
        }
    }
}
