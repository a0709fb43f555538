//! Mails about a person's own account: an invitation, a new password, a change that they should know of.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use siteward_domain::mail::{MailLanguage, MailTemplate};
use siteward_domain::staff::INVITATION_HOURS;

use super::template::{Letter, letter, local_time};

/// What an invitation to the staff tells. Its link has a gap for the token.
#[derive(Debug, Clone)]
pub struct StaffInvitation<'a> {
    /// The company that invites.
    pub company: &'a str,
    /// The name of who is invited.
    pub name: &'a str,
    /// The name of who invites.
    pub inviter: &'a str,
    /// The name of the role.
    pub role: &'a str,
    /// How people reach this server.
    pub url: &'a str,
}

impl StaffInvitation<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let source = match language {
            MailLanguage::En => include_str!("templates/staff_invitation/en.txt"),
            MailLanguage::Ru => include_str!("templates/staff_invitation/ru.txt"),
        };
        let hours = INVITATION_HOURS.to_string();
        let values = [
            ("company", self.company),
            ("name", self.name),
            ("inviter", self.inviter),
            ("role", self.role),
            ("hours", &hours),
            ("url", self.url),
        ];
        letter(MailTemplate::StaffInvitation, language, source, &values)
    }
}

/// What the mail with the link to a new password tells. Its link has a gap for the token.
#[derive(Debug, Clone)]
pub struct PasswordReset<'a> {
    /// The person's company.
    pub company: &'a str,
    /// The person's name.
    pub name: &'a str,
    /// How people reach this server.
    pub url: &'a str,
}

impl PasswordReset<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let source = match language {
            MailLanguage::En => include_str!("templates/password_reset/en.txt"),
            MailLanguage::Ru => include_str!("templates/password_reset/ru.txt"),
        };
        let values = [("company", self.company), ("name", self.name), ("url", self.url)];
        letter(MailTemplate::PasswordReset, language, source, &values)
    }
}

/// What was changed of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountChange {
    /// The password.
    Password,
    /// The second factor was turned on.
    TwoFactorOn,
    /// The second factor was turned off by its owner.
    TwoFactorOff,
    /// The second factor was taken away by somebody else: the Admin, or the command line.
    TwoFactorReset,
    /// There are new recovery codes, and the old ones are void.
    RecoveryCodes,
    /// Another e-mail address was asked for; a link went to it.
    AddressAsked,
    /// Another e-mail address is the account's from now on; this goes to the one before.
    Address,
    /// Somebody else has shown that the phone number is theirs.
    PhoneLost,
}

impl AccountChange {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::Password,
        Self::TwoFactorOn,
        Self::TwoFactorOff,
        Self::TwoFactorReset,
        Self::RecoveryCodes,
        Self::AddressAsked,
        Self::Address,
        Self::PhoneLost,
    ];

    pub(super) fn said(self, language: MailLanguage) -> &'static str {
        match (self, language) {
            (Self::Password, MailLanguage::En) => "your password was changed",
            (Self::Password, MailLanguage::Ru) => "ваш пароль изменён",
            (Self::TwoFactorOn, MailLanguage::En) => "signing in now needs a second factor",
            (Self::TwoFactorOn, MailLanguage::Ru) => "для входа теперь нужен второй фактор",
            (Self::TwoFactorOff, MailLanguage::En) => "your second factor was turned off",
            (Self::TwoFactorOff, MailLanguage::Ru) => "ваш второй фактор отключён",
            (Self::TwoFactorReset, MailLanguage::En) => "your second factor was taken away by an administrator",
            (Self::TwoFactorReset, MailLanguage::Ru) => "ваш второй фактор сбросил администратор",
            (Self::AddressAsked, MailLanguage::En) => "another e-mail address was asked for",
            (Self::AddressAsked, MailLanguage::Ru) => "запрошена смена адреса эл. почты",
            (Self::Address, MailLanguage::En) => {
                "it has another e-mail address now, and this one does not sign in any more"
            }
            (Self::Address, MailLanguage::Ru) => {
                "у неё теперь другой адрес эл. почты, а этот для входа больше не подходит"
            }
            (Self::PhoneLost, MailLanguage::En) => {
                "somebody else confirmed your phone number, and it does not sign you in any more"
            }
            (Self::PhoneLost, MailLanguage::Ru) => {
                "ваш номер телефона подтвердил другой человек, и для входа он больше не подходит"
            }
            (Self::RecoveryCodes, MailLanguage::En) => "you got new recovery codes, and the old ones are void",
            (Self::RecoveryCodes, MailLanguage::Ru) => "выпущены новые коды восстановления, старые недействительны",
        }
    }
}

