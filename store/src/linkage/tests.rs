use siteward_domain::device_event::{DeviceEvent, DeviceEventKind};
use siteward_domain::linkage::{Action, ActionState, RuleState, Source, TroubleReason, state, troubles};
use siteward_domain::staff::Right;
use siteward_domain::{LinkageFiringId, StaffId};

use super::*;
use crate::Store;
use crate::device_events::set_token;
use crate::reach::Reach;
use crate::testing::{at, company, device, member_with, on_both, site};

/// A site with a source and four cameras.
struct Scene {
    company: CompanyId,
    site: SiteId,
    source: DeviceId,
    cameras: Vec<DeviceId>,
}

fn scene(store: &Store) -> Scene {
    let company = company(store);
    let site = site(store, &company, "Harbour");
    let devices: Vec<DeviceId> =
        (1..=5).map(|number| device(store, &company, &site, &format!("10.0.0.{number}"), number)).collect();
    store.write(|conn| set_token(conn, &devices[0], "hash", at(0))).unwrap();
    Scene { company, site, source: devices[0].clone(), cameras: devices[1..].to_vec() }
}

fn snapshot(device: &DeviceId) -> Action {
    Action::Snapshot { device: device.clone(), channel: 1 }
}

impl Scene {
    fn rule(&self, channel: Option<u32>, kind: DeviceEventKind, actions: Vec<Action>) -> Rule {
        let source = Source { device: self.source.clone(), channel, kind };
        Rule {
            id: LinkageRuleId::generate(at(0)),
            company_id: self.company.clone(),
            site_id: self.site.clone(),
            name: "At night".into(),
            enabled: true,
            content: Content::parse(source, None, actions).unwrap(),
            created_at: at(0),
            updated_at: at(0),
        }
    }

    fn made(&self, store: &Store, kind: DeviceEventKind, actions: Vec<Action>) -> Rule {
        let rule = self.rule(Some(1), kind, actions);
        store.write(|conn| create_rule(conn, &rule)).unwrap().unwrap();
        rule
    }

    fn event(&self, seq: i64) -> DeviceEvent {
        DeviceEvent {
            seq,
            company_id: self.company.clone(),
            site_id: self.site.clone(),
            device_id: self.source.clone(),
            kind: DeviceEventKind::Intrusion,
            channel: Some(1),
            word: "fielddetection".into(),
            at: at(10),
            ended_at: None,
        }
    }

    fn fire(&self, store: &Store, rule: &Rule, seq: i64) -> Option<LinkageFiringId> {
        let planned: Vec<_> =
            rule.content.actions.iter().map(|_| Planned { state: ActionState::Waiting, error_code: None }).collect();
        let new = NewFiring { rule, event: &self.event(seq), source_name: "Gate", planned: &planned };
        store.write(|conn| record(conn, &new, at(10))).unwrap()
    }
}

fn only_action(store: &Store, scene: &Scene, firing: &LinkageFiringId) -> (ActionState, Option<String>) {
    let reach = Reach::of_company(&scene.company);
    let firing = store.read(|conn| get_firing(conn, &reach, firing)).unwrap();
    let action = firing.actions.into_iter().next().unwrap();
    (action.state, action.error_code)
}

fn claimed(store: &Store, firing: &LinkageFiringId, seconds: i64) -> Claim {
    store.write(|conn| claim(conn, firing, 0, at(seconds))).unwrap()
}

#[test]
fn a_rule_is_kept_as_it_was_said_and_no_other_says_the_same() {
    on_both(|store| {
        let scene = scene(store);
        let rule = scene.made(store, DeviceEventKind::Intrusion, vec![snapshot(&scene.cameras[0]), Action::Webhook]);
        assert_eq!(store.read(|conn| get_rule(conn, &scene.company, &rule.id)).unwrap(), rule);
        let same = Rule {
            name: "Another name".into(),
            ..scene.rule(Some(1), DeviceEventKind::Intrusion, vec![Action::Webhook, snapshot(&scene.cameras[0])])
        };
        assert_eq!(store.write(|conn| create_rule(conn, &same)).unwrap(), Err(NotTaken::Identical));
        let other = scene.made(store, DeviceEventKind::Motion, vec![Action::Webhook]);
        let change = RuleChange { content: Some(rule.content.clone()), ..RuleChange::default() };
        let changed = store.write(|conn| update_rule(conn, &scene.company, &other.id, &change, at(5))).unwrap();
        assert_eq!(changed, Err(NotTaken::Identical));
        let change = RuleChange { enabled: Some(false), name: Some("Days".into()), ..RuleChange::default() };
        let changed = store.write(|conn| update_rule(conn, &scene.company, &rule.id, &change, at(5))).unwrap().unwrap();
        assert_eq!((changed.enabled, changed.name.as_str(), &changed.content), (false, "Days", &rule.content));
        let of_source = store.read(|conn| rules_of_sources(conn, &[scene.source.clone()])).unwrap();
        assert_eq!(
            of_source.iter().map(|rule| &rule.id).collect::<Vec<_>>(),
            [&other.id],
            "one that is off is not matched"
        );
        let theirs = company(store);
        assert!(matches!(store.read(|conn| get_rule(conn, &theirs, &rule.id)), Err(StoreError::NotFound)));
        assert!(matches!(store.write(|conn| delete_rule(conn, &theirs, &rule.id)), Err(StoreError::NotFound)));
    });
}

