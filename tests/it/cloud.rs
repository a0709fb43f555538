//! Adding cloud devices through a link, from every state to its end.

use serde_json::{Value, json};
use siteward_simulator::{CloudState, Profile, SimulatorSettings, Site};
use siteward_tests::app::{App, Start};
use siteward_tests::client::Client;
use siteward_tests::lan::{Lan, Link, wait};

const PASSWORD: &str = "Harbour-2026";

struct Scene {
    app: App,
    admin: Client,
    lan: Lan,
    link: Link,
}

async fn scene(settings: SimulatorSettings) -> Scene {
    let app = Start::with_devices().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let lan = Lan::start(settings).await.unwrap();
    let link = lan.site(&admin, "Harbour").await.unwrap();
    Scene { app, admin, lan, link }
}

impl Scene {
    fn label(&self, place: usize) -> &str {
        &self.lan.simulator.devices()[place].label
    }

    fn password(&self, place: usize) -> Value {
        json!({"user_name": "admin", "password": self.lan.simulator.devices()[place].password})
    }

    async fn begin(&self, body: &Value) -> Value {
        let begun = self.admin.post(&format!("/sites/{}/additions", self.link.site), body).await.unwrap();
        assert_eq!(begun.status.as_u16(), 201, "{}", begun.body);
        begun.body
    }

    async fn step(&self, addition: &Value, verb: &str, body: &Value) -> Value {
        let path = format!("/additions/{}/{verb}", addition["id"].as_str().unwrap());
        self.admin.post(&path, body).await.unwrap().ok().unwrap()
    }

    /// Looks again until the device has registered itself.
    async fn registered(&self, addition: Value) -> Value {
        let path = format!("/additions/{}", addition["id"].as_str().unwrap());
        let waits = |body: &Value| body["state"] == "waiting_for_registration";
        wait(|| async { Ok(!waits(&self.admin.get(&path).await?.body)) }).await.unwrap();
        self.admin.get(&path).await.unwrap().ok().unwrap()
    }

    async fn change(&self, place: usize, change: Value) {
        self.lan.simulator.set(place, serde_json::from_value(change).unwrap()).await.unwrap();
    }
}

