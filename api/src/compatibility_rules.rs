//! Rules of compatibility: which functions a device lacks until its firmware is newer (R-O2). What ships, or a company's own.

pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod preview;
pub(crate) mod update;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use siteward_domain::CompanyId;
use siteward_domain::firmware::{BadRule, CompatibilityRule as Rule, CompatibilityRules as Rules};
use siteward_store::{DbConn, StoreError, compatibility_rules};
use utoipa::ToSchema;

use crate::error::{ApiError, codes};
use crate::words::{DeviceKind, Function};

/// Most rules of a list.
const MOST_RULES: usize = 200;

/// The rules that a company's devices are judged by.
#[derive(Serialize, ToSchema)]
pub(crate) struct CompatibilityRules {
    /// Whether they are the company's own, and not the platform's.
    own: bool,
    /// The day of the rules: that of the platform's file, or when the company's own were saved.
    as_of: String,
    /// When the company's own were saved.
    #[schema(required = true)]
    updated_at: Option<DateTime<Utc>>,
    /// Who saved them.
    #[schema(required = true)]
    updated_by: Option<String>,
    /// The day of the platform's rules.
    platform_as_of: String,
    /// The rules.
    rules: Vec<CompatibilityRule>,
}

/// One rule.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompatibilityRule {
    /// The family of devices that it is about: versions are comparable within a family only.
    family: DeviceKind,
    /// Patterns of models, `x` for one letter or digit; none: every model of the family.
    #[serde(default)]
    #[schema(max_items = 100)]
    models: Vec<String>,
    /// The oldest version that it does not speak against.
    #[schema(min_length = 1, max_length = 64)]
    minimum: String,
    /// What older ones cannot do.
    #[schema(min_items = 1)]
    lost: Vec<Function>,
}

/// Rules to go by.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompatibilityRulesUpdate {
    /// The rules, in any order.
    #[schema(max_items = 200)]
    rules: Vec<CompatibilityRule>,
}

impl CompatibilityRulesUpdate {
    /// The rules of today, or which of them is none and why.
    fn read(&self, now: DateTime<Utc>) -> Result<Rules, ApiError> {
        if self.rules.len() > MOST_RULES {
            return Err(ApiError::field(codes::FIELD_INVALID, "rules"));
        }
        let rules = self.rules.iter().enumerate().map(|(index, rule)| {
            rule.read().map_err(|bad| ApiError::field(codes::COMPATIBILITY_RULE_INVALID, field(&bad)).with_index(index))
        });
        Ok(Rules::new(now.format("%Y-%m-%d").to_string(), rules.collect::<Result<_, _>>()?))
    }
}

impl CompatibilityRule {
    fn read(&self) -> Result<Rule, BadRule> {
        let lost: Vec<_> = self.lost.iter().map(|function| function.0).collect();
        Rule::new(self.family.0, &self.models, &self.minimum, &lost)
    }

    fn of(rule: &Rule) -> Self {
        Self {
            family: DeviceKind(rule.family()),
            models: rule.models().map(str::to_owned).collect(),
            minimum: rule.minimum().to_owned(),
            lost: rule.lost().iter().copied().map(Function).collect(),
        }
    }
}

fn field(bad: &BadRule) -> &'static str {
    match bad {
        BadRule::Family => "family",
        BadRule::Model(_) => "models",
        BadRule::Minimum => "minimum",
        BadRule::Lost => "lost",
    }
}

impl CompatibilityRules {
    fn read(conn: &mut DbConn, company: &CompanyId) -> Result<Self, StoreError> {
        let platform = compatibility_rules::of_platform(conn)?;
        let platform_as_of = platform.as_of().to_owned();
        let own = compatibility_rules::find_own(conn, company)?;
        let (updated_at, updated_by) =
            own.as_ref().map_or((None, None), |own| (Some(own.updated_at), own.updated_by.clone()));
        let (is_own, rules) = own.map_or((false, platform), |own| (true, own.rules));
        Ok(Self {
            own: is_own,
            as_of: rules.as_of().to_owned(),
            updated_at,
            updated_by,
            platform_as_of,
            rules: rules.rules().iter().map(CompatibilityRule::of).collect(),
        })
    }
}
