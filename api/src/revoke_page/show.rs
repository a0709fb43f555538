//! `GET /revoke/{token}`: asks whether to take a permission back. Programs that look into mails open links too.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{Link, gone, page, refused};
use crate::platform::Platform;

/// Shows what would be taken back, or that the link is of no use any more.
pub(crate) async fn show_revoke(
    request: HttpRequest,
    platform: web::Data<Platform>,
    token: web::Path<String>,
) -> HttpResponse {
    match Link::find(&platform, &token).await {
        Ok(Some(link)) => page::ask(&request, &link),
        Ok(None) => gone(&request),
        Err(error) => refused(&request, &error),
    }
}
