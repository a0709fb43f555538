//! `POST /sites/{site_id}/password_changes`: a new random password for each of several devices.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use siteward_domain::grant::DevicePermission;
use siteward_domain::site::SiteAction;
use siteward_domain::{DeviceId, SiteId};
use siteward_store::{StoreError, devices, password_changes, sites};
use utoipa::ToSchema;

use super::{PasswordChangeList, random, request};
use crate::access::OnSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::grants::permit;
use crate::operation_log::Note;
use crate::platform::{Platform, off_thread};
use crate::sites::allows;

/// Most devices in one go.
const MOST_DEVICES: usize = 1000;

/// Which devices.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChangesCreate {
    /// Devices of the site.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 1000)]
    device_ids: Vec<DeviceId>,
}

/// Gives each of the devices a random password of its own, in the background. The old one of each is forgotten only when the
/// device took the new one.
#[utoipa::path(tag = "devices", request_body = PasswordChangesCreate, params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 202, description = "The worker changes them", body = PasswordChangeList),
    (status = 409, description = "The status or the owner of the site forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/sites/{site_id}/password_changes")]
pub(crate) async fn create_password_changes(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    site_id: web::Path<SiteId>,
    body: Body<PasswordChangesCreate>,
) -> Result<HttpResponse, ApiError> {
    let (now, company, site_id) = (platform.clock.now(), on.company_id(), site_id.into_inner());
    let ids = body.into_inner().device_ids;
    if !(1..=MOST_DEVICES).contains(&ids.len()) {
        return Err(ApiError::field(codes::FIELD_INVALID, "device_ids"));
    }
    note.object("site", &site_id, format!("devices: {}", ids.len()));
    let (store, of_company, caller) = (platform.store.clone(), company.clone(), on.caller().clone());
    let sealed = off_thread(move || {
        ids.into_iter()
            .map(|id| random(&store, &of_company, &id).map(|sealed| (id, sealed)))
            .collect::<Result<BTreeMap<_, _>, _>>()
    });
    let (sealed, store) = (sealed.await??, platform.store.clone());
    let items = platform
        .write(move |conn| {
            if let Err(refusal) = allows(&sites::hold_site(conn, &company, &site_id)?, SiteAction::ManageDevices) {
                return Ok(Err(refusal));
            }
            for (id, new) in &sealed {
                if devices::get_device(conn, &company, id)?.site_id != site_id {
                    return Err(StoreError::NotFound);
                }
                let permission = DevicePermission::Configuration;
                if let Err(refusal) = permit(conn, store.vault(), &caller, id, permission, now)? {
                    return Ok(Err(refusal));
                }
                // One that is under way goes on as it is.
                request(conn, &company, id, new, now)?;
            }
            let all = password_changes::list_for_site(conn, &company, &site_id)?;
            Ok(Ok(all.into_iter().filter(|change| sealed.contains_key(&change.device_id)).collect::<Vec<_>>()))
        })
        .await??;
    (platform.wake_worker)();
    let items = items.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Accepted().json(PasswordChangeList { items }))
}
