//! A member of staff as colleagues see them, and who may change what of whom.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::staff::Right as RightOfStaff;
use siteward_domain::{RoleId, StaffId};
use siteward_store::events::NewEvent;
use siteward_store::staff::Member;
use siteward_store::{DbConn, StoreError, roles};
use utoipa::ToSchema;

use crate::access::session::Caller;
use crate::error::{ApiError, codes};
use crate::words::{MailLanguage, Right};

/// A member of staff.
#[derive(Serialize, ToSchema)]
pub(crate) struct StaffMember {
    /// Their id.
    #[schema(format = "uuid")]
    id: String,
    /// Their name.
    name: String,
    /// Their e-mail address.
    email: String,
    /// Whether they are the Installer Admin.
    is_admin: bool,
    /// Whether they may not sign in.
    disabled: bool,
    /// Their role; null for the Installer Admin, who needs none.
    #[schema(required = true)]
    role: Option<RoleName>,
    /// What they may do.
    rights: Vec<Right>,
    /// The language they read.
    language: MailLanguage,
    /// The IANA name of their time zone.
    time_zone: String,
    /// Whether they sign in with a second factor.
    two_factor: bool,
    /// How many sites are assigned to them now.
    sites: u64,
    /// How many alarm panels have an account of theirs, or are to have one.
    panel_accounts: u64,
    /// Since when they are here.
    created_at: DateTime<Utc>,
    /// When they were last seen, give or take a minute; null: never.
    #[schema(required = true)]
    last_seen_at: Option<DateTime<Utc>>,
}

/// A role by its name.
#[derive(Serialize, ToSchema)]
pub(crate) struct RoleName {
    /// Its id.
    #[schema(format = "uuid")]
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
}

impl From<siteward_store::staff::MemberRole> for RoleName {
    fn from(role: siteward_store::staff::MemberRole) -> Self {
        Self { id: role.id.to_string(), name: role.name }
    }
}

impl From<Member> for StaffMember {
    fn from(member: Member) -> Self {
        Self {
            id: member.id.to_string(),
            name: member.name,
            email: member.email,
            is_admin: member.is_admin,
            disabled: member.disabled,
            role: member.role.map(RoleName::from),
            rights: member.rights.into_iter().map(Right).collect(),
            language: MailLanguage(member.language),
            time_zone: member.time_zone,
            two_factor: member.two_factor,
            sites: member.sites,
            panel_accounts: member.panel_accounts,
            created_at: member.created_at,
            last_seen_at: member.last_seen_at,
        }
    }
}

/// Whether the caller may change a colleague: only the Installer Admin changes one who may do more than the caller does.
pub(crate) fn may_change(caller: &Caller, member: &Member) -> Result<(), ApiError> {
    if caller.record.is_admin {
        return Ok(());
    }
    if member.is_admin {
        return Err(ApiError::new(codes::RIGHT_MISSING));
    }
    may_give(caller, &member.rights)
}

/// Whether the caller may give these rights: nobody gives what they lack. The refusal names what is lacking.
pub(crate) fn may_give(caller: &Caller, rights: &[RightOfStaff]) -> Result<(), ApiError> {
    let lacking = RightOfStaff::lacking(rights, caller.rights());
    if lacking.is_empty() {
        return Ok(());
    }
    let lacking: Vec<Right> = lacking.into_iter().map(Right).collect();
    Err(ApiError::new(codes::RIGHT_MISSING).with_details(json!({ "rights": lacking })))
}

/// Whether the caller may give a role of their company to somebody.
pub(crate) fn may_give_role(
    conn: &mut DbConn,
    caller: &Caller,
    role: &RoleId,
) -> Result<Result<(), ApiError>, StoreError> {
    let role = roles::get_role(conn, &caller.company_id(), role)?;
    Ok(may_give(caller, &role.rights))
}

/// Whether the caller may keep a colleague out: neither themself nor the Installer Admin (R-S3).
pub(crate) fn may_keep_out(caller: &Caller, member: &Member) -> Result<(), ApiError> {
    if caller.record.staff_id == member.id {
        return Err(ApiError::new(codes::OWN_ACCOUNT));
    }
    if member.is_admin {
        return Err(ApiError::new(codes::IS_ADMIN));
    }
    may_change(caller, member)
}

/// The event of something done to a member of staff.
pub(crate) fn staff_event(caller: &Caller, id: &StaffId, now: DateTime<Utc>) -> NewEvent {
    company_event(EventKind::StaffChanged, caller, json!({ "staff_id": id }), now)
}

/// The event of something done to the company as a whole.
pub(crate) fn company_event(kind: EventKind, caller: &Caller, data: serde_json::Value, now: DateTime<Utc>) -> NewEvent {
    NewEvent {
        company_id: caller.company_id(),
        site_id: None,
        device_id: None,
        kind,
        actor: format!("staff:{}", caller.record.staff_id),
        at: now,
        data,
    }
}
