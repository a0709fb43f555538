use super::*;

fn id(number: u32) -> DeviceId {
    DeviceId::parse(&format!("01890f00-0000-7000-8000-{number:012}")).unwrap()
}

/// A device of which everything is known and good.
fn device(number: u32) -> InstalledDevice {
    InstalledDevice {
        id: id(number),
        name: format!("Camera {number}"),
        kind: DeviceKind::Camera,
        model: "DS-2CD2143G2-I".into(),
        serial: Some("Q12345678".into()),
        mac: None,
        address: "10.0.0.9:80".into(),
        firmware: "V5.7.3".into(),
        firmware_verdict: Verdict::Fixed,
        added_at: DateTime::UNIX_EPOCH,
        baseline: Baseline {
            health: DeviceHealth::Healthy,
            measured_at: Some(DateTime::UNIX_EPOCH),
            monitored: true,
            login_accepted: Some(true),
            channels: Some((4, 4)),
            disks: vec![PackDisk { name: "hdda".into(), state: DiskState::Ok, capacity_mb: Some(1000) }],
            clock_offset_seconds: Some(-2),
            weak_password: Some(false),
            open_exceptions: Vec::new(),
        },
    }
}

fn panel(person: PersonKind, role: AccountRole) -> PanelAccounts {
    let account = |person, role| PackAccount { person, name: "Olga".into(), role };
    let accounts = vec![account(PersonKind::EndUser, AccountRole::Owner), account(person, role)];
    let read_at = Some(DateTime::UNIX_EPOCH);
    PanelAccounts { device_id: id(9), name: "Panel".into(), accounts, read_at, still_there: Vec::new() }
}

fn outcome(check: Check, results: &[CheckResult]) -> (CheckOutcome, Vec<DeviceId>) {
    let result = results.iter().find(|result| result.check == check).unwrap();
    (result.outcome, result.devices.clone())
}

#[test]
fn a_site_that_is_in_order_passes_every_check() {
    let panels = [panel(PersonKind::EndUser, AccountRole::Operator)];
    for result in checklist(&[device(1), device(2)], &panels, &Asks::default()) {
        assert_eq!(result.outcome, CheckOutcome::Passed, "{result:?}");
    }
    for result in checklist(&[], &[], &Asks::default()) {
        assert_eq!(result.outcome, CheckOutcome::NothingToCheck, "{result:?}");
    }
}

#[test]
fn each_check_names_the_devices_that_it_fails_for_or_does_not_know() {
    type Spoil = fn(&mut InstalledDevice);
    let cases: [(Check, Spoil, CheckOutcome); 15] = [
        (Check::Answers, |device| device.baseline.health = DeviceHealth::Offline, CheckOutcome::Failed),
        (Check::Answers, |device| device.baseline.health = DeviceHealth::Unknown, CheckOutcome::NotKnown),
        (Check::Login, |device| device.baseline.login_accepted = Some(false), CheckOutcome::Failed),
        (Check::Login, |device| device.baseline.login_accepted = None, CheckOutcome::NotKnown),
        (Check::Monitored, |device| device.baseline.monitored = false, CheckOutcome::Failed),
        (Check::Channels, |device| device.baseline.channels = Some((4, 3)), CheckOutcome::Failed),
        (Check::Disks, |device| device.baseline.disks[0].state = DiskState::Error, CheckOutcome::Failed),
        (Check::Disks, |device| device.baseline.disks[0].state = DiskState::Unknown, CheckOutcome::NotKnown),
        (Check::Clock, |device| device.baseline.clock_offset_seconds = Some(61), CheckOutcome::Failed),
        (Check::Clock, |device| device.baseline.clock_offset_seconds = Some(-61), CheckOutcome::Failed),
        (Check::Passwords, |device| device.baseline.weak_password = Some(true), CheckOutcome::Failed),
        (Check::Firmware, |device| device.firmware_verdict = Verdict::Vulnerable, CheckOutcome::Failed),
        (Check::Firmware, |device| device.firmware_verdict = Verdict::Review, CheckOutcome::NotKnown),
        (Check::Firmware, |device| device.firmware_verdict = Verdict::NotListed, CheckOutcome::Passed),
        (
            Check::NothingOpen,
            |device| {
                let kind = ExceptionKind::VideoLoss;
                device.baseline.open_exceptions.push(PackException { kind, part: "1".into() });
            },
            CheckOutcome::Failed,
        ),
    ];
    for (check, spoil, expected) in cases {
        let mut spoilt = device(2);
        spoil(&mut spoilt);
        let devices = if expected == CheckOutcome::Passed { vec![] } else { vec![id(2)] };
        let found = outcome(check, &checklist(&[device(1), spoilt], &[], &Asks::default()));
        assert_eq!(found, (expected, devices), "{check:?}");
    }
}

