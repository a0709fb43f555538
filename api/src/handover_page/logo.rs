//! `GET /handover/{token}/logo`: the logo of the company that invites.

use actix_web::{HttpRequest, HttpResponse, web};
use siteward_store::company_logos;

use super::Link;
use crate::platform::Platform;

/// Gives the logo to whoever may see the page.
pub(crate) async fn show_logo(
    request: HttpRequest,
    platform: web::Data<Platform>,
    token: web::Path<String>,
) -> HttpResponse {
    let Ok(Some(link)) = Link::find(&request, &platform, &token).await else {
        return HttpResponse::NotFound().finish();
    };
    let company = link.handover.company_id;
    match platform.read(move |conn| company_logos::find_logo(conn, &company)).await {
        Ok(Some(logo)) => HttpResponse::Ok().content_type("image/png").body(logo.png),
        _ => HttpResponse::NotFound().finish(),
    }
}
