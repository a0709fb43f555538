use diesel::QueryableByName;
use diesel::sql_types::Text;
use siteward_domain::DeviceId;
use siteward_domain::grant::{DevicePermission, Permission, Validity};
use siteward_domain::handover::{Asks, DeviceAsk};
use siteward_domain::site::SiteStatus as S;

use super::*;
use crate::select::Select;
use crate::testing::{
    at, company, count_rows, device, end_user, events_of, link, linked, member, on_both, serial, site,
};
use crate::{Store, grants};

mod racing;
mod too_late;

/// Seconds in the seven days of an invitation.
const FULL: i64 = 7 * 86_400;

struct Scene {
    company: CompanyId,
    site: SiteId,
    by: StaffId,
}

fn scene(store: &Store) -> Scene {
    let company = company(store);
    Scene { site: site(store, &company, "Villa"), by: member(store, &company, "anna@example.com"), company }
}

fn new(scene: &Scene, email: &str, token: &str, asks: Asks, seconds: i64) -> NewHandover {
    NewHandover {
        id: HandoverId::generate(at(seconds)),
        company_id: scene.company.clone(),
        site_id: scene.site.clone(),
        email: email.into(),
        phone: None,
        name: "Olga".into(),
        language: MailLanguage::Ru,
        remark: "As we said".into(),
        offer: Offer::Transfer(asks),
        token_hash: token.into(),
        invited_by: scene.by.clone(),
        expires_at: at(seconds + FULL),
    }
}

fn invited(store: &Store, scene: &Scene, email: &str, token: &str, seconds: i64) -> Result<HandoverId, StoreError> {
    let new = new(scene, email, token, Asks { site: true, devices: Vec::new() }, seconds);
    store.write(|conn| create_handover(conn, &new, at(seconds))).map(|()| new.id)
}

fn accepting(
    id: &HandoverId,
    token: &str,
    end_user: &siteward_domain::EndUserId,
    email: &str,
    allowed: Asks,
) -> Accepting {
    Accepting {
        id: id.clone(),
        token_hash: Some(token.into()),
        end_user_id: end_user.clone(),
        email: email.into(),
        allowed,
    }
}

fn status(store: &Store, scene: &Scene) -> S {
    store.read(|conn| crate::sites::get_site(conn, &scene.company, &scene.site)).unwrap().status
}

fn state(store: &Store, scene: &Scene, id: &HandoverId, seconds: i64) -> HandoverState {
    store.read(|conn| get_handover(conn, &scene.company, id, at(seconds))).unwrap().state
}

#[test]
fn an_invitation_shows_its_receiver_what_it_is_to() {
    on_both(|store| {
        let scene = scene(store);
        device(store, &scene.company, &scene.site, "10.0.0.2", 2);
        device(store, &scene.company, &scene.site, "10.0.0.1", 1);
        let id = invited(store, &scene, "Olga@Example.com", "hash", 0).unwrap();
        assert_eq!(status(store, &scene), S::NotAccepted);
        let open = store.read(|conn| find_by_token(conn, "hash", at(5))).unwrap().unwrap();
        assert_eq!((open.id.clone(), open.company.as_str(), open.site.as_str()), (id.clone(), "Lockwood", "Villa"));
        assert_eq!((open.email.as_str(), open.inviter.as_deref()), ("Olga@Example.com", Some("Anna")));
        assert!(open.offer.asks().site && open.remark == "As we said" && open.language == MailLanguage::Ru);
        let names: Vec<_> = open.devices.iter().map(|device| device.name.as_str()).collect();
        assert_eq!(names, ["Camera 10.0.0.1", "Camera 10.0.0.2"]);
        let of = |email: &str| store.read(|conn| list_open_of(conn, email, at(5))).unwrap();
        assert_eq!(of("olga@example.COM"), std::slice::from_ref(&open));
        assert!(of("oleg@example.com").is_empty());
        let by_id = |email: &str| store.read(|conn| find_by_id(conn, &id, email, at(5))).unwrap();
        assert!(by_id("olga@example.com").is_some() && by_id("oleg@example.com").is_none());
        assert!(store.read(|conn| find_by_token(conn, "other", at(5))).unwrap().is_none());
        assert!(store.read(|conn| find_by_token(conn, "hash", at(FULL))).unwrap().is_none(), "its time is over");
        assert_eq!(events_of(store, &scene.company, EventKind::HandoverChanged).len(), 1);
    });
}

