//! What is known of a device's firmware.

use serde::Serialize;
use siteward_domain::firmware::{Finding, Findings, Incompatibility};
use utoipa::ToSchema;

use crate::words::{Function, Verdict};

/// What is known of a firmware's vulnerabilities.
#[derive(Serialize, ToSchema)]
pub(crate) struct FirmwareVerdict {
    /// The worst of what the records say. Never that it is safe.
    verdict: Verdict,
    /// The records that name the model, the worst first.
    cves: Vec<Cve>,
}

/// A record of a vulnerability, judged for one firmware.
#[derive(Serialize, ToSchema)]
pub(crate) struct Cve {
    /// Its number.
    id: String,
    /// What it is.
    title: String,
    /// What it says of this firmware.
    verdict: Verdict,
    /// Where the facts are from.
    source: String,
    /// The first firmware without it, where that is known.
    #[schema(required = true)]
    fixed_in: Option<String>,
    /// Since when attackers are known to use it: a date.
    #[schema(required = true)]
    exploited_since: Option<String>,
}

/// What a firmware is too old for.
#[derive(Serialize, ToSchema)]
pub(crate) struct Compatibility {
    /// The oldest version that has all of it.
    minimum_version: String,
    /// The functions that are lost until then.
    functions_lost: Vec<Function>,
}

impl From<Findings<'_>> for FirmwareVerdict {
    fn from(found: Findings<'_>) -> Self {
        Self { verdict: Verdict(found.verdict), cves: found.records.into_iter().map(Into::into).collect() }
    }
}

impl From<Finding<'_>> for Cve {
    fn from(finding: Finding<'_>) -> Self {
        let record = finding.record;
        Self {
            id: record.cve.clone(),
            title: record.title.clone(),
            verdict: Verdict(finding.verdict),
            source: record.sources.join("; "),
            fixed_in: finding.fixed_in,
            exploited_since: record.exploited_since.clone(),
        }
    }
}

impl From<Incompatibility> for Compatibility {
    fn from(lost: Incompatibility) -> Self {
        Self {
            minimum_version: lost.minimum_version,
            functions_lost: lost.functions_lost.into_iter().map(Function).collect(),
        }
    }
}
