//! Mails about what owners let companies do: that a company asks for something, what the owner answered, and that a
//! permission is used.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use siteward_domain::SiteId;
use siteward_domain::grant::{DevicePermission, Validity};
use siteward_domain::mail::{MailLanguage, MailTemplate};

use super::template::{Letter, letter, local_time};

/// Most of what is asked for that a mail names.
const MOST_NAMED: usize = 3;
/// Most characters of a device's name among others.
const MOST_NAME: usize = 40;

/// What is asked for or given, with the names of devices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AskedFor {
    /// The authorization of the site.
    pub site: bool,
    /// That the company may disable the customer's use.
    pub rental: bool,
    /// That the company serves the site.
    pub serve: bool,
    /// Permissions for devices: the name, what, for how long.
    pub devices: Vec<(String, DevicePermission, Validity)>,
}

/// What the mail to an owner tells of an application.
#[derive(Debug, Clone)]
pub struct PermissionRequested<'a> {
    /// The company that asks.
    pub company: &'a str,
    /// Who of it asks.
    pub asker: &'a str,
    /// The owner's name.
    pub name: &'a str,
    /// The site's name.
    pub site: &'a str,
    /// The site.
    pub site_id: &'a SiteId,
    /// What is asked for.
    pub asked: &'a AskedFor,
    /// What the company has to say besides; may be empty.
    pub remark: &'a str,
    /// How people reach this server.
    pub url: &'a str,
}

/// What the mail to whoever applied tells of the owner's answer.
#[derive(Debug, Clone)]
pub struct RequestAnswered<'a> {
    /// Who applied.
    pub name: &'a str,
    /// The owner's name.
    pub owner: &'a str,
    /// The site's name.
    pub site: &'a str,
    /// The site.
    pub site_id: &'a SiteId,
    /// What was asked for.
    pub asked: &'a AskedFor,
    /// What was given; `None`: the owner refused.
    pub given: Option<&'a AskedFor>,
    /// How people reach this server.
    pub url: &'a str,
}

/// What the mail to an owner tells of the first use of a permission. Its link has a gap for the token.
#[derive(Debug, Clone)]
pub struct PermissionUsed<'a> {
    /// The company.
    pub company: &'a str,
    /// Who of it used it; empty: its automation.
    pub who: &'a str,
    /// The owner's name.
    pub name: &'a str,
    /// The site's name.
    pub site: &'a str,
    /// The site.
    pub site_id: &'a SiteId,
    /// The device's name.
    pub device: &'a str,
    /// What was used.
    pub permission: DevicePermission,
    /// Until when it holds; `None`: until somebody ends it.
    pub until: Option<DateTime<Utc>>,
    /// When it was used.
    pub at: DateTime<Utc>,
    /// The owner's time zone.
    pub zone: Tz,
    /// How people reach this server.
    pub url: &'a str,
}

impl PermissionRequested<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let source = match language {
            MailLanguage::En => include_str!("templates/permission_requested/en.txt"),
            MailLanguage::Ru => include_str!("templates/permission_requested/ru.txt"),
        };
        let what = said(self.asked, language);
        let values = [
            ("company", self.company),
            ("asker", self.asker),
            ("name", self.name),
            ("site", self.site),
            ("site_id", self.site_id.as_str()),
            ("what", &what),
            ("remark", if self.remark.is_empty() { "–" } else { self.remark }),
            ("url", self.url),
        ];
        letter(MailTemplate::PermissionRequested, language, source, &values)
    }
}

