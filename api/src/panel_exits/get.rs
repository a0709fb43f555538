//! `GET /panel_exits/{panel_exit_id}`: one exit with its proof.

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::PanelExitId;
use siteward_store::panel_accounts::{self, Removed};
use siteward_store::panel_exits;
use utoipa::ToSchema;

use super::PanelExit;
use crate::access::May;
use crate::access::rights::ManageAllSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Accounts of one exit that are told; panels hold fewer.
const MOST_REMOVED: u32 = 100;

/// An account that was taken off in the course of an exit.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExitRemoval {
    /// The person's name; empty where it was nobody's.
    person_name: String,
    /// The user name.
    user_name: String,
    /// As what.
    role: String,
    /// When the panel was read without it.
    removed_at: DateTime<Utc>,
}

/// An account that is left on a panel.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExitRemaining {
    /// The user name.
    user_name: String,
    /// What it may do.
    role: String,
}

/// An exit with what proves it.
#[derive(Serialize, ToSchema)]
pub(crate) struct PanelExitProof {
    /// The exit.
    #[serde(flatten)]
    exit: PanelExit,
    /// What was taken off since the panel was deleted, latest first, each as read back from the panel.
    #[schema(max_items = 100)]
    removed: Vec<ExitRemoval>,
    /// What the panel listed at the end; of an exit that was given up, what is believed to be on it.
    remaining: Vec<ExitRemaining>,
}

/// Tells of one exit, with the accounts that were taken off and those that are left.
#[utoipa::path(tag = "panels", params(("panel_exit_id" = String, Path, format = "uuid", description = "The exit")), responses(
    (status = 200, description = "The exit", body = PanelExitProof),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/panel_exits/{panel_exit_id}")]
pub(crate) async fn get_panel_exit(
    may: May<ManageAllSites>,
    platform: web::Data<Platform>,
    id: web::Path<PanelExitId>,
) -> Result<web::Json<PanelExitProof>, ApiError> {
    let company = may.company_id();
    let (exit, removed) = platform
        .read(move |conn| {
            let exit = panel_exits::get(conn, &company, &id)?;
            Ok((exit, panel_accounts::list_removals(conn, &company, Removed::InExit(&id), None, MOST_REMOVED)?))
        })
        .await?;
    let removal = |one: panel_accounts::Removal| ExitRemoval {
        person_name: one.person_name,
        user_name: one.user_name,
        role: one.role,
        removed_at: one.removed_at,
    };
    Ok(web::Json(PanelExitProof {
        removed: removed.items.into_iter().map(removal).collect(),
        exit: PanelExit::from(&exit),
        remaining: exit
            .remaining
            .into_iter()
            .map(|left| ExitRemaining { user_name: left.user_name, role: left.role })
            .collect(),
    }))
}
