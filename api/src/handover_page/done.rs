//! What is shown after the answer: that it worked, and where to go from here.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use siteward_domain::site::SiteStatus;
use siteward_store::handovers::Accepted;

use super::Link;
use super::person::Answering;
use crate::pages::frame::{Frame, answer};
use crate::pages::message;
use crate::platform::Platform;

#[derive(Template)]
#[template(path = "handover_done.html")]
struct DonePage<'a> {
    frame: Frame,
    text: String,
    /// Where to go, and what that is called.
    next: Option<(String, &'a str)>,
}

/// They own it now, and are signed in.
pub(super) async fn accepted(
    platform: &Platform,
    link: &Link,
    answering: &Answering,
    accepted: &Accepted,
) -> HttpResponse {
    let cookie = match &answering.session {
        Some(token) => match token.cookie(platform).await {
            Ok(cookie) => Some(cookie),
            Err(error) => return message::refused(link.language, &error),
        },
        None => None,
    };
    let texts = link.texts();
    let (title, text, next) = if link.is_share() {
        (texts.shared_title, texts.shared_text, "/my".to_owned())
    } else {
        let text = match accepted.status {
            SiteStatus::Authorized => texts.done_authorized,
            _ if accepted.allowed.rests() => texts.done_resting,
            _ => texts.done_text,
        };
        (texts.done_title, text, format!("/my/sites/{}", accepted.handover.site_id))
    };
    let page = DonePage {
        frame: Frame::new(link.language, title),
        text: text.replace("{site}", &link.handover.site).replace("{company}", &link.handover.company),
        next: Some((next, texts.open_portal)),
    };
    let mut page = answer(StatusCode::OK, &page);
    if let Some(cookie) = cookie
        && let Err(error) = page.add_cookie(&cookie)
    {
        tracing::error!(%error, "a cookie could not be set");
    }
    page
}

/// They do not want it.
pub(super) fn refused(link: &Link) -> HttpResponse {
    let texts = link.texts();
    let text = texts.refused_text.replace("{company}", &link.handover.company);
    answer(StatusCode::OK, &DonePage { frame: Frame::new(link.language, texts.refused_title), text, next: None })
}
