//! Mails about whose hands a site is in: a company is invited, begins, or serves it no more, and the customer's use pauses.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use siteward_domain::SiteId;
use siteward_domain::mail::{MailLanguage, MailTemplate};

use super::template::{Letter, letter, local_time};

/// What an owner's invitation tells a company. Its link has a gap for the token.
#[derive(Debug, Clone)]
pub struct CompanyInvited<'a> {
    /// The owner's name.
    pub owner: &'a str,
    /// The site's name.
    pub site: &'a str,
    /// What the owner has to say; may be empty.
    pub remark: &'a str,
    /// Until when the link is good.
    pub until: DateTime<Utc>,
    /// The owner's time zone.
    pub zone: Tz,
    /// How people reach this server.
    pub url: &'a str,
}

/// What happened to a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustodyNews {
    /// Its owner took it away, as the company is told.
    TakenAway,
    /// A company serves it, as the owner is told.
    Served,
    /// It is back with the company that installed it.
    Returned,
    /// It is gone and its devices are free, as the company is told.
    Freed,
    /// The customer's use is disabled, as the customer is told.
    Suspended,
    /// The customer's use is enabled again.
    Resumed,
    /// The company ended the agreement on rental, as the customer is told.
    RentalEnded,
    /// The customer ended it, as the company is told.
    RentalEndedByOwner,
}

/// What the mail about that tells.
#[derive(Debug, Clone)]
pub struct CustodyTold<'a> {
    /// What happened.
    pub news: CustodyNews,
    /// The company that it is about.
    pub company: &'a str,
    /// The name of who reads it.
    pub name: &'a str,
    /// The site's name.
    pub site: &'a str,
    /// The site.
    pub site_id: &'a SiteId,
    /// When.
    pub at: DateTime<Utc>,
    /// The reader's time zone.
    pub zone: Tz,
    /// How people reach this server.
    pub url: &'a str,
}

impl CompanyInvited<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let source = match language {
            MailLanguage::En => include_str!("templates/company_invitation/en.txt"),
            MailLanguage::Ru => include_str!("templates/company_invitation/ru.txt"),
        };
        let until = local_time(self.until, self.zone);
        let values = [
            ("owner", self.owner),
            ("site", self.site),
            ("remark", if self.remark.is_empty() { "–" } else { self.remark }),
            ("until", &until),
            ("url", self.url),
        ];
        letter(MailTemplate::CompanyInvitation, language, source, &values)
    }
}

impl CustodyNews {
    fn text(self) -> (MailTemplate, &'static str, &'static str) {
        match self {
            Self::TakenAway => (
                MailTemplate::SiteTakenAway,
                include_str!("templates/site_taken_away/en.txt"),
                include_str!("templates/site_taken_away/ru.txt"),
            ),
            Self::Served => (
                MailTemplate::SiteServed,
                include_str!("templates/site_served/en.txt"),
                include_str!("templates/site_served/ru.txt"),
            ),
            Self::Returned => (
                MailTemplate::SiteReturned,
                include_str!("templates/site_returned/en.txt"),
                include_str!("templates/site_returned/ru.txt"),
            ),
            Self::Freed => (
                MailTemplate::SiteFreed,
                include_str!("templates/site_freed/en.txt"),
                include_str!("templates/site_freed/ru.txt"),
            ),
            Self::Suspended => (
                MailTemplate::UseSuspended,
                include_str!("templates/use_suspended/en.txt"),
                include_str!("templates/use_suspended/ru.txt"),
            ),
            Self::Resumed => (
                MailTemplate::UseResumed,
                include_str!("templates/use_resumed/en.txt"),
                include_str!("templates/use_resumed/ru.txt"),
            ),
            Self::RentalEnded => (
                MailTemplate::RentalEnded,
                include_str!("templates/rental_ended/en.txt"),
                include_str!("templates/rental_ended/ru.txt"),
            ),
            Self::RentalEndedByOwner => (
                MailTemplate::RentalEndedByOwner,
                include_str!("templates/rental_ended_by_owner/en.txt"),
                include_str!("templates/rental_ended_by_owner/ru.txt"),
            ),
        }
    }
}

impl CustodyTold<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let (template, english, russian) = self.news.text();
        let source = match language {
            MailLanguage::En => english,
            MailLanguage::Ru => russian,
        };
        let at = local_time(self.at, self.zone);
        let values = [
            ("company", self.company),
            ("name", self.name),
            ("site", self.site),
            ("site_id", self.site_id.as_str()),
            ("at", &at),
            ("url", self.url),
        ];
        letter(template, language, source, &values)
    }
}
