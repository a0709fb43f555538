//! `GET /my/profile`: the end user's own account.

use actix_web::{get, web};

use super::MyProfile;
use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Gives the end user's own account.
#[utoipa::path(tag = "my", responses(
    (status = 200, description = "The account", body = MyProfile),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/profile")]
pub(crate) async fn get_my_profile(
    caller: EndUser,
    platform: web::Data<Platform>,
) -> Result<web::Json<MyProfile>, ApiError> {
    let (id, sends_texts) = (caller.0.id(), platform.sends_texts());
    Ok(web::Json(platform.read(move |conn| MyProfile::read(conn, &id, sends_texts)).await?))
}
