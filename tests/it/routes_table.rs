//! Every route against every kind of caller (T9). A route that is not in the table fails.

use std::collections::BTreeSet;

use http::Method;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use siteward_domain::mail::MailLanguage;
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_store::{companies, mails};
use siteward_tests::app::{App, PASSWORD, Start};
use siteward_tests::client::Client;
use siteward_tests::picture::export_text;
use siteward_worker::mail::{address, test_letter};

/// Method, path, body, and what a stranger, an installer without rights, another company's Admin, and the Admin get.
type Row = (&'static str, &'static str, fn() -> Value, [u16; 4]);

/// An id that nothing has.
const NOTHING: &str = "01890f00-0000-7000-8000-000000000001";
const NOBODY: fn() -> Value = || Value::Null;

fn table() -> Vec<Row> {
    vec![
        ("GET", "/setup", NOBODY, [200, 200, 200, 200]),
        ("POST", "/setup", set_up, [409, 409, 409, 409]),
        ("GET", "/session", NOBODY, [401, 200, 200, 200]),
        ("POST", "/session", || json!({"email": "x@example.com", "password": PASSWORD}), [401, 401, 401, 401]),
        ("PATCH", "/company", || json!({}), [401, 403, 200, 200]),
        ("GET", "/operation_log", NOBODY, [401, 403, 200, 200]),
        ("GET", "/mail_settings", NOBODY, [401, 403, 403, 200]),
        ("POST", "/mail_settings/test", || json!({"receiver": "a@example.com"}), [401, 403, 403, 409]),
        ("PUT", "/mail_settings", mail_server, [401, 403, 403, 200]),
        ("DELETE", "/mail_settings", NOBODY, [401, 403, 403, 204]),
        ("GET", "/mails", NOBODY, [401, 403, 200, 200]),
        ("GET", "/mails/{mail_id}", NOBODY, [401, 403, 404, 200]),
        ("POST", "/mails/{mail_id}/send", NOBODY, [401, 403, 404, 409]),
        ("GET", "/sites", NOBODY, [401, 403, 200, 200]),
        ("POST", "/sites", || json!({"name": "New", "time_zone": "Europe/Berlin"}), [401, 403, 201, 201]),
        ("GET", "/sites/{site_id}", NOBODY, [401, 403, 404, 200]),
        ("PATCH", "/sites/{site_id}", || json!({"address": "Pier 5"}), [401, 403, 404, 200]),
        ("POST", "/sites/{site_id}/scans", || json!({"text": "hello"}), [401, 403, 404, 422]),
        ("POST", "/sites/{site_id}/devices", device, [401, 403, 404, 422]),
        ("GET", "/sites/{site_id}/app_hint", NOBODY, [401, 403, 404, 200]),
        ("GET", "/sites/{site_id}/links", NOBODY, [401, 403, 404, 200]),
        ("POST", "/sites/{site_id}/links", || json!({"name": "Box"}), [401, 403, 404, 201]),
        ("PATCH", "/links/{link_id}", || json!({"name": "Cellar"}), [401, 403, 404, 200]),
        ("POST", "/links/{link_id}/code", NOBODY, [401, 403, 404, 200]),
        ("POST", "/links/{link_id}/discover", NOBODY, [401, 403, 404, 409]),
        ("POST", "/link/enrolment", enrolment, [404, 404, 404, 404]),
        ("GET", "/link/session", NOBODY, [401, 401, 401, 401]),
        ("GET", "/link/forward/{link_id}", NOBODY, [403, 403, 403, 403]),
        ("GET", "/sites/{site_id}/found", NOBODY, [401, 403, 404, 200]),
        ("GET", "/sites/{site_id}/additions", NOBODY, [401, 403, 404, 200]),
        ("POST", "/sites/{site_id}/additions", || json!({"serial": "G12345679"}), [401, 403, 404, 201]),
        ("POST", "/sites/{site_id}/additions/batch", || json!({"items": [{"serial": "?"}]}), [401, 403, 404, 422]),
        ("GET", "/additions/{addition_id}", NOBODY, [401, 403, 404, 200]),
        ("POST", "/additions/{addition_id}/check", NOBODY, [401, 403, 404, 200]),
        ("POST", "/additions/{addition_id}/activation", || json!({"password": "Secret-12"}), [401, 403, 404, 409]),
        ("POST", "/additions/{addition_id}/service", code, [401, 403, 404, 409]),
        ("POST", "/additions/{addition_id}/login", login, [401, 403, 404, 200]),
        ("POST", "/additions/{addition_id}/verification_code", code, [401, 403, 404, 200]),
        ("POST", "/captchas", NOBODY, [401, 403, 201, 201]),
        ("POST", "/sites/{site_id}/unbind", unbinding, [401, 403, 404, 422]),
        ("GET", "/imports/{import_id}", NOBODY, [401, 403, 404, 200]),
        ("GET", "/imports/{import_id}/events", NOBODY, [401, 403, 404, 200]),
        ("POST", "/imports/{import_id}/password", || json!({"password": "x"}), [401, 403, 404, 409]),
        ("POST", "/imports/{import_id}/confirm", || json!({"rows": [9]}), [401, 403, 404, 422]),
        ("GET", "/devices", NOBODY, [401, 403, 200, 200]),
        ("GET", "/devices/{device_id}", NOBODY, [401, 403, 404, 200]),
        ("PATCH", "/devices/{device_id}", || json!({"name": "Gate"}), [401, 403, 404, 200]),
        ("GET", "/devices/{device_id}/history", NOBODY, [401, 403, 404, 200]),
        ("POST", "/devices/{device_id}/check", NOBODY, [401, 403, 404, 202]),
        ("POST", "/devices/{device_id}/certificate", fingerprint, [401, 403, 404, 409]),
        ("GET", "/exceptions", NOBODY, [401, 403, 200, 200]),
        ("GET", "/fleet", NOBODY, [401, 403, 200, 200]),
        ("GET", "/live", NOBODY, [401, 200, 200, 200]),
        ("POST", "/device_qr", || json!({"device_ids": [], "kind": "sealed", "format": "svg"}), [401, 403, 422, 422]),
        ("POST", "/devices/{device_id}/time", NOBODY, [401, 403, 404, 200]),
        ("GET", "/devices/{device_id}/snapshot", NOBODY, [401, 403, 404, 200]),
        ("POST", "/devices/{device_id}/move", || json!({"site_id": NOTHING}), [401, 403, 404, 404]),
        ("POST", "/devices/{device_id}/password", || json!({"password": "x"}), [401, 403, 404, 422]),
        ("GET", "/sites/{site_id}/password_changes", NOBODY, [401, 403, 404, 200]),
        ("POST", "/sites/{site_id}/password_changes", || json!({"device_ids": [NOTHING]}), [401, 403, 404, 404]),
        ("POST", "/sites/{site_id}/time", NOBODY, [401, 403, 404, 202]),
        ("POST", "/devices/{device_id}/remote_sessions", NOBODY, [401, 403, 404, 201]),
        ("GET", "/remote_sessions", NOBODY, [401, 403, 200, 200]),
        ("DELETE", "/remote_sessions/{remote_session_id}", NOBODY, [401, 403, 404, 404]),
        ("POST", "/devices/{device_id}/reboot", NOBODY, [401, 403, 404, 202]),
        ("DELETE", "/additions/{addition_id}", NOBODY, [401, 403, 404, 204]),
        ("DELETE", "/links/{link_id}", NOBODY, [401, 403, 404, 204]),
        ("DELETE", "/devices/{device_id}", NOBODY, [401, 403, 404, 204]),
        ("DELETE", "/sites/{site_id}", NOBODY, [401, 403, 404, 204]),
        ("DELETE", "/session", NOBODY, [401, 204, 204, 204]),
    ]
}

