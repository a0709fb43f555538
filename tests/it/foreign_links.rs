//! One company's link never serves another's request: every route that takes a link, a serial or what came of them.

use http::Method;
use serde_json::{Value, json};
use siteward_simulator::{Profile, SimulatorSettings};
use siteward_tests::app::Start;
use siteward_tests::captcha::work;
use siteward_tests::client::Client;
use siteward_tests::lan::Lan;

async fn solved(client: &Client) -> Value {
    let captcha = client.post("/captchas", &json!({})).await.unwrap().ok().unwrap();
    json!({"id": captcha["id"], "work": work(&captcha["work"]).unwrap()})
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_a_link_of_one_company_is_nothing_to_another() {
    let app = Start::with_devices().run().await.unwrap();
    let (ours, theirs) = (app.admin().await.unwrap(), app.other_admin().await.unwrap());
    let settings = |first: &str, seed| {
        let mut settings = SimulatorSettings::uniform(2, Profile::Camera, seed);
        settings.first = first.parse().unwrap();
        settings
    };
    let our_lan = Lan::start(settings("127.45.1.1", 91)).await.unwrap();
    let their_lan = Lan::start(settings("127.45.2.1", 92)).await.unwrap();
    let link = our_lan.site(&ours, "Harbour").await.unwrap();
    let their_link = their_lan.site(&theirs, "Elsewhere").await.unwrap();
    let (added, free) = (&our_lan.simulator.devices()[0], &our_lan.simulator.devices()[1]);
    let label = json!({"text": added.label, "password": added.password, "name": "Gate"});
    let device = ours.post(&format!("/sites/{}/additions", link.site), &label).await.unwrap().ok().unwrap();
    let device = device["device_id"].as_str().unwrap();
    let open = ours.post(&format!("/sites/{}/additions", link.site), &json!({"text": free.label})).await.unwrap().body;
    let open = open["id"].as_str().unwrap();
    let login = json!({"user_name": free.user, "password": free.password});
    our_lan.simulator.reset_counters();

    // What has an id of ours is not there for them.
    let (site, link_id) = (&link.site, &link.id);
    let empty = Value::Null;
    let serial = json!({"serial": free.serial, "password": free.password});
    let batch = json!({"items": [{"serial": free.serial, "password": free.password}]});
    let name = json!({"name": "Mine"});
    let password = json!({"password": "Installed-2026"});
    let code = json!({"verification_code": "Harbour26"});
    let qr = json!({"device_ids": [device], "kind": "sealed", "password": "Long enough 1", "format": "png"});
    let devices = json!({"device_ids": [device]});
    let here = json!({"site_id": their_link.site});
    let captcha = solved(&theirs).await;
    let unbind = json!({"serial": free.serial, "password": free.password, "captcha": captcha});
    let mut asked = 0;
    for (method, path, body) in [
        (Method::GET, format!("/sites/{site}/links"), &empty),
        (Method::POST, format!("/sites/{site}/links"), &name),
        (Method::PATCH, format!("/links/{link_id}"), &name),
        (Method::DELETE, format!("/links/{link_id}"), &empty),
        (Method::POST, format!("/links/{link_id}/code"), &json!({})),
        (Method::POST, format!("/links/{link_id}/discover"), &json!({})),
        (Method::GET, format!("/sites/{site}/found"), &empty),
        (Method::GET, format!("/sites/{site}/additions"), &empty),
        (Method::POST, format!("/sites/{site}/additions"), &serial),
        (Method::POST, format!("/sites/{site}/additions/batch"), &batch),
        (Method::POST, format!("/sites/{site}/unbind"), &unbind),
        (Method::POST, format!("/sites/{site}/scans"), &json!({"text": free.label})),
        (Method::GET, format!("/additions/{open}"), &empty),
        (Method::DELETE, format!("/additions/{open}"), &empty),
        (Method::POST, format!("/additions/{open}/check"), &json!({})),
        (Method::POST, format!("/additions/{open}/activation"), &password),
        (Method::POST, format!("/additions/{open}/service"), &code),
        (Method::POST, format!("/additions/{open}/login"), &login),
        (Method::POST, format!("/additions/{open}/verification_code"), &code),
        (Method::GET, format!("/devices/{device}"), &empty),
        (Method::PATCH, format!("/devices/{device}"), &name),
        (Method::DELETE, format!("/devices/{device}"), &empty),
        (Method::POST, format!("/devices/{device}/check"), &json!({})),
        (Method::POST, format!("/devices/{device}/move"), &here),
        (Method::POST, format!("/devices/{device}/reboot"), &empty),
        (Method::POST, format!("/devices/{device}/time"), &empty),
        (Method::GET, format!("/devices/{device}/snapshot"), &empty),
        (Method::POST, format!("/devices/{device}/password"), &password),
        (Method::POST, format!("/devices/{device}/remote_sessions"), &empty),
        (Method::POST, "/device_qr".to_owned(), &qr),
        (Method::POST, format!("/sites/{site}/password_changes"), &devices),
        (Method::POST, format!("/sites/{}/password_changes", their_link.site), &devices),
        (Method::POST, format!("/sites/{site}/time"), &empty),
    ] {
        let refused = theirs.send_json(method.clone(), &path, body).await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.code()), (404, "not_found"), "{method} {path}: {}", refused.body);
        asked += 1;
    }
    // Nor do our devices go to a site of theirs.
    let away = ours.post(&format!("/devices/{device}/move"), &here).await.unwrap();
    assert_eq!((away.status.as_u16(), away.code()), (404, "not_found"));

    // A serial of ours, asked for at a site of theirs: no link of theirs sees it, and ours is not asked.
    let their_site = &their_link.site;
    for serial in [&free.serial, &added.serial] {
        let body = json!({"serial": serial, "user_name": "admin", "password": free.password});
        let begun = theirs.post(&format!("/sites/{their_site}/additions"), &body).await.unwrap().ok().unwrap();
        let expected = if *serial == free.serial { "unknown" } else { "someone_elses" };
        assert_eq!(
            (&begun["state"], &begun["link"], &begun["host"]),
            (&json!(expected), &Value::Null, &Value::Null),
            "{begun}"
        );
        for (step, body) in [("check", json!({})), ("login", login.clone())] {
            let path = format!("/additions/{}/{step}", begun["id"].as_str().unwrap());
            let answer = theirs.post(&path, &body).await.unwrap();
            assert_eq!(answer.body["state"], expected, "{step} {}", answer.body);
        }
        let captcha = solved(&theirs).await;
        let unbind = json!({"serial": serial, "password": free.password, "captcha": captcha});
        let refused = theirs.post(&format!("/sites/{their_site}/unbind"), &unbind).await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.code()), (409, "not_on_this_lan"), "{}", refused.body);
    }
    let found = theirs.get(&format!("/sites/{their_site}/found")).await.unwrap().body;
    let serials: Vec<&str> =
        found["items"].as_array().unwrap().iter().map(|one| one["serial"].as_str().unwrap()).collect();
    assert!(
        serials.len() == 2 && !serials.contains(&free.serial.as_str()) && !serials.contains(&added.serial.as_str())
    );

    let counters = our_lan.simulator.view(1).unwrap().counters;
    assert_eq!((counters.logins_ok, counters.logins_refused), (0, 0), "the free device was asked for nothing");
    let counters = our_lan.simulator.view(0).unwrap().counters;
    assert_eq!((counters.logins_refused, counters.reboots), (0, 0));
    assert!(ours.get(&format!("/devices/{device}")).await.unwrap().status.is_success());
    assert_eq!(asked, 33);
}
