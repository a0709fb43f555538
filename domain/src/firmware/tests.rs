use super::*;
use crate::device::DeviceKind;
use proptest::prelude::*;

fn verdict(model: &str, firmware: &str) -> Verdict {
    FirmwareKnowledge::shipped().vulnerabilities.judge(model, firmware).verdict
}

fn list(ranges: &str) -> VulnerabilityList {
    let text = format!(
        r#"{{"schema": "siteward/known_vulnerabilities/1", "as_of": "2026-01-01", "records": [
            {{"cve": "CVE-2000-0001", "title": "A flaw", "sources": ["a test"], "ranges": [{ranges}]}}]}}"#
    );
    VulnerabilityList::parse(&text).unwrap()
}

#[test]
fn the_shipped_files_are_readable_and_name_their_sources() {
    let list = FirmwareKnowledge::shipped();
    assert_eq!(list.vulnerabilities.records().len(), 13);
    for record in list.vulnerabilities.records() {
        assert!(record.cve.starts_with("CVE-") && !record.sources.is_empty(), "{}", record.cve);
    }
    assert!(list.compatibility.check(DeviceKind::Nvr, "DS-7716NI-I4", "V3.4.98 build 180104").is_some());
}

#[test]
fn known_vulnerable_models_are_found_and_their_fixed_firmware_is_told_fixed() {
    for (model, vulnerable, fixed) in [
        ("DS-2CD2032F-IW", "V5.2.8 build 150124", "V5.4.5 build 170123"),
        ("DS-2CD2146G2-ISU", "V5.5.150 build 210120", "V5.5.800 build 250901"),
        ("DS-K1T341AMF", "V3.2.20 build 220101", "V3.7.80 build 250301"),
        ("DS-7604NI-M1/4P", "V5.00.010 build 230101", "V5.01.070 build 250901"),
        ("DS-2DE4425IW-DE", "V5.5.82 build 190909", "V5.7.12 build 220930"),
        ("CS-C6N-B0-1G2WF", "V5.2.9 build 220101", "V5.3.0 build 230501"),
    ] {
        assert_eq!(verdict(model, vulnerable), Verdict::Vulnerable, "{model} {vulnerable}");
        assert_eq!(verdict(model, fixed), Verdict::Fixed, "{model} {fixed}");
    }
}

