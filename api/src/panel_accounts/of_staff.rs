//! `GET /staff/{staff_id}/panel_accounts`: which alarm panels a person is on, and the proof that they are off others.

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use siteward_domain::StaffId;
use siteward_store::panel_accounts::{self, OnPanel, Removal, Removed};
use siteward_store::staff;
use utoipa::{IntoParams, ToSchema};

use crate::access::May;
use crate::access::rights::ManageStaff;
use crate::error::{ApiError, ErrorBody};
use crate::page;
use crate::platform::Platform;
use crate::words::PanelAccountState;

/// Which page of both lists.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PanelsOfStaffQuery {
    /// `next_cursor` of the page before.
    #[param(max_length = 2048)]
    cursor: Option<String>,
    /// `next_removed_cursor` of the page before.
    #[param(max_length = 2048)]
    removed_cursor: Option<String>,
    /// Items of each list wanted, 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// An account of a person on an alarm panel.
#[derive(Serialize, ToSchema)]
pub(crate) struct PanelOfStaff {
    /// The panel.
    #[schema(format = "uuid")]
    device_id: String,
    /// Its name; may be empty.
    device_name: String,
    /// The name of its site.
    site_name: String,
    /// The user name on the panel.
    user_name: String,
    /// As what.
    role: String,
    /// Where the account stands.
    state: PanelAccountState,
    /// Since when.
    since: DateTime<Utc>,
}

/// An account that was taken off an alarm panel, as read back from it.
#[derive(Serialize, ToSchema)]
pub(crate) struct RemovedFromPanel {
    /// The panel.
    #[schema(format = "uuid")]
    device_id: String,
    /// Its name then; may be empty.
    device_name: String,
    /// Its short serial, where known.
    #[schema(required = true)]
    serial: Option<String>,
    /// The name of its site then.
    site_name: String,
    /// The user name.
    user_name: String,
    /// As what.
    role: String,
    /// When the panel was read without it.
    removed_at: DateTime<Utc>,
}

/// The alarm panels of a person.
#[derive(Serialize, ToSchema)]
pub(crate) struct PanelsOfStaff {
    /// Where they have an account, the newest first.
    #[schema(max_items = 100)]
    items: Vec<PanelOfStaff>,
    /// Give it back for the next page of `items`; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
    /// What they were taken off, the latest first.
    #[schema(max_items = 100)]
    removed: Vec<RemovedFromPanel>,
    /// Give it back for the next page of `removed`; null on the last.
    #[schema(required = true)]
    next_removed_cursor: Option<String>,
}

/// Lists the alarm panels that a member of staff has an account on, and those that they were taken off. It answers for people
/// who are gone too: the proof outlives them.
#[utoipa::path(tag = "panels", params(PanelsOfStaffQuery, ("staff_id" = String, Path, format = "uuid", description = "The member of staff")), responses(
    (status = 200, description = "Their panels", body = PanelsOfStaff),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/staff/{staff_id}/panel_accounts")]
pub(crate) async fn list_panels_of_staff(
    may: May<ManageStaff>,
    platform: web::Data<Platform>,
    staff_id: web::Path<StaffId>,
    query: web::Query<PanelsOfStaffQuery>,
) -> Result<web::Json<PanelsOfStaff>, ApiError> {
    let (company, query) = (may.company_id(), query.into_inner());
    let limit = page::limit(query.limit)?;
    let (on, off) = platform
        .read(move |conn| {
            let on = panel_accounts::list_for_person(conn, &company, &staff_id, query.cursor.as_deref(), limit)?;
            let of = Removed::Of(&staff_id);
            let off = panel_accounts::list_removals(conn, &company, of, query.removed_cursor.as_deref(), limit)?;
            if on.items.is_empty() && off.items.is_empty() {
                // Nothing is left of them but maybe themself; another company's people are not told from nobody.
                staff::get_staff(conn, &company, &staff_id)?;
            }
            Ok((on, off))
        })
        .await?;
    Ok(web::Json(PanelsOfStaff {
        items: on.items.into_iter().map(PanelOfStaff::from).collect(),
        next_cursor: on.next_cursor,
        removed: off.items.into_iter().map(RemovedFromPanel::from).collect(),
        next_removed_cursor: off.next_cursor,
    }))
}

impl From<OnPanel> for PanelOfStaff {
    fn from(on: OnPanel) -> Self {
        Self {
            device_id: on.device_id.to_string(),
            device_name: on.device_name,
            site_name: on.site_name,
            user_name: on.user_name,
            role: on.role,
            state: PanelAccountState(on.state),
            since: on.since,
        }
    }
}

impl From<Removal> for RemovedFromPanel {
    fn from(removal: Removal) -> Self {
        Self {
            device_id: removal.device_id.to_string(),
            device_name: removal.device_name,
            serial: removal.serial,
            site_name: removal.site_name,
            user_name: removal.user_name,
            role: removal.role,
            removed_at: removal.removed_at,
        }
    }
}
