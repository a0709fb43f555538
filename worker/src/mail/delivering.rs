//! From the outbox to the mail server, and what became of it back into the outbox.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use siteward_domain::MailId;
use siteward_domain::mail::MailTemplate;
use siteward_store::mails::{self, Mail, MailError};
use siteward_store::smtp::{self, SmtpSettings};
use siteward_store::{DbConn, SealedText, Store, StoreError, companies, company_logos};

use super::message::{self, Enclosed};
use super::server::Server;
use super::template::TOKEN_GAP;
use super::transport::{SendError, send};
use crate::clock::SharedClock;
use crate::job::on_blocking_thread;
use crate::text_messages::Gateway;
use crate::webhooks;

/// How long one mail may take to be handed over.
#[derive(Debug, Clone, Copy)]
pub struct Patience(pub Duration);

impl Default for Patience {
    fn default() -> Self {
        Self(Duration::from_secs(30))
    }
}

/// Hands mails over. Cheap to clone.
#[derive(Clone)]
pub struct Delivering {
    /// The store.
    pub store: Store,
    /// The clock.
    pub clock: SharedClock,
    /// How long one mail may take.
    pub patience: Patience,
    /// Where text messages go; `None`: they wait.
    pub gateway: Option<Gateway>,
}

impl std::fmt::Debug for Delivering {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Delivering").field("patience", &self.patience).finish_non_exhaustive()
    }
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// The server took it.
    Sent,
    /// There is no such mail to send any more.
    Gone,
    /// It waits: no mail server is set, or the one that is set refuses our login until a person looks.
    Waits,
    /// It was not taken and is worth another try.
    Later(SendError),
    /// It was not taken and is given up.
    Failed(SendError),
}

enum Claimed {
    Gone,
    Waits,
    Mail(Box<(SmtpSettings, Mail, Enclosed)>),
    Text(Box<(Gateway, Mail)>),
}

impl Delivering {
    /// Hands one mail over. `once`: a person waits for the outcome, so that it is tried even after a refused login, and
    /// given up when it does not go now.
    pub async fn deliver(&self, id: &MailId, once: bool) -> Result<Delivered, StoreError> {
        let (settings, outcome) = match self.claim(id, once).await? {
            Claimed::Gone => return Ok(Delivered::Gone),
            Claimed::Waits => return Ok(Delivered::Waits),
            Claimed::Mail(claimed) => {
                let (settings, mail, enclosed) = *claimed;
                let outcome = self.hand_over(&settings, &mail, enclosed).await;
                (Some(settings), outcome)
            }
            Claimed::Text(claimed) => (None, self.hand_over_text(&claimed.0, &claimed.1).await),
        };
        match outcome {
            Ok(()) => {
                self.note_sent(id, settings).await?;
                Ok(Delivered::Sent)
            }
            Err(error) => self.note_unsent(id, settings, error, once).await,
        }
    }

    /// Gives a mail up that was tried too often.
    pub(crate) async fn give_up(&self, id: &MailId) -> Result<(), StoreError> {
        let (id, now) = (id.clone(), self.clock.now());
        self.write(move |store| store.write(|conn| mails::mark_unsent(conn, &id, true, None, now))).await
    }

    async fn claim(&self, id: &MailId, once: bool) -> Result<Claimed, StoreError> {
        let (id, now, gateway) = (id.clone(), self.clock.now(), self.gateway.clone());
        self.write(move |store| {
            store.write(|conn| {
                if let Some(minutes) = mails::template_of(conn, &id)?.and_then(MailTemplate::text_minutes) {
                    if mails::drop_late_text(conn, &id, minutes, now)? {
                        return Ok(Claimed::Gone);
                    }
                    let Some(gateway) = gateway.clone() else { return Ok(Claimed::Waits) };
                    let claimed = mails::claim(conn, &id, now)?;
                    return Ok(claimed.map_or(Claimed::Gone, |mail| Claimed::Text(Box::new((gateway, mail)))));
                }
                let Some(settings) = smtp::find_smtp(conn)? else { return Ok(Claimed::Waits) };
                if settings.login_refused && !once {
                    let refused = MailError { code: "smtp_login_refused".to_owned(), message: String::new() };
                    mails::mark_unsent(conn, &id, false, Some(&refused), now)?;
                    return Ok(Claimed::Waits);
                }
                let Some(mail) = mails::claim(conn, &id, now)? else { return Ok(Claimed::Gone) };
                let enclosed = enclosed(conn, &mail)?;
                Ok(Claimed::Mail(Box::new((settings, mail, enclosed))))
            })
        })
        .await
    }

