//! Pages that people open from a mail: made here, in their language, without a script.
//!
//! The token in their address is as good as a password. It is in no log (the log knows routes, not paths), goes nowhere
//! as a referrer, and no browser keeps the page: `edge` sees to that for every address below [`FOLDERS`], and for pages of the
//! console that are opened from a mail, below [`CONSOLE_FOLDER`].
//! A page is a template that extends `frame.html`; see [`frame`].

pub(crate) mod frame;
pub(crate) mod join;
pub(crate) mod language;
pub(crate) mod message;
pub(crate) mod password;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, ORIGIN};
use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::{access, handover_page};

use crate::my::address_changes::confirm::confirm_address_change;
use crate::my::address_changes::show::show_address_change;
use crate::my::registrations::confirm::confirm_registration;
use crate::my::registrations::show::show_confirm;
use crate::password_resets::show::{show_my_reset, show_reset};
use crate::password_resets::submit::{submit_my_reset, submit_reset};
use crate::platform::Platform;
use crate::revoke_page::show::show_revoke;
use crate::revoke_page::submit::submit_revoke;

/// Where pages live.
const FOLDERS: [&str; 7] = ["/join/", "/reset/", "/handover/", "/revoke/", "/my/reset/", "/my/confirm/", "/my/email/"];
/// Where pages of the console live that are opened from a mail.
const CONSOLE_FOLDER: &str = "/serve/";
/// Most bytes of the form of an invitation to own a site: a box for each permission.
const MOST_HANDOVER_FORM: usize = 256 * 1024;
const STYLE: &str = include_str!("pages/style.css");

/// Whether an address is one of a page.
pub(crate) fn is_page(path: &str) -> bool {
    FOLDERS.iter().any(|folder| path.starts_with(folder))
}

/// Whether an address is one of a page of the console that has a token in it.
pub(crate) fn is_console_page(path: &str) -> bool {
    path.starts_with(CONSOLE_FOLDER)
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
        .service(
            web::resource("/handover/{token}")
                .app_data(web::FormConfig::default().limit(MOST_HANDOVER_FORM))
                .get(handover_page::show::show_handover)
                .post(handover_page::submit::answer_handover)
                .wrap(from_fn(access::session::identify)),
        )
        .service(
            web::resource("/handover/{token}/logo")
                .get(handover_page::logo::show_logo)
                .wrap(from_fn(access::session::identify)),
        )
        .route("/revoke/{token}", web::get().to(show_revoke))
        .route("/revoke/{token}", web::post().to(submit_revoke))
        .route("/reset/{token}", web::get().to(show_reset))
        .route("/reset/{token}", web::post().to(submit_reset))
        .route("/my/reset/{token}", web::get().to(show_my_reset))
        .route("/my/reset/{token}", web::post().to(submit_my_reset))
        .route("/my/confirm/{token}", web::get().to(show_confirm))
        .route("/my/confirm/{token}", web::post().to(confirm_registration))
        .route("/my/email/{token}", web::get().to(show_address_change))
        .route("/my/email/{token}", web::post().to(confirm_address_change));
}

/// Whether a form was sent from one of our own pages: one that is sent from elsewhere would sign a person in as somebody
/// else. Browsers say so, over plain HTTP by the origin alone, for which our pages let it be sent; what is no browser has no
/// session that could be put in another's place.
pub(crate) fn is_own_form(request: &HttpRequest) -> bool {
    if let Some(site) = request.headers().get("Sec-Fetch-Site") {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = request.headers().get(ORIGIN) else { return true };
    let Some((_, origin)) = origin.to_str().ok().and_then(|origin| origin.split_once("://")) else { return false };
    // A proxy may ask us under another name than the one that browsers know.
    let public = request.app_data::<web::Data<Platform>>().map(|platform| &platform.settings.server.public_url);
    let public = public.and_then(|url| url.split_once("://")).map(|(_, host)| host.trim_end_matches('/'));
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    [host, public].into_iter().flatten().any(|own| own.eq_ignore_ascii_case(origin))
}

async fn style() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/css; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "public, max-age=3600"))
        .body(STYLE)
}
