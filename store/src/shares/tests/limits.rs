//! The last places (R-E3), wanted by many at the same instant, and the database that holds the limits by itself.

use siteward_domain::share::{MOST_GIVERS, MOST_RECEIVERS, SharePermission, SharedChannel};
use siteward_domain::{DeviceId, EndUserId, SiteId};

use super::super::*;
use crate::testing::{at, company, device, end_user, on_both, own, site};
use crate::{Store, StoreError};

const ROUNDS: usize = 100;
const AT_ONCE: usize = 50;

/// An owner with a camera.
struct Home {
    owner: EndUserId,
    site: SiteId,
    device: DeviceId,
}

impl Home {
    fn new(store: &Store, company: &siteward_domain::CompanyId, n: u32) -> Self {
        let owner = end_user(store, &format!("owner{n}@example.org"));
        let site = site(store, company, &format!("Home {n}"));
        own(store, &site, &owner);
        let device = device(store, company, &site, &format!("10.1.{}.{}", n / 250, n % 250 + 1), n);
        Self { owner, site, device }
    }

    fn accept(&self, store: &Store, receiver: &EndUserId) -> Result<ShareId, ShareRefusal> {
        let channels = [SharedChannel {
            device_id: self.device.clone(),
            channel: 1,
            permissions: vec![SharePermission::LiveView],
        }];
        store.write(|conn| accept_channels(conn, &self.site, &self.owner, receiver, &channels, "test", at(2))).unwrap()
    }

    fn remove(&self, store: &Store, id: &ShareId) {
        store.write(|conn| remove_given(conn, &self.owner, id, "test", at(3))).unwrap();
    }
}

/// All of them at the same instant; the places that were won.
fn at_once<T: Sync>(
    wanting: &[T],
    want: impl Fn(&T) -> Result<ShareId, ShareRefusal> + Sync,
) -> (Vec<(usize, ShareId)>, Vec<ShareRefusal>) {
    let start = std::sync::Barrier::new(wanting.len());
    let answers: Vec<_> = std::thread::scope(|threads| {
        let (start, want) = (&start, &want);
        let asked: Vec<_> = wanting
            .iter()
            .map(|one| {
                threads.spawn(move || {
                    start.wait();
                    want(one)
                })
            })
            .collect();
        asked.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let (mut won, mut refused) = (Vec::new(), Vec::new());
    for (n, answer) in answers.into_iter().enumerate() {
        match answer {
            Ok(id) => won.push((n, id)),
            Err(refusal) => refused.push(refusal),
        }
    }
    (won, refused)
}

#[test]
fn of_fifty_that_want_a_channels_last_place_at_once_one_gets_it_a_hundred_times() {
    on_both(|store| {
        let home = Home::new(store, &company(store), 1);
        let people: Vec<_> =
            (0..MOST_RECEIVERS - 1 + AT_ONCE).map(|n| end_user(store, &format!("n{n}@example.org"))).collect();
        let (first, wanting) = people.split_at(MOST_RECEIVERS - 1);
        for person in first {
            home.accept(store, person).unwrap();
        }
        for round in 0..ROUNDS {
            let (won, refused) = at_once(wanting, |person| home.accept(store, person));
            assert_eq!((won.len(), refused.len()), (1, AT_ONCE - 1), "round {round}");
            assert!(refused.iter().all(|refusal| *refusal == ShareRefusal::ChannelIsFull), "{refused:?}");
            home.remove(store, &won[0].1);
        }
    });
}

#[test]
fn of_fifty_owners_that_want_somebodys_last_place_at_once_one_gets_it_a_hundred_times() {
    on_both(|store| {
        let company = company(store);
        let homes: Vec<_> =
            (1..MOST_GIVERS + AT_ONCE).map(|n| Home::new(store, &company, u32::try_from(n).unwrap())).collect();
        let (first, wanting) = homes.split_at(MOST_GIVERS - 1);
        let receiver = end_user(store, "eva@example.org");
        for home in first {
            home.accept(store, &receiver).unwrap();
        }
        for round in 0..ROUNDS {
            let (won, refused) = at_once(wanting, |home| home.accept(store, &receiver));
            assert_eq!((won.len(), refused.len()), (1, AT_ONCE - 1), "round {round}");
            assert!(refused.iter().all(|refusal| *refusal == ShareRefusal::ReceiverIsFull), "{refused:?}");
            let (n, id) = &won[0];
            wanting[*n].remove(store, id);
        }
    });
}

/// Writes a share past the rules; what the database says.
fn force(store: &Store, home: &Home, receiver: &EndUserId, permissions: &str) -> Result<(), StoreError> {
    let id = ShareId::generate(at(4));
    store.write(|conn| {
        Select::new("INSERT INTO shares (id, site_id, giver_kind, giver_id, receiver_id, created_at) VALUES (")
            .text(id.as_str())
            .sql(", ")
            .text(home.site.as_str())
            .sql(", 'end_user', ")
            .text(home.owner.as_str())
            .sql(", ")
            .text(receiver.as_str())
            .sql(", 1)")
            .execute(conn)?;
        Select::new("INSERT INTO share_channels (share_id, device_id, channel, permissions) VALUES (")
            .text(id.as_str())
            .sql(", ")
            .text(home.device.as_str())
            .sql(", 1, ")
            .text(permissions)
            .sql(")")
            .execute(conn)
            .map(drop)
    })
}

#[test]
fn the_database_refuses_whatever_is_past_a_limit_whoever_writes_it() {
    on_both(|store| {
        let company = company(store);
        let home = Home::new(store, &company, 1);
        let eva = end_user(store, "eva@example.org");
        assert!(force(store, &home, &eva, r#"["playback"]"#).is_err(), "live view is always shared");
        let away = crate::end_users::NewEndUser {
            region: siteward_domain::company::Region::parse("DE").unwrap(),
            ..crate::testing::new_end_user("away@example.org")
        };
        store.write(|conn| crate::end_users::create_end_user(conn, &away, at(0))).unwrap();
        assert!(force(store, &home, &away.id, r#"["live_view"]"#).is_err(), "of another region");
        for n in 0..MOST_RECEIVERS {
            let person = end_user(store, &format!("n{n}@example.org"));
            force(store, &home, &person, r#"["live_view"]"#).unwrap();
        }
        assert!(force(store, &home, &eva, r#"["live_view"]"#).is_err(), "the 65th account");
        for n in 0..MOST_GIVERS {
            let other = Home::new(store, &company, u32::try_from(n + 2).unwrap());
            force(store, &other, &eva, r#"["live_view"]"#).unwrap();
        }
        let last = Home::new(store, &company, 1000);
        assert!(force(store, &last, &eva, r#"["live_view"]"#).is_err(), "the 101st source");
    });
}
