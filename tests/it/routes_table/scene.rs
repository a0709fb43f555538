//! The callers, and what they ask about: a site with one of everything for the manager, one for the Admin, and one that was handed
//! over to its owner.

use std::collections::BTreeMap;

use chrono::{Duration, Utc};
use serde_json::{Value, json};
use siteward_domain::mail::MailLanguage;
use siteward_domain::staff::Right;
use siteward_domain::upgrade::Stages;
use siteward_domain::{DeviceId, FirmwareFileId, UpgradeId};
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_store::firmware_files::{self, NewFirmwareFile};
use siteward_store::upgrades::{self, NewUpgrade, NewUpgradeDevice, Step};
use siteward_store::{companies, mails};
use siteward_tests::app::{ADMIN, App, Start};
use siteward_tests::client::Client;
use siteward_tests::picture::export_text;
use siteward_worker::mail::{address, test_letter};

use super::owner::become_owner;
use super::{CALLERS, NOTHING, custody, permissions};

/// Somebody who asks, and what they ask about.
pub(super) struct Caller {
    pub(super) name: &'static str,
    pub(super) client: Client,
    pub(super) ids: Ids,
}

/// A server with everybody.
pub(super) struct Scene {
    pub(super) app: App,
    /// In the order of [`CALLERS`].
    pub(super) callers: Vec<Caller>,
    _simulator: Simulator,
}

/// What stands for the parameters of paths.
#[derive(Debug, Clone, Default)]
pub(super) struct Ids(BTreeMap<&'static str, String>);

impl Ids {
    /// Every id is one that nothing has.
    pub(super) fn of_nothing() -> Self {
        Self::default()
    }

    /// Puts an id in the place of a parameter.
    pub(super) fn put(&mut self, parameter: &'static str, id: impl Into<String>) {
        self.0.insert(parameter, id.into());
    }

    /// The id that stands for a parameter.
    pub(super) fn of(&self, parameter: &str) -> &str {
        self.0.get(parameter).map_or(NOTHING, String::as_str)
    }

    /// A path with its parameters filled in.
    pub(super) fn fill(&self, template: &str) -> String {
        let mut path = String::new();
        for part in template.split('/').skip(1) {
            path.push('/');
            match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                Some("position") => path.push('0'),
                Some("zone" | "channel") => path.push('1'),
                Some("template") => path.push_str("handover_invitation"),
                Some("language") => path.push_str("ru"),
                Some(parameter) => path.push_str(self.of(parameter)),
                None => path.push_str(part),
            }
        }
        path
    }
}

impl Scene {
    pub(super) async fn start() -> Self {
        let app = Start::plain().set("DEVICES__ALLOW_LOOPBACK", "true").run().await.unwrap();
        let admin = app.admin().await.unwrap();
        let simulator = Simulator::start(SimulatorSettings::uniform(3, Profile::Camera, 5)).await.unwrap();
        let rights = Right::lacking(Right::ALL, &[Right::ManageAllSites]);
        let mut clients = BTreeMap::from([("stranger", app.stranger()), ("member", app.installer().await.unwrap())]);
        for name in ["outsider", "expired", "manager"] {
            clients.insert(name, app.member_with(&format!("{name}@example.com"), &rights).await.unwrap());
        }
        clients.insert("rival", app.other_admin().await.unwrap());
        let mut of_manager = furnish(&app, &admin, &simulator, 0).await;
        app.assign("manager@example.com", &of_manager.fill("/{site_id}")[1..], None).unwrap();
        let ended = Some(Utc::now() - Duration::seconds(1));
        app.assign("expired@example.com", &of_manager.fill("/{site_id}")[1..], ended).unwrap();
        let mut of_admin = furnish(&app, &admin, &simulator, 1).await;
        open_remote_session(&clients["manager"], &mut of_manager).await;
        open_remote_session(&admin, &mut of_admin).await;
        let (owner, of_owner) = become_owner(&app, &admin, &simulator).await;
        clients.insert("owner", owner);
        clients.insert("guest", app.end_user("guest@example.com").await.unwrap());
        clients.insert("admin", admin);
        let mut callers = Vec::new();
        for name in CALLERS {
            let mut ids = match name {
                "admin" => of_admin.clone(),
                "owner" | "guest" => of_owner.clone(),
                _ => of_manager.clone(),
            };
            introduce(&app, &clients["admin"], name, &mut ids).await;
            callers.push(Caller { name, client: clients[name].clone(), ids });
        }
        Self { app, callers, _simulator: simulator }
    }

    pub(super) fn caller(&self, name: &str) -> &Caller {
        self.callers.iter().find(|caller| caller.name == name).unwrap()
    }
}

