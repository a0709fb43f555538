//! Mails to end users about their own accounts. They come from the platform and from no company.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use secrecy::SecretString;
use siteward_domain::MailId;
use siteward_domain::end_user::REGISTRATION_HOURS;
use siteward_domain::mail::{MailLanguage, MailTemplate};
use siteward_store::mails::{self, NewMail};
use siteward_store::{DbConn, StoreError, Vault, companies};

use super::letters::AccountChange;
use super::message;
use super::template::{Letter, letter, local_time};

/// The address under which people reach this server, for mails to end users, whichever company they are from: that of the
/// oldest one. Their links carry tokens and lead where they sign in, so no other company has a say in it.
pub fn public_url(conn: &mut DbConn) -> Result<String, StoreError> {
    Ok(companies::find_oldest(conn)?.ok_or(StoreError::NotFound)?.public_url)
}

/// A letter of the platform as it goes into the outbox; `url`: the [`public_url`] that it was written with.
pub fn address_from_platform(url: &str, receiver: &str, letter: Letter, now: DateTime<Utc>) -> NewMail {
    let id = MailId::generate(now);
    NewMail {
        message_id: message::message_id(&id, url),
        id,
        company_id: None,
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

/// A letter of the platform with a link that is as good as a password, see [`super::address_with_token`].
pub fn address_from_platform_with_token(
    vault: &Vault,
    url: &str,
    receiver: &str,
    letter: Letter,
    token: &SecretString,
    now: DateTime<Utc>,
) -> Result<NewMail, StoreError> {
    let mut mail = address_from_platform(url, receiver, letter, now);
    mail.sealed_token = Some(vault.seal(mails::token_place(None, &mail.id), token)?);
    Ok(mail)
}

/// What an end user is told without further ado.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndUserNews {
    /// The link that confirms a registration. It has a gap for the token.
    Registration,
    /// Somebody wanted to register an address that has an account.
    Known,
    /// The link that shows that another address is theirs. It has a gap for the token.
    Address,
    /// The link to a new password. It has a gap for the token.
    PasswordReset,
}

/// What the mail about it says.
#[derive(Debug, Clone)]
pub struct EndUserTold<'a> {
    /// What is told.
    pub news: EndUserNews,
    /// The person's name.
    pub name: &'a str,
    /// How people reach this server.
    pub url: &'a str,
}

impl EndUserTold<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let (template, en, ru) = match self.news {
            EndUserNews::Registration => (
                MailTemplate::EndUserRegistration,
                include_str!("templates/end_user_registration/en.txt"),
                include_str!("templates/end_user_registration/ru.txt"),
            ),
            EndUserNews::Known => (
                MailTemplate::EndUserKnown,
                include_str!("templates/end_user_known/en.txt"),
                include_str!("templates/end_user_known/ru.txt"),
            ),
            EndUserNews::Address => (
                MailTemplate::EndUserAddress,
                include_str!("templates/end_user_address/en.txt"),
                include_str!("templates/end_user_address/ru.txt"),
            ),
            EndUserNews::PasswordReset => (
                MailTemplate::EndUserPasswordReset,
                include_str!("templates/end_user_password_reset/en.txt"),
                include_str!("templates/end_user_password_reset/ru.txt"),
            ),
        };
        let source = match language {
            MailLanguage::En => en,
            MailLanguage::Ru => ru,
        };
        let hours = REGISTRATION_HOURS.to_string();
        letter(template, language, source, &[("name", self.name), ("url", self.url), ("hours", &hours)])
    }
}

/// What the mail about a changed account of an end user tells.
#[derive(Debug, Clone)]
pub struct EndUserChanged<'a> {
    /// The person's name.
    pub name: &'a str,
    /// What was changed.
    pub change: AccountChange,
    /// When.
    pub at: DateTime<Utc>,
    /// The person's time zone.
    pub zone: Tz,
    /// From which network address.
    pub address: &'a str,
    /// How people reach this server.
    pub url: &'a str,
}

