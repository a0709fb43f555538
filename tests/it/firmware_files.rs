//! The firmware catalogue over HTTP: uploads, what they leave behind, and what is said of them.

use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};
use siteward_tests::app::{App, Start};
use siteward_tests::client::{Answer, Client};
use siteward_tests::lan::wait;
use tokio::io::AsyncWriteExt as _;

const OCTETS: &str = "application/octet-stream";

async fn upload(client: &Client, name: &str, bytes: impl Into<Bytes>) -> Answer {
    client.post_bytes(&format!("/firmware_files?file_name={name}"), OCTETS, bytes).await.unwrap()
}

fn files(app: &App) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(app.folder().join("firmware")) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().path()).collect()
}

fn purpose() -> Value {
    json!({
        "kind": "camera", "models": ["DS-2CD2xx2"], "region": "wr", "version": "5.4.5 build 170124",
        "notes": "Read the notes first.\nThen upgrade.",
    })
}

#[tokio::test]
async fn a_file_is_kept_once_and_told_with_its_hash() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let made = upload(&admin, "digicap.dav", bytes.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let sha256 = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&bytes));
    assert_eq!((&made.body["sha256"], &made.body["size"]), (&json!(sha256), &json!(3_000_000)));
    assert_eq!(made.body["purpose"], Value::Null);
    let again = upload(&admin, "other.dav", bytes.clone()).await;
    assert_eq!((again.status, &again.body["id"]), (StatusCode::OK, &made.body["id"]));
    assert_eq!(files(&app).len(), 1);
    assert_eq!(std::fs::read(&files(&app)[0]).unwrap(), bytes);

    let path = format!("/firmware_files/{}", made.body["id"].as_str().unwrap());
    let said = admin.send_json(http::Method::PUT, &path, &purpose()).await.unwrap().ok().unwrap();
    assert_eq!(said["purpose"]["version"], "V5.4.5 build 170124");
    assert_eq!(said["purpose"]["region"], "WR");
    assert_eq!(admin.get("/firmware_files").await.unwrap().body["items"][0], said);
    let rival = app.other_admin().await.unwrap();
    assert_eq!(rival.get(&path).await.unwrap().status, StatusCode::NOT_FOUND);
    assert_eq!(rival.get("/firmware_files").await.unwrap().body["items"], json!([]));
    assert_eq!(admin.delete(&path).await.unwrap().status, StatusCode::NO_CONTENT);
    assert_eq!(admin.get(&path).await.unwrap().status, StatusCode::NOT_FOUND);
    let log = admin.get("/operation_log").await.unwrap().body;
    let actions: Vec<_> = log["items"].as_array().unwrap().iter().map(|row| row["action"].clone()).collect();
    assert!(actions.contains(&json!("POST /firmware_files")), "{actions:?}");
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let address = app.base.strip_prefix("http://").unwrap();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /api/v1/firmware_files?file_name=digicap.dav HTTP/1.1\r\nHost: {address}\r\nContent-Type: {OCTETS}\r\n\
         Content-Length: 5000000\r\nCookie: {}\r\nX-CSRF-Token: {}\r\n\r\n",
        admin.cookie().unwrap(),
        admin.csrf_token().unwrap(),
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&vec![7; 400_000]).await.unwrap();
    stream.flush().await.unwrap();
    wait(|| async { Ok(files(&app).len() == 1) }).await.unwrap();
    drop(stream);
    wait(|| async { Ok(files(&app).is_empty()) }).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(admin.get("/firmware_files").await.unwrap().body["items"], json!([]));
}

#[tokio::test]
async fn what_is_too_large_or_would_fill_the_disk_is_refused_and_leaves_nothing() {
    let app = Start::plain().set("UPGRADES__MOST_FILE_MIB", "1").run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let refused = upload(&admin, "digicap.dav", vec![1; 1024 * 1024 + 1]).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (413, "firmware_file_too_large"));
    assert_eq!(refused.body["details"]["most_bytes"], 1024 * 1024);
    assert_eq!(upload(&admin, "digicap.dav", Vec::new()).await.code(), "firmware_file_empty");
    let typed = admin.post_bytes("/firmware_files?file_name=a", "text/plain", "x").await.unwrap();
    assert_eq!(typed.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(files(&app).is_empty());
    assert_eq!(upload(&admin, "digicap.dav", vec![1; 1024 * 1024]).await.status, StatusCode::CREATED);

    // More than any disk has.
    let full = Start::plain().set("UPGRADES__KEEP_FREE_MIB", "1000000000000").run().await.unwrap();
    let admin = full.admin().await.unwrap();
    let refused = upload(&admin, "digicap.dav", vec![1; 1000]).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (507, "firmware_disk_full"));
    assert!(files(&full).is_empty());
}

#[tokio::test]
async fn what_is_said_of_a_file_is_checked_and_only_the_admin_says_it() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let (step, aim) = (upload(&admin, "a.dav", "a").await.body, upload(&admin, "b.dav", "b").await.body);
    let path = |file: &Value| format!("/firmware_files/{}", file["id"].as_str().unwrap());
    for (field, value) in [
        ("models", json!([])),
        ("models", json!(["x"])),
        ("version", json!("soon")),
        ("first_below", json!("later")),
        ("first_id", aim["id"].clone()),
        ("kind", json!("router")),
    ] {
        let mut body = purpose();
        body[field] = value.clone();
        let refused = admin.send_json(http::Method::PUT, &path(&aim), &body).await.unwrap();
        assert_eq!((refused.code(), &refused.body["details"]["field"]), ("field_invalid", &json!(field)), "{value}");
    }
    let mut body = purpose();
    body["first_id"] = step["id"].clone();
    body["first_below"] = json!("5.4.0");
    admin.send_json(http::Method::PUT, &path(&aim), &body).await.unwrap().ok().unwrap();
    let refused = admin.delete(&path(&step)).await.unwrap();
    assert_eq!((refused.status, refused.code()), (StatusCode::CONFLICT, "firmware_file_in_use"));

    let installer = app.member_with("i@example.com", &[siteward_domain::staff::Right::UpgradeFirmware]).await.unwrap();
    assert_eq!(installer.get("/firmware_files").await.unwrap().status, StatusCode::OK);
    assert_eq!(upload(&installer, "c.dav", "c").await.code(), "right_missing");
    let said = installer.send_json(http::Method::PUT, &path(&aim), &purpose()).await.unwrap();
    assert_eq!(said.code(), "right_missing");
}
