//! Shares that owners give: added to, edited, used, ended.

use siteward_domain::event::EventKind;
use siteward_domain::share::{SharePermission, SharedChannel};
use siteward_domain::{CompanyId, DeviceId, EndUserId, SiteId};

use super::super::*;
use crate::access_log;
use crate::devices::delete_device;
use crate::end_users::{EndUserChange, NewEndUser, create_end_user, update_end_user};
use crate::testing::{at, company, device, end_user, events_of, new_device, new_end_user, on_both, own, site};
use crate::{Store, StoreError};

use SharePermission as P;

struct Home {
    company: CompanyId,
    owner: EndUserId,
    site: SiteId,
    gate: DeviceId,
    yard: DeviceId,
    eva: EndUserId,
}

fn home(store: &Store) -> Home {
    let company = company(store);
    let (site, owner) = (site(store, &company, "Villa"), end_user(store, "olga@example.org"));
    own(store, &site, &owner);
    let gate = device(store, &company, &site, "10.0.0.1", 1);
    let yard = device(store, &company, &site, "10.0.0.2", 2);
    Home { company, owner, site, gate, yard, eva: end_user(store, "eva@example.org") }
}

fn of(device: &DeviceId, permissions: &[P]) -> SharedChannel {
    SharedChannel { device_id: device.clone(), channel: 1, permissions: permissions.to_vec() }
}

fn sql(store: &Store, text: &str) {
    store.write(|conn| crate::select::Select::new(text).execute(conn)).unwrap();
}

impl Home {
    fn accept(&self, store: &Store, receiver: &EndUserId, channels: &[SharedChannel]) -> Result<ShareId, ShareRefusal> {
        let actor = format!("end_user:{receiver}");
        store.write(|conn| accept_channels(conn, &self.site, &self.owner, receiver, channels, &actor, at(2))).unwrap()
    }

    fn change(&self, store: &Store, id: &ShareId, channels: &[SharedChannel]) -> Result<bool, ShareRefusal> {
        store.write(|conn| change_given(conn, &self.owner, id, None, channels, "test", at(4))).unwrap()
    }

    fn received(&self, store: &Store) -> Vec<Received> {
        store.read(|conn| list_received(conn, &self.eva, None, 100)).unwrap().items
    }

    fn uses(&self, store: &Store, who: &EndUserId, permission: P) -> Result<Use, UseRefusal> {
        store.write(|conn| may_use(conn, who, &self.gate, 1, permission, at(5))).unwrap()
    }

    fn logged(&self, store: &Store, action: &str) -> usize {
        let page = store.read(|conn| access_log::list(conn, &self.site, 1, None, 100)).unwrap();
        page.items.iter().filter(|entry| entry.action == action).count()
    }
}

#[test]
fn what_is_accepted_later_is_added_and_the_newest_permissions_hold() {
    on_both(|store| {
        let home = home(store);
        let first = home.accept(store, &home.eva, &[of(&home.gate, &[P::LiveView, P::Playback])]).unwrap();
        let again = home.accept(store, &home.eva, &[of(&home.gate, &[P::Ptz]), of(&home.yard, &[])]).unwrap();
        assert_eq!(first, again);
        let received = home.received(store);
        let [share] = received.as_slice() else { panic!("{received:?}") };
        let shared: Vec<_> = share.channels.iter().map(|channel| (&channel.device_id, &*channel.permissions)).collect();
        assert_eq!(shared, [(&home.gate, &[P::LiveView, P::Ptz][..]), (&home.yard, &[P::LiveView][..])]);
        assert_eq!((share.giver_name.as_str(), share.site_address.as_str()), ("Olga", "Long Street 1"));
        assert_eq!((home.logged(store, "share_given"), home.logged(store, "share_changed")), (1, 1));
    });
}

