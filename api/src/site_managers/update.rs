//! `PUT /site_managers`: gives one or many sites their managers (R-S4).

use std::collections::BTreeSet;

use actix_web::{put, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use siteward_domain::event::EventKind;
use siteward_domain::{SiteId, StaffId};
use siteward_store::events;
use siteward_store::site_managers::{self, Assignment, MOST_MANAGERS, MOST_SITES};
use utoipa::ToSchema;

use crate::access::May;
use crate::access::rights::ManageAllSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::live::site_event;
use crate::operation_log::Note;
use crate::platform::Platform;

/// The managers that each of some sites is to have.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteManagersUpdate {
    /// The sites.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 100)]
    site_ids: Vec<SiteId>,
    /// Who manages each of them from now on, nobody twice. Others do not any more, except those who manage every site.
    #[schema(max_items = 100)]
    managers: Vec<SiteManagerAssignment>,
}

/// Somebody who is to manage sites.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteManagerAssignment {
    /// The id of the member of staff.
    #[schema(value_type = String, format = "uuid")]
    staff_id: StaffId,
    /// Until when; null: without an end.
    #[schema(required = true)]
    expires_at: Option<DateTime<Utc>>,
}

/// What was set.
#[derive(Serialize, ToSchema)]
pub(crate) struct SiteManagersSet {
    /// How many sites have these managers now.
    sites: usize,
    /// Who was left out: they manage every site anyway.
    #[schema(max_items = 100)]
    ignored: Vec<String>,
}

/// Gives each of the sites exactly these managers. Access ends at the instant that an assignment expires.
#[utoipa::path(tag = "site managers", request_body = SiteManagersUpdate, responses(
    (status = 200, description = "Set", body = SiteManagersSet),
    (status = 404, description = "A site or a person is not there or not yours", body = ErrorBody),
    (status = 422, description = "A field is not valid, or an end has passed; details.index tells of which manager", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[put("/site_managers")]
pub(crate) async fn update_site_managers(
    may: May<ManageAllSites>,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<SiteManagersUpdate>,
) -> Result<web::Json<SiteManagersSet>, ApiError> {
    let now = platform.clock.now();
    let (sites, managers) = check(body.into_inner(), now)?;
    let first = sites.first().map(ToString::to_string).unwrap_or_default();
    note.object("site_managers", &first, format!("sites: {}, managers: {}", sites.len(), managers.len()));
    note.sites(&sites);
    let (caller, company, count) = (may.caller().clone(), may.company_id(), sites.len());
    let set = platform
        .write(move |conn| {
            let set = site_managers::set(conn, &company, &sites, &managers, &caller.staff_id(), now)?;
            let told: Vec<_> =
                set.changed.iter().map(|site| site_event(EventKind::SiteManagersChanged, &caller, site, now)).collect();
            events::append_all(conn, &told)?;
            Ok(set)
        })
        .await?;
    (platform.wake_worker)();
    Ok(web::Json(SiteManagersSet { sites: count, ignored: set.ignored.iter().map(ToString::to_string).collect() }))
}

fn check(body: SiteManagersUpdate, now: DateTime<Utc>) -> Result<(Vec<SiteId>, Vec<Assignment>), ApiError> {
    if !(1..=MOST_SITES).contains(&body.site_ids.len()) {
        return Err(ApiError::field(codes::FIELD_INVALID, "site_ids"));
    }
    if body.managers.len() > MOST_MANAGERS {
        return Err(ApiError::field(codes::FIELD_INVALID, "managers"));
    }
    let sites: BTreeSet<SiteId> = body.site_ids.into_iter().collect();
    let mut known = BTreeSet::new();
    let mut managers = Vec::with_capacity(body.managers.len());
    for (index, one) in body.managers.into_iter().enumerate() {
        if one.expires_at.is_some_and(|until| until <= now) {
            return Err(ApiError::field(codes::EXPIRES_IN_PAST, "expires_at").with_index(index));
        }
        if !known.insert(one.staff_id.clone()) {
            return Err(ApiError::field(codes::FIELD_INVALID, "staff_id").with_index(index));
        }
        managers.push(Assignment { staff_id: one.staff_id, expires_at: one.expires_at });
    }
    Ok((sites.into_iter().collect(), managers))
}
