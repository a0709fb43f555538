//! `GET /handover/{token}`: what is offered and asked for.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::{Link, SIGN_IN, Typed};
use crate::pages::frame::Field;
use crate::pages::language::language_of;
use crate::pages::message::{gone_to, refused};
use crate::platform::Platform;

/// Shows the invitation, or that the link is of no use.
pub(crate) async fn show_handover(
    request: HttpRequest,
    platform: web::Data<Platform>,
    token: web::Path<String>,
) -> HttpResponse {
    match Link::find(&request, &platform, &token).await {
        Ok(Some(link)) => {
            let typed = Typed {
                name: Field::filled(&link.handover.name),
                region: Field::filled(link.handover.region.as_str()),
                ..Typed::default()
            };
            link.page(StatusCode::OK, &typed)
        }
        Ok(None) => gone_to(language_of(&request, None), SIGN_IN),
        Err(error) => refused(language_of(&request, None), &error),
    }
}