fn at(addition: &Value) -> (&str, &str) {
    (addition["state"].as_str().unwrap(), addition["next"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanned_label_leads_to_a_device_that_is_watched() {
    let scene = scene(SimulatorSettings::uniform(1, Profile::Camera, 7)).await;
    let scan = format!("/sites/{}/scans", scene.link.site);
    let scanned = scene.admin.post(&scan, &json!({"text": scene.label(0)})).await.unwrap().ok().unwrap();
    assert_eq!((&scanned["kind"], &scanned["import"]), (&json!("label"), &Value::Null));
    let addition = &scanned["addition"];
    assert_eq!(at(addition), ("login_needed", "enter_login"), "{addition}");
    assert_eq!((&addition["has_verification_code"], &addition["has_login"]), (&json!(true), &json!(false)));
    assert_eq!(addition["kind"], "camera");

    let wrong = scene.step(addition, "login", &json!({"user_name": "admin", "password": "Wrong-1"})).await;
    assert_eq!(at(&wrong), ("login_refused", "enter_login"));
    assert_eq!(scene.lan.simulator.view(0).unwrap().counters.logins_refused, 1);
    let added = scene.step(addition, "login", &scene.password(0)).await;
    assert_eq!(at(&added), ("added", "none"), "{added}");
    let path = format!("/devices/{}", added["device_id"].as_str().unwrap());
    let healthy = || async { Ok(scene.admin.get(&path).await?.body["health"] == "healthy") };
    wait(healthy).await.unwrap();
    let device = scene.admin.get(&path).await.unwrap().body;
    assert_eq!((&device["access"], &device["link"]["id"]), (&json!("link"), &json!(scene.link.id)));

    // Nothing of it is told twice: the label scanned again names the device.
    let again = scene.admin.post(&scan, &json!({"text": scene.label(0)})).await.unwrap().ok().unwrap();
    assert_eq!(at(&again["addition"]), ("on_this_site", "open_device"));
    assert_eq!(again["addition"]["device_id"], added["device_id"]);
    let open = scene.admin.get(&format!("/sites/{}/found", scene.link.site)).await.unwrap().body;
    assert_eq!(open["items"][0]["state"], "on_this_site");
    drop(scene.app);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_with_everything_known_is_added_in_one_call() {
    let scene = scene(SimulatorSettings::uniform(1, Profile::Camera, 8)).await;
    let password = &scene.lan.simulator.devices()[0].password;
    let body = json!({"text": scene.label(0), "name": "Gate", "password": password});
    let added = scene.begin(&body).await;
    assert_eq!(at(&added), ("added", "none"), "{added}");
    let device = scene.admin.get(&format!("/devices/{}", added["device_id"].as_str().unwrap())).await.unwrap().body;
    assert_eq!((&device["name"], &device["serial"]), (&json!("Gate"), &added["serial"]));
    assert!(!added.to_string().contains(password.as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_from_its_box_gets_password_and_service_and_goes_on_by_itself() {
    let scene = scene(SimulatorSettings::site(Site::CloudStates, 9)).await;
    let place = CloudState::Fresh.index();
    let begun = scene.begin(&json!({"text": scene.label(place)})).await;
    assert_eq!(at(&begun), ("not_activated", "create_password"), "{begun}");
    let activation = format!("/additions/{}/activation", begun["id"].as_str().unwrap());
    for (password, rule) in [("short", "length"), ("onlysmall", "classes"), ("Nimda-1234", "admin")] {
        let weak = scene.admin.post(&activation, &json!({"password": password})).await.unwrap();
        assert_eq!((weak.status.as_u16(), weak.code()), (422, "device_password_weak"), "{password}");
        assert_eq!(weak.body["details"]["rule"], rule, "{password}");
    }
    let active = scene.step(&begun, "activation", &json!({"password": PASSWORD})).await;
    let service = format!("/additions/{}/service", begun["id"].as_str().unwrap());
    if active["state"] == "service_disabled" {
        for (code, rule) in [("ABCDEF", "default"), ("abc", "length"), ("abc-def", "characters")] {
            let bad = scene.admin.post(&service, &json!({"verification_code": code})).await.unwrap();
            assert_eq!(
                (bad.code(), &bad.body["details"]["rule"]),
                ("verification_code_invalid", &json!(rule)),
                "{code}"
            );
        }
    }
    let enabled = match active["state"].as_str().unwrap() {
        "service_disabled" => scene.step(&begun, "service", &json!({"verification_code": "Harbour26"})).await,
        _ => active,
    };
    let added = scene.registered(enabled).await;
    assert_eq!(at(&added), ("added", "none"), "{added}");
    let view = scene.lan.simulator.view(place).unwrap();
    assert_eq!((view.password.as_str(), view.activated, view.service_enabled, view.dhcp), (PASSWORD, true, true, true));
    let late = scene.admin.post(&activation, &json!({"password": PASSWORD})).await.unwrap();
    assert_eq!((late.status.as_u16(), late.code()), (409, "addition_ended"));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_state_says_what_comes_next() {
    let scene = scene(SimulatorSettings::site(Site::CloudStates, 10)).await;
    for (state, expected) in [
        (CloudState::NotActivated, ("not_activated", "create_password")),
        (CloudState::BoundElsewhere, ("someone_elses", "unbind")),
        (CloudState::BoundToEzviz, ("someone_elses", "unbind")),
        (CloudState::OldRecorder, ("someone_elses", "unbind")),
        (CloudState::Offline, ("unknown", "check_label")),
    ] {
        let begun = scene.begin(&json!({"text": scene.label(state.index())})).await;
        assert_eq!(at(&begun), expected, "{state:?} {begun}");
        assert_eq!(begun["help"].is_object(), state == CloudState::Offline, "{state:?}");
        assert_eq!(begun["unbind"].is_object(), expected.1 == "unbind", "{state:?}");
    }
    let listed = scene.admin.get(&format!("/sites/{}/additions", scene.link.site)).await.unwrap().body;
    assert_eq!(listed["items"].as_array().unwrap().len(), 5);
    let old =
        scene.begin(&json!({"serial": scene.lan.simulator.devices()[CloudState::OldRecorder.index()].serial})).await;
    assert_eq!(old["unbind"], json!({"possible": false, "reason": "firmware"}));
    // Found by its serial alone: the same person's addition goes on.
    assert_eq!(
        scene.admin.get(&format!("/sites/{}/additions", scene.link.site)).await.unwrap().body["items"]
            .as_array()
            .unwrap()
            .len(),
        5
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offline_device_is_added_after_it_was_switched_on_and_checked_again() {
    let scene = scene(SimulatorSettings::site(Site::CloudStates, 11)).await;
    let place = CloudState::Offline.index();
    let password = &scene.lan.simulator.devices()[place].password;
    let begun = scene.begin(&json!({"text": scene.label(place), "password": password})).await;
    assert_eq!(at(&begun), ("unknown", "check_label"), "{begun}");
    assert_eq!(begun["help"]["checks"][0], "serial", "{}", begun["help"]);
    scene.change(place, json!({"power": true})).await;
    let added = scene.step(&begun, "check", &json!({})).await;
    assert_eq!(at(&added), ("added", "none"), "{added}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_verification_code_is_found_out_on_the_device() {
    let scene = scene(SimulatorSettings::site(Site::CloudStates, 12)).await;
    let place = CloudState::WrongLabel.index();
    let password = &scene.lan.simulator.devices()[place].password;
    let begun = scene.begin(&json!({"text": scene.label(place), "password": password})).await;
    assert_eq!(at(&begun), ("wrong_verification_code", "enter_verification_code"), "{begun}");
    let code = scene.lan.simulator.devices()[place].verification_code.clone().unwrap();
    let added = scene.step(&begun, "verification_code", &json!({"verification_code": code})).await;
    assert_eq!(at(&added), ("added", "none"), "{added}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_found_devices_are_activated_named_and_added_in_one_go() {
    let mut settings = SimulatorSettings::uniform(6, Profile::Camera, 13);
    for device in settings.devices.iter_mut().take(4) {
        device.activated = false;
    }
    settings.devices[1].service.enabled = false;
    settings.devices[1].service.code = None;
    let scene = scene(settings).await;
    let devices = scene.lan.simulator.devices();
    let batch = format!("/sites/{}/additions/batch", scene.link.site);
    let mut items: Vec<Value> = devices
        .iter()
        .enumerate()
        .map(|(n, device)| json!({"serial": device.serial, "name": format!("Camera {n}")}))
        .collect();
    items[4]["password"] = json!(devices[4].password);
    items[5]["password"] = json!(devices[5].password);
    let weak = scene.admin.post(&batch, &json!({"items": items, "password": "weak"})).await.unwrap();
    assert_eq!((weak.code(), &weak.body["details"]["index"]), ("device_password_weak", &json!(0)), "{}", weak.body);
    let begun = scene.admin.post(&batch, &json!({"items": items, "password": PASSWORD})).await.unwrap();
    assert_eq!(begun.status.as_u16(), 202, "{}", begun.body);
    assert_eq!(begun.body["items"].as_array().unwrap().len(), 6);
    let path = format!("/devices?site_id={}", scene.link.site);
    let all = || async { Ok(scene.admin.get(&path).await?.body["items"].as_array().is_some_and(|all| all.len() == 6)) };
    let told = wait(all).await;
    let open = scene.admin.get(&format!("/sites/{}/additions", scene.link.site)).await.unwrap().body;
    assert!(told.is_ok(), "{open}");
    let listed = scene.admin.get(&path).await.unwrap().body;
    let names: Vec<&str> = listed["items"].as_array().unwrap().iter().map(|d| d["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Camera 0", "Camera 1", "Camera 2", "Camera 3", "Camera 4", "Camera 5"]);
    assert_eq!(scene.lan.simulator.view(0).unwrap().password, PASSWORD);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_companies_that_add_a_device_at_the_same_instant_one_wins() {
    let scene = scene(SimulatorSettings::uniform(4, Profile::Camera, 14)).await;
    let rival = scene.app.other_admin().await.unwrap();
    let theirs = scene.lan.site(&rival, "Elsewhere").await.unwrap();
    for place in 0..4 {
        let label = json!({"text": scene.label(place)});
        let ours = scene.begin(&label).await;
        let other = rival.post(&format!("/sites/{}/additions", theirs.site), &label).await.unwrap().ok().unwrap();
        let login = scene.password(place);
        let paths = [&ours, &other].map(|one| format!("/additions/{}/login", one["id"].as_str().unwrap()));
        let (one, two) = tokio::join!(scene.admin.post(&paths[0], &login), rival.post(&paths[1], &login));
        let states = [one.unwrap().ok().unwrap(), two.unwrap().ok().unwrap()].map(|one| one["state"].clone());
        let mut sorted = states.clone();
        sorted.sort_by_key(ToString::to_string);
        assert_eq!(sorted, [json!("added"), json!("someone_elses")], "{states:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_sites_that_add_a_device_at_the_same_instant_one_wins_and_the_other_is_told_which() {
    let scene = scene(SimulatorSettings::uniform(3, Profile::Camera, 15)).await;
    let second = scene.lan.site(&scene.admin, "Pier").await.unwrap();
    for place in 0..3 {
        let body = json!({"text": scene.label(place), "password": scene.lan.simulator.devices()[place].password});
        let paths = [&scene.link.site, &second.site].map(|site| format!("/sites/{site}/additions"));
        let (one, two) = tokio::join!(scene.admin.post(&paths[0], &body), scene.admin.post(&paths[1], &body));
        let answers = [one.unwrap().ok().unwrap(), two.unwrap().ok().unwrap()];
        let added = answers.iter().filter(|answer| answer["state"] == "added").count();
        let loser = answers.iter().find(|answer| answer["state"] == "on_other_site");
        assert!(added == 1 && loser.is_some(), "{answers:?}");
        assert!(["Harbour", "Pier"].contains(&loser.unwrap()["other_site"]["name"].as_str().unwrap()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_one_company_never_serves_another() {
    let scene = scene(SimulatorSettings::uniform(2, Profile::Camera, 16)).await;
    let rival = scene.app.other_admin().await.unwrap();
    let made = rival.post("/sites", &json!({"name": "Elsewhere", "time_zone": "Europe/Warsaw"})).await.unwrap().body;
    let site = made["id"].as_str().unwrap();
    let label = json!({"text": scene.label(0), "password": scene.lan.simulator.devices()[0].password});
    let begun = rival.post(&format!("/sites/{site}/additions"), &label).await.unwrap().ok().unwrap();
    assert_eq!((at(&begun), &begun["link"]), (("unknown", "check_label"), &Value::Null), "{begun}");
    assert_eq!(rival.get(&format!("/sites/{site}/found")).await.unwrap().body["items"], json!([]));
    let counters = scene.lan.simulator.view(0).unwrap().counters;
    assert_eq!((counters.logins_ok, counters.logins_refused), (0, 0), "their password went nowhere");
    for path in [format!("/sites/{}/links", scene.link.site), format!("/sites/{}/found", scene.link.site)] {
        assert_eq!(rival.get(&path).await.unwrap().code(), "not_found", "{path}");
    }
    assert_eq!(
        rival.post(&format!("/links/{}/discover", scene.link.id), &json!({})).await.unwrap().code(),
        "not_found"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_given_up_addition_is_gone_and_a_label_needs_one_serial() {
    let scene = scene(SimulatorSettings::uniform(1, Profile::Camera, 17)).await;
    let path = format!("/sites/{}/additions", scene.link.site);
    for (body, code) in [
        (json!({}), "field_invalid"),
        (json!({"serial": "G12345678", "text": "x"}), "field_invalid"),
        (json!({"serial": "12"}), "serial_invalid"),
        (json!({"text": "hello"}), "qr_not_a_label"),
        (json!({"serial": "G12345678", "verification_code": "abc"}), "verification_code_invalid"),
    ] {
        let refused = scene.admin.post(&path, &body).await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.code()), (422, code), "{body}");
    }
    let begun = scene.begin(&json!({"serial": "G12345678"})).await;
    assert_eq!(at(&begun), ("unknown", "check_label"));
    let path = format!("/additions/{}", begun["id"].as_str().unwrap());
    assert_eq!(scene.admin.delete(&path).await.unwrap().status.as_u16(), 204);
    assert_eq!(scene.admin.get(&path).await.unwrap().code(), "not_found");
}