#[test]
fn another_region_old_firmware_and_a_site_of_somebody_else_are_refused() {
    on_both(|store| {
        let home = home(store);
        let region = siteward_domain::company::Region::parse("DE").unwrap();
        let away = NewEndUser { region, ..new_end_user("away@example.org") };
        store.write(|conn| create_end_user(conn, &away, at(0))).unwrap();
        assert_eq!(home.accept(store, &away.id, &[of(&home.gate, &[])]), Err(ShareRefusal::RegionDiffers));
        let mut old = new_device(store, &home.company, &home.site, "10.0.0.3", 3);
        old.identity.as_mut().unwrap().firmware_version = "V5.2.5".into();
        store.write(|conn| crate::devices::create_device(conn, &old, at(0))).unwrap();
        let refusal = ShareRefusal::FirmwareTooOld { needed: "V5.3.0" };
        assert_eq!(home.accept(store, &home.eva, &[of(&old.id, &[])]), Err(refusal));
        assert_eq!(home.accept(store, &home.owner, &[of(&home.gate, &[])]), Err(ShareRefusal::IsOwner));
        let stranger = end_user(store, "sam@example.org");
        let not_theirs = store.write(|conn| {
            accept_channels(conn, &home.site, &stranger, &home.eva, &[of(&home.gate, &[])], "test", at(2))
        });
        assert!(matches!(not_theirs, Err(StoreError::NotFound)), "{not_theirs:?}");
    });
}

#[test]
fn an_edited_share_has_the_channels_named_and_no_others_and_an_unchanged_one_is_told_to_nobody() {
    on_both(|store| {
        let home = home(store);
        let id = home.accept(store, &home.eva, &[of(&home.gate, &[P::Ptz]), of(&home.yard, &[])]).unwrap();
        assert_eq!(home.change(store, &id, &[of(&home.yard, &[]), of(&home.gate, &[P::Ptz])]), Ok(false));
        assert_eq!(home.logged(store, "share_changed"), 0);
        assert_eq!(home.change(store, &id, &[of(&home.gate, &[P::Alarm])]), Ok(true));
        let received = home.received(store);
        assert_eq!(received[0].channels.len(), 1);
        assert_eq!(received[0].channels[0].permissions, [P::LiveView, P::Alarm]);
        assert_eq!(home.change(store, &id, &[]), Err(ShareRefusal::NothingToShare));
        let theirs =
            store.write(|conn| change_given(conn, &home.eva, &id, None, &[of(&home.gate, &[])], "test", at(4)));
        assert!(matches!(theirs, Err(StoreError::NotFound)), "{theirs:?}");
    });
}

#[test]
fn what_is_changed_of_one_device_leaves_the_others_as_they_are() {
    on_both(|store| {
        let home = home(store);
        let id = home.accept(store, &home.eva, &[of(&home.gate, &[]), of(&home.yard, &[P::Alarm])]).unwrap();
        let gate = [of(&home.gate, &[P::Playback])];
        let changed =
            store.write(|conn| change_given(conn, &home.owner, &id, Some(&home.gate), &gate, "test", at(4))).unwrap();
        assert_eq!(changed, Ok(true));
        let permissions = |device: &DeviceId| {
            let received = home.received(store);
            let channel = received[0].channels.iter().find(|channel| channel.device_id == *device);
            channel.map(|channel| channel.permissions.clone())
        };
        assert_eq!(permissions(&home.gate), Some(vec![P::LiveView, P::Playback]));
        assert_eq!(permissions(&home.yard), Some(vec![P::LiveView, P::Alarm]));
        let nothing = [of(&home.gate, &[])].map(|one| SharedChannel { device_id: DeviceId::generate(at(0)), ..one });
        let refused = store
            .write(|conn| change_given(conn, &home.owner, &id, Some(&nothing[0].device_id), &nothing, "test", at(4)));
        assert_eq!(refused.unwrap(), Err(ShareRefusal::NothingToShare), "it is not on the site");
        sql(store, "UPDATE sites SET suspended_at = 1");
        let take = |who: &EndUserId, device: &DeviceId| {
            store.write(|conn| remove_given_device(conn, who, &id, device, "test", at(5)))
        };
        assert!(matches!(take(&home.eva, &home.gate), Err(StoreError::NotFound)), "it is not theirs to take back");
        take(&home.owner, &home.gate).unwrap();
        sql(store, "UPDATE sites SET suspended_at = NULL");
        assert_eq!((permissions(&home.gate), home.received(store).len()), (None, 1));
        sql(store, "UPDATE sites SET suspended_at = 1");
        assert!(matches!(take(&home.owner, &home.gate), Err(StoreError::NotFound)), "nothing of it is shared");
        take(&home.owner, &home.yard).unwrap();
        sql(store, "UPDATE sites SET suspended_at = NULL");
        assert_eq!(home.received(store).len(), 0, "the share ends with its last device");
    });
}

