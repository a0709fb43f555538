//! `GET /my/given_shares`: what an owner shares with whom.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use siteward_domain::{DeviceId, EndUserId};
use siteward_store::shares;
use utoipa::{IntoParams, ToSchema};

use super::GivenShare;
use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::page::limit;
use crate::platform::Platform;

/// Which shares.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct GivenShareQuery {
    /// `next_cursor` of the page before.
    #[param(max_length = 2048)]
    cursor: Option<String>,
    /// Items wanted, 20 unless told. A page of many channels has fewer.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Only those that this device is part of.
    #[param(value_type = Option<String>, format = "uuid")]
    device_id: Option<DeviceId>,
    /// Only those that this person receives.
    #[param(value_type = Option<String>, format = "uuid")]
    receiver_id: Option<EndUserId>,
}

/// A page of shares.
#[derive(Serialize, ToSchema)]
pub(crate) struct GivenSharePage {
    /// The shares, oldest first.
    #[schema(max_items = 100)]
    items: Vec<GivenShare>,
    /// Asks for the page that follows; null on the last one.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists what one shares with whom, by device or by person where that is asked for.
#[utoipa::path(tag = "my sharing", params(GivenShareQuery), responses(
    (status = 200, description = "A page of shares", body = GivenSharePage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/given_shares")]
pub(crate) async fn list_given_shares(
    caller: EndUser,
    platform: web::Data<Platform>,
    query: web::Query<GivenShareQuery>,
) -> Result<web::Json<GivenSharePage>, ApiError> {
    let (giver, query) = (caller.0.id(), query.into_inner());
    let limit = limit(query.limit)?;
    let page = platform.read(move |conn| {
        let of = (query.device_id.as_ref(), query.receiver_id.as_ref());
        shares::list_given(conn, &giver, of, query.cursor.as_deref(), limit)
    });
    let page = page.await?;
    Ok(web::Json(GivenSharePage {
        items: page.items.into_iter().map(GivenShare::from).collect(),
        next_cursor: page.next_cursor,
    }))
}
