//! The rules about rules, on what they are made for and on anything at all.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;
use crate::device::DeviceKind;
use crate::device_event::DeviceEventKind;
use crate::device_functions::Standing;
use crate::firmware::{Function, Incompatibility};
use crate::schedule::{Day, Period, Schedule};
use crate::{DeviceId, StaffId};

fn device(number: u32) -> DeviceId {
    DeviceId::parse(&format!("01890f00-0000-7000-8000-{number:012}")).unwrap()
}

fn person(number: u32) -> StaffId {
    StaffId::parse(&format!("01890f00-0000-7000-9000-{number:012}")).unwrap()
}

fn source(channel: Option<u32>) -> Source {
    Source { device: device(1), channel, kind: DeviceEventKind::Intrusion }
}

fn snapshot(of: u32, channel: u32) -> Action {
    Action::Snapshot { device: device(of), channel }
}

fn output(of: u32, output: u32) -> Action {
    Action::Output { device: device(of), output, on: true }
}

fn parse(actions: Vec<Action>) -> Result<Content, ContentRefusal> {
    Content::parse(source(Some(1)), None, actions)
}

#[test]
fn a_rule_never_links_its_own_source() {
    let links_itself = |channel, action| {
        Content::parse(source(channel), None, vec![action]) == Err(ContentRefusal::LinksItsSource { index: 0 })
    };
    assert!(links_itself(Some(1), snapshot(1, 1)));
    assert!(!links_itself(Some(1), snapshot(1, 2)), "another channel of the recorder is another camera");
    assert!(links_itself(None, snapshot(1, 2)), "any channel is also this one");
    assert!(!links_itself(None, output(1, 1)), "an output tells of nothing");
    let arm = |area| Action::Arm { device: device(1), area, mode: ArmMode::Away };
    assert!(links_itself(None, arm(None)));
    assert!(!links_itself(Some(3), arm(None)), "a zone is no area");
    let armed = Source { kind: DeviceEventKind::Armed, ..source(Some(2)) };
    for (area, itself) in [(None, true), (Some(2), true), (Some(1), false)] {
        let said = Content::parse(armed.clone(), None, vec![arm(area)]);
        assert_eq!(said.is_err(), itself, "{area:?}");
    }
}

#[test]
fn the_limits_of_a_rule_are_those_of_the_product() {
    let outputs = |count: u32| (1..=count).map(|number| output(2, number)).collect::<Vec<_>>();
    assert!(parse(outputs(10)).is_ok());
    assert_eq!(parse(outputs(11)), Err(ContentRefusal::TooManyResources));
    assert_eq!(parse(outputs(129)), Err(ContentRefusal::TooManyActions));
    assert_eq!(parse(Vec::new()), Err(ContentRefusal::NoActions));
    let people = |count: u32| (1..=count).map(|number| Action::Notify { staff: vec![person(number)] }).collect();
    assert!(parse(people(128)).is_ok());
    let pictures = |count: u32| (2..2 + count).map(|of| snapshot(of, 1)).collect::<Vec<_>>();
    assert!(parse(pictures(4)).is_ok());
    assert_eq!(parse(pictures(5)), Err(ContentRefusal::TooManyCameraActions));
    assert_eq!(parse(vec![snapshot(2, 1), snapshot(2, 1)]), Err(ContentRefusal::ActionTwice { index: 1 }));
    assert_eq!(parse(vec![snapshot(2, 0)]), Err(ContentRefusal::ActionInvalid { index: 0 }));
    assert_eq!(parse(vec![Action::Notify { staff: Vec::new() }]), Err(ContentRefusal::ActionInvalid { index: 0 }));
}

#[test]
fn actions_that_want_the_opposite_of_each_other_are_refused() {
    let off = Action::Output { device: device(2), output: 1, on: false };
    assert_eq!(parse(vec![output(2, 1), off.clone()]), Err(ContentRefusal::Contradiction { index: 1 }));
    assert!(parse(vec![output(2, 2), off]).is_ok());
    let arm = Action::Arm { device: device(3), area: Some(1), mode: ArmMode::Away };
    let disarm = |area| Action::Disarm { device: device(3), area };
    assert_eq!(parse(vec![arm.clone(), disarm(None)]), Err(ContentRefusal::Contradiction { index: 1 }));
    assert_eq!(parse(vec![disarm(Some(1)), arm.clone()]), Err(ContentRefusal::Contradiction { index: 1 }));
    assert!(parse(vec![arm, disarm(Some(2))]).is_ok());
}

