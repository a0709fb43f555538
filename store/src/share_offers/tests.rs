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
        let made = home.made(store);
        let state = |login: &str| made.iter().find(|offer| offer.receiver == login).map(|offer| offer.state);
        assert_eq!(state("eva@example.org"), Some(AnswerState::Withdrawn));
        assert_eq!(state("sam@example.org"), Some(AnswerState::Void));
        assert_eq!(store.write(|conn| prune(conn, at(2) + ANSWERED_KEPT + Duration::seconds(1))).unwrap(), 1);
    });
}

#[test]
fn what_is_offered_to_an_address_goes_to_who_has_it_now_and_not_to_who_had_it() {
    on_both(|store| {
        let home = home(store);
        let former = end_user(store, "a@example.org");
        let first = home.offer(store, "a@example.org", Some(&former), 1);
        store.write(|conn| crate::end_users::set_email(conn, &former, "b@example.org", at(1))).unwrap();
        let new = end_user(store, "a@example.org");
        let second = home.offer(store, "a@example.org", Some(&new), 2);
        assert_ne!(first.id, second.id);
        assert!(waiting(store, &former).is_empty());
        let theirs: Vec<_> = waiting(store, &new).into_iter().map(|offer| offer.id).collect();
        assert_eq!(theirs, [second.id]);
        let states: Vec<_> = home.made(store).into_iter().map(|offer| offer.state).collect();
        assert!(states.contains(&AnswerState::Void) && states.contains(&AnswerState::Pending), "{states:?}");
        let told: Vec<_> = store
            .read(|conn| crate::events::after(conn, None, 0, 100))
            .unwrap()
            .into_iter()
            .filter(|event| event.data["state"] == "offer_void")
            .collect();
        assert_eq!(told.len(), 1, "whoever had it before hears that it waits no more");
        let concerned = store.read(|conn| crate::shares::concerned(conn, &told[0])).unwrap();
        assert_eq!(concerned, [former.clone()]);
        let logged = store.read(|conn| crate::access_log::list(conn, &home.site, 1, None, 100)).unwrap().items;
        assert_eq!(logged.iter().filter(|entry| entry.action != "share_offered").count(), 0);
    });
}

#[test]
fn an_offer_to_a_number_waits_for_who_shows_that_it_is_theirs_and_not_for_who_typed_it() {
    on_both(|store| {
        let home = home(store);
        let eva = end_user(store, "eva@example.org");
        let phone = crate::end_users::EndUserChange { phone: Some(Some("+481".into())), ..Default::default() };
        store.write(|conn| crate::end_users::update_end_user(conn, &eva, &phone, at(0))).unwrap();
        let offer = home.offer(store, "+481", None, 1);
        assert!(waiting(store, &eva).is_empty());
        let event = store.read(|conn| crate::events::after(conn, None, 0, 100)).unwrap().pop().unwrap();
        assert_eq!(store.read(|conn| crate::shares::concerned(conn, &event)).unwrap(), []);

        let code = crate::phone_codes::NewPhoneCode {
            end_user_id: eva.clone(),
            phone: "+481".into(),
            code_hash: "right".into(),
            code_until: at(600),
        };
        store.write(|conn| crate::phone_codes::create(conn, &code)).unwrap();
        store.write(|conn| crate::phone_codes::confirm(conn, &eva, "right", at(2))).unwrap();
        assert_eq!(waiting(store, &eva)[0].id, offer.id, "it is for who has shown that it is theirs");
        assert_eq!(store.read(|conn| crate::shares::concerned(conn, &event)).unwrap(), [eva.clone()]);
        assert!(store.write(|conn| accept(conn, &eva, &offer.id, at(3))).unwrap().is_ok());
        let again = home.offer(store, "+481", Some(&eva), 2);
        assert_eq!(waiting(store, &eva)[0].id, again.id, "one for an account that has the number");
    });
}

#[test]
fn what_is_offered_face_to_face_or_to_an_address_that_begins_with_a_plus_is_seen() {
    on_both(|store| {
        let home = home(store);
        let (eva, tag) = (end_user(store, "eva@example.org"), end_user(store, "+tag@example.org"));
        // Face to face, the login is the id of whoever showed their code.
        home.offer(store, eva.as_str(), Some(&eva), 1);
        home.offer(store, "+tag@example.org", Some(&tag), 1);
        assert_eq!((waiting(store, &eva).len(), waiting(store, &tag).len()), (1, 1));
    });
}

#[test]
fn an_offer_that_waits_grows_to_as_many_channels_as_can_be_accepted() {
    on_both(|store| {
        let home = home(store);
        let eva = end_user(store, "eva@example.org");
        let offer = |from: u32, to: u32| {
            let channel = |channel| SharedChannel { device_id: home.gate.clone(), channel, permissions: Vec::new() };
            let new = NewShareOffer {
                id: ShareOfferId::generate(at(1)),
                site_id: home.site.clone(),
                giver_id: home.owner.clone(),
                receiver_login: "eva@example.org".into(),
                receiver_id: Some(eva.clone()),
                way: OfferWay::Account,
                channels: (from..=to).map(channel).collect(),
            };
            store.write(|conn| create_offer(conn, &new, at(1))).unwrap()
        };
        assert!(offer(1, 1024).is_ok());
        assert!(offer(1, 10).is_ok(), "no more than before");
        assert_eq!(offer(1025, 1025), Err(OfferRefusal::Share(ShareRefusal::TooManyChannels)));
    });
}
