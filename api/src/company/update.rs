//! `PATCH /company`: name, public address, age limit of export QRs, app of end users, second factor for all.

use actix_web::{patch, web};
use serde::{Deserialize, Deserializer};
use siteward_domain::text;
use siteward_store::companies::{self, CompanyChange};
use siteward_store::{StoreError, two_factor};
use utoipa::ToSchema;

use super::app_hint::AppHint;
use super::{Company, may_move, public_url};
use crate::access::Admin;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, bad_name, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

const MOST_NAME: usize = 128;
/// A hundred years.
const MOST_DAYS: u32 = 36_500;

/// What to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompanyUpdate {
    /// The company's name.
    #[schema(min_length = 1, max_length = 128)]
    name: Option<String>,
    /// How people reach this server. Only the company that set the server up changes it.
    #[schema(min_length = 8, max_length = 255)]
    public_url: Option<String>,
    /// Age in days past which only the Admin imports an export QR; null: no limit.
    #[serde(default, deserialize_with = "given")]
    #[expect(clippy::option_option, reason = "absent and null are two things in a PATCH")]
    #[schema(value_type = Option<u32>, minimum = 0, maximum = 36500)]
    qr_age_limit_days: Option<Option<u32>>,
    /// The app that end users need; null: the pages of this server.
    #[serde(default, deserialize_with = "given")]
    #[expect(clippy::option_option, reason = "absent and null are two things in a PATCH")]
    #[schema(value_type = Option<AppHint>)]
    app_hint: Option<Option<AppHint>>,
    /// Whether everybody of the staff needs a second factor; who has none can do nothing else before it is set up.
    two_factor_required: Option<bool>,
}

/// Tells `null` (given) from absent.
#[expect(clippy::option_option, reason = "absent and null are two things in a PATCH")]
pub(crate) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(value: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(value).map(Some)
}

/// Changes the caller's company.
#[utoipa::path(tag = "company", request_body = CompanyUpdate, responses(
    (status = 200, description = "The company as it is now", body = Company),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[patch("/company")]
pub(crate) async fn update_company(
    admin: Admin,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<CompanyUpdate>,
) -> Result<web::Json<Company>, ApiError> {
    let id = admin.0.company_id();
    let change = check(body.into_inner())?;
    let who = admin.0.staff_id();
    let company = platform
        .write(move |conn| {
            // Whoever asks it of all others has it themself, so that nobody shuts the whole company out by one click.
            if change.two_factor_required == Some(true) && two_factor::status_of(conn, &who)?.since.is_none() {
                return Ok(Err(ApiError::field(codes::TWO_FACTOR_FIRST, "two_factor_required")));
            }
            let before = companies::find_company(conn, &id)?.ok_or(StoreError::NotFound)?;
            let moves = change.public_url.as_ref().is_some_and(|url| *url != before.public_url);
            if moves && !may_move(conn, &id)? {
                return Ok(Err(ApiError::field(codes::RIGHT_MISSING, "public_url")));
            }
            Ok(Ok(companies::update_company(conn, &id, &change)?))
        })
        .await??;
    note.object("company", &company.id, &company.name);
    Ok(web::Json(company.into()))
}

fn check(update: CompanyUpdate) -> Result<CompanyChange, ApiError> {
    let name = update.name.map(|name| text::needed_line(&name, MOST_NAME)).transpose();
    let name = name.map_err(|error| bad_name(&error, "name"))?;
    let url = update.public_url.map(|url| public_url(&url).ok_or(())).transpose();
    let url = url.map_err(|()| ApiError::field(codes::PUBLIC_URL_INVALID, "public_url"))?;
    if update.qr_age_limit_days.flatten().is_some_and(|days| days > MOST_DAYS) {
        return Err(ApiError::field(codes::FIELD_INVALID, "qr_age_limit_days"));
    }
    let app_hint = update.app_hint.map(|hint| hint.map(AppHint::check).transpose()).transpose()?;
    Ok(CompanyChange {
        name,
        public_url: url,
        qr_age_limit_days: update.qr_age_limit_days,
        app_hint,
        two_factor_required: update.two_factor_required,
    })
}
