//! T10 on a running program that logs all it can: no secret in its database, its log or anything it answers.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use http_body_util::BodyExt as _;
use secrecy::SecretString;
use serde_json::{Value, json};
use siteward_qr::export::{DeviceToWrite, ExportToWrite, write};
use siteward_simulator::{DeviceHandle, Profile, Simulator, SimulatorSettings};
use siteward_tests::app::TestDatabase;
use siteward_tests::canary::{files, hits};
use siteward_tests::client::{Answer, Client};
use siteward_tests::process::{ServerProcess, free_port};

const DEVICE_PASSWORD: &str = "cAnary-dev9XqZ";
const NEW_DEVICE_PASSWORD: &str = "cAnary-new4KjT";
const WRONG_DEVICE_PASSWORD: &str = "cAnary-bad2PwH";
const QR_PASSWORD: &str = "cAnary-qr7WvLm";
const WRONG_QR_PASSWORD: &str = "cAnary-qx5RtYn";
const SIGN_IN_PASSWORD: &str = "cAnary-sign-in-3Bg";
const WRONG_SIGN_IN_PASSWORD: &str = "cAnary-not-in-6Fd";
const TYPED_AS_EMAIL: &str = "cAnary-as-mail-8Sc";
const VERIFICATION_CODE: &str = "CNRYQX";

const SECRETS: [&str; 9] = [
    DEVICE_PASSWORD,
    NEW_DEVICE_PASSWORD,
    WRONG_DEVICE_PASSWORD,
    QR_PASSWORD,
    WRONG_QR_PASSWORD,
    SIGN_IN_PASSWORD,
    WRONG_SIGN_IN_PASSWORD,
    TYPED_AS_EMAIL,
    VERIFICATION_CODE,
];

/// Where something was found, and its bytes.
pub(crate) type Place = (String, Vec<u8>);

/// Keeps everything that the server said.
#[derive(Clone, Default)]
pub(crate) struct Ear(Arc<Mutex<Vec<Place>>>);

impl Ear {
    /// All that it heard.
    pub(crate) fn heard(&self) -> Vec<Place> {
        self.0.lock().unwrap().clone()
    }

    /// Keeps what was heard elsewhere.
    pub(crate) fn keep(&self, what: &str, bytes: Vec<u8>) {
        self.0.lock().unwrap().push((what.to_owned(), bytes));
    }

    pub(crate) fn hear(&self, what: &str, answer: anyhow::Result<Answer>) -> Answer {
        let answer = answer.unwrap();
        let told = format!("{:?} {}", answer.headers, answer.body);
        self.0.lock().unwrap().push((what.to_owned(), told.into_bytes()));
        answer
    }

    /// Listens to a stream until it or the test ends.
    pub(crate) fn listen(&self, what: &str, client: &Client) -> tokio::task::JoinHandle<()> {
        let (ear, client, what) = (self.clone(), client.clone(), what.to_owned());
        tokio::spawn(async move {
            let mut body = client.stream(&what).await.unwrap().into_body();
            while let Some(Ok(frame)) = body.frame().await {
                let Ok(data) = frame.into_data() else { continue };
                ear.0.lock().unwrap().push((what.clone(), data.to_vec()));
            }
        })
    }
}

fn to_write(device: &DeviceHandle, password: &str) -> DeviceToWrite {
    DeviceToWrite {
        name: device.name.clone(),
        host: device.address.to_string(),
        port: device.port,
        user_name: device.user.clone(),
        password: SecretString::from(password),
    }
}

async fn sign_in_and_fail(ear: &Ear, base: &str) -> Client {
    let email = "admin@example.com";
    for (email, password) in
        [(email, WRONG_SIGN_IN_PASSWORD), ("nobody@example.com", WRONG_SIGN_IN_PASSWORD), (TYPED_AS_EMAIL, "x")]
    {
        ear.hear("refused sign-in", Client::new(base).sign_in(email, password).await);
    }
    for body in [json!({"email": email, "password": [SIGN_IN_PASSWORD]}), json!({"email": email, SIGN_IN_PASSWORD: 1})]
    {
        let refused = ear.hear("bad sign-in", Client::new(base).post("/session", &body).await);
        assert_eq!(refused.status.as_u16(), 400);
    }
    let mut client = Client::new(base);
    let answer = ear.hear("sign-in", client.sign_in(email, SIGN_IN_PASSWORD).await);
    assert_eq!(answer.status.as_u16(), 200);
    client
}

