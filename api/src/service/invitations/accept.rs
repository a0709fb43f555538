//! `POST /service_invitations/{token}/accept`: the company serves the site from now on.

use actix_web::{post, web};
use serde::Serialize;
use siteward_store::custody::may_serve;
use siteward_store::{StoreError, company_invitations};
use siteward_worker::custody;
use utoipa::ToSchema;

use super::{not_served, refused};
use crate::access::{May, rights, token};
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// The site that the company serves from now on.
#[derive(Serialize, ToSchema)]
pub(crate) struct ServedSite {
    /// The site.
    #[schema(format = "uuid")]
    site_id: String,
}

/// Takes up an owner's invitation: the site is the company's to serve from now on, and the owner is told.
#[utoipa::path(tag = "custody", params(("token" = String, Path, description = "The end of the link")), responses(
    (status = 200, description = "The company serves the site", body = ServedSite),
    (status = 409, description = "The company serves it already or has one of its devices on another site, or the one that serves it has paused the owner's use", body = ErrorBody),
    (status = 410, description = "The link is good no more", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/service_invitations/{token}/accept")]
pub(crate) async fn accept_service_invitation(
    may: May<rights::Handover>,
    platform: web::Data<Platform>,
    note: Note,
    path: web::Path<String>,
) -> Result<web::Json<ServedSite>, ApiError> {
    let (now, hash, store) = (platform.clock.now(), token::hash(&path), platform.store.clone());
    let (company, staff) = (may.company_id(), may.caller().staff_id());
    note.object("site", &"", "");
    let accepted = platform
        .write(move |conn| {
            let open = company_invitations::find_open(conn, &hash, now)?.ok_or(StoreError::NotFound)?;
            let may = may_serve(conn, &open.site_id, &company)?;
            // Of two clicks at the same instant the second waited for the first, and finds the link used.
            company_invitations::find_open(conn, &hash, now)?.ok_or(StoreError::NotFound)?;
            if let Err(why) = may {
                return Ok(Err(not_served(why)));
            }
            custody::accept_invitation(conn, store.vault(), &hash, (&company, &staff), now).map(Ok)
        })
        .await;
    let site = match accepted {
        Ok(site) => site?,
        Err(error) => return Err(refused(error)),
    };
    note.object("site", &site, "");
    (platform.wake_worker)();
    Ok(web::Json(ServedSite { site_id: site.to_string() }))
}
