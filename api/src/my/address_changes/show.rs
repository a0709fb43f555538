//! `GET /my/email/{token}`: whose address is confirmed. Mail scanners open links: only its button does something.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use siteward_store::address_changes;

use crate::access::token;
use crate::my::registrations::{ConfirmPage, gone};
use crate::pages::frame::answer;
use crate::pages::language::language_of;
use crate::pages::message::refused;
use crate::platform::Platform;

/// Shows the address and asks for the password of the account, or says that the link is of no use any more.
pub(crate) async fn show_address_change(
    request: HttpRequest,
    platform: web::Data<Platform>,
    token: web::Path<String>,
) -> HttpResponse {
    let (hash, now) = (token::hash(&token), platform.clock.now());
    let language = language_of(&request, None);
    match platform.read(move |conn| address_changes::find(conn, &hash, now)).await {
        Ok(Some(change)) => answer(StatusCode::OK, &ConfirmPage::of_address(language, &change.email)),
        Ok(None) => gone(&request),
        Err(error) => refused(language, &error),
    }
}
