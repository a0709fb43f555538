//! Whether a rule may say what a person wants it to: its content, and the devices and people that it names.

use chrono::{DateTime, Utc};
use serde_json::json;
use siteward_domain::device_functions::Refusal;
use siteward_domain::firmware::Function;
use siteward_domain::linkage::{Action, Content, ContentRefusal, Known, Source};
use siteward_domain::site::SiteAction;
use siteward_domain::{CompanyId, DeviceId, SiteId};
use siteward_store::linkage::{NotTaken, known};
use siteward_store::{DbConn, StoreError, devices, sites};

use super::body::{LinkageAction, LinkagePeriod, LinkageSource, schedule};
use crate::error::{ApiError, codes};
use crate::sites::allows;

/// What a rule is to say, within the limits.
pub(super) fn content(
    source: LinkageSource,
    periods: Vec<LinkagePeriod>,
    actions: Vec<LinkageAction>,
) -> Result<Content, ApiError> {
    let schedule = schedule(periods)
        .map_err(|error| ApiError::field(codes::FIELD_INVALID, "schedule").with_message(error.to_string()))?;
    let mut meant = Vec::with_capacity(actions.len());
    for (index, action) in actions.into_iter().enumerate() {
        let action = action.meant().ok_or_else(|| refusal(ContentRefusal::ActionInvalid { index }))?;
        meant.push(action);
    }
    Content::parse(source.into(), schedule, meant).map_err(refusal)
}

fn refusal(refusal: ContentRefusal) -> ApiError {
    use ContentRefusal as R;
    match refusal {
        R::NoActions => ApiError::field(codes::LINKAGE_NO_ACTIONS, "actions"),
        R::TooManyActions => ApiError::field(codes::LINKAGE_TOO_MANY_ACTIONS, "actions"),
        R::TooManyResources => ApiError::field(codes::LINKAGE_TOO_MANY_RESOURCES, "actions"),
        R::TooManyCameraActions => ApiError::field(codes::LINKAGE_TOO_MANY_CAMERA_ACTIONS, "actions"),
        R::LinksItsSource { index } => ApiError::field(codes::LINKAGE_LINKS_ITS_SOURCE, "actions").with_index(index),
        R::ActionTwice { index } => ApiError::field(codes::LINKAGE_ACTION_TWICE, "actions").with_index(index),
        R::Contradiction { index } => ApiError::field(codes::LINKAGE_ACTIONS_CONTRADICT, "actions").with_index(index),
        R::ActionInvalid { index } => ApiError::field(codes::LINKAGE_ACTION_INVALID, "actions").with_index(index),
        R::SourceInvalid => ApiError::field(codes::FIELD_INVALID, "source"),
    }
}

/// The refusal of a rule that does not fit in with the others of its site.
pub(super) fn not_taken(why: NotTaken) -> ApiError {
    match why {
        NotTaken::TooMany => ApiError::new(codes::LINKAGE_RULE_LIMIT_REACHED),
        NotTaken::Identical => ApiError::new(codes::LINKAGE_RULE_EXISTS),
        NotTaken::TooManyCameraActions => ApiError::field(codes::LINKAGE_TOO_MANY_CAMERA_ACTIONS, "actions"),
    }
}

/// Whether the site may have a rule that says this now (R-T3, R-O1, R-O2).
pub(super) fn may_say(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    content: &Content,
    now: DateTime<Utc>,
) -> Result<Result<(), ApiError>, StoreError> {
    let of_site = sites::hold_site(conn, company, site)?;
    if let Err(refusal) = allows(&of_site, SiteAction::ManageDevices) {
        return Ok(Err(refusal));
    }
    let known = known(conn, company, site, &[content], now)?;
    if let Err(refusal) = takes_part(conn, company, &content.source.device, &known, None, Source::tells)? {
        return Ok(Err(refusal));
    }
    for (index, action) in content.actions.iter().enumerate() {
        if let Action::Notify { staff } = action
            && !staff.iter().all(|one| known.receivers.contains(one))
        {
            return Ok(Err(ApiError::field(codes::LINKAGE_RECEIVER_UNKNOWN, "actions").with_index(index)));
        }
        let Some(device) = action.device() else { continue };
        if let Err(refusal) = takes_part(conn, company, device, &known, Some(index), |kind| action.suits(kind))? {
            return Ok(Err(refusal));
        }
    }
    Ok(Ok(()))
}

/// Whether a device is on the site, of a kind that can do it, watched, and new enough.
fn takes_part(
    conn: &mut DbConn,
    company: &CompanyId,
    device: &DeviceId,
    known: &Known,
    action: Option<usize>,
    suits: impl Fn(siteward_domain::device::DeviceKind) -> bool,
) -> Result<Result<(), ApiError>, StoreError> {
    let field = if action.is_some() { "actions" } else { "source" };
    let refused = |error: ApiError| Ok(Err(action.into_iter().fold(error, ApiError::with_index)));
    let details = json!({ "field": field, "device_id": device });
    let Some(standing) = known.devices.get(device) else {
        return refused(ApiError::new(codes::LINKAGE_DEVICE_NOT_ON_SITE).with_details(details));
    };
    if !suits(devices::get_device(conn, company, device)?.kind) {
        return refused(ApiError::new(codes::LINKAGE_DEVICE_UNSUITABLE).with_details(details));
    }
    match standing.may(Function::LinkageRules) {
        Ok(()) => Ok(Ok(())),
        Err(refusal) => {
            let error = ApiError::of_code(refusal.code(), codes::LINKAGE_DEVICE_UNSUITABLE);
            let version = match &refusal {
                Refusal::MonitoringOff => None,
                Refusal::FirmwareIncompatible { minimum_version } => Some(minimum_version),
            };
            refused(error.with_details(json!({ "field": field, "device_id": device, "minimum_version": version })))
        }
    }
}
