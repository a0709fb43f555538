//! Known-vulnerable firmwares: a list of records with their sources, and the verdict that follows from it for a device.
//! Judged by model, version and build date alone; no device is ever probed for a flaw.

use std::cmp::Ordering;

use serde::Deserialize;

use super::model_pattern::Model;
use super::{FirmwareVersion, ModelPattern, RulesError, Verdict};

/// What a file of vulnerabilities calls itself.
const SCHEMA: &str = "siteward/known_vulnerabilities/1";
const SHIPPED: &str = include_str!("../../data/known_vulnerabilities.json");

/// The known vulnerabilities.
#[derive(Debug, Clone, Default)]
pub struct VulnerabilityList {
    as_of: String,
    records: Vec<VulnerabilityRecord>,
}

/// One vulnerability, and which firmwares have it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VulnerabilityRecord {
    /// Its number, such as `CVE-2021-36260`.
    pub cve: String,
    /// Numbers of flaws that the same source names together with it.
    #[serde(default)]
    pub also: Vec<String>,
    /// What it is, in a few words.
    pub title: String,
    /// How bad it is, 0 to 10, as its record says.
    #[serde(default)]
    pub cvss: Option<f64>,
    /// Since when it is known to be used by attackers: a date.
    #[serde(default)]
    pub exploited_since: Option<String>,
    /// Where the facts are from.
    pub sources: Vec<String>,
    /// What else a person should know.
    #[serde(default)]
    pub note: Option<String>,
    ranges: Vec<Range>,
}

/// Vulnerable firmwares of some models. Numbers and build dates bound it each by itself.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Range {
    models: Vec<ModelPattern>,
    /// The first vulnerable version.
    #[serde(default)]
    from: Option<Bound>,
    #[serde(default)]
    from_build: Option<u32>,
    /// The last vulnerable version.
    #[serde(default)]
    through: Option<Bound>,
    #[serde(default)]
    through_build: Option<u32>,
    /// The first version that is not vulnerable any more.
    #[serde(default)]
    before: Option<Bound>,
    #[serde(default)]
    before_build: Option<u32>,
    /// The version to upgrade to, where the source names one.
    #[serde(default)]
    fixed_in: Option<String>,
}

/// The numbers of a version, as a bound. `5.3.x` leaves the rest open: whatever is 5.3 is neither before nor after it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Bound {
    text: String,
    numbers: Vec<u32>,
    is_open: bool,
}

/// What is known of a device's firmware.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings<'a> {
    /// The worst of what the records say.
    pub verdict: Verdict,
    /// Every record that names the model, the worst first; what lies before a record's range is left out.
    pub records: Vec<Finding<'a>>,
}

/// What one record says.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding<'a> {
    /// The record.
    pub record: &'a VulnerabilityRecord,
    /// Its verdict.
    pub verdict: Verdict,
    /// The first firmware without it, where that is known.
    pub fixed_in: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    as_of: String,
    records: Vec<VulnerabilityRecord>,
}

impl VulnerabilityList {
    /// The list that ships with the platform. A test reads it; should it not be readable, nothing is listed.
    pub fn shipped() -> Self {
        Self::parse(SHIPPED).unwrap_or_default()
    }

    /// Reads a file of vulnerabilities.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let file: File = serde_json::from_str(text)?;
        if file.schema != SCHEMA {
            return Err(RulesError::OtherSchema { found: file.schema, wanted: SCHEMA });
        }
        Ok(Self { as_of: file.as_of, records: file.records })
    }

    /// The date of what it knows.
    pub fn as_of(&self) -> &str {
        &self.as_of
    }

    /// Every record.
    pub fn records(&self) -> &[VulnerabilityRecord] {
        &self.records
    }

    /// Judges a device by what it says of itself.
    pub fn judge(&self, model: &str, firmware: &str) -> Findings<'_> {
        let model = Model::new(model);
        if model.is_empty() {
            return Findings { verdict: Verdict::Unknown, records: Vec::new() };
        }
        let version = FirmwareVersion::parse(firmware).ok();
        let mut records: Vec<Finding<'_>> =
            self.records.iter().filter_map(|record| record.judge(&model, version.as_ref())).collect();
        records.retain(|finding| finding.verdict != Verdict::NotListed);
        records.sort_by_key(|finding| std::cmp::Reverse(finding.verdict));
        let verdict = records.first().map_or(Verdict::NotListed, |worst| worst.verdict);
        Findings { verdict, records }
    }
}

