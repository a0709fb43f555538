//! The shipped list against the facts that it was drawn from, by a matcher that is not ours: plain loops over the source's
//! own form. The source is no part of the project: where it is absent the test says so and checks nothing.

use std::path::Path;

use serde_json::Value;
use siteward_domain::firmware::{FirmwareKnowledge, Verdict};

/// Fewest pairs of model and firmware that are compared.
const PAIRS: usize = 1_000;

fn source() -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/known_vulns.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("SKIPPED: no list of vulnerabilities at {}", path.display());
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

fn groups(vulnerability: &Value) -> &[Value] {
    vulnerability["groups"].as_array().unwrap()
}

fn numbers(text: &str) -> Vec<i64> {
    let mut numbers: Vec<i64> =
        text.trim_start_matches('V').split(['.', '-']).map_while(|part| part.parse().ok()).collect();
    numbers.resize(6, 0);
    numbers
}

fn build(group: &Value, key: &str) -> Option<i64> {
    group[key].as_str().map(|text| text.parse().unwrap())
}

/// How exactly a pattern names a model; `None` where it does not.
fn names(pattern: &str, model: &str) -> Option<usize> {
    let (base, edition) = match pattern.rfind('(').filter(|_| pattern.ends_with(')')) {
        Some(at) => pattern.split_at(at),
        None => (pattern, ""),
    };
    let base = base.trim_end_matches('x');
    let fits = base.len() <= model.len()
        && base.chars().zip(model.chars()).all(|(p, m)| (p == 'x' && m.is_ascii_alphanumeric()) || p == m)
        && model[base.len()..].contains(edition);
    fits.then(|| base.chars().filter(|c| *c != 'x').count() + edition.len())
}

fn judge_group(group: &Value, version: &str, built: Option<i64>) -> Verdict {
    let is_dated = ["min_build", "max_build", "before_build", "build_before"].iter().any(|key| !group[key].is_null());
    let Some(built) = built.or((!is_dated).then_some(0)) else { return Verdict::Unknown };
    let version = numbers(version);
    let (mut below, mut above) = (Vec::new(), Vec::new());
    below.extend(group["min"].as_str().map(|bound| version < numbers(bound)));
    below.extend(build(group, "min_build").map(|bound| built < bound));
    above.extend(group["max"].as_str().map(|bound| version > numbers(bound)));
    match group["before"].as_str() {
        Some(bound) if bound.contains('x') => {
            let known = bound.split('.').count() - 1;
            let (own, bound) = (&version[..known], &numbers(bound)[..known]);
            above.extend((own != bound).then_some(own > bound));
        }
        Some(bound) => above.push(version >= numbers(bound)),
        None => {}
    }
    above.extend(build(group, "max_build").map(|bound| built > bound));
    above.extend(build(group, "before_build").or(build(group, "build_before")).map(|bound| built >= bound));
    let differ = |votes: &[bool]| votes.contains(&true) && votes.contains(&false);
    match (below.contains(&true), above.contains(&true)) {
        _ if differ(&below) || differ(&above) => Verdict::Review,
        (true, true) => Verdict::Review,
        (true, false) => Verdict::NotListed,
        (false, true) => Verdict::Fixed,
        (false, false) => Verdict::Vulnerable,
    }
}

fn judge(source: &Value, model: &str, version: &str, built: Option<i64>) -> Verdict {
    let mut worst = Verdict::NotListed;
    for vulnerability in source["vulns"].as_array().unwrap() {
        let mut exactly = 0;
        let mut found = Verdict::NotListed;
        for group in groups(vulnerability) {
            let patterns = group["models"].as_array().unwrap().iter();
            let Some(how) = patterns.filter_map(|pattern| names(pattern.as_str().unwrap(), model)).max() else {
                continue;
            };
            let verdict = judge_group(group, version, built);
            if how > exactly {
                (exactly, found) = (how, verdict);
            } else if how == exactly {
                found = found.max(verdict);
            }
        }
        worst = worst.max(found);
    }
    worst
}

/// Versions and build dates at and around every bound of a group.
fn firmwares(group: &Value) -> Vec<(String, Option<i64>)> {
    let bounds = ["min", "max", "before"].iter().filter_map(|key| group[*key].as_str()).map(numbers);
    let mut versions = vec!["5.0.0".to_owned()];
    for bound in bounds {
        for (place, step) in [(2, 0), (2, 1), (1, 1), (1, -1)] {
            let mut near = bound.clone();
            near[place] = (near[place] + step).max(0);
            let shown: Vec<String> = near[..4].iter().map(ToString::to_string).collect();
            versions.push(shown.join("."));
        }
    }
    let dates = ["min_build", "max_build", "before_build", "build_before"].iter().filter_map(|key| build(group, key));
    let dates: Vec<Option<i64>> =
        dates.flat_map(|date| [Some(date - 1), Some(date), Some(date + 1)]).chain([None]).collect();
    versions.iter().flat_map(|version| dates.iter().map(move |date| (version.clone(), *date))).collect()
}

#[test]
fn the_list_judges_as_a_matcher_that_is_not_ours() {
    let Some(source) = source() else { return };
    let knowledge = FirmwareKnowledge::shipped();
    let mut compared = 0;
    let mut told = std::collections::BTreeSet::new();
    for vulnerability in source["vulns"].as_array().unwrap() {
        for group in groups(vulnerability) {
            for pattern in group["models"].as_array().unwrap() {
                let pattern = pattern.as_str().unwrap();
                let base = pattern.split('(').next().unwrap();
                // Fewer x than digits: the ending of a series is anything.
                let edition = pattern.strip_prefix(base).unwrap();
                let model = format!("{}-L{edition}", base.replace('x', "3"));
                for (version, built) in firmwares(group) {
                    let firmware = match built {
                        Some(built) => format!("V{version} build {built:06}"),
                        None => format!("V{version}"),
                    };
                    let ours = knowledge.vulnerabilities.judge(&model, &firmware).verdict;
                    assert_eq!(ours, judge(&source, &model, &version, built), "{model} {firmware}");
                    told.insert(ours);
                    compared += 1;
                }
            }
        }
    }
    assert!(compared >= PAIRS, "{compared} pairs");
    assert_eq!(told.len(), Verdict::ALL.len(), "every verdict came up: {told:?}");
}

#[test]
fn nothing_of_the_source_is_left_out() {
    let Some(source) = source() else { return };
    let knowledge = FirmwareKnowledge::shipped();
    for vulnerability in source["vulns"].as_array().unwrap() {
        let cve = vulnerability["cve"].as_str().unwrap();
        let known = knowledge.vulnerabilities.records().iter().any(|record| cve.starts_with(record.cve.as_str()));
        assert!(known, "{cve}");
    }
}
