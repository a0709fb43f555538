//! `POST /sites/{site_id}/additions/batch`: many devices that were found, in one go.

use std::collections::HashSet;

use actix_web::{HttpResponse, post, web};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use siteward_domain::SiteId;
use siteward_domain::device_password::check_new;
use siteward_domain::site::SiteAction;
use siteward_store::sightings::{self, FoundDevice};
use siteward_store::{jobs, sites};
use siteward_worker::jobs::advance_addition;
use utoipa::ToSchema;

use super::view::AdditionList;
use super::{Addition, USUAL_USER, Wanted, known_code, starting, weak_device_password};
use crate::access::OnSites;
use crate::body::Body;
use crate::devices;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::allows;

/// Most devices of one batch.
const MOST_ITEMS: usize = 256;

/// Devices to add together: activated where they are new, logged in to where they are not.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdditionBatch {
    /// The devices.
    #[schema(min_items = 1, max_items = 256)]
    items: Vec<AdditionBatchItem>,
    /// One password for all that have none of their own.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 64, format = Password)]
    password: Option<SecretString>,
    /// The user name on the devices; `admin` unless told.
    #[schema(min_length = 1, max_length = 32)]
    user_name: Option<String>,
}

/// One of many devices to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdditionBatchItem {
    /// Its serial number.
    #[schema(min_length = 9, max_length = 96)]
    serial: String,
    /// The name to give it; the device's own where it is empty.
    #[serde(default)]
    #[schema(max_length = 128)]
    name: String,
    /// Its own password.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 64, format = Password)]
    password: Option<SecretString>,
    /// Its verification code. Where its service is off and none is given, one is made.
    #[schema(value_type = Option<String>, min_length = 6, max_length = 12, format = Password)]
    verification_code: Option<SecretString>,
}

/// Adds many devices in the background: follow them by the list of additions or by `addition_changed` of the live events.
#[utoipa::path(tag = "additions", request_body = AdditionBatch, params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 202, description = "The worker goes on with them", body = AdditionList),
    (status = 409, description = "The site's status forbids it", body = ErrorBody),
    (status = 422, description = "A field is not valid; details.index tells of which device", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/sites/{site_id}/additions/batch")]
pub(crate) async fn create_additions(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    site_id: web::Path<SiteId>,
    body: Body<AdditionBatch>,
) -> Result<HttpResponse, ApiError> {
    let (by, reach) = (on.caller().clone(), on.reach());
    let (site_id, now) = (site_id.into_inner(), platform.clock.now());
    note.object("site", &site_id, "");
    let (company, of_id) = (by.company_id(), site_id.clone());
    let (site, found) = platform
        .read(move |conn| {
            Ok((sites::get_site(conn, &company, &of_id)?, sightings::list_for_site(conn, &company, &of_id)?))
        })
        .await?;
    note.object("site", &site.id, &site.name);
    allows(&site, SiteAction::ManageDevices)?;
    let wanted = check(body.into_inner(), &found)?;
    let store = platform.store.clone();
    let items = platform
        .write(move |conn| {
            if let Err(refusal) =
                allows(&sites::hold_site(conn, &by.company_id(), &site_id)?, SiteAction::ManageDevices)
            {
                return Ok(Err(refusal));
            }
            let mut ids = Vec::with_capacity(wanted.len());
            for device in &wanted {
                let id = starting::store(conn, store.vault(), &by, &site_id, device, now)?;
                jobs::enqueue(conn, &advance_addition::new_job(&by.company_id(), &id, now), now)?;
                ids.push(id);
            }
            ids.iter().map(|id| Addition::read(conn, &reach, id, now)).collect::<Result<Vec<_>, _>>().map(Ok)
        })
        .await??;
    (platform.wake_worker)();
    Ok(HttpResponse::Accepted().json(AdditionList { items }))
}

/// Checks all of it before anything is begun; the refusal tells of which device.
fn check(body: AdditionBatch, found: &[FoundDevice]) -> Result<Vec<Wanted>, ApiError> {
    if !(1..=MOST_ITEMS).contains(&body.items.len()) {
        return Err(ApiError::field(codes::FIELD_INVALID, "items"));
    }
    let user_name = body.user_name.as_deref().map(devices::user_name).transpose()?;
    let mut serials = HashSet::new();
    let mut wanted = Vec::with_capacity(body.items.len());
    for (index, item) in body.items.into_iter().enumerate() {
        let one = one(item, user_name.as_ref(), body.password.as_ref(), found).and_then(|one| {
            let is_new = serials.insert(one.serial.clone());
            if is_new { Ok(one) } else { Err(ApiError::field(codes::FIELD_INVALID, "serial")) }
        });
        wanted.push(one.map_err(|refusal| refusal.with_index(index))?);
    }
    Ok(wanted)
}

fn one(
    item: AdditionBatchItem,
    user_name: Option<&String>,
    password: Option<&SecretString>,
    found: &[FoundDevice],
) -> Result<Wanted, ApiError> {
    let mut wanted = Wanted::of(&item.serial)?;
    wanted.name = devices::name(&item.name)?;
    wanted.user_name = user_name.cloned();
    wanted.password = item.password.or_else(|| password.cloned());
    wanted.verification_code = item.verification_code.as_ref().map(known_code).transpose()?;
    if let Some(password) = &wanted.password {
        devices::password(password)?;
        let seen = found.iter().find(|found| found.seen.sighting.serial == wanted.serial);
        if seen.is_some_and(|found| found.seen.sighting.activated == Some(false)) {
            check_new(password.expose_secret(), USUAL_USER).map_err(weak_device_password)?;
        }
    }
    Ok(wanted)
}