#[test]
fn its_company_sees_whether_the_receiver_is_registered_and_no_other_company_sees_it() {
    on_both(|store| {
        let scene = scene(store);
        let id = invited(store, &scene, "olga@example.com", "hash", 0).unwrap();
        let registered = || store.read(|conn| get_handover(conn, &scene.company, &id, at(1))).unwrap().is_registered;
        assert!(!registered());
        end_user(store, "OLGA@example.com");
        assert!(registered());
        let other = company(store);
        let seen = store.read(|conn| get_handover(conn, &other, &id, at(1)));
        assert!(matches!(seen, Err(StoreError::NotFound)));
        assert!(
            store.read(|conn| list_handovers(conn, &other, &scene.site, at(1), None, 20)).unwrap().items.is_empty()
        );
    });
}

#[test]
fn a_site_has_one_invitation_that_waits_and_a_new_one_when_it_is_over() {
    on_both(|store| {
        let scene = scene(store);
        let first = invited(store, &scene, "olga@example.com", "one", 0).unwrap();
        let second = invited(store, &scene, "oleg@example.com", "two", 1);
        assert!(matches!(second, Err(StoreError::Duplicate { what: "handover" })), "{second:?}");
        let third = invited(store, &scene, "oleg@example.com", "three", FULL).unwrap();
        assert_eq!(state(store, &scene, &first, FULL), HandoverState::Expired);
        let page = store.read(|conn| list_handovers(conn, &scene.company, &scene.site, at(FULL), None, 1)).unwrap();
        assert_eq!(page.items[0].id, third, "newest first");
        let cursor = page.next_cursor.unwrap();
        let page = store.read(|conn| list_handovers(conn, &scene.company, &scene.site, at(FULL), Some(&cursor), 1));
        assert_eq!(page.unwrap().items[0].id, first);
    });
}

#[test]
fn a_corrected_address_gets_a_new_link_and_the_old_one_is_dead() {
    on_both(|store| {
        let scene = scene(store);
        let id = invited(store, &scene, "olag@example.com", "one", 0).unwrap();
        let change = HandoverChange { email: Some("olga@example.com".into()), ..HandoverChange::default() };
        let times = (at(60), at(60 + FULL));
        let renewed = store.write(|conn| renew_handover(conn, &scene.company, &id, &change, "two", times)).unwrap();
        assert_eq!(
            (renewed.email.as_str(), renewed.sent_at, renewed.expires_at),
            ("olga@example.com", at(60), at(60 + FULL))
        );
        assert_eq!((renewed.name.as_str(), renewed.language), ("Olga", MailLanguage::Ru), "the rest stays");
        let open = |token: &str| store.read(|conn| find_by_token(conn, token, at(FULL))).unwrap().is_some();
        assert!(!open("one") && open("two"));
        store.write(|conn| cancel_handover(conn, &scene.company, &id, "staff:x".into(), at(70))).unwrap();
        assert_eq!(status(store, &scene), S::NotInvited);
        let again = store.write(|conn| renew_handover(conn, &scene.company, &id, &change, "three", times));
        assert!(matches!(again, Err(StoreError::Stale)));
        let again = store.write(|conn| cancel_handover(conn, &scene.company, &id, "staff:x".into(), at(71)));
        assert!(matches!(again, Err(StoreError::Stale)));
    });
}

