//! Roles: what members of staff may do (R-S3).

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod update;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use siteward_domain::RoleId;
use siteward_domain::event::EventKind;
use siteward_domain::staff::{MOST_ROLE_NAME_CHARACTERS, Right as RightOfStaff};
use siteward_domain::text::{self, BadText};
use siteward_store::events::NewEvent;
use siteward_store::roles as stored;
use utoipa::ToSchema;

use crate::access::session::Caller;
use crate::error::{ApiError, bad_name, codes};
use crate::staff::member::company_event;
use crate::words::Right;

/// A role.
#[derive(Serialize, ToSchema)]
pub(crate) struct Role {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name, unique in the company.
    name: String,
    /// What it allows.
    rights: Vec<Right>,
    /// How many members of staff have it.
    members: u64,
}

impl From<stored::Role> for Role {
    fn from(role: stored::Role) -> Self {
        Self {
            id: role.id.to_string(),
            name: role.name,
            rights: role.rights.into_iter().map(Right).collect(),
            members: role.members,
        }
    }
}

fn name(text: &str) -> Result<String, ApiError> {
    text::needed_line(text, MOST_ROLE_NAME_CHARACTERS).map_err(|error| {
        let refusal = bad_name(&error, "name");
        match error {
            BadText::TooLong { most } => refusal.with_message(format!("The name is longer than {most} characters.")),
            _ => refusal,
        }
    })
}

/// Rights as they were sent; each of them once is all there are.
fn rights(sent: Vec<Right>) -> Result<Vec<RightOfStaff>, ApiError> {
    if sent.len() > RightOfStaff::ALL.len() {
        return Err(ApiError::field(codes::FIELD_INVALID, "rights"));
    }
    Ok(sent.into_iter().map(|right| right.0).collect())
}

/// The event of something done to a role.
fn role_event(caller: &Caller, id: &RoleId, now: DateTime<Utc>) -> NewEvent {
    company_event(EventKind::RoleChanged, caller, json!({ "role_id": id }), now)
}
