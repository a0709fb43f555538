//! Webhooks: what happens is told to a receiver that is not ours, signed, in order and once, whatever goes wrong.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use chrono::Utc;
use serde_json::{Value, json};
use siteward_tests::app::{App, Start};
use siteward_tests::client::Client;
use siteward_tests::hook::{Arrived, Hook};
use siteward_tests::lan::wait;

async fn start() -> App {
    let mut start = Start::plain().set("DEVICES__ALLOW_LOOPBACK", "true");
    start = start.with_worker();
    start.run().await.unwrap()
}

async fn make(admin: &Client, url: &str) -> (String, String) {
    let made = admin.post("/webhooks", &json!({"name": "Desk", "url": url})).await.unwrap();
    assert_eq!(made.status.as_u16(), 201, "{}", made.body);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&made.body["webhook"]["id"]), text(&made.body["secret"]))
}

async fn sites(admin: &Client, names: impl IntoIterator<Item = String>) {
    for name in names {
        admin.post("/sites", &json!({"name": name, "time_zone": "Europe/Berlin"})).await.unwrap().ok().unwrap();
    }
}

/// Runs the verifier of docs/webhooks.md, as it stands there.
fn verify(secret: &str, arrived: &Arrived, now: i64) -> bool {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/webhooks.md")).unwrap();
    let code = docs.split("```python\n").nth(1).unwrap().split("```").next().unwrap();
    let call = "import json, sys\nq = json.load(sys.stdin)\n\
                print(verify(q['secret'], q['headers'], bytes(q['body']), q['now']))\n";
    let mut python = Command::new("python3")
        .args(["-c", &format!("{code}\n{call}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let question = json!({"secret": secret, "headers": arrived.headers, "body": arrived.body, "now": now});
    python.stdin.take().unwrap().write_all(question.to_string().as_bytes()).unwrap();
    let said = String::from_utf8(python.wait_with_output().unwrap().stdout).unwrap();
    assert!(["True", "False"].contains(&said.trim()), "the verifier said {said:?}");
    said.trim() == "True"
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_told_signed_so_that_one_changed_byte_is_refused() {
    let app = start().await;
    let admin = app.admin().await.unwrap();
    let receiver = Hook::start(0).await.unwrap();
    let (_, secret) = make(&admin, &receiver.url).await;
    sites(&admin, ["Harbour".to_owned()]).await;
    wait(|| async { Ok(!receiver.taken().is_empty()) }).await.unwrap();
    let told = receiver.taken().remove(0);
    assert_eq!((&told.json()["kind"], &told.json()["site"]["name"]), (&json!("site_created"), &json!("Harbour")));
    let now = Utc::now().timestamp();
    assert!(verify(&secret, &told, now));
    for place in [0, told.body.len() / 2, told.body.len() - 1] {
        let mut changed = told.clone();
        changed.body[place] ^= 1;
        assert!(!verify(&secret, &changed, now), "byte {place}");
    }
    let mut other = told.clone();
    other.headers.insert("siteward-id".to_owned(), "4711000".to_owned());
    assert!(!verify(&secret, &other, now));
    assert!(!verify(&secret, &told, now + 301), "an old word");
    assert!(!verify("whsec_other", &told, now));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_was_down_gets_everything_once_and_in_order() {
    let app = start().await;
    let admin = app.admin().await.unwrap();
    let mut first = Hook::start(0).await.unwrap();
    let (id, _) = make(&admin, &first.url).await;
    sites(&admin, ["Before".to_owned()]).await;
    wait(|| async { Ok(first.taken().len() == 1) }).await.unwrap();
    first.goes_away().await;
    sites(&admin, (0..30).map(|number| format!("While it was down {number}"))).await;
    let failing = || async {
        let listed = admin.get("/webhooks").await?.ok()?;
        Ok(listed["items"][0]["error_code"] == "webhook_unreachable")
    };
    wait(failing).await.unwrap();
    let again = Hook::start(first.port).await.unwrap();
    // It rests between tries; a person who changes something has it tried at once.
    admin.patch(&format!("/webhooks/{id}"), &json!({"name": "Desk again"})).await.unwrap().ok().unwrap();
    wait(|| async { Ok(again.taken().len() >= 30) }).await.unwrap();
    let ids = again.ids();
    assert!(ids.len() == 30 && ids.is_sorted(), "{ids:?}");
    let names: Vec<Value> = again.taken().iter().map(|one| one.json()["site"]["name"].clone()).collect();
    let expected: Vec<Value> = (0..30).map(|number| json!(format!("While it was down {number}"))).collect();
    assert_eq!(names, expected);
    let listed = admin.get("/webhooks").await.unwrap().ok().unwrap();
    assert_eq!((&listed["items"][0]["failing_since"], &listed["items"][0]["http_status"]), (&Value::Null, &json!(200)));
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_redirects_and_silence_are_failures_with_their_codes() {
    let app = start().await;
    let admin = app.admin().await.unwrap();
    let receiver = Hook::start(0).await.unwrap();
    let (id, _) = make(&admin, &receiver.url).await;
    for (status, taken, code) in [
        (204, true, None),
        (302, false, Some("webhook_refused")),
        (410, false, Some("webhook_refused")),
        (500, false, Some("webhook_refused")),
        (0, false, Some("webhook_broken_off")),
    ] {
        receiver.answers(status);
        let tried = admin.post(&format!("/webhooks/{id}/test"), &json!({})).await.unwrap().ok().unwrap();
        assert_eq!((&tried["taken"], &tried["error_code"]), (&json!(taken), &json!(code)), "{status}");
        let answered = if status == 0 { Value::Null } else { json!(status) };
        assert_eq!(tried["http_status"], answered, "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_is_replayed_in_order_and_kinds_are_kept_to() {
    let app = start().await;
    let admin = app.admin().await.unwrap();
    let from = Utc::now();
    sites(&admin, (0..5).map(|number| format!("Site {number}"))).await;
    let receiver = Hook::start(0).await.unwrap();
    let (id, _) = make(&admin, &receiver.url).await;
    let path = format!("/webhooks/{id}");
    let range = json!({"from": from, "until": Utc::now()});
    for round in 1..=2 {
        let told = admin.post(&format!("{path}/replay"), &range).await.unwrap();
        assert_eq!((told.status.as_u16(), &told.body["events"]), (202, &json!(5)), "{}", told.body);
        wait(|| async { Ok(receiver.taken().len() == round * 5) }).await.unwrap();
    }
    let ids = receiver.ids();
    assert!(ids[..5] == ids[5..] && ids[..5].is_sorted(), "{ids:?}");
    admin.patch(&path, &json!({"kinds": ["device_added"]})).await.unwrap().ok().unwrap();
    let told = admin.post(&format!("{path}/replay"), &range).await.unwrap();
    assert_eq!(told.body["events"], 0);
    let bad = admin.post(&format!("{path}/replay"), &json!({"from": from, "until": from})).await.unwrap();
    assert_eq!((bad.status.as_u16(), bad.code()), (422, "field_invalid"));
    let listed = admin.get(&format!("{path}/deliveries?state=delivered&limit=4")).await.unwrap().ok().unwrap();
    assert_eq!(listed["items"].as_array().unwrap().len(), 4);
    assert!(listed["next_cursor"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn forbidden_receivers_are_refused_in_whatever_spelling() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let hosts = [
        "127.0.0.1",
        "127.1",
        "127.255.255.254",
        "0.0.0.0",
        "0",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "0x7f.0.0.1",
        "127.0.0.01",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "sub.localhost",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:7f00:1::]",
        "169.254.169.254",
        "169.254.0.1",
        "[::ffff:169.254.169.254]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "100.100.100.200",
        "168.63.129.16",
        "metadata.google.internal",
        "metadata",
        "instance-data",
        "0xa9fea9fe",
        "2852039166",
        "0251.0376.0251.0376",
        "224.0.0.1",
        "239.255.255.250",
        "255.255.255.255",
        "240.0.0.1",
        "[ff02::1]",
        "127.0.0.1.",
        "127。0。0。1",
        "①②⑦.0.0.1",
        "127%2e0%2e0%2e1",
        "127.0.0.1%00.example.com",
        " 127.0.0.1",
        "user@127.0.0.1",
        "example.com@127.0.0.1",
        "127.0.0.1#example.com",
        "127.0.0.1\\@example.com",
        "1270.0.0.1",
        "1.2.3",
        "256.1.1.1",
        "-1",
        "",
        "a b",
        "ex ample.com",
        "..",
        "[::1",
        "::1",
        "[fe80::1%25eth0]",
    ];
    for host in hosts {
        for url in [format!("http://{host}/hook"), format!("https://{host}:8443/hook")] {
            let refused = admin.post("/webhooks", &json!({"name": "X", "url": url})).await.unwrap();
            let code = refused.code().to_owned();
            assert_eq!(refused.status.as_u16(), 422, "{url}: {}", refused.body);
            assert!(["webhook_url_invalid", "webhook_address_refused"].contains(&code.as_str()), "{url}: {code}");
        }
    }
    for url in ["ftp://desk.example/", "file:///etc/passwd", "desk.example", "javascript:alert(1)", "http:desk.example"]
    {
        let refused = admin.post("/webhooks", &json!({"name": "X", "url": url})).await.unwrap();
        assert_eq!(refused.code(), "webhook_url_invalid", "{url}");
    }
    assert_eq!(admin.get("/webhooks").await.unwrap().body["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_ends_with_its_deletion_and_its_key_is_told_once() {
    let app = start().await;
    let admin = app.admin().await.unwrap();
    let receiver = Hook::start(0).await.unwrap();
    let (id, secret) = make(&admin, &receiver.url).await;
    assert!(secret.starts_with("whsec_"));
    let listed = admin.get("/webhooks").await.unwrap();
    assert!(!listed.body.to_string().contains(&secret));
    let renewed = admin.post(&format!("/webhooks/{id}/secret"), &json!({})).await.unwrap().ok().unwrap();
    let newer = renewed["secret"].as_str().unwrap();
    assert_ne!(newer, secret);
    sites(&admin, ["Harbour".to_owned()]).await;
    wait(|| async { Ok(receiver.taken().len() == 1) }).await.unwrap();
    let told = receiver.taken().remove(0);
    assert_eq!(
        (verify(newer, &told, Utc::now().timestamp()), verify(&secret, &told, Utc::now().timestamp())),
        (true, false)
    );
    assert_eq!(admin.delete(&format!("/webhooks/{id}")).await.unwrap().status.as_u16(), 204);
    sites(&admin, ["Bakery".to_owned()]).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(receiver.taken().len(), 1);
    for number in 0..20 {
        make(&admin, &format!("https://desk{number}.example/")).await;
    }
    let refused = admin.post("/webhooks", &json!({"name": "X", "url": "https://desk.example"})).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "webhook_limit_reached"));
}
