//! `GET /sites/{site_id}/app_hint`: which app the site's end users need, to send to them (R-D10).

use actix_web::http::Uri;
use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use siteward_domain::company::AppHint as Stored;
use siteward_domain::{SiteId, text};
use siteward_qr::drawing::svg;
use siteward_store::{StoreError, companies, sites};
use utoipa::ToSchema;

use super::MOST_URL_CHARACTERS;

use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody, bad_name, codes};
use crate::platform::Platform;

/// The app where the company names none: the pages of this server.
const OWN_NAME: &str = "Siteward";
const MOST_NAME: usize = 64;
const MOST_VERSION: usize = 32;

/// The app that a company's end users need.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppHint {
    /// Its name.
    #[schema(min_length = 1, max_length = 64)]
    pub(crate) name: String,
    /// The version needed, or newer; may be empty.
    #[schema(max_length = 32)]
    pub(crate) version: String,
    /// Where to get it.
    #[schema(min_length = 8, max_length = 255)]
    pub(crate) link: String,
}

/// The app hint of a site, ready to send.
#[derive(Serialize, ToSchema)]
pub(crate) struct SiteAppHint {
    /// The app's name.
    name: String,
    /// The version needed, or newer; may be empty.
    version: String,
    /// Where to get it.
    link: String,
    /// The address as a QR code, SVG.
    qr_svg: String,
}

/// Tells which app end users need; where the company says nothing, the pages of this server.
#[utoipa::path(tag = "sites", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "The hint", body = SiteAppHint),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/sites/{site_id}/app_hint")]
pub(crate) async fn get_app_hint(
    on: OnSites,
    platform: web::Data<Platform>,
    site_id: web::Path<SiteId>,
) -> Result<web::Json<SiteAppHint>, ApiError> {
    let company = on.company_id();
    let company = platform
        .read(move |conn| {
            sites::get_site(conn, &company, &site_id)?;
            companies::find_company(conn, &company)?.ok_or(StoreError::NotFound)
        })
        .await?;
    let own = || AppHint { name: OWN_NAME.to_owned(), version: String::new(), link: company.public_url.clone() };
    let AppHint { name, version, link } = company.app_hint.clone().map_or_else(own, AppHint::from);
    let qr_svg = svg(&link).map_err(ApiError::internal)?;
    Ok(web::Json(SiteAppHint { name, version, link, qr_svg }))
}

impl AppHint {
    /// Checks what a company says.
    pub(super) fn check(self) -> Result<Stored, ApiError> {
        let name = text::needed_line(&self.name, MOST_NAME).map_err(|error| bad_name(&error, "app_hint.name"))?;
        let version =
            text::optional_line(&self.version, MOST_VERSION).map_err(|error| bad_name(&error, "app_hint.version"))?;
        let link = self.link.trim();
        let uri = link.parse::<Uri>().ok().filter(|uri| uri.host().is_some_and(|host| !host.is_empty()));
        let is_web = matches!(uri.as_ref().and_then(Uri::scheme_str), Some("http" | "https"));
        if !is_web || link.len() > MOST_URL_CHARACTERS {
            return Err(ApiError::field(codes::FIELD_INVALID, "app_hint.link"));
        }
        Ok(Stored { name, version, link: link.to_owned() })
    }
}

impl From<Stored> for AppHint {
    fn from(hint: Stored) -> Self {
        Self { name: hint.name, version: hint.version, link: hint.link }
    }
}
