//! T22 of the handover: on a simulated panel, who has an account as the site changes hands (R-A1, R-A2, R-G3 to R-G6).

use std::collections::HashMap;

use chrono::Utc;
use serde_json::{Value, json};
use siteward_domain::custody::Parting;
use siteward_domain::grant::GrantEnd;
use siteward_domain::handover::Asks;
use siteward_domain::share::{GiverKind, ShareEnd, SharePermission, SharedChannel};
use siteward_domain::staff::Right;
use siteward_domain::{CompanyId, DeviceId, EndUserId, ShareId, SiteId};
use siteward_simulator::PanelRole;
use siteward_store::access_log::Actor;
use siteward_store::panel_passwords::{self, Holder};
use siteward_store::shares::{self, NewShare};
use siteward_store::{DbConn, StoreError, custody, grants, staff};
use siteward_tests::app::{ADMIN, PASSWORD};
use siteward_tests::client::Client;
use siteward_tests::foreign_pdf;
use siteward_tests::owner::{OWNER, hand_over};
use siteward_tests::street::make_site;

use crate::panel_accounts::ON_PANEL;
use crate::panel_accounts::scene::{Scene, panels};

const BORIS: &str = "boris@example.com";
const RIVAL: &str = "rival@example.com";

/// A panel on a site whose company has two people who manage it, and an end user.
struct Story {
    scene: Scene,
    site: SiteId,
    device: String,
    company: CompanyId,
    owner: EndUserId,
}

impl Story {
    async fn begin(older: bool) -> Self {
        let scene = Scene::start(panels(1, older)).await;
        scene.member(BORIS, Right::ManageAllSites).await;
        let device = scene.add(0, &scene.site).await;
        scene.has(0, &[ON_PANEL, BORIS]).await;
        let owner = scene.app.silent_end_user(OWNER).unwrap();
        let company = scene.app.store.read(|conn| staff::find_by_email(conn, ADMIN)).unwrap().unwrap().company_id;
        let site = scene.site.parse().unwrap();
        Self { scene, site, device, company, owner }
    }

    fn hand_over(&self, authorized: bool) {
        let allowed = json!({"site": authorized, "devices": []});
        self.scene.app.hand_site_over(&self.scene.site, OWNER, &allowed).unwrap();
    }

    fn write<T>(&self, change: impl Fn(&mut DbConn) -> Result<T, StoreError>) -> T {
        self.scene.app.store.write(change).unwrap()
    }

    fn authorize(&self) {
        let asks = Asks { site: true, devices: Vec::new() };
        self.write(|conn| grants::give(conn, &self.company, &self.site, &asks, Utc::now()));
    }

    fn revoke(&self) {
        self.write(|conn| {
            let open = grants::list_open(conn, &self.site, Utc::now(), None, 10)?.items;
            open.iter()
                .try_for_each(|grant| grants::end(conn, &self.site, &grant.id, GrantEnd::Revoked, Utc::now()).map(drop))
        });
    }

    fn by_owner(&self) -> Actor {
        Actor::EndUser(self.owner.clone())
    }

    fn take_away(&self) {
        let vault = self.scene.app.store.vault();
        self.write(|conn| custody::take_away(conn, vault, &self.site, &self.by_owner(), Utc::now()));
    }

    async fn has(&self, names: &[&str]) {
        self.scene.has(0, names).await;
    }
}

