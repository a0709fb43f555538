//! A new password for whoever has lost theirs: a link by mail, and the page behind it.

pub(crate) mod create;
mod mailing;
mod page;
pub(crate) mod show;
pub(crate) mod submit;

use actix_web::{HttpRequest, HttpResponse};
use siteward_domain::mail::MailLanguage;
use siteward_store::staff::{self, StaffRecord};
use siteward_store::{DbConn, StoreError, password_resets, two_factor};

use crate::access::token;
use crate::error::ApiError;
use crate::pages::language::language_of;
use crate::pages::message;
use crate::platform::Platform;

/// How long a link is good.
const GOOD_MINUTES: i64 = 60;

/// A link that is good now, and whose.
#[derive(Clone)]
struct Link {
    /// The hash of its token.
    token_hash: String,
    account: StaffRecord,
    /// Whether a second factor is on.
    two_factor: bool,
}

impl Link {
    /// Looks a link up; none where it is used, over, or never was.
    async fn find(platform: &Platform, given: &str) -> Result<Option<Self>, ApiError> {
        let (token_hash, now) = (token::hash(given), platform.clock.now());
        let read = move |conn: &mut DbConn| -> Result<Option<Self>, StoreError> {
            let Some((company, id)) = password_resets::find_reset(conn, &token_hash, now)? else { return Ok(None) };
            let account = staff::get_staff(conn, &company, &id)?;
            let two_factor = two_factor::status_of(conn, &id)?.since.is_some();
            Ok(Some(Self { token_hash: token_hash.clone(), account, two_factor }))
        };
        platform.read(read).await
    }

    fn language(&self, request: &HttpRequest) -> MailLanguage {
        language_of(request, Some(self.account.language))
    }
}

/// What a link says that is of no use.
fn gone(request: &HttpRequest) -> HttpResponse {
    message::gone(language_of(request, None))
}

/// What is said where something else went wrong.
fn refused(request: &HttpRequest, error: &ApiError) -> HttpResponse {
    message::refused(language_of(request, None), error)
}
