//! Compatibility: which functions a device does not have until its firmware is newer (R-O2, R-D9), as data.

use serde::{Deserialize, Serialize};

use super::model_pattern::Model;
use super::{FirmwareVersion, ModelPattern, RulesError};
use crate::device::DeviceKind;

/// What a file of rules calls itself.
const SCHEMA: &str = "siteward/compatibility/1";
const SHIPPED: &str = include_str!("../../data/compatibility.json");
/// Most patterns of one rule.
const MOST_PATTERNS: usize = 100;
/// Most characters of a pattern.
const MOST_CHARACTERS: usize = 64;

/// A function of the platform that a device's firmware may be too old for, or that is off for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    /// Being watched.
    HealthMonitoring,
    /// Taking part in linkage rules.
    LinkageRules,
    /// Its own pages through the platform.
    RemoteConfiguration,
    /// Being given its first password over the network.
    Activation,
    /// Being freed from another account over the network.
    Unbinding,
    /// Being given a newer firmware. No firmware is too old for that: it is the way out.
    FirmwareUpgrade,
}

impl Function {
    /// Every function.
    pub const ALL: [Self; 6] = [
        Self::HealthMonitoring,
        Self::LinkageRules,
        Self::RemoteConfiguration,
        Self::Activation,
        Self::Unbinding,
        Self::FirmwareUpgrade,
    ];

    /// Whether a rule may say that it is lost.
    pub fn can_be_lost(self) -> bool {
        self != Self::FirmwareUpgrade
    }
}

/// The rules of compatibility.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompatibilityRules {
    as_of: String,
    rules: Vec<CompatibilityRule>,
}

/// One rule: what devices of a family cannot do until their firmware is new enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompatibilityRule {
    /// Versions are comparable within a family only.
    family: DeviceKind,
    /// Empty: every model of the family.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    models: Vec<WrittenPattern>,
    minimum: Minimum,
    lost: Lost,
}

/// Why something is no rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadRule {
    /// A device of this family tells no firmware.
    Family,
    /// Too many patterns, or one that would mean nearly everything: which.
    Model(usize),
    /// The version cannot be read.
    Minimum,
    /// Nothing is lost, or something that cannot be.
    Lost,
}

/// A pattern, and how it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct WrittenPattern {
    text: String,
    pattern: ModelPattern,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Minimum {
    text: String,
    version: FirmwareVersion,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Function>", into = "Vec<Function>")]
struct Lost(Vec<Function>);

/// What a device's firmware is too old for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incompatibility {
    /// The oldest version that has all of it.
    pub minimum_version: String,
    /// The functions that are lost until then, each once.
    pub functions_lost: Vec<Function>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    as_of: String,
    rules: Vec<CompatibilityRule>,
}

impl CompatibilityRules {
    /// The rules that ship with the platform. A test reads them; should they not be readable, there are none.
    pub fn shipped() -> Self {
        Self::parse(SHIPPED).unwrap_or_default()
    }

    /// These rules, of this day.
    pub fn new(as_of: impl Into<String>, rules: Vec<CompatibilityRule>) -> Self {
        Self { as_of: as_of.into(), rules }
    }