#[test]
fn version_and_build_that_disagree_are_for_a_person_to_review() {
    let list = list(r#"{"models": ["DS-AB1"], "before": "1.4.0", "before_build": 221212}"#);
    for (firmware, told) in [
        ("V1.3.9 build 221211", Verdict::Vulnerable),
        ("V1.4.0 build 221212", Verdict::Fixed),
        ("V1.3.9 build 230101", Verdict::Review),
        ("V1.5.0 build 200101", Verdict::Review),
        ("V1.3.9", Verdict::Unknown),
        ("V9.9.9", Verdict::Unknown),
        ("newest", Verdict::Unknown),
        ("", Verdict::Unknown),
    ] {
        assert_eq!(list.judge("DS-AB1", firmware).verdict, told, "{firmware}");
    }
    assert_eq!(list.judge("DS-AB2", "").verdict, Verdict::NotListed);
    assert_eq!(list.judge(" ", "V1.3.9 build 221211").verdict, Verdict::Unknown);
}

#[test]
fn what_is_older_than_a_range_is_not_in_it() {
    let list = list(r#"{"models": ["DS-AB1"], "from": "4.1.60", "before_build": 230821}"#);
    assert_eq!(list.judge("DS-AB1", "V4.1.50 build 200101").verdict, Verdict::NotListed);
    assert_eq!(list.judge("DS-AB1", "V4.1.60 build 200101").verdict, Verdict::Vulnerable);
    assert_eq!(list.judge("DS-AB1", "V4.1.60 build 230821").verdict, Verdict::Fixed);
}

#[test]
fn a_bound_that_leaves_its_rest_open_lets_the_build_decide() {
    let list = list(r#"{"models": ["DS-AB1"], "before": "5.3.x", "before_build": 230401}"#);
    for (firmware, told) in [
        ("V5.3.7 build 220101", Verdict::Vulnerable),
        ("V5.3.7 build 230401", Verdict::Fixed),
        ("V5.4.0 build 220101", Verdict::Review),
        ("V5.2.9 build 240101", Verdict::Review),
    ] {
        assert_eq!(list.judge("DS-AB1", firmware).verdict, told, "{firmware}");
    }
}

#[test]
fn the_pattern_that_names_a_model_most_exactly_decides() {
    let list = list(
        r#"{"models": ["DS-A71024R"], "from": "2.0", "through": "2.3.8-6"},
           {"models": ["DS-A71024R-CVS"], "from": "1.0", "through": "1.1.4"}"#,
    );
    assert_eq!(list.judge("DS-A71024R", "V2.3.8-6").verdict, Verdict::Vulnerable);
    assert_eq!(list.judge("DS-A71024R", "V2.3.8-7").verdict, Verdict::Fixed);
    assert_eq!(list.judge("DS-A71024R-CVS", "V1.1.4").verdict, Verdict::Vulnerable);
    assert_eq!(list.judge("DS-A71024R-CVS", "V2.0").verdict, Verdict::Fixed);
}

#[test]
fn a_finding_tells_what_to_upgrade_to() {
    let knowledge = FirmwareKnowledge::shipped();
    let found = knowledge.vulnerabilities.judge("DS-2CD2032F-IW", "V5.2.8 build 150124");
    assert_eq!(found.records[0].fixed_in.as_deref(), Some("5.4.5 build 170123"));
    let found = knowledge.vulnerabilities.judge("DS-2CD2146G2-ISU", "V5.5.150 build 210120");
    assert_eq!(found.records[0].record.cve, "CVE-2021-36260");
    assert_eq!(found.records[0].fixed_in.as_deref(), Some("build 210625"));
}

#[test]
fn a_file_with_other_keys_or_of_another_kind_is_refused() {
    let other = r#"{"schema": "siteward/compatibility/1", "as_of": "", "records": []}"#;
    assert!(matches!(VulnerabilityList::parse(other), Err(RulesError::OtherSchema { .. })));
    let typo = r#"{"schema": "siteward/compatibility/1", "as_of": "", "rules": [
        {"family": "nvr", "minimal": "4.0", "lost": []}]}"#;
    assert!(matches!(CompatibilityRules::parse(typo), Err(RulesError::Unreadable(_))));
}

#[test]
fn compatibility_is_told_within_a_family_and_only_of_versions_that_can_be_read() {
    let rules = CompatibilityRules::shipped();
    let old = rules.check(DeviceKind::Dvr, "DS-7208HGHI-F1", "V3.5.35build 180107").unwrap();
    assert_eq!(old.minimum_version, "4.0");
    assert!(old.functions_lost.contains(&Function::HealthMonitoring));
    for (kind, firmware) in [
        (DeviceKind::Dvr, "V4.0.1 build 180830"),
        (DeviceKind::Dvr, "newest"),
        (DeviceKind::AlarmPanel, "V1.2.9 build 240621"),
        (DeviceKind::Intercom, "V2.2.53"),
    ] {
        assert_eq!(rules.check(kind, "X", firmware), None, "{kind:?} {firmware}");
    }
}

#[test]
fn rules_are_written_as_they_were_read() {
    let shipped = CompatibilityRules::shipped();
    assert_eq!(CompatibilityRules::parse(&shipped.to_text()).unwrap(), shipped);
    let models = ["DS-2DExxxx".to_owned(), " DS-71xxNI-Q1(C)".to_owned()];
    let lost = [Function::LinkageRules, Function::HealthMonitoring, Function::LinkageRules];
    let rule = CompatibilityRule::new(DeviceKind::Nvr, &models, " V4.30 build 190101", &lost).unwrap();
    assert_eq!(rule.models().collect::<Vec<_>>(), ["DS-2DExxxx", "DS-71xxNI-Q1(C)"]);
    assert_eq!(rule.minimum(), "V4.30 build 190101");
    assert_eq!(rule.lost(), [Function::HealthMonitoring, Function::LinkageRules]);
    let own = CompatibilityRules::new("2026-11-28", vec![rule]);
    assert_eq!(CompatibilityRules::parse(&own.to_text()).unwrap(), own);
}

#[test]
fn what_is_no_rule_is_refused_with_what_is_wrong_with_it() {
    let rule = |family, models: &[&str], minimum: &str, lost: &[Function]| {
        let models: Vec<String> = models.iter().map(|text| (*text).to_owned()).collect();
        CompatibilityRule::new(family, &models, minimum, lost).map(drop)
    };
    let (nvr, lost) = (DeviceKind::Nvr, [Function::LinkageRules]);
    assert_eq!(rule(nvr, &[], "4.0", &lost), Ok(()));
    assert_eq!(rule(DeviceKind::Router, &[], "4.0", &lost), Err(BadRule::Family));
    assert_eq!(rule(nvr, &["DS-76xxNI", "xxxx"], "4.0", &lost), Err(BadRule::Model(1)));
    assert_eq!(rule(nvr, &["D".repeat(65).as_str()], "4.0", &lost), Err(BadRule::Model(0)));
    assert_eq!(rule(nvr, &["DS-76xxNI"; 101], "4.0", &lost), Err(BadRule::Model(100)));
    assert_eq!(rule(nvr, &[], "newest", &lost), Err(BadRule::Minimum));
    assert_eq!(rule(nvr, &[], "4.0", &[]), Err(BadRule::Lost));
    assert_eq!(rule(nvr, &[], "4.0", &[Function::FirmwareUpgrade]), Err(BadRule::Lost));
    let file = r#"{"schema": "siteward/compatibility/1", "as_of": "", "rules": [
        {"family": "nvr", "minimum": "4.0", "lost": ["firmware_upgrade"]}]}"#;
    assert!(matches!(CompatibilityRules::parse(file), Err(RulesError::Unreadable(_))));
}

