//! `GET /network`: whether the platform's own network is there.

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::network_losses;
use utoipa::ToSchema;

use crate::access::SignedIn;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// How the platform's own network is.
#[derive(Serialize, ToSchema)]
pub(crate) struct Network {
    /// Since when a worker reaches neither devices nor its references; null: all of them do.
    #[schema(required = true)]
    lost_since: Option<DateTime<Utc>>,
}

/// Tells whether the platform's own network is there. While it is not, devices are unknown, and nobody is alarmed.
#[utoipa::path(tag = "exceptions", responses(
    (status = 200, description = "How it is", body = Network),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/network")]
pub(crate) async fn get_network(_: SignedIn, platform: web::Data<Platform>) -> Result<web::Json<Network>, ApiError> {
    let lost_since = platform.read(network_losses::lost_since).await?;
    Ok(web::Json(Network { lost_since }))
}
