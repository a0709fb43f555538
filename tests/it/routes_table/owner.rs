//! What the owner of the scene has: a site with something of each kind that end users ask about.

use serde_json::json;
use siteward_simulator::Simulator;
use siteward_tests::app::App;
use siteward_tests::client::Client;
use siteward_tests::owner::OWNER;

use super::scene::{Ids, furnish};

/// A site that is handed over to them.
pub(super) async fn become_owner(app: &App, admin: &Client, simulator: &Simulator) -> (Client, Ids) {
    let owner = app.end_user(OWNER).await.unwrap();
    let ids = furnish(app, admin, simulator, 2).await;
    let (site, device) = (ids.of("site_id"), ids.of("device_id"));
    let device = json!({"device_id": device, "permission": "live_view", "validity": "permanent"});
    app.hand_site_over(site, OWNER, &json!({"site": true, "devices": [device]})).unwrap();
    (owner, ids)
}
