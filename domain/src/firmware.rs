//! Firmware: reading versions, and what is known of them. Whether one is known to be vulnerable, and whether a device
//! needs a newer one for some function, are rules kept as data: files that ship with the platform and that an Admin
//! may replace (R-H7, R-O2). How a verdict comes about is told in `docs/firmware.md`.

mod compatibility;
mod model_pattern;
pub mod upgrade_path;
mod verdict;
mod version;
mod vulnerabilities;

use std::sync::{Arc, LazyLock};

pub use compatibility::{BadRule, CompatibilityRule, CompatibilityRules, Function, Incompatibility};
pub use model_pattern::{Model, ModelPattern, NotAPattern};
pub use verdict::Verdict;
pub use version::{FirmwareVersion, NotAVersion};
pub use vulnerabilities::{Finding, Findings, VulnerabilityList, VulnerabilityRecord};

/// Why a file of rules was not taken.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// It is not JSON, or has keys or values that are not known.
    #[error("{0}")]
    Unreadable(#[from] serde_json::Error),
    /// It says that it is something else.
    #[error("\"schema\" is \"{found}\" and must be \"{wanted}\"")]
    OtherSchema {
        /// What the file says.
        found: String,
        /// What is read here.
        wanted: &'static str,
    },
}

/// Everything that is known of firmwares.
#[derive(Debug, Clone, Default)]
pub struct FirmwareKnowledge {
    /// Which are known to be vulnerable.
    pub vulnerabilities: VulnerabilityList,
    /// What older ones cannot do.
    pub compatibility: CompatibilityRules,
}

static SHIPPED: LazyLock<Arc<FirmwareKnowledge>> = LazyLock::new(|| {
    Arc::new(FirmwareKnowledge {
        vulnerabilities: VulnerabilityList::shipped(),
        compatibility: CompatibilityRules::shipped(),
    })
});

impl FirmwareKnowledge {
    /// What ships with the platform, read once.
    pub fn shipped() -> Arc<Self> {
        Arc::clone(&SHIPPED)
    }

    /// Whether a device is known to be vulnerable; `None` where that cannot be told.
    pub fn is_vulnerable(&self, model: &str, firmware: &str) -> Option<bool> {
        match self.vulnerabilities.judge(model, firmware).verdict {
            Verdict::Vulnerable => Some(true),
            Verdict::Review | Verdict::Fixed | Verdict::NotListed => Some(false),
            Verdict::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests;
