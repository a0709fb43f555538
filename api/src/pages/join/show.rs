//! `GET /join/{token}`: what the invitation is to, and a form to accept it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::{Link, Typed};
use crate::pages::frame::Field;
use crate::pages::language::language_of;
use crate::pages::message::{gone, refused};
use crate::platform::Platform;

/// Shows the invitation, or that the link is of no use any more.
pub(crate) async fn show_join(
    request: HttpRequest,
    platform: web::Data<Platform>,
    token: web::Path<String>,
) -> HttpResponse {
    match Link::find(&request, &platform, &token).await {
        Ok(Some(link)) => {
            let name = Field::filled(&link.invitation.name);
            link.page(StatusCode::OK, &Typed { name, password_error: None }, None)
        }
        Ok(None) => gone(language_of(&request, None)),
        Err(error) => refused(language_of(&request, None), &error),
    }
}
