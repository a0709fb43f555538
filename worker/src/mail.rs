//! Mail: written into the outbox within the transaction that makes it necessary, handed to the mail server by a job each.
//!
//! SMTP has no way to ask whether a mail arrived: where a connection ends after the last byte and before the answer, the
//! mail is handed over again, under the same Message-ID, by which servers and readers know that it is the same one.
//!
//! **Invariant:** addresses, subjects and passwords never get into the log; what a server says is kept beside the mail,
//! for the Admin's eyes, with the password taken out of it.

mod alarms;
mod bounded;
mod custody;
mod delivering;
mod digest;
mod end_users;
mod grants;
mod handovers;
mod incidents;
mod letters;
mod linkage;
mod message;
mod pace;
mod pictures;
mod samples;
mod server;
mod sharing;
mod summary;
mod template;
mod texts_to_phones;
mod transfers;
mod transport;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use siteward_domain::MailId;
use siteward_domain::company::Company;
use siteward_domain::mail::MailLanguage;
use siteward_store::company_logos::Logo;
use siteward_store::mails::{self, NewMail};
use siteward_store::{DbConn, StoreError, Vault, jobs, smtp};

pub use alarms::ShareAlarm;
pub use custody::{CompanyInvited, CustodyNews, CustodyTold};
pub use delivering::{Delivered, Delivering, Patience};
pub use digest::{Digest, DigestItem};
pub use end_users::{
    EndUserChanged, EndUserDeleted, EndUserNews, EndUserTold, address_from_platform, address_from_platform_with_token,
    public_url,
};
pub use grants::{AskedFor, PermissionRequested, PermissionUsed, RequestAnswered};
pub use handovers::{HandoverInvitation, HandoverNews, HandoverTold};
pub use incidents::IncidentTold;
pub use letters::{AccountChange, AccountChanged, PasswordReset, StaffInvitation};
pub use linkage::LinkageTold;
pub use message::is_address;
pub use pace::MailPace;
pub use samples::sample;
pub use server::is_authority;
pub use sharing::{Answered, ShareAnswered, ShareApplied, ShareOffered, ShareTold};
pub use summary::{DailySummary, SummaryItem};
pub use template::{DeviceUnbound, Letter, TOKEN_GAP, test_letter};
pub use texts_to_phones::TextTold;
pub use transfers::TransferTold;
pub use transport::SendError;

use crate::jobs::send_mail;

/// The language of mails while nobody chose one.
const USUAL_LANGUAGE: MailLanguage = MailLanguage::En;

/// The language that mails are written in here.
pub fn language(conn: &mut DbConn) -> Result<MailLanguage, StoreError> {
    Ok(smtp::find_smtp(conn)?.map_or(USUAL_LANGUAGE, |smtp| smtp.language))
}

/// A letter as it goes into the outbox.
pub fn address(company: &Company, receiver: &str, letter: Letter, now: DateTime<Utc>) -> NewMail {
    let id = MailId::generate(now);
    NewMail {
        message_id: message::message_id(&id, &company.public_url),
        id,
        company_id: Some(company.id.clone()),
        receiver: receiver.to_owned(),
        language: letter.language,
        template: letter.template,
        subject: letter.subject,
        text: letter.text,
        html: letter.html,
        sealed_token: None,
        link_hash: None,
        attachments: Vec::new(),
    }
}

/// A letter with a link that is as good as a password: its token is sealed, stands in the outbox for nobody to read, and
/// is put where the letter has [`TOKEN_GAP`] when the mail is handed over.
pub fn address_with_token(
    vault: &Vault,
    company: &Company,
    receiver: &str,
    letter: Letter,
    token: &SecretString,
    now: DateTime<Utc>,
) -> Result<NewMail, StoreError> {
    let mut mail = address(company, receiver, letter, now);
    mail.sealed_token = Some(vault.seal(mails::token_place(mail.company_id.as_ref(), &mail.id), token)?);
    Ok(mail)
}

/// The HTML of a letter as a person looks at it before it is sent: its pictures are within it. Where its link has a token, there is
/// an ellipsis, in the QR code too.
pub fn preview(html: &str, logo: Option<(&Company, &Logo)>) -> String {
    pictures::put(&html.replace(TOKEN_GAP, "…"), logo, |picture| {
        format!("data:image/png;base64,{}", STANDARD.encode(picture.png))
    })
}

/// Writes a mail into the outbox, with the job that sends it.
pub fn enqueue(conn: &mut DbConn, mail: &NewMail, now: DateTime<Utc>) -> Result<(), StoreError> {
    mails::create_mail(conn, mail, now)?;
    jobs::enqueue(conn, &send_mail::new_job(&mail.id, now), now)?;
    Ok(())
}
