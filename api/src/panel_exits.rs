//! Alarm panels that left: how far their exit is, and the proof that no account of the staff is left on them (R-A4).

pub(crate) mod get;
pub(crate) mod give_up;
pub(crate) mod list;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::panel_exits as stored;
use utoipa::ToSchema;

use crate::words::PanelExitState;

/// A panel's leaving of the platform.
#[derive(Serialize, ToSchema)]
pub(crate) struct PanelExit {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The device it was.
    #[schema(format = "uuid")]
    device_id: String,
    /// Its name; may be empty.
    device_name: String,
    /// Its model; may be empty.
    model: String,
    /// Its short serial, where known.
    #[schema(required = true)]
    serial: Option<String>,
    /// The name of its site.
    site_name: String,
    /// Where the exit stands.
    state: PanelExitState,
    /// When the panel was deleted.
    begun_at: DateTime<Utc>,
    /// When the exit ended.
    #[schema(required = true)]
    ended_at: Option<DateTime<Utc>>,
    /// The name of who gave it up; null where nobody did.
    #[schema(required = true)]
    ended_by: Option<String>,
    /// User names that are not known to be off yet.
    waiting_for: Vec<String>,
    /// Why it does not go on, or why it did not when it was given up.
    #[schema(required = true)]
    reason_code: Option<String>,
}

impl From<&stored::PanelExit> for PanelExit {
    fn from(exit: &stored::PanelExit) -> Self {
        Self {
            id: exit.id.to_string(),
            device_id: exit.device_id.to_string(),
            device_name: exit.device_name.clone(),
            model: exit.model.clone(),
            serial: exit.serial.as_ref().map(ToString::to_string),
            site_name: exit.site_name.clone(),
            state: PanelExitState(exit.state),
            begun_at: exit.begun_at,
            ended_at: exit.ended_at,
            ended_by: exit.ended_by.clone(),
            waiting_for: exit.waiting_for.clone(),
            reason_code: exit.reason_code.clone(),
        }
    }
}
