//! `/.siteward/enter?code=…` under a session's name: the code becomes a cookie, once.

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use siteward_store::remote_sessions;

use super::pages::{Page, page};
use super::{cookies, host, host_of};
use crate::access::token;
use crate::platform::Platform;

/// The code.
#[derive(Deserialize)]
pub(super) struct Entry {
    code: String,
}

/// Takes the code and leads to the device's first page.
pub(super) async fn enter(
    request: HttpRequest,
    platform: web::Data<Platform>,
    entry: Option<web::Query<Entry>>,
) -> HttpResponse {
    let host = host_of(&request).unwrap_or_default();
    let (Some(label), Some(entry)) = (host::label(&host), entry) else { return page(&request, &Page::EntryUsed) };
    let (cookie, now) = (token::new_token(), platform.clock.now());
    let (label, code, of_cookie) = (token::hash(label), token::hash(&entry.code), token::hash(&cookie));
    let entered = platform.write(move |conn| remote_sessions::enter(conn, &label, &code, &of_cookie, now)).await;
    match entered {
        Ok(Some(_)) => HttpResponse::SeeOther()
            .insert_header((LOCATION, "/"))
            .cookie(cookies::made(cookie, platform.is_secure()))
            .finish(),
        Ok(None) => page(&request, &Page::EntryUsed),
        Err(_) => page(&request, &Page::Unavailable),
    }
}
