//! A mail of the outbox as the bytes that go to the server. The same mail gives the same headers each time.

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use siteward_domain::MailId;
use siteward_domain::company::Company;
use siteward_domain::text::told_line;
use siteward_store::company_logos::Logo;
use siteward_store::mails::{self, Mail};

use super::pictures::{self, Picture};
use super::transport::SendError;

/// Where the public address has no host that fits.
const NO_HOST: &str = "siteward.invalid";
/// Most characters of a file's name.
const MOST_FILE_NAME: usize = 128;

/// Whether mail can be sent to this address.
pub fn is_address(text: &str) -> bool {
    text.parse::<Address>().is_ok()
}

/// The Message-ID of a mail: its id, at the host by which people know this server.
pub(super) fn message_id(id: &MailId, public_url: &str) -> String {
    let rest = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    let host = rest.split(['/', ':', '?', '#']).next().unwrap_or_default();
    let plain = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    format!("{id}@{}", if plain { host } else { NO_HOST })
}

/// What goes with a mail of the outbox.
#[derive(Default)]
pub(super) struct Enclosed {
    /// The company that writes, with its logo.
    pub(super) logo: Option<(Company, Logo)>,
    /// The files.
    pub(super) files: Vec<mails::Attachment>,
}

/// Builds the message. Names and subjects are encoded by the library, so that no character of them ends a header.
pub(super) fn build(mail: &Mail, enclosed: Enclosed, sender: Mailbox) -> Result<Message, SendError> {
    let unsendable = || SendError::for_good("mail_unsendable");
    let receiver: Address = mail.receiver.parse().map_err(|_| unsendable())?;
    let by_machine = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    let letter = letter(mail, enclosed.logo.as_ref())?;
    let whole = if enclosed.files.is_empty() {
        letter
    } else {
        enclosed.files.into_iter().try_fold(MultiPart::mixed().multipart(letter), |whole, file| {
            let kind = ContentType::parse(&file.content_type).map_err(|_| unsendable())?;
            let name = told_line(&file.file_name, MOST_FILE_NAME);
            Ok::<_, SendError>(whole.singlepart(Attachment::new(name).body(file.body, kind)))
        })?
    };
    Message::builder()
        .message_id(Some(format!("<{}>", mail.message_id)))
        .date(mail.created_at.into())
        .from(sender)
        .to(Mailbox::new(None, receiver))
        .subject(told_line(&mail.subject, usize::MAX))
        .raw_header(by_machine)
        .multipart(whole)
        .map_err(|_| unsendable())
}

/// The two bodies of a mail, the HTML together with its pictures.
fn letter(mail: &Mail, logo: Option<&(Company, Logo)>) -> Result<MultiPart, SendError> {
    let mut drawn: Vec<Picture> = Vec::new();
    let html = pictures::put(&mail.html, logo.map(|(company, logo)| (company, logo)), |picture| {
        let id = content_id(&picture.name, &mail.message_id);
        drawn.push(picture);
        format!("cid:{id}")
    });
    if drawn.is_empty() {
        return Ok(MultiPart::alternative_plain_html(mail.text.clone(), html));
    }
    let png = ContentType::parse("image/png").map_err(|_| SendError::for_good("mail_unsendable"))?;
    let related =
        drawn.into_iter().fold(MultiPart::related().singlepart(SinglePart::html(html)), |related, picture| {
            let (id, name) = (content_id(&picture.name, &mail.message_id), format!("{}.png", picture.name));
            related.singlepart(Attachment::new_inline_with_name(id, name).body(picture.png, png.clone()))
        });
    Ok(MultiPart::alternative().singlepart(SinglePart::plain(mail.text.clone())).multipart(related))
}

/// The Content-ID of a picture without its brackets.
fn content_id(name: &str, message_id: &str) -> String {
    format!("{name}.{message_id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_is_at_the_host_of_the_public_address() {
        let id = MailId::parse("01890f00-0000-7000-8000-000000000001").unwrap();
        for (url, host) in [
            ("https://siteward.example", "siteward.example"),
            ("http://192.168.1.5:8080", "192.168.1.5"),
            ("http://[fd00::1]:8080", NO_HOST),
            ("https://сайт.example", NO_HOST),
            ("", NO_HOST),
        ] {
            assert_eq!(message_id(&id, url), format!("{id}@{host}"), "{url}");
        }
    }

    #[test]
    fn an_address_with_a_line_end_or_a_second_one_is_none() {
        for bad in ["", "a", "a@", "@b", "a@b\r\nBcc: c@d", "a@b, c@d", "a b@c", "a@b c", "<a@b>\n"] {
            assert!(!is_address(bad), "{bad:?}");
        }
        for good in ["a@b.example", "анна@пример.example", "a+b@c.example"] {
            assert!(is_address(good), "{good}");
        }
    }
}
