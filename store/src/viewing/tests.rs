use siteward_domain::share::{GiverKind, SharedChannel};

use super::*;
use crate::shares::{NewShare, give, may_use};
use crate::testing::{at, company, device, end_user, on_both, own, site};

#[test]
fn an_owner_sees_a_device_whole_and_a_receiver_the_channels_that_are_shared() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let device = device(store, &company, &site, "10.0.0.1", 1);
        let (owner, receiver) = (end_user(store, "owner@example.org"), end_user(store, "eva@example.org"));
        own(store, &site, &owner);
        let stranger = store.read(|conn| get_viewed(conn, &receiver, &device));
        assert!(matches!(stranger, Err(StoreError::NotFound)));
        assert_eq!(store.read(|conn| get_viewed(conn, &owner, &device)).unwrap().shared, None);

        let shared =
            |channel| SharedChannel { device_id: device.clone(), channel, permissions: vec![SharePermission::Ptz] };
        let new = NewShare {
            id: ShareId::generate(at(1)),
            site_id: site.clone(),
            giver_kind: GiverKind::EndUser,
            giver_id: owner.to_string(),
            receiver_id: receiver.clone(),
            channels: vec![shared(1), shared(4)],
        };
        store.write(|conn| give(conn, &new, "test", at(2))).unwrap().unwrap();
        let seen = store.read(|conn| get_viewed(conn, &receiver, &device)).unwrap();
        let channels: Vec<u32> = seen.shared.unwrap().into_keys().collect();
        assert_eq!((channels, seen.shares), (vec![1, 4], vec![new.id.clone()]));
    });
}

#[test]
fn the_first_use_of_a_permission_is_noted_once() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let device = device(store, &company, &site, "10.0.0.1", 1);
        let receiver = end_user(store, "eva@example.org");
        let new = NewShare {
            id: ShareId::generate(at(1)),
            site_id: site.clone(),
            giver_kind: GiverKind::Company,
            giver_id: company.to_string(),
            receiver_id: receiver.clone(),
            channels: vec![SharedChannel { device_id: device.clone(), channel: 1, permissions: Vec::new() }],
        };
        store.write(|conn| give(conn, &new, "test", at(2))).unwrap().unwrap();
        let live = SharePermission::LiveView;
        let noted =
            |channel, permission| store.read(|conn| is_noted(conn, &new.id, &device, channel, permission)).unwrap();
        assert!(!noted(1, live));
        assert!(store.write(|conn| may_use(conn, &receiver, &device, 1, live, at(3))).unwrap().is_ok());
        assert!(noted(1, live) && !noted(2, live) && !noted(1, SharePermission::Playback));
        assert!(
            store
                .write(|conn| may_use(conn, &receiver, &device, 1, SharePermission::Playback, at(4)))
                .unwrap()
                .is_err()
        );
    });
}
