//! `POST /devices/{device_id}/password`: a new password on the device itself (R-O9).

use actix_web::{HttpResponse, post, web};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use siteward_domain::DeviceId;
use siteward_domain::device_password::{self, DevicePasswordRule};
use siteward_domain::grant::DevicePermission;
use siteward_domain::site::SiteAction;
use siteward_store::{devices, sites};
use utoipa::ToSchema;

use super::Device;
use crate::access::OnSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::grants::permitted;
use crate::operation_log::Note;
use crate::password_changes::{random, request, seal};
use crate::platform::Platform;
use crate::sites::allows;

/// The new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DevicePasswordChange {
    /// 8 to 16 characters of at least two classes, not containing `admin` or its reverse; a random one where absent.
    #[schema(value_type = Option<String>, min_length = 8, max_length = 16, format = Password)]
    password: Option<SecretString>,
}

/// Gives a device a new password, in the background. The old one is forgotten only when the device took the new one.
#[utoipa::path(tag = "devices", request_body = DevicePasswordChange, params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 202, description = "The worker changes it; `password_change` tells how it goes", body = Device),
    (status = 409, description = "The site's status or its owner forbids it, or a change is running", body = ErrorBody),
    (status = 422, description = "The password does not keep the rules; details.rule", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/devices/{device_id}/password")]
pub(crate) async fn change_device_password(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceId>,
    body: Body<DevicePasswordChange>,
) -> Result<HttpResponse, ApiError> {
    let (now, yardstick, company) = (platform.clock.now(), platform.yardstick(), on.company_id());
    let (of_company, of_id) = (company.clone(), id.clone());
    let (device, site) = platform
        .read(move |conn| {
            let device = devices::get_device(conn, &of_company, &of_id)?;
            let site = sites::get_site(conn, &of_company, &device.site_id)?;
            Ok((device, site))
        })
        .await?;
    note.object("device", &device.id, &device.name);
    allows(&site, SiteAction::ManageDevices)?;
    permitted(&platform, on.caller(), &device.id, DevicePermission::Configuration).await?;
    let sealed = match &body.0.password {
        None => random(&platform.store, &company, &device.id)?,
        Some(password) => {
            device_password::check_new(password.expose_secret(), &device.user_name).map_err(weak)?;
            seal(&platform.store, &company, &device.id, password)?
        }
    };
    let device = platform
        .write(move |conn| match request(conn, &company, &device.id, &sealed, now)? {
            None => Ok(Err(ApiError::new(codes::PASSWORD_CHANGE_RUNNING))),
            Some(_) => Device::read(conn, &company, &device.id, now, &yardstick).map(Ok),
        })
        .await??;
    (platform.wake_worker)();
    Ok(HttpResponse::Accepted().json(device))
}

fn weak(rule: DevicePasswordRule) -> ApiError {
    ApiError::new(codes::DEVICE_PASSWORD_WEAK)
        .with_message(rule.to_string())
        .with_details(json!({ "field": "password", "rule": rule.as_str() }))
}
