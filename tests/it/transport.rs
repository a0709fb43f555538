//! T15, T16 as a browser sees them: the cookie's flags, strict transport, and no change without the CSRF header on any route.

use http::Method;
use serde_json::json;
use siteward_tests::app::{ADMIN, App, PASSWORD, Start};
use siteward_tests::client::Client;

fn cookie_of(answer: &siteward_tests::client::Answer) -> Vec<String> {
    let cookies: Vec<_> = answer.headers.get_all(http::header::SET_COOKIE).iter().collect();
    assert_eq!(cookies.len(), 1, "{cookies:?}");
    cookies[0].to_str().unwrap().split(';').map(|part| part.trim().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_session_cookie_is_for_the_server_alone_and_secure_where_tls_is() {
    for (public_url, secure) in [("http://localhost:8080", false), ("https://siteward.example.com", true)] {
        let app = Start::plain().set("SERVER__PUBLIC_URL", public_url).run().await.unwrap();
        app.admin().await.unwrap();
        let mut client = app.stranger();
        let signed_in = client.sign_in(ADMIN, PASSWORD).await.unwrap();
        let parts = cookie_of(&signed_in);
        // The prefix keeps pages of devices under names below ours from setting one (R-O3).
        let name = if secure { "__Host-siteward_session=" } else { "siteward_session=" };
        assert!(parts[0].starts_with(name) && parts[0].len() >= name.len() + 32, "at least 128 random bits");
        for flag in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(parts.iter().any(|part| part == flag), "{flag} in {parts:?}");
        }
        assert!(!parts.iter().any(|part| part.starts_with("Domain")), "{parts:?}");
        assert_eq!(parts.iter().any(|part| part == "Secure"), secure, "{public_url}: {parts:?}");
        let answers = [
            signed_in,
            client.get("/session").await.unwrap(),
            client.get("/nothing").await.unwrap(),
            Client::bare(&app.base).get("/sites").await.unwrap(),
        ];
        for answer in &answers {
            let strict = answer.headers.get("strict-transport-security").and_then(|value| value.to_str().ok());
            assert_eq!(strict.is_some_and(|strict| strict.starts_with("max-age=31536000")), secure, "{public_url}");
        }
        let ended = client.delete("/session").await.unwrap();
        let parts = cookie_of(&ended);
        assert_eq!(parts[0], name);
        assert!(parts.iter().any(|part| part == "Max-Age=0"), "the browser forgets it: {parts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_route_changes_anything_without_the_right_csrf_header() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let mut other_session = app.stranger();
    other_session.sign_in(ADMIN, PASSWORD).await.unwrap().ok().unwrap();
    let mut without = admin.clone();
    without.forget_csrf_token();
    let mut mixed = admin.clone();
    mixed.take_csrf_token_of(&other_session);
    let owner = app.end_user("olga@example.com").await.unwrap();
    let other_owner = app.end_user("peter@example.com").await.unwrap();
    let mut owner_without = owner.clone();
    owner_without.forget_csrf_token();
    let mut owner_mixed = owner.clone();
    owner_mixed.take_csrf_token_of(&other_owner);
    let description = admin.get("/openapi.json").await.unwrap().body;
    let mut checked = 0;
    for (path, item) in description["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys().filter(|method| *method != "get") {
            let route = format!("{} {path}", method.to_uppercase());
            // These take no session: what proves the right to them stands in the body or the address, or comes by mail.
            let without_session = [
                "POST /api/v1/setup",
                "POST /api/v1/session",
                "POST /api/v1/link/enrolment",
                "POST /api/v1/password_resets",
                "POST /api/v1/device_events/{token}",
                "POST /api/v1/my/registrations",
                "POST /api/v1/my/session",
                "POST /api/v1/my/password_resets",
                "POST /api/v1/my/share_codes/look",
            ];
            if without_session.contains(&route.as_str()) {
                continue;
            }
            let path = path.strip_prefix("/api/v1").unwrap();
            let mut filled = path.to_owned();
            for name in ["{site_id}", "{device_id}", "{import_id}", "{link_id}", "{addition_id}", "{remote_session_id}"]
            {
                filled = filled.replace(name, "01890f00-0000-7000-8000-000000000001");
            }
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let of_staff = !path.starts_with("/my/");
            let clients = if of_staff { [&without, &mixed] } else { [&owner_without, &owner_mixed] };
            for client in clients {
                let refused = client.send_json(method.clone(), &filled, &json!({})).await.unwrap();
                assert_eq!((refused.status.as_u16(), refused.code()), (403, "csrf_missing"), "{route}");
            }
            checked += 1;
        }
    }
    assert!(checked >= 13, "only {checked} changing routes are described");
    assert_eq!(admin.get("/session").await.unwrap().status.as_u16(), 200, "not even signed out");
    assert_eq!(owner.get("/my/session").await.unwrap().status.as_u16(), 200, "nor is an end user");
}