#[test]
fn a_permission_is_asked_for_at_use_and_its_first_use_is_in_the_log_once() {
    on_both(|store| {
        let home = home(store);
        let stranger = end_user(store, "sam@example.org");
        assert_eq!(home.uses(store, &home.owner, P::Ptz), Ok(Use::Owner));
        assert_eq!(home.uses(store, &home.eva, P::LiveView), Err(UseRefusal::NotFound));
        let id = home.accept(store, &home.eva, &[of(&home.gate, &[P::LiveView])]).unwrap();
        let used = Ok(Use::Receiver { share_id: id.clone(), site_id: home.site.clone() });
        assert_eq!(home.uses(store, &home.eva, P::LiveView), used);
        assert_eq!(home.uses(store, &home.eva, P::LiveView), used);
        assert_eq!(home.logged(store, "share_used"), 1);
        assert_eq!(home.uses(store, &home.eva, P::Ptz), Err(UseRefusal::NotShared));
        assert_eq!(home.uses(store, &stranger, P::LiveView), Err(UseRefusal::NotFound));
        store
            .write(|conn| {
                Select::new("UPDATE sites SET suspended_at = 1 WHERE id = ").text(home.site.as_str()).execute(conn)
            })
            .unwrap();
        assert_eq!(home.uses(store, &home.eva, P::LiveView), Err(UseRefusal::Suspended));
        assert_eq!(home.uses(store, &home.owner, P::LiveView), Err(UseRefusal::Suspended));
        assert!(home.received(store).is_empty());
    });
}

#[test]
fn a_deleted_device_takes_its_channels_out_of_every_share_and_empty_ones_end() {
    on_both(|store| {
        let home = home(store);
        let nora = end_user(store, "nora@example.org");
        home.accept(store, &home.eva, &[of(&home.gate, &[]), of(&home.yard, &[])]).unwrap();
        home.accept(store, &nora, &[of(&home.gate, &[])]).unwrap();
        store.write(|conn| delete_device(conn, &home.company, &home.gate, at(5))).unwrap();
        assert_eq!(home.received(store)[0].channels.len(), 1);
        assert!(store.read(|conn| list_received(conn, &nora, None, 100)).unwrap().items.is_empty());
        assert_eq!((home.logged(store, "share_changed"), home.logged(store, "share_ended")), (1, 1));
        assert_eq!(home.uses(store, &nora, P::LiveView), Err(UseRefusal::NotFound));
    });
}

#[test]
fn an_owner_sees_what_they_give_by_device_and_by_person_and_ends_all_of_a_person_at_once() {
    on_both(|store| {
        let home = home(store);
        let nora = end_user(store, "nora@example.org");
        home.accept(store, &home.eva, &[of(&home.gate, &[])]).unwrap();
        let second = home.accept(store, &nora, &[of(&home.yard, &[])]).unwrap();
        let given = |device, receiver| {
            let page = store.read(|conn| list_given(conn, &home.owner, (device, receiver), None, 20)).unwrap();
            let mut emails: Vec<_> = page.items.into_iter().map(|given| given.share.receiver_email).collect();
            emails.sort();
            emails
        };
        assert_eq!(given(None, None), ["eva@example.org", "nora@example.org"]);
        assert_eq!(given(Some(&home.yard), None), ["nora@example.org"]);
        assert_eq!(given(None, Some(&home.eva)), ["eva@example.org"]);
        let first = store.read(|conn| list_given(conn, &home.owner, (None, None), None, 1)).unwrap();
        let next =
            store.read(|conn| list_given(conn, &home.owner, (None, None), first.next_cursor.as_deref(), 1)).unwrap();
        assert_eq!((first.items.len(), next.items.len(), next.next_cursor), (1, 1, None));
        assert!(first.items[0].share.id < next.items[0].share.id, "oldest first");
        store.write(|conn| remove_given_to(conn, &home.owner, &home.eva, "test", at(5))).unwrap();
        assert!(home.received(store).is_empty());
        let again = store.write(|conn| remove_given_to(conn, &home.owner, &home.eva, "test", at(6)));
        assert!(matches!(again, Err(StoreError::NotFound)));
        let theirs = store.write(|conn| remove_given(conn, &home.eva, &second, "test", at(6)));
        assert!(matches!(theirs, Err(StoreError::NotFound)), "only the giver ends it");
    });
}

