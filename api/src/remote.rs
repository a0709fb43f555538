//! Remote configuration (R-O3): a device's own web pages, under a host name of their own.
//!
//! A session's pages are another origin than the console, with a cookie of its own: what a device serves reaches
//! neither the console's session nor another device. The device's login is added here and never leaves the server; the
//! console and the API are not served under such a name, nor a device under the console's.

mod answering;
mod cookies;
mod entering;
pub(crate) mod host;
mod pages;
mod paths;
mod pool;
mod proxying;
mod session;

use actix_web::guard::{Guard, GuardContext};
use actix_web::http::header::HOST;
use actix_web::{HttpRequest, HttpResponse, Scope, web};

use crate::platform::Platform;

pub(crate) use pool::Pools;
pub(crate) use session::lifetime;

/// Everything under a name of remote configuration. To be registered before all else.
pub(crate) fn scope() -> Scope {
    web::scope("")
        .guard(IsRemote)
        .app_data(web::PayloadConfig::new(siteward_devices::http::MOST_FORWARDED))
        .route("/.siteward/enter", web::get().to(entering::enter))
        .default_service(web::to(serve))
}

/// Whether a request is for a name of remote configuration.
pub(crate) fn is_remote(host: Option<&str>) -> bool {
    host.is_some_and(|host| host::label(host).is_some())
}

struct IsRemote;

impl Guard for IsRemote {
    fn check(&self, context: &GuardContext<'_>) -> bool {
        let head = context.head();
        // HTTP/2 has no Host header but an authority.
        let host = head.headers().get(HOST).and_then(|value| value.to_str().ok());
        is_remote(host.or_else(|| head.uri.authority().map(actix_web::http::uri::Authority::as_str)))
    }
}

/// The host that a request names.
pub(crate) fn host_of(request: &HttpRequest) -> Option<String> {
    let named = request.headers().get(HOST).and_then(|value| value.to_str().ok()).map(str::to_owned);
    named.or_else(|| request.uri().authority().map(ToString::to_string))
}

async fn serve(request: HttpRequest, payload: web::Payload, platform: web::Data<Platform>) -> HttpResponse {
    if request.path().starts_with("/.siteward") {
        return pages::page(&request, &pages::Page::NotHere);
    }
    proxying::proxy(&request, payload, &platform).await.unwrap_or_else(|page| pages::page(&request, &page))
}
