//! Site managers (R-S4): who is assigned to which site and until when, and what replaces what.

use chrono::{DateTime, Duration, Utc};
use http::Method;
use serde_json::{Value, json};
use siteward_domain::staff::Right;
use siteward_tests::app::App;
use siteward_tests::client::{Answer, Client};

struct Scene {
    app: App,
    admin: Client,
}

impl Scene {
    async fn start() -> Self {
        let app = App::start().await.unwrap();
        let admin = app.admin().await.unwrap();
        Self { app, admin }
    }

    async fn site(&self, name: &str) -> String {
        site_of(&self.admin, name).await
    }

    /// An installer with the usual rights; gives their id.
    async fn installer(&self, name: &str) -> String {
        let email = format!("{name}@example.com");
        self.app.member_with(&email, &[Right::ManageAssignedSites]).await.unwrap();
        self.app.staff_id(&email).unwrap().to_string()
    }

    async fn put(&self, sites: &[String], managers: &Value) -> Answer {
        let body = json!({"site_ids": sites, "managers": managers});
        self.admin.send_json(Method::PUT, "/site_managers", &body).await.unwrap()
    }

    /// Id, why, end and whether that has come, of each manager of a site but the Admin.
    async fn managers(&self, site: &str) -> Vec<(String, String, Value, bool)> {
        let listed = self.admin.get(&format!("/sites/{site}/managers")).await.unwrap().ok().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let told = |one: &Value| {
            let expired = one["expired"].as_bool().unwrap();
            (text(&one["staff_id"]), text(&one["because"]), one["expires_at"].clone(), expired)
        };
        let mut told: Vec<_> =
            listed["items"].as_array().unwrap().iter().filter(|one| one["because"] != "admin").map(told).collect();
        told.sort_by(|one, other| one.0.cmp(&other.0));
        told
    }
}

async fn site_of(client: &Client, name: &str) -> String {
    let made = client.post("/sites", &json!({"name": name, "time_zone": "Europe/Berlin"})).await.unwrap();
    made.ok().unwrap()["id"].as_str().unwrap().to_owned()
}

fn forever(staff: &str) -> Value {
    json!({"staff_id": staff, "expires_at": null})
}

