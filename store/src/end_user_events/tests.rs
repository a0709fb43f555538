use siteward_domain::device_event::{DeviceSignal, EventState};
use siteward_domain::share::{GiverKind, SharePermission, SharedChannel};
use siteward_domain::{ShareId, SiteId};

use super::*;
use crate::Store;
use crate::device_events::{Heard, append};
use crate::shares::{self, NewShare};
use crate::testing::{at, company, count_rows, device, end_user, on_both, own, site};

struct Scene {
    site: SiteId,
    device: DeviceId,
    owner: EndUserId,
    receiver: EndUserId,
    share: ShareId,
}

fn scene(store: &Store, permissions: &[SharePermission]) -> Scene {
    let company = company(store);
    let site = site(store, &company, "Villa");
    let device = device(store, &company, &site, "10.0.0.1", 1);
    let (owner, receiver) = (end_user(store, "owner@example.org"), end_user(store, "eva@example.org"));
    own(store, &site, &owner);
    let new = NewShare {
        id: ShareId::generate(at(1)),
        site_id: site.clone(),
        giver_kind: GiverKind::EndUser,
        giver_id: owner.to_string(),
        receiver_id: receiver.clone(),
        channels: vec![SharedChannel { device_id: device.clone(), channel: 1, permissions: permissions.to_vec() }],
    };
    store.write(|conn| shares::give(conn, &new, "test", at(10))).unwrap().unwrap();
    Scene { site, device, owner, receiver, share: new.id }
}

impl Scene {
    fn tell(&self, store: &Store, word: &str, channel: u32, seconds: i64) -> i64 {
        let signal = DeviceSignal::read(word, EventState::Active, Some(channel)).unwrap();
        let heard = [Heard { device_id: self.device.clone(), signal, at: at(seconds) }];
        store.write(|conn| append(conn, &heard)).unwrap()[0].seq
    }
}

fn hears(store: &Store, who: &EndUserId) -> Vec<(u32, bool)> {
    let page = store.read(|conn| list(conn, who, None, None, 100)).unwrap();
    page.items.iter().map(|heard| (heard.event.channel.unwrap(), heard.own)).collect()
}

fn told(store: &Store, seq: i64, since: i64) -> Vec<EndUserId> {
    let readers = store.read(|conn| readers(conn, seq, at(since))).unwrap();
    readers.into_iter().map(|reader| reader.end_user_id).collect()
}

#[test]
fn an_owner_hears_everything_and_a_receiver_their_channels_since_they_have_them() {
    on_both(|store| {
        let scene = scene(store, &[SharePermission::Alarm]);
        scene.tell(store, "VMD", 1, 5);
        scene.tell(store, "linedetection", 1, 20);
        scene.tell(store, "VMD", 2, 21);
        assert_eq!(hears(store, &scene.owner), [(2, true), (1, true), (1, true)]);
        assert_eq!(hears(store, &scene.receiver), [(1, false)], "not what came before, and not of another channel");
        assert!(hears(store, &end_user(store, "other@example.org")).is_empty());
        let first = store.read(|conn| list(conn, &scene.owner, Some(&scene.device), None, 2)).unwrap();
        let rest = store.read(|conn| list(conn, &scene.owner, None, first.next_cursor.as_deref(), 2)).unwrap();
        assert_eq!((first.items.len(), rest.items.len(), rest.next_cursor), (2, 1, None));
        let giver = scene.owner.to_string();
        let remove = |conn: &mut DbConn| {
            shares::remove(conn, &scene.site, (GiverKind::EndUser, &giver), &scene.share, "test", at(30))
        };
        store.write(remove).unwrap();
        assert!(hears(store, &scene.receiver).is_empty());
    });
}