#[test]
fn rules_that_say_the_same_in_another_order_are_identical() {
    let one = parse(vec![snapshot(2, 1), output(3, 1), Action::Notify { staff: vec![person(1), person(2)] }]).unwrap();
    let two =
        parse(vec![Action::Notify { staff: vec![person(2), person(1), person(2)] }, output(3, 1), snapshot(2, 1)]);
    assert_eq!(one.identity(), two.unwrap().identity());
    assert_ne!(one.identity(), parse(vec![snapshot(2, 1), output(3, 1)]).unwrap().identity());
    let nights = Period { days: vec![Day::Monday], from: 0, until: 60 };
    let other = Content { schedule: Schedule::try_from(vec![nights]).ok(), ..one.clone() };
    assert_ne!(one.identity(), other.identity());
}

#[test]
fn a_rule_of_any_channel_counts_against_the_cameras_of_each() {
    assert!(camera_actions_fit((Some(1), 4), &[(Some(2), 4)]));
    assert!(!camera_actions_fit((Some(1), 1), &[(Some(1), 2), (None, 2)]));
    assert!(camera_actions_fit((None, 2), &[(Some(1), 2), (Some(2), 1)]));
    assert!(!camera_actions_fit((None, 2), &[(Some(1), 3), (Some(2), 1)]));
    assert!(!camera_actions_fit((None, 5), &[]));
}

#[test]
fn a_rule_holds_by_the_clock_of_the_site() {
    let friday_night = Period { days: vec![Day::Friday], from: 22 * 60, until: 6 * 60 };
    let content =
        Content { schedule: Schedule::try_from(vec![friday_night]).ok(), ..parse(vec![snapshot(2, 1)]).unwrap() };
    let warsaw: Tz = "Europe/Warsaw".parse().unwrap();
    assert!(content.holds("2026-11-27T22:30:00Z".parse().unwrap(), warsaw));
    assert!(content.holds("2026-11-28T04:59:00Z".parse().unwrap(), warsaw));
    assert!(!content.holds("2026-11-28T05:00:00Z".parse().unwrap(), warsaw));
    assert!(parse(vec![snapshot(2, 1)]).unwrap().holds("2026-11-28T05:00:00Z".parse().unwrap(), warsaw));
}

fn known(heard: bool, standings: &[(u32, Standing)]) -> Known {
    let devices: HashMap<_, _> =
        standings.iter().map(|(number, standing)| (device(*number), standing.clone())).collect();
    let heard = if heard { HashSet::from([device(1)]) } else { HashSet::new() };
    Known { devices, heard, receivers: HashSet::from([person(1)]) }
}

#[test]
fn a_rule_that_cannot_work_says_why_and_revives_by_itself() {
    use TroubleReason as R;
    let full = Standing::full;
    let off = || Standing { monitoring: false, ..full() };
    let too_old = || Standing {
        incompatibility: Some(Incompatibility {
            minimum_version: "5.4".into(),
            functions_lost: vec![Function::LinkageRules],
        }),
        ..full()
    };
    let tells = Action::Notify { staff: vec![person(1), person(2)] };
    let content = parse(vec![snapshot(2, 1), tells]).unwrap();
    for (known, expected, state_now) in [
        (known(true, &[(1, full()), (2, full())]), vec![], RuleState::Works),
        (known(true, &[(1, off()), (2, full())]), vec![(R::MonitoringOff, None)], RuleState::Invalid),
        (known(true, &[(1, too_old()), (2, full())]), vec![(R::FirmwareIncompatible, None)], RuleState::Invalid),
        (known(true, &[(2, full())]), vec![(R::SourceGone, None)], RuleState::Invalid),
        (known(false, &[(1, full()), (2, full())]), vec![(R::NotificationsOff, None)], RuleState::Invalid),
        (known(true, &[(1, full()), (2, off())]), vec![(R::MonitoringOff, Some(0))], RuleState::Impaired),
        (known(true, &[(1, full())]), vec![(R::TargetGone, Some(0))], RuleState::Impaired),
    ] {
        let found = troubles(&content, &known);
        assert_eq!(found.iter().map(|trouble| (trouble.reason, trouble.action)).collect::<Vec<_>>(), expected);
        assert_eq!(state(&content, &found), state_now, "{expected:?}");
    }
    let only_picture = parse(vec![snapshot(2, 1)]).unwrap();
    let found = troubles(&only_picture, &known(true, &[(1, full()), (2, off())]));
    assert_eq!(state(&only_picture, &found), RuleState::Invalid, "there is nothing left that it could do");
    let nobody = parse(vec![Action::Notify { staff: vec![person(3)] }]).unwrap();
    let found = troubles(&nobody, &known(true, &[(1, full())]));
    assert_eq!(found.first().unwrap().reason, R::ReceiversGone);
}

