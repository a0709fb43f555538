//! `DELETE /sites/{site_id}/shares/{share_id}`: takes a share back.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::share::GiverKind;
use siteward_domain::{ShareId, SiteId};
use siteward_store::{StoreError, shares};

use crate::access::{OnSites, rights};
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Takes a share back: the receiver sees nothing of the site from now on.
#[utoipa::path(tag = "shares", params(
    ("site_id" = String, Path, format = "uuid", description = "The site"),
    ("share_id" = String, Path, format = "uuid", description = "The share"),
), responses(
    (status = 204, description = "Taken back"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/sites/{site_id}/shares/{share_id}")]
pub(crate) async fn remove_share(
    on: OnSites<rights::Handover>,
    platform: web::Data<Platform>,
    note: Note,
    path: web::Path<(SiteId, ShareId)>,
) -> Result<HttpResponse, ApiError> {
    let (company, now, (site, id)) = (on.company_id(), platform.clock.now(), path.into_inner());
    let actor = format!("staff:{}", on.caller().staff_id());
    note.object("share", &id, "");
    let receiver = platform
        .write(move |conn| {
            let giver = (GiverKind::Company, company.as_str());
            let share = shares::find_share(conn, &site, giver, &id)?.ok_or(StoreError::NotFound)?;
            shares::remove(conn, &site, giver, &id, &actor, now)?;
            Ok(share)
        })
        .await?;
    note.object("share", &receiver.id, receiver.receiver_name);
    Ok(HttpResponse::NoContent().finish())
}
