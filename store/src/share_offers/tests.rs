use siteward_domain::DeviceId;
use siteward_domain::company::Region;
use siteward_domain::share::{AnswerState, SharePermission};

use super::*;
use crate::Store;
use crate::devices::delete_device;
use crate::end_users::{NewEndUser, create_end_user};
use crate::testing::{at, company, device, end_user, new_end_user, on_both, own, site};

struct Home {
    company: CompanyId,
    owner: EndUserId,
    site: SiteId,
    gate: DeviceId,
}

fn home(store: &Store) -> Home {
    let company = company(store);
    let (site, owner) = (site(store, &company, "Villa"), end_user(store, "olga@example.org"));
    own(store, &site, &owner);
    let gate = device(store, &company, &site, "10.0.0.1", 1);
    Home { company, owner, site, gate }
}

impl Home {
    fn offer(&self, store: &Store, login: &str, receiver: Option<&EndUserId>, channel: u32) -> ShareOffer {
        let new = NewShareOffer {
            id: ShareOfferId::generate(at(1)),
            site_id: self.site.clone(),
            giver_id: self.owner.clone(),
            receiver_login: login.into(),
            receiver_id: receiver.cloned(),
            way: OfferWay::Account,
            channels: vec![SharedChannel {
                device_id: self.gate.clone(),
                channel,
                permissions: vec![SharePermission::Playback],
            }],
        };
        store.write(|conn| create_offer(conn, &new, at(1))).unwrap().unwrap()
    }

    fn made(&self, store: &Store) -> Vec<ShareOffer> {
        store.read(|conn| list_made(conn, &self.owner, None, 100)).unwrap().items
    }
}

fn waiting(store: &Store, who: &EndUserId) -> Vec<Offered> {
    store.read(|conn| list_received(conn, who)).unwrap()
}

#[test]
fn an_offer_waits_for_whoever_has_the_login_later_and_looks_the_same_before_and_after() {
    on_both(|store| {
        let home = home(store);
        let offer = home.offer(store, "eva@example.org", None, 1);
        assert_eq!((offer.state, offer.receiver.as_str()), (AnswerState::Pending, "eva@example.org"));
        let eva = end_user(store, "Eva@example.org");
        assert_eq!(home.made(store), [offer.clone()]);
        let offered = waiting(store, &eva);
        assert_eq!((offered.len(), offered[0].giver_name.as_str()), (1, "Olga"));
        let answered = store.write(|conn| accept(conn, &eva, &offer.id, at(2))).unwrap().unwrap();
        assert!(answered.share_id.is_some());
        let made = home.made(store);
        assert_eq!((made[0].state, made[0].answered_at), (AnswerState::Accepted, Some(at(2))));
        assert!(waiting(store, &eva).is_empty());
    });
}

#[test]
fn an_offer_is_answered_once_and_only_by_whoever_it_went_to() {
    on_both(|store| {
        let home = home(store);
        let (eva, sam) = (end_user(store, "eva@example.org"), end_user(store, "sam@example.org"));
        let offer = home.offer(store, "eva@example.org", Some(&eva), 1);
        let others = store.write(|conn| accept(conn, &sam, &offer.id, at(2)));
        assert!(matches!(others, Err(StoreError::NotFound)), "{others:?}");
        let answers: Vec<_> = std::thread::scope(|threads| {
            let (id, eva) = (&offer.id, &eva);
            let asked: Vec<_> =
                (0..8).map(|_| threads.spawn(move || store.write(|conn| accept(conn, eva, id, at(2))))).collect();
            asked.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|answer| matches!(answer, Ok(Ok(_)))).count(), 1, "{answers:?}");
        let late = store.write(|conn| withdraw(conn, &home.owner, &offer.id, at(3)));
        assert!(matches!(late, Err(StoreError::Stale)), "{late:?}");
    });
}

#[test]
fn a_second_offer_to_the_same_login_adds_to_the_first() {
    on_both(|store| {
        let home = home(store);
        let eva = end_user(store, "eva@example.org");
        let first = home.offer(store, "eva@example.org", Some(&eva), 1);
        let second = home.offer(store, "eva@example.org", Some(&eva), 2);
        assert_eq!(first.id, second.id);
        let waiting = waiting(store, &eva);
        assert_eq!(waiting[0].channels.iter().map(|channel| channel.channel).collect::<Vec<_>>(), [1, 2]);
    });
}

#[test]
fn somebody_of_another_region_cannot_accept_and_the_giver_hears_of_it_only_from_their_answer() {
    on_both(|store| {
        let home = home(store);
        let away = NewEndUser { region: Region::parse("DE").unwrap(), ..new_end_user("away@example.org") };
        store.write(|conn| create_end_user(conn, &away, at(0))).unwrap();
        let offer = home.offer(store, "away@example.org", Some(&away.id), 1);
        assert!(waiting(store, &away.id)[0].region_differs);
        let accepted = store.write(|conn| accept(conn, &away.id, &offer.id, at(2))).unwrap();
        assert_eq!(accepted, Err(ShareRefusal::RegionDiffers));
        let made = home.made(store);
        assert_eq!((made[0].state, made[0].region_differs), (AnswerState::Pending, false));
        store.write(|conn| refuse(conn, &away.id, &offer.id, at(3))).unwrap();
        let made = home.made(store);
        assert_eq!((made[0].state, made[0].region_differs), (AnswerState::Refused, true));
    });
}

#[test]
fn what_was_taken_back_or_is_gone_is_nothing_to_answer() {
    on_both(|store| {
        let home = home(store);
        let (eva, sam) = (end_user(store, "eva@example.org"), end_user(store, "sam@example.org"));
        let offer = home.offer(store, "eva@example.org", Some(&eva), 1);
        let strange = store.write(|conn| withdraw(conn, &eva, &offer.id, at(2)));
        assert!(matches!(strange, Err(StoreError::NotFound)), "only its giver takes it back");
        store.write(|conn| withdraw(conn, &home.owner, &offer.id, at(2))).unwrap();
        assert!(waiting(store, &eva).is_empty());
        home.offer(store, "sam@example.org", Some(&sam), 1);
        store.write(|conn| delete_device(conn, &home.company, &home.gate, at(3))).unwrap();
        assert!(waiting(store, &sam).is_empty());
        let states: Vec<_> = home.made(store).into_iter().map(|offer| offer.state).collect();
        assert_eq!(states, [AnswerState::Void, AnswerState::Withdrawn]);
        assert_eq!(store.write(|conn| prune(conn, at(2) + ANSWERED_KEPT + Duration::seconds(1))).unwrap(), 1);
    });
}
