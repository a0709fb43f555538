//! A new session: its token, its row, and the answer that hands both to the browser.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use siteward_domain::{CompanyId, SessionId, StaffId};
use siteward_store::sessions::NewSession;
use siteward_store::{StoreError, companies, sessions};

use super::Session;
use crate::access::session::{Caller, cookie};
use crate::access::token;
use crate::company::Company;
use crate::error::ApiError;
use crate::platform::Platform;

/// A token that no database knows yet, and the row to store for it.
pub(crate) struct NewToken {
    token: String,
    /// The row; it holds only the token's hash.
    pub(crate) session: NewSession,
}

impl NewToken {
    /// A new id at every sign-in (T15).
    pub(crate) fn generate(company: &CompanyId, staff: &StaffId, from_address: String, now: DateTime<Utc>) -> Self {
        let token = token::new_token();
        let session = NewSession {
            id: SessionId::generate(now),
            token_hash: token::hash(&token),
            company_id: company.clone(),
            staff_id: staff.clone(),
            created_at: now,
            from_address,
        };
        Self { token, session }
    }

    /// Reads the stored session back and answers with it and its cookie.
    pub(crate) async fn answer(self, platform: &Platform, status: StatusCode) -> Result<HttpResponse, ApiError> {
        let hash = self.session.token_hash.clone();
        let now = platform.clock.now();
        let (record, company) = platform
            .read(move |conn| {
                let record = sessions::find_session(conn, &hash, now)?.ok_or(StoreError::NotFound)?;
                let company = companies::find_company(conn, &record.company_id)?.ok_or(StoreError::NotFound)?;
                Ok((record, company))
            })
            .await?;
        let secure = platform.is_secure() || company.public_url.starts_with("https://");
        let caller = Caller { record, token: self.token };
        let body = Session::describe(platform, &caller, Company::from(company));
        Ok(HttpResponse::build(status).cookie(cookie(caller.token, secure)).json(body))
    }
}
