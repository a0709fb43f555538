//! `DELETE /my/given_shares`: takes back all that is shared with somebody.

use actix_web::{HttpResponse, delete, web};
use serde::Deserialize;
use siteward_domain::EndUserId;
use siteward_store::shares;
use utoipa::IntoParams;

use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// With whom.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RemoveAllQuery {
    /// Who is to receive nothing any more.
    #[param(value_type = String, format = "uuid")]
    receiver_id: EndUserId,
}

/// Takes back all that one shares with somebody, on every site; they are told.
#[utoipa::path(tag = "my sharing", params(RemoveAllQuery), responses(
    (status = 204, description = "Taken back"),
    (status = 404, description = "Nothing is shared with them", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/my/given_shares")]
pub(crate) async fn remove_all_given_shares(
    caller: EndUser,
    platform: web::Data<Platform>,
    note: Note,
    query: web::Query<RemoveAllQuery>,
) -> Result<HttpResponse, ApiError> {
    let (giver, now, receiver) = (caller.0.id(), platform.clock.now(), query.into_inner().receiver_id);
    let actor = format!("end_user:{giver}");
    note.object("end_user", &receiver, "");
    platform.write(move |conn| shares::remove_given_to(conn, &giver, &receiver, &actor, now)).await?;
    (platform.wake_worker)();
    Ok(HttpResponse::NoContent().finish())
}
