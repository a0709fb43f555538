//! The logo of a company: on pages opened from a mail, in mails to customers, and on the handover pack.
//!
//! What is uploaded is read within limits, made smaller and drawn anew: nothing of the file itself is kept or shown.

pub(crate) mod delete;
mod drawing;
pub(crate) mod get;
pub(crate) mod put;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::company_logos::Logo;
use utoipa::ToSchema;

/// The logo of the caller's company, without its picture.
#[derive(Serialize, ToSchema)]
pub(crate) struct CompanyLogo {
    /// Its width in pixels.
    #[schema(minimum = 1, maximum = 512)]
    width: u32,
    /// Its height in pixels.
    #[schema(minimum = 1, maximum = 512)]
    height: u32,
    /// When it was put.
    updated_at: DateTime<Utc>,
    /// The picture as an address: `data:image/png;base64,…`.
    picture: String,
}

impl From<Logo> for CompanyLogo {
    fn from(logo: Logo) -> Self {
        use base64::Engine as _;
        let picture = format!("data:image/png;base64,{}", base64::engine::general_purpose::STANDARD.encode(logo.png));
        Self { width: logo.width, height: logo.height, updated_at: logo.updated_at, picture }
    }
}
