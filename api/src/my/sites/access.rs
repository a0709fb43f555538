//! `GET /my/sites/{site_id}/access`: who reaches one of the end user's sites, and why.

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::SiteId;
use siteward_store::owned_sites;
use utoipa::ToSchema;

use crate::access::Owned;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Who reaches a site.
#[derive(Serialize, ToSchema)]
pub(crate) struct MySiteAccess {
    /// The people of the company that serves it: what they may do is what was granted to the company.
    people: Vec<MySitePerson>,
    /// The accounts on its alarm panels, as far as the platform knows them.
    panel_accounts: Vec<MyPanelAccount>,
}

/// Somebody of the company who reaches a site.
#[derive(Serialize, ToSchema)]
pub(crate) struct MySitePerson {
    /// Their name.
    name: String,
    /// Why.
    why: WhyReached,
    /// Until when; null: without an end.
    #[schema(required = true)]
    until: Option<DateTime<Utc>>,
}

/// Why somebody reaches a site.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WhyReached {
    /// They lead the company: its Installer Admin.
    Admin,
    /// Their role lets them manage all sites of the company.
    AllSites,
    /// The site is assigned to them.
    Assigned,
}

/// An account on an alarm panel.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyPanelAccount {
    /// The panel.
    #[schema(format = "uuid")]
    device_id: String,
    /// Its name; may be empty.
    device_name: String,
    /// Whose it is; empty where nobody is known.
    name: String,
    /// The user name on the panel.
    user_name: String,
    /// Since when it stands as it does.
    since: DateTime<Utc>,
}

/// Tells who reaches one of the end user's sites, why, and until when.
#[utoipa::path(tag = "my", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "Who reaches it", body = MySiteAccess),
    (status = 404, description = "Not there or not yours", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/sites/{site_id}/access")]
pub(crate) async fn get_my_site_access(
    owned: Owned,
    platform: web::Data<Platform>,
    id: web::Path<SiteId>,
) -> Result<web::Json<MySiteAccess>, ApiError> {
    let (now, period, owner) = (platform.clock.now(), platform.period(), owned.id());
    let (people, accounts) = platform
        .read(move |conn| {
            let site = owned_sites::get(conn, &owner, &id, now, period)?;
            Ok((owned_sites::people(conn, &site, now)?, owned_sites::panel_people(conn, &id)?))
        })
        .await?;
    let people =
        people.into_iter().map(|one| MySitePerson { name: one.name, why: one.why.into(), until: one.until }).collect();
    let panel_accounts = accounts.into_iter().map(|one| MyPanelAccount {
        device_id: one.device_id.to_string(),
        device_name: one.device_name,
        name: one.name,
        user_name: one.user_name,
        since: one.since,
    });
    Ok(web::Json(MySiteAccess { people, panel_accounts: panel_accounts.collect() }))
}

impl From<owned_sites::WhyReached> for WhyReached {
    fn from(why: owned_sites::WhyReached) -> Self {
        match why {
            owned_sites::WhyReached::Admin => Self::Admin,
            owned_sites::WhyReached::AllSites => Self::AllSites,
            owned_sites::WhyReached::Assigned => Self::Assigned,
        }
    }
}
