//! Accounts on alarm panels follow sites, staff and grants (R-A1 to R-A4), read on the panel itself.

pub(crate) mod scene;

use serde_json::{Value, json};
use siteward_domain::StaffId;
use siteward_domain::site::SiteStatus;
use siteward_domain::staff::Right;
use siteward_simulator::PanelRole;
use siteward_store::panel_passwords::{self, Holder};
use siteward_tests::app::{ADMIN, PASSWORD};

use scene::{Scene, make_site, panels};

/// The Admin's user name on panels.
pub(crate) const ON_PANEL: &str = ADMIN;

const ANNA: &str = "anna@example.com";
const BORIS: &str = "boris@example.com";

/// The table of what may change, one after the other, on one panel.
async fn follow_everything(older: bool) {
    let scene = Scene::start(panels(1, older)).await;
    let (admin, site) = (&scene.admin, scene.site.clone());
    scene.member(ANNA, Right::ManageAssignedSites).await;
    let manager = scene.member(BORIS, Right::ManageAllSites).await;
    let device = scene.add(0, &site).await;
    scene.has(0, &[ON_PANEL, BORIS]).await;
    let role_of_admin = scene.on_panel(0)[ON_PANEL].0;
    assert_eq!(role_of_admin, if older { PanelRole::InstallerEmployee } else { PanelRole::InstallerAdmin });
    assert_eq!(scene.on_panel(0)[BORIS].0, PanelRole::InstallerEmployee);

    scene.managers(&site, &[(ANNA, None)]);
    scene.has(0, &[ON_PANEL, ANNA, BORIS]).await;
    scene.managers(&site, &[]);
    scene.has(0, &[ON_PANEL, BORIS]).await;
    scene.managers(&site, &[(ANNA, Some(1_500))]);
    scene.has(0, &[ON_PANEL, ANNA, BORIS]).await;
    // By itself, when the assignment ends.
    scene.has(0, &[ON_PANEL, BORIS]).await;

    let (anna, boris) = (scene.app.staff_id(ANNA).unwrap(), scene.app.staff_id(BORIS).unwrap());
    let role_of = async |id: &StaffId| {
        let member = admin.get(&format!("/staff/{id}")).await.unwrap().ok().unwrap();
        member["role"]["id"].as_str().unwrap().to_owned()
    };
    let (of_anna, of_boris) = (role_of(&anna).await, role_of(&boris).await);
    let give = async |role: &str| {
        let path = format!("/staff/{anna}");
        admin.patch(&path, &json!({"role_id": role})).await.unwrap().ok().unwrap();
    };
    give(&of_boris).await;
    scene.has(0, &[ON_PANEL, ANNA, BORIS]).await;
    give(&of_anna).await;
    scene.has(0, &[ON_PANEL, BORIS]).await;

    admin.post(&format!("/staff/{boris}/disable"), &Value::Null).await.unwrap().ok().unwrap();
    scene.has(0, &[ON_PANEL]).await;
    admin.post(&format!("/staff/{boris}/enable"), &Value::Null).await.unwrap().ok().unwrap();
    scene.has(0, &[ON_PANEL, BORIS]).await;
    assert_eq!(manager.get("/session").await.unwrap().status, 401);

    let mut boris_again = scene.app.stranger();
    boris_again.sign_in(BORIS, PASSWORD).await.unwrap().ok().unwrap();
    scene.has_password(0, BORIS, PASSWORD).await;
    let change = json!({"password": PASSWORD, "new_password": "Another-one-8"});
    boris_again.post("/profile/password", &change).await.unwrap().ok().unwrap();
    scene.has_password(0, BORIS, "Another-one-8").await;

    let villa = make_site(admin, "Villa").await;
    scene.managers(&villa, &[(ANNA, None)]);
    admin.post(&format!("/devices/{device}/move"), &json!({"site_id": villa})).await.unwrap().ok().unwrap();
    scene.has(0, &[ON_PANEL, ANNA, BORIS]).await;
    admin.post(&format!("/devices/{device}/move"), &json!({"site_id": site})).await.unwrap().ok().unwrap();
    scene.has(0, &[ON_PANEL, BORIS]).await;

    for (status, names) in [
        (SiteStatus::NotAccepted, vec![ON_PANEL, BORIS]),
        (SiteStatus::NotAuthorized, vec![]),
        (SiteStatus::Authorized, vec![ON_PANEL, BORIS]),
        (SiteStatus::NotAuthorized, vec![]),
        (SiteStatus::NotInvited, vec![ON_PANEL, BORIS]),
    ] {
        scene.status(&site, status);
        scene.has(0, &names).await;
    }

    admin.delete(&format!("/devices/{device}")).await.unwrap().ok().unwrap();
    scene.has(0, &[]).await;
    let exits = scene.told("/panel_exits", |page| page["items"][0]["state"] == "clean").await;
    let exit = &exits["items"][0];
    let proof = admin.get(&format!("/panel_exits/{}", exit["id"].as_str().unwrap())).await.unwrap().ok().unwrap();
    let off: Vec<&str> =
        proof["removed"].as_array().unwrap().iter().map(|one| one["user_name"].as_str().unwrap()).collect();
    assert!(off.len() == 2 && off.contains(&ON_PANEL) && off.contains(&BORIS), "{proof}");
    let left = proof["remaining"].as_array().unwrap();
    assert!(left.iter().any(|one| one["user_name"] == "admin") && left.len() == 2, "{proof}");

    let device = scene.add(0, &villa).await;
    scene.has(0, &[ON_PANEL, ANNA, BORIS]).await;
    admin.delete(&format!("/sites/{villa}")).await.unwrap().ok().unwrap();
    scene.has(0, &[]).await;
    let exits = scene.told("/panel_exits", |page| page["items"][0]["state"] == "clean").await;
    assert_eq!((&exits["items"][0]["device_id"], &exits["items"][0]["site_name"]), (&json!(device), &json!("Villa")));
    let gone = admin.get(&format!("/staff/{anna}/panel_accounts")).await.unwrap().ok().unwrap();
    assert_eq!(gone["items"], json!([]));
    assert!(gone["removed"].as_array().unwrap().iter().all(|one| one["user_name"] == ANNA), "{gone}");
    assert_eq!(gone["removed"][0]["site_name"], "Villa");
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_on_a_panel_follow_everything_that_decides_about_them() {
    follow_everything(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_on_an_older_panel_follow_everything_too() {
    follow_everything(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_on_a_panel_is_told_once_and_goes_on_order_only() {
    let scene = Scene::start(panels(1, false)).await;
    let device = scene.add(0, &scene.site).await;
    scene.account(&device, ON_PANEL, "waiting_for_sign_in").await;
    let ghost = json!({"name": "ghost", "role": "installerEmployee", "password": "Boo-12345"});
    let keypad = json!({"name": "grandma", "role": "localOperator", "password": "Cat-12345"});
    scene.set(0, json!({"panel": {"add_accounts": [ghost, keypad]}})).await;
    let found = scene.account(&device, "ghost", "unexpected").await;
    assert_eq!((&found["person"], &found["role"]), (&Value::Null, &json!("installer_employee")));
    scene.periods(&device, 3).await;
    assert_eq!(scene.events(&device, "panel_drift_found"), 1);
    scene.has(0, &[ON_PANEL, "ghost", "grandma"]).await;

    let wanted = scene.account(&device, ON_PANEL, "waiting_for_sign_in").await;
    let remove = |one: &Value| format!("/devices/{device}/panel_accounts/{}", one["id"].as_str().unwrap());
    assert_eq!(scene.admin.delete(&remove(&wanted)).await.unwrap().code(), "panel_account_wanted");
    scene.status(&scene.site, SiteStatus::NotAuthorized);
    assert_eq!(scene.admin.delete(&remove(&found)).await.unwrap().code(), "site_not_authorized");
    let compare = format!("/devices/{device}/panel_accounts/check");
    assert_eq!(scene.admin.post(&compare, &Value::Null).await.unwrap().code(), "site_not_authorized");
    scene.status(&scene.site, SiteStatus::NotInvited);
    scene.admin.delete(&remove(&found)).await.unwrap().ok().unwrap();
    scene.has(0, &[ON_PANEL, "grandma"]).await;
    scene.told(&format!("/devices/{device}/panel_accounts"), |list| list["items"].as_array().unwrap().len() == 1).await;
    assert_eq!(scene.admin.delete(&remove(&found)).await.unwrap().status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panel_that_was_off_gets_the_newest_password_and_nothing_is_kept_of_it() {
    let scene = Scene::start(panels(1, false)).await;
    let device = scene.add(0, &scene.site).await;
    scene.account(&device, ON_PANEL, "waiting_for_sign_in").await;
    let mut admin = scene.app.stranger();
    admin.sign_in(ADMIN, PASSWORD).await.unwrap().ok().unwrap();
    scene.account(&device, ON_PANEL, "there").await;
    let company = scene.app.store.read(siteward_store::companies::list_companies).unwrap().remove(0).id;
    let held = || {
        let id = scene.app.staff_id(ADMIN).unwrap();
        scene.app.store.read(|conn| panel_passwords::find(conn, Holder::Staff(&company, &id))).unwrap()
    };
    assert!(held().is_none());
    let set_before = scene.counters(0).account_passwords_set;

    scene.set(0, json!({"power": false})).await;
    for (old, new) in [(PASSWORD, "Second-pass-2"), ("Second-pass-2", "Third-pass-3")] {
        let answer = admin.post("/profile/password", &json!({"password": old, "new_password": new})).await.unwrap();
        admin.adopt(&answer).unwrap();
    }
    assert_eq!(held().unwrap().version, 3);
    let path = format!("/devices/{device}/panel_accounts");
    scene.asked(&admin, &path, |list| list["state"]["reason_code"] == "device_unreachable").await;
    scene.set(0, json!({"power": true})).await;
    scene.has_password(0, ON_PANEL, "Third-pass-3").await;
    scene.until_none(held).await;
    assert_eq!(scene.counters(0).account_passwords_set, set_before + 1, "only the newest");
    assert_eq!(scene.created(0, ON_PANEL), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_too_long_for_panels_is_said_and_the_next_one_delivered() {
    let scene = Scene::start(panels(1, false)).await;
    let device = scene.add(0, &scene.site).await;
    scene.account(&device, ON_PANEL, "waiting_for_sign_in").await;
    let mut admin = scene.app.stranger();
    admin.sign_in(ADMIN, PASSWORD).await.unwrap().ok().unwrap();
    scene.has_password(0, ON_PANEL, PASSWORD).await;
    let long = "Seventeen-chars-7";
    assert_eq!(long.len(), 17);
    let answer = admin.post("/profile/password", &json!({"password": PASSWORD, "new_password": long})).await.unwrap();
    admin.adopt(&answer).unwrap();
    let refused = account_of(&admin, &scene, &device, "refused").await;
    assert_eq!(refused["reason_code"], "password_too_long_for_panel");
    let sets = scene.counters(0).account_passwords_set;
    tokio::time::sleep(std::time::Duration::from_millis(2_500)).await;
    assert_eq!((scene.counters(0).account_passwords_set, scene.names(0)), (sets, vec![ON_PANEL.to_owned()]));
    let answer =
        admin.post("/profile/password", &json!({"password": long, "new_password": "Short-enough-1"})).await.unwrap();
    admin.adopt(&answer).unwrap();
    scene.has_password(0, ON_PANEL, "Short-enough-1").await;
    let there = account_of(&admin, &scene, &device, "there").await;
    assert_eq!((&there["reason_code"], &there["password"]), (&Value::Null, &json!("own")));
}

async fn account_of(admin: &siteward_tests::client::Client, scene: &Scene, device: &str, state: &str) -> Value {
    let list = scene
        .asked(admin, &format!("/devices/{device}/panel_accounts"), |list| list["items"][0]["state"] == state)
        .await;
    list["items"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_panel_says_so_and_takes_the_account_when_there_is_room() {
    let scene = Scene::start(panels(1, false)).await;
    scene.member(BORIS, Right::ManageAllSites).await;
    // Its own two, and one place more.
    scene.set(0, json!({"panel": {"user_limit": 3}})).await;
    let device = scene.add(0, &scene.site).await;
    let path = format!("/devices/{device}/panel_accounts");
    let is_full = |list: &Value| list["items"].as_array().unwrap().iter().any(|one| one["reason_code"] == "panel_full");
    let full = scene.told(&path, is_full).await;
    assert_eq!(full["items"].as_array().unwrap().iter().filter(|one| one["state"] == "refused").count(), 1);
    assert_eq!(scene.names(0).len(), 1);
    scene.set(0, json!({"panel": {"user_limit": 9}})).await;
    scene.has(0, &[ON_PANEL, BORIS]).await;
    for name in [ON_PANEL, BORIS] {
        scene.account(&device, name, "waiting_for_sign_in").await;
        assert_eq!(scene.created(0, name), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_get_lost_make_no_account_twice_and_leave_none() {
    let scene = Scene::start(panels(1, false)).await;
    for number in 0..4 {
        scene.member(&format!("m{number}@example.com"), Right::ManageAllSites).await;
    }
    scene.set(0, json!({"panel": {"fail_next_writes": 3, "failing": "answer_lost"}})).await;
    let device = scene.add(0, &scene.site).await;
    let all = [ON_PANEL, "m0@example.com", "m1@example.com", "m2@example.com", "m3@example.com"];
    scene.has(0, &all).await;
    for name in all {
        scene.account(&device, name, "waiting_for_sign_in").await;
        assert_eq!(scene.created(0, name), 1, "{name}");
    }
    assert_eq!(scene.events(&device, "panel_account_added"), all.len());
    scene.set(0, json!({"panel": {"fail_next_writes": 3, "failing": "answer_lost"}})).await;
    scene.admin.delete(&format!("/devices/{device}")).await.unwrap().ok().unwrap();
    scene.has(0, &[]).await;
    let exits = scene.told("/panel_exits", |page| page["items"][0]["state"] == "clean").await;
    let path = format!("/panel_exits/{}", exits["items"][0]["id"].as_str().unwrap());
    let proof = scene.admin.get(&path).await.unwrap().ok().unwrap();
    assert_eq!(proof["removed"].as_array().unwrap().len(), all.len(), "{proof}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_login_is_not_repeated_and_a_new_one_goes_on_at_once() {
    let scene = Scene::start(panels(1, false)).await;
    let device = scene.add(0, &scene.site).await;
    scene.has(0, &[ON_PANEL]).await;
    scene.set(0, json!({"password": "Changed-by-hand-1"})).await;
    scene.member(BORIS, Right::ManageAllSites).await;
    scene
        .told(&format!("/devices/{device}/panel_accounts"), |list| {
            list["state"]["reason_code"] == "device_login_refused"
        })
        .await;
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    // The poller and the comparison may each have met it once, at the same moment.
    assert!(scene.counters(0).logins_refused <= 2, "{}", scene.counters(0).logins_refused);
    let waiting = scene.account(&device, BORIS, "adding").await;
    assert_eq!(waiting["password"], "none");
    let new = json!({"password": "Changed-by-hand-1"});
    scene.admin.patch(&format!("/devices/{device}"), &new).await.unwrap().ok().unwrap();
    scene.has(0, &[ON_PANEL, BORIS]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_panels_hold_up_nobody() {
    let scene = Scene::start(panels(12, false)).await;
    for place in 0..10 {
        scene.add(place, &scene.site).await;
    }
    for place in 0..10 {
        scene.has(place, &[ON_PANEL]).await;
        scene.set(place, json!({"delay_ms": 2_000})).await;
    }
    scene.member(BORIS, Right::ManageAllSites).await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let began = std::time::Instant::now();
    scene.add(10, &scene.site).await;
    scene.has(10, &[ON_PANEL, BORIS]).await;
    assert!(began.elapsed() < std::time::Duration::from_secs(10), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panel_added_again_while_it_leaves_keeps_its_accounts() {
    let scene = Scene::start(panels(1, false)).await;
    let first = scene.add(0, &scene.site).await;
    scene.account(&first, ON_PANEL, "waiting_for_sign_in").await;
    scene.set(0, json!({"panel": {"fail_next_writes": 1000, "failing": "busy"}})).await;
    scene.admin.delete(&format!("/devices/{first}")).await.unwrap().ok().unwrap();
    scene.told("/panel_exits", |page| page["items"][0]["waiting_for"] == json!([ON_PANEL])).await;
    let second = scene.add(0, &scene.site).await;
    scene.set(0, json!({"panel": {"fail_next_writes": 0}})).await;
    let exits = scene.told("/panel_exits", |page| page["items"][0]["state"] == "superseded").await;
    assert_eq!(exits["items"].as_array().unwrap().len(), 1);
    scene.account(&second, ON_PANEL, "waiting_for_sign_in").await;
    assert_eq!((scene.names(0), scene.created(0, ON_PANEL)), (vec![ON_PANEL.to_owned()], 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exit_that_cannot_go_on_is_given_up_by_the_admin_alone() {
    let scene = Scene::start(panels(1, false)).await;
    let manager = scene.member(BORIS, Right::ManageAllSites).await;
    let device = scene.add(0, &scene.site).await;
    scene.account(&device, BORIS, "waiting_for_sign_in").await;
    scene.set(0, json!({"power": false})).await;
    scene.admin.delete(&format!("/devices/{device}")).await.unwrap().ok().unwrap();
    let exits = scene.told("/panel_exits", |page| page["items"][0]["reason_code"] == "device_unreachable").await;
    let exit = format!("/panel_exits/{}", exits["items"][0]["id"].as_str().unwrap());
    let give_up = format!("{exit}/give_up");
    assert_eq!(manager.post(&give_up, &Value::Null).await.unwrap().code(), "right_missing");
    scene.admin.post(&give_up, &Value::Null).await.unwrap().ok().unwrap();
    let ended = scene.admin.get(&exit).await.unwrap().ok().unwrap();
    assert_eq!((&ended["state"], &ended["reason_code"]), (&json!("given_up"), &json!("device_unreachable")));
    assert!(ended["ended_by"].is_string() && ended["remaining"].as_array().unwrap().len() == 2, "{ended}");
    assert_eq!(scene.admin.post(&give_up, &Value::Null).await.unwrap().code(), "panel_exit_ended");
}
