//! Linkage rules of a site (R-H8): when a device tells of something, other devices do something about it.

mod body;
mod checking;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod dry_run;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod templates;
pub(crate) mod update;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::linkage::{Known, Trouble, state, troubles};
use siteward_store::linkage::{self as stored, Rule};
use siteward_store::{DbConn, StoreError};
use utoipa::ToSchema;

pub(crate) use body::LinkageAction;
use body::{LinkagePeriod, LinkageSource, periods};

use crate::words::{LinkageState, LinkageTroubleReason};

/// The kind of object in the operation log.
const OBJECT: &str = "linkage_rule";

/// A linkage rule.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkageRule {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The site.
    #[schema(format = "uuid")]
    site_id: String,
    /// Its name.
    name: String,
    /// Whether it fires.
    enabled: bool,
    /// What sets it off.
    source: LinkageSource,
    /// When, by the clock of the site; none: always.
    #[schema(max_items = 20)]
    schedule: Vec<LinkagePeriod>,
    /// What it does, in no particular order.
    #[schema(max_items = 128)]
    actions: Vec<LinkageAction>,
    /// Whether it can work now.
    state: LinkageState,
    /// What stands against it now. It works again by itself when that is over.
    #[schema(max_items = 129)]
    troubles: Vec<LinkageTrouble>,
    /// When it last fired, as far as that is still known; null: never.
    #[schema(required = true)]
    last_fired_at: Option<DateTime<Utc>>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was last changed.
    updated_at: DateTime<Utc>,
}

/// Something that stands against a rule.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkageTrouble {
    /// What it is.
    reason: LinkageTroubleReason,
    /// With which device; null where it is about people.
    #[schema(required = true, format = "uuid")]
    device_id: Option<String>,
    /// The oldest firmware that would do, where that is the matter.
    #[schema(required = true)]
    minimum_version: Option<String>,
    /// Which action cannot work, from 0; null: the rule as a whole.
    #[schema(required = true)]
    action: Option<usize>,
}

impl From<Trouble> for LinkageTrouble {
    fn from(trouble: Trouble) -> Self {
        Self {
            reason: LinkageTroubleReason(trouble.reason),
            device_id: trouble.device.map(|id| id.to_string()),
            minimum_version: trouble.minimum_version,
            action: trouble.action,
        }
    }
}

impl LinkageRule {
    fn new(rule: Rule, known: &Known, last_fired_at: Option<DateTime<Utc>>) -> Self {
        let against = troubles(&rule.content, known);
        Self {
            id: rule.id.to_string(),
            site_id: rule.site_id.to_string(),
            name: rule.name,
            enabled: rule.enabled,
            state: LinkageState(state(&rule.content, &against)),
            troubles: against.into_iter().map(LinkageTrouble::from).collect(),
            source: (&rule.content.source).into(),
            schedule: periods(rule.content.schedule.as_ref()),
            actions: rule.content.actions.iter().map(LinkageAction::from).collect(),
            last_fired_at,
            created_at: rule.created_at,
            updated_at: rule.updated_at,
        }
    }

    /// A stored rule as it stands now.
    fn read(conn: &mut DbConn, rule: Rule, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let known = stored::known(conn, &rule.company_id, &rule.site_id, &[&rule.content], now)?;
        let fired = stored::last_fired(conn, &[&rule.id])?.remove(&rule.id);
        Ok(Self::new(rule, &known, fired))
    }
}