#[test]
fn what_happened_before_somebody_had_a_channels_alarms_stays_unheard() {
    use SharePermission::{Alarm, LiveView, Playback};
    on_both(|store| {
        let scene = scene(store, &[Playback]);
        let give = |channel: u32, permissions: &[SharePermission], seconds: i64| {
            let channel = SharedChannel { device_id: scene.device.clone(), channel, permissions: permissions.to_vec() };
            let (site, giver, receiver) = (&scene.site, &scene.owner, &scene.receiver);
            let add = |conn: &mut DbConn| {
                shares::accept_channels(
                    conn,
                    site,
                    giver,
                    receiver,
                    std::slice::from_ref(&channel),
                    "test",
                    at(seconds),
                )
            };
            assert_eq!(store.write(add).unwrap(), Ok(scene.share.clone()));
        };
        let before = [scene.tell(store, "VMD", 1, 20), scene.tell(store, "VMD", 2, 21)];
        give(1, &[Alarm], 30);
        give(2, &[Alarm], 30);
        assert!(hears(store, &scene.receiver).is_empty() && before.iter().all(|seq| told(store, *seq, 0).is_empty()));
        scene.tell(store, "linedetection", 2, 40);
        give(2, &[Alarm, Playback], 50);
        assert_eq!(hears(store, &scene.receiver), [(2, false)], "more of a channel takes nothing away");
        give(2, &[LiveView], 60);
        scene.tell(store, "fielddetection", 2, 70);
        give(2, &[Alarm], 80);
        assert!(hears(store, &scene.receiver).is_empty(), "without, nothing was heard");
    });
}

#[test]
fn the_first_alarm_that_somebody_reads_of_a_channel_stands_in_the_owners_log() {
    on_both(|store| {
        let scene = scene(store, &[SharePermission::Alarm]);
        scene.tell(store, "VMD", 1, 20);
        scene.tell(store, "linedetection", 1, 21);
        let first = |who: &EndUserId| {
            let look = |conn: &mut DbConn| {
                let page = list(conn, who, None, None, 100)?;
                first_uses(conn, who, &page.items)
            };
            store.read(look).unwrap()
        };
        assert_eq!(first(&scene.receiver), [(scene.device.clone(), Some(1))]);
        assert!(first(&scene.owner).is_empty());
        for channel in [Some(1), None, Some(2)] {
            store.write(|conn| note_use(conn, &scene.receiver, &scene.device, channel, at(30))).unwrap();
        }
        assert!(first(&scene.receiver).is_empty());
        let noted = "access_log WHERE action = 'share_used' AND detail LIKE '%alarm%'";
        assert_eq!(store.read(|conn| count_rows(conn, noted)).unwrap(), 1);
    });
}

#[test]
fn whoever_has_no_alarms_of_a_channel_hears_none() {
    on_both(|store| {
        let scene = scene(store, &[SharePermission::Playback]);
        let seq = scene.tell(store, "VMD", 1, 20);
        assert!(hears(store, &scene.receiver).is_empty() && told(store, seq, 0).is_empty());
    });
}

#[test]
fn a_receiver_is_told_by_mail_once_in_a_while_unless_they_said_no() {
    on_both(|store| {
        let scene = scene(store, &[SharePermission::Alarm]);
        let early = scene.tell(store, "linedetection", 1, 5);
        let seq = scene.tell(store, "VMD", 1, 400);
        assert!(told(store, early, 0).is_empty(), "before it was shared");
        assert_eq!(told(store, seq, 100), [scene.receiver.clone()]);
        store.write(|conn| note_told(conn, &scene.receiver, &scene.device, at(400))).unwrap();
        assert!(told(store, seq, 100).is_empty());
        assert_eq!(told(store, seq, 400).len(), 1, "five minutes later");
        let wanted = |conn: &mut DbConn| are_mails_wanted(conn, &scene.receiver, &scene.device);
        assert!(store.read(wanted).unwrap());
        store.write(|conn| want_mails(conn, &scene.receiver, &scene.device, false)).unwrap();
        assert!(!store.read(wanted).unwrap() && told(store, seq, 400).is_empty());
        store.write(|conn| want_mails(conn, &scene.receiver, &scene.device, true)).unwrap();
        assert!(told(store, seq, 100).is_empty(), "the last mail is still remembered");
    });
}
