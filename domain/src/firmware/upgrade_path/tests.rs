use chrono::DateTime;
use proptest::prelude::*;

use super::*;

const MODEL: &str = "DS-2CD2032-I";

fn id(number: i64) -> FirmwareFileId {
    FirmwareFileId::parse(&format!("01890f00-0000-7000-8000-{number:012}")).unwrap()
}

fn entry(number: i64, version: &str) -> CatalogueEntry {
    CatalogueEntry {
        id: id(number),
        kind: DeviceKind::Camera,
        models: vec![ModelPattern::parse("DS-2CD2xx2").unwrap()],
        hardware: String::new(),
        region: String::new(),
        version: FirmwareVersion::parse(version).unwrap(),
        first: None,
    }
}

fn runs(firmware: &str) -> Runs<'_> {
    Runs { kind: DeviceKind::Camera, model: MODEL, firmware, hardware: Some("B-R-G0-0"), region: Some("WR") }
}

/// 5.4.5 needs 5.4.41 on everything below 5.4.0.
fn catalogue() -> Vec<CatalogueEntry> {
    let below = FirmwareVersion::parse("5.4.0").ok();
    let mut aim = entry(2, "V5.4.5 build 170124");
    aim.first = Some(FirstStep { entry: id(1), below });
    vec![entry(1, "V5.4.41 build 170312"), aim]
}

fn versions(steps: &[&CatalogueEntry]) -> Vec<String> {
    steps.iter().map(|step| step.version.to_string()).collect()
}

#[test]
fn a_mandatory_step_is_planned_although_its_number_is_higher() {
    let (catalogue, consent) = (catalogue(), Consent::default());
    let both = vec!["V5.4.41 build 170312".to_owned(), "V5.4.5 build 170124".to_owned()];
    let planned = plan(&catalogue, &id(2), &runs("V5.3.4 build 151016"), consent).unwrap();
    assert_eq!(versions(&planned), both);
    let by_version = FirmwareVersion::parse("5.4.5").unwrap();
    let planned = plan_version(&catalogue, Some(&by_version), &runs("V5.3.4 build 151016"), consent).unwrap();
    assert_eq!(versions(&planned), both);
    let newest = plan_version(&catalogue, None, &runs("V5.3.4 build 151016"), consent).unwrap();
    assert_eq!(versions(&newest), both, "the step is no aim of its own");
}

#[test]
fn a_device_on_the_step_or_past_it_goes_straight_on() {
    let (catalogue, consent) = (catalogue(), Consent::default());
    for firmware in ["V5.4.41 build 170312", "V5.4.1 build 160801"] {
        let planned = plan(&catalogue, &id(2), &runs(firmware), consent).unwrap();
        assert_eq!(versions(&planned), ["V5.4.5 build 170124"], "{firmware}");
    }
    assert_eq!(plan(&catalogue, &id(2), &runs("V5.4.5 build 170124"), consent), Err(NoPath::NotNeeded));
}

#[test]
fn a_downgrade_is_refused_unless_it_was_confirmed() {
    let catalogue = catalogue();
    let newer = runs("V5.5.0 build 180101");
    assert_eq!(plan(&catalogue, &id(2), &newer, Consent::default()), Err(NoPath::Downgrade));
    let confirmed = Consent { downgrade: true, unknown: false };
    assert_eq!(versions(&plan(&catalogue, &id(2), &newer, confirmed).unwrap()), ["V5.4.5 build 170124"]);
}

