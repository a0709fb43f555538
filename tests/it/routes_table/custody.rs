//! Companies that come and go: rental, shares, sites that a company asks for or is invited to.

use chrono::Utc;
use serde_json::{Value, json};
use siteward_domain::share::{GiverKind, SharedChannel};
use siteward_domain::{CompanyId, EndUserId, ShareId, SiteId};
use siteward_store::shares::{NewShare, give};
use siteward_store::staff;
use siteward_tests::app::{ADMIN, App};
use siteward_tests::client::Client;

use super::scene::Ids;
use super::{MyRow, NO_BODY, NOTHING, Row, Statuses, within_reach};

/// Whoever may hand sites over, of whatever company.
const fn whoever_hands_over(status: u16) -> Statuses {
    [401, 403, status, status, status, status, status]
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        ("GET", "/sites/{site_id}/custody", NO_BODY, within_reach(200)),
        // Nobody owns it.
        ("POST", "/sites/{site_id}/rental", |_| json!({}), within_reach(409)),
        ("PUT", "/sites/{site_id}/suspension", |_| json!({"on": true}), within_reach(409)),
        ("DELETE", "/sites/{site_id}/rental", NO_BODY, within_reach(409)),
        ("GET", "/sites/{site_id}/shares", NO_BODY, within_reach(200)),
        ("DELETE", "/sites/{site_id}/shares/{share_id}", NO_BODY, within_reach(204)),
        ("GET", "/service_requests", NO_BODY, whoever_hands_over(200)),
        ("POST", "/service_requests", |_| json!({"site_id": NOTHING}), whoever_hands_over(404)),
        ("GET", "/service_invitations/{token}", NO_BODY, whoever_hands_over(410)),
        ("POST", "/service_invitations/{token}/accept", NO_BODY, whoever_hands_over(410)),
        ("POST", "/service_invitations/{token}/refuse", NO_BODY, whoever_hands_over(410)),
    ]
}

pub(super) fn my_rows() -> Vec<MyRow> {
    vec![
        ("GET", "/my/sites/{site_id}/custody", NO_BODY, [401, 404, 200]),
        // Nothing is agreed.
        ("DELETE", "/my/sites/{site_id}/rental", NO_BODY, [401, 404, 409]),
        ("GET", "/my/sites/{site_id}/company_invitations", NO_BODY, [401, 404, 200]),
        // One waits already.
        ("POST", "/my/sites/{site_id}/company_invitations", |_| json!({"email": "c@example.com"}), [401, 404, 409]),
        ("DELETE", "/my/company_invitations/{company_invitation_id}", NO_BODY, [401, 404, 204]),
        ("GET", "/my/shares", NO_BODY, [401, 200, 200]),
        ("PATCH", "/my/shares/{share_id}", |_| json!({"name": "Gate"}), [401, 404, 204]),
        ("DELETE", "/my/shares/{share_id}", NO_BODY, [401, 404, 204]),
    ]
}

/// After everything else that the owner asks about.
pub(super) fn my_endings() -> Vec<MyRow> {
    vec![("DELETE", "/my/sites/{site_id}/company", NO_BODY, [401, 404, 200])]
}

/// Somebody receives a channel of the site.
pub(super) fn furnish(app: &App, ids: &mut Ids, place: usize) {
    let receiver = app.silent_end_user(&format!("lent{place}@example.com")).unwrap();
    let (site, device) = (ids.of("site_id").to_owned(), ids.of("device_id").to_owned());
    ids.put("share_id", share(app, &site, &device, &receiver));
}

/// What the owner of the scene has besides: an invitation of a company, and a share that they receive.
pub(super) async fn furnish_owner(app: &App, admin: &Client, owner: &Client, ids: &mut Ids, email: &str) {
    let site = ids.of("site_id").to_owned();
    let body = json!({"email": "other.company@example.com"});
    let path = format!("/my/sites/{site}/company_invitations");
    let invited = owner.post(&path, &body).await.unwrap().ok().unwrap();
    ids.put("company_invitation_id", invited["id"].as_str().unwrap());
    let listed = admin.get("/sites").await.unwrap().ok().unwrap();
    let with_device = |one: &&Value| one["id"] != site.as_str() && one["devices"]["total"] != 0;
    let other =
        listed["items"].as_array().unwrap().iter().find(with_device).unwrap()["id"].as_str().unwrap().to_owned();
    let devices = admin.get(&format!("/devices?site_id={other}")).await.unwrap().ok().unwrap();
    let device = devices["items"][0]["id"].as_str().unwrap();
    ids.put("share_id", share(app, &other, device, &app.end_user_id(email).unwrap()));
}

fn share(app: &App, site: &str, device: &str, receiver_id: &EndUserId) -> String {
    let site_id: SiteId = site.parse().unwrap();
    let id = ShareId::generate(Utc::now());
    let given = app.store.write(|conn| {
        let company: CompanyId = staff::find_by_email(conn, ADMIN)?.unwrap().company_id;
        let channel = SharedChannel { device_id: device.parse().unwrap(), channel: 1, permissions: Vec::new() };
        let new = NewShare {
            id: id.clone(),
            site_id: site_id.clone(),
            giver_kind: GiverKind::Company,
            giver_id: company.to_string(),
            receiver_id: receiver_id.clone(),
            channels: vec![channel],
        };
        give(conn, &new, "test", Utc::now())
    });
    given.unwrap().unwrap();
    id.to_string()
}
