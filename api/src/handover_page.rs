//! The page behind the link of an invitation to own a site (R-G1 to R-G3): what is offered and asked for, and the answer. Made
//! here, without a script; who has no account yet makes one on the way, for the link came to their address.
//!
//! Whatever is wrong with a link, whoever holds it is shown the same polite page and told nothing: used, too old, taken
//! back, never given, or opened by somebody who is signed in with another address.

mod asked;
mod done;
pub(crate) mod logo;
mod person;
pub(crate) mod show;
pub(crate) mod submit;
mod texts;

use actix_web::http::StatusCode;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use askama::Template;
use chrono_tz::Tz;
use siteward_domain::handover::HandoverKind;
use siteward_domain::mail::MailLanguage;
use siteward_store::handovers::{self, OpenHandover};
use siteward_store::{company_logos, end_users};

use crate::access::end_user::EndUserCaller;
use crate::access::session::Caller;
use crate::access::token;
use crate::error::ApiError;
use crate::pages::frame::{Field, Frame, answer};
use crate::pages::language::language_of;
use crate::pages::password::rules;
use crate::platform::Platform;
use asked::{AskedDevice, Ticked};
use texts::{Texts, texts};

/// Where end users sign in.
const SIGN_IN: &str = "/my/sign-in";

/// Who answers.
pub(crate) enum Person {
    /// They are signed in.
    SignedIn(Box<EndUserCaller>),
    /// They have an account, and sign in on the page.
    Known,
    /// They have none, and make one on the page.
    New,
}

/// The invitation of a link, and in which language and to whom its page is shown.
pub(crate) struct Link {
    secret: String,
    token_hash: String,
    handover: OpenHandover,
    language: MailLanguage,
    person: Person,
    has_logo: bool,
}

/// What was typed and what is wrong with it.
#[derive(Debug, Default)]
struct Typed {
    name: Field,
    region: Field,
    password_error: Option<&'static str>,
    /// What of what is asked for is ticked; none: all of it, as the page is first shown.
    ticked: Option<Ticked>,
    /// Whether the code of a second factor is asked for.
    with_code: bool,
    failed: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "handover.html")]
struct HandoverPage<'a> {
    frame: Frame,
    texts: &'static Texts,
    rules: &'static str,
    link: &'a Link,
    typed: &'a Typed,
    until: String,
    asked: Vec<AskedDevice<'a>>,
    site_ticked: bool,
}

impl Link {
    /// `None`: the link is of no use, not any more, or not to who holds it.
    async fn find(request: &HttpRequest, platform: &Platform, secret: &str) -> Result<Option<Self>, ApiError> {
        let (token_hash, now) = (token::hash(secret), platform.clock.now());
        let signed_in = EndUserCaller::find(platform, request).await?;
        let hash = token_hash.clone();
        let found = platform
            .read(move |conn| {
                let Some(open) = handovers::find_by_token(conn, &hash, now)? else { return Ok(None) };
                let is_known = end_users::find_by_email(conn, &open.email)?.is_some();
                let has_logo = company_logos::find_logo(conn, &open.company_id)?.is_some();
                Ok(Some((open, is_known, has_logo)))
            })
            .await?;
        let Some((handover, is_known, has_logo)) = found else { return Ok(None) };
        if !is_for(request, &handover) {
            return Ok(None);
        }
        let person = match signed_in {
            Some(caller) if !same(caller.email(), &handover.email) => return Ok(None),
            Some(caller) => Person::SignedIn(Box::new(caller)),
            None if is_known => Person::Known,
            None => Person::New,
        };
        let language = language_of(request, Some(handover.language));
        Ok(Some(Self { secret: secret.to_owned(), token_hash, handover, language, person, has_logo }))
    }

    fn texts(&self) -> &'static Texts {
        texts(self.language)
    }

    fn is_share(&self) -> bool {
        self.handover.kind == HandoverKind::Share
    }

    fn is_known(&self) -> bool {
        matches!(self.person, Person::Known)
    }

    fn is_new(&self) -> bool {
        matches!(self.person, Person::New)
    }

    /// The page with its form.
    fn page(&self, status: StatusCode, typed: &Typed) -> HttpResponse {
        let texts = self.texts();
        let title = if self.is_share() { texts.share_title } else { texts.title };
        let zone: Tz = self.handover.time_zone.parse().unwrap_or(chrono_tz::UTC);
        let until = self.handover.expires_at.with_timezone(&zone).format("%Y-%m-%d %H:%M");
        let page = HandoverPage {
            frame: Frame::new(self.language, title),
            texts,
            rules: rules(self.language),
            link: self,
            typed,
            until: format!("{until} ({})", zone.name()),
            asked: asked::of(&self.handover, typed.ticked.as_ref(), texts),
            site_ticked: typed.ticked.as_ref().is_none_or(|ticked| ticked.site),
        };
        answer(status, &page)
    }
}

/// Whether a member of staff who is signed in here may see it: those of other companies may not, unless it went to them.
fn is_for(request: &HttpRequest, handover: &OpenHandover) -> bool {
    request
        .extensions()
        .get::<Caller>()
        .is_none_or(|staff| staff.company_id() == handover.company_id || same(&staff.record.email, &handover.email))
}

/// Whether two e-mail addresses are the same one.
fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
