//! What the API tells of firmwares: the verdict of a device, who runs what, and lists of an Admin's own.

use serde_json::{Value, json};
use siteward_simulator::{Change, Profile, Simulator, SimulatorSettings};
use siteward_tests::app::{App, Start};
use siteward_tests::client::Client;

async fn devices(count: usize) -> Simulator {
    let simulator = Simulator::start(SimulatorSettings::uniform(count, Profile::Camera, 41)).await.unwrap();
    let old = Change { firmware: Some("V5.5.150 build 210120".into()), ..Change::default() };
    simulator.set(0, old).await.unwrap();
    simulator
}

async fn add_all(app: &App, simulator: &Simulator) -> (Client, Vec<Value>) {
    let admin = app.admin().await.unwrap();
    let made = admin.post("/sites", &json!({"name": "Harbour", "time_zone": "Europe/Berlin"})).await.unwrap();
    let mut added = Vec::new();
    for device in simulator.devices() {
        let body = json!({
            "name": "", "host": device.address.to_string(), "port": device.port,
            "user_name": device.user, "password": device.password,
        });
        let path = format!("/sites/{}/devices", made.body["id"].as_str().unwrap());
        added.push(admin.post(&path, &body).await.unwrap().ok().unwrap());
    }
    (admin, added)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vulnerable_device_says_so_with_source_and_remedy_and_its_group_leads_to_it() {
    let simulator = devices(2).await;
    let app = Start::plain().set("DEVICES__ALLOW_LOOPBACK", "true").run().await.unwrap();
    let (admin, added) = add_all(&app, &simulator).await;
    let told = &added[0]["firmware_verdict"];
    assert_eq!(told["verdict"], "vulnerable", "{told}");
    assert_eq!(told["cves"][0]["id"], "CVE-2021-36260");
    assert_eq!(told["cves"][0]["fixed_in"], "build 210625");
    assert!(told["cves"][0]["source"].as_str().unwrap().contains("HSRC-202109-01"), "{told}");
    assert_eq!(added[1]["firmware_verdict"]["verdict"], "fixed");
    assert_eq!(added[0]["compatibility"], Value::Null);

    let fleet = admin.get("/fleet").await.unwrap().ok().unwrap();
    let groups = fleet["groups"].as_array().unwrap();
    assert_eq!((groups.len(), &fleet["more"]), (2, &json!(false)));
    let group = groups.iter().find(|group| group["verdict"] == "vulnerable").unwrap();
    assert_eq!((&group["devices"], &group["cves"]), (&json!(1), &json!(["CVE-2021-36260"])));
    let path = format!(
        "/devices?kind=camera&model={}&firmware={}",
        group["model"].as_str().unwrap(),
        group["firmware"].as_str().unwrap().replace(' ', "+")
    );
    let listed = admin.get(&path).await.unwrap().ok().unwrap();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(listed["items"][0]["id"], added[0]["id"]);
    assert_eq!(listed["items"][0]["firmware_verdict"]["verdict"], "vulnerable");

    let other = app.other_admin().await.unwrap().get("/fleet").await.unwrap().ok().unwrap();
    assert_eq!(other["groups"], json!([]), "another company's devices are not counted");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_own_list_takes_the_place_of_the_shipped_one_and_a_wrong_one_stops_the_start() {
    let simulator = devices(1).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.json");
    let file = path.to_str().unwrap();
    std::fs::write(&path, r#"{"schema": "siteward/known_vulnerabilities/1", "as_of": "2027-01-01", "records": []}"#)
        .unwrap();
    let start = || Start::plain().set("DEVICES__ALLOW_LOOPBACK", "true").set("FIRMWARE__VULNERABILITIES_FILE", file);
    let app = start().run().await.unwrap();
    let (admin, added) = add_all(&app, &simulator).await;
    assert_eq!(added[0]["firmware_verdict"], json!({"verdict": "not_listed", "cves": []}));
    assert_eq!(admin.get("/fleet").await.unwrap().body["vulnerabilities_as_of"], "2027-01-01");
    std::fs::write(&path, r#"{"schema": "siteward/known_vulnerabilities/1", "records": []}"#).unwrap();
    let refused = start().run().await.err().unwrap().to_string();
    assert!(refused.contains("firmware.vulnerabilities_file"), "{refused}");
}
