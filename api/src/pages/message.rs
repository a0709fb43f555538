//! Pages that only say something: that a link is of no use any more, or that something went wrong.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError as _};
use askama::Template;
use siteward_domain::mail::MailLanguage;

use super::frame::{Frame, answer};
use crate::error::ApiError;

#[derive(Template)]
#[template(path = "message.html")]
struct Message {
    frame: Frame,
    text: &'static str,
    link: Option<Link>,
}

struct Link {
    address: &'static str,
    words: &'static str,
}

/// A link that is used, too old, taken back, or was never given: nobody is told which.
pub(crate) fn gone(language: MailLanguage) -> HttpResponse {
    gone_to(language, "/sign-in")
}

/// The same for a link that led to somewhere else; `address`: where its reader signs in.
pub(crate) fn gone_to(language: MailLanguage, address: &'static str) -> HttpResponse {
    let (title, text, words) = match language {
        MailLanguage::En => (
            "This link does not work any more",
            "It was used already, is too old, or was taken back. Ask for a new one where you got it from.",
            "Sign in",
        ),
        MailLanguage::Ru => (
            "Эта ссылка больше не действует",
            "Она уже использована, устарела или отозвана. Попросите новую там, откуда получили эту.",
            "Войти",
        ),
    };
    let link = Some(Link { address, words });
    answer(StatusCode::GONE, &Message { frame: Frame::new(language, title), text, link })
}

/// What a refusal by something other than a field of the form says.
pub(crate) fn refused(language: MailLanguage, error: &ApiError) -> HttpResponse {
    if let Some(cause) = error.cause() {
        tracing::error!(code = error.code(), cause, "a page could not be shown");
    }
    let status = error.status_code();
    let (title, text) = match (status, language) {
        (StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE, MailLanguage::En) => {
            ("Not just now", "The server is busy. Go back and try again in a moment.")
        }
        (StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE, MailLanguage::Ru) => {
            ("Не сейчас", "Сервер занят. Вернитесь и повторите попытку немного позже.")
        }
        (_, MailLanguage::En) => ("That did not work", "Something went wrong. Open the link from the mail once more."),
        (_, MailLanguage::Ru) => ("Не получилось", "Что-то пошло не так. Откройте ссылку из письма ещё раз."),
    };
    let mut page = answer(status, &Message { frame: Frame::new(language, title), text, link: None });
    if let Some(seconds) = error.retry_after_seconds() {
        page.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    page
}
