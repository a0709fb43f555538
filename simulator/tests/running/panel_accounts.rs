//! The accounts of alarm panels.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use siteward_simulator::{Listeners, PanelAccount, PanelAccountView, PanelRole, Profile, Simulator, SimulatorSettings};

use crate::client::{control, element, simulator};
use crate::panel_client::{Session, call, done, refused, sign_in};

const USERS: &str = "/ISAPI/Security/CloudUserManage/users";

fn at(rest: &str) -> String {
    format!("{USERS}{rest}?format=json")
}

fn user(name: &str, role: &str, password: &str) -> Value {
    json!({ "CloudUser": { "userName": name, "password": password, "userType": role } })
}

fn employee(name: &str) -> Value {
    user(name, "installerEmployee", "Staff-word-77")
}

async fn panel() -> (Simulator, Session) {
    let simulator = simulator(SimulatorSettings::uniform(1, Profile::Panel, 1)).await;
    let session = Session::own(&simulator.devices()[0]).await;
    (simulator, session)
}

async fn patch(simulator: &Simulator, panel: Value) -> Value {
    let answer = control(simulator, "PATCH", "/devices/0", &json!({ "panel": panel }).to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn named(simulator: &Simulator, name: &str) -> Option<PanelAccountView> {
    simulator.accounts(0).unwrap().into_iter().find(|account| account.name == name)
}

#[tokio::test]
async fn whoever_is_created_can_sign_in_and_whoever_is_deleted_cannot() {
    let (simulator, session) = panel().await;
    let device = &simulator.devices()[0];
    let answer = session.call("POST", &at(""), &employee("ann.fitter@example.com").to_string()).await;
    let told = answer.json();
    assert_eq!(
        (answer.status, &told["statusCode"], &told["subStatusCode"], &told["indexID"]),
        (200, &1.into(), &"ok".into(), &3.into())
    );
    let hers = Session::of(device, "ann.fitter@example.com", "Staff-word-77").await;
    let list = session.get(&at("")).await;
    assert_eq!(list["CloudUserList"].as_array().unwrap().len(), 3);
    assert_eq!(list["CloudUserList"][2]["CloudUser"]["userType"], "installerEmployee");
    assert!(!list.to_string().contains("assword"), "{list}");
    assert_eq!(session.get(&at("/3")).await, list["CloudUserList"][2]);
    let body = json!({ "CloudUser": { "password": "Other-word-88", "email": "ann@example.com" } });
    assert_eq!(session.write("PUT", &at("/3"), &body).await, done());
    assert_eq!(hers.call("GET", "/ISAPI/SecurityCP/status/zones?format=json", "").await.status, 401);
    Session::of(device, "ann.fitter@example.com", "Other-word-88").await;
    assert_eq!(named(&simulator, "ann.fitter@example.com").unwrap().email, "ann@example.com");
    assert_eq!(session.write("DELETE", &at("/3"), &Value::Null).await, done());
    assert_eq!(sign_in(device, "ann.fitter@example.com", "Other-word-88").await.status, 401);
    assert_eq!(session.write("DELETE", &at("/3"), &Value::Null).await, refused(403, "userInexistence"));
    let view = simulator.view(0).unwrap();
    let counters = view.counters;
    assert_eq!((counters.accounts_created, counters.accounts_deleted, counters.account_passwords_set), (1, 1, 1));
    assert_eq!(view.panel.unwrap().created, [("ann.fitter@example.com".to_owned(), 1)].into());
}

#[tokio::test]
async fn accounts_come_and_go_in_batches_and_are_listed_by_type() {
    let (simulator, session) = panel().await;
    let batch = json!({ "CloudUserList": [employee("ann"), employee("ben"), user("company", "installerAdmin", "Head-word-77")] });
    let path = "/ISAPI/Security/CloudUserManage/usersBatch?format=json";
    assert_eq!(session.write("POST", path, &batch).await, done());
    assert_eq!(session.write("POST", path, &batch).await, refused(403, "userExist"));
    let of_type = session.get(&format!("{}&userType=installerEmployee", at("/byType"))).await;
    assert_eq!(of_type["CloudUserList"].as_array().unwrap().len(), 2);
    let gone = |lists: Value| json!({ "CloudUserDelete": lists });
    let delete = at("/delete");
    assert_eq!(
        session.write("PUT", &delete, &gone(json!({ "userNameList": ["nobody"] }))).await,
        refused(403, "userInexistence")
    );
    assert_eq!(
        session.write("PUT", &delete, &gone(json!({ "userNameList": ["ann", "admin"] }))).await,
        refused(403, "invalidOperation")
    );
    assert_eq!(session.write("PUT", &delete, &gone(json!({ "userNameList": ["ann", "company"] }))).await, done());
    assert_eq!(session.write("PUT", &delete, &gone(json!({ "userTypeList": ["installerEmployee"] }))).await, done());
    let left: Vec<_> = simulator.accounts(0).unwrap().into_iter().map(|account| account.name).collect();
    assert_eq!(left, ["admin", "installer"]);
    let counters = simulator.view(0).unwrap().counters;
    assert_eq!((counters.accounts_created, counters.accounts_deleted), (3, 3));
}

#[tokio::test]
async fn an_installers_company_expires_the_installer_of_the_factory() {
    let (simulator, session) = panel().await;
    let device = &simulator.devices()[0];
    let wake = json!({ "CloudUser": { "enabled": true, "password": "Fitter-word-7" } });
    assert_eq!(session.write("PUT", &at("/2"), &wake).await, done());
    let installer = Session::of(device, "installer", "Fitter-word-7").await;
    let company = user("company", "installerAdmin", "Head-word-77");
    assert_eq!(session.write("POST", &at(""), &company).await, done());
    assert_eq!(installer.call("GET", &at(""), "").await.status, 401);
    assert_eq!(sign_in(device, "installer", "Fitter-word-7").await.status, 401);
    assert_eq!(session.get(&at("/2")).await["CloudUser"]["expired"], true);
    Session::of(device, "company", "Head-word-77").await;
    assert_eq!(session.write("POST", &at(""), &user("owner", "cloudAdmin", "Owner-word-77")).await, done());
    Session::own(device).await;
    patch(&simulator, json!({ "expire_local_admin": true })).await;
    assert_eq!(session.write("POST", &at(""), &user("partner", "cloudAdmin", "Owner-word-77")).await, done());
    assert_eq!(sign_in(device, "admin", &device.password).await.status, 401);
    let digest = crate::client::get(device, "/ISAPI/System/deviceInfo").await;
    assert_eq!(digest.status, 401, "expired is expired for digest too");
}

#[tokio::test]
async fn limits_and_rules_are_told_in_the_panels_words() {
    let (simulator, session) = panel().await;
    for (body, status, word) in [
        (user("admin", "installerEmployee", "Staff-word-77"), 403, "userExist"),
        (user("ann", "installerEmployee", "short-7"), 400, "badParameters"),
        (user("ann", "installerEmployee", "onlyletters"), 400, "riskPassword"),
        (user("ann", "installerEmployee", "much-too-long-for-it-7"), 400, "passwordLenNoMoreThan16"),
        (user(&"n".repeat(33), "installerEmployee", "Staff-word-77"), 400, "badParameters"),
        (user("ann", "janitor", "Staff-word-77"), 400, "badParameters"),
        (user("ann", "localAdmin", "Staff-word-77"), 400, "badParameters"),
        (json!({ "User": {} }), 400, "badParameters"),
    ] {
        assert_eq!(session.write("POST", &at(""), &body).await, refused(status, word), "{body}");
    }
    assert_eq!(session.call("POST", &at(""), "<xml/>").await.json()["subStatusCode"], "badJsonFormat");
    let risky = session.call("POST", &at(""), &user("ann", "installerEmployee", "abcdefg1").to_string()).await;
    assert_eq!(
        (risky.status, &risky.json()["subStatusCode"], &risky.json()["errorCode"]),
        (200, &"riskPassword".into(), &0x1000_0002.into())
    );
    let shown = session.get(&format!("{USERS}/capabilities?format=json")).await;
    assert_eq!(
        (&shown["CloudUserCap"]["isSupportAddCloudUserList"], &shown["CloudUserCap"]["maxUserNum"]),
        (&true.into(), &64.into())
    );
    patch(&simulator, json!({ "user_limit": 4 })).await;
    assert_eq!(session.write("POST", &at(""), &employee("ben")).await, done());
    assert_eq!(session.write("POST", &at(""), &employee("cleo")).await, refused(403, "userMaxNum"));
    assert_eq!(session.write("DELETE", &at("/1"), &Value::Null).await, refused(403, "invalidOperation"));
    assert_eq!(session.write("PATCH", &at("/3"), &Value::Null).await, refused(403, "methodNotAllowed"));
}

#[tokio::test]
async fn the_older_form_is_there_where_the_newer_is_not() {
    let (simulator, session) = panel().await;
    let older = |rest: &str| format!("/ISAPI/SecurityCP/Configuration/users{rest}?format=json");
    let device = &simulator.devices()[0];
    let flag = async || {
        let told = call(device, "GET", "/SDK/capabilities", &session.head, "").await.text();
        element(&told, "isSupportCloudUserManage")
    };
    assert_eq!(flag().await, "true");
    assert_eq!(session.write("GET", &older(""), &Value::Null).await, refused(403, "notSupport"));
    patch(&simulator, json!({ "cloud_user_manage": false })).await;
    assert_eq!(flag().await, "false");
    assert_eq!(session.write("GET", &at(""), &Value::Null).await, refused(403, "notSupport"));
    let body = json!({ "UserCfg": {
        "userName": "ann", "password": "Staff-word-77", "keypadPassword": "4711", "duressEnabled": true,
        "UserPermission": { "userType": "installer" },
    } });
    let answer = session.call("POST", &older(""), &body.to_string()).await;
    assert_eq!((&answer.json()["subStatusCode"], &answer.json()["id"]), (&"ok".into(), &3.into()));
    Session::of(device, "ann", "Staff-word-77").await;
    let list = session.get(&older("")).await;
    let hers = &list["UserCfgList"][2]["UserCfg"];
    assert_eq!((&hers["duressEnabled"], &hers["UserPermission"]["userType"]), (&true.into(), &"installer".into()));
    assert!(!list.to_string().contains("assword"), "{list}");
    let body = json!({ "UserCfg": { "id": 3, "userName": "ann", "password": "Other-word-88" }, "UserPermission": { "userType": "installer" } });
    assert_eq!(session.write("PUT", &older("/3"), &body).await, done());
    assert_eq!(session.get(&older("/3")).await["UserCfg"]["duressEnabled"], true);
    Session::of(device, "ann", "Other-word-88").await;
    let maker = json!({ "UserCfg": { "userName": "x", "password": "Staff-word-77", "UserPermission": { "userType": "manufacturer" } } });
    assert_eq!(session.write("POST", &older(""), &maker).await, refused(400, "badParameters"));
    assert_eq!(session.write("DELETE", &older("/3"), &Value::Null).await, done());
    assert_eq!(session.write("DELETE", &older("/3"), &Value::Null).await, refused(403, "userInexistence"));
}

#[tokio::test]
async fn accounts_are_added_changed_and_removed_by_hand() {
    let (simulator, session) = panel().await;
    let device = &simulator.devices()[0];
    patch(&simulator, json!({ "add_accounts": [{ "name": "ghost", "role": "installerEmployee", "password": "boo" }] }))
        .await;
    assert_eq!(session.get(&at("/3")).await["CloudUser"]["userName"], "ghost");
    Session::of(device, "ghost", "boo").await;
    patch(
        &simulator,
        json!({ "change_accounts": { "ghost": { "password": "whoo" }, "admin": { "password": "Hand-word-77" } } }),
    )
    .await;
    assert_eq!(sign_in(device, "ghost", "boo").await.status, 401);
    Session::of(device, "ghost", "whoo").await;
    let session = Session::of(device, "admin", "Hand-word-77").await;
    let told = control(&simulator, "GET", "/devices/0/accounts", "").await.json();
    assert_eq!((&told[2]["password"], &told[0]["password"]), (&"whoo".into(), &"Hand-word-77".into()));
    let state = patch(&simulator, json!({ "remove_accounts": ["ghost"] })).await;
    assert_eq!((&state["panel"]["accounts"], &state["password"]), (&2.into(), &"Hand-word-77".into()));
    assert_eq!(session.write("GET", &at("/3"), &Value::Null).await, refused(403, "userInexistence"));
    assert_eq!(simulator.view(0).unwrap().counters.accounts_created, 0, "nobody did it over the network");
}

#[tokio::test]
async fn writes_fail_as_often_as_they_are_told_to() {
    let (simulator, session) = panel().await;
    patch(&simulator, json!({ "fail_next_writes": 2, "failing": "busy" })).await;
    assert_eq!(session.write("POST", &at(""), &employee("ann")).await, refused(503, "deviceBusy"));
    assert_eq!(session.get(&at("")).await["CloudUserList"].as_array().unwrap().len(), 2, "reading goes on");
    let arm = "/ISAPI/SecurityCP/control/arm/1?ways=away&format=json";
    assert_eq!(session.write("PUT", arm, &Value::Null).await, refused(503, "deviceBusy"));
    assert_eq!(session.write("POST", &at(""), &employee("ann")).await, done());
    for (how, name, there) in [("answer_lost", "ben", true), ("request_lost", "cleo", false)] {
        patch(&simulator, json!({ "fail_next_writes": 1, "failing": how })).await;
        let device = simulator.devices()[0].clone();
        let (head, body) = (session.head.clone(), employee(name).to_string());
        let lost = tokio::spawn(async move { call(&device, "POST", &at(""), &head, &body).await }).await;
        assert!(lost.is_err(), "an answer came to {how}");
        assert_eq!(named(&simulator, name).is_some(), there, "{how}");
        let again = session.write("POST", &at(""), &employee(name)).await;
        assert_eq!(again, if there { refused(403, "userExist") } else { done() }, "{how}");
    }
    assert_eq!(simulator.view(0).unwrap().panel.unwrap().created["ben"], 1);
}

#[tokio::test]
async fn two_thousand_panels_of_fifty_accounts_answer_at_once() {
    let mut settings = SimulatorSettings::uniform(2_000, Profile::Panel, 7);
    settings.listeners = Listeners::Shared;
    let staff = |number| PanelAccount::new(format!("staff{number}"), PanelRole::InstallerEmployee, "Staff-word-77");
    for device in &mut settings.devices {
        device.panel.accounts = (0..50).map(staff).collect();
    }
    let simulator = simulator(settings).await;
    let started = Instant::now();
    for device in simulator.devices().iter().step_by(97) {
        let session = Session::own(device).await;
        assert_eq!(session.get(&at("")).await["CloudUserList"].as_array().unwrap().len(), 52);
    }
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}
