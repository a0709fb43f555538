//! Mails about what end users share with each other: offers, applications, answers, and shares that change or end. They come from the platform and
//! from no company.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use siteward_domain::mail::{MailLanguage, MailTemplate};
use siteward_domain::share::ShareEnd;

use super::template::{Letter, letter, local_time};

/// Most devices that a mail names.
const MOST_NAMED: usize = 5;

/// What the mail tells whoever is offered channels.
#[derive(Debug, Clone)]
pub struct ShareOffered<'a> {
    /// Their name; `None`: nobody has an account with that address yet, and it invites to register.
    pub name: Option<&'a str>,
    /// Who offers.
    pub giver: &'a str,
    /// The site's name.
    pub site: &'a str,
    /// The names of the devices, each once.
    pub devices: &'a [String],
    /// Whether the two are in different regions, so that it cannot be accepted.
    pub region_differs: bool,
    /// How people reach this server.
    pub url: &'a str,
}

/// What the mail tells an owner of somebody who scanned their QR and wants in.
#[derive(Debug, Clone)]
pub struct ShareApplied<'a> {
    /// The owner's name.
    pub name: &'a str,
    /// Who applies.
    pub who: &'a str,
    /// The site's name.
    pub site: &'a str,
    /// What the code is for; may be empty.
    pub label: &'a str,
    /// How people reach this server.
    pub url: &'a str,
}

/// What was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// The offer of the mail's reader.
    Offer,
    /// Their application.
    Application,
}

/// What the mail about an answer tells.
#[derive(Debug, Clone)]
pub struct ShareAnswered<'a> {
    /// What was answered.
    pub what: Answered,
    /// Whether it was accepted.
    pub accepted: bool,
    /// The name of who reads it.
    pub name: &'a str,
    /// Who answered.
    pub who: &'a str,
    /// The site's name.
    pub site: &'a str,
    /// How people reach this server.
    pub url: &'a str,
}

/// What the mail to a receiver tells of a share that changed or ended.
#[derive(Debug, Clone)]
pub struct ShareTold<'a> {
    /// Their name.
    pub name: &'a str,
    /// The person or company that shares, or did; empty where their account is gone.
    pub giver: &'a str,
    /// The site's name.
    pub site: &'a str,
    /// Why it ended; `None`: it changed.
    pub ended: Option<ShareEnd>,
    /// When.
    pub at: DateTime<Utc>,
    /// Their time zone.
    pub zone: Tz,
    /// How people reach this server.
    pub url: &'a str,
}

impl ShareOffered<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let is_english = language == MailLanguage::En;
        let of = |en: &'static str, ru: &'static str| if is_english { en } else { ru };
        let (template, source) = if self.name.is_some() {
            let source =
                of(include_str!("templates/share_offered/en.txt"), include_str!("templates/share_offered/ru.txt"));
            (MailTemplate::ShareOffered, source)
        } else {
            let (en, ru) = (
                include_str!("templates/share_offered_new/en.txt"),
                include_str!("templates/share_offered_new/ru.txt"),
            );
            (MailTemplate::ShareOfferedNew, of(en, ru))
        };
        let region = of(
            "You cannot accept it: your account and theirs are in different regions.",
            "Принять его нельзя: ваша учётная запись и учётная запись отправителя в разных регионах.",
        );
        // What is not to be said leaves no empty paragraph.
        let source = if self.region_differs { source.to_owned() } else { source.replace("{{region}}\n\n", "") };
        let more = self.devices.len().saturating_sub(MOST_NAMED);
        let mut devices = self.devices.iter().take(MOST_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        if more > 0 {
            let more = if is_english { format!(" and {more} more") } else { format!(" и ещё {more}") };
            devices.push_str(&more);
        }
        let values = [
            ("name", self.name.unwrap_or_default()),
            ("giver", self.giver),
            ("site", self.site),
            ("devices", &devices),
            ("region", region),
            ("url", self.url),
        ];
        letter(template, language, &source, &values)
    }
}

impl ShareApplied<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let source = match language {
            MailLanguage::En => include_str!("templates/share_applied/en.txt"),
            MailLanguage::Ru => include_str!("templates/share_applied/ru.txt"),
        };
        let label = match (self.label.is_empty(), language) {
            (true, _) => String::new(),
            (false, MailLanguage::En) => format!(" “{}”", self.label),
            (false, MailLanguage::Ru) => format!(" «{}»", self.label),
        };
        let values =
            [("name", self.name), ("who", self.who), ("site", self.site), ("label", &*label), ("url", self.url)];
        letter(MailTemplate::ShareApplied, language, source, &values)
    }
}