#[test]
fn a_page_ends_after_five_hundred_channels_however_few_shares_it_has() {
    on_both(|store| {
        let home = home(store);
        for n in 0..3 {
            let name = format!("Home {n}");
            let (place, owner) = (site(store, &home.company, &name), end_user(store, &format!("o{n}@example.org")));
            own(store, &place, &owner);
            let camera = device(store, &home.company, &place, &format!("10.0.1.{n}"), 10 + n);
            let channels: Vec<_> = (1..=300)
                .map(|channel| SharedChannel { device_id: camera.clone(), channel, permissions: Vec::new() })
                .collect();
            let shared = store.write(|conn| accept_channels(conn, &place, &owner, &home.eva, &channels, "test", at(2)));
            shared.unwrap().unwrap();
        }
        let first = store.read(|conn| list_received(conn, &home.eva, None, 100)).unwrap();
        assert_eq!(first.items.len(), 2);
        let last = store.read(|conn| list_received(conn, &home.eva, first.next_cursor.as_deref(), 100)).unwrap();
        assert_eq!((last.items.len(), last.next_cursor), (1, None));
    });
}

#[test]
fn what_is_taken_out_is_taken_out_whatever_became_of_the_rest() {
    on_both(|store| {
        let home = home(store);
        let both = [of(&home.gate, &[P::Ptz]), of(&home.yard, &[])];
        let id = home.accept(store, &home.eva, &both).unwrap();
        sql(store, "UPDATE end_users SET region = 'DE' WHERE email_lower = 'eva@example.org'");
        sql(store, "UPDATE devices SET firmware = 'V5.2.5'");
        let more = [of(&home.gate, &[P::Ptz, P::Alarm]), of(&home.yard, &[])];
        assert_eq!(home.change(store, &id, &more), Err(ShareRefusal::FirmwareTooOld { needed: "V5.3.0" }));
        assert_eq!(home.change(store, &id, &[of(&home.gate, &[P::Ptz])]), Ok(true));
        assert_eq!(home.change(store, &id, &[of(&home.gate, &[])]), Ok(true));
        sql(store, "UPDATE devices SET firmware = 'V5.7.0'");
        assert_eq!(home.change(store, &id, &[of(&home.gate, &[P::Ptz])]), Err(ShareRefusal::RegionDiffers));
        let received = home.received(store);
        assert_eq!((received[0].channels.len(), &*received[0].channels[0].permissions), (1, &[P::LiveView][..]));
    });
}

#[test]
fn a_move_to_another_region_ends_shares_across_regions_and_is_told() {
    on_both(|store| {
        let home = home(store);
        let moves = |who: &EndUserId, region: &str, seconds| {
            let region = siteward_domain::company::Region::parse(region).ok();
            let change = EndUserChange { region, ..EndUserChange::default() };
            store.write(|conn| update_end_user(conn, who, &change, at(seconds))).unwrap();
        };
        home.accept(store, &home.eva, &[of(&home.gate, &[])]).unwrap();
        moves(&home.eva, "PL", 3);
        assert_eq!(home.received(store).len(), 1, "the same region as before");
        moves(&home.eva, "DE", 4);
        assert!(home.received(store).is_empty(), "the receiver moved");
        moves(&home.eva, "PL", 5);
        assert!(home.received(store).is_empty(), "what ended stays ended");
        home.accept(store, &home.eva, &[of(&home.gate, &[])]).unwrap();
        moves(&home.owner, "DE", 6);
        assert!(home.received(store).is_empty(), "the giver moved");
        assert_eq!(home.logged(store, "share_ended"), 2);
        let events = events_of(store, &home.company, EventKind::SharesChanged);
        let ended = events.iter().filter(|event| event.data["state"] == "region_differs").count();
        assert_eq!(ended, 2, "{events:?}");
    });
}
