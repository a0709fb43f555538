//! Remote configuration (R-O3): a device's own pages under a name of their own, and nothing else of anybody.

use bytes::Bytes;
use chrono::Duration;
use http::header::{COOKIE, HOST, LOCATION, SET_COOKIE};
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client as Http;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use siteward_domain::staff::Right;
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_tests::app::{App, Start};
use siteward_tests::client::Client;
use siteward_tests::lan::Lan;
use siteward_tests::owner::OWNER;
use siteward_worker::clock::SteppedClock;

struct Scene {
    app: App,
    admin: Client,
    simulator: Simulator,
    device: String,
}

/// What a browser keeps of one session's host.
#[derive(Clone)]
struct Browser {
    base: String,
    host: String,
    cookie: Option<String>,
}

struct Page {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Browser {
    fn new(app: &App, host: &str) -> Self {
        Self { base: app.base.clone(), host: host.to_owned(), cookie: None }
    }

    async fn ask(&self, method: Method, path: &str, body: &str, headers: &[(&str, &str)]) -> Page {
        let mut request =
            Request::builder().method(method).uri(format!("{}{path}", self.base)).header(HOST, &self.host);
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::from(body.to_owned()))).unwrap();
        let answer = Http::builder(TokioExecutor::new()).build_http().request(request).await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        Page { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    async fn get(&self, path: &str) -> Page {
        self.ask(Method::GET, path, "", &[]).await
    }

    async fn put(&self, path: &str, body: &str) -> Page {
        self.ask(Method::PUT, path, body, &[("content-type", "application/xml")]).await
    }
}

async fn add(admin: &Client, simulator: &Simulator) -> String {
    let made = admin.post("/sites", &json!({"name": "Harbour", "time_zone": "Europe/Berlin"})).await.unwrap();
    let handle = &simulator.devices()[0];
    let body = json!({
        "host": handle.address.to_string(), "port": handle.port, "user_name": handle.user, "password": handle.password,
    });
    let path = format!("/sites/{}/devices", made.body["id"].as_str().unwrap());
    let added = admin.post(&path, &body).await.unwrap().ok().unwrap();
    added["id"].as_str().unwrap().to_owned()
}

async fn scene(start: Start) -> Scene {
    let app = start.set("DEVICES__ALLOW_LOOPBACK", "true").run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let mut settings = SimulatorSettings::uniform(1, Profile::Camera, 51);
    "Canary-remote7".clone_into(&mut settings.devices[0].password);
    let simulator = Simulator::start(settings).await.unwrap();
    let device = add(&admin, &simulator).await;
    Scene { app, admin, simulator, device }
}

/// Opens a session and gives its host and the path that enters it.
async fn opened(admin: &Client, device: &str) -> (Value, String, String) {
    let path = format!("/devices/{device}/remote_sessions");
    let made = admin.post(&path, &Value::Null).await.unwrap();
    assert_eq!(made.status.as_u16(), 201, "{}", made.body);
    let url = made.body["url"].as_str().unwrap().strip_prefix("http://").unwrap();
    let (host, path) = url.split_once('/').unwrap();
    (made.body.clone(), host.to_owned(), format!("/{path}"))
}

async fn entered(app: &App, admin: &Client, device: &str) -> (Value, Browser) {
    let (session, host, path) = opened(admin, device).await;
    let mut browser = Browser::new(app, &host);
    let entry = browser.get(&path).await;
    assert_eq!((entry.status, entry.headers[LOCATION].to_str().unwrap()), (303, "/"), "{}", entry.text);
    let cookie = entry.headers[SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && !cookie.to_lowercase().contains("domain"), "{cookie}");
    browser.cookie = Some(cookie.split(';').next().unwrap().to_owned());
    let again = Browser::new(app, &host).get(&path).await;
    assert_eq!(again.status, 401, "the code works once");
    (session, browser)
}

impl Scene {
    async fn enter(&self) -> (Value, Browser) {
        entered(&self.app, &self.admin, &self.device).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_devices_pages_are_used_without_its_password_and_writes_are_logged() {
    let scene = scene(Start::plain()).await;
    let (session, browser) = scene.enter().await;
    assert!(
        browser.host.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && browser.host.contains(".localhost")
    );
    let page = browser.get("/doc/page/main.asp").await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    assert_eq!(page.headers["content-security-policy"], "frame-ancestors 'self'");
    assert_eq!(
        (&page.headers["cache-control"], &page.headers["referrer-policy"]),
        (&"no-store".parse().unwrap(), &"no-referrer".parse().unwrap())
    );
    let info = browser.get("/ISAPI/System/deviceInfo").await;
    assert_eq!(info.status, 200);
    assert!(info.text.contains("<deviceName>") && !info.headers.contains_key("www-authenticate"));

    let name = info.text.split("<deviceName>").nth(1).unwrap().split('<').next().unwrap();
    let renamed = info.text.replace(&format!("<deviceName>{name}<"), "<deviceName>North gate<");
    let written = browser.put("/ISAPI/System/deviceInfo?token=canary-query", &renamed).await;
    assert_eq!(written.status, 200, "{}", written.text);
    assert_eq!(scene.simulator.view(0).unwrap().name, "North gate");
    let log = scene.admin.get("/operation_log").await.unwrap().body;
    let row = &log["items"][0];
    assert_eq!((&row["action"], &row["result"]), (&json!("PUT /ISAPI/System/deviceInfo"), &json!("ok")), "{row}");
    assert_eq!(row["object"]["id"].as_str().or(row["object_id"].as_str()), Some(scene.device.as_str()), "{row}");

    // The password, the session's name and its codes are nowhere to be read.
    let label = browser.host.split('.').next().unwrap();
    let told = format!("{session} {log} {} {} {:?}", page.text, info.text, info.headers);
    assert!(!told.replace(session["url"].as_str().unwrap(), "").contains(label));
    assert!(!told.contains("Canary-remote7") && !told.contains("canary-query"));
    for (place, bytes) in siteward_tests::canary::files(scene.app.folder()).unwrap() {
        for secret in [label, "Canary-remote7", "canary-query"] {
            assert_eq!(siteward_tests::canary::hits(&bytes, secret), 0, "{place}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_and_what_the_platform_does_itself_are_refused() {
    let scene = scene(Start::plain()).await;
    let (_, browser) = scene.enter().await;
    scene.simulator.reset_counters();
    for path in [
        "/ISAPI/System/configurationData",
        "/ISAPI/System/Network/EZVIZ",
        "/ISAPI/System/%63onfigurationData",
        "/ISAPI/Security/users?security=1&iv=00",
    ] {
        assert_eq!(browser.get(path).await.status, 403, "{path}");
    }
    for path in ["/ISAPI/Security/users/1", "/ISAPI/System/factoryReset", "/ISAPI/System/activate", "/SDK/activate"] {
        let refused = browser.put(path, "<User/>").await;
        assert_eq!(refused.status, 403, "{path}");
        assert!(refused.text.contains("Siteward"), "the page says where it is done");
    }
    for path in ["/ISAPI/System/%2563onfigurationData", "/ISAPI//System/configurationData"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
    let foreign = [("origin", "https://evil.example"), ("content-type", "application/xml")];
    let refused = browser.ask(Method::PUT, "/ISAPI/System/reboot", "", &foreign).await;
    assert_eq!(refused.status, 403);
    assert_eq!(scene.simulator.view(0).unwrap().counters.requests, 0, "the device was never asked");
    assert_eq!(scene.simulator.view(0).unwrap().password, "Canary-remote7");
}

#[tokio::test(flavor = "multi_thread")]
async fn console_and_api_are_not_there_and_devices_are_not_under_the_console() {
    let scene = scene(Start::plain()).await;
    let (_, browser) = scene.enter().await;
    for path in ["/api/v1/session", "/healthz", "/openapi.json", "/sites"] {
        let page = browser.get(path).await;
        assert!(!page.text.contains("siteward-console") && !page.text.contains("csrf"), "{path}: {}", page.text);
        assert_ne!(page.status, 200, "{path}");
    }
    // The session's cookie under the console's name, and nobody's under another session's name.
    let console = Browser { host: "localhost".to_owned(), ..browser.clone() };
    assert!(!console.get("/ISAPI/System/deviceInfo").await.text.contains("<deviceName>"));
    let (_, other_host, _) = opened(&scene.admin, &scene.device).await;
    let elsewhere = Browser { host: other_host, ..browser.clone() };
    assert_eq!(elsewhere.get("/ISAPI/System/deviceInfo").await.status, 401);
    let nobody = Browser { cookie: None, ..browser };
    assert_eq!(nobody.get("/").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_with_time_a_person_sign_out_and_the_device() {
    let clock = std::sync::Arc::new(SteppedClock::new(chrono::Utc::now()));
    let scene = scene(Start::plain().clock(std::sync::Arc::clone(&clock))).await;
    let works = |browser: Browser| async move { browser.get("/ISAPI/System/deviceInfo").await.status };

    let (session, browser) = scene.enter().await;
    let open = scene.admin.get("/remote_sessions").await.unwrap().body;
    assert_eq!((&open["items"][0]["id"], &open["items"][0]["url"]), (&session["id"], &Value::Null));
    let path = format!("/remote_sessions/{}", session["id"].as_str().unwrap());
    assert_eq!(scene.app.other_admin().await.unwrap().delete(&path).await.unwrap().status.as_u16(), 404);
    assert_eq!(works(browser.clone()).await, 200);
    assert_eq!(scene.admin.delete(&path).await.unwrap().status.as_u16(), 204);
    assert_eq!(works(browser).await, 401);

    let (_, idle) = scene.enter().await;
    clock.advance(Duration::minutes(9));
    assert_eq!(works(idle.clone()).await, 200);
    clock.advance(Duration::minutes(11));
    assert_eq!(works(idle).await, 401);

    let (_, _, late) = opened(&scene.admin, &scene.device).await;
    let (_, host, _) = opened(&scene.admin, &scene.device).await;
    clock.advance(Duration::seconds(61));
    assert_eq!(Browser::new(&scene.app, &host).get(&late).await.status, 401);

    let mut person = scene.app.stranger();
    person.sign_in(siteward_tests::app::ADMIN, siteward_tests::app::PASSWORD).await.unwrap();
    let (_, signed_out) = entered(&scene.app, &person, &scene.device).await;
    assert_eq!(works(signed_out.clone()).await, 200);
    person.delete("/session").await.unwrap();
    assert_eq!(works(signed_out).await, 401);

    let (_, deleted) = scene.enter().await;
    scene.admin.delete(&format!("/devices/{}", scene.device)).await.unwrap();
    assert_eq!(works(deleted).await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_known_by_an_address_needs_a_domain_for_it() {
    let scene = scene(Start::plain().set("SERVER__PUBLIC_URL", "http://192.0.2.1:8080")).await;
    let path = format!("/devices/{}/remote_sessions", scene.device);
    let refused = scene.admin.post(&path, &Value::Null).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "remote_domain_missing"));
    let start =
        Start::plain().set("SERVER__PUBLIC_URL", "https://192.0.2.1").set("REMOTE__DOMAIN", "remote.example.com");
    let scene = self::scene(start).await;
    let path = format!("/devices/{}/remote_sessions", scene.device);
    let made = scene.admin.post(&path, &Value::Null).await.unwrap().ok().unwrap();
    let url = made["url"].as_str().unwrap();
    let (label, rest) = url.strip_prefix("https://").unwrap().split_once('.').unwrap();
    assert_eq!((label.len(), rest.split('/').next().unwrap()), (32, "remote.example.com"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_behind_a_link_is_configured_alike() {
    let app = Start::with_devices().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let lan = Lan::start(SimulatorSettings::uniform(1, Profile::Camera, 52)).await.unwrap();
    let link = lan.site(&admin, "Harbour").await.unwrap();
    let handle = &lan.simulator.devices()[0];
    let body = json!({"text": handle.label, "name": "Gate", "password": handle.password});
    let added = admin.post(&format!("/sites/{}/additions", link.site), &body).await.unwrap().ok().unwrap();
    let (_, browser) = entered(&app, &admin, added["device_id"].as_str().unwrap()).await;
    let (page, info) = (browser.get("/doc/page/main.asp").await, browser.get("/ISAPI/System/deviceInfo").await);
    assert_eq!((page.status, info.status), (200, 200), "{}", info.text);
    assert!(info.text.contains("<deviceName>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_its_person_has_the_site_or_the_right_no_more() {
    let scene = scene(Start::plain()).await;
    let (email, rights) = ("max@example.com", [Right::ManageAssignedSites, Right::RemoteConfiguration]);
    let max = scene.app.member_with(email, &rights).await.unwrap();
    let device = scene.admin.get(&format!("/devices/{}", scene.device)).await.unwrap().ok().unwrap();
    let site = device["site_id"].as_str().unwrap();
    let refused = max.post(&format!("/devices/{}/remote_sessions", scene.device), &Value::Null).await.unwrap();
    assert_eq!(refused.code(), "not_found");
    scene.app.assign(email, site, None).unwrap();
    let (session, browser) = entered(&scene.app, &max, &scene.device).await;
    assert_eq!(browser.get("/ISAPI/System/deviceInfo").await.status, 200);
    let listed = async || max.get("/remote_sessions").await.unwrap().ok().unwrap()["items"].as_array().unwrap().len();
    assert_eq!(listed().await, 1);
    scene.app.assign(email, site, Some(chrono::Utc::now() - Duration::seconds(1))).unwrap();
    assert_eq!(browser.get("/ISAPI/System/deviceInfo").await.status, 401);
    assert_eq!(listed().await, 0);
    let path = format!("/remote_sessions/{}", session["id"].as_str().unwrap());
    assert_eq!(max.delete(&path).await.unwrap().code(), "not_found");
    scene.app.assign(email, site, None).unwrap();
    assert_eq!(browser.get("/ISAPI/System/deviceInfo").await.status, 200);
    scene.app.set_rights(email, &rights[..1]).unwrap();
    assert_eq!(browser.get("/ISAPI/System/deviceInfo").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_in_the_middle_when_the_owner_takes_the_permission_back() {
    let scene = scene(Start::plain()).await;
    let owner = scene.app.end_user(OWNER).await.unwrap();
    let device = scene.admin.get(&format!("/devices/{}", scene.device)).await.unwrap().ok().unwrap();
    let site = device["site_id"].as_str().unwrap();
    let ask = json!({"device_id": scene.device, "permission": "configuration", "validity": "permanent"});
    scene.app.hand_site_over(site, OWNER, &json!({"site": true, "devices": [ask]})).unwrap();
    let (_, browser) = scene.enter().await;
    assert_eq!(browser.get("/ISAPI/System/deviceInfo").await.status, 200);
    let open = owner.get(&format!("/my/sites/{site}/grants")).await.unwrap().ok().unwrap();
    let grant = open["items"].as_array().unwrap().iter().find(|grant| grant["permission"] == "configuration").unwrap();
    let path = format!("/my/grants/{}", grant["id"].as_str().unwrap());
    assert_eq!(owner.delete(&path).await.unwrap().status.as_u16(), 204);
    assert_eq!(browser.get("/ISAPI/System/deviceInfo").await.status, 401);
    let sessions = scene.admin.get("/remote_sessions").await.unwrap().ok().unwrap();
    assert!(sessions["items"].as_array().unwrap().is_empty());
}

/// A session is opened with the permission to configure; each kind of picture takes another one, which is asked for at its use.
#[tokio::test(flavor = "multi_thread")]
async fn pictures_and_recordings_take_permissions_of_their_own_and_the_owner_hears_of_them() {
    let scene = scene(Start::plain()).await;
    let owner = scene.app.end_user(OWNER).await.unwrap();
    let device = scene.admin.get(&format!("/devices/{}", scene.device)).await.unwrap().ok().unwrap();
    let site = device["site_id"].as_str().unwrap();
    let ask = |permission: &str| json!({"device_id": scene.device, "permission": permission, "validity": "permanent"});
    scene.app.hand_site_over(site, OWNER, &json!({"site": true, "devices": [ask("configuration")]})).unwrap();
    let (_, browser) = scene.enter().await;
    let picture = || browser.get("/ISAPI/Streaming/channels/101/picture");
    let search = || browser.ask(Method::POST, "/ISAPI/ContentMgmt/search", "<a/>", &[]);
    let allow = async |permission: &str| {
        let path = format!("/sites/{site}/grant_requests");
        let asked = scene.admin.post(&path, &json!({"devices": [ask(permission)]})).await.unwrap().ok().unwrap();
        let path = format!("/my/grant_requests/{}/approve", asked["id"].as_str().unwrap());
        owner.post(&path, &json!({})).await.unwrap().ok().unwrap();
    };
    let is_refused = |page: &Page| page.status == 403 && page.text.contains("The owner has not allowed this");
    assert_eq!(browser.get("/ISAPI/Streaming/channels/101").await.status, 200, "how a stream is set is no picture");
    assert!(is_refused(&picture().await) && is_refused(&search().await));

    allow("live_view").await;
    assert_eq!(picture().await.status, 200);
    assert!(is_refused(&search().await));
    allow("playback").await;
    // The simulated camera keeps no recordings and says so itself.
    let found = search().await;
    assert!(!is_refused(&found) && found.status != 401, "{} {}", found.status, found.text);

    let mails = scene.admin.get("/mails?limit=100").await.unwrap().ok().unwrap();
    let told = mails["items"].as_array().unwrap().iter().filter(|mail| mail["template"] == "permission_used").count();
    assert_eq!(told, 3, "the first use of each: {mails}");
    let log = owner.get(&format!("/my/sites/{site}/access_log?limit=100")).await.unwrap().ok().unwrap();
    let asked = |entry: &&Value| entry["detail"]["request"] == "POST /ISAPI/ContentMgmt/search";
    assert_eq!(log["items"].as_array().unwrap().iter().filter(asked).count(), 1, "{log}");
}