/// Scans, gives the QR's password wrong and right, and imports; the last device's password is wrong.
async fn import(ear: &Ear, admin: &Client, site: &str, devices: &[DeviceHandle]) {
    let wrong = devices.len() - 1;
    let listed = devices.iter().enumerate();
    let devices = listed
        .map(|(place, device)| to_write(device, if place == wrong { WRONG_DEVICE_PASSWORD } else { DEVICE_PASSWORD }));
    let export = ExportToWrite {
        devices: devices.collect(),
        qr_password: Some(SecretString::from(QR_PASSWORD)),
        created_at: None,
    };
    let picture = siteward_qr::drawing::png(&write(&export).unwrap(), 6).unwrap();
    let scans = format!("/sites/{site}/scans");
    let scan = ear.hear("scan", admin.post_bytes(&scans, "image/png", picture).await).ok().unwrap();
    let path = format!("/imports/{}", scan["import"]["id"].as_str().unwrap());
    let stream = ear.listen(&format!("{path}/events"), admin);
    for (password, status) in [(WRONG_QR_PASSWORD, 422), (QR_PASSWORD, 200)] {
        let answer = admin.post(&format!("{path}/password"), &json!({"password": password})).await;
        assert_eq!(ear.hear("QR password", answer).status.as_u16(), status);
    }
    let rows: Vec<usize> = (0..=wrong).collect();
    ear.hear("confirm", admin.post(&format!("{path}/confirm"), &json!({"rows": rows})).await).ok().unwrap();
    tokio::time::timeout(Duration::from_secs(60), stream).await.unwrap().unwrap();
    let done = ear.hear("import", admin.get(&path).await).body;
    assert_eq!(
        (&done["state"], &done["counts"]["added"], &done["counts"]["failed"]),
        (&json!("done"), &json!(wrong), &json!(1)),
        "{done}"
    );
    // One more waits, sealed, for its password and one for its ticks; and a label is read.
    for password in [None, Some(SecretString::from(QR_PASSWORD))] {
        let mut device = export.devices[0].clone();
        "192.168.1.64".clone_into(&mut device.host);
        let text = write(&ExportToWrite { devices: vec![device], qr_password: password, created_at: None }).unwrap();
        ear.hear("scan", admin.post(&scans, &json!({"text": text})).await).ok().unwrap();
        let cut = &text[..text.len() - 12];
        assert_eq!(ear.hear("cut scan", admin.post(&scans, &json!({"text": cut})).await).status.as_u16(), 422);
    }
    let label = format!("www.hik-connect.com\rE12345678\r{VERIFICATION_CODE}\rDS-7608NI-I2/8P\r");
    ear.hear("label", admin.post(&scans, &json!({"text": label})).await).ok().unwrap();
    let broken = format!("www.hik-connect.com\rABCDEFGHI\r{VERIFICATION_CODE}\r");
    assert_eq!(ear.hear("broken label", admin.post(&scans, &json!({"text": broken})).await).status.as_u16(), 422);
}

