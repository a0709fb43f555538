//! What every page has around its own content, and how it leaves the server.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use siteward_domain::mail::MailLanguage;

/// The frame of a page: its language and its title. Templates extend `frame.html` and hold one as `frame`.
pub(crate) struct Frame {
    language: MailLanguage,
    pub(crate) title: String,
}

/// A language to choose.
pub(crate) struct Choice {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) shown: bool,
}

impl Frame {
    /// For a page of this title.
    pub(crate) fn new(language: MailLanguage, title: impl Into<String>) -> Self {
        Self { language, title: title.into() }
    }

    /// The code of the page's language.
    pub(crate) fn language(&self) -> &'static str {
        self.language.as_str()
    }

    /// What the choice of languages is called.
    pub(crate) fn languages_label(&self) -> &'static str {
        match self.language {
            MailLanguage::En => "Language",
            MailLanguage::Ru => "Язык",
        }
    }

    /// Every language.
    pub(crate) fn languages(&self) -> impl Iterator<Item = Choice> {
        let shown = self.language;
        MailLanguage::ALL.iter().map(move |language| {
            let name = match language {
                MailLanguage::En => "English",
                MailLanguage::Ru => "Русский",
            };
            Choice { code: language.as_str(), name, shown: *language == shown }
        })
    }
}

/// A field of a form: what was typed, and what is wrong with it. A password is not shown again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Field {
    pub(crate) value: String,
    pub(crate) error: Option<&'static str>,
}

impl Field {
    /// A field that nothing is wrong with.
    pub(crate) fn filled(value: impl Into<String>) -> Self {
        Self { value: value.into(), error: None }
    }
}

/// A page as an answer.
pub(crate) fn answer(status: StatusCode, page: &impl Template) -> HttpResponse {
    match page.render() {
        Ok(html) => HttpResponse::build(status).content_type("text/html; charset=utf-8").body(html),
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}
