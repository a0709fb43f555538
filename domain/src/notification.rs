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
