//! What staff do on sites that have an owner stands in the access log of these sites, too: the changing calls, and those
//! that show what is before a camera. Handlers cannot forget it, as with the operation log.

use actix_web::body::MessageBody;
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
use crate::platform::Platform;

/// Calls that change nothing and show what stands before a camera.
const LOOKS: [&str; 2] =
    ["/api/v1/devices/{device_id}/snapshot", "/api/v1/linkage_firings/{linkage_firing_id}/pictures/{position}"];
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

/// Whether a call that changes nothing is to be told all the same.
pub(super) fn is_a_look(request: &HttpRequest) -> bool {
    *request.method() == Method::GET && request.match_pattern().is_some_and(|route| LOOKS.contains(&route.as_str()))
}

/// Lets a look through and tells of it.
pub(super) async fn look<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let touched = touched(request.request()).await;
    let response = next.call(request).await?;
    let platform = response.request().app_data::<web::Data<Platform>>().cloned();
    if let (Some(told), Some(platform)) = (told(&response, touched, &Noted::default()), platform) {
        let action = told.action.clone();
        if let Err(error) = platform.write(move |conn| told.append(conn)).await {
            tracing::error!(action, cause = error.cause(), code = error.code(), "an access log could not be written");
        }
    }
    Ok(response)
}

/// The owned places that the path of a call names; none for whoever is not of the company's staff.
pub(super) async fn touched(request: &HttpRequest) -> Vec<OwnedPlace> {
    let route = request.match_pattern().unwrap_or_default();
    if route.starts_with("/api/v1/my/") || TELL_THEMSELVES.iter().any(|part| route.contains(part)) {
        return Vec::new();
    }
    let company = request.extensions().get::<Caller>().map(Caller::company_id);
    let platform = request.app_data::<web::Data<Platform>>().cloned();
    let (Some(company), Some(platform), Some(object)) = (company, platform, named(&route, request.path())) else {
        return Vec::new();
    };
    // Where the database is away the call itself will say so.
    platform.read(move |conn| places::of_object(conn, &company, &object)).await.unwrap_or_default()
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

/// What a path names by the ids in it: the device where there is one, else the first.
fn named(route: &str, path: &str) -> Option<Object> {
    let pairs = route.split('/').zip(path.split('/'));
    let ids = pairs.filter_map(|(part, value)| Some((part.strip_prefix('{')?.strip_suffix('}')?, value)));
    let mut objects = ids.filter_map(|(name, value)| reach::object(name, value)).collect::<Vec<_>>().into_iter();
    let first = objects.next()?;
    Some(if matches!(first, Object::Device(_)) {
        first
    } else {
        objects.find(|object| matches!(object, Object::Device(_))).unwrap_or(first)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_its_device_or_else_what_comes_first() {
        let (one, two) = ("01890f00-0000-7000-8000-000000000001", "01890f00-0000-7000-8000-000000000002");
        let named = |route: &str, path: String| named(route, &path);
        let device = Some(Object::Device(two.parse().unwrap()));
        let route = "/api/v1/upgrades/{upgrade_id}/devices/{device_id}/configuration";
        assert_eq!(named(route, format!("/api/v1/upgrades/{one}/devices/{two}/configuration")), device);
        let route = "/api/v1/devices/{device_id}/panel_accounts/{account_id}";
        assert_eq!(named(route, format!("/api/v1/devices/{two}/panel_accounts/{one}")), device);
        let route = "/api/v1/sites/{site_id}/exception_rules/{exception_rule_id}";
        let site = Some(Object::Site(one.parse().unwrap()));
        assert_eq!(named(route, format!("/api/v1/sites/{one}/exception_rules/{two}")), site);
        assert_eq!(named("/api/v1/sites/{site_id}", "/api/v1/sites/none".to_owned()), None);
        assert_eq!(named("/api/v1/company", "/api/v1/company".to_owned()), None);
    }
}
