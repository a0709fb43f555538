//! Invitations to the staff over HTTP: mailed, opened on a page without a script, accepted once (R-S2).

use std::sync::Arc;

use chrono::Duration;
use serde_json::{Value, json};
use siteward_domain::staff::Right;
use siteward_tests::app::{ADMIN, App, PASSWORD, Start, some_time};
use siteward_tests::canary::{files, hits};
use siteward_tests::client::{Answer, Client};
use siteward_tests::process::{ServerProcess, free_port};
use siteward_worker::clock::SteppedClock;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

/// Whom these tests invite.
const BORIS: &str = "Boris@example.com";

async fn role(client: &Client, name: &str) -> Value {
    let roles = client.get("/roles").await.unwrap().body;
    let all = roles["items"].as_array().unwrap().clone();
    all.into_iter().find(|role| role["name"] == name).unwrap()["id"].clone()
}

async fn invite(client: &Client, email: &str, language: &str) -> Answer {
    let role_id = role(client, "Installer").await;
    let body = json!({"email": email, "name": "Boris <b>", "role_id": role_id, "language": language});
    client.post("/staff_invitations", &body).await.unwrap()
}

/// The address of the invitation's page, as the mail has it.
async fn invited(app: &App, client: &Client) -> (String, String) {
    let made = invite(client, BORIS, "en").await.ok().unwrap();
    (of(&made), format!("/join/{}", app.token_in_mail(BORIS).unwrap()))
}

fn of(invitation: &Value) -> String {
    format!("/staff_invitations/{}", invitation["id"].as_str().unwrap())
}