/// What the mail about a changed account tells.
#[derive(Debug, Clone)]
pub struct AccountChanged<'a> {
    /// The person's company.
    pub company: &'a str,
    /// The person's name.
    pub name: &'a str,
    /// What was changed.
    pub change: AccountChange,
    /// When.
    pub at: DateTime<Utc>,
    /// The person's time zone.
    pub zone: Tz,
    /// From which network address; empty where it came from none.
    pub address: &'a str,
    /// How people reach this server.
    pub url: &'a str,
}

impl AccountChanged<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let source = match language {
            MailLanguage::En => include_str!("templates/account_changed/en.txt"),
            MailLanguage::Ru => include_str!("templates/account_changed/ru.txt"),
        };
        let at = local_time(self.at, self.zone);
        let values = [
            ("change", self.change.said(language)),
            ("company", self.company),
            ("name", self.name),
            ("at", &at),
            ("address", if self.address.is_empty() { "–" } else { self.address }),
            ("url", self.url),
        ];
        letter(MailTemplate::AccountChanged, language, source, &values)
    }
}

#[cfg(test)]
mod tests {
    use super::super::TOKEN_GAP;
    use super::*;

    #[test]
    fn every_mail_about_an_account_is_whole_in_every_language() {
        let (company, name, url) = ("Lockwood & Sons", "Anna", "https://s.example");
        for language in MailLanguage::ALL.iter().copied() {
            let mut letters = vec![
                StaffInvitation { company, name, inviter: "Alex", role: "Installer", url }.letter(language),
                PasswordReset { company, name, url }.letter(language),
            ];
            for letter in &letters {
                assert_eq!(letter.text.matches(TOKEN_GAP).count(), 1, "{}", letter.text);
                assert_eq!(letter.html.matches(TOKEN_GAP).count(), 1, "{}", letter.html);
            }
            letters.extend(AccountChange::ALL.map(|change| {
                let (at, zone) = (DateTime::from_timestamp(1_800_000_000, 0).unwrap(), chrono_tz::Europe::Warsaw);
                AccountChanged { company, name, change, at, zone, address: "", url }.letter(language)
            }));
            for letter in letters {
                let parts = [&letter.subject, &letter.text, &letter.html].map(|part| part.replace(TOKEN_GAP, ""));
                assert!(parts.iter().all(|part| !part.is_empty() && !part.contains("{{")), "{letter:?}");
                assert!(letter.subject.chars().next().unwrap().is_uppercase(), "{}", letter.subject);
                assert!(letter.text.contains("Anna") && letter.html.contains("Lockwood &amp; Sons"), "{letter:?}");
            }
        }
    }

    #[test]
    fn a_name_makes_no_gap_for_the_token() {
        let invited = StaffInvitation {
            company: "{{token}}",
            name: "{{tok{{token}}en}}",
            inviter: "{{ token }}",
            role: "x",
            url: "https://s.example",
        };
        let letter = invited.letter(MailLanguage::En);
        assert_eq!(letter.text.matches(TOKEN_GAP).count(), 1, "{}", letter.text);
        assert_eq!(letter.html.matches(TOKEN_GAP).count(), 1, "{}", letter.html);
    }
}
