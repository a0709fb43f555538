//! Sites: making, finding, editing, deleting.

use serde_json::json;
use siteward_tests::app::App;

#[tokio::test(flavor = "multi_thread")]
async fn a_site_is_made_found_edited_and_deleted() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let body = json!({"name": " Harbour Warehouse ", "address": "Pier 4", "time_zone": "Europe/Berlin"});
    let made = admin.post("/sites", &body).await.unwrap();
    assert_eq!(made.status.as_u16(), 201);
    assert_eq!(made.body["name"], "Harbour Warehouse");
    assert_eq!(made.body["status"], "not_invited");
    assert_eq!(made.body["allowed"], json!(["view", "invite_owner", "manage_devices", "edit", "delete"]));
    let path = format!("/sites/{}", made.body["id"].as_str().unwrap());

    for (search, found) in [("harb ware", 1), ("PIER", 1), ("nowhere", 0)] {
        let page = admin.get(&format!("/sites?search={}", search.replace(' ', "%20"))).await.unwrap();
        assert_eq!(page.body["items"].as_array().unwrap().len(), found, "{search}");
    }
    let edited = admin.patch(&path, &json!({"time_zone": "Asia/Tokyo", "sync_time": true})).await.unwrap();
    assert_eq!((&edited.body["time_zone"], &edited.body["address"]), (&json!("Asia/Tokyo"), &json!("Pier 4")));
    assert_eq!(admin.delete(&path).await.unwrap().status.as_u16(), 204);
    assert_eq!(admin.get(&path).await.unwrap().code(), "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_unique_in_a_company_only() {
    let app = App::start().await.unwrap();
    let (admin, rival) = (app.admin().await.unwrap(), app.other_admin().await.unwrap());
    let body = json!({"name": "Harbour", "time_zone": "Europe/Berlin"});
    assert_eq!(admin.post("/sites", &body).await.unwrap().status.as_u16(), 201);
    let again = admin.post("/sites", &json!({"name": "HARBOUR", "time_zone": "Europe/Berlin"})).await.unwrap();
    assert_eq!((again.status.as_u16(), again.code()), (409, "site_name_taken"));
    assert_eq!(rival.post("/sites", &body).await.unwrap().status.as_u16(), 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_fields_of_a_site_are_named() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    for (name, address, zone, code) in [
        ("", "", "Europe/Berlin", "name_empty"),
        (&*"ä".repeat(129), "", "Europe/Berlin", "name_too_long"),
        ("a", &*"ä".repeat(129), "Europe/Berlin", "address_too_long"),
        ("a", "", "Mars/Olympus", "time_zone_unknown"),
        ("a\u{0}b", "", "Europe/Berlin", "text_invalid"),
    ] {
        let refused =
            admin.post("/sites", &json!({"name": name, "address": address, "time_zone": zone})).await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.code()), (422, code));
    }
    let fits = json!({"name": "ä".repeat(128), "address": "ä".repeat(128), "time_zone": "Europe/Berlin"});
    assert_eq!(admin.post("/sites", &fits).await.unwrap().status.as_u16(), 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_by_cursor() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    for number in 0..5 {
        let body = json!({"name": format!("Site {number}"), "time_zone": "Europe/Berlin"});
        admin.post("/sites", &body).await.unwrap().ok().unwrap();
    }
    let (mut names, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("/sites?limit=2{cursor}")).await.unwrap().body;
        names.extend(page["items"].as_array().unwrap().iter().map(|site| site["name"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(names, ["Site 0", "Site 1", "Site 2", "Site 3", "Site 4"]);
    assert_eq!(admin.get("/sites?cursor=nonsense").await.unwrap().code(), "bad_cursor");
    assert_eq!(admin.get("/sites?limit=101").await.unwrap().code(), "bad_query");
    assert_eq!(admin.get("/sites?colour=red").await.unwrap().code(), "bad_query");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_tells_end_users_which_app_they_need() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let made = admin.post("/sites", &json!({"name": "Harbour", "time_zone": "Europe/Berlin"})).await.unwrap().body;
    let path = format!("/sites/{}/app_hint", made["id"].as_str().unwrap());
    let own = admin.get(&path).await.unwrap().body;
    assert_eq!((&own["name"], &own["link"]), (&json!("Siteward"), &json!(app.base)));
    assert!(own["qr_svg"].as_str().unwrap().contains("<svg"));

    let hint = json!({"name": "Guard", "version": "4.7.1", "link": "https://apps.example/guard"});
    let company = admin.patch("/company", &json!({"app_hint": hint})).await.unwrap();
    assert_eq!((company.status.as_u16(), &company.body["app_hint"]), (200, &hint), "{}", company.body);
    let told = admin.get(&path).await.unwrap().body;
    assert_eq!((&told["name"], &told["version"], &told["link"]), (&hint["name"], &hint["version"], &hint["link"]));
    for (bad, field) in [
        (json!({"name": "", "version": "", "link": "https://a.example"}), "app_hint.name"),
        (json!({"name": "Guard", "version": "", "link": "javascript:alert(1)"}), "app_hint.link"),
        (json!({"name": "Guard", "version": "", "link": "a.example"}), "app_hint.link"),
    ] {
        let refused = admin.patch("/company", &json!({"app_hint": bad})).await.unwrap();
        assert_eq!((refused.status.as_u16(), &refused.body["details"]["field"]), (422, &json!(field)), "{bad}");
    }
    admin.patch("/company", &json!({"app_hint": null})).await.unwrap().ok().unwrap();
    assert_eq!(admin.get(&path).await.unwrap().body["name"], "Siteward");
}
