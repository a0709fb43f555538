//! What staff do on sites that have an owner stands in the access log of these sites, too: the changing calls, and those
//! that show what is before a camera. Handlers cannot forget it, as with the operation log.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest, web};
use chrono::{DateTime, Utc};
use serde_json::json;
use siteward_domain::{CompanyId, DeviceId, SiteId, StaffId};
use siteward_store::access_log::places::{self, OwnedPlace};
use siteward_store::access_log::{self, Actor, NewEntry};
use siteward_store::reach::Object;
use siteward_store::{DbConn, StoreError};

use super::{Noted, action_of, result_of};
use crate::access::reach;
use crate::access::session::Caller;
use crate::error::{ApiError, codes};
use crate::platform::Platform;

/// Parts of routes whose handlers write into the access log themselves, with more than a call tells.
const TELL_THEMSELVES: [&str; 6] =
    ["/handovers", "/grants", "/grant_requests", "/rental", "/suspension", "/company_invitations"];

/// What is to be told to owners of a call.
pub(super) struct Told {
    company_id: CompanyId,
    staff_id: StaffId,
    action: String,
    detail: serde_json::Value,
    touched: Vec<OwnedPlace>,
    devices: Vec<DeviceId>,
    sites: Vec<SiteId>,
    at: DateTime<Utc>,
}

impl Told {
    /// Appends it to the log of every owned site that the call touched.
    pub(super) fn append(&self, conn: &mut DbConn) -> Result<(), StoreError> {
        let mut touched = self.touched.clone();
        if !self.devices.is_empty() {
            touched.extend(places::of_devices(conn, &self.company_id, &self.devices)?);
        }
        if !self.sites.is_empty() {
            touched.extend(places::of_sites(conn, &self.company_id, &self.sites)?);
        }
        for place in touched {
            let entry = NewEntry {
                site_id: place.site_id,
                actor: Actor::Staff(self.staff_id.clone()),
                company: Some(self.company_id.clone()),
                action: &self.action,
                device: place.device,
                detail: self.detail.clone(),
            };
            access_log::append(conn, &entry, self.at)?;
        }
        Ok(())
    }

    fn is_of_nothing(&self) -> bool {
        self.touched.is_empty() && self.devices.is_empty() && self.sites.is_empty()
    }
}

/// Whether a call that changes nothing is to be told all the same: it shows what stands before a camera.
pub(super) fn is_a_look(request: &HttpRequest) -> bool {
    let parts: Vec<&str> = parts_of(request.match_info().as_str()).collect();
    *request.method() == Method::GET
        && matches!(
            parts.as_slice(),
            ["devices", _, "snapshot" | "recordings"]
                | ["devices", _, "recordings", "download"]
                | ["linkage_firings", _, "pictures", _]
        )
}

/// Lets a look through and tells of it; what cannot be told of is not shown.
pub(super) async fn look<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let touched = match find(request.request()).await {
        Ok(touched) => touched,
        Err(error) => return Ok(request.error_response(unlogged(&error)).map_into_right_body()),
    };
    let response = next.call(request).await?;
    let platform = response.request().app_data::<web::Data<Platform>>().cloned();
    if let (Some(told), Some(platform)) = (told(&response, touched, &Noted::default()), platform)
        && let Err(error) = platform.write(move |conn| told.append(conn)).await
    {
        return Ok(response.error_response(unlogged(&error)).map_into_right_body());
    }
    Ok(response.map_into_left_body())
}

fn unlogged(error: &ApiError) -> ApiError {
    tracing::error!(cause = error.cause(), code = error.code(), "an access log could not be read or written");
    ApiError::new(codes::UNAVAILABLE)
}

/// The owned places that the path of a changing call names.
pub(super) async fn touched(request: &HttpRequest) -> Vec<OwnedPlace> {
    // Where the database is away the call itself will say so.
    find(request).await.unwrap_or_default()
}

