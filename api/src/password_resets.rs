//! A new password for whoever has lost theirs: a link by mail, and the page behind it. Members of staff and end users each
//! have links of their own.

pub(crate) mod create;
mod mailing;
mod page;
pub(crate) mod show;
pub(crate) mod submit;

use actix_web::{HttpRequest, HttpResponse};
use siteward_domain::mail::MailLanguage;
use siteward_domain::panel_accounts::PersonKind;
use siteward_store::end_users::{self, EndUser};
use siteward_store::staff::{self, StaffRecord};
use siteward_store::{DbConn, StoreError, password_resets, two_factor};

use crate::access::token;
use crate::error::ApiError;
use crate::pages::language::language_of;
use crate::pages::message;
use crate::platform::Platform;
use crate::session::attempt::Account;
use crate::session::guessing::Door;

/// How long a link is good.
const GOOD_MINUTES: i64 = 60;

/// Whose a link is.
#[derive(Clone)]
enum Person {
    Staff(StaffRecord),
    EndUser(EndUser),
}

/// A link that is good now, and whose.
#[derive(Clone)]
struct Link {
    /// The hash of its token.
    token_hash: String,
    person: Person,
    /// Whether a second factor is on.
    two_factor: bool,
}

impl Person {
    fn kind(&self) -> PersonKind {
        match self {
            Self::Staff(_) => PersonKind::Staff,
            Self::EndUser(_) => PersonKind::EndUser,
        }
    }

    fn email(&self) -> &str {
        match self {
            Self::Staff(staff) => &staff.email,
            Self::EndUser(end_user) => &end_user.email,
        }
    }

    fn language(&self) -> MailLanguage {
        match self {
            Self::Staff(staff) => staff.language,
            Self::EndUser(end_user) => end_user.language,
        }
    }

    /// Where they sign in.
    fn door(&self) -> Door {
        match self {
            Self::Staff(_) => Door::Staff,
            Self::EndUser(_) => Door::EndUser,
        }
    }

    fn account(&self) -> Account {
        match self {
            Self::Staff(staff) => Account::from(staff),
            Self::EndUser(end_user) => Account::from(end_user),
        }
    }
}

impl Link {
    /// Looks a link of a kind of person up; none where it is used, over, or never was.
    async fn find(platform: &Platform, kind: PersonKind, given: &str) -> Result<Option<Self>, ApiError> {
        let (token_hash, now) = (token::hash(given), platform.clock.now());
        let read = move |conn: &mut DbConn| -> Result<Option<Self>, StoreError> {
            let (person, factor) = match kind {
                PersonKind::Staff => {
                    let Some((company, id)) = password_resets::find_reset(conn, &token_hash, now)? else {
                        return Ok(None);
                    };
                    let factor = two_factor::status_of(conn, &id)?;
                    (Person::Staff(staff::get_staff(conn, &company, &id)?), factor)
                }
                PersonKind::EndUser => {
                    let Some(id) = password_resets::find_end_user_reset(conn, &token_hash, now)? else {
                        return Ok(None);
                    };
                    let factor = two_factor::status_of(conn, &id)?;
                    (Person::EndUser(end_users::get_end_user(conn, &id)?), factor)
                }
            };
            Ok(Some(Self { token_hash: token_hash.clone(), person, two_factor: factor.since.is_some() }))
        };
        platform.read(read).await
    }

    fn language(&self, request: &HttpRequest) -> MailLanguage {
        language_of(request, Some(self.person.language()))
    }
}

/// Where a kind of person signs in.
fn sign_in_page(kind: PersonKind) -> &'static str {
    match kind {
        PersonKind::Staff => "/sign-in",
        PersonKind::EndUser => "/my/sign-in",
    }
}

/// What a link says that is of no use.
fn gone(request: &HttpRequest, kind: PersonKind) -> HttpResponse {
    message::gone_to(language_of(request, None), sign_in_page(kind))
}

/// What is said where something else went wrong.
fn refused(request: &HttpRequest, error: &ApiError) -> HttpResponse {
    message::refused(language_of(request, None), error)
}