#[test]
fn an_empty_bay_is_no_disk_and_what_a_device_does_not_tell_is_not_asked() {
    let mut bare = device(1);
    bare.baseline.disks[0].state = DiskState::Empty;
    (bare.baseline.channels, bare.baseline.clock_offset_seconds, bare.baseline.weak_password) = (None, None, None);
    let results = checklist(&[bare], &[], &Asks::default());
    for check in [Check::Disks, Check::Channels, Check::Clock, Check::Passwords] {
        assert_eq!(outcome(check, &results), (CheckOutcome::NothingToCheck, vec![]), "{check:?}");
    }
}

#[test]
fn an_installer_who_stays_on_a_panel_unasked_fails_its_check() {
    let panels = [panel(PersonKind::Staff, AccountRole::Installer)];
    let with = |site| outcome(Check::PanelAccounts, &checklist(&[], &panels, &Asks { site, devices: Vec::new() }));
    assert_eq!(with(false), (CheckOutcome::Failed, vec![id(9)]));
    assert_eq!(with(true), (CheckOutcome::Passed, vec![]), "the owner allowed it");
}

#[test]
fn whoever_is_still_on_a_panel_or_may_be_makes_its_check_not_known() {
    let clean = || panel(PersonKind::EndUser, AccountRole::Operator);
    let left = |person| LeftAccount { user_name: "anna".into(), person, name: "Anna".into() };
    let installer = PanelAccounts { still_there: vec![left(Some(PersonKind::Staff))], ..clean() };
    let nobodys = PanelAccounts { still_there: vec![left(None)], ..clean() };
    let unread = PanelAccounts { read_at: None, ..clean() };
    for (panel, because) in [
        (installer, NotKnownBecause::StillThere),
        (nobodys, NotKnownBecause::StillThere),
        (unread, NotKnownBecause::NotRead),
    ] {
        for site in [false, true] {
            let asks = Asks { site, devices: Vec::new() };
            let results = checklist(&[], std::slice::from_ref(&panel), &asks);
            assert_eq!(outcome(Check::PanelAccounts, &results), (CheckOutcome::NotKnown, vec![id(9)]), "{panel:?}");
            let result = results.iter().find(|result| result.check == Check::PanelAccounts).unwrap();
            assert_eq!(result.because, [because], "{panel:?}");
        }
    }
    let results = checklist(&[], &[clean()], &Asks::default());
    assert!(results.iter().all(|result| result.because.is_empty()));
}

#[test]
fn a_pack_of_the_first_form_is_still_read() {
    let old = r#"{"device_id":"01890f00-0000-7000-8000-000000000009","name":"Panel","accounts":[]}"#;
    let panel: PanelAccounts = serde_json::from_str(old).unwrap();
    assert_eq!((panel.read_at, panel.still_there.len()), (None, 0));
    let old = r#"{"check":"panel_accounts","outcome":"passed","devices":[]}"#;
    assert!(serde_json::from_str::<CheckResult>(old).unwrap().because.is_empty());
}

#[test]
fn a_pack_is_read_back_from_its_text_and_gives_the_same_text_again() {
    let devices = vec![device(1)];
    let text_id = "01890f00-0000-7000-8000-000000000001";
    let pack = HandoverPack {
        version: VERSION,
        handover_id: HandoverId::parse(text_id).unwrap(),
        company: PackCompany {
            id: CompanyId::parse(text_id).unwrap(),
            name: "Lockwood".into(),
            region: Region::parse("DE").unwrap(),
        },
        site: PackSite {
            id: SiteId::parse(text_id).unwrap(),
            name: "Вилла".into(),
            address: String::new(),
            time_zone: "Europe/Berlin".into(),
        },
        acceptance: Acceptance {
            accepted_at: DateTime::from_timestamp_micros(1_800_000_000_123_456).unwrap(),
            owner_id: EndUserId::parse(text_id).unwrap(),
            owner_name: "Olga".into(),
            owner_email: "olga@example.com".into(),
            handed_over_by: "Alex".into(),
            invited_at: DateTime::UNIX_EPOCH,
            allowed: Asks::default(),
        },
        checklist: checklist(&devices, &[], &Asks::default()),
        panels: vec![panel(PersonKind::EndUser, AccountRole::Operator)],
        devices,
    };
    let text = pack.to_text().unwrap();
    let read = HandoverPack::from_text(&text).unwrap();
    assert_eq!(read, pack);
    assert_eq!(read.to_text().unwrap(), text);
    assert_eq!((read.name_of(&id(1)), read.name_of(&id(7))), ("Camera 1", ""));
}
