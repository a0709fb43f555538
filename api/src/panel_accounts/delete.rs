//! `DELETE /devices/{device_id}/panel_accounts/{account_id}`: takes an account off that nobody should have.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::site::SiteAction;
use siteward_domain::{DeviceId, PanelAccountId};
use siteward_store::{StoreError, devices, panel_accounts};

use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::allows;

/// Orders an unexpected account off an alarm panel. Accounts that people should have are kept as sites and roles say, and go by
/// changing those.
#[utoipa::path(tag = "panels", params(
    ("device_id" = String, Path, format = "uuid", description = "The alarm panel"),
    ("account_id" = String, Path, format = "uuid", description = "The account"),
), responses(
    (status = 202, description = "The worker takes it off soon", body = Object),
    (status = 409, description = "Somebody should have it, or it goes already, or the site's status forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/devices/{device_id}/panel_accounts/{account_id}")]
pub(crate) async fn delete_panel_account(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    path: web::Path<(DeviceId, PanelAccountId)>,
) -> Result<HttpResponse, ApiError> {
    let (now, company) = (platform.clock.now(), on.company_id());
    let (id, account) = path.into_inner();
    let (device, ordered) = platform
        .write(move |conn| {
            let (device, site) = devices::hold_device(conn, &company, &id)?;
            if let Err(refusal) = allows(&site, SiteAction::ManageDevices) {
                return Ok(Err(refusal));
            }
            match panel_accounts::order_removal(conn, &company, &id, &account, now) {
                Ok(ordered) => Ok(Ok((device, ordered))),
                Err(StoreError::Stale) => Ok(Err(ApiError::new(codes::PANEL_ACCOUNT_WANTED))),
                Err(error) => Err(error),
            }
        })
        .await??;
    note.object("device", &device.id, format!("{} · {}", device.name, ordered.user_name));
    (platform.wake_worker)();
    Ok(HttpResponse::Accepted().json(serde_json::json!({})))
}
