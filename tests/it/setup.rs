//! First run: the set-up code, the company, its Admin.

use serde_json::json;
use siteward_tests::app::App;

fn request(code: &str) -> serde_json::Value {
    json!({
        "setup_code": code,
        "company": {"name": "Lockwood Alarms", "region": "pl"},
        "admin": {"name": "Anna Nowak", "email": "anna@example.com", "password": "Correct-horse7"},
        "public_url": "http://localhost:8080/",
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_printed_code_makes_the_company_once() {
    let app = App::start().await.unwrap();
    let mut client = app.stranger();
    assert_eq!(client.get("/setup").await.unwrap().body["needed"], true);

    let refused = client.post("/setup", &request("AAAA-BBBB-CCCC")).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (403, "setup_code_wrong"));

    let code = app.setup_code.clone().unwrap().to_lowercase();
    let made = client.post("/setup", &request(&code)).await.unwrap();
    assert_eq!(made.status.as_u16(), 201);
    client.adopt(&made).unwrap();
    assert_eq!(made.body["company"]["region"], "PL");
    assert_eq!(made.body["company"]["public_url"], "http://localhost:8080");
    assert_eq!(made.body["staff"]["is_admin"], true);
    assert_eq!(client.get("/session").await.unwrap().body["staff"]["email"], "anna@example.com");

    assert_eq!(client.get("/setup").await.unwrap().body["needed"], false);
    let again = app.stranger().post("/setup", &request(&code)).await.unwrap();
    assert_eq!((again.status.as_u16(), again.code()), (409, "setup_done"));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_set_ups_at_the_same_instant_one_wins() {
    let app = App::start().await.unwrap();
    let body = request(app.setup_code.as_deref().unwrap());
    let (one, two) = (app.stranger(), app.stranger());
    let (one, two) = tokio::join!(one.post("/setup", &body), two.post("/setup", &body));
    let mut statuses = [one.unwrap().status.as_u16(), two.unwrap().status.as_u16()];
    statuses.sort_unstable();
    assert!(statuses == [201, 409] || statuses == [201, 403], "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_fields_are_named_and_leave_the_set_up_open() {
    let app = App::start().await.unwrap();
    let code = app.setup_code.clone().unwrap();
    let with = |pointer: &str, value: &str| {
        let mut body = request(&code);
        *body.pointer_mut(pointer).unwrap() = json!(value);
        body
    };
    for (pointer, value, code, field) in [
        ("/company/name", "  ", "name_empty", "company.name"),
        ("/company/region", "Poland", "region_invalid", "company.region"),
        ("/admin/email", "anna", "email_invalid", "admin.email"),
        ("/admin/password", "short1A", "weak_password", "admin.password"),
        ("/admin/password", "P@ssw0rd", "weak_password", "admin.password"),
        ("/public_url", "localhost", "public_url_invalid", "public_url"),
    ] {
        let refused = app.stranger().post("/setup", &with(pointer, value)).await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.code()), (422, code), "{pointer}");
        assert_eq!(refused.body["details"]["field"], field, "{pointer}");
    }
    assert_eq!(app.stranger().get("/setup").await.unwrap().body["needed"], true);
}
