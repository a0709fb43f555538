//! Incidents: one root cause each, with everything that follows from it (R-H5).

pub(crate) mod get;
pub(crate) mod list;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::incidents;
use utoipa::ToSchema;

use crate::words::{CauseKind, IncidentKind, Unwatched};

/// Something that went wrong, with everything that follows from it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Incident {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The site.
    #[schema(format = "uuid")]
    site_id: String,
    /// The site's name.
    site_name: String,
    /// What kind of thing is the cause.
    cause: CauseKind,
    /// The device or link, which may be gone.
    #[schema(format = "uuid")]
    cause_id: String,
    /// Its name, as it was when the incident opened.
    name: String,
    /// What is wrong with it.
    kind: IncidentKind,
    /// Devices that are or were affected besides the cause.
    affected: u32,
    /// Those of them that are cameras.
    cameras: u32,
    /// Since when.
    opened_at: DateTime<Utc>,
    /// Until when; null while it lasts.
    #[schema(required = true)]
    closed_at: Option<DateTime<Utc>>,
    /// Why it ended although nothing got better: nobody watches its cause any more. Else null.
    #[schema(required = true)]
    closed_because: Option<Unwatched>,
    /// How long it lasted, in seconds; null while it lasts.
    #[schema(required = true)]
    duration_seconds: Option<i64>,
}

impl From<incidents::Incident> for Incident {
    fn from(incident: incidents::Incident) -> Self {
        Self {
            id: incident.id.to_string(),
            site_id: incident.site_id.to_string(),
            site_name: incident.site_name,
            cause: CauseKind(incident.cause),
            cause_id: incident.cause_id,
            name: incident.name,
            kind: IncidentKind(incident.kind),
            affected: incident.affected,
            cameras: incident.cameras,
            opened_at: incident.opened_at,
            closed_at: incident.closed_at,
            closed_because: incident.closed_because.map(Unwatched),
            duration_seconds: incident.closed_at.map(|closed| (closed - incident.opened_at).num_seconds()),
        }
    }
}
