//! Roles over HTTP: what they allow, and that nobody gives more than they have (R-S3).

use serde_json::{Value, json};
use siteward_domain::staff::Right;
use siteward_tests::app::App;
use siteward_tests::client::Client;

async fn make(client: &Client, name: &str, rights: &[&str]) -> Value {
    client.post("/roles", &json!({"name": name, "rights": rights})).await.unwrap().ok().unwrap()
}

fn path(role: &Value) -> String {
    format!("/roles/{}", role["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_begins_with_two_roles_and_makes_edits_and_deletes_its_own() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let listed = admin.get("/roles").await.unwrap().body;
    let names: Vec<_> = listed["items"].as_array().unwrap().iter().map(|role| role["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Installer", "Manager"]);
    let role = make(&admin, " Дежурный ", &["view_exceptions", "add_site", "add_site"]).await;
    assert_eq!((&role["name"], &role["rights"]), (&json!("Дежурный"), &json!(["add_site", "view_exceptions"])));
    let taken = admin.post("/roles", &json!({"name": "дежурный", "rights": []})).await.unwrap();
    assert_eq!((taken.status.as_u16(), taken.code()), (409, "role_name_taken"));
    let taken = admin.patch(&path(&role), &json!({"name": "INSTALLER"})).await.unwrap();
    assert_eq!(taken.code(), "role_name_taken");
    let changed = admin.patch(&path(&role), &json!({"rights": ["handover"]})).await.unwrap().ok().unwrap();
    assert_eq!((&changed["name"], &changed["rights"]), (&json!("Дежурный"), &json!(["handover"])));
    assert_eq!(admin.delete(&path(&role)).await.unwrap().status.as_u16(), 204);
    assert_eq!(admin.delete(&path(&role)).await.unwrap().status.as_u16(), 404);
    let log = admin.get("/operation_log").await.unwrap().body;
    assert_eq!(
        (&log["items"][1]["action"], &log["items"][1]["object_name"]),
        (&json!("DELETE /roles/{role_id}"), &json!("Дежурный"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_role_is_refused() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    for (body, status, code) in [
        (json!({"name": "", "rights": []}), 422, "name_empty"),
        (json!({"name": "x".repeat(65), "rights": []}), 422, "name_too_long"),
        (json!({"name": "a\nb", "rights": []}), 422, "text_invalid"),
        (json!({"name": "x", "rights": ["everything"]}), 400, "bad_json"),
        (json!({"name": "x", "rights": vec!["handover"; 10]}), 422, "field_invalid"),
    ] {
        let refused = admin.post("/roles", &body).await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.code()), (status, code), "{body}");
    }
    for number in 0..98 {
        make(&admin, &format!("Role {number}"), &[]).await;
    }
    let refused = admin.post("/roles", &json!({"name": "One more", "rights": []})).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "roles_too_many"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_counts_at_once_for_all_who_have_it() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let clerk = app.member_with("clerk@example.com", &[Right::ManageRoles]).await.unwrap();
    assert_eq!(clerk.get("/roles").await.unwrap().status.as_u16(), 200);
    let id = app.staff_id("clerk@example.com").unwrap();
    let own = admin.get(&format!("/staff/{id}")).await.unwrap().body["role"].clone();
    assert_eq!(clerk.get("/staff").await.unwrap().code(), "right_missing");
    admin.patch(&path(&own), &json!({"rights": ["manage_staff"]})).await.unwrap().ok().unwrap();
    assert_eq!(clerk.get("/staff").await.unwrap().status.as_u16(), 200);
    assert_eq!(clerk.patch(&path(&own), &json!({"name": "Mine"})).await.unwrap().code(), "right_missing");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_a_role_rights_that_they_lack_nor_touches_one_that_has_them() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let clerk = app.member_with("clerk@example.com", &[Right::ManageRoles, Right::AddSite]).await.unwrap();
    let refused = clerk.post("/roles", &json!({"name": "Mine", "rights": ["add_site", "handover"]})).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (403, "right_missing"));
    assert_eq!(refused.body["details"]["rights"], json!(["handover"]));
    let role = make(&clerk, "Mine", &["add_site"]).await;
    let refused = clerk.patch(&path(&role), &json!({"rights": ["manage_all_sites"]})).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (403, "right_missing"));
    let strong = make(&admin, "Strong", &["add_site", "handover"]).await;
    for answer in [
        clerk.patch(&path(&strong), &json!({"rights": ["add_site"]})).await.unwrap(),
        clerk.patch(&path(&strong), &json!({"name": "Weak"})).await.unwrap(),
        clerk.delete(&path(&strong)).await.unwrap(),
    ] {
        assert_eq!((answer.status.as_u16(), &answer.body["details"]["rights"]), (403, &json!(["handover"])));
    }
    assert_eq!(clerk.delete(&path(&role)).await.unwrap().status.as_u16(), 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_in_use_is_not_deleted_and_says_by_how_many() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    app.member_with("anna@example.com", &[]).await.unwrap();
    let role = make(&admin, "Night", &["view_exceptions"]).await;
    let anna = app.staff_id("anna@example.com").unwrap();
    admin.patch(&format!("/staff/{anna}"), &json!({"role_id": role["id"]})).await.unwrap().ok().unwrap();
    let invited = json!({"email": "b@example.com", "name": "Boris", "role_id": role["id"], "language": "ru"});
    let invitation = admin.post("/staff_invitations", &invited).await.unwrap().ok().unwrap();
    let refused = admin.delete(&path(&role)).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "role_in_use"));
    assert_eq!(refused.body["details"], json!({"members": 1, "invitations": 1}));
    let cancel = format!("/staff_invitations/{}", invitation["id"].as_str().unwrap());
    assert_eq!(admin.delete(&cancel).await.unwrap().status.as_u16(), 204);
    assert_eq!(admin.delete(&path(&role)).await.unwrap().body["details"], json!({"members": 1, "invitations": 0}));
    assert_eq!(admin.delete(&format!("/staff/{anna}")).await.unwrap().status.as_u16(), 204);
    assert_eq!(admin.delete(&path(&role)).await.unwrap().status.as_u16(), 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_companys_role_is_not_there() {
    let app = App::start().await.unwrap();
    let (admin, rival) = (app.admin().await.unwrap(), app.other_admin().await.unwrap());
    let theirs = make(&rival, "Theirs", &[]).await;
    assert_eq!(admin.patch(&path(&theirs), &json!({"name": "Ours"})).await.unwrap().status.as_u16(), 404);
    assert_eq!(admin.delete(&path(&theirs)).await.unwrap().status.as_u16(), 404);
    app.member_with("anna@example.com", &[]).await.unwrap();
    let anna = app.staff_id("anna@example.com").unwrap();
    let given = admin.patch(&format!("/staff/{anna}"), &json!({"role_id": theirs["id"]})).await.unwrap();
    assert_eq!(given.status.as_u16(), 404);
    let invited = json!({"email": "b@example.com", "name": "Boris", "role_id": theirs["id"], "language": "ru"});
    assert_eq!(admin.post("/staff_invitations", &invited).await.unwrap().status.as_u16(), 404);
}
