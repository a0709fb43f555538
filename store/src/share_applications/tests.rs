use siteward_domain::company::Region;
use siteward_domain::event::EventKind;
use siteward_domain::share::{ShareCodeKind, SharePermission};
use siteward_domain::{CompanyId, DeviceId, ShareCodeId, SiteId};

use super::*;
use crate::Store;
use crate::access_log;
use crate::end_users::{NewEndUser, create_end_user, delete_end_user};
use crate::share_codes::{NewShareCode, create_code, revoke_code};
use crate::shares::list_received;
use crate::testing::{at, company, device, end_user, events_of, new_end_user, on_both, own, site};

struct Scene {
    company: CompanyId,
    site: SiteId,
    device: DeviceId,
    owner: EndUserId,
    code: ShareCodeId,
}

/// A code with the token `token`, for so many.
fn scene(store: &Store, most_receivers: u32) -> Scene {
    let company = company(store);
    let site = site(store, &company, "Villa");
    let device = device(store, &company, &site, "10.0.0.1", 1);
    let owner = end_user(store, "owner@example.org");
    own(store, &site, &owner);
    let mut scene = Scene { company, site, device, owner, code: ShareCodeId::generate(at(0)) };
    scene.code = scene.code(store, "token", most_receivers);
    scene
}

impl Scene {
    fn code(&self, store: &Store, token: &str, most_receivers: u32) -> ShareCodeId {
        let new = NewShareCode {
            id: ShareCodeId::generate(at(0)),
            site_id: self.site.clone(),
            giver_id: self.owner.clone(),
            kind: ShareCodeKind::LongTerm,
            label: "Neighbours".into(),
            token_hash: token.into(),
            password_hash: Some("hash".into()),
            most_receivers: Some(most_receivers),
            expires_at: at(300),
            channels: vec![SharedChannel { device_id: self.device.clone(), channel: 1, permissions: Vec::new() }],
        };
        assert!(store.write(|conn| create_code(conn, &new, at(0))).unwrap().is_ok());
        new.id
    }

    fn accept(&self, store: &Store, id: &ShareApplicationId) -> Result<ShareApplication, StoreError> {
        store.write(|conn| accept(conn, &self.owner, id, None, "test", at(20))).map(Result::unwrap)
    }
}

fn applied(store: &Store, token: &str, who: &EndUserId, seconds: i64) -> Result<ShareApplication, ApplyRefusal> {
    let new = NewApplication {
        id: ShareApplicationId::generate(at(seconds)),
        token_hash: token.into(),
        applicant_id: who.clone(),
    };
    store.write(|conn| apply(conn, &new, at(seconds))).unwrap()
}

#[test]
fn an_application_waits_for_the_owner_and_gives_what_they_say() {
    on_both(|store| {
        let scene = scene(store, 2);
        let eva = end_user(store, "eva@example.org");
        let application = applied(store, "token", &eva, 10).unwrap();
        let waiting = store.read(|conn| list_waiting(conn, &scene.owner, None, 10)).unwrap().items;
        assert_eq!(waiting, std::slice::from_ref(&application));
        assert!(
            store.read(|conn| list_received(conn, &eva, None, 100)).unwrap().items.is_empty(),
            "nothing before the answer"
        );
        let wanted =
            [SharedChannel { device_id: scene.device.clone(), channel: 1, permissions: vec![SharePermission::Ptz] }];
        let accepting = store.write(|conn| accept(conn, &scene.owner, &application.id, Some(&wanted), "test", at(20)));
        let accepted = accepting.unwrap().unwrap();
        assert_eq!((accepted.state, accepted.answered_at), (AnswerState::Accepted, Some(at(20))));
        let received = store.read(|conn| list_received(conn, &eva, None, 100)).unwrap().items;
        assert_eq!(accepted.share_id.as_ref(), Some(&received[0].id));
        assert_eq!(received[0].channels[0].permissions, [SharePermission::LiveView, SharePermission::Ptz]);
        assert!(store.read(|conn| list_waiting(conn, &scene.owner, None, 10)).unwrap().items.is_empty());
        assert_eq!(store.read(|conn| list_of_applicant(conn, &eva, None, 10)).unwrap().items, [accepted]);
    });
}

