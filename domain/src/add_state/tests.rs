use super::*;
use crate::link::FoundBy;
use crate::serial::SerialNumber;

const TOLD: [Option<bool>; 3] = [None, Some(false), Some(true)];

fn sighting(activated: Option<bool>, service_enabled: Option<bool>, bind: BindState, firmware: &str) -> Sighting {
    Sighting {
        serial: SerialNumber::parse("G12345678").unwrap(),
        long_serial: "DS-7608NI-K220200101CCRRG12345678WCVU".into(),
        mac: Some("44:19:b6:00:00:01".into()),
        model: "DS-7608NI-K2".into(),
        firmware: firmware.into(),
        host: "192.168.1.64".into(),
        http_port: 80,
        dhcp: Some(false),
        activated,
        service_enabled,
        bind,
        unbind_supported: None,
        found_by: FoundBy::Sadp,
    }
}

/// Every sighting that matters, and none.
fn sightings() -> Vec<Option<Sighting>> {
    let mut all = vec![None];
    for activated in TOLD {
        for service in TOLD {
            for bind in BindState::ALL {
                for firmware in ["V4.62.210 build 221115", "V3.4.98 build 180104", ""] {
                    all.push(Some(sighting(activated, service, *bind, firmware)));
                }
            }
        }
    }
    all
}

/// Runs `check` on every combination of what can be known.
fn for_each_combination(mut check: impl FnMut(&Found<'_>, AddState)) -> usize {
    let bindings: Vec<Option<Whose>> = std::iter::once(None).chain(Whose::ALL.iter().copied().map(Some)).collect();
    let binds: Vec<Option<BindState>> = std::iter::once(None).chain(BindState::ALL.iter().copied().map(Some)).collect();
    let mut count = 0;
    for sighting in &sightings() {
        for (binding, online) in bindings.iter().flat_map(|binding| [(*binding, false), (*binding, true)]) {
            for (activated, service) in TOLD.into_iter().flat_map(|a| TOLD.map(|s| (a, s))) {
                for (registered, bind) in TOLD.into_iter().flat_map(|r| binds.iter().map(move |b| (r, *b))) {
                    for (login, code) in
                        LoginKnown::ALL.iter().flat_map(|l| CodeCheck::ALL.iter().map(move |c| (*l, *c)))
                    {
                        let sighting = sighting.as_ref();
                        let found = Found {
                            binding,
                            sighting,
                            online,
                            activated,
                            service,
                            registered,
                            bind,
                            login,
                            code,
                            upgrade: false,
                        };
                        check(&found, judge(&found));
                        count += 1;
                    }
                }
            }
        }
    }
    count
}

#[test]
fn every_combination_leads_somewhere_and_every_state_is_reached() {
    let mut reached = std::collections::BTreeSet::new();
    let count = for_each_combination(|found, state| {
        assert_ne!(state.next_step(), NextStep::None, "{found:?}");
        assert!(!state.has_ended(), "{found:?}");
        reached.insert(state);
    });
    assert_eq!(count, 82 * 8 * 9 * 12 * 24);
    let told_by_trying = [AddState::Added, AddState::Failed];
    let all = AddState::ALL.iter().copied().filter(|state| !told_by_trying.contains(state));
    assert_eq!(reached, all.collect());
    assert_eq!(AddState::Added.next_step(), NextStep::None);
    assert_eq!(AddState::Failed.next_step(), NextStep::Add);
}

#[test]
fn nothing_is_ready_that_is_anothers_unseen_offline_or_without_a_login() {
    for_each_combination(|found, state| {
        if state == AddState::Ready {
            assert!(found.binding.is_none() && found.online, "{found:?}");
            assert!(matches!(found.login, LoginKnown::Given | LoginKnown::Ok), "{found:?}");
            assert!(found.code != CodeCheck::Wrong, "{found:?}");
            let sighting = found.sighting.unwrap();
            assert_ne!(found.bind.unwrap_or(sighting.bind), BindState::Bound, "{found:?}");
        }
    });
}

#[test]
fn one_step_after_the_other_leads_a_new_recorder_from_its_box_to_ready() {
    let seen = sighting(Some(false), None, BindState::Free, "V4.62.210 build 221115");
    let nothing = Found::new(None, None, false);
    assert_eq!(judge(&nothing), AddState::Unknown);
    let offline = Found { sighting: Some(&seen), ..nothing };
    assert_eq!(judge(&offline), AddState::Offline);
    let online = Found { online: true, ..offline };
    assert_eq!(judge(&online), AddState::NotActivated);
    let activated = Found { activated: Some(true), login: LoginKnown::Ok, ..online };
    let read = Found { service: Some(false), ..activated };
    assert_eq!(judge(&read), AddState::ServiceDisabled);
    let registering = Found { service: Some(true), registered: Some(false), code: CodeCheck::NotChecked, ..activated };
    assert_eq!(judge(&registering), AddState::WaitingForRegistration);
    let wrong = Found { registered: Some(true), code: CodeCheck::Wrong, ..registering };
    assert_eq!(judge(&wrong), AddState::WrongVerificationCode);
    for code in [CodeCheck::Right, CodeCheck::NotTold, CodeCheck::NotGiven] {
        assert_eq!(judge(&Found { code, ..wrong }), AddState::Ready, "{code:?}");
    }
}

#[test]
fn a_code_that_was_chosen_asks_for_the_login_it_is_written_with() {
    let seen = sighting(Some(true), Some(false), BindState::Free, "V4.62.210");
    let found = Found { code: CodeCheck::NotGiven, ..Found::new(None, Some(&seen), true) };
    assert_eq!(judge(&found), AddState::ServiceDisabled);
    assert_eq!(judge(&Found { code: CodeCheck::NotChecked, ..found }), AddState::ServiceDisabled);
    let chosen = Found { code: CodeCheck::Chosen, ..found };
    assert_eq!(judge(&chosen), AddState::LoginNeeded);
    assert_eq!(judge(&Found { login: LoginKnown::Refused, ..chosen }), AddState::LoginRefused);
    assert_eq!(judge(&Found { login: LoginKnown::Ok, ..chosen }), AddState::ServiceDisabled);
}

#[test]
fn what_the_device_says_now_counts_more_than_an_older_sighting() {
    let seen = sighting(Some(false), Some(false), BindState::Bound, "V4.62.210");
    let found = Found {
        bind: Some(BindState::Free),
        service: Some(true),
        login: LoginKnown::Ok,
        ..Found::new(None, Some(&seen), true)
    };
    assert_eq!(judge(&found), AddState::Ready);
}

#[test]
fn stored_states_read_back() {
    for state in AddState::ALL {
        assert_eq!(AddState::from_stored(state.as_str()), Some(*state));
    }
}

#[test]
fn an_old_recorder_that_is_upgraded_once_added_is_asked_for_its_login_like_any_other() {
    let old = sighting(Some(true), Some(true), BindState::Free, "V3.4.98 build 180104");
    let found = Found::new(None, Some(&old), true);
    assert_eq!(judge(&found), AddState::FirmwareTooOld);
    assert_eq!(judge(&Found { upgrade: true, ..found }), AddState::LoginNeeded);
}
