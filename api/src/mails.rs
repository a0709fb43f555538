//! The outbox of a company, for its Admin: what is to be sent, was sent, or could not be.

pub(crate) mod attachment;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod send;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::mails as stored;
use utoipa::ToSchema;

use crate::words::{MailLanguage, MailState, MailTemplate};

/// A mail of the outbox.
#[derive(Serialize, ToSchema)]
pub(crate) struct Mail {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The address that it goes to.
    receiver: String,
    /// The language it is written in.
    language: MailLanguage,
    /// What it is about.
    template: MailTemplate,
    /// Its subject.
    subject: String,
    /// Where it stands.
    state: MailState,
    /// How often it was tried.
    attempts: u32,
    /// Why it was not taken at the last try: a code as in errors.
    #[schema(required = true)]
    error_code: Option<String>,
    /// What the mail server said then; may be empty.
    said: String,
    /// When it was written.
    created_at: DateTime<Utc>,
    /// When the server took it.
    #[schema(required = true)]
    sent_at: Option<DateTime<Utc>>,
}

impl From<stored::Mail> for Mail {
    fn from(mail: stored::Mail) -> Self {
        let (error_code, said) = mail.error.map(|error| (error.code, error.message)).unzip();
        Self {
            id: mail.id.to_string(),
            receiver: mail.receiver,
            language: MailLanguage(mail.language),
            template: MailTemplate(mail.template),
            subject: mail.subject,
            state: MailState(mail.state),
            attempts: mail.attempts,
            error_code,
            said: said.unwrap_or_default(),
            created_at: mail.created_at,
            sent_at: mail.sent_at,
        }
    }
}