/// Adds a device by hand: refused with a wrong password and malformed, then right; edits its password; lets it fail.
async fn add_and_edit(ear: &Ear, admin: &Client, site: &str, simulator: &Simulator) {
    let (number, device) = (0, &simulator.devices()[0]);
    let devices = format!("/sites/{site}/devices");
    let body = |password: &str| json!({"host": device.address.to_string(), "port": device.port, "user_name": device.user, "password": password});
    let added = ear.hear("occupied", admin.post(&devices, &body(DEVICE_PASSWORD)).await);
    assert_eq!(added.status.as_u16(), 409);
    let listed = ear.hear("devices", admin.get(&format!("/devices?site_id={site}&limit=100")).await).body;
    let here = |listed: &Value| {
        let items = listed["items"].as_array().unwrap().clone();
        items.into_iter().find(|item| item["host"] == device.address.to_string()).unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let path = format!("/devices/{}", here(&listed));
    assert_eq!(ear.hear("delete", admin.delete(&path).await).status.as_u16(), 204);
    let refused = ear.hear("wrong password", admin.post(&devices, &body(WRONG_DEVICE_PASSWORD)).await);
    assert_eq!(refused.code(), "device_login_refused");
    let mut malformed = body(DEVICE_PASSWORD);
    malformed["port"] = json!(DEVICE_PASSWORD);
    assert_eq!(ear.hear("malformed", admin.post(&devices, &malformed).await).status.as_u16(), 400);
    let control = format!("{DEVICE_PASSWORD}\n");
    ear.hear("control character", admin.post(&devices, &body(&control)).await);
    let added = ear.hear("add", admin.post(&devices, &body(DEVICE_PASSWORD)).await).ok().unwrap();
    let path = format!("/devices/{}", added["id"].as_str().unwrap());
    let refused = ear.hear("edit", admin.patch(&path, &json!({"password": WRONG_DEVICE_PASSWORD})).await);
    assert_eq!(refused.code(), "device_login_refused");
    let change = |password: &str| serde_json::from_value(json!({"password": password, "locked": false})).unwrap();
    simulator.set(number, change(NEW_DEVICE_PASSWORD)).await.unwrap();
    ear.hear("edit", admin.patch(&path, &json!({"password": NEW_DEVICE_PASSWORD})).await).ok().unwrap();
    // A login that fails while it is watched.
    simulator.set(number, change("something else")).await.unwrap();
    ear.hear("check", admin.post(&format!("{path}/check"), &json!({})).await).ok().unwrap();
    let started = Instant::now();
    while ear.hear("device", admin.get(&path).await).body["health"] != "login_failed" {
        assert!(started.elapsed() < Duration::from_secs(30), "the failed login is not seen");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// All that stands in a database.
pub(crate) fn dump(database: &TestDatabase) -> Place {
    let dump = std::process::Command::new("psql")
        .args([database.url(), "-qXAt", "-c", "SELECT database_to_xml(true, true, '')"])
        .output()
        .unwrap();
    assert!(dump.status.success() && dump.stdout.len() > 10_000);
    ("PostgreSQL".to_owned(), dump.stdout)
}

#[expect(clippy::print_stdout, reason = "how much was searched is told")]
async fn nothing_leaks(first_address: &str, database: Option<&TestDatabase>) {
    let mut settings = SimulatorSettings::numbered(Profile::ALL.len() + 1, 31);
    settings.first = first_address.parse().unwrap();
    for device in &mut settings.devices {
        DEVICE_PASSWORD.clone_into(&mut device.password);
    }
    let simulator = Simulator::start(settings).await.unwrap();
    let data = tempfile::Builder::new().prefix("siteward-leaks-").tempdir().unwrap();
    let (folder, port) = (data.path().to_owned(), free_port().unwrap());
    let url = database.map(|database| database.url().to_owned());
    let server = tokio::task::spawn_blocking(move || {
        let mut environment = vec![("SITEWARD__LOG__FILTER", "trace"), ("SITEWARD__POLLING__PERIOD_SECONDS", "2")];
        environment.extend(url.as_deref().map(|url| ("DATABASE_URL", url)));
        ServerProcess::start(&folder, port, &environment).unwrap()
    });
    let mut server = server.await.unwrap();
    let ear = Ear::default();
    let setup = json!({
        "setup_code": server.setup_code, "company": {"name": "Lockwood Alarms", "region": "DE"}, "public_url": server.base,
        "admin": {"name": "Alex Admin", "email": "admin@example.com", "password": SIGN_IN_PASSWORD},
    });
    ear.hear("set-up", Client::new(&server.base).post("/setup", &setup).await).ok().unwrap();
    let admin = sign_in_and_fail(&ear, &server.base).await;
    let live = ear.listen("/live", &admin);
    let site = json!({"name": "Harbour", "time_zone": "Europe/Berlin"});
    let site = ear.hear("site", admin.post("/sites", &site).await).ok().unwrap()["id"].as_str().unwrap().to_owned();
    import(&ear, &admin, &site, simulator.devices()).await;
    add_and_edit(&ear, &admin, &site, &simulator).await;
    for path in ["/session", "/sites", "/devices?limit=100", "/exceptions", "/operation_log?limit=100", "/openapi.json"]
    {
        ear.hear(path, admin.get(path).await).ok().unwrap();
    }
    live.abort();

    let mut places = ear.heard();
    // While it runs, so that the write-ahead log is there too.
    places.extend(files(data.path()).unwrap());
    server.kill();
    places.extend(database.map(dump));
    let is_there = |part: &str| places.iter().any(|(place, bytes)| place.ends_with(part) && !bytes.is_empty());
    assert!(is_there("server.log") && is_there("/live") && is_there("/events"));
    assert!(database.is_some() || (is_there("siteward.db") && is_there("siteward.db-wal")));
    let log = places.iter().find(|(place, _)| place.ends_with("server.log")).unwrap();
    assert!(String::from_utf8_lossy(&log.1).contains("TRACE"), "it did log all it can");
    let mut found = Vec::new();
    for secret in SECRETS {
        for (place, bytes) in &places {
            if hits(bytes, secret) > 0 {
                found.push(format!("{secret} in {place}"));
            }
        }
    }
    let size: usize = places.iter().map(|(_, bytes)| bytes.len()).sum();
    println!("{} secrets searched for in {} places, {size} bytes: {} hits", SECRETS.len(), places.len(), found.len());
    assert_eq!(found, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_logs_everything_leaks_no_secret() {
    nothing_leaks("127.30.8.1", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_does_one_on_postgresql() {
    let Some(database) = TestDatabase::make().unwrap() else {
        println!("SKIPPED: SITEWARD_TEST_POSTGRES names no server");
        return;
    };
    nothing_leaks("127.30.9.1", Some(&database)).await;
}

#[test]
fn the_search_finds_what_is_planted() {
    use base64::Engine as _;
    let base64 = base64::engine::general_purpose::STANDARD;
    for secret in SECRETS {
        assert_eq!(hits(b"an innocent log line", secret), 0);
        assert!(hits(format!("before {secret} after").as_bytes(), secret) > 0);
        assert!(hits(hex::encode(format!("before {secret}")).as_bytes(), secret) > 0);
        assert!(hits(hex::encode_upper(format!("before {secret}")).as_bytes(), secret) > 0);
        for before in ["", "a", "ab", "abc", "admin:"] {
            for after in ["", "!", "!!", "\n"] {
                let encoded = base64.encode(format!("{before}{secret}{after}"));
                assert!(
                    hits(format!("Authorization: Basic {encoded}").as_bytes(), secret) > 0,
                    "{before}{secret}{after}"
                );
            }
        }
    }
}