fn until(staff: &str, end: DateTime<Utc>) -> Value {
    json!({"staff_id": staff, "expires_at": end})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_set_replaces_the_old_one_on_many_sites_at_once() {
    let scene = Scene::start().await;
    let mut sites = Vec::new();
    for number in 0..3 {
        sites.push(scene.site(&format!("Site {number}")).await);
    }
    let (anna, max) = (scene.installer("anna").await, scene.installer("max").await);
    let end = Utc::now() + Duration::hours(2);
    let set = scene.put(&sites, &json!([forever(&anna), until(&max, end)])).await.ok().unwrap();
    assert_eq!(set, json!({"sites": 3, "ignored": []}));
    let set = scene.put(&sites[..2], &json!([until(&max, end)])).await;
    assert_eq!(set.status.as_u16(), 200, "{}", set.body);
    for site in &sites[..2] {
        let [(who, because, told, false)] = &scene.managers(site).await[..] else { panic!("one manager") };
        assert_eq!((who, because.as_str()), (&max, "manages_site"));
        let told: DateTime<Utc> = told.as_str().unwrap().parse().unwrap();
        assert!((told - end).num_milliseconds().abs() < 1);
    }
    assert_eq!(scene.managers(&sites[2]).await.len(), 2);
    // Everybody goes, but for the Admin, who was never assigned.
    scene.put(&sites, &json!([])).await.ok().unwrap();
    assert_eq!(scene.managers(&sites[0]).await, vec![]);
    let listed = scene.admin.get(&format!("/sites/{}/managers", sites[0])).await.unwrap().body;
    let item = &listed["items"][0];
    assert_eq!((&item["because"], &item["role"], &item["disabled"]), (&json!("admin"), &Value::Null, &json!(false)));
    let log = scene.admin.get("/operation_log?limit=1").await.unwrap().body;
    assert_eq!(log["items"][0]["action"], "PUT /site_managers");
    assert_eq!(log["items"][0]["object_name"], "sites: 3, managers: 0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_managers_go_onto_a_hundred_sites_and_no_more() {
    let scene = Scene::start().await;
    let (mut sites, mut managers) = (Vec::new(), Vec::new());
    for number in 0..100 {
        sites.push(scene.site(&format!("Site {number}")).await);
    }
    // Most of them made past the slow hashing of passwords, which sign nobody in.
    for number in 0..100 {
        managers.push(forever(&scene.app.silent_member(&format!("p{number}@example.com")).unwrap().to_string()));
    }
    let set = scene.put(&sites, &json!(managers)).await.ok().unwrap();
    assert_eq!(set["sites"], 100);
    assert_eq!(scene.managers(&sites[57]).await.len(), 100);
    managers.push(forever(&scene.installer("one").await));
    let refused = scene.put(&sites, &json!(managers)).await;
    assert_eq!((refused.status.as_u16(), &refused.body["details"]["field"]), (422, &json!("managers")));
    sites.push(scene.site("One more").await);
    let refused = scene.put(&sites, &json!([])).await;
    assert_eq!((refused.status.as_u16(), &refused.body["details"]["field"]), (422, &json!("site_ids")));
    assert_eq!(scene.put(&[], &json!([])).await.status.as_u16(), 422);
    assert_eq!(scene.managers(&sites[57]).await.len(), 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_manage_every_site_are_left_out_and_told_so() {
    let scene = Scene::start().await;
    let site = scene.site("Harbour").await;
    scene.app.member_with("boss@example.com", &[Right::ManageAllSites]).await.unwrap();
    let boss = scene.app.staff_id("boss@example.com").unwrap().to_string();
    let admin = scene.app.staff_id("admin@example.com").unwrap().to_string();
    let max = scene.installer("max").await;
    let all = json!([forever(&boss), forever(&max), forever(&admin)]);
    let set = scene.put(std::slice::from_ref(&site), &all).await.ok().unwrap();
    assert_eq!(set["ignored"], json!([boss, admin]));
    let mut told: Vec<_> = scene.managers(&site).await.into_iter().map(|(who, because, ..)| (who, because)).collect();
    told.sort_by(|one, other| one.1.cmp(&other.1));
    assert_eq!(told, [(boss.clone(), "manages_all_sites".to_owned()), (max, "manages_site".to_owned())]);
    scene.put(std::slice::from_ref(&site), &json!([])).await.ok().unwrap();
    assert_eq!(scene.managers(&site).await.into_iter().map(|told| told.0).collect::<Vec<_>>(), [boss]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_has_passed_a_person_twice_and_strangers_are_refused() {
    let scene = Scene::start().await;
    let sites = [scene.site("Harbour").await];
    let max = scene.installer("max").await;
    let refused = scene.put(&sites, &json!([forever(&scene.installer("anna").await), until(&max, Utc::now())])).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (422, "expires_in_past"));
    assert_eq!(refused.body["details"], json!({"field": "expires_at", "index": 1}));
    let twice = scene.put(&sites, &json!([forever(&max), until(&max, Utc::now() + Duration::hours(1))])).await;
    assert_eq!((twice.status.as_u16(), &twice.body["details"]["field"]), (422, &json!("staff_id")));
    let rival = scene.app.other_admin().await.unwrap();
    let (theirs, them) = (site_of(&rival, "Theirs").await, scene.app.staff_id("rival@example.com").unwrap());
    assert_eq!(scene.put(&sites, &json!([forever(&them.to_string())])).await.code(), "not_found");
    assert_eq!(scene.put(&[sites[0].clone(), theirs.clone()], &json!([forever(&max)])).await.code(), "not_found");
    assert_eq!(scene.managers(&sites[0]).await, vec![]);
    assert_eq!(scene.admin.get(&format!("/sites/{theirs}/managers")).await.unwrap().code(), "not_found");
    assert_eq!(scene.admin.get(&format!("/staff/{them}/sites")).await.unwrap().code(), "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_sites_are_listed_for_whoever_manages_staff_as_far_as_they_share_them() {
    let scene = Scene::start().await;
    let sites = [scene.site("Harbour").await, scene.site("Alpine hut").await];
    let max = scene.installer("max").await;
    let lead =
        scene.app.member_with("lead@example.com", &[Right::ManageStaff, Right::ManageAssignedSites]).await.unwrap();
    let leader = scene.app.staff_id("lead@example.com").unwrap().to_string();
    scene.put(&sites, &json!([forever(&max)])).await.ok().unwrap();
    scene.put(&sites[..1], &json!([forever(&max), forever(&leader)])).await.ok().unwrap();
    let names = |page: Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    let path = format!("/staff/{max}/sites");
    assert_eq!(names(scene.admin.get(&path).await.unwrap().ok().unwrap()), ["Alpine hut", "Harbour"]);
    assert_eq!(names(lead.get(&path).await.unwrap().ok().unwrap()), ["Harbour"]);
    let page = scene.admin.get(&format!("{path}?limit=1")).await.unwrap().ok().unwrap();
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = scene.admin.get(&format!("{path}?limit=1&cursor={cursor}")).await.unwrap().ok().unwrap();
    assert_eq!((names(page.clone()), names(next)), (vec!["Alpine hut".to_owned()], vec!["Harbour".to_owned()]));
}