#[test]
fn a_template_makes_a_rule_within_the_limits_of_whatever_a_site_has() {
    let has = |kinds: &[DeviceKind]| {
        (10..).zip(kinds).map(|(number, kind)| SiteDevice { id: device(number), kind: *kind }).collect::<Vec<_>>()
    };
    let everything = has(&[
        DeviceKind::AlarmPanel,
        DeviceKind::Nvr,
        DeviceKind::Camera,
        DeviceKind::Camera,
        DeviceKind::Camera,
        DeviceKind::Camera,
        DeviceKind::Camera,
        DeviceKind::Intercom,
        DeviceKind::AccessControl,
    ]);
    let barely = has(&[DeviceKind::Camera, DeviceKind::AlarmPanel, DeviceKind::Intercom]);
    for template in Template::ALL {
        for devices in [&everything, &barely] {
            let draft = template.draft(devices, Some(&person(1))).unwrap();
            assert_eq!(draft.source.kind, template.event());
            let content = Content::parse(draft.source, draft.schedule, draft.actions);
            assert!(content.is_ok(), "{template:?}: {content:?}");
        }
        assert_eq!(template.draft(&has(&[DeviceKind::Switch]), None), None, "{template:?}");
    }
    for (one, two) in [(Template::Intrusion, Template::Perimeter), (Template::BackHome, Template::Away)] {
        let [one, two] = [one, two].map(|template| {
            let draft = template.draft(&everything, None).unwrap();
            Content::parse(draft.source, draft.schedule, draft.actions).unwrap()
        });
        let of = |content: &Content| (content.source.channel, content.camera_actions());
        assert_eq!(one.source.device, two.source.device);
        assert!(camera_actions_fit(of(&one), &[of(&two)]), "they are set up side by side");
    }
}

fn any_action() -> impl Strategy<Value = Action> {
    (0_u32..8, 1_u32..6, 1_u32..5, 1_u32..4, any::<bool>()).prop_map(|(what, of, channel, number, on)| match what {
        0 | 1 => snapshot(of, channel),
        2 => Action::Record { device: device(of), channel },
        3 => Action::Preset { device: device(of), channel, preset: number },
        4 | 5 => Action::Output { device: device(of), output: channel, on },
        6 => Action::Arm { device: device(of), area: on.then_some(number), mode: ArmMode::Away },
        _ => Action::Notify { staff: vec![person(number)] },
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_is_asked_for_a_rule_that_exists_is_within_the_limits(
        channel in proptest::option::of(1_u32..5),
        actions in proptest::collection::vec(any_action(), 0..140),
    ) {
        if let Ok(content) = Content::parse(source(channel), None, actions) {
            prop_assert!((1..=MOST_ACTIONS).contains(&content.actions.len()));
            let resources: BTreeSet<_> = content.actions.iter().filter_map(Action::resource).collect();
            prop_assert!(resources.len() <= MOST_RESOURCES);
            prop_assert!(content.camera_actions() <= MOST_CAMERA_ACTIONS);
            prop_assert!(!resources.iter().any(|resource| content.source.is_itself(resource)));
            let each: BTreeSet<_> = content.actions.iter().collect();
            prop_assert_eq!(each.len(), content.actions.len());
            prop_assert!(content.actions.iter().all(|one| !content.actions.iter().any(|two| one.contradicts(two))));
            let stored = serde_json::to_string(&content).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Content>(&stored).unwrap(), &content);
            let mut turned = content.actions.clone();
            turned.reverse();
            let same = Content::parse(content.source.clone(), None, turned).unwrap();
            prop_assert_eq!(same.identity(), content.identity());
        }
    }

    #[test]
    fn no_source_ever_sets_off_more_than_four_actions_of_cameras(
        wanted in proptest::collection::vec((proptest::option::of(1_u32..4), 0_u32..4), 0..12),
    ) {
        let mut taken: Vec<(Option<u32>, u32)> = Vec::new();
        for one in wanted {
            if camera_actions_fit(one, &taken) {
                taken.push(one);
            }
        }
        for channel in 1..4 {
            let set_off: u32 =
                taken.iter().filter(|(of, _)| of.is_none_or(|of| of == channel)).map(|(_, count)| count).sum();
            prop_assert!(set_off <= MOST_CAMERA_ACTIONS);
        }
    }
}
