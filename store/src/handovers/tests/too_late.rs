//! What cannot be answered any more, because something else happened first.

use siteward_domain::share::SharedChannel;

use super::*;

/// Somebody else is invited to see a camera of the site.
fn shared(store: &Store, scene: &Scene, device: &DeviceId) -> HandoverId {
    let channel = SharedChannel { device_id: device.clone(), channel: 1, permissions: Vec::new() };
    let transfer = new(scene, "oleg@example.com", "share", Asks::default(), 1);
    let share = NewHandover { offer: Offer::Share(vec![channel]), ..transfer };
    store.write(|conn| create_handover(conn, &share, at(1))).unwrap();
    share.id
}

#[test]
fn what_else_is_offered_of_a_site_is_void_once_somebody_owns_it() {
    on_both(|store| {
        let scene = scene(store);
        let camera = device(store, &scene.company, &scene.site, "10.0.0.1", 1);
        let id = invited(store, &scene, "olga@example.com", "hash", 0).unwrap();
        let share = shared(store, &scene, &camera);
        let (olga, oleg) = (end_user(store, "olga@example.com"), end_user(store, "oleg@example.com"));
        let one = accepting(&id, "hash", &olga, "olga@example.com", Asks::default());
        store.write(|conn| accept(conn, &one, at(2))).unwrap().unwrap();
        assert_eq!(state(store, &scene, &share, 2), HandoverState::Cancelled);
        let late = accepting(&share, "share", &oleg, "oleg@example.com", Asks::default());
        assert!(matches!(store.write(|conn| accept(conn, &late, at(3))), Err(StoreError::NotFound)));
        assert_eq!(store.read(|conn| count_rows(conn, "shares")).unwrap(), 0);
    });
}

#[test]
fn a_site_that_somebody_owns_is_not_accepted_whatever_still_waits() {
    on_both(|store| {
        let scene = scene(store);
        let id = invited(store, &scene, "olga@example.com", "hash", 0).unwrap();
        let olga = end_user(store, "olga@example.com");
        for owned in [S::NotAuthorized, S::Authorized] {
            store.write(|conn| crate::sites::set_status(conn, &scene.company, &scene.site, owned, at(1))).unwrap();
            let one = accepting(&id, "hash", &olga, "olga@example.com", Asks::default());
            assert!(matches!(store.write(|conn| accept(conn, &one, at(2))), Err(StoreError::NotFound)), "{owned:?}");
        }
    });
}

#[test]
fn an_old_link_refuses_nothing() {
    on_both(|store| {
        let scene = scene(store);
        let id = invited(store, &scene, "olga@example.com", "newest", 0).unwrap();
        let old = store.write(|conn| refuse(conn, &scene.company, &id, Some("old"), None, at(1)));
        assert!(matches!(old, Err(StoreError::NotFound)));
        assert_eq!((state(store, &scene, &id, 1), status(store, &scene)), (HandoverState::Pending, S::NotAccepted));
    });
}