impl RequestAnswered<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let source = match language {
            MailLanguage::En => include_str!("templates/request_answered/en.txt"),
            MailLanguage::Ru => include_str!("templates/request_answered/ru.txt"),
        };
        let answer = match (self.given, language) {
            (None, MailLanguage::En) => "refused",
            (None, MailLanguage::Ru) => "отклонён",
            (Some(given), MailLanguage::En) if given != self.asked => "granted in part",
            (Some(given), MailLanguage::Ru) if given != self.asked => "одобрен частично",
            (Some(_), MailLanguage::En) => "granted",
            (Some(_), MailLanguage::Ru) => "одобрен",
        };
        let (asked, given) =
            (said(self.asked, language), self.given.map_or_else(|| nothing(language), |given| said(given, language)));
        let values = [
            ("answer", answer),
            ("name", self.name),
            ("owner", self.owner),
            ("site", self.site),
            ("site_id", self.site_id.as_str()),
            ("asked", &asked),
            ("given", &given),
            ("url", self.url),
        ];
        letter(MailTemplate::RequestAnswered, language, source, &values)
    }
}

impl PermissionUsed<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let source = match language {
            MailLanguage::En => include_str!("templates/permission_used/en.txt"),
            MailLanguage::Ru => include_str!("templates/permission_used/ru.txt"),
        };
        let at = local_time(self.at, self.zone);
        let until = match (self.until, language) {
            (Some(end), MailLanguage::En) => format!("until {}", local_time(end, self.zone)),
            (Some(end), MailLanguage::Ru) => format!("до {}", local_time(end, self.zone)),
            (None, MailLanguage::En) => "until somebody ends it".to_owned(),
            (None, MailLanguage::Ru) => "бессрочно".to_owned(),
        };
        let by_itself = match language {
            MailLanguage::En => format!("{} (by an automatic task)", self.company),
            MailLanguage::Ru => format!("{} (автоматически)", self.company),
        };
        let by_person = format!("{} ({})", self.who, self.company);
        let values = [
            ("company", self.company),
            ("who", if self.who.is_empty() { by_itself.as_str() } else { by_person.as_str() }),
            ("name", self.name),
            ("site", self.site),
            ("site_id", self.site_id.as_str()),
            ("device", if self.device.is_empty() { "–" } else { self.device }),
            ("permission", permission(self.permission, language)),
            ("until", &until),
            ("at", &at),
            ("url", self.url),
        ];
        letter(MailTemplate::PermissionUsed, language, source, &values)
    }
}

/// A permission in a few words.
fn permission(permission: DevicePermission, language: MailLanguage) -> &'static str {
    match (permission, language) {
        (DevicePermission::Configuration, MailLanguage::En) => "configuration",
        (DevicePermission::Configuration, MailLanguage::Ru) => "настройка",
        (DevicePermission::LiveView, MailLanguage::En) => "live view",
        (DevicePermission::LiveView, MailLanguage::Ru) => "просмотр в реальном времени",
        (DevicePermission::Playback, MailLanguage::En) => "playback",
        (DevicePermission::Playback, MailLanguage::Ru) => "просмотр архива",
    }
}

fn validity(validity: Validity, language: MailLanguage) -> String {
    match (validity.hours(), language) {
        (Some(1), MailLanguage::En) => "for 1 hour".to_owned(),
        (Some(hours), MailLanguage::En) => format!("for {hours} hours"),
        (Some(hours), MailLanguage::Ru) => format!("на {hours} ч"),
        (None, MailLanguage::En) => "permanently".to_owned(),
        (None, MailLanguage::Ru) => "бессрочно".to_owned(),
    }
}

fn nothing(language: MailLanguage) -> String {
    match language {
        MailLanguage::En => "nothing".to_owned(),
        MailLanguage::Ru => "ничего".to_owned(),
    }
}