#[test]
fn of_fifty_that_want_the_last_place_at_the_cameras_of_a_source_at_once_one_gets_it() {
    on_both(|store| {
        let scene = scene(store);
        scene.made(store, DeviceEventKind::Intrusion, scene.cameras[..3].iter().map(snapshot).collect());
        let wanted: Vec<Rule> = (1..=50)
            .map(|preset| {
                let turn = Action::Preset { device: scene.cameras[3].clone(), channel: 1, preset };
                scene.rule(Some(1), DeviceEventKind::Motion, vec![turn])
            })
            .collect();
        let taken: Vec<_> = std::thread::scope(|threads| {
            let made: Vec<_> = wanted
                .iter()
                .map(|rule| threads.spawn(|| store.write(|conn| create_rule(conn, rule)).unwrap()))
                .collect();
            made.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(taken.iter().filter(|one| one.is_ok()).count(), 1);
        assert!(taken.iter().all(|one| matches!(one, Ok(()) | Err(NotTaken::TooManyCameraActions))));
    });
}

#[test]
fn of_fifty_that_make_the_same_rule_at_once_one_makes_it() {
    on_both(|store| {
        let scene = scene(store);
        let wanted: Vec<Rule> =
            (0..50).map(|_| scene.rule(None, DeviceEventKind::Motion, vec![Action::Webhook])).collect();
        let taken: Vec<_> = std::thread::scope(|threads| {
            let made: Vec<_> = wanted
                .iter()
                .map(|rule| threads.spawn(|| store.write(|conn| create_rule(conn, rule)).unwrap()))
                .collect();
            made.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(taken.iter().filter(|one| one.is_ok()).count(), 1);
    });
}

#[test]
fn a_site_has_a_hundred_rules_and_no_more() {
    on_both(|store| {
        let scene = scene(store);
        let output = |output| vec![Action::Output { device: scene.source.clone(), output, on: true }];
        for number in 1..=MOST_RULES {
            scene.made(store, DeviceEventKind::Motion, output(number));
        }
        let one_more = scene.rule(Some(1), DeviceEventKind::Motion, output(MOST_RULES + 1));
        assert_eq!(store.write(|conn| create_rule(conn, &one_more)).unwrap(), Err(NotTaken::TooMany));
    });
}

#[test]
fn a_rule_fires_once_an_event_whoever_reads_it() {
    on_both(|store| {
        let scene = scene(store);
        let rule = scene.made(store, DeviceEventKind::Intrusion, vec![snapshot(&scene.cameras[0])]);
        let fired: Vec<_> = std::thread::scope(|threads| {
            let readers: Vec<_> = (0..8).map(|_| threads.spawn(|| scene.fire(store, &rule, 7))).collect();
            readers.into_iter().filter_map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(fired.len(), 1);
        assert!(scene.fire(store, &rule, 8).is_some());
        assert_eq!(store.read(|conn| count_since(conn, &rule.id, at(0))).unwrap(), 2);
        store.write(|conn| delete_rule(conn, &scene.company, &rule.id)).unwrap();
        let listed = store
            .read(|conn| list_firings(conn, &Reach::of_company(&scene.company), &FiringFilter::default(), None, 10))
            .unwrap();
        assert_eq!(listed.items.len(), 2, "what a rule did is told after it is gone");
        assert_eq!(listed.items[0].actions.len(), 1);
        let staff = StaffId::generate(at(0));
        let nobodys = Reach::of_manager(&scene.company, &staff, at(0));
        assert!(matches!(store.read(|conn| get_firing(conn, &nobodys, &fired[0])), Err(StoreError::NotFound)));
    });
}

#[test]
fn what_changes_something_is_not_asked_again_after_its_worker_died_and_a_picture_is() {
    on_both(|store| {
        let scene = scene(store);
        let output = Action::Output { device: scene.cameras[0].clone(), output: 1, on: true };
        let switches = scene.made(store, DeviceEventKind::Intrusion, vec![output]);
        let looks = scene.made(store, DeviceEventKind::Intrusion, vec![snapshot(&scene.cameras[0])]);
        let (switched, looked) = (scene.fire(store, &switches, 1).unwrap(), scene.fire(store, &looks, 1).unwrap());
        assert!(matches!(claimed(store, &switched, 11), Claim::Begun(_)));
        assert_eq!(claimed(store, &switched, 60), Claim::Over);
        assert_eq!(only_action(store, &scene, &switched), (ActionState::Unknown, Some("linkage_interrupted".into())));
        let done = Outcome { state: ActionState::Done, error_code: None };
        store.write(|conn| end_action(conn, &switched, 0, done, at(61))).unwrap();
        assert_eq!(only_action(store, &scene, &switched), (ActionState::Done, None), "who was not dead knows better");
        assert!(matches!(claimed(store, &looked, 11), Claim::Begun(_)));
        assert!(matches!(claimed(store, &looked, 60), Claim::Begun(_)));
    });
}

#[test]
fn an_action_that_surely_was_not_done_waits_again_and_is_dropped_when_it_is_too_late() {
    on_both(|store| {
        let scene = scene(store);
        let disarm = Action::Disarm { device: scene.cameras[0].clone(), area: None };
        let rule = scene.made(store, DeviceEventKind::Intrusion, vec![disarm]);
        let firing = scene.fire(store, &rule, 1).unwrap();
        assert!(matches!(claimed(store, &firing, 11), Claim::Begun(_)));
        store.write(|conn| put_back(conn, &firing, 0, "device_unreachable")).unwrap();
        assert!(matches!(claimed(store, &firing, 20), Claim::Begun(_)));
        store.write(|conn| put_back(conn, &firing, 0, "device_unreachable")).unwrap();
        assert_eq!(claimed(store, &firing, 10 + 301), Claim::Over);
        assert_eq!(only_action(store, &scene, &firing), (ActionState::Skipped, Some("linkage_too_late".into())));
        assert_eq!(claimed(store, &firing, 10 + 302), Claim::Over);
    });
}

#[test]
fn what_stands_against_a_rule_is_found_in_what_is_stored_now() {
    on_both(|store| {
        let scene = scene(store);
        let rights = [Right::ManageAllSites, Right::ViewExceptions];
        let told = member_with(store, &scene.company, "anna@example.com", &rights);
        let actions = vec![snapshot(&scene.cameras[0]), Action::Notify { staff: vec![told.clone()] }];
        let rule = scene.made(store, DeviceEventKind::Intrusion, actions);
        let found = || {
            let known = store.read(|conn| known(conn, &scene.company, &scene.site, &[&rule.content], at(1))).unwrap();
            troubles(&rule.content, &known)
        };
        assert_eq!(found(), []);
        let set = |sql: &str, id: &str| store.write(|conn| Select::new(sql).text(id).execute(conn)).unwrap();
        let off = if store.backend() == crate::Backend::Sqlite { "0" } else { "FALSE" };
        set(&format!("UPDATE devices SET monitoring = {off} WHERE id = "), scene.source.as_str());
        assert_eq!(found()[0].reason, TroubleReason::MonitoringOff);
        assert_eq!(state(&rule.content, &found()), RuleState::Invalid);
        let on = if off == "0" { "1" } else { "TRUE" };
        set(&format!("UPDATE devices SET monitoring = {on} WHERE id = "), scene.source.as_str());
        assert_eq!(found(), [], "it revives");
        store.write(|conn| crate::device_events::forget_token(conn, &scene.source)).unwrap();
        assert_eq!(found()[0].reason, TroubleReason::NotificationsOff);
        store.write(|conn| set_token(conn, &scene.source, "hash", at(0))).unwrap();
        store.write(|conn| crate::devices::delete_device(conn, &scene.company, &scene.cameras[0], at(2))).unwrap();
        assert_eq!(found()[0].reason, TroubleReason::TargetGone);
        assert_eq!(state(&rule.content, &found()), RuleState::Impaired);
        store.write(|conn| crate::devices::delete_device(conn, &scene.company, &scene.source, at(2))).unwrap();
        assert_eq!(found()[0].reason, TroubleReason::SourceGone);
    });
}

#[test]
fn pictures_are_sealed_bounded_and_forgotten() {
    on_both(|store| {
        let scene = scene(store);
        let rule = scene.made(store, DeviceEventKind::Intrusion, vec![snapshot(&scene.cameras[0])]);
        let keep = |seq: i64| {
            let firing = scene.fire(store, &rule, seq).unwrap();
            let sealed = store.vault().seal_bytes(picture_place(&scene.company, &firing), b"picture").unwrap();
            assert!(!sealed.as_str().contains("picture"));
            store.write(|conn| keep_picture(conn, &scene.site, &firing, 0, &sealed, at(11))).unwrap();
            firing
        };
        let firings: Vec<_> = (0..i64::from(PICTURES_OF_A_SITE) + 2).map(keep).collect();
        let kept = |firing: &LinkageFiringId| store.read(|conn| find_picture(conn, firing, 0)).unwrap();
        let left = firings.iter().filter(|firing| kept(firing).is_some()).count();
        assert_eq!(left, usize::try_from(PICTURES_OF_A_SITE).unwrap());
        let last = firings.last().unwrap();
        let opened = store.vault().open_bytes(picture_place(&scene.company, last), &kept(last).unwrap()).unwrap();
        assert_eq!(opened.as_slice(), b"picture");
        assert!(store.vault().open_bytes(picture_place(&scene.company, &firings[0]), &kept(last).unwrap()).is_err());
        store.write(|conn| prune(conn, at(12), at(9))).unwrap();
        assert_eq!(kept(last), None);
        assert_eq!(store.read(|conn| count_since(conn, &rule.id, at(0))).unwrap(), PICTURES_OF_A_SITE + 2);
        store.write(|conn| prune(conn, at(12), at(11))).unwrap();
        assert_eq!(store.read(|conn| count_since(conn, &rule.id, at(0))).unwrap(), 0);
    });
}
