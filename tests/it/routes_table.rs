//! Every route against every kind of caller (T9). A route that is not in the table fails.
//!
//! The table is in `routes_table/`, a file an area; each row tells the status that each of [`CALLERS`] gets. Those who are
//! refused ask about what the manager and the Admin then use up, each of whom has a site of their own.

mod account;
mod company;
mod custody;
mod device_transfers;
mod endings;
mod handovers;
mod my;
mod owner;
mod panels;
mod people;
mod permissions;
mod scene;
mod share_codes;
mod share_offers;
mod sites;
mod staff;
mod upgrades;
mod without_authorization;

use std::collections::BTreeSet;

use anyhow::Context as _;
use http::Method;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use siteward_tests::app::App;
use siteward_tests::client::Client;

use scene::{Caller, Ids, Scene};

/// Who asks, in the order of a row's statuses.
///
/// - stranger: not signed in.
/// - member: staff without a role.
/// - outsider: an installer with every right but `manage_all_sites`, to whom the site is not assigned.
/// - expired: the same, whose assignment to the site has ended.
/// - rival: the Installer Admin of another company.
/// - manager: an installer as the outsider is, to whom the site is assigned.
/// - admin: the Installer Admin.
/// - guest: a customer who owns nothing here.
/// - owner: a customer whose site the company handed over to them.
const CALLERS: [&str; 9] = ["stranger", "member", "outsider", "expired", "rival", "manager", "admin", "guest", "owner"];
/// Those of them who are staff, or nobody.
const STAFF: usize = 7;

/// The status that the first [`STAFF`] of [`CALLERS`] get.
type Statuses = [u16; STAFF];

/// Method, path, body for somebody, and what each caller gets.
type Row = (&'static str, &'static str, fn(&str) -> Value, Statuses);

/// The same of a route of end users: what the stranger and all staff get, the end user and the owner.
type MyRow = (&'static str, &'static str, fn(&str) -> Value, [u16; 3]);

/// The same with what each of [`CALLERS`] gets.
type FullRow = (&'static str, &'static str, fn(&str) -> Value, [u16; CALLERS.len()]);

/// An id that nothing has.
const NOTHING: &str = "01890f00-0000-7000-8000-000000000001";
const NO_BODY: fn(&str) -> Value = |_| Value::Null;

/// What is out of reach is not there, and what is within reach gets `status`.
const fn within_reach(status: u16) -> Statuses {
    [401, 403, 404, 404, 404, status, status]
}

/// What the Admin of a company alone may do, about something that is a company's own.
const fn admin_only(of_another: u16, status: u16) -> Statuses {
    [401, 403, 403, 403, of_another, 403, status]
}

fn table() -> Vec<FullRow> {
    let of_staff = [
        company::rows(),
        account::rows(),
        people::rows(),
        sites::rows(),
        panels::rows(),
        handovers::rows(),
        permissions::rows(),
        custody::rows(),
        staff::rows(),
        upgrades::rows(),
        endings::rows(),
    ]
    .concat();
    let of_end_users = my::rows()
        .into_iter()
        .chain(custody::my_rows())
        .chain(share_codes::my_rows())
        .chain(share_offers::my_rows())
        .chain(custody::my_endings())
        .chain(my::endings())
        .map(for_end_users);
    of_end_users.chain(of_staff.into_iter().map(for_staff)).collect()
}

/// Where staff work, end users are strangers.
fn for_staff((method, path, body, [stranger, member, outsider, expired, rival, manager, admin]): Row) -> FullRow {
    let statuses = [stranger, member, outsider, expired, rival, manager, admin, stranger, stranger];
    (method, path, body, statuses)
}

/// Where end users are at home, staff are strangers.
fn for_end_users((method, path, body, [others, end_user, owner]): MyRow) -> FullRow {
    let mut statuses = [others; CALLERS.len()];
    let [.., at_end_user, at_owner] = &mut statuses;
    (*at_end_user, *at_owner) = (end_user, owner);
    (method, path, body, statuses)
}

/// Status, and code and message of a refusal.
async fn ask(client: &Client, name: &str, row: &FullRow, ids: &Ids) -> (u16, String) {
    let (method, path, body, _) = row;
    let body = Some(body(name)).filter(|body| !body.is_null());
    ask_with(client, method, &ids.fill(path), body.as_ref()).await
}