#[test]
fn two_rules_that_speak_against_a_device_are_told_as_one() {
    let rules = CompatibilityRules::parse(
        r#"{"schema": "siteward/compatibility/1", "as_of": "", "rules": [
            {"family": "camera", "minimum": "5.0", "lost": ["unbinding"]},
            {"family": "camera", "models": ["DS-2DExxxx"], "minimum": "5.5", "lost": ["unbinding", "linkage_rules"]}]}"#,
    )
    .unwrap();
    let told = rules.check(DeviceKind::Camera, "DS-2DE4425IW", "V4.9").unwrap();
    assert_eq!(told.minimum_version, "5.5");
    assert_eq!(told.functions_lost, [Function::LinkageRules, Function::Unbinding]);
    assert_eq!(rules.check(DeviceKind::Camera, "DS-2CD2032", "V5.1"), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]
    #[test]
    fn no_model_and_no_firmware_make_judging_fail(
        model in "(DS-2CD2[0-9A-Z]{2}6G2|DS-7[0-9]{3}NI-Q[12]|.{0,12})(.{0,12})",
        firmware in "V[0-9]\\.[0-9]{1,3}\\.[0-9]{1,3}( build [0-9]{6})?|.{0,20}",
    ) {
        let knowledge = FirmwareKnowledge::shipped();
        let found = knowledge.vulnerabilities.judge(&model, &firmware);
        let worst = found.records.iter().map(|finding| finding.verdict).max();
        prop_assert!(worst.is_none_or(|worst| worst == found.verdict));
        let _ = knowledge.compatibility.check(DeviceKind::Nvr, &model, &firmware);
    }

    #[test]
    fn a_later_firmware_is_never_judged_worse_by_one_range(
        minor in 0_u32..20, build in 200_101_u32..260_101, more in 0_u32..20, later in 0_u32..50_000,
    ) {
        let list = list(r#"{"models": ["DS-AB1"], "before": "1.10.0", "before_build": 230101}"#);
        let of = |minor: u32, build: u32| list.judge("DS-AB1", &format!("V1.{minor}.0 build {build:06}")).verdict;
        prop_assert!(of(minor + more, build + later) <= of(minor, build));
    }
}
