use siteward_domain::share::{MOST_GIVERS, MOST_RECEIVERS, SharePermission};
use siteward_domain::{CompanyId, DeviceId};

mod limits;
mod owners;

use super::*;
use crate::Store;
use crate::StoreError;
use crate::devices::{delete_device, move_device};
use crate::testing::{at, company, device, end_user, on_both, own, site};

struct Scene {
    company: CompanyId,
    site: SiteId,
    device: DeviceId,
    receiver: EndUserId,
}

fn scene(store: &Store) -> Scene {
    let company = company(store);
    let site = site(store, &company, "Villa");
    let device = device(store, &company, &site, "10.0.0.1", 1);
    Scene { company, site, device, receiver: end_user(store, "eva@example.org") }
}

impl Scene {
    fn share(&self, receiver: &EndUserId) -> NewShare {
        let channel =
            SharedChannel { device_id: self.device.clone(), channel: 1, permissions: vec![SharePermission::Playback] };
        NewShare {
            id: ShareId::generate(at(1)),
            site_id: self.site.clone(),
            giver_kind: GiverKind::Company,
            giver_id: self.company.to_string(),
            receiver_id: receiver.clone(),
            channels: vec![channel.clone(), channel],
        }
    }

    fn giver(&self) -> (GiverKind, &str) {
        (GiverKind::Company, self.company.as_str())
    }
}

fn given(store: &Store, new: &NewShare) -> Result<(), ShareRefusal> {
    store.write(|conn| give(conn, new, "test", at(2))).unwrap()
}

#[test]
fn a_receiver_sees_what_is_shared_with_its_live_picture_and_names_it_for_themself() {
    on_both(|store| {
        let scene = scene(store);
        let new = scene.share(&scene.receiver);
        assert_eq!(given(store, &new), Ok(()));
        store.write(|conn| rename(conn, &new.id, &scene.receiver, "Mother's gate")).unwrap();
        let received = store.read(|conn| list_received(conn, &scene.receiver, None, 100)).unwrap().items;
        let [one] = received.as_slice() else { panic!("{received:?}") };
        assert_eq!((one.name.as_deref(), one.giver_name.as_str()), (Some("Mother's gate"), "Lockwood"));
        let [channel] = one.channels.as_slice() else { panic!("{one:?}") };
        assert_eq!(channel.permissions, [SharePermission::LiveView, SharePermission::Playback]);
        let listed = store.read(|conn| list_of_site(conn, &scene.site, scene.giver())).unwrap();
        assert_eq!(listed[0].receiver_email, "eva@example.org");
        assert!(store.read(|conn| is_received_by(conn, &scene.site, scene.giver(), "EVA@example.org")).unwrap());
    });
}

#[test]
fn who_receives_already_owns_the_site_or_would_get_nothing_is_refused() {
    on_both(|store| {
        let scene = scene(store);
        let owner = end_user(store, "owner@example.org");
        own(store, &scene.site, &owner);
        assert_eq!(given(store, &scene.share(&scene.receiver)), Ok(()));
        assert_eq!(given(store, &scene.share(&scene.receiver)), Err(ShareRefusal::AlreadyReceives));
        assert_eq!(given(store, &scene.share(&owner)), Err(ShareRefusal::IsOwner));
        let elsewhere = site(store, &scene.company, "Shop");
        let other = NewShare { site_id: elsewhere, ..scene.share(&scene.receiver) };
        assert_eq!(given(store, &other), Err(ShareRefusal::NothingToShare));
    });
}

#[test]
fn of_two_that_want_a_channels_last_place_at_once_one_gets_it() {
    on_both(|store| {
        let scene = scene(store);
        let people: Vec<_> = (0..=MOST_RECEIVERS).map(|n| end_user(store, &format!("n{n}@example.org"))).collect();
        let (last, first) = people.split_at(2);
        for person in first {
            assert_eq!(given(store, &scene.share(person)), Ok(()));
        }
        let answers: Vec<_> = std::thread::scope(|threads| {
            let asked: Vec<_> = last
                .iter()
                .map(|person| scene.share(person))
                .map(|new| threads.spawn(move || given(store, &new)))
                .collect();
            asked.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
        assert!(answers.contains(&Err(ShareRefusal::ChannelIsFull)));
    });
}

#[test]
fn somebody_receives_from_a_hundred_and_not_from_one_more() {
    on_both(|store| {
        let scene = scene(store);
        for n in 0..MOST_GIVERS {
            let new = NewShare {
                giver_kind: GiverKind::EndUser,
                giver_id: end_user(store, &format!("giver{n}@example.org")).to_string(),
                ..scene.share(&scene.receiver)
            };
            assert_eq!(given(store, &new), Ok(()), "{n}");
        }
        assert_eq!(given(store, &scene.share(&scene.receiver)), Err(ShareRefusal::ReceiverIsFull));
    });
}

#[test]
fn a_share_ends_for_good_whoever_ends_it_and_only_they() {
    on_both(|store| {
        let scene = scene(store);
        let other = end_user(store, "other@example.org");
        let new = scene.share(&scene.receiver);
        assert_eq!(given(store, &new), Ok(()));
        let leaves = |who: &EndUserId| store.write(|conn| leave(conn, who, &new.id, "test", at(3)));
        assert!(matches!(leaves(&other), Err(StoreError::NotFound)));
        leaves(&scene.receiver).unwrap();
        assert!(matches!(leaves(&scene.receiver), Err(StoreError::NotFound)));
        let again = scene.share(&scene.receiver);
        assert_eq!(given(store, &again), Ok(()));
        let removes = || store.write(|conn| remove(conn, &scene.site, scene.giver(), &again.id, "test", at(4)));
        removes().unwrap();
        assert!(matches!(removes(), Err(StoreError::NotFound)));
        assert!(store.read(|conn| list_received(conn, &scene.receiver, None, 100)).unwrap().items.is_empty());
    });
}

#[test]
fn a_device_that_leaves_the_site_leaves_its_shares_and_an_empty_one_ends() {
    on_both(|store| {
        let scene = scene(store);
        let barn = site(store, &scene.company, "Barn");
        let kept = device(store, &scene.company, &scene.site, "10.0.0.2", 2);
        let mut of_both = scene.share(&scene.receiver);
        of_both.channels.push(SharedChannel { device_id: kept.clone(), channel: 1, permissions: Vec::new() });
        let neighbour = end_user(store, "nora@example.org");
        let of_one = scene.share(&neighbour);
        assert_eq!(given(store, &of_both), Ok(()));
        assert_eq!(given(store, &of_one), Ok(()));
        store.write(|conn| move_device(conn, &scene.company, &scene.device, &barn, None, at(3))).unwrap();
        let received = store.read(|conn| list_received(conn, &scene.receiver, None, 100)).unwrap().items;
        let devices: Vec<_> = received[0].channels.iter().map(|channel| &channel.device_id).collect();
        assert_eq!(devices, [&kept]);
        assert!(store.read(|conn| list_received(conn, &neighbour, None, 100)).unwrap().items.is_empty());
        store.write(|conn| delete_device(conn, &scene.company, &kept, at(4))).unwrap();
        assert!(store.read(|conn| list_received(conn, &scene.receiver, None, 100)).unwrap().items.is_empty());
    });
}