async fn ask_with(client: &Client, method: &str, path: &str, body: Option<&Value>) -> (u16, String) {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let asked = format!("{method} {path}");
    let answer = client.head_of(method, path, body).await.context(asked).unwrap();
    let status = answer.status().as_u16();
    if status < 400 {
        return (status, String::new());
    }
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    let body: Value = serde_json::from_slice(&bytes).unwrap();
    (status, format!("{} {}", body["code"], body["message"]))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_every_caller_as_the_table_says() {
    let scene = Scene::start().await;
    let mut wrong = Vec::new();
    for row in table() {
        for (Caller { name, client, ids }, expected) in scene.callers.iter().zip(row.3) {
            let (status, told) = ask(client, name, &row, ids).await;
            if status != expected {
                wrong.push(format!("{} {} for the {name}: {status}, not {expected}: {told}", row.0, row.1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn not_yours_looks_like_not_there() {
    let scene = Scene::start().await;
    for row in table() {
        let refused = scene
            .callers
            .iter()
            .zip(row.3)
            .filter(|(caller, expected)| *expected == 404 && !["manager", "admin", "owner"].contains(&caller.name));
        for (Caller { name, client, ids }, _) in refused {
            let theirs = ask(client, name, &row, ids).await;
            let nothing = ask(client, name, &row, &Ids::of_nothing()).await;
            assert_eq!(theirs, nothing, "{} {} for the {name}", row.0, row.1);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_lists_every_route() {
    let app = App::start().await.unwrap();
    let described: BTreeSet<String> =
        routes(&app).await.into_iter().map(|(method, path)| format!("{method} {path}")).collect();
    let listed: BTreeSet<String> = table().iter().map(|row| format!("{} {}", row.0, row.1)).collect();
    let missing: Vec<_> = described.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&described).collect();
    assert!(missing.is_empty() && gone.is_empty(), "not in the table: {missing:?}; not there any more: {gone:?}");
}

/// Kinds of ids that name something on a site.
const ON_SITES: [&str; 14] = [
    "{upgrade_id}",
    "{site_id}",
    "{device_id}",
    "{import_id}",
    "{link_id}",
    "{addition_id}",
    "{remote_session_id}",
    "{account_id}",
    "{incident_id}",
    "{linkage_rule_id}",
    "{linkage_firing_id}",
    "{handover_id}",
    "{grant_id}",
    "{grant_request_id}",
];
/// Routes with such an id that are not about working on the site: a right of its own decides, whatever the id names.
const OF_A_RIGHT: [&str; 2] = ["/sites/{site_id}/managers", "/link/forward/{link_id}"];

/// Found out from the description alone, so that a route that forgets to look whose site it is cannot be listed as right.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_hangs_on_a_site_is_not_there_for_an_installer_without_the_site() {
    let scene = Scene::start().await;
    let mut asked = 0;
    for (method, path) in routes(&scene.app).await {
        let is_of_staff = ON_SITES.iter().any(|id| path.contains(id)) && !path.starts_with("/my/");
        if !is_of_staff || OF_A_RIGHT.contains(&path.as_str()) {
            continue;
        }
        for name in ["outsider", "expired", "rival"] {
            let Caller { client, ids, .. } = scene.caller(name);
            // Before the body is read: whether it is one does not matter.
            for body in [None, Some(json!({"x": 1}))] {
                let theirs = ask_with(client, &method, &ids.fill(&path), body.as_ref()).await;
                let nothing = ask_with(client, &method, &Ids::of_nothing().fill(&path), body.as_ref()).await;
                assert_eq!(theirs.0, 404, "{method} {path} for the {name}: {}", theirs.1);
                assert_eq!(theirs, nothing, "{method} {path} for the {name}");
            }
        }
        asked += 1;
    }
    assert!(asked > 40, "{asked}");
}

/// Of a route of end users that names something by an id nothing is told to an end user whose it is not. Found out from the
/// description alone, too.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_an_owner_has_is_not_there_for_another_end_user() {
    let scene = Scene::start().await;
    let (Caller { client: owner, ids, .. }, Caller { client: other, .. }) =
        (scene.caller("owner"), scene.caller("guest"));
    let mut asked = 0;
    for (method, path) in routes(&scene.app).await {
        if !path.starts_with("/my/") || !path.contains("_id}") {
            continue;
        }
        let theirs_is_known = ids.fill(&path) != Ids::of_nothing().fill(&path);
        assert!(theirs_is_known, "the owner of the scene has nothing for {path}");
        for body in [None, Some(json!({"x": 1}))] {
            let theirs = ask_with(other, &method, &ids.fill(&path), body.as_ref()).await;
            let nothing = ask_with(other, &method, &Ids::of_nothing().fill(&path), body.as_ref()).await;
            assert_eq!(theirs, nothing, "{method} {path}");
            assert!([404, 400, 415, 422].contains(&theirs.0), "{method} {path}: {} {}", theirs.0, theirs.1);
        }
        // Without a page to accept on there is no pack.
        if method == "GET" && !path.contains("/pack") {
            let own = ask_with(owner, &method, &ids.fill(&path), None).await;
            assert_ne!(own.0, 404, "{method} {path} for the owner: {}", own.1);
        }
        asked += 1;
    }
    assert!(asked > 5, "{asked}");
}

/// Method and path of every route that the description tells of.
async fn routes(app: &App) -> Vec<(String, String)> {
    let description = app.stranger().get("/openapi.json").await.unwrap().body;
    let mut routes = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap();
        routes.extend(item.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.to_owned())));
    }
    routes
}
