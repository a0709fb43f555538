//! What a link tells on the one stream that it opens itself.

use serde::{Deserialize, Serialize};
use siteward_domain::link::Sighting;
use siteward_domain::serial::SerialNumber;

/// One report. `Hello` comes first, then `All`; from then on changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "report", rename_all = "snake_case")]
pub enum LinkReport {
    /// Who speaks.
    Hello {
        /// The link's version.
        version: String,
        /// What it runs on, e.g. `linux aarch64`.
        system: String,
    },
    /// Everything that is there: whatever is not named is gone.
    All {
        /// The devices.
        devices: Vec<Sighting>,
    },
    /// What is different since the last report.
    Changed {
        /// New devices, and those that say something else than before.
        found: Vec<Sighting>,
        /// Devices that have been silent for too long.
        lost: Vec<SerialNumber>,
    },
    /// Nothing changed, and the link looks around.
    Alive,
}
