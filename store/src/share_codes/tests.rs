use siteward_domain::share::SharePermission;
use siteward_domain::share_code::CodeStanding;
use siteward_domain::{CompanyId, DeviceId};

use ShareCodeKind::{LongTerm, Temporary};

use super::*;
use crate::Store;
use crate::devices::delete_device;
use crate::testing::{at, company, count_rows, device, end_user, on_both, own, site};

struct Scene {
    company: CompanyId,
    site: SiteId,
    device: DeviceId,
    owner: EndUserId,
}

fn scene(store: &Store) -> Scene {
    let company = company(store);
    let site = site(store, &company, "Villa");
    let device = device(store, &company, &site, "10.0.0.1", 1);
    let owner = end_user(store, "owner@example.org");
    own(store, &site, &owner);
    Scene { company, site, device, owner }
}

impl Scene {
    fn temporary(&self, token: &str) -> NewShareCode {
        let channel =
            SharedChannel { device_id: self.device.clone(), channel: 1, permissions: vec![SharePermission::Playback] };
        NewShareCode {
            id: ShareCodeId::generate(at(0)),
            site_id: self.site.clone(),
            giver_id: self.owner.clone(),
            kind: ShareCodeKind::Temporary,
            label: String::new(),
            token_hash: token.into(),
            password_hash: None,
            most_receivers: None,
            expires_at: at(300),
            channels: vec![channel.clone(), channel],
        }
    }

    fn long_term(&self, token: &str) -> NewShareCode {
        NewShareCode {
            kind: ShareCodeKind::LongTerm,
            label: "For the neighbours".into(),
            password_hash: Some("hash".into()),
            most_receivers: Some(2),
            expires_at: at(86_400),
            ..self.temporary(token)
        }
    }
}

fn made(store: &Store, new: &NewShareCode) -> Result<ShareCode, CodeRefusal> {
    store.write(|conn| create_code(conn, new, at(0))).unwrap()
}

fn of_token(store: &Store, token: &str) -> Option<ShareCode> {
    store.read(|conn| find_code(conn, token)).unwrap()
}

#[test]
fn a_code_is_found_by_its_token_with_what_it_shares() {
    on_both(|store| {
        let scene = scene(store);
        assert!(made(store, &scene.long_term("token")).is_ok());
        let found = of_token(store, "token").unwrap();
        assert_eq!((found.site_name.as_str(), found.giver_name.as_str()), ("Villa", "Olga"));
        assert_eq!((found.label.as_str(), found.most_receivers), ("For the neighbours", Some(2)));
        let [channel] = found.channels.as_slice() else { panic!("{:?}", found.channels) };
        assert_eq!(channel.permissions, [SharePermission::LiveView, SharePermission::Playback]);
        assert_eq!(found.terms().standing(at(0)), CodeStanding::Open);
        assert!(of_token(store, "other").is_none());
    });
}

#[test]
fn a_renewed_code_has_another_token_and_a_temporary_one_lasts_anew() {
    on_both(|store| {
        let scene = scene(store);
        let (temporary, long_term) = (scene.temporary("one"), scene.long_term("two"));
        assert!(made(store, &temporary).is_ok() && made(store, &long_term).is_ok());
        let renew = |id: &ShareCodeId, token: &str, seconds| {
            store.write(|conn| renew_code(conn, &scene.owner, id, token, at(seconds)))
        };
        assert_eq!(renew(&temporary.id, "three", 1000).unwrap().unwrap().expires_at, at(1300), "also when it was over");
        assert_eq!(renew(&long_term.id, "four", 1000).unwrap().unwrap().expires_at, at(86_400));
        assert!(of_token(store, "one").is_none() && of_token(store, "two").is_none());
        assert!(of_token(store, "three").is_some() && of_token(store, "four").is_some());
        assert!(matches!(renew(&long_term.id, "five", 86_400), Err(StoreError::Stale)), "its days are over");
    });
}

#[test]
fn a_code_is_its_givers_alone_and_revoked_for_good() {
    on_both(|store| {
        let scene = scene(store);
        let (new, other) = (scene.long_term("one"), end_user(store, "other@example.org"));
        assert!(made(store, &new).is_ok());
        let revoke = |who: &EndUserId| store.write(|conn| revoke_code(conn, who, &new.id, at(5)));
        assert!(matches!(revoke(&other), Err(StoreError::NotFound)));
        revoke(&scene.owner).unwrap();
        assert!(matches!(revoke(&scene.owner), Err(StoreError::NotFound)));
        assert_eq!(of_token(store, "one").unwrap().terms().standing(at(6)), CodeStanding::Ended);
        let renewed = store.write(|conn| renew_code(conn, &scene.owner, &new.id, "two", at(6)));
        assert!(matches!(renewed, Err(StoreError::Stale)));
    });
}

#[test]
fn whoever_does_not_own_the_site_makes_no_code_of_it_and_its_codes_are_over() {
    on_both(|store| {
        let scene = scene(store);
        assert!(made(store, &scene.temporary("one")).is_ok());
        let other = end_user(store, "other@example.org");
        let theirs = NewShareCode { giver_id: other.clone(), ..scene.temporary("two") };
        assert!(matches!(store.write(|conn| create_code(conn, &theirs, at(0))), Err(StoreError::NotFound)));
        own(store, &scene.site, &other);
        assert_eq!(of_token(store, "one").unwrap().terms().standing(at(1)), CodeStanding::Ended);
    });
}

