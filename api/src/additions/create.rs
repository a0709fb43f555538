//! `POST /sites/{site_id}/additions`: begins to add a device by its label's text or its serial number.

use actix_web::{HttpResponse, post, web};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use siteward_domain::SiteId;
use siteward_domain::site::SiteAction;
use siteward_qr::label::Label;
use siteward_store::sites;
use utoipa::ToSchema;

use super::{Addition, Wanted, begin, known_code};
use crate::access::OnSites;
use crate::body::Body;
use crate::devices;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::allows;

/// A device to add: the text of its label, or its serial number typed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdditionCreate {
    /// The text of the label's QR.
    #[schema(value_type = Option<String>, max_length = 4096)]
    text: Option<SecretString>,
    /// The serial number, short or long.
    #[schema(max_length = 96)]
    serial: Option<String>,
    /// The verification code, 6 to 12 letters and digits.
    #[schema(value_type = Option<String>, max_length = 12, format = Password)]
    verification_code: Option<SecretString>,
    /// The name to give it; the device's own where it is empty.
    #[serde(default)]
    #[schema(max_length = 128)]
    name: String,
    /// The user name on the device; `admin` unless told.
    #[schema(min_length = 1, max_length = 32)]
    user_name: Option<String>,
    /// Its password, where it is known already.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 64, format = Password)]
    password: Option<SecretString>,
}

/// Begins to add a cloud device and goes on as far as it goes by itself: with everything known and in order, until it is added.
/// A device that this person adds to this site already is gone on with.
#[utoipa::path(tag = "additions", request_body = AdditionCreate, params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 201, description = "Begun; where it stands", body = Addition),
    (status = 409, description = "The site's status forbids it", body = ErrorBody),
    (status = 422, description = "No label, no serial number, or a field is not valid", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/sites/{site_id}/additions")]
pub(crate) async fn create_addition(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    site_id: web::Path<SiteId>,
    body: Body<AdditionCreate>,
) -> Result<HttpResponse, ApiError> {
    let (site_id, company) = (site_id.into_inner(), on.company_id());
    note.object("site", &site_id, "");
    let of_id = site_id.clone();
    // Whose site it is comes before what is wrong with the label: not yours is not there, whatever is asked.
    let site = platform.read(move |conn| sites::get_site(conn, &company, &of_id)).await?;
    allows(&site, SiteAction::ManageDevices)?;
    let wanted = check(body.into_inner())?;
    note.object("site", &site.id, format!("{} {}", site.name, wanted.serial));
    Ok(HttpResponse::Created().json(begin(&platform, &on, site_id, wanted).await?))
}

fn check(body: AdditionCreate) -> Result<Wanted, ApiError> {
    let mut wanted = match (&body.text, &body.serial) {
        (Some(text), None) => Wanted::from_label(&label(text)?),
        (None, Some(serial)) => Wanted::of(serial)?,
        // One of them, and not both: two that disagree would name two devices.
        _ => return Err(ApiError::field(codes::FIELD_INVALID, "serial")),
    };
    wanted.name = devices::name(&body.name)?;
    wanted.user_name = body.user_name.map(|name| devices::user_name(&name)).transpose()?;
    if let Some(password) = &body.password {
        devices::password(password)?;
    }
    wanted.password = body.password;
    if let Some(code) = &body.verification_code {
        wanted.verification_code = Some(known_code(code)?);
    }
    Ok(wanted)
}

fn label(text: &SecretString) -> Result<Label, ApiError> {
    Label::parse(text.expose_secret())
        .map_err(|error| ApiError::of_code(error.code(), codes::QR_NOT_A_LABEL).with_message(error.to_string()))
}
