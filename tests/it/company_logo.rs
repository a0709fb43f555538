//! The logo of a company, and the letters that carry it, from outside.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};
use serde_json::{Value, json};
use siteward_tests::app::{App, Start};
use siteward_tests::client::{Answer, Client};
use siteward_tests::foreign_mail::ForeignMail;
use siteward_tests::street::wait_until;

fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(RgbImage::new(width, height)).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

async fn put(client: &Client, bytes: Vec<u8>) -> Answer {
    client.put_bytes("/company/logo", "image/jpeg", bytes).await.unwrap()
}

async fn letter(client: &Client, template: &str, language: &str) -> Value {
    client.get(&format!("/mail_templates/{template}/{language}")).await.unwrap().ok().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logo_is_drawn_anew_shown_in_every_letter_and_taken_away() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let kept = async || admin.get("/company/logo").await.unwrap().ok().unwrap()["logo"].clone();
    assert_eq!(kept().await, Value::Null);
    let saved = put(&admin, picture(1000, 250)).await.ok().unwrap();
    assert_eq!((&saved["width"], &saved["height"]), (&json!(512), &json!(128)));
    assert!(saved["picture"].as_str().unwrap().starts_with("data:image/png;base64,"));
    assert_eq!(kept().await, saved);
    let shown = letter(&admin, "handover_invitation", "ru").await;
    let html = shown["html"].as_str().unwrap();
    assert_eq!(html.matches("src=\"data:image/png;base64,").count(), 2, "the logo and the code of the link");
    assert!(html.contains("alt=\"Lockwood Alarms\" width=\"220\" height=\"55\""), "{html}");
    let log = admin.get("/operation_log").await.unwrap().body;
    assert!(log["items"].to_string().contains("/company/logo"), "{log}");
    assert_eq!(admin.delete("/company/logo").await.unwrap().status.as_u16(), 204);
    assert_eq!(kept().await, Value::Null);
    let plain = letter(&admin, "handover_invitation", "ru").await;
    assert_eq!(plain["html"].as_str().unwrap().matches("src=\"data:").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_is_refused_and_only_the_admin_puts_one() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    for (bytes, status, code) in [
        (b"<svg onload='alert(1)'/>".to_vec(), 422, "picture_unreadable"),
        (picture(15, 90), 422, "picture_too_small"),
        (vec![0; 4 * 1024 * 1024 + 1], 413, "picture_too_large"),
    ] {
        let refused = put(&admin, bytes).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (status, code));
    }
    let installer = app.installer().await.unwrap();
    assert_eq!(put(&installer, picture(90, 90)).await.status.as_u16(), 403);
    put(&admin, picture(90, 90)).await.ok().unwrap();
    let other = app.other_admin().await.unwrap();
    assert_eq!(other.get("/company/logo").await.unwrap().body["logo"], Value::Null, "each company has its own");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_letter_can_be_looked_at_in_both_languages() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let listed = admin.get("/mail_templates").await.unwrap().ok().unwrap();
    let items = listed["items"].as_array().unwrap();
    assert!(items.len() >= 60, "{}", items.len());
    for item in items {
        let (template, language) = (item["template"].as_str().unwrap(), item["language"].as_str().unwrap());
        let shown = letter(&admin, template, language).await;
        assert_eq!(shown["sample"], *item);
        for part in ["text", "html"] {
            let said = shown[part].as_str().unwrap();
            assert!(said.len() > 40 && !said.contains("{{"), "{template} {language}: {said}");
        }
        let is_russian = shown["text"].as_str().unwrap().chars().any(|c| ('а'..='я').contains(&c));
        assert_eq!(is_russian, language == "ru", "{template}");
    }
    for path in ["/mail_templates/nothing/en", "/mail_templates/test/de"] {
        assert_eq!(admin.get(path).await.unwrap().status.as_u16(), 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_brings_the_logo_with_it() {
    let app = Start::plain().with_worker().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    put(&admin, picture(200, 100)).await.ok().unwrap();
    let office = ForeignMail::start().unwrap();
    office.be_server_of(&admin).await.unwrap();
    admin.post("/mail_settings/test", &json!({"receiver": "anna@example.com"})).await.unwrap().ok().unwrap();
    wait_until("taken", || async { Ok(!office.taken().is_empty()) }).await.unwrap();
    let mail = office.taken().remove(0);
    let (html, parts) = (mail["html"].as_str().unwrap(), mail["parts"].as_array().unwrap());
    assert_eq!(parts.len(), 1, "{parts:?}");
    assert_eq!((&parts[0]["type"], &parts[0]["inline"]), (&json!("image/png"), &json!(true)));
    let id = parts[0]["content_id"].as_str().unwrap().trim_matches(['<', '>']);
    assert!(html.contains(&format!("src=\"cid:{id}\" alt=\"Lockwood Alarms\"")), "{html}");
}
