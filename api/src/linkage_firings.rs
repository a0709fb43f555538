//! What linkage rules did: each time that one fired, with what became of its actions.

pub(crate) mod list;
pub(crate) mod picture;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::linkage::{FiredAction, Firing};
use utoipa::ToSchema;

use crate::linkage_rules::LinkageAction;
use crate::words::{DeviceEventKind, LinkageActionState};

/// A time that a rule fired.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkageFiring {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The site.
    #[schema(format = "uuid")]
    site_id: String,
    /// The rule, which may be gone.
    #[schema(format = "uuid")]
    rule_id: String,
    /// Its name at that time.
    rule_name: String,
    /// The device that told it, which may be gone.
    #[schema(format = "uuid")]
    source_device_id: String,
    /// Its name at that time.
    source_name: String,
    /// The channel, zone or door; null: none, or not told.
    #[schema(required = true)]
    source_channel: Option<u32>,
    /// What it told.
    source_kind: DeviceEventKind,
    /// When it told it.
    event_at: DateTime<Utc>,
    /// When the rule fired.
    fired_at: DateTime<Utc>,
    /// What became of each action.
    #[schema(max_items = 128)]
    actions: Vec<LinkageFiredAction>,
}

/// What became of an action.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkageFiredAction {
    /// Its place in the rule, from 0.
    position: u32,
    /// What was to be done.
    action: LinkageAction,
    /// Where it stands.
    state: LinkageActionState,
    /// Why it was not done, or not yet: a code as in errors.
    #[schema(required = true)]
    error_code: Option<String>,
    /// When the device was asked.
    #[schema(required = true)]
    begun_at: Option<DateTime<Utc>>,
    /// When it ended.
    #[schema(required = true)]
    ended_at: Option<DateTime<Utc>>,
    /// Whether a picture of it is kept.
    has_picture: bool,
}

impl From<FiredAction> for LinkageFiredAction {
    fn from(action: FiredAction) -> Self {
        Self {
            position: action.position,
            action: LinkageAction::from(&action.action),
            state: LinkageActionState(action.state),
            error_code: action.error_code,
            begun_at: action.begun_at,
            ended_at: action.ended_at,
            has_picture: action.has_picture,
        }
    }
}

impl From<Firing> for LinkageFiring {
    fn from(firing: Firing) -> Self {
        Self {
            id: firing.id.to_string(),
            site_id: firing.site_id.to_string(),
            rule_id: firing.rule_id.to_string(),
            rule_name: firing.rule_name,
            source_device_id: firing.source_device_id.to_string(),
            source_name: firing.source_name,
            source_channel: firing.source_channel,
            source_kind: DeviceEventKind(firing.source_kind),
            event_at: firing.event_at,
            fired_at: firing.fired_at,
            actions: firing.actions.into_iter().map(LinkageFiredAction::from).collect(),
        }
    }
}