fn set_up() -> Value {
    json!({
        "setup_code": "x", "company": {"name": "C", "region": "DE"}, "public_url": "http://localhost",
        "admin": {"name": "A", "email": "a@example.com", "password": PASSWORD},
    })
}

fn mail_server() -> Value {
    json!({
        "host": "127.0.0.1", "port": 9, "security": "none", "sender_name": "S", "sender_address": "s@example.com",
        "language": "en",
    })
}

fn device() -> Value {
    json!({"host": "169.254.169.254", "port": 80, "user_name": "admin", "password": "Secret-1"})
}

fn enrolment() -> Value {
    json!({"code": "AAAA-AAAA-AAAA", "version": "1.0", "system": "linux"})
}

fn code() -> Value {
    json!({"verification_code": "Harbour26"})
}

fn login() -> Value {
    json!({"user_name": "admin", "password": "Secret-12"})
}

fn unbinding() -> Value {
    json!({"serial": "G12345678", "password": "Secret-12", "captcha": {"id": NOTHING, "answer": "x"}})
}

fn fingerprint() -> Value {
    json!({"fingerprint": "0".repeat(64)})
}

struct Ids {
    site: String,
    device: String,
    import: String,
    link: String,
    addition: String,
    mail: String,
}

impl Ids {
    fn fill(&self, template: &str) -> String {
        let filled = template.replace("{site_id}", &self.site).replace("{device_id}", &self.device);
        let filled = filled.replace("{import_id}", &self.import).replace("{link_id}", &self.link);
        filled
            .replace("{addition_id}", &self.addition)
            .replace("{mail_id}", &self.mail)
            .replace("{remote_session_id}", NOTHING)
    }

