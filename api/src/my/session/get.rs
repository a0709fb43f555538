//! `GET /my/session`: which end user is signed in.

use actix_web::{get, web};

use super::MySession;
use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};

/// Tells which end user is signed in, and gives their CSRF token.
#[utoipa::path(tag = "my", responses(
    (status = 200, description = "Signed in", body = MySession),
    (status = 401, description = "No end user is signed in", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/session")]
pub(crate) async fn get_my_session(caller: EndUser) -> Result<web::Json<MySession>, ApiError> {
    Ok(web::Json(MySession::describe(&caller.0)))
}
