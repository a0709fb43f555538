//! `POST /sites/{site_id}/linkage_rules/dry_run`: how often a rule would have fired.

use actix_web::{post, web};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use siteward_domain::SiteId;
use siteward_domain::linkage::Source;
use siteward_store::device_events::{self, DeviceEventFilter};
use siteward_store::sites;
use utoipa::ToSchema;

use super::body::{LinkagePeriod, LinkageSource, schedule};
use crate::access::OnSites;
use crate::body::{Body, object};
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// How far it looks back.
const DAYS: i64 = 30;
/// Most times that are told.
const MOST_TIMES: usize = 500;
/// Most events that are looked at; as many as the store gives at once.
const MOST_EVENTS: usize = 10_000;

/// What a rule would be set off by.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkageDryRun {
    /// What sets it off.
    #[serde(deserialize_with = "object")]
    source: LinkageSource,
    /// When, by the clock of the site; none: always.
    #[serde(default)]
    #[schema(max_items = 20)]
    schedule: Vec<LinkagePeriod>,
}

/// How often it would have fired.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkageDryRunResult {
    /// From when on events were looked at.
    from: DateTime<Utc>,
    /// Until when.
    until: DateTime<Utc>,
    /// How often it would have fired.
    count: usize,
    /// How often its source told this, within the schedule or not.
    events: usize,
    /// Whether all of the events were looked at: of more than 10,000 only the oldest are.
    complete: bool,
    /// When it would have fired, newest first, the last 500 times.
    #[schema(max_items = 500)]
    times: Vec<DateTime<Utc>>,
}

/// Tells how often a rule would have fired in the last 30 days. Nothing is kept and nothing done.
#[utoipa::path(tag = "linkage", request_body = LinkageDryRun, params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "How often", body = LinkageDryRunResult),
    (status = 422, description = "The source or the schedule is not valid", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/sites/{site_id}/linkage_rules/dry_run")]
pub(crate) async fn dry_run_linkage_rule(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    site: web::Path<SiteId>,
    body: Body<LinkageDryRun>,
) -> Result<web::Json<LinkageDryRunResult>, ApiError> {
    let (company, until, body) = (on.company_id(), platform.clock.now(), body.into_inner());
    let source = Source::from(body.source);
    let schedule = schedule(body.schedule)
        .map_err(|error| ApiError::field(codes::FIELD_INVALID, "schedule").with_message(error.to_string()))?;
    let (from, site) = (until - Duration::days(DAYS), site.into_inner());
    let filter = DeviceEventFilter {
        site_id: Some(site.clone()),
        device_id: Some(source.device),
        kind: Some(source.kind),
        channel: source.channel,
    };
    let of_site = site.clone();
    let (of, found) = platform
        .read(move |conn| {
            let of = sites::get_site(conn, &company, &of_site)?;
            Ok((of, device_events::between(conn, &company, &filter, from, until)?))
        })
        .await?;
    note.object("site", &site, &of.name);
    let zone = of.time_zone.parse().unwrap_or(chrono_tz::UTC);
    let within = |at: DateTime<Utc>| schedule.as_ref().is_none_or(|schedule| schedule.allows(at, zone));
    let fired: Vec<DateTime<Utc>> = found.iter().map(|event| event.at).filter(|at| within(*at)).collect();
    Ok(web::Json(LinkageDryRunResult {
        from,
        until,
        count: fired.len(),
        events: found.len(),
        complete: found.len() < MOST_EVENTS,
        times: fired.into_iter().rev().take(MOST_TIMES).collect(),
    }))
}