impl ShareAnswered<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let source = match language {
            MailLanguage::En => include_str!("templates/share_answered/en.txt"),
            MailLanguage::Ru => include_str!("templates/share_answered/ru.txt"),
        };
        let answer = match (self.what, self.accepted, language) {
            (Answered::Offer, true, MailLanguage::En) => "accepted what you share",
            (Answered::Offer, false, MailLanguage::En) => "does not want what you offered",
            (Answered::Application, true, MailLanguage::En) => "lets you in",
            (Answered::Application, false, MailLanguage::En) => "does not let you in",
            (Answered::Offer, true, MailLanguage::Ru) => "предложение принято",
            (Answered::Offer, false, MailLanguage::Ru) => "предложение отклонено",
            (Answered::Application, true, MailLanguage::Ru) => "доступ открыт",
            (Answered::Application, false, MailLanguage::Ru) => "в доступе отказано",
        };
        let path = match self.what {
            Answered::Offer => "/my/sharing",
            Answered::Application => "/my/shared",
        };
        let values = [
            ("who", self.who),
            ("answer", answer),
            ("name", self.name),
            ("site", self.site),
            ("path", path),
            ("url", self.url),
        ];
        letter(MailTemplate::ShareAnswered, language, source, &values)
    }
}

impl ShareTold<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let is_english = language == MailLanguage::En;
        let of = |en: &'static str, ru: &'static str| if is_english { en } else { ru };
        let (template, source) = match self.ended {
            Some(_) => (
                MailTemplate::ShareEnded,
                of(include_str!("templates/share_ended/en.txt"), include_str!("templates/share_ended/ru.txt")),
            ),
            None => (
                MailTemplate::ShareChanged,
                of(include_str!("templates/share_changed/en.txt"), include_str!("templates/share_changed/ru.txt")),
            ),
        };
        let because = match self.ended {
            Some(ShareEnd::Removed) | None => of("it was taken back", "доступ закрыт"),
            Some(ShareEnd::Left) => of("you gave it up", "вы отказались от доступа"),
            Some(ShareEnd::DeviceGone) => of("the devices are not there any more", "устройств там больше нет"),
            Some(ShareEnd::HandedOver) => of(
                "the site has an owner now, who shares it as they like",
                "у объекта появился владелец, доступом распоряжается он",
            ),
            Some(ShareEnd::RegionDiffers) => {
                of("the two accounts are in different countries now", "учётные записи теперь в разных странах")
            }
            Some(ShareEnd::AccountDeleted) => {
                of("the account that shared it was deleted", "учётная запись владельца удалена")
            }
        };
        let at = local_time(self.at, self.zone);
        let giver =
            if self.giver.is_empty() { of("the former owner", "прежний владелец") } else { self.giver };
        let values = [
            ("name", self.name),
            ("giver", giver),
            ("site", self.site),
            ("at", &*at),
            ("because", because),
            ("url", self.url),
        ];
        letter(template, language, source, &values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://s.example";

    #[test]
    fn an_offer_says_that_it_cannot_be_accepted_where_regions_differ_and_nothing_of_it_else() {
        let devices: Vec<String> = (1..=7).map(|n| format!("Camera {n}")).collect();
        let offered = |region_differs| ShareOffered {
            name: Some("Eva"),
            giver: "Olga",
            site: "Villa",
            devices: &devices,
            region_differs,
            url: URL,
        };
        for language in MailLanguage::ALL.iter().copied() {
            let (same, other) = (offered(false).letter(language), offered(true).letter(language));
            let says = |letter: &Letter| letter.text.contains("region") || letter.text.contains("регион");
            assert!(!says(&same) && says(&other), "{other:?}");
            assert!(same.text.contains("Camera 5") && !same.text.contains("Camera 6"), "{same:?}");
            assert!(!same.text.contains("{{"), "{same:?}");
        }
    }

    #[test]
    fn whoever_has_no_account_is_told_to_register() {
        let offered =
            ShareOffered { name: None, giver: "Olga", site: "Villa", devices: &[], region_differs: false, url: URL };
        for language in MailLanguage::ALL.iter().copied() {
            assert!(offered.letter(language).text.contains("https://s.example/my/register"));
        }
    }

    #[test]
    fn every_answer_is_told_apart() {
        for language in MailLanguage::ALL.iter().copied() {
            let mut subjects = Vec::new();
            for what in [Answered::Offer, Answered::Application] {
                for accepted in [true, false] {
                    let told = ShareAnswered { what, accepted, name: "Eva", who: "Olga", site: "Villa", url: URL };
                    subjects.push(told.letter(language).subject);
                }
            }
            subjects.sort();
            subjects.dedup();
            assert_eq!(subjects.len(), 4, "{subjects:?}");
        }
    }
}
