//! A new session: its token, its row, and the answer that hands both to the browser.

use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::http::header::USER_AGENT;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use siteward_domain::{CompanyId, SessionId, StaffId};
use siteward_store::sessions::NewSession;
use siteward_store::{StoreError, companies, sessions};

use super::Session;
use crate::access::session::{Caller, Kind, cookie};
use crate::access::token;
use crate::company::may_move;
use crate::error::ApiError;
use crate::operation_log::address_of;
use crate::platform::Platform;

/// Most characters that are kept of what a browser calls itself.
const MOST_USER_AGENT: usize = 256;

/// From where a request comes.
pub(crate) struct From {
    /// The network address.
    pub(crate) address: String,
    /// What the browser calls itself: cut, and without controls.
    pub(crate) user_agent: String,
}

impl From {
    /// As the request tells.
    pub(crate) fn of(request: &HttpRequest, platform: &Platform) -> Self {
        let said = request.headers().get(USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()));
        Self { address: address_of(request, platform), user_agent: plain(&said.unwrap_or_default()) }
    }
}

fn plain(said: &str) -> String {
    said.chars().filter(|c| !c.is_control()).take(MOST_USER_AGENT).collect::<String>().trim().to_owned()
}

/// A token that no database knows yet, and the row to store for it.
pub(crate) struct NewToken {
    token: String,
    /// The row; it holds only the token's hash.
    pub(crate) session: NewSession,
}

impl NewToken {
    /// A new id at every sign-in (T15).
    pub(crate) fn generate(company: &CompanyId, staff: &StaffId, from: From, now: DateTime<Utc>) -> Self {
        let token = token::new_token();
        let session = NewSession {
            id: SessionId::generate(now),
            token_hash: token::hash(&token),
            company_id: company.clone(),
            staff_id: staff.clone(),
            created_at: now,
            from_address: from.address,
            user_agent: from.user_agent,
        };
        Self { token, session }
    }

    /// Reads the stored session back and answers with it and its cookie.
    pub(crate) async fn answer(self, platform: &Platform, status: StatusCode) -> Result<HttpResponse, ApiError> {
        let (cookie, session) = self.describe(platform).await?;
        Ok(HttpResponse::build(status).cookie(cookie).json(session))
    }

    /// The stored session as its owner's console takes it, and its cookie.
    pub(crate) async fn describe(self, platform: &Platform) -> Result<(Cookie<'static>, Session), ApiError> {
        let hash = self.session.token_hash.clone();
        let now = platform.clock.now();
        let (record, company, may_move) = platform
            .read(move |conn| {
                let record = sessions::find_session(conn, &hash, now)?.ok_or(StoreError::NotFound)?;
                let company = companies::find_company(conn, &record.company_id)?.ok_or(StoreError::NotFound)?;
                let may_move = may_move(conn, &company.id)?;
                Ok((record, company, may_move))
            })
            .await?;
        let secure = platform.is_secure() || company.public_url.starts_with("https://");
        let caller = Caller { record, token: self.token };
        let body = Session::describe(platform, &caller, company.into(), may_move);
        Ok((cookie(caller.token, Kind::Staff, secure), body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_calls_itself_is_cut_and_cleaned() {
        assert_eq!(plain(" Firefox/140\u{7}\n "), "Firefox/140");
        assert_eq!(plain(&"ж".repeat(1000)).chars().count(), MOST_USER_AGENT);
    }
}