/// The whole way of a site, read on the panel.
async fn follow_the_site(older: bool) {
    let story = Story::begin(older).await;
    let scene = &story.scene;
    scene.app.other_admin().await.unwrap();
    story.hand_over(false);
    story.has(&[OWNER]).await;
    let expected = if older { PanelRole::LocalOperator } else { PanelRole::CloudAdmin };
    assert_eq!(scene.on_panel(0)[OWNER].0, expected);
    story.authorize();
    story.has(&[ON_PANEL, BORIS, OWNER]).await;
    story.revoke();
    story.has(&[OWNER]).await;
    story.authorize();
    story.has(&[ON_PANEL, BORIS, OWNER]).await;
    story.take_away();
    story.has(&[OWNER]).await;

    let rivals = scene.app.store.read(|conn| staff::find_by_email(conn, RIVAL)).unwrap().unwrap().company_id;
    let asks = Asks { site: true, devices: Vec::new() };
    let vault = scene.app.store.vault();
    story.write(|conn| custody::serve(conn, vault, &story.site, &rivals, &asks, &story.by_owner(), Utc::now()));
    story.has(&[OWNER, RIVAL]).await;
    assert_eq!(scene.created(0, OWNER), 1, "whoever stays is left alone");

    // The owner deletes the account, and the installer has the site again.
    let back = HashMap::from([(story.site.clone(), Parting::Return)]);
    story.write(|conn| custody::release(conn, vault, &story.owner, &back, Utc::now()));
    story.has(&[ON_PANEL, BORIS]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_follow_a_site_to_its_owner_back_to_the_installer_and_to_another_company() {
    follow_the_site(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_on_an_older_panel_follow_the_site_too() {
    follow_the_site(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acceptance_with_authorization_keeps_the_installers_accounts_as_they_are() {
    let story = Story::begin(false).await;
    let made = story.scene.created(0, ON_PANEL);
    story.hand_over(true);
    story.has(&[ON_PANEL, BORIS, OWNER]).await;
    story.scene.account(&story.device, OWNER, "waiting_for_sign_in").await;
    assert_eq!(story.scene.created(0, ON_PANEL), made);
    let told = story.scene.account(&story.device, OWNER, "waiting_for_sign_in").await;
    assert_eq!((&told["role"], &told["because"]), (&json!("owner"), &json!("owns_site")), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_enters_the_panel_with_their_own_password_and_nothing_is_kept_of_it() {
    let story = Story::begin(false).await;
    story.hand_over(true);
    story.scene.account(&story.device, OWNER, "waiting_for_sign_in").await;
    let random = story.scene.on_panel(0)[OWNER].1.clone();
    let mut owner = story.scene.app.stranger();
    owner.sign_in_as_end_user(OWNER, PASSWORD).await.unwrap().ok().unwrap();
    story.scene.has_password(0, OWNER, PASSWORD).await;
    assert_ne!(random, PASSWORD);
    let held = || {
        let holder = Holder::EndUser(&story.owner);
        story.scene.app.store.read(|conn| panel_passwords::find(conn, holder)).unwrap()
    };
    story.scene.until_none(held).await;
    let change = json!({"password": PASSWORD, "new_password": "Another-one-8"});
    let answer = owner.post("/my/profile/password", &change).await.unwrap();
    owner.adopt_end_user(&answer).unwrap();
    story.scene.has_password(0, OWNER, "Another-one-8").await;
    story.scene.until_none(held).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_owner_is_off_the_panel_until_the_company_lets_them_in_again() {
    let story = Story::begin(false).await;
    story.hand_over(true);
    story.has(&[ON_PANEL, BORIS, OWNER]).await;
    let (by, owner, now) = (Actor::Staff(story.scene.app.staff_id(ADMIN).unwrap()), story.by_owner(), Utc::now());
    story.write(|conn| custody::ask_for_rental(conn, &story.company, &story.site, &by, now));
    story.write(|conn| custody::agree_to_rental(conn, &story.site, true, &owner, now));
    let suspend = |on| story.write(|conn| custody::set_suspended(conn, &story.company, &story.site, on, &by, now));
    suspend(true);
    story.has(&[ON_PANEL, BORIS]).await;
    suspend(false);
    story.has(&[ON_PANEL, BORIS, OWNER]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_of_a_shared_panel_operates_it_until_the_share_ends() {
    let story = Story::begin(false).await;
    let receiver = story.scene.app.silent_end_user("neighbour@example.com").unwrap();
    let device: DeviceId = story.device.parse().unwrap();
    let channel = SharedChannel { device_id: device, channel: 0, permissions: vec![SharePermission::Arm] };
    let share = NewShare {
        id: ShareId::generate(Utc::now()),
        site_id: story.site.clone(),
        giver_kind: GiverKind::Company,
        giver_id: story.company.to_string(),
        receiver_id: receiver,
        channels: vec![channel],
    };
    story.write(|conn| shares::give(conn, &share, "system", Utc::now())).unwrap();
    story.has(&[ON_PANEL, BORIS, "neighbour@example.com"]).await;
    assert_eq!(story.scene.on_panel(0)["neighbour@example.com"].0, PanelRole::CloudOperator);
    let (kind, giver) = (share.giver_kind, share.giver_id.as_str());
    story.write(|conn| shares::end_of_giver(conn, &story.site, kind, giver, ShareEnd::Removed, Utc::now()));
    story.has(&[ON_PANEL, BORIS]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_accepts_a_panel_from_its_owner_operates_it_until_it_is_taken_back() {
    let story = Story::begin(false).await;
    let (scene, neighbour) = (&story.scene, "neighbour@example.com");
    story.hand_over(true);
    story.has(&[ON_PANEL, BORIS, OWNER]).await;
    let theirs = scene.app.end_user(neighbour).await.unwrap();
    let mut olga = scene.app.stranger();
    olga.sign_in_as_end_user(OWNER, PASSWORD).await.unwrap().ok().unwrap();
    let panel = json!({"device_id": story.device, "channel": 0, "permissions": ["arm"]});
    olga.post("/my/share_offers", &json!({"login": neighbour, "channels": [panel]})).await.unwrap().ok().unwrap();
    scene.periods(&story.device, 1).await;
    story.has(&[ON_PANEL, BORIS, OWNER]).await;

    let offer = theirs.get("/my/received_offers").await.unwrap().ok().unwrap()["items"][0]["id"].clone();
    let path = format!("/my/received_offers/{}/accept", offer.as_str().unwrap());
    theirs.post(&path, &json!({})).await.unwrap().ok().unwrap();
    story.has(&[ON_PANEL, BORIS, OWNER, neighbour]).await;
    assert_eq!(scene.on_panel(0)[neighbour].0, PanelRole::CloudOperator);

    let share = olga.get("/my/given_shares").await.unwrap().ok().unwrap()["items"][0]["id"].clone();
    let path = format!("/my/given_shares/{}", share.as_str().unwrap());
    olga.delete(&path).await.unwrap().ok().unwrap();
    story.has(&[ON_PANEL, BORIS, OWNER]).await;
}

/// The pack of a site that is handed over through the front door, and what its checklist says of the panels.
async fn pack_of(scene: &Scene, olga: &Client, site: &str, authorized: bool) -> (Value, Value) {
    let asks = json!({"site": authorized, "devices": []});
    hand_over(&scene.admin, site, olga, OWNER, &asks).await.unwrap();
    let pack = olga.get(&format!("/my/sites/{site}/pack")).await.unwrap().ok().unwrap();
    let check = pack["checklist"].as_array().unwrap().iter().find(|one| one["check"] == "panel_accounts").cloned();
    (pack["panels"][0].clone(), check.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pack_says_of_a_panel_what_was_read_on_it_and_not_what_should_be() {
    let scene = Scene::start(panels(3, false)).await;
    scene.member(BORIS, Right::ManageAllSites).await;
    let olga = scene.app.end_user(OWNER).await.unwrap();
    let mut sites = vec![scene.site.clone()];
    for name in ["Pier", "Mole"] {
        sites.push(make_site(&scene.admin, name).await.unwrap());
    }
    let mut devices = Vec::new();
    for (place, site) in sites.iter().enumerate() {
        devices.push(scene.add(place, site).await);
    }
    for (place, device) in devices.iter().enumerate() {
        scene.has(place, &[ON_PANEL, BORIS]).await;
        for name in [ON_PANEL, BORIS] {
            scene.account(device, name, "waiting_for_sign_in").await;
        }
    }
    let names = |panel: &Value, key: &str, of: &str| -> Vec<String> {
        let mut names: Vec<String> =
            panel[key].as_array().unwrap().iter().map(|one| one[of].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };

    let (panel, check) = pack_of(&scene, &olga, &sites[0], false).await;
    assert_eq!((&check["outcome"], &check["because"]), (&json!("not_known"), &json!(["still_there"])), "{check}");
    assert_eq!(check["devices"], json!([devices[0]]));
    assert_eq!(names(&panel, "accounts", "name"), ["Olga Owner"]);
    assert_eq!(names(&panel, "still_there", "user_name"), [ON_PANEL, BORIS], "{panel}");
    let pdf = olga.get(&format!("/my/sites/{}/pack/pdf?language=en", sites[0])).await.unwrap();
    let read = foreign_pdf::read(&pdf.bytes).unwrap().to_string();
    assert!(read.contains("Still on it then") && read.contains(BORIS), "{read}");

    let (panel, check) = pack_of(&scene, &olga, &sites[1], true).await;
    assert_eq!((&check["outcome"], &panel["still_there"]), (&json!("passed"), &json!([])), "{check} {panel}");
    assert!(panel["read_at"].is_string() && names(&panel, "accounts", "name").len() == 3, "{panel}");

    scene.set(2, json!({"network": "reset"})).await;
    let path = format!("/devices/{}/panel_accounts", devices[2]);
    scene.told(&path, |list| !list["state"]["reason_code"].is_null()).await;
    let (panel, check) = pack_of(&scene, &olga, &sites[2], true).await;
    assert_eq!((&check["outcome"], &check["because"]), (&json!("not_known"), &json!(["not_read"])), "{check}");
    assert_eq!(panel["read_at"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_got_a_panel_from_the_company_is_no_operator_after_the_handover() {
    let story = Story::begin(false).await;
    let scene = &story.scene;
    let neighbour = "neighbour@example.com";
    let receiver = scene.app.silent_end_user(neighbour).unwrap();
    let channel =
        SharedChannel { device_id: story.device.parse().unwrap(), channel: 0, permissions: vec![SharePermission::Arm] };
    let share = NewShare {
        id: ShareId::generate(Utc::now()),
        site_id: story.site.clone(),
        giver_kind: GiverKind::Company,
        giver_id: story.company.to_string(),
        receiver_id: receiver,
        channels: vec![channel],
    };
    story.write(|conn| shares::give(conn, &share, "system", Utc::now())).unwrap();
    story.has(&[ON_PANEL, BORIS, neighbour]).await;
    scene.account(&story.device, neighbour, "waiting_for_sign_in").await;
    let mut olga = scene.app.stranger();
    olga.sign_in_as_end_user(OWNER, PASSWORD).await.unwrap().ok().unwrap();
    let (panel, check) = pack_of(scene, &olga, &scene.site, true).await;
    let of = |key: &str, of: &str| -> Vec<Value> {
        panel[key].as_array().unwrap().iter().map(|one| one[of].clone()).collect()
    };
    assert!(!of("accounts", "role").contains(&json!("operator")), "{panel}");
    assert_eq!(of("still_there", "user_name"), [json!(neighbour)], "{panel}");
    assert_eq!(check["outcome"], "not_known", "{check}");
    story.has(&[ON_PANEL, BORIS, OWNER]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_with_the_address_of_the_admin_has_an_account_of_their_own() {
    let story = Story::begin(false).await;
    story.scene.app.silent_end_user(ADMIN).unwrap();
    story.scene.app.hand_site_over(&story.scene.site, ADMIN, &json!({"site": true, "devices": []})).unwrap();
    story.scene.account(&story.device, ADMIN, "waiting_for_sign_in").await;
    let settled = |list: &Value| {
        let items = list["items"].as_array().unwrap();
        items.len() == 3 && items.iter().all(|one| one["state"] == "waiting_for_sign_in")
    };
    story.scene.told(&format!("/devices/{}/panel_accounts", story.device), settled).await;
    let there = story.scene.on_panel(0);
    let of = |role| there.values().filter(|(other, _)| *other == role).count();
    assert_eq!(there[ADMIN].0, PanelRole::CloudAdmin, "{there:?}");
    assert_eq!((of(PanelRole::CloudAdmin), of(PanelRole::InstallerAdmin)), (1, 1), "{there:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_that_become_free_leave_nobody_of_ours_on_the_panel() {
    let story = Story::begin(false).await;
    story.hand_over(true);
    story.has(&[ON_PANEL, BORIS, OWNER]).await;
    for name in [ON_PANEL, BORIS, OWNER] {
        story.scene.account(&story.device, name, "waiting_for_sign_in").await;
    }
    let free = HashMap::from([(story.site.clone(), Parting::Free)]);
    let vault = story.scene.app.store.vault();
    story.write(|conn| custody::release(conn, vault, &story.owner, &free, Utc::now()));
    story.has(&[]).await;
    let exits = story.scene.told("/panel_exits", |page| page["items"][0]["state"] == "clean").await;
    let path = format!("/panel_exits/{}", exits["items"][0]["id"].as_str().unwrap());
    let proof = story.scene.admin.get(&path).await.unwrap().ok().unwrap();
    assert_eq!(proof["removed"].as_array().unwrap().len(), 3, "{proof}");
}

/// The vendor says that the owner's account ends the panel's own administrator, with which the platform came.
#[tokio::test(flavor = "multi_thread")]
async fn a_panel_whose_own_login_ends_with_the_owners_account_is_clean_before_and_not_knocked_at_after() {
    let story = Story::begin(false).await;
    story.scene.set(0, json!({"panel": {"expire_local_admin": true}})).await;
    story.hand_over(false);
    story.has(&[OWNER]).await;
    let path = format!("/devices/{}/panel_accounts", story.device);
    story.scene.told(&path, |list| list["state"]["reason_code"] == "device_login_refused").await;
    story.has(&[OWNER]).await;
    story.authorize();
    story.scene.told(&path, |list| list["items"].as_array().unwrap().iter().any(|one| one["state"] == "adding")).await;
    // The poller and the comparison may each have met it once, at the same moment.
    assert!(story.scene.counters(0).logins_refused <= 2, "{}", story.scene.counters(0).logins_refused);
    story.has(&[OWNER]).await;
}