#[test]
fn a_code_with_nothing_left_to_share_is_over() {
    on_both(|store| {
        let scene = scene(store);
        let elsewhere = site(store, &scene.company, "Shop");
        own(store, &elsewhere, &scene.owner);
        let nothing = NewShareCode { site_id: elsewhere, ..scene.temporary("two") };
        assert_eq!(made(store, &nothing).err(), Some(CodeRefusal::Share(ShareRefusal::NothingToShare)));
        assert!(made(store, &scene.temporary("one")).is_ok());
        store.write(|conn| delete_device(conn, &scene.company, &scene.device, at(1))).unwrap();
        assert_eq!(of_token(store, "one").unwrap().terms().standing(at(2)), CodeStanding::Ended);
    });
}

#[test]
fn a_giver_has_so_many_codes_at_once_and_no_more() {
    on_both(|store| {
        let scene = scene(store);
        for number in 0..MOST_CODES {
            assert!(made(store, &scene.temporary(&number.to_string())).is_ok(), "{number}");
        }
        assert_eq!(made(store, &scene.temporary("more")).err(), Some(CodeRefusal::TooMany));
        let later = store
            .write(|conn| create_code(conn, &NewShareCode { expires_at: at(600), ..scene.temporary("more") }, at(300)));
        assert!(later.unwrap().is_ok(), "those are over");
    });
}

#[test]
fn codes_are_listed_newest_first_and_temporary_ones_while_they_are_good() {
    on_both(|store| {
        let scene = scene(store);
        let news = [scene.long_term("one"), scene.temporary("two"), scene.long_term("three")];
        for (number, new) in news.iter().enumerate() {
            let id = ShareCodeId::generate(at(i64::try_from(number).unwrap()));
            assert!(made(store, &NewShareCode { id, ..new.clone() }).is_ok());
        }
        let listed = |seconds, cursor: Option<&str>, limit| {
            store.read(|conn| list_codes(conn, &scene.owner, at(seconds), cursor, limit)).unwrap()
        };
        let kinds = |page: &crate::Page<ShareCode>| page.items.iter().map(|code| code.kind).collect::<Vec<_>>();
        let first = listed(299, None, 2);
        assert_eq!(kinds(&first), [LongTerm, Temporary]);
        let second = listed(299, first.next_cursor.as_deref(), 2);
        assert_eq!((kinds(&second), second.next_cursor), (vec![LongTerm], None));
        assert_eq!(kinds(&listed(300, None, 9)), [LongTerm, LongTerm]);
    });
}

#[test]
fn codes_that_are_long_over_are_forgotten() {
    on_both(|store| {
        let scene = scene(store);
        assert!(made(store, &scene.temporary("one")).is_ok());
        assert!(made(store, &NewShareCode { expires_at: at(900_000), ..scene.long_term("two") }).is_ok());
        assert_eq!(store.write(|conn| prune(conn, at(86_699))).unwrap(), 0);
        assert_eq!(store.write(|conn| prune(conn, at(86_700))).unwrap(), 1);
        assert_eq!(store.read(|conn| count_rows(conn, "share_codes")).unwrap(), 1);
    });
}

#[test]
fn a_code_that_is_over_is_not_renewed_beside_as_many_others_as_may_be() {
    on_both(|store| {
        let scene = scene(store);
        let over = scene.temporary("over");
        assert!(made(store, &over).is_ok());
        for n in 0..MOST_CODES {
            let new = scene.long_term(&format!("code {n}"));
            assert!(store.write(|conn| create_code(conn, &new, at(1000))).unwrap().is_ok(), "{n}");
        }
        let renewed = store.write(|conn| renew_code(conn, &scene.owner, &over.id, "anew", at(1001))).unwrap();
        assert!(matches!(renewed, Err(CodeRefusal::TooMany)));
    });
}

#[test]
fn an_owner_of_two_sites_gets_the_last_code_once_however_they_hurry() {
    on_both(|store| {
        let scene = scene(store);
        let cottage = site(store, &scene.company, "Cottage");
        let device = device(store, &scene.company, &cottage, "10.0.0.2", 2);
        own(store, &cottage, &scene.owner);
        for n in 1..MOST_CODES {
            made(store, &scene.temporary(&format!("first {n}"))).unwrap();
        }
        for round in 0..20 {
            let at_villa = scene.temporary(&format!("villa {round}"));
            let channel = SharedChannel { device_id: device.clone(), ..at_villa.channels[0].clone() };
            let token = format!("cottage {round}");
            let at_cottage =
                NewShareCode { site_id: cottage.clone(), channels: vec![channel], ..scene.temporary(&token) };
            let start = std::sync::Barrier::new(2);
            let won: Vec<ShareCode> = std::thread::scope(|threads| {
                let start = &start;
                let asked = [&at_villa, &at_cottage].map(|new| {
                    threads.spawn(move || {
                        start.wait();
                        made(store, new)
                    })
                });
                asked.into_iter().filter_map(|thread| thread.join().unwrap().ok()).collect()
            });
            assert_eq!(won.len(), 1, "round {round}");
            store.write(|conn| revoke_code(conn, &scene.owner, &won[0].id, at(0))).unwrap();
        }
    });
}