/// A site with a device, an import, a link and an addition, and a mail.
pub(super) async fn furnish(app: &App, admin: &Client, simulator: &Simulator, place: usize) -> Ids {
    let body = json!({"name": format!("Harbour {place}"), "time_zone": "Europe/Berlin"});
    let made = admin.post("/sites", &body).await.unwrap();
    let site = made.body["id"].as_str().unwrap().to_owned();
    let handle = &simulator.devices()[place];
    let body = json!({
        "host": handle.address.to_string(), "port": handle.port, "user_name": handle.user, "password": handle.password,
    });
    let device = admin.post(&format!("/sites/{site}/devices"), &body).await.unwrap().ok().unwrap();
    let listed = serde_json::to_value(simulator.devices()).unwrap();
    let text = export_text(listed.as_array().unwrap(), None).unwrap();
    let scan = admin.post(&format!("/sites/{site}/scans"), &json!({"text": text})).await.unwrap().ok().unwrap();
    let link = admin.post(&format!("/sites/{site}/links"), &json!({"name": "Box"})).await.unwrap().ok().unwrap();
    let label = json!({"serial": format!("G1234567{place}")});
    let addition = admin.post(&format!("/sites/{site}/additions"), &label).await.unwrap().ok().unwrap();
    let mut ids = Ids::default();
    for (parameter, made) in
        [("device_id", &device), ("import_id", &scan["import"]), ("link_id", &link["link"]), ("addition_id", &addition)]
    {
        ids.put(parameter, text_of(&made["id"]));
    }
    let rules = admin.get(&format!("/sites/{site}/exception_rules")).await.unwrap().ok().unwrap();
    ids.put("exception_rule_id", text_of(&rules["items"][0]["id"]));
    let window = json!({"minutes": 60, "repeats": "once"});
    let window = admin.post(&format!("/sites/{site}/maintenance_windows"), &window).await.unwrap().ok().unwrap();
    ids.put("maintenance_window_id", text_of(&window["id"]));
    let rule = json!({
        "name": "R", "source": {"device_id": device["id"], "kind": "motion"}, "actions": [{"kind": "webhook"}],
    });
    let rule = admin.post(&format!("/sites/{site}/linkage_rules"), &rule).await.unwrap().ok().unwrap();
    ids.put("linkage_rule_id", text_of(&rule["id"]));
    ids.put("site_id", &site);
    ids.put("mail_id", mail(app));
    let channel = json!({"device_id": device["id"], "channel": 1, "permissions": []});
    let share = json!({"email": format!("receiver{place}@example.com"), "language": "en", "channels": [channel]});
    let share = admin.post(&format!("/sites/{site}/handovers"), &share).await.unwrap().ok().unwrap();
    ids.put("handover_id", text_of(&share["id"]));
    let webhook = json!({"name": "Desk", "url": "http://127.0.0.1:9/hook"});
    let webhook = admin.post("/webhooks", &webhook).await.unwrap().ok().unwrap();
    ids.put("webhook_id", text_of(&webhook["webhook"]["id"]));
    let (file, upgrade) = upgrade(app, &text_of(&device["id"]), place);
    ids.put("firmware_file_id", file);
    ids.put("upgrade_id", upgrade);
    permissions::furnish(app, &mut ids);
    custody::furnish(app, &mut ids, place);
    ids
}

/// A colleague, an invitation and a role that only this caller asks about.
async fn introduce(app: &App, admin: &Client, name: &str, ids: &mut Ids) {
    let email = format!("colleague-of-{name}@example.com");
    app.member_with(&email, &[]).await.unwrap();
    ids.put("staff_id", app.staff_id(&email).unwrap().to_string());
    let role = json!({"name": format!("For the {name}"), "rights": []});
    let role = admin.post("/roles", &role).await.unwrap().ok().unwrap();
    ids.put("role_id", text_of(&role["id"]));
    let roles = admin.get("/roles").await.unwrap().body;
    let installer = roles["items"].as_array().unwrap().iter().find(|role| role["name"] == "Installer").unwrap();
    let invitation = json!({
        "email": format!("for-{name}@example.com"), "name": "Boris", "role_id": installer["id"], "language": "en",
    });
    let invitation = admin.post("/staff_invitations", &invitation).await.unwrap().ok().unwrap();
    ids.put("invitation_id", text_of(&invitation["id"]));
}

async fn open_remote_session(client: &Client, ids: &mut Ids) {
    let path = ids.fill("/devices/{device_id}/remote_sessions");
    let opened = client.post(&path, &Value::Null).await.unwrap().ok().unwrap();
    ids.put("remote_session_id", text_of(&opened["id"]));
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A mail that waits in the outbox of the first company.
fn mail(app: &App) -> String {
    let now = chrono::Utc::now();
    let written = app.store.write(|conn| {
        let company = companies::list_companies(conn)?.remove(0);
        let mut mail =
            address(&company, "a@example.com", test_letter(MailLanguage::En, &company.name, "http://s"), now);
        let content_type = "text/plain".to_owned();
        mail.attachments = vec![mails::Attachment { file_name: "a.txt".to_owned(), content_type, body: vec![65] }];
        mails::create_mail(conn, &mail, now)?;
        Ok(mail.id)
    });
    written.unwrap().to_string()
}

/// A firmware file, and an upgrade of a device that begins tomorrow.
fn upgrade(app: &App, device: &str, place: usize) -> (String, String) {
    let (now, person) = (Utc::now(), app.staff_id(ADMIN).unwrap());
    let device: DeviceId = device.parse().unwrap();
    let made = app.store.write(|conn| {
        let company = companies::list_companies(conn)?.remove(0).id;
        let file = NewFirmwareFile {
            id: FirmwareFileId::generate(now),
            company_id: company.clone(),
            sha256: place.to_string().repeat(64),
            size: 1,
            file_name: "digicap.dav".to_owned(),
            uploaded_by: person.clone(),
        };
        firmware_files::create(conn, &file, now)?;
        let step = Step { file_id: FirmwareFileId::generate(now), version: "V9.0".to_owned() };
        let new = NewUpgrade {
            id: UpgradeId::generate(now),
            company_id: company,
            created_by: person.clone(),
            created_by_name: "Alex".to_owned(),
            starts_at: now + Duration::days(1),
            window: None,
            waits_until: now + Duration::days(2),
            stages: Stages::sensible(1),
            devices: vec![NewUpgradeDevice {
                device_id: device.clone(),
                steps: vec![step],
                from_version: "V1.0".to_owned(),
            }],
        };
        upgrades::create(conn, &new, now)?;
        Ok((file.id.to_string(), new.id.to_string()))
    });
    made.unwrap()
}
