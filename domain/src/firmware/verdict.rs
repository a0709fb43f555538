//! The words of a verdict on a firmware. None of them says that it is safe.

use crate::words::words;

words! {
    /// What is known of a firmware's vulnerabilities, from nothing to the worst.
    pub enum Verdict {
        /// No record names the model in this range of versions. That is not to say that it has no flaw.
        NotListed = "not_listed",
        /// Records name the model, and this firmware is newer than all that they say is vulnerable.
        Fixed = "fixed",
        /// Records name the model, and its version or build date could not be read.
        Unknown = "unknown",
        /// Records name the model, and version and build date say different things: branches ran in parallel.
        Review = "review",
        /// A record names the model, and version and build date lie within what it says is vulnerable.
        Vulnerable = "vulnerable",
    }
}
