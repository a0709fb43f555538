//! The mail server and the outbox over HTTP: set, tried, looked at, sent again.

use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::{Value, json};
use siteward_tests::app::{App, Start};
use siteward_tests::canary::{files, hits};
use siteward_tests::client::Client;
use siteward_tests::process::{ServerProcess, free_port};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

const PASSWORD: &str = "cAnary-smtp9TzW";
/// An answer that tells what it should not.
const ECHO: &str = "535 5.7.8 cAnary-smtp9TzW is not the password of stranger\r\n";

/// What somebody says who logs in as `stranger`.
fn stranger() -> String {
    base64::engine::general_purpose::STANDARD.encode(format!("\0stranger\0{PASSWORD}"))
}

/// A mail server that takes everything but mail for `nobody@…`, and lets in who says PLAIN and is not `stranger`.
async fn post_office() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                let (mut line, mut in_content) = (String::new(), false);
                let mut answer = "220 post.example\r\n";
                loop {
                    if stream.get_mut().write_all(answer.as_bytes()).await.is_err() {
                        return;
                    }
                    line.clear();
                    if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                        return;
                    }
                    answer = match line.trim_end() {
                        "." if in_content => {
                            in_content = false;
                            "250 taken\r\n"
                        }
                        _ if in_content => "",
                        "DATA" => {
                            in_content = true;
                            "354 go ahead\r\n"
                        }
                        line if line.starts_with("EHLO") => "250-post.example\r\n250 AUTH PLAIN\r\n",
                        line if line.starts_with("AUTH") && line.contains(&stranger()) => ECHO,
                        line if line.starts_with("AUTH") => "235 welcome\r\n",
                        line if line.contains("nobody@") => "550 5.1.1 nobody lives here\r\n",
                        _ => "250 ok\r\n",
                    };
                }
            });
        }
    });
    port
}

fn server(port: u16) -> Value {
    json!({
        "host": "127.0.0.1", "port": port, "security": "none", "user_name": "siteward", "password": PASSWORD,
        "sender_name": "Lockwood", "sender_address": "alarms@lockwood.example", "language": "ru",
    })
}

async fn put(client: &Client, body: &Value) -> siteward_tests::client::Answer {
    client.send_json(http::Method::PUT, "/mail_settings", body).await.unwrap()
}