    /// Reads a file of rules.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let file: File = serde_json::from_str(text)?;
        if file.schema != SCHEMA {
            return Err(RulesError::OtherSchema { found: file.schema, wanted: SCHEMA });
        }
        Ok(Self { as_of: file.as_of, rules: file.rules })
    }

    /// A file of these rules, as [`Self::parse`] reads it.
    pub fn to_text(&self) -> String {
        let file = File { schema: SCHEMA.to_owned(), as_of: self.as_of.clone(), rules: self.rules.clone() };
        serde_json::to_string_pretty(&file).unwrap_or_default()
    }

    /// The day of the rules, as the file says it.
    pub fn as_of(&self) -> &str {
        &self.as_of
    }

    /// Every rule, in the order of the file.
    pub fn rules(&self) -> &[CompatibilityRule] {
        &self.rules
    }

    /// What a device's firmware is too old for; `None` where no rule speaks against it. A version that cannot be read is
    /// not old: nobody is sent away for it.
    pub fn check(&self, kind: DeviceKind, model: &str, firmware: &str) -> Option<Incompatibility> {
        let version = FirmwareVersion::parse(firmware).ok()?;
        let model = Model::new(model);
        let speaks = |rule: &&CompatibilityRule| {
            let is_meant = rule.models.is_empty() || rule.models.iter().any(|written| written.pattern.matches(&model));
            rule.family == kind && is_meant && version.compare_within_family(&rule.minimum.version).is_lt()
        };
        let speaking: Vec<&CompatibilityRule> = self.rules.iter().filter(speaks).collect();
        let highest = speaking
            .iter()
            .map(|rule| &rule.minimum)
            .max_by(|one, other| one.version.compare_within_family(&other.version))?;
        let is_lost = |function: &Function| speaking.iter().any(|rule| rule.lost.0.contains(function));
        Some(Incompatibility {
            minimum_version: highest.text.clone(),
            functions_lost: Function::ALL.into_iter().filter(is_lost).collect(),
        })
    }
}

impl CompatibilityRule {
    /// A rule as a person writes it. Of the functions each counts once.
    pub fn new(family: DeviceKind, models: &[String], minimum: &str, lost: &[Function]) -> Result<Self, BadRule> {
        if family == DeviceKind::Router {
            return Err(BadRule::Family);
        }
        if models.len() > MOST_PATTERNS {
            return Err(BadRule::Model(MOST_PATTERNS));
        }
        let pattern = |(index, text): (usize, &String)| {
            let short = text.chars().count() <= MOST_CHARACTERS;
            let read = short.then(|| WrittenPattern::try_from(text.trim().to_owned()).ok()).flatten();
            read.ok_or(BadRule::Model(index))
        };
        Ok(Self {
            family,
            models: models.iter().enumerate().map(pattern).collect::<Result<_, _>>()?,
            minimum: Minimum::try_from(minimum.trim().to_owned()).map_err(|_| BadRule::Minimum)?,
            lost: Lost::try_from(lost.to_vec()).map_err(|_| BadRule::Lost)?,
        })
    }

    /// The family of devices that it is about.
    pub fn family(&self) -> DeviceKind {
        self.family
    }

    /// The patterns of models that it is about, as they were written; none: every model of the family.
    pub fn models(&self) -> impl Iterator<Item = &str> {
        self.models.iter().map(|written| written.text.as_str())
    }

    /// The oldest version that it does not speak against, as it was written.
    pub fn minimum(&self) -> &str {
        &self.minimum.text
    }

    /// What older ones cannot do.
    pub fn lost(&self) -> &[Function] {
        &self.lost.0
    }
}

impl TryFrom<String> for WrittenPattern {
    type Error = super::NotAPattern;

    fn try_from(text: String) -> Result<Self, super::NotAPattern> {
        let pattern = ModelPattern::parse(&text)?;
        Ok(Self { text, pattern })
    }
}

impl From<WrittenPattern> for String {
    fn from(written: WrittenPattern) -> Self {
        written.text
    }
}

impl TryFrom<String> for Minimum {
    type Error = super::NotAVersion;

    fn try_from(text: String) -> Result<Self, super::NotAVersion> {
        let version = FirmwareVersion::parse(&text)?;
        Ok(Self { text, version })
    }
}

impl From<Minimum> for String {
    fn from(minimum: Minimum) -> Self {
        minimum.text
    }
}

impl TryFrom<Vec<Function>> for Lost {
    type Error = &'static str;

    fn try_from(mut lost: Vec<Function>) -> Result<Self, &'static str> {
        lost.sort_unstable();
        lost.dedup();
        match lost.first() {
            None => Err("a rule needs at least one function that is lost"),
            Some(_) if !lost.iter().all(|function| function.can_be_lost()) => Err("this function cannot be lost"),
            Some(_) => Ok(Self(lost)),
        }
    }
}

impl From<Lost> for Vec<Function> {
    fn from(lost: Lost) -> Self {
        lost.0
    }
}