#[test]
fn whoever_accepts_owns_the_site_its_devices_and_its_log_and_the_company_gets_what_was_not_narrowed() {
    on_both(|store| {
        let scene = scene(store);
        let behind = linked(store, &link(store, &scene.company, &scene.site, "Attic"), "10.0.0.7", 7);
        let ask = |permission, validity| DeviceAsk { device_id: behind.clone(), permission, validity };
        let view = ask(DevicePermission::LiveView, Validity::Hours4);
        let asks =
            Asks { site: true, devices: vec![view.clone(), ask(DevicePermission::Configuration, Validity::Permanent)] };
        let new = new(&scene, "olga@example.com", "hash", asks, 0);
        store.write(|conn| create_handover(conn, &new, at(0))).unwrap();
        let olga = end_user(store, "olga@example.com");
        let allowed = Asks { site: true, devices: vec![view] };
        let accepted = store
            .write(|conn| accept(conn, &accepting(&new.id, "hash", &olga, "olga@example.com", allowed.clone()), at(9)))
            .unwrap()
            .unwrap();
        assert_eq!((accepted.status, status(store, &scene)), (S::Authorized, S::Authorized));
        let owning = crate::owning::Owning { end_user: olga.clone() };
        assert_eq!(store.read(|conn| owning.sites(conn)).unwrap(), std::slice::from_ref(&scene.site));
        assert_eq!(store.read(|conn| count_rows(conn, "bindings WHERE owner_id IS NOT NULL")).unwrap(), 1);
        let open = store.read(|conn| grants::list_open(conn, &scene.site, at(10), None, 20)).unwrap().items;
        let mut given: Vec<_> = open.iter().map(|grant| (grant.permission, grant.valid_until)).collect();
        given.sort_unstable();
        assert_eq!(given, [(Permission::Site, None), (Permission::LiveView, Some(at(9 + 4 * 3600)))]);
        assert_eq!(state(store, &scene, &new.id, 10), HandoverState::Accepted);
        assert_eq!(events_of(store, &scene.company, EventKind::HandoverChanged).len(), 2);
        assert_eq!(store.read(|conn| count_rows(conn, "access_log WHERE action = 'site_accepted'")).unwrap(), 1);
        let later = linked(store, &link(store, &scene.company, &scene.site, "Cellar"), "10.0.0.8", 8);
        assert_eq!(owner_of_binding(store, &later).as_deref(), Some(olga.as_str()), "{}", serial(8).as_str());
    });
}

fn owner_of_binding(store: &Store, device: &DeviceId) -> Option<String> {
    #[derive(QueryableByName)]
    struct Owner {
        #[diesel(sql_type = diesel::sql_types::Nullable<Text>)]
        owner_id: Option<String>,
    }
    let query = || Select::new("SELECT owner_id FROM bindings WHERE device_id = ").text(device.as_str());
    let rows: Vec<Owner> = store.read(|conn| query().load(conn)).unwrap();
    rows.into_iter().next().unwrap().owner_id
}

#[test]
fn accepting_without_authorizing_is_not_authorized_and_more_than_was_asked_for_is_refused() {
    on_both(|store| {
        let scene = scene(store);
        let id = invited(store, &scene, "olga@example.com", "hash", 0).unwrap();
        let olga = end_user(store, "olga@example.com");
        let camera = device(store, &scene.company, &scene.site, "10.0.0.1", 1);
        let ask = DeviceAsk { device_id: camera, permission: DevicePermission::Playback, validity: Validity::Hours1 };
        let more = accepting(&id, "hash", &olga, "olga@example.com", Asks { site: false, devices: vec![ask] });
        assert!(matches!(store.write(|conn| accept(conn, &more, at(1))), Err(StoreError::Refused(_))));
        assert_eq!(status(store, &scene), S::NotAccepted, "nothing happened");
        let less = accepting(&id, "hash", &olga, "olga@example.com", Asks::default());
        assert_eq!(store.write(|conn| accept(conn, &less, at(2))).unwrap().unwrap().status, S::NotAuthorized);
        assert_eq!(status(store, &scene), S::NotAuthorized);
        assert_eq!(store.read(|conn| count_rows(conn, "grants")).unwrap(), 0);
    });
}

