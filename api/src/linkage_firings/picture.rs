//! `GET /linkage_firings/{linkage_firing_id}/pictures/{position}`: a picture that a linkage rule took.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, get, web};
use siteward_domain::LinkageFiringId;
use siteward_domain::grant::{DevicePermission, Refusal};
use siteward_domain::site::SiteAction;
use siteward_store::{StoreError, devices, grants, linkage, sites};

use crate::access::OnSites;
use crate::devices::snapshot::Jpeg;
use crate::error::{ApiError, ErrorBody};
use crate::grants::{permitted, refusal};
use crate::platform::Platform;
use crate::sites::allows;

/// Gives a picture that a linkage rule took. It is kept sealed, for 30 days at most, and needs what the live picture of its
/// camera needs.
#[utoipa::path(tag = "linkage", params(
    ("linkage_firing_id" = String, Path, format = "uuid", description = "The firing"),
    ("position" = u32, Path, maximum = 127, description = "Which of its actions, from 0"),
), responses(
    (status = 200, description = "The picture", body = Jpeg, content_type = "image/jpeg"),
    (status = 409, description = "The site's status or its owner forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/linkage_firings/{linkage_firing_id}/pictures/{position}")]
pub(crate) async fn get_linkage_picture(
    on: OnSites,
    platform: web::Data<Platform>,
    path: web::Path<(LinkageFiringId, u32)>,
) -> Result<HttpResponse, ApiError> {
    let (company, reach, (id, position)) = (on.company_id(), on.reach(), path.into_inner());
    let (of_company, of_id) = (company.clone(), id.clone());
    let (camera, sealed) = platform
        .read(move |conn| {
            let firing = linkage::get_firing(conn, &reach, &of_id)?;
            let site = sites::get_site(conn, &of_company, &firing.site_id)?;
            if let Err(refusal) = allows(&site, SiteAction::ManageDevices) {
                return Ok(Err(refusal));
            }
            let sealed = linkage::find_picture(conn, &of_id, position)?.ok_or(StoreError::NotFound)?;
            let fired = firing.actions.iter().find(|fired| fired.position == position);
            let camera = fired.and_then(|fired| fired.action.device()).ok_or(StoreError::NotFound)?;
            let camera = match devices::get_device(conn, &of_company, camera) {
                Err(StoreError::NotFound) => None,
                found => Some(found?),
            };
            // For a camera that is not on the site any more its owner allows nothing.
            let is_there = camera.as_ref().is_some_and(|camera| camera.site_id == firing.site_id);
            if !is_there && grants::owner_of(conn, &firing.site_id)?.is_some() {
                return Ok(Err(refusal(Refusal::Missing(DevicePermission::LiveView))));
            }
            Ok(Ok((camera, sealed)))
        })
        .await??;
    if let Some(camera) = camera {
        permitted(&platform, on.caller(), &camera.id, DevicePermission::LiveView).await?;
    }
    let place = linkage::picture_place(&company, &id);
    let picture = platform.store.vault().open_bytes(place, &sealed).map_err(StoreError::from)?;
    // A picture of a customer's premises stays in no cache.
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "image/jpeg"))
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .body(picture.to_vec()))
}
