//! `POST /sites/{site_id}/links`: makes a link and the code that enrols a box.

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use siteward_domain::site::SiteAction;
use siteward_domain::{LinkId, SiteId};
use siteward_store::links::{self, NewLink};
use siteward_store::sites;
use utoipa::ToSchema;

use super::code::{NewCode, public_url};
use super::{LinkCreated, actor, name};
use crate::access::OnSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::allows;

/// A link to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkCreate {
    /// Its name, e.g. where the box stands.
    #[schema(min_length = 1, max_length = 128)]
    name: String,
}

/// Makes a link. The answer tells the code that enrols one box within 24 hours; it is told only now.
#[utoipa::path(tag = "links", request_body = LinkCreate, params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 201, description = "Made", body = LinkCreated),
    (status = 409, description = "The site's status forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/sites/{site_id}/links")]
pub(crate) async fn create_link(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    site_id: web::Path<SiteId>,
    body: Body<LinkCreate>,
) -> Result<HttpResponse, ApiError> {
    let (company, now) = (on.company_id(), platform.clock.now());
    note.object("site", &*site_id, "");
    let (code, by) = (NewCode::generate(now), actor(on.caller()));
    let id = LinkId::generate(now);
    let wanted = body.into_inner().name;
    let (hash, expires_at) = (code.hash(), code.expires_at);
    let (link, url) = platform
        .write(move |conn| {
            let site = sites::hold_site(conn, &company, &site_id)?;
            let new = match allows(&site, SiteAction::ManageDevices).and_then(|()| name(&wanted)) {
                Err(refusal) => return Ok(Err(refusal)),
                Ok(name) => NewLink {
                    id: id.clone(),
                    company_id: company.clone(),
                    site_id: site.id,
                    name,
                    enrol_code_hash: hash.clone(),
                    enrol_expires_at: expires_at,
                    actor: by.clone(),
                },
            };
            links::create_link(conn, &new, now)?;
            Ok(Ok((links::get_link(conn, &company, &id)?, public_url(conn, &company)?)))
        })
        .await??;
    note.object("link", &link.id, &link.name);
    Ok(HttpResponse::Created().json(LinkCreated::new(link, code, &url)))
}