#[test]
fn the_301st_second_a_revoked_code_and_a_token_that_nobody_has_are_refused_each_for_its_reason() {
    on_both(|store| {
        let scene = scene(store, 2);
        let [eva, ina] = ["eva", "ina"].map(|name| end_user(store, &format!("{name}@example.org")));
        assert!(applied(store, "token", &eva, 299).is_ok());
        assert_eq!(applied(store, "token", &ina, 300), Err(ApplyRefusal::Expired));
        assert_eq!(applied(store, "other", &ina, 1), Err(ApplyRefusal::Ended));
        store.write(|conn| revoke_code(conn, &scene.owner, &scene.code, at(1))).unwrap();
        assert_eq!(applied(store, "token", &ina, 1), Err(ApplyRefusal::Ended));
    });
}

#[test]
fn the_owner_somebody_of_another_region_and_whoever_applied_already_do_not_apply() {
    on_both(|store| {
        let scene = scene(store, 2);
        let eva = end_user(store, "eva@example.org");
        let abroad = NewEndUser { region: Region::parse("DE").unwrap(), ..new_end_user("gerd@example.org") };
        store.write(|conn| create_end_user(conn, &abroad, at(0))).unwrap();
        assert_eq!(applied(store, "token", &scene.owner, 1), Err(ApplyRefusal::Own));
        assert_eq!(applied(store, "token", &abroad.id, 1), Err(ApplyRefusal::RegionDiffers));
        let application = applied(store, "token", &eva, 1).unwrap();
        assert_eq!(applied(store, "token", &eva, 2), Err(ApplyRefusal::Applied));
        scene.accept(store, &application.id).unwrap();
        assert_eq!(applied(store, "token", &eva, 30), Err(ApplyRefusal::Applied));
    });
}

#[test]
fn one_more_than_a_code_is_for_is_refused_until_somebody_is_refused_or_withdraws() {
    on_both(|store| {
        let scene = scene(store, 2);
        let [one, two, three] = ["n1", "n2", "n3"].map(|name| end_user(store, &format!("{name}@example.org")));
        let (first, second) = (applied(store, "token", &one, 1).unwrap(), applied(store, "token", &two, 1).unwrap());
        scene.accept(store, &first.id).unwrap();
        assert_eq!(applied(store, "token", &three, 2), Err(ApplyRefusal::Full));
        let refused = store.write(|conn| refuse(conn, &scene.owner, &second.id, at(21))).unwrap();
        assert_eq!(refused.state, AnswerState::Refused);
        let third = applied(store, "token", &three, 22).unwrap();
        assert_eq!(applied(store, "token", &two, 23), Err(ApplyRefusal::Full));
        store.write(|conn| withdraw(conn, &three, &third.id, at(24))).unwrap();
        assert!(applied(store, "token", &two, 25).is_ok());
    });
}

#[test]
fn somebody_applies_with_a_code_three_times_at_most() {
    on_both(|store| {
        scene(store, 2);
        let eva = end_user(store, "eva@example.org");
        for round in 0..MOST_APPLICATIONS_A_CODE {
            let application = applied(store, "token", &eva, round).unwrap();
            store.write(|conn| withdraw(conn, &eva, &application.id, at(round))).unwrap();
        }
        assert_eq!(applied(store, "token", &eva, 9), Err(ApplyRefusal::TooOften));
    });
}

#[test]
fn an_application_is_answered_once_and_by_nobody_else() {
    on_both(|store| {
        let scene = scene(store, 2);
        let [eva, other] = ["eva", "other"].map(|name| end_user(store, &format!("{name}@example.org")));
        let id = applied(store, "token", &eva, 1).unwrap().id;
        let foreign = store.write(|conn| accept(conn, &other, &id, None, "test", at(2)));
        assert!(matches!(foreign, Err(StoreError::NotFound)));
        assert!(matches!(store.write(|conn| refuse(conn, &other, &id, at(2))), Err(StoreError::NotFound)));
        assert!(matches!(store.write(|conn| withdraw(conn, &other, &id, at(2))), Err(StoreError::NotFound)));
        let answers: Vec<bool> = std::thread::scope(|threads| {
            let asked: Vec<_> = (0..6)
                .map(|n| {
                    let (scene, id, eva) = (&scene, &id, &eva);
                    threads.spawn(move || match n % 3 {
                        0 => scene.accept(store, id).is_ok(),
                        1 => store.write(|conn| refuse(conn, &scene.owner, id, at(20))).is_ok(),
                        _ => store.write(|conn| withdraw(conn, eva, id, at(20))).is_ok(),
                    })
                })
                .collect();
            asked.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|is_answered| **is_answered).count(), 1, "{answers:?}");
        let state = store.read(|conn| get_application(conn, &id)).unwrap().state;
        let shares = store.read(|conn| list_received(conn, &eva, None, 100)).unwrap().items.len();
        assert_eq!(shares, usize::from(state == AnswerState::Accepted));
    });
}

