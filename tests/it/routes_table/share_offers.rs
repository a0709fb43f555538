//! What owners offer and share, and what others offer them.

use chrono::Utc;
use serde_json::json;
use siteward_domain::ShareOfferId;
use siteward_domain::share::{OfferWay, SharedChannel};
use siteward_store::share_offers::{NewShareOffer, create_offer};
use siteward_store::shares::accept_channels;
use siteward_tests::app::App;

use super::scene::Ids;
use super::{MyRow, NO_BODY, NOTHING};

pub(super) fn my_rows() -> Vec<MyRow> {
    vec![
        ("GET", "/my/share_offers", NO_BODY, [401, 200, 200]),
        // The device that is named is nobody's.
        (
            "POST",
            "/my/share_offers",
            |_| json!({"login": "eva@example.com", "channels": [{"device_id": NOTHING, "channel": 1}]}),
            [401, 404, 404],
        ),
        ("GET", "/my/received_offers", NO_BODY, [401, 200, 200]),
        // It went to somebody else.
        ("POST", "/my/received_offers/{share_offer_id}/accept", NO_BODY, [401, 404, 404]),
        ("POST", "/my/received_offers/{share_offer_id}/refuse", NO_BODY, [401, 404, 404]),
        ("DELETE", "/my/share_offers/{share_offer_id}", NO_BODY, [401, 404, 204]),
        ("GET", "/my/given_shares", NO_BODY, [401, 200, 200]),
        // Nobody is named.
        ("DELETE", "/my/given_shares", NO_BODY, [401, 400, 400]),
        // Nothing of what is named is on the site.
        (
            "PATCH",
            "/my/given_shares/{given_share_id}",
            |_| json!({"channels": [{"device_id": NOTHING, "channel": 1}]}),
            [401, 404, 409],
        ),
        ("DELETE", "/my/given_shares/{given_share_id}", NO_BODY, [401, 404, 204]),
    ]
}

/// The owner offered a channel to somebody, and shares one with somebody else.
pub(super) fn furnish_owner(app: &App, ids: &mut Ids, email: &str) {
    let (now, owner) = (Utc::now(), app.end_user_id(email).unwrap());
    let receiver = app.silent_end_user("received@example.com").unwrap();
    let channel =
        SharedChannel { device_id: ids.of("device_id").parse().unwrap(), channel: 1, permissions: Vec::new() };
    let new = NewShareOffer {
        id: ShareOfferId::generate(now),
        site_id: ids.of("site_id").parse().unwrap(),
        giver_id: owner,
        receiver_login: "offered@example.com".to_owned(),
        receiver_id: None,
        way: OfferWay::Account,
        channels: vec![channel],
    };
    let share = app.store.write(|conn| {
        assert!(create_offer(conn, &new, now)?.is_ok());
        accept_channels(conn, &new.site_id, &new.giver_id, &receiver, &new.channels, "test", now)
    });
    ids.put("share_offer_id", new.id.to_string());
    ids.put("given_share_id", share.unwrap().unwrap().to_string());
}