#[test]
fn wrong_family_model_hardware_and_region_are_refused_each_with_its_code() {
    let mut entry = entry(1, "V5.5.0 build 180101");
    entry.hardware = "B-R-G0-0".into();
    entry.region = "WR".into();
    let catalogue = [entry];
    let device = runs("V5.3.4 build 151016");
    let refused = |device: &Runs<'_>, unknown: bool| {
        plan(&catalogue, &id(1), device, Consent { downgrade: false, unknown }).err().map(NoPath::code)
    };
    assert_eq!(refused(&device, false), None);
    assert_eq!(refused(&Runs { kind: DeviceKind::Nvr, ..device }, false), Some("firmware_wrong_kind"));
    assert_eq!(refused(&Runs { model: "DS-2CD2146G2-ISU", ..device }, false), Some("firmware_wrong_model"));
    assert_eq!(refused(&Runs { hardware: Some("B-R-G1-0"), ..device }, true), Some("firmware_wrong_hardware"));
    assert_eq!(refused(&Runs { hardware: None, ..device }, false), Some("firmware_hardware_unknown"));
    assert_eq!(refused(&Runs { hardware: None, ..device }, true), None);
    assert_eq!(refused(&Runs { region: Some("CH"), ..device }, true), Some("firmware_wrong_region"));
    assert_eq!(refused(&Runs { region: None, ..device }, false), Some("firmware_region_unknown"));
    assert_eq!(refused(&Runs { firmware: "soon", ..device }, true), Some("firmware_version_unknown"));
    let newest = plan_version(&catalogue, None, &Runs { region: Some("CH"), ..device }, Consent::default());
    assert_eq!(newest, Err(NoPath::WrongRegion), "the nearest miss is told");
    assert_eq!(plan_version(&[], None, &device, Consent::default()), Err(NoPath::NotInCatalogue));
}

#[test]
fn a_step_that_is_not_there_or_needs_itself_is_told() {
    let (mut one, mut other) = (entry(1, "V5.4.41"), entry(2, "V5.4.5"));
    other.first = Some(FirstStep { entry: id(9), below: None });
    let device = runs("V5.3.4");
    assert_eq!(plan(&[other.clone()], &id(2), &device, Consent::default()), Err(NoPath::StepMissing));
    other.first = Some(FirstStep { entry: id(1), below: None });
    one.first = Some(FirstStep { entry: id(2), below: None });
    assert_eq!(plan(&[one, other], &id(2), &device, Consent::default()), Err(NoPath::Circular));
}

#[test]
fn the_region_stands_in_the_long_serial_number() {
    for (serial, region) in [
        ("DS-2CD2146G2-ISU20210304AAWR123456789", Some("WR")),
        ("DS-7608NI-X/8P0820240101CCRRJ12345678WCVU", Some("RR")),
        ("DS-2CD2032-I20150301AACH500000001", Some("CH")),
        ("J12345678", None),
        ("", None),
    ] {
        assert_eq!(region_of(serial), region, "{serial}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Whatever the catalogue says: no step twice, the wanted one last, each fits, and nothing older without consent.
    #[test]
    fn a_plan_ends_where_it_should(
        numbers in proptest::collection::vec((1_u32..9, 0_u32..60), 1..7),
        links in proptest::collection::vec(proptest::option::of(0_usize..8), 7),
        wanted in 0_usize..7,
        runs_version in (1_u32..9, 0_u32..60),
    ) {
        let catalogue: Vec<CatalogueEntry> = numbers.iter().enumerate().map(|(at, (major, minor))| {
            let number = i64::try_from(at).unwrap();
            let mut entry = entry(number, &format!("V{major}.{minor}"));
            entry.first = links[at].map(|to| FirstStep { entry: id(i64::try_from(to).unwrap()), below: None });
            entry
        }).collect();
        let text = format!("V{}.{}", runs_version.0, runs_version.1);
        let wanted = id(i64::try_from(wanted).unwrap());
        if let Ok(steps) = plan(&catalogue, &wanted, &runs(&text), Consent::default()) {
            prop_assert_eq!(&steps.last().unwrap().id, &wanted);
            let mut ids: Vec<_> = steps.iter().map(|step| step.id.clone()).collect();
            ids.sort();
            ids.dedup();
            prop_assert_eq!(ids.len(), steps.len());
            let now = FirmwareVersion::parse(&text).unwrap();
            let last = &steps.last().unwrap().version;
            let stands_on_a_step = catalogue.iter().any(|entry| entry.version.is_same(&now));
            prop_assert!(!now.compare_within_family(last).is_gt() || stands_on_a_step);
        }
    }
}

#[test]
fn ids_of_files_sort_by_time() {
    let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
    assert!(FirmwareFileId::generate(at(1_700_000_000)) < FirmwareFileId::generate(at(1_700_000_001)));
}
