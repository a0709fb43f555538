//! `GET /reset/{token}`: the page behind a link to a new password.

use actix_web::{HttpRequest, HttpResponse, web};

use super::page::{Wrong, page};
use super::{Link, gone, refused};
use crate::platform::Platform;

/// Shows the form, or that the link is of no use any more.
pub(crate) async fn show_reset(
    request: HttpRequest,
    platform: web::Data<Platform>,
    token: web::Path<String>,
) -> HttpResponse {
    match Link::find(&platform, &token).await {
        Ok(Some(link)) => page(&link, link.language(&request), &Wrong::default()),
        Ok(None) => gone(&request),
        Err(error) => refused(&request, &error),
    }
}