#[test]
fn what_is_applied_for_on_a_site_that_changed_hands_is_void() {
    on_both(|store| {
        let scene = scene(store, 2);
        let [eva, other] = ["eva", "other"].map(|name| end_user(store, &format!("{name}@example.org")));
        let id = applied(store, "token", &eva, 1).unwrap().id;
        assert_eq!(store.write(|conn| void_without_giver(conn, at(2), 10)).unwrap(), 0);
        own(store, &scene.site, &other);
        assert!(matches!(scene.accept(store, &id), Err(StoreError::NotFound)));
        assert_eq!(store.write(|conn| void_without_giver(conn, at(2), 10)).unwrap(), 1);
        assert_eq!(store.read(|conn| get_application(conn, &id)).unwrap().state, AnswerState::Void);
    });
}

#[test]
fn what_happens_to_codes_and_applications_stands_in_both_logs() {
    on_both(|store| {
        let scene = scene(store, 2);
        let [eva, ina] = ["eva", "ina"].map(|name| end_user(store, &format!("{name}@example.org")));
        let (first, second) = (applied(store, "token", &eva, 1).unwrap(), applied(store, "token", &ina, 2).unwrap());
        store.write(|conn| refuse(conn, &scene.owner, &first.id, at(3))).unwrap();
        store.write(|conn| withdraw(conn, &ina, &second.id, at(4))).unwrap();
        store.write(|conn| revoke_code(conn, &scene.owner, &scene.code, at(5))).unwrap();
        let logged = store.read(|conn| access_log::after(conn, &scene.site, 0, 100)).unwrap();
        let actions: Vec<_> = logged.iter().map(|entry| entry.action.as_str()).collect();
        let expected = [
            "share_code_made",
            "share_applied",
            "share_applied",
            "share_application_refused",
            "share_application_withdrawn",
            "share_code_revoked",
        ];
        assert_eq!(actions, expected);
        assert_eq!(events_of(store, &scene.company, EventKind::SharesChanged).len(), expected.len());
    });
}

#[test]
fn of_fifty_who_want_the_last_place_at_the_same_instant_one_gets_it_a_hundred_times() {
    const ROUNDS: usize = 100;
    const WANTING: usize = 50;
    on_both(|store| {
        let scene = scene(store, 1);
        let people: Vec<_> = (0..WANTING).map(|n| end_user(store, &format!("n{n}@example.org"))).collect();
        for round in 0..ROUNDS {
            let token = format!("round {round}");
            let code = scene.code(store, &token, 1);
            let answers: Vec<_> = std::thread::scope(|threads| {
                let token = &token;
                let asked: Vec<_> =
                    people.iter().map(|person| threads.spawn(move || applied(store, token, person, 1))).collect();
                asked.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            let (taken, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
            assert_eq!(taken.len(), 1, "round {round}");
            assert!(refused.iter().all(|one| *one == Err(ApplyRefusal::Full)), "round {round}");
            store.write(|conn| revoke_code(conn, &scene.owner, &code, at(2))).unwrap();
        }
    });
}

#[test]
fn the_database_itself_lets_no_more_in_than_a_code_is_for() {
    on_both(|store| {
        let scene = scene(store, 1);
        let [eva, ina] = ["eva", "ina"].map(|name| end_user(store, &format!("{name}@example.org")));
        let insert = |who: &EndUserId| {
            store.write(|conn| {
                Select::new("INSERT INTO share_applications (id, code_id, applicant_id, state, created_at) VALUES (")
                    .text(ShareApplicationId::generate(at(0)).as_str())
                    .sql(", ")
                    .text(scene.code.as_str())
                    .sql(", ")
                    .text(who.as_str())
                    .sql(", 'pending', 0)")
                    .execute(conn)
            })
        };
        insert(&eva).unwrap();
        let refused = insert(&ina).unwrap_err().to_string();
        assert!(refused.contains("receivers of a code are limited"), "{refused}");
        store.write(|conn| delete_end_user(conn, &eva)).unwrap();
        insert(&ina).unwrap();
    });
}