impl VulnerabilityRecord {
    /// `None` where it does not name the model. Where several of its patterns do, those that name it most exactly count.
    fn judge(&self, model: &Model, version: Option<&FirmwareVersion>) -> Option<Finding<'_>> {
        let named = |range: &Range| {
            let meant = range.models.iter().filter(|pattern| pattern.matches(model));
            meant.map(ModelPattern::literals).max()
        };
        let ranges: Vec<(usize, &Range)> =
            self.ranges.iter().filter_map(|range| Some((named(range)?, range))).collect();
        let exactly = ranges.iter().map(|(literals, _)| *literals).max()?;
        let judged = ranges.into_iter().filter(|(literals, _)| *literals == exactly).map(|(_, range)| {
            let verdict = version.map_or(Verdict::Unknown, |version| range.judge(version));
            (verdict, range)
        });
        let (verdict, range) = judged.max_by_key(|(verdict, _)| *verdict)?;
        Some(Finding { record: self, verdict, fixed_in: range.fixed_in() })
    }
}

impl Range {
    /// Each end is bounded by numbers, by a build date, or by both; where both do, they must agree.
    fn judge(&self, version: &FirmwareVersion) -> Verdict {
        let bounds_builds = [self.from_build, self.through_build, self.before_build].iter().any(Option::is_some);
        if bounds_builds && version.build().is_none() {
            return Verdict::Unknown;
        }
        let build = version.build().unwrap_or_default();
        let order = |bound: &Option<Bound>| bound.as_ref().and_then(|bound| bound.order_of(version));
        let is_below =
            agreed([order(&self.from).map(Ordering::is_lt), self.from_build.map(|first| build < first), None, None]);
        let is_above = agreed([
            order(&self.through).map(Ordering::is_gt),
            order(&self.before).map(Ordering::is_ge),
            self.through_build.map(|last| build > last),
            self.before_build.map(|fixed| build >= fixed),
        ]);
        match (is_below, is_above) {
            (Ok(true), Ok(false)) => Verdict::NotListed,
            (Ok(false), Ok(true)) => Verdict::Fixed,
            (Ok(false), Ok(false)) => Verdict::Vulnerable,
            _ => Verdict::Review,
        }
    }

    fn fixed_in(&self) -> Option<String> {
        let version = self.before.as_ref().filter(|bound| !bound.is_open).map(|bound| format!("V{}", bound.text));
        let build = self.before_build.map(|build| format!("build {build:06}"));
        let bound: Vec<String> = version.into_iter().chain(build).collect();
        self.fixed_in.clone().or_else(|| (!bound.is_empty()).then(|| bound.join(" ")))
    }
}

/// What all that say something say; `Err` when they differ, and `false` when none says anything.
fn agreed(votes: [Option<bool>; 4]) -> Result<bool, ()> {
    let mut said = votes.into_iter().flatten();
    let first = said.next().unwrap_or(false);
    if said.all(|vote| vote == first) { Ok(first) } else { Err(()) }
}

impl Bound {
    /// How a version stands to it; `None` where that is left open.
    fn order_of(&self, version: &FirmwareVersion) -> Option<Ordering> {
        if !self.is_open {
            return Some(version.compare_numbers(&self.numbers));
        }
        let shown = version.numbers().iter().take(self.numbers.len());
        Some(shown.cmp(&self.numbers)).filter(|order| order.is_ne())
    }
}

impl TryFrom<String> for Bound {
    type Error = super::NotAVersion;

    fn try_from(text: String) -> Result<Self, super::NotAVersion> {
        let (numbers, is_open) = match text.strip_suffix(".x") {
            Some(start) => (start, true),
            None => (text.as_str(), false),
        };
        let numbers = FirmwareVersion::from_parts(numbers, "")?.numbers().to_vec();
        Ok(Self { text, numbers, is_open })
    }
}
