//! Pages that people open from a mail: made here, in their language, without a script.
//!
//! The token in their address is as good as a password. It is in no log (the log knows routes, not paths), goes nowhere
//! as a referrer, and no browser keeps the page: `edge` sees to that for every address below [`FOLDERS`].
//! A page is a template that extends `frame.html`; see [`frame`].

pub(crate) mod frame;
pub(crate) mod join;
pub(crate) mod language;
pub(crate) mod message;
pub(crate) mod password;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::access;

use crate::password_resets::show::show_reset;
use crate::password_resets::submit::submit_reset;

/// Where pages live.
const FOLDERS: [&str; 2] = ["/join/", "/reset/"];
const STYLE: &str = include_str!("pages/style.css");

/// Whether an address is one of a page.
pub(crate) fn is_page(path: &str) -> bool {
    FOLDERS.iter().any(|folder| path.starts_with(folder))
}

/// The routes of the pages.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/pages/style.css", web::get().to(style))
        .service(
            web::resource("/join/{token}")
                .get(join::show::show_join)
                .post(join::accept::accept_invitation)
                .wrap(from_fn(access::session::identify)),
        )
        .route("/reset/{token}", web::get().to(show_reset))
        .route("/reset/{token}", web::post().to(submit_reset));
}

/// Whether a form was sent from one of our own pages: one that is sent from elsewhere would sign a person in as somebody
/// else. Browsers say so; what is no browser has no session that could be put in another's place.
pub(crate) fn is_own_form(request: &HttpRequest) -> bool {
    let site = request.headers().get("Sec-Fetch-Site").map(actix_web::http::header::HeaderValue::as_bytes);
    site.is_none_or(|site| site == b"same-origin" || site == b"none")
}

async fn style() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/css; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "public, max-age=3600"))
        .body(STYLE)
}
