//! `GET /my/grant_requests`: what waits for an owner's answer, on all of their sites.

use actix_web::{get, web};
use siteward_store::{Page, grant_requests};

use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::grant_requests::GrantRequestPage;
use crate::platform::Platform;

/// Lists what waits for one's answer, the oldest first, at most 200.
#[utoipa::path(tag = "my permissions", responses(
    (status = 200, description = "What waits", body = GrantRequestPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/grant_requests")]
pub(crate) async fn list_waiting_grant_requests(
    end_user: EndUser,
    platform: web::Data<Platform>,
) -> Result<web::Json<GrantRequestPage>, ApiError> {
    let owner = end_user.0.id();
    let waiting = platform.read(move |conn| {
        let items = grant_requests::waiting_of_owner(conn, &owner)?;
        GrantRequestPage::describe(conn, Page { items, next_cursor: None })
    });
    Ok(web::Json(waiting.await?))
}
