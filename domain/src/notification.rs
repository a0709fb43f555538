//! What members of staff are told.

use crate::words::words;

words! {
    /// What is told of an incident.
    pub enum Told {
        /// That it opened.
        IncidentOpened = "incident_opened",
        /// That it is over.
        IncidentClosed = "incident_closed",
    }
}

/// The minute of a person's day at which their daily summary goes, while they chose none: seven in the morning.
pub const USUAL_SUMMARY_MINUTE: u16 = 7 * 60;

words! {
    /// When somebody gets a daily summary.
    pub enum SummaryMode {
        /// Not at all.
        Never = "never",
        /// When something is wrong, or was since the last one.
        IfWrong = "if_wrong",
        /// Every day.
        Always = "always",
    }
}
