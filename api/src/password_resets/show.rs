//! `GET /reset/{token}` and `GET /my/reset/{token}`: the page behind a link to a new password.

use actix_web::{HttpRequest, HttpResponse, web};
use siteward_domain::panel_accounts::PersonKind;

use super::page::{Wrong, page};
use super::{Link, gone, refused};
use crate::platform::Platform;

/// Shows the form, or that the link is of no use any more.
pub(crate) async fn show_reset(
    request: HttpRequest,
    platform: web::Data<Platform>,
    token: web::Path<String>,
) -> HttpResponse {
    show(&request, &platform, PersonKind::Staff, &token).await
}

/// The same for an end user.
pub(crate) async fn show_my_reset(
    request: HttpRequest,
    platform: web::Data<Platform>,
    token: web::Path<String>,
) -> HttpResponse {
    show(&request, &platform, PersonKind::EndUser, &token).await
}

async fn show(request: &HttpRequest, platform: &Platform, kind: PersonKind, token: &str) -> HttpResponse {
    match Link::find(platform, kind, token).await {
        Ok(Some(link)) => page(&link, link.language(request), &Wrong::default()),
        Ok(None) => gone(request, kind),
        Err(error) => refused(request, &error),
    }
}
