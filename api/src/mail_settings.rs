//! The mail server of this installation: set by the Admin of the company that set the server up, for all its companies.

pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod test;
pub(crate) mod update;

use serde::Serialize;
use siteward_domain::CompanyId;
use siteward_store::smtp::SmtpSettings;
use siteward_store::{DbConn, StoreError, companies};
use utoipa::ToSchema;

use crate::error::{ApiError, codes};
use crate::words::{MailLanguage, SmtpSecurity};

/// What the log calls it.
const OBJECT: &str = "mail_server";

/// The mail server, once it is set.
#[derive(Serialize, ToSchema)]
pub(crate) struct MailServer {
    /// Its settings; null: none is set, and mails wait in the outbox.
    #[schema(required = true)]
    settings: Option<MailSettings>,
}

/// How mails are sent. Never the password.
#[derive(Serialize, ToSchema)]
pub(crate) struct MailSettings {
    /// The server: a name or an address.
    host: String,
    /// Its port.
    port: u16,
    /// How the connection is kept from others.
    security: SmtpSecurity,
    /// The user name, where the server wants a login.
    #[schema(required = true)]
    user_name: Option<String>,
    /// Whether a password is kept.
    has_password: bool,
    /// Certificate of the authority that the server's certificate is from, where browsers do not know it.
    #[schema(required = true)]
    certificate: Option<String>,
    /// The name that mails come from.
    sender_name: String,
    /// The address that mails come from.
    sender_address: String,
    /// The language that mails are written in.
    language: MailLanguage,
    /// The server refused the login: nothing is sent until it is changed or a test goes through.
    login_refused: bool,
}

impl From<SmtpSettings> for MailSettings {
    fn from(settings: SmtpSettings) -> Self {
        Self {
            host: settings.host,
            port: settings.port,
            security: SmtpSecurity(settings.security),
            has_password: settings.sealed_password.is_some(),
            user_name: settings.user_name,
            certificate: settings.authority,
            sender_name: settings.sender_name,
            sender_address: settings.sender_address,
            language: MailLanguage(settings.language),
            login_refused: settings.login_refused,
        }
    }
}

/// Whether this company may set what the whole server shares; else a mail server of one company would read the mails of all.
fn may_set(conn: &mut DbConn, company: &CompanyId) -> Result<Result<(), ApiError>, StoreError> {
    let first = companies::is_first_company(conn, company)?;
    Ok(if first { Ok(()) } else { Err(ApiError::new(codes::RIGHT_MISSING)) })
}