async fn accept(app: &App, page: &str, name: &str, password: &str) -> Answer {
    app.reader().post_form(page, &[("name", name), ("password", password)]).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_invited_gets_a_mail_opens_its_page_and_is_in() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let made = invite(&admin, BORIS, "ru").await;
    assert_eq!((made.status.as_u16(), &made.body["state"]), (201, &json!("pending")));
    assert_eq!((&made.body["role"]["name"], &made.body["invited_by"]), (&json!("Installer"), &json!("Alex Admin")));
    let listed = admin.get("/mails").await.unwrap().body;
    let mail = &listed["items"][0];
    assert_eq!((&mail["template"], &mail["receiver"]), (&json!("staff_invitation"), &json!(BORIS)));
    let token = app.token_in_mail(BORIS).unwrap();
    let shown = admin.get(&format!("/mails/{}", mail["id"].as_str().unwrap())).await.unwrap().body;
    assert!(shown["text"].as_str().unwrap().contains("/join/…") && shown["html"].as_str().unwrap().contains("/join/…"));
    assert!(!shown.to_string().contains(&token), "the outbox shows nobody the way in");

    let path = format!("/join/{token}");
    let page = app.reader().get(&path).await.unwrap();
    assert_eq!(
        (page.status.as_u16(), &page.headers["content-type"]),
        (200, &"text/html; charset=utf-8".parse().unwrap())
    );
    for part in ["lang=\"ru\"", "Lockwood Alarms", "Installer", BORIS, "Boris &#60;b&#62;", "for=\"password\""] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    assert!(!page.text.contains("<b>") && !page.text.contains("<script") && !page.text.contains("style="));
    let english = app.reader().get(&format!("{path}?language=en")).await.unwrap();
    assert!(english.text.contains("lang=\"en\"") && english.text.contains("Accept the invitation"), "{}", english.text);

    let joined = accept(&app, &path, " Борис ", PASSWORD).await;
    assert_eq!((joined.status.as_u16(), &joined.headers["location"]), (303, &"/".parse().unwrap()), "{}", joined.text);
    let mut boris = app.stranger();
    boris.adopt(&joined).unwrap();
    let session = boris.get("/session").await.unwrap().ok().unwrap();
    assert_eq!((&session["staff"]["name"], &session["staff"]["language"]), (&json!("Борис"), &json!("ru")));
    assert_eq!(session["staff"]["rights"].as_array().unwrap().len(), 6);
    let signed_in = app.stranger().sign_in("boris@example.com", PASSWORD).await.unwrap();
    assert_eq!(signed_in.status.as_u16(), 200);
    assert_eq!(admin.get("/staff_invitations").await.unwrap().body["items"][0]["state"], "accepted");
    let log = admin.get("/operation_log?limit=100").await.unwrap().body;
    let row = log["items"].as_array().unwrap().iter().find(|row| row["action"] == "POST /join/{token}").unwrap();
    assert_eq!((&row["who"], &row["object_name"]), (&json!("Борис"), &json!("Борис")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_tells_nobody_its_address_and_runs_nothing() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let (_, path) = invited(&app, &admin).await;
    for path in [path.as_str(), "/join/nothing"] {
        let page = app.reader().get(path).await.unwrap();
        assert_eq!(page.headers["referrer-policy"], "strict-origin");
        assert_eq!(page.headers["cache-control"], "no-store");
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'self'") && !policy.contains("unsafe"), "{policy}");
        assert!(policy.contains("form-action 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    }
    let style = app.reader().get("/pages/style.css").await.unwrap();
    assert_eq!(style.headers["content-type"], "text/css; charset=utf-8");
    assert!(style.text.contains("prefers-color-scheme: dark"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_not_good_comes_back_with_what_was_typed_but_not_the_password() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let (_, path) = invited(&app, &admin).await;
    for (name, password, error) in [
        ("Anna \"A\" <i>", "short", "A password has 8 to 64 characters."),
        ("Anna", "alllowercase", "Mix three of"),
        ("Anna", "Boris@example.com", "may not be your e-mail address"),
        ("Anna", "P@ssw0rd", "too common"),
        ("  ", PASSWORD, "Enter your name."),
        ("a\nb", PASSWORD, "not allowed"),
    ] {
        let back = accept(&app, &path, name, password).await;
        assert_eq!(back.status.as_u16(), 422, "{name} {password}");
        assert!(back.text.contains(error) && back.text.contains("aria-invalid=\"true\""), "{error}: {}", back.text);
        let field = back.text.split("id=\"password\"").nth(1).unwrap().split('>').next().unwrap();
        assert!(!back.text.contains("<i>") && !field.contains("value"), "{}", back.text);
        assert_eq!(back.text.matches("role=\"alert\"").count(), 1, "{}", back.text);
    }
    let kept = accept(&app, &path, "Anna & Co", "short").await;
    assert!(kept.text.contains("value=\"Anna &#38; Co\""), "{}", kept.text);
    let russian =
        app.reader().post_form(&format!("{path}?language=ru"), &[("name", "А"), ("password", "x")]).await.unwrap();
    assert!(russian.text.contains("В пароле от 8 до 64 символов."), "{}", russian.text);
    let no_form = app.reader().post_bytes(&path, "text/plain", "hello").await.unwrap();
    assert_eq!(no_form.status.as_u16(), 400);
    assert_eq!(admin.get("/staff_invitations").await.unwrap().body["items"][0]["state"], "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_used_old_taken_back_replaced_or_made_up_says_the_same() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(Arc::clone(&clock)).run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let link = async |email: &str| {
        let made = invite(&admin, email, "en").await.ok().unwrap();
        (of(&made), format!("/join/{}", app.token_in_mail(email).unwrap()))
    };
    let (old, old_page) = link("old@example.com").await;
    clock.advance(Duration::hours(72) - Duration::seconds(1));
    let open = app.reader().get(&old_page).await.unwrap();
    assert_eq!(open.status.as_u16(), 200, "a second is left");
    clock.advance(Duration::seconds(1));
    let mut admin = admin.clone();
    admin.sign_in(ADMIN, PASSWORD).await.unwrap().ok().unwrap();
    let link = async |email: &str| {
        let made = invite(&admin, email, "en").await.ok().unwrap();
        (of(&made), format!("/join/{}", app.token_in_mail(email).unwrap()))
    };
    let (_, used_page) = link("used@example.com").await;
    assert_eq!(accept(&app, &used_page, "U", PASSWORD).await.status.as_u16(), 303);
    let (back, back_page) = link("back@example.com").await;
    assert_eq!(admin.delete(&back).await.unwrap().status.as_u16(), 204);
    let (again, replaced_page) = link("again@example.com").await;
    clock.advance(Duration::seconds(1));
    admin.post(&format!("{again}/send"), &json!({})).await.unwrap().ok().unwrap();
    let fresh = format!("/join/{}", app.token_in_mail("again@example.com").unwrap());
    assert_eq!(app.reader().get(&fresh).await.unwrap().status.as_u16(), 200);

    let made_up = app.reader().get("/join/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await.unwrap();
    assert_eq!(made_up.status.as_u16(), 410);
    for path in [&old_page, &used_page, &back_page, &replaced_page] {
        let dead = app.reader().get(path).await.unwrap();
        assert_eq!((dead.status.as_u16(), &dead.text), (410, &made_up.text), "{path}");
        let refused = accept(&app, path, "Thief", PASSWORD).await;
        assert_eq!((refused.status.as_u16(), &refused.text), (410, &made_up.text), "{path}");
    }
    for (path, state) in [(&old, "expired"), (&back, "cancelled"), (&again, "pending")] {
        let listed = admin.get("/staff_invitations").await.unwrap().body;
        let one = listed["items"].as_array().unwrap().iter().find(|one| of(one) == **path).unwrap().clone();
        assert_eq!(one["state"], state, "{path}");
    }
    let renewed = admin.post(&format!("{old}/send"), &json!({})).await.unwrap().ok().unwrap();
    assert_eq!(renewed["state"], "pending", "what is too old is sent again");
    let ended = admin.post(&format!("{back}/send"), &json!({})).await.unwrap();
    assert_eq!((ended.status.as_u16(), ended.code()), (409, "invitation_ended"));
    assert_eq!(admin.delete(&back).await.unwrap().code(), "invitation_ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_clicks_at_once_one_is_in_and_the_other_is_told_that_the_link_is_used() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    for round in 0..5 {
        let email = format!("boris{round}@example.com");
        invite(&admin, &email, "en").await.ok().unwrap();
        let page = format!("/join/{}", app.token_in_mail(&email).unwrap());
        let (one, other) = tokio::join!(accept(&app, &page, "One", PASSWORD), accept(&app, &page, "Two", PASSWORD));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 410], "{round}");
        let found = admin.get(&format!("/staff?search={email}")).await.unwrap().body;
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_staff_here_is_not_invited_and_one_elsewhere_is_told_on_the_page() {
    let app = App::start().await.unwrap();
    let (admin, rival) = (app.admin().await.unwrap(), app.other_admin().await.unwrap());
    let here = invite(&admin, "ADMIN@example.com", "en").await;
    assert_eq!((here.status.as_u16(), here.code()), (409, "staff_email_taken"));
    let elsewhere = invite(&admin, "rival@example.com", "en").await;
    assert_eq!(elsewhere.status.as_u16(), 201, "nobody is told who works for others: {}", elsewhere.text);
    let page = format!("/join/{}", app.token_in_mail("rival@example.com").unwrap());
    let refused = accept(&app, &page, "Riva & L", PASSWORD).await;
    assert_eq!(refused.status.as_u16(), 409);
    assert!(refused.text.contains("cannot be used here") && !refused.text.contains("Rivals"), "{}", refused.text);
    assert!(refused.text.contains("Riva &#38; L"), "what was typed is kept");
    assert_eq!(rival.get("/staff").await.unwrap().body["items"].as_array().unwrap().len(), 1);
    let twice = invite(&admin, "Rival@example.com", "en").await;
    assert_eq!((twice.status.as_u16(), twice.code()), (409, "invitation_open"));
    assert_eq!(twice.body["details"]["field"], "email");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_flooded_and_no_company_floods() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(Arc::clone(&clock)).run().await.unwrap();
    let (admin, rival) = (app.admin().await.unwrap(), app.other_admin().await.unwrap());
    let (invitation, page) = invited(&app, &admin).await;
    let send = async || admin.post(&format!("{invitation}/send"), &json!({})).await.unwrap();
    for _ in 0..2 {
        clock.advance(Duration::seconds(1));
        assert_eq!(send().await.status.as_u16(), 200);
    }
    let kept = format!("/join/{}", app.token_in_mail(BORIS).unwrap());
    let refused = send().await;
    assert_eq!((refused.status.as_u16(), refused.code()), (429, "too_many_requests"));
    assert_eq!(refused.headers["retry-after"], "3598");
    assert_eq!(app.reader().get(&kept).await.unwrap().status.as_u16(), 200, "the link that is out there stays good");
    assert_eq!(app.reader().get(&page).await.unwrap().status.as_u16(), 410);
    assert_eq!(invite(&rival, "boris@example.com", "en").await.status.as_u16(), 429, "whoever sends them");
    for number in 3..30 {
        assert_eq!(invite(&admin, &format!("b{number}@example.com"), "en").await.status.as_u16(), 201, "{number}");
    }
    assert_eq!(invite(&admin, "one-more@example.com", "en").await.status.as_u16(), 429);
    assert_eq!(invite(&rival, "one-more@example.com", "en").await.status.as_u16(), 201);
    clock.advance(Duration::minutes(20));
    assert_eq!(send().await.headers["retry-after"], "2398");
    // Sessions last no hour without a request.
    clock.advance(Duration::minutes(20));
    admin.get("/session").await.unwrap().ok().unwrap();
    clock.advance(Duration::minutes(20));
    assert_eq!(send().await.status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_another_page_sends_is_not_taken() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let (_, page) = invited(&app, &admin).await;
    let fields = [("name", "Boris"), ("password", PASSWORD)];
    for site in ["cross-site", "same-site"] {
        let foreign = app.reader().with_header("Sec-Fetch-Site", site);
        assert_eq!(foreign.post_form(&page, &fields).await.unwrap().status.as_u16(), 403, "{site}");
    }
    // Browsers leave that header out over plain HTTP: the origin tells.
    for origin in ["http://evil.example", "null", ""] {
        let foreign = app.reader().with_header("Origin", origin);
        assert_eq!(foreign.post_form(&page, &fields).await.unwrap().status.as_u16(), 403, "{origin}");
    }
    let own = app.reader().with_header("Origin", &app.base);
    assert_ne!(own.post_form(&page, &[]).await.unwrap().status.as_u16(), 403);
    let own = app.reader().with_header("Sec-Fetch-Site", "same-origin");
    assert_eq!(own.post_form(&page, &fields).await.unwrap().status.as_u16(), 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_the_public_address_is_our_own_too() {
    let app = Start::plain().set("SERVER__PUBLIC_URL", "https://portal.example").run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let (_, page) = invited(&app, &admin).await;
    for (origin, is_own) in [("https://portal.example", true), ("https://portal.example.evil", false)] {
        let sent = app.reader().with_header("Origin", origin).post_form(&page, &[]).await.unwrap();
        assert_eq!(sent.status.as_u16() != 403, is_own, "{origin}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_invitation_is_refused() {
    let app = App::start().await.unwrap();
    let (admin, rival) = (app.admin().await.unwrap(), app.other_admin().await.unwrap());
    let role_id = role(&admin, "Installer").await;
    for (field, value, status, code) in [
        ("email", json!("nobody"), 422, "email_invalid"),
        ("email", json!("a@b, c@d"), 422, "email_invalid"),
        ("email", json!("a@b.example\r\nBcc: x@example.com"), 422, "email_invalid"),
        ("name", json!(""), 422, "name_empty"),
        ("name", json!("x".repeat(129)), 422, "name_too_long"),
        ("language", json!("de"), 400, "bad_json"),
        ("role_id", json!("x"), 400, "bad_json"),
        ("role_id", json!("01890f00-0000-7000-8000-000000000001"), 404, "not_found"),
    ] {
        let mut body = json!({"email": "b@example.com", "name": "B", "role_id": role_id, "language": "en"});
        body[field] = value.clone();
        let refused = admin.post("/staff_invitations", &body).await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.code()), (status, code), "{field} {value}");
    }
    let (invitation, _) = invited(&app, &admin).await;
    assert_eq!(rival.post(&format!("{invitation}/send"), &json!({})).await.unwrap().status.as_u16(), 404);
    assert_eq!(rival.delete(&invitation).await.unwrap().status.as_u16(), 404);
    assert_eq!(rival.get("/staff_invitations").await.unwrap().body["items"], json!([]));
    let other = app.member_with("other@example.com", &[Right::ManageRoles]).await.unwrap();
    assert_eq!(other.get("/staff_invitations").await.unwrap().code(), "right_missing");
}

/// A mail server that takes everything and gives what it was handed.
async fn post_office() -> (u16, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (taken, mails) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (mut stream, mut content, mut in_content) = (BufReader::new(stream), String::new(), false);
            let mut answer = "220 post.example\r\n";
            loop {
                let mut line = String::new();
                if stream.get_mut().write_all(answer.as_bytes()).await.is_err()
                    || stream.read_line(&mut line).await.unwrap_or(0) == 0
                {
                    break;
                }
                answer = match line.trim_end() {
                    "." if in_content => {
                        in_content = false;
                        taken.send(std::mem::take(&mut content)).unwrap();
                        "250 taken\r\n"
                    }
                    _ if in_content => {
                        content += &line;
                        ""
                    }
                    "DATA" => {
                        in_content = true;
                        "354 go ahead\r\n"
                    }
                    _ => "250 ok\r\n",
                };
            }
        }
    });
    (port, mails)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_is_in_the_mail_and_nowhere_else_whatever_is_logged() {
    let data = tempfile::Builder::new().prefix("siteward-join-").tempdir().unwrap();
    let (folder, port) = (data.path().to_owned(), free_port().unwrap());
    let started = move || ServerProcess::start(&folder, port, &[("SITEWARD__LOG__FILTER", "trace")]).unwrap();
    let mut server = tokio::task::spawn_blocking(started).await.unwrap();
    let mut admin = Client::new(&server.base);
    admin.set_up(&server.setup_code.clone().unwrap(), "Lockwood").await.unwrap();
    let (office, mut mails) = post_office().await;
    let settings = json!({
        "host": "127.0.0.1", "port": office, "security": "none", "sender_name": "Lockwood",
        "sender_address": "alarms@lockwood.example", "language": "en",
    });
    admin.send_json(http::Method::PUT, "/mail_settings", &settings).await.unwrap().ok().unwrap();
    let mut told = invite(&admin, BORIS, "en").await.text;
    let mail = tokio::time::timeout(std::time::Duration::from_secs(20), mails.recv()).await.unwrap().unwrap();
    let mail = mail.replace("=\r\n", "");
    let token: String = mail
        .split("/join/")
        .nth(1)
        .unwrap()
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .collect();
    assert_eq!(token.len(), 43, "{mail}");
    let (page, reader) = (format!("/join/{token}"), Client::bare(&server.base));
    assert_eq!(reader.get(&page).await.unwrap().status.as_u16(), 200);
    let fields = [("name", "Boris"), ("password", "cAnary-join9TzW")];
    assert_eq!(reader.post_form(&page, &fields).await.unwrap().status.as_u16(), 303);
    assert_eq!(reader.get(&page).await.unwrap().status.as_u16(), 410);
    for path in ["/mails", "/operation_log", "/staff_invitations", "/staff"] {
        told += &admin.get(path).await.unwrap().text;
    }
    let mut places = files(data.path()).unwrap();
    server.kill();
    places.push(("answers".to_owned(), told.into_bytes()));
    let log = places.iter().find(|(place, _)| place.ends_with("server.log")).unwrap();
    assert!(String::from_utf8_lossy(&log.1).contains("/join/{token}"), "it did log the route");
    for secret in [token.as_str(), "cAnary-join9TzW"] {
        let found: Vec<_> =
            places.iter().filter(|(_, bytes)| hits(bytes, secret) > 0).map(|(place, _)| place).collect();
        assert_eq!(found, Vec::<&String>::new());
    }
}