#[test]
fn a_link_is_of_no_use_to_another_owner_with_an_old_token_or_after_its_end() {
    on_both(|store| {
        let scene = scene(store);
        let id = invited(store, &scene, "olga@example.com", "hash", 0).unwrap();
        let (olga, oleg) = (end_user(store, "olga@example.com"), end_user(store, "oleg@example.com"));
        let try_to = |token: &str, who: &siteward_domain::EndUserId, email: &str, seconds| {
            let one = accepting(&id, token, who, email, Asks::default());
            store.write(|conn| accept(conn, &one, at(seconds))).map(drop)
        };
        for (token, who, email, seconds) in [
            ("hash", &oleg, "oleg@example.com", 1),
            ("old", &olga, "olga@example.com", 1),
            ("hash", &olga, "olga@example.com", FULL),
        ] {
            assert!(matches!(try_to(token, who, email, seconds), Err(StoreError::NotFound)), "{email} {token}");
        }
        try_to("hash", &olga, "Olga@Example.com", 2).unwrap();
        assert!(matches!(try_to("hash", &olga, "olga@example.com", 3), Err(StoreError::NotFound)), "it is used");
    });
}

#[test]
fn a_refused_or_forgotten_invitation_leaves_the_site_not_invited() {
    on_both(|store| {
        let scene = scene(store);
        let id = invited(store, &scene, "olga@example.com", "one", 0).unwrap();
        let refused = store.write(|conn| refuse(conn, &scene.company, &id, Some("one"), None, at(1))).unwrap();
        assert_eq!((refused.handover.id, status(store, &scene)), (id.clone(), S::NotInvited));
        let again = store.write(|conn| refuse(conn, &scene.company, &id, Some("one"), None, at(2)));
        assert!(matches!(again, Err(StoreError::NotFound)));
        let second = invited(store, &scene, "olga@example.com", "two", 10).unwrap();
        assert!(store.write(|conn| expire(conn, at(9 + FULL), 100)).unwrap().is_empty());
        let ended = store.write(|conn| expire(conn, at(10 + FULL), 100)).unwrap();
        assert_eq!(ended.iter().map(|one| &one.handover.id).collect::<Vec<_>>(), [&second]);
        assert_eq!(status(store, &scene), S::NotInvited);
        assert!(store.write(|conn| expire(conn, at(11 + FULL), 100)).unwrap().is_empty());
        assert_eq!(state(store, &scene, &second, 0), HandoverState::Expired);
    });
}

#[test]
fn of_fifty_who_accept_refuse_and_cancel_at_the_same_instant_one_does() {
    on_both(|store| {
        let scene = scene(store);
        let id = invited(store, &scene, "olga@example.com", "hash", 0).unwrap();
        let olga = end_user(store, "olga@example.com");
        let accept_it = accepting(&id, "hash", &olga, "olga@example.com", Asks { site: true, devices: Vec::new() });
        let done: usize = std::thread::scope(|threads| {
            let one = |n: usize| match n % 5 {
                3 => store.write(|conn| refuse(conn, &scene.company, &id, Some("hash"), None, at(1))).is_ok(),
                4 => store.write(|conn| cancel_handover(conn, &scene.company, &id, "staff:x".into(), at(1))).is_ok(),
                _ => store.write(|conn| accept(conn, &accept_it, at(1))).is_ok(),
            };
            let tries: Vec<_> = (0..50).map(|n| threads.spawn(move || one(n))).collect();
            tries.into_iter().map(|one| usize::from(one.join().unwrap())).sum()
        });
        assert_eq!(done, 1);
        assert_eq!(events_of(store, &scene.company, EventKind::HandoverChanged).len(), 2);
        let is_owned = state(store, &scene, &id, 2) == HandoverState::Accepted;
        let owned = i64::from(is_owned);
        assert_eq!(store.read(|conn| count_rows(conn, "sites WHERE owner_id IS NOT NULL")).unwrap(), owned);
        assert_eq!(status(store, &scene), if is_owned { S::Authorized } else { S::NotInvited });
        assert_eq!(store.read(|conn| count_rows(conn, "access_log")).unwrap(), owned);
    });
}
