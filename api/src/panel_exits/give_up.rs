//! `POST /panel_exits/{panel_exit_id}/give_up`: the Admin gives up taking accounts off a panel.

use actix_web::{HttpResponse, post, web};
use siteward_domain::PanelExitId;
use siteward_store::{StoreError, panel_exits};

use crate::access::Admin;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Gives an exit up: the panel is not tried any more, its password is erased, and what is believed to be on it stays in the
/// exit. This cannot be taken up again.
#[utoipa::path(tag = "panels", params(("panel_exit_id" = String, Path, format = "uuid", description = "The exit")), responses(
    (status = 204, description = "Given up"),
    (status = 409, description = "It has ended already", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/panel_exits/{panel_exit_id}/give_up")]
pub(crate) async fn give_up_panel_exit(
    admin: Admin,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<PanelExitId>,
) -> Result<HttpResponse, ApiError> {
    let (now, company, staff) = (platform.clock.now(), admin.0.company_id(), admin.0.staff_id());
    note.object("panel_exit", &*id, "");
    let exit = platform
        .write(move |conn| match panel_exits::give_up(conn, &company, &id, Some(&staff), now) {
            Ok(exit) => Ok(Ok(exit)),
            Err(StoreError::Stale) => Ok(Err(ApiError::new(codes::PANEL_EXIT_ENDED))),
            Err(error) => Err(error),
        })
        .await??;
    note.object("panel_exit", &exit.id, exit.device_name);
    Ok(HttpResponse::NoContent().finish())
}
