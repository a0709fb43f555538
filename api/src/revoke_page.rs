//! `/revoke/{token}`: the link in the mail about the first use of a permission. It takes that permission back, and needs no
//! sign-in: whoever has the mail is the owner.

mod page;
pub(crate) mod show;
pub(crate) mod submit;

use actix_web::{HttpRequest, HttpResponse};
use siteward_store::grants::{self, Grant, Owner};
use siteward_store::{DbConn, StoreError, companies};

use crate::access::token;
use crate::error::ApiError;
use crate::pages::language::language_of;
use crate::pages::message;
use crate::platform::Platform;

/// A link whose permission holds now.
#[derive(Clone)]
struct Link {
    grant: Grant,
    company: String,
    owner: Owner,
}

impl Link {
    /// Looks a link up; none where its permission is over, or there never was one.
    async fn find(platform: &Platform, given: &str) -> Result<Option<Self>, ApiError> {
        let (hash, now) = (token::hash(given), platform.clock.now());
        let read = move |conn: &mut DbConn| -> Result<Option<Self>, StoreError> {
            let Some(grant) = grants::find_by_revoke_hash(conn, &hash)?.filter(|grant| grant.holds(now)) else {
                return Ok(None);
            };
            let Some(owner) = grants::owner_of(conn, &grant.site_id)? else { return Ok(None) };
            let company = companies::find_company(conn, &grant.company_id)?.ok_or(StoreError::NotFound)?.name;
            Ok(Some(Self { grant, company, owner }))
        };
        platform.read(read).await
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
