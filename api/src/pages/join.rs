//! Joining a company's staff: the page behind the link of an invitation (R-S2).

pub(crate) mod accept;
pub(crate) mod show;
mod texts;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use siteward_domain::mail::MailLanguage;
use siteward_store::invitations::{self, OpenInvitation};

use super::frame::{Field, Frame, answer};
use super::language::language_of;
use super::password::rules;
use crate::access::token;
use crate::error::ApiError;
use crate::platform::Platform;
use texts::{Texts, texts};

/// The invitation of a link, and the language in which its page is shown.
struct Link {
    token_hash: String,
    invitation: OpenInvitation,
    language: MailLanguage,
}

/// What was typed and what is wrong with it.
#[derive(Debug, Default)]
struct Typed {
    name: Field,
    password_error: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "join.html")]
struct JoinPage<'a> {
    frame: Frame,
    texts: &'static Texts,
    rules: &'static str,
    invitation: &'a OpenInvitation,
    failed: Option<&'static str>,
    name: &'a Field,
    password_error: Option<&'static str>,
}

impl Link {
    /// `None`: the link is of no use, or not any more.
    async fn find(request: &HttpRequest, platform: &Platform, secret: &str) -> Result<Option<Self>, ApiError> {
        let (token_hash, now) = (token::hash(secret), platform.clock.now());
        let hash = token_hash.clone();
        let found = platform.read(move |conn| invitations::find_open(conn, &hash, now)).await?;
        Ok(found.map(|invitation| {
            let language = language_of(request, Some(invitation.language));
            Self { token_hash, invitation, language }
        }))
    }

    fn texts(&self) -> &'static Texts {
        texts(self.language)
    }

    /// The page with its form.
    fn page(&self, status: StatusCode, typed: &Typed, failed: Option<&'static str>) -> HttpResponse {
        let texts = self.texts();
        let page = JoinPage {
            frame: Frame::new(self.language, texts.title),
            texts,
            rules: rules(self.language),
            invitation: &self.invitation,
            failed,
            name: &typed.name,
            password_error: typed.password_error,
        };
        answer(status, &page)
    }
}