async fn state_of(admin: &Client, id: &str, wanted: &str) -> Value {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let mail = admin.get(&format!("/mails/{id}")).await.unwrap().ok().unwrap();
        if mail["mail"]["state"] == wanted {
            return mail;
        }
        assert!(Instant::now() < end, "{mail}");
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_admin_sets_the_mail_server_tries_it_and_sends_again_what_was_refused() {
    let app = Start::with_devices().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let unset = admin.post("/mail_settings/test", &json!({"receiver": "a@example.com"})).await.unwrap();
    assert_eq!((unset.status.as_u16(), unset.code()), (409, "smtp_not_set"));
    assert_eq!(admin.get("/mails").await.unwrap().body["server_set"], false);

    let port = post_office().await;
    let saved = put(&admin, &server(port)).await.ok().unwrap();
    assert_eq!((&saved["has_password"], &saved["language"]), (&json!(true), &json!("ru")));
    let kept = admin.get("/mail_settings").await.unwrap().body;
    assert!(!saved.to_string().contains(PASSWORD) && !kept.to_string().contains(PASSWORD));

    let sent = admin.post("/mail_settings/test", &json!({"receiver": "anna@example.com"})).await.unwrap().ok().unwrap();
    assert_eq!((&sent["state"], &sent["language"], &sent["attempts"]), (&json!("sent"), &json!("ru"), &json!(1)));
    let refused = admin.post("/mail_settings/test", &json!({"receiver": "nobody@example.com"})).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (422, "smtp_refused"));
    assert_eq!(refused.body["details"]["said"], "550 5.1.1 nobody lives here");
    let id = refused.body["details"]["mail_id"].as_str().unwrap();
    let failed = state_of(&admin, id, "failed").await;
    assert_eq!(
        (&failed["mail"]["error_code"], &failed["mail"]["said"]),
        (&json!("smtp_refused"), &refused.body["details"]["said"])
    );
    assert!(failed["text"].as_str().unwrap().contains("Lockwood"), "{failed}");
    let listed = admin.get("/mails?state=failed").await.unwrap().body;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");

    let again = admin.post(&format!("/mails/{id}/send"), &json!({})).await.unwrap().ok().unwrap();
    assert_eq!(again["state"], "waiting");
    let twice = state_of(&admin, id, "failed").await;
    assert_eq!(twice["mail"]["attempts"], 2, "{twice}");
    let sent_id = sent["id"].as_str().unwrap();
    let no = admin.post(&format!("/mails/{sent_id}/send"), &json!({})).await.unwrap();
    assert_eq!((no.status.as_u16(), no.code()), (409, "mail_not_failed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_make_a_mail_server_is_refused_by_its_field() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    for (field, value, code) in [
        ("host", json!(""), "name_empty"),
        ("host", json!("169.254.169.254"), "smtp_address_refused"),
        ("host", json!("a b"), "address_invalid"),
        ("port", json!(0), "field_invalid"),
        ("sender_name", json!("L\r\nBcc: x@example.com"), "text_invalid"),
        ("sender_address", json!("a@b.example\r\nBcc: x@example.com"), "email_invalid"),
        ("sender_address", json!("nobody"), "email_invalid"),
        ("user_name", json!("a\u{0}b"), "text_invalid"),
        ("password", json!(""), "field_invalid"),
        ("certificate", json!("-----BEGIN nothing"), "smtp_certificate_invalid"),
    ] {
        let mut body = server(25);
        body[field] = value.clone();
        let refused = put(&admin, &body).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (422, code), "{field} {value}");
        assert_eq!(refused.body["details"]["field"], field, "{value}");
    }
    assert_eq!(admin.get("/mail_settings").await.unwrap().body["settings"], Value::Null);
    let no_receiver = admin.post("/mail_settings/test", &json!({"receiver": "a@b, c@d"})).await.unwrap();
    assert_eq!((no_receiver.status.as_u16(), no_receiver.code()), (422, "email_invalid"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_kept_password_goes_to_no_other_server_and_is_erased_with_the_settings() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let mut body = server(25);
    put(&admin, &body).await.ok().unwrap();
    body["password"] = Value::Null;
    body["sender_name"] = json!("Another");
    assert_eq!(put(&admin, &body).await.ok().unwrap()["sender_name"], "Another");
    for (field, value) in
        [("host", json!("127.0.0.2")), ("port", json!(26)), ("security", json!("starttls")), ("user_name", json!("x"))]
    {
        let mut other = body.clone();
        other[field] = value;
        let refused = put(&admin, &other).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (422, "smtp_password_needed"), "{field}");
    }
    assert_eq!(admin.delete("/mail_settings").await.unwrap().status.as_u16(), 204);
    assert_eq!(put(&admin, &body).await.code(), "smtp_password_needed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_logs_everything_tells_neither_the_password_nor_who_gets_mail() {
    let data = tempfile::Builder::new().prefix("siteward-mail-").tempdir().unwrap();
    let (folder, port) = (data.path().to_owned(), free_port().unwrap());
    let started = move || ServerProcess::start(&folder, port, &[("SITEWARD__LOG__FILTER", "trace")]).unwrap();
    let mut server = tokio::task::spawn_blocking(started).await.unwrap();
    let mut admin = Client::new(&server.base);
    admin.set_up(&server.setup_code.clone().unwrap(), "Lockwood").await.unwrap();
    let office = post_office().await;
    let mut told = put(&admin, &self::server(office)).await.body.to_string();
    let to = |receiver: &str| json!({ "receiver": receiver });
    admin.post("/mail_settings/test", &to("cAnary-to5@example.com")).await.unwrap().ok().unwrap();
    let refused = admin.post("/mail_settings/test", &to("nobody@example.com")).await.unwrap();
    assert_eq!(refused.code(), "smtp_refused");
    let mut stranger = self::server(office);
    stranger["user_name"] = json!("stranger");
    put(&admin, &stranger).await.ok().unwrap();
    let refused = admin.post("/mail_settings/test", &to("cAnary-to5@example.com")).await.unwrap();
    assert_eq!(refused.code(), "smtp_login_refused");
    assert_eq!(refused.body["details"]["said"], "535 5.7.8 … is not the password of stranger");
    for path in ["/mails", "/mail_settings", "/operation_log"] {
        told += &admin.get(path).await.unwrap().body.to_string();
    }
    let mut places = files(data.path()).unwrap();
    server.kill();
    places.push(("answers".to_owned(), told.into_bytes()));
    let log = places.iter().find(|(place, _)| place.ends_with("server.log")).unwrap();
    assert!(String::from_utf8_lossy(&log.1).contains("TRACE"), "it did log all it can");
    assert_eq!(hits(&log.1, "cAnary-to5@example.com"), 0, "an address is in the log");
    let found: Vec<_> = places.iter().filter(|(_, bytes)| hits(bytes, PASSWORD) > 0).map(|(place, _)| place).collect();
    assert_eq!(found, Vec::<&String>::new());
}