/// What is asked for, in one line.
fn said(asked: &AskedFor, language: MailLanguage) -> String {
    let whole = [
        (asked.site, "managing the site", "управление объектом"),
        (asked.serve, "serving the site", "обслуживание объекта"),
        (
            asked.rental,
            "a rental agreement: the company may suspend and restore your use of the site",
            "договор аренды: компания сможет приостанавливать и возвращать вам доступ к объекту",
        ),
    ];
    let mut parts: Vec<String> = whole
        .into_iter()
        .filter(|(asked, _, _)| *asked)
        .map(|(_, en, ru)| if language == MailLanguage::En { en } else { ru }.to_owned())
        .collect();
    for (name, what, how_long) in asked.devices.iter().take(MOST_NAMED) {
        let name: String = name.chars().take(MOST_NAME).collect();
        let (what, how_long) = (permission(*what, language), validity(*how_long, language));
        parts.push(match language {
            MailLanguage::En => format!("{what} of “{name}” {how_long}"),
            MailLanguage::Ru => format!("{what} «{name}» {how_long}"),
        });
    }
    let more = asked.devices.len().saturating_sub(MOST_NAMED);
    match (more, language) {
        (0, _) => {}
        (_, MailLanguage::En) => parts.push(format!("{more} more")),
        (_, MailLanguage::Ru) => parts.push(format!("и ещё {more}")),
    }
    if parts.is_empty() { nothing(language) } else { parts.join("; ") }
}

#[cfg(test)]
mod tests {
    use super::super::TOKEN_GAP;
    use super::*;
    use DevicePermission::{Configuration, LiveView, Playback};

    fn asked() -> AskedFor {
        let devices = vec![
            ("Gate".to_owned(), LiveView, Validity::Hours1),
            ("Recorder".to_owned(), Configuration, Validity::Permanent),
            ("Yard".to_owned(), Playback, Validity::Hours8),
            ("Hall".to_owned(), LiveView, Validity::Hours2),
        ];
        AskedFor { site: true, devices, ..AskedFor::default() }
    }

    #[test]
    fn every_mail_about_permissions_is_whole_in_every_language() {
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let site_id = SiteId::generate(at);
        let (company, site, name, url) = ("Lockwood & Sons", "Harbour", "Olga", "https://s.example");
        let (asked, less) = (asked(), AskedFor::default());
        for language in MailLanguage::ALL.iter().copied() {
            let requested = PermissionRequested {
                company,
                asker: "Anna",
                name,
                site,
                site_id: &site_id,
                asked: &asked,
                remark: "",
                url,
            };
            let answered = |given| RequestAnswered {
                name: "Anna",
                owner: "Olga of Lockwood & Sons",
                site,
                site_id: &site_id,
                asked: &asked,
                given,
                url,
            };
            let used = |until, who| PermissionUsed {
                company,
                who,
                name,
                site,
                site_id: &site_id,
                device: "Gate",
                permission: LiveView,
                until,
                at,
                zone: chrono_tz::Europe::Warsaw,
                url,
            };
            let letters = [
                requested.letter(language),
                answered(None).letter(language),
                answered(Some(&less)).letter(language),
                answered(Some(&asked)).letter(language),
                used(None, "Anna").letter(language),
                used(Some(at), "").letter(language),
            ];
            for letter in letters {
                let gaps = usize::from(letter.template == MailTemplate::PermissionUsed);
                assert_eq!(letter.text.matches(TOKEN_GAP).count(), gaps, "{}", letter.text);
                assert_eq!(letter.html.matches(TOKEN_GAP).count(), gaps, "{}", letter.html);
                let parts = [&letter.subject, &letter.text, &letter.html].map(|part| part.replace(TOKEN_GAP, ""));
                assert!(parts.iter().all(|part| !part.is_empty() && !part.contains("{{")), "{letter:?}");
                // An answer is for the company itself: it needs not be told who it is.
                let is_named =
                    letter.template == MailTemplate::RequestAnswered || letter.html.contains("Lockwood &amp; Sons");
                assert!(is_named && letter.text.contains("Harbour"), "{letter:?}");
            }
        }
    }

    #[test]
    fn a_mail_names_what_is_asked_for_and_how_much_more() {
        let line = said(&asked(), MailLanguage::En);
        let named = "managing the site; live view of “Gate” for 1 hour; configuration of “Recorder” permanently; playback of “Yard” for 8 hours; 1 more";
        assert_eq!(line, named);
        assert_eq!(said(&AskedFor::default(), MailLanguage::Ru), "ничего");
    }
}
