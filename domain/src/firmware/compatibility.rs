//! Compatibility: which functions a device does not have until its firmware is newer (R-O2, R-D9), as data.

use serde::{Deserialize, Serialize};

use super::model_pattern::Model;
use super::{FirmwareVersion, ModelPattern, RulesError};
use crate::device::DeviceKind;

/// What a file of rules calls itself.
const SCHEMA: &str = "siteward/compatibility/1";
const SHIPPED: &str = include_str!("../../data/compatibility.json");

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
#[derive(Debug, Clone, Default)]
pub struct CompatibilityRules {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    /// Versions are comparable within a family only.
    family: DeviceKind,
    /// Empty: every model of the family.
    #[serde(default)]
    models: Vec<ModelPattern>,
    minimum: Minimum,
    lost: Vec<Function>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
struct Minimum {
    text: String,
    version: FirmwareVersion,
}

/// What a device's firmware is too old for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incompatibility {
    /// The oldest version that has all of it.
    pub minimum_version: String,
    /// The functions that are lost until then, each once.
    pub functions_lost: Vec<Function>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    #[expect(dead_code, reason = "for whoever reads the file; the rules hold whatever their date")]
    as_of: String,
    rules: Vec<Rule>,
}

impl CompatibilityRules {
    /// The rules that ship with the platform. A test reads them; should they not be readable, there are none.
    pub fn shipped() -> Self {
        Self::parse(SHIPPED).unwrap_or_default()
    }

    /// Reads a file of rules.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let file: File = serde_json::from_str(text)?;
        if file.schema != SCHEMA {
            return Err(RulesError::OtherSchema { found: file.schema, wanted: SCHEMA });
        }
        Ok(Self { rules: file.rules })
    }

    /// What a device's firmware is too old for; `None` where no rule speaks against it. A version that cannot be read is
    /// not old: nobody is sent away for it.
    pub fn check(&self, kind: DeviceKind, model: &str, firmware: &str) -> Option<Incompatibility> {
        let version = FirmwareVersion::parse(firmware).ok()?;
        let model = Model::new(model);
        let speaks = |rule: &&Rule| {
            let is_meant = rule.models.is_empty() || rule.models.iter().any(|pattern| pattern.matches(&model));
            rule.family == kind && is_meant && version.compare_within_family(&rule.minimum.version).is_lt()
        };
        let speaking: Vec<&Rule> = self.rules.iter().filter(speaks).collect();
        let highest = speaking
            .iter()
            .map(|rule| &rule.minimum)
            .max_by(|one, other| one.version.compare_within_family(&other.version))?;
        let is_lost = |function: &Function| speaking.iter().any(|rule| rule.lost.contains(function));
        Some(Incompatibility {
            minimum_version: highest.text.clone(),
            functions_lost: Function::ALL.into_iter().filter(is_lost).collect(),
        })
    }
}

impl TryFrom<String> for Minimum {
    type Error = super::NotAVersion;

    fn try_from(text: String) -> Result<Self, super::NotAVersion> {
        let version = FirmwareVersion::parse(&text)?;
        Ok(Self { text, version })
    }
}
