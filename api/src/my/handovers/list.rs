//! `GET /my/handovers`: the invitations to own sites that went to one's own address.

use actix_web::{get, web};
use serde::Serialize;
use siteward_store::handovers;
use utoipa::ToSchema;

use super::MyHandover;
use crate::access::end_user::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Invitations that can be accepted.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyHandoverList {
    /// The invitations, newest first.
    #[schema(max_items = 100)]
    items: Vec<MyHandover>,
}

/// Lists the invitations that went to the end user's address and can be accepted, newest first.
#[utoipa::path(tag = "my", responses(
    (status = 200, description = "The invitations", body = MyHandoverList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/handovers")]
pub(crate) async fn list_my_handovers(
    EndUser(caller): EndUser,
    platform: web::Data<Platform>,
) -> Result<web::Json<MyHandoverList>, ApiError> {
    let (now, email) = (platform.clock.now(), caller.email().to_owned());
    let open = platform.read(move |conn| handovers::list_open_of(conn, &email, now)).await?;
    Ok(web::Json(MyHandoverList { items: open.into_iter().map(MyHandover::from).collect() }))
}