    async fn hand_over_text(&self, gateway: &Gateway, mail: &Mail) -> Result<(), SendError> {
        let text = match &mail.sealed_token {
            Some(sealed) => self.with_token(mail, sealed)?.text,
            None => mail.text.clone(),
        };
        gateway.send(&mail.id, &mail.receiver, text.trim_end(), self.patience.0).await.map_err(of_gateway)
    }

    async fn hand_over(&self, settings: &SmtpSettings, mail: &Mail, enclosed: Enclosed) -> Result<(), SendError> {
        let server = Server::open(settings, &self.store)?;
        let message = match &mail.sealed_token {
            Some(sealed) => message::build(&self.with_token(mail, sealed)?, enclosed, server.sender.clone())?,
            None => message::build(mail, enclosed, server.sender.clone())?,
        };
        let hello = mail.message_id.rsplit_once('@').map_or("localhost", |(_, host)| host);
        send(&server, &message, hello, self.patience.0).await
    }

    /// The mail with the token of its link in both bodies; it never stands so in the outbox.
    fn with_token(&self, mail: &Mail, sealed: &SealedText) -> Result<Mail, SendError> {
        let place = mails::token_place(mail.company_id.as_ref(), &mail.id);
        let token = self.store.vault().open(place, sealed).map_err(|_| SendError::later("password_locked"))?;
        let put = |body: &str| body.replace(TOKEN_GAP, token.expose_secret());
        Ok(Mail { text: put(&mail.text), html: put(&mail.html), ..mail.clone() })
    }

    /// `settings`: of the mail server; `None` for a text message.
    async fn note_sent(&self, id: &MailId, settings: Option<SmtpSettings>) -> Result<(), StoreError> {
        let (id, now) = (id.clone(), self.clock.now());
        self.write(move |store| {
            store.write(|conn| {
                if let Some(settings) = settings.as_ref().filter(|settings| settings.login_refused) {
                    smtp::note_login(conn, settings, false)?;
                }
                mails::mark_sent(conn, &id, now)
            })
        })
        .await
    }

    async fn note_unsent(
        &self,
        id: &MailId,
        settings: Option<SmtpSettings>,
        error: SendError,
        once: bool,
    ) -> Result<Delivered, StoreError> {
        let (id, now, told) = (id.clone(), self.clock.now(), error.clone());
        let (for_good, login_refused) = (once || !error.again, error.code == "smtp_login_refused");
        self.write(move |store| {
            store.write(|conn| {
                if let Some(settings) = settings.as_ref().filter(|_| login_refused) {
                    smtp::note_login(conn, settings, true)?;
                }
                let why = MailError { code: told.code.to_owned(), message: told.said.clone() };
                mails::mark_unsent(conn, &id, for_good, Some(&why), now)?;
                // Nobody sends a text message again.
                if settings.is_none() && for_good { mails::forget_token(conn, &id) } else { Ok(()) }
            })
        })
        .await?;
        Ok(if for_good {
            Delivered::Failed(error)
        } else if login_refused {
            Delivered::Waits
        } else {
            Delivered::Later(error)
        })
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.store.clone();
        on_blocking_thread(move || work(&store)).await
    }
}

/// What became of a text message that a gateway did not take. One that it refuses as it is will not be taken later either.
fn of_gateway(error: webhooks::SendError) -> SendError {
    let code = match error.code {
        "webhook_not_resolved" => "sms_not_resolved",
        "webhook_address_refused" => "sms_address_refused",
        "webhook_unreachable" => "sms_unreachable",
        "webhook_tls_failed" => "sms_tls_failed",
        "webhook_timeout" => "sms_timeout",
        "webhook_refused" => "sms_refused",
        _ => "sms_broken_off",
    };
    let again = error.status.is_none_or(|status| status >= 500 || status == 429);
    SendError { code, said: error.status.map(|status| status.to_string()).unwrap_or_default(), again }
}

/// What goes with a mail: its files, and the logo of the company as it is now.
fn enclosed(conn: &mut DbConn, mail: &Mail) -> Result<Enclosed, StoreError> {
    let files = mails::list_attachments(conn, &mail.id)?;
    let Some(company) = &mail.company_id else { return Ok(Enclosed { logo: None, files }) };
    let logo = company_logos::find_logo(conn, company)?;
    let company = companies::find_company(conn, company)?;
    Ok(Enclosed { logo: company.zip(logo), files })
}
