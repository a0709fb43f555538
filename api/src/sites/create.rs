//! `POST /sites`: makes a site.

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use siteward_domain::SiteId;
use siteward_domain::event::EventKind;
use siteward_domain::staff::Right;
use siteward_store::site_managers;
use siteward_store::sites::{self, NewSite};
use utoipa::ToSchema;

use super::{Site, address, name, time_zone};
use crate::access::May;
use crate::access::rights::AddSite;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::live::site_event;
use crate::operation_log::Note;
use crate::platform::Platform;

/// A site to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteCreate {
    /// Its name, unique in the company.
    #[schema(min_length = 1, max_length = 128)]
    name: String,
    /// Its address.
    #[serde(default)]
    #[schema(max_length = 128)]
    address: String,
    /// IANA time zone, e.g. `Europe/Berlin`.
    #[schema(min_length = 1, max_length = 64)]
    time_zone: String,
    /// Whether to write time and time zone to the devices.
    #[serde(default)]
    sync_time: bool,
}

/// Makes a site. Whoever does not manage every site of the company becomes a manager of this one.
#[utoipa::path(tag = "sites", request_body = SiteCreate, responses(
    (status = 201, description = "Made", body = Site),
    (status = 409, description = "The name is taken", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/sites")]
pub(crate) async fn create_site(
    may: May<AddSite>,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<SiteCreate>,
) -> Result<HttpResponse, ApiError> {
    let (now, period) = (platform.clock.now(), platform.period());
    let body = body.into_inner();
    let new = NewSite {
        id: SiteId::generate(now),
        company_id: may.company_id(),
        name: name(&body.name)?,
        address: address(&body.address)?,
        time_zone: time_zone(&body.time_zone)?,
        sync_time: body.sync_time,
    };
    note.object("site", &new.id, &new.name);
    let event = site_event(EventKind::SiteCreated, may.caller(), &new.id, now);
    let manages_all = may.caller().rights().contains(&Right::ManageAllSites);
    let maker = may.caller().staff_id();
    let site = platform
        .write(move |conn| {
            sites::create_site(conn, &new, now)?;
            if !manages_all {
                site_managers::assign(conn, &new.company_id, &new.id, &maker, now)?;
            }
            siteward_store::events::append(conn, &event)?;
            let site = sites::get_site(conn, &new.company_id, &new.id)?;
            Site::describe(conn, site, now, period)
        })
        .await?;
    Ok(HttpResponse::Created().json(site))
}