impl EndUserChanged<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        // A lost number was somebody else's doing, and no password is in danger.
        let source = match (self.change, language) {
            (AccountChange::PhoneLost, MailLanguage::En) => include_str!("templates/end_user_phone_lost/en.txt"),
            (AccountChange::PhoneLost, MailLanguage::Ru) => include_str!("templates/end_user_phone_lost/ru.txt"),
            (_, MailLanguage::En) => include_str!("templates/end_user_changed/en.txt"),
            (_, MailLanguage::Ru) => include_str!("templates/end_user_changed/ru.txt"),
        };
        let at = local_time(self.at, self.zone);
        let values = [
            ("change", self.change.said(language)),
            ("name", self.name),
            ("at", &at),
            ("address", self.address),
            ("url", self.url),
        ];
        letter(MailTemplate::EndUserChanged, language, source, &values)
    }
}

/// What the last mail to an end user tells: their account is deleted.
#[derive(Debug, Clone)]
pub struct EndUserDeleted<'a> {
    /// The person's name.
    pub name: &'a str,
    /// The names of sites that went back to whoever installed them.
    pub returned: &'a [String],
    /// The names of sites whose devices are free.
    pub freed: &'a [String],
    /// When.
    pub at: DateTime<Utc>,
    /// The person's time zone.
    pub zone: Tz,
    /// From which network address.
    pub address: &'a str,
}

impl EndUserDeleted<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let source = match language {
            MailLanguage::En => include_str!("templates/end_user_deleted/en.txt"),
            MailLanguage::Ru => include_str!("templates/end_user_deleted/ru.txt"),
        };
        let listed = |names: &[String]| if names.is_empty() { "–".to_owned() } else { names.join(", ") };
        let (returned, freed) = (listed(self.returned), listed(self.freed));
        let at = local_time(self.at, self.zone);
        let values = [
            ("name", self.name),
            ("returned", &*returned),
            ("freed", &*freed),
            ("at", &*at),
            ("address", self.address),
        ];
        letter(MailTemplate::EndUserDeleted, language, source, &values)
    }
}

#[cfg(test)]
mod tests {
    use super::super::TOKEN_GAP;
    use super::*;

    #[test]
    fn every_mail_to_an_end_user_is_whole_in_every_language() {
        let (name, url, address) = ("Olga", "https://s.example", "192.0.2.7");
        let (at, zone) = (DateTime::from_timestamp(1_800_000_000, 0).unwrap(), chrono_tz::Europe::Warsaw);
        for language in MailLanguage::ALL.iter().copied() {
            let told = |news| EndUserTold { news, name, url }.letter(language);
            let gaps = |letter: &Letter| [&letter.text, &letter.html].map(|body| body.matches(TOKEN_GAP).count());
            let all = [EndUserNews::Registration, EndUserNews::Known, EndUserNews::PasswordReset, EndUserNews::Address];
            let mut letters: Vec<Letter> = all.map(told).into();
            assert_eq!(letters.iter().map(gaps).collect::<Vec<_>>(), [[1, 1], [0, 0], [1, 1], [1, 1]]);
            letters.extend(
                AccountChange::ALL
                    .map(|change| EndUserChanged { name, change, at, zone, address, url }.letter(language)),
            );
            let returned = ["Villa".to_owned(), "Shop & Co".to_owned()];
            letters.push(EndUserDeleted { name, returned: &returned, freed: &[], at, zone, address }.letter(language));
            for letter in letters {
                let parts = [&letter.subject, &letter.text, &letter.html].map(|part| part.replace(TOKEN_GAP, ""));
                assert!(parts.iter().all(|part| !part.is_empty() && !part.contains("{{")), "{letter:?}");
                assert!(letter.text.contains("Olga"), "{letter:?}");
            }
        }
    }
}
