//! `GET /my/confirm/{token}`: the page behind the link of a registration. Mail scanners open links: only its button does
//! something.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use siteward_store::end_user_registrations;

use super::{ConfirmPage, gone};
use crate::access::token;
use crate::pages::frame::answer;
use crate::pages::language::language_of;
use crate::pages::message::refused;
use crate::platform::Platform;

/// Shows whose address is confirmed, or that the link is of no use any more.
pub(crate) async fn show_confirm(
    request: HttpRequest,
    platform: web::Data<Platform>,
    token: web::Path<String>,
) -> HttpResponse {
    let (hash, now) = (token::hash(&token), platform.clock.now());
    match platform.read(move |conn| end_user_registrations::find_registration(conn, &hash, now)).await {
        Ok(Some(registration)) => {
            let language = language_of(&request, Some(registration.language));
            answer(StatusCode::OK, &ConfirmPage::new(language, &registration.email))
        }
        Ok(None) => gone(&request),
        Err(error) => refused(language_of(&request, None), &error),
    }
}
