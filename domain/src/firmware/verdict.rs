//! The words of a verdict on a firmware. None of them says that it is safe.

use serde::{Deserialize, Serialize};

/// What is known of a firmware's vulnerabilities, from nothing to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// No record names the model in this range of versions. That is not to say that it has no flaw.
    NotListed,
    /// Records name the model, and this firmware is newer than all that they say is vulnerable.
    Fixed,
    /// Records name the model, and its version or build date could not be read.
    Unknown,
    /// Records name the model, and version and build date say different things: branches ran in parallel.
    Review,
    /// A record names the model, and version and build date lie within what it says is vulnerable.
    Vulnerable,
}

impl Verdict {
    /// Every verdict, the worst first.
    pub const ALL: [Self; 5] = [Self::Vulnerable, Self::Review, Self::Unknown, Self::Fixed, Self::NotListed];
}
