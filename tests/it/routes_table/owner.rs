//! What the owner of the scene has: a site with something of each kind that end users ask about.

use chrono::Utc;
use serde_json::{Value, json};
use siteward_domain::SiteId;
use siteward_simulator::Simulator;
use siteward_store::grants;
use siteward_tests::app::{App, PASSWORD};
use siteward_tests::client::Client;
use siteward_tests::owner::{OWNER, invite};

use super::custody;
use super::scene::{Ids, furnish};
use super::{device_transfers, share_codes, share_offers};

/// A site that was handed over to them, whose company may see its device and applies for more; and one that they are invited to own.
pub(super) async fn become_owner(app: &App, admin: &Client, simulator: &Simulator) -> (Client, Ids) {
    let owner = app.end_user(OWNER).await.unwrap();
    let mut ids = furnish(app, admin, simulator, 2).await;
    let (site, device) = (ids.of("site_id").to_owned(), ids.of("device_id").to_owned());
    let seeing = json!({"device_id": device, "permission": "live_view", "validity": "permanent"});
    app.hand_site_over(&site, OWNER, &json!({"site": true, "devices": [seeing]})).unwrap();
    let of_site: SiteId = site.parse().unwrap();
    let open = app.store.read(|conn| grants::list_open(conn, &of_site, Utc::now(), None, 10)).unwrap().items;
    let grant = open.iter().find(|grant| grant.device.is_some()).unwrap();
    ids.put("grant_id", grant.id.to_string());
    let configuring = json!({"device_id": device, "permission": "configuration", "validity": "1h"});
    let request = json!({"devices": [configuring]});
    let request = admin.post(&format!("/sites/{site}/grant_requests"), &request).await.unwrap().ok().unwrap();
    ids.put("grant_request_id", text_of(&request));
    let body = json!({"name": "Their second site", "time_zone": "Europe/Berlin"});
    let second = admin.post("/sites", &body).await.unwrap().ok().unwrap();
    let offered = invite(admin, &text_of(&second), OWNER, &json!({"site": true, "devices": []})).await.unwrap();
    ids.put("handover_id", text_of(&offered));
    ids.put("session_id", other_session(app, &owner).await);
    custody::furnish_owner(app, admin, &owner, &mut ids, OWNER).await;
    share_codes::furnish_owner(app, &mut ids, OWNER);
    share_offers::furnish_owner(app, &mut ids, OWNER);
    device_transfers::furnish_owner(app, &mut ids, OWNER);
    (owner, ids)
}

/// A session of theirs in another browser.
async fn other_session(app: &App, owner: &Client) -> String {
    app.stranger().sign_in_as_end_user(OWNER, PASSWORD).await.unwrap().ok().unwrap();
    let sessions = owner.get("/my/sessions").await.unwrap().ok().unwrap();
    let other = sessions["items"].as_array().unwrap().iter().find(|one| one["current"] == false);
    text_of(other.unwrap())
}

fn text_of(made: &Value) -> String {
    made["id"].as_str().unwrap().to_owned()
}