    fn of_nothing() -> Self {
        let id = || NOTHING.to_owned();
        Self { site: id(), device: id(), import: id(), link: id(), addition: id(), mail: id() }
    }
}

async fn furnish(app: &App, admin: &Client, simulator: &Simulator) -> Ids {
    let made = admin.post("/sites", &json!({"name": "Harbour", "time_zone": "Europe/Berlin"})).await.unwrap();
    let site = made.body["id"].as_str().unwrap().to_owned();
    let handle = &simulator.devices()[0];
    let body = json!({
        "host": handle.address.to_string(), "port": handle.port, "user_name": handle.user, "password": handle.password,
    });
    let device = admin.post(&format!("/sites/{site}/devices"), &body).await.unwrap().ok().unwrap();
    let listed = serde_json::to_value(simulator.devices()).unwrap();
    let text = export_text(listed.as_array().unwrap(), None).unwrap();
    let scan = admin.post(&format!("/sites/{site}/scans"), &json!({"text": text})).await.unwrap().ok().unwrap();
    let link = admin.post(&format!("/sites/{site}/links"), &json!({"name": "Box"})).await.unwrap().ok().unwrap();
    let label = json!({"serial": "G12345678"});
    let addition = admin.post(&format!("/sites/{site}/additions"), &label).await.unwrap().ok().unwrap();
    let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
    let (device, import) = (id(&device), id(&scan["import"]));
    Ids { site, device, import, link: id(&link["link"]), addition: id(&addition), mail: mail(app) }
}

/// A mail that waits in the outbox of the first company.
fn mail(app: &App) -> String {
    let now = chrono::Utc::now();
    let written = app.store.write(|conn| {
        let company = companies::list_companies(conn)?.remove(0);
        let mail = address(&company, "a@example.com", test_letter(MailLanguage::En, &company.name, "http://s"), now);
        mails::create_mail(conn, &mail, now)?;
        Ok(mail.id)
    });
    written.unwrap().to_string()
}

async fn ask(client: &Client, row: &Row, ids: &Ids) -> (u16, String) {
    let (method, path, body, _) = row;
    let body = Some(body()).filter(|body| !body.is_null());
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let answer = client.head_of(method, &ids.fill(path), body.as_ref()).await.unwrap();
    let status = answer.status().as_u16();
    if status < 400 {
        return (status, String::new());
    }
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    let body: Value = serde_json::from_slice(&bytes).unwrap();
    (status, format!("{} {}", body["code"], body["message"]))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_every_caller_as_the_table_says() {
    let app = Start::plain().set("DEVICES__ALLOW_LOOPBACK", "true").run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let simulator = Simulator::start(SimulatorSettings::uniform(1, Profile::Camera, 5)).await.unwrap();
    let ids = furnish(&app, &admin, &simulator).await;
    let (installer, rival) = (app.installer().await.unwrap(), app.other_admin().await.unwrap());
    let callers = [app.stranger(), installer, rival, admin];
    for row in table() {
        for (caller, expected) in callers.iter().zip(row.3) {
            let (status, told) = ask(caller, &row, &ids).await;
            assert_eq!(status, expected, "{} {}: {told}", row.0, row.1);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn not_yours_looks_like_not_there() {
    let app = Start::plain().set("DEVICES__ALLOW_LOOPBACK", "true").run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let simulator = Simulator::start(SimulatorSettings::uniform(1, Profile::Camera, 5)).await.unwrap();
    let ids = furnish(&app, &admin, &simulator).await;
    let rival = app.other_admin().await.unwrap();
    for row in table().iter().filter(|row| row.3[2] == 404) {
        let (theirs, nothing) = (ask(&rival, row, &ids).await, ask(&rival, row, &Ids::of_nothing()).await);
        assert_eq!(theirs, nothing, "{} {}", row.0, row.1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_lists_every_route() {
    let app = App::start().await.unwrap();
    let description = app.stranger().get("/openapi.json").await.unwrap().body;
    let mut described = BTreeSet::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            described.insert(format!("{} {}", method.to_uppercase(), path.strip_prefix("/api/v1").unwrap()));
        }
    }
    let listed: BTreeSet<String> = table().iter().map(|row| format!("{} {}", row.0, row.1)).collect();
    assert_eq!(described, listed);
}