/// The owned places that the path of a call names; none for whoever is not of the company's staff.
async fn find(request: &HttpRequest) -> Result<Vec<OwnedPlace>, ApiError> {
    let path = request.match_info().as_str();
    if path.starts_with("/api/v1/my/") || TELL_THEMSELVES.iter().any(|part| path.contains(part)) {
        return Ok(Vec::new());
    }
    let company = request.extensions().get::<Caller>().map(Caller::company_id);
    let platform = request.app_data::<web::Data<Platform>>().cloned();
    let (Some(company), Some(platform), Some(object)) = (company, platform, named(path)) else {
        return Ok(Vec::new());
    };
    platform.read(move |conn| places::of_object(conn, &company, &object)).await
}

/// What is to be told of a call: that it was done, or that the site's status or a missing permission forbade it.
pub(super) fn told<B>(response: &ServiceResponse<B>, touched: Vec<OwnedPlace>, noted: &Noted) -> Option<Told> {
    let request = response.request();
    let (company_id, staff_id) =
        request.extensions().get::<Caller>().map(|caller| (caller.company_id(), caller.staff_id()))?;
    let (status, result) = (response.status(), result_of(response));
    if !status.is_success() && status != StatusCode::CONFLICT {
        return None;
    }
    // What a body names has been looked for within the caller's reach once the call is done, and only then.
    let done = status.is_success();
    let object =
        noted.object.as_ref().filter(|(kind, _, name)| !matches!(*kind, "site" | "device") && !name.is_empty());
    let told = Told {
        company_id,
        staff_id,
        action: action_of(request),
        detail: match object {
            Some((_, _, name)) => json!({ "result": result, "object": name }),
            None => json!({ "result": result }),
        },
        touched,
        devices: if done { noted.devices.clone() } else { Vec::new() },
        sites: if done { noted.sites.clone() } else { Vec::new() },
        at: request.app_data::<web::Data<Platform>>()?.clock.now(),
    };
    (!told.is_of_nothing()).then_some(told)
}

/// What a path names by the ids in it: the device where there is one, else the first. The route that it takes is not known
/// before the call; but every id stands behind the name of its kind.
fn named(path: &str) -> Option<Object> {
    let kinds = parts_of(path);
    let mut first = None;
    for (kind, id) in kinds.zip(parts_of(path).skip(1)) {
        let Some(object) = name_of(kind).and_then(|name| reach::object(name, id)) else { continue };
        if matches!(object, Object::Device(_)) {
            return Some(object);
        }
        first = first.or(Some(object));
    }
    first
}

fn parts_of(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix("/api/v1/").unwrap_or_default().split('/')
}

/// How routes call the id that stands behind a name.
fn name_of(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "sites" => "site_id",
        "devices" => "device_id",
        "imports" => "import_id",
        "links" => "link_id",
        "additions" => "addition_id",
        "remote_sessions" => "remote_session_id",
        "exception_rules" => "exception_rule_id",
        "maintenance_windows" => "maintenance_window_id",
        "linkage_rules" => "linkage_rule_id",
        "linkage_firings" => "linkage_firing_id",
        "upgrades" => "upgrade_id",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_its_device_or_else_what_comes_first() {
        let (one, two) = ("01890f00-0000-7000-8000-000000000001", "01890f00-0000-7000-8000-000000000002");
        let named = |path: String| named(&format!("/api/v1/{path}"));
        let device = Some(Object::Device(two.parse().unwrap()));
        assert_eq!(named(format!("upgrades/{one}/devices/{two}/configuration")), device);
        assert_eq!(named(format!("devices/{two}/panel_accounts/{one}")), device);
        assert_eq!(named(format!("sites/{one}/devices")), Some(Object::Site(one.parse().unwrap())));
        assert_eq!(named(format!("sites/{one}/exception_rules/{two}")), Some(Object::Site(one.parse().unwrap())));
        assert_eq!(named(format!("links/{one}/code")), Some(Object::Link(one.parse().unwrap())));
        assert_eq!(named("sites/none".to_owned()), None);
        assert_eq!(named("company".to_owned()), None);
    }
}
