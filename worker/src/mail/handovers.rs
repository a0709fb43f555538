//! Mails about handing a site over: the invitation with its link, and what became of it.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use siteward_domain::grant::{DevicePermission, Validity};
use siteward_domain::handover::{Asks, HandoverKind};
use siteward_domain::mail::{MailLanguage, MailTemplate};

use super::template::{Letter, letter, local_time};

/// What an invitation to own a site tells. Its link has a gap for the token.
#[derive(Debug, Clone)]
pub struct HandoverInvitation<'a> {
    /// To own it, or to see some of it.
    pub kind: HandoverKind,
    /// The company that invites.
    pub company: &'a str,
    /// The name of who is invited; may be empty.
    pub name: &'a str,
    /// The name of who invites.
    pub inviter: &'a str,
    /// The name of the site.
    pub site: &'a str,
    /// How many devices it is about.
    pub devices: usize,
    /// What is asked for in return.
    pub asks: &'a Asks,
    /// What the company has to say besides; may be empty.
    pub remark: &'a str,
    /// Until when the link is good.
    pub until: DateTime<Utc>,
    /// The time zone of the site.
    pub zone: Tz,
    /// How people reach this server.
    pub url: &'a str,
}

/// What became of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandoverNews {
    /// Accepted, as the company is told.
    Accepted,
    /// Accepted, as the new owner is told.
    Welcome,
    /// Refused.
    Refused,
    /// Nobody answered in time.
    Expired,
}

/// What the mail tells of what became of an invitation.
#[derive(Debug, Clone)]
pub struct HandoverTold<'a> {
    /// What became of it.
    pub news: HandoverNews,
    /// The company that invited.
    pub company: &'a str,
    /// The name of who reads it.
    pub name: &'a str,
    /// Who was invited: a name or an address.
    pub owner: &'a str,
    /// The name of the site.
    pub site: &'a str,
    /// Its id.
    pub site_id: &'a str,
    /// What the owner allows.
    pub allowed: &'a Asks,
    /// When.
    pub at: DateTime<Utc>,
    /// The time zone of the site.
    pub zone: Tz,
    /// How people reach this server.
    pub url: &'a str,
}

impl HandoverInvitation<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let (template, source) = match (self.kind, language) {
            (HandoverKind::Transfer, MailLanguage::En) => {
                (MailTemplate::HandoverInvitation, include_str!("templates/handover_invitation/en.txt"))
            }
            (HandoverKind::Transfer, MailLanguage::Ru) => {
                (MailTemplate::HandoverInvitation, include_str!("templates/handover_invitation/ru.txt"))
            }
            (HandoverKind::Share, MailLanguage::En) => {
                (MailTemplate::ShareInvitation, include_str!("templates/share_invitation/en.txt"))
            }
            (HandoverKind::Share, MailLanguage::Ru) => {
                (MailTemplate::ShareInvitation, include_str!("templates/share_invitation/ru.txt"))
            }
        };
        // A remark that is not there leaves no empty paragraph; an address without a name is greeted without one.
        let source = if self.remark.is_empty() { source.replace("{{remark}}\n\n", "") } else { source.to_owned() };
        let source = if self.name.is_empty() { unnamed(&source) } else { source };
        let (devices, until) = (self.devices.to_string(), local_time(self.until, self.zone));
        let asked = said(self.asks, language);
        let values = [
            ("company", self.company),
            ("name", self.name),
            ("inviter", self.inviter),
            ("site", self.site),
            ("devices", &devices),
            ("asked", &asked),
            ("remark", self.remark),
            ("until", &until),
            ("url", self.url),
        ];
        letter(template, language, &source, &values)
    }
}

impl HandoverTold<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let is_english = language == MailLanguage::En;
        let of = |en: &'static str, ru: &'static str| if is_english { en } else { ru };
        let (template, source) = match self.news {
            HandoverNews::Accepted => (
                MailTemplate::HandoverAccepted,
                of(
                    include_str!("templates/handover_accepted/en.txt"),
                    include_str!("templates/handover_accepted/ru.txt"),
                ),
            ),
            HandoverNews::Welcome => (
                MailTemplate::HandoverWelcome,
                of(
                    include_str!("templates/handover_welcome/en.txt"),
                    include_str!("templates/handover_welcome/ru.txt"),
                ),
            ),
            HandoverNews::Refused => (
                MailTemplate::HandoverRefused,
                of(
                    include_str!("templates/handover_refused/en.txt"),
                    include_str!("templates/handover_refused/ru.txt"),
                ),
            ),
            HandoverNews::Expired => (
                MailTemplate::HandoverExpired,
                of(
                    include_str!("templates/handover_expired/en.txt"),
                    include_str!("templates/handover_expired/ru.txt"),
                ),
            ),
        };
        let source = with_resting(source, self.allowed.rests());
        let (at, allowed) = (local_time(self.at, self.zone), said(self.allowed, language));
        let values = [
            ("company", self.company),
            ("name", self.name),
            ("owner", self.owner),
            ("site", self.site),
            ("site_id", self.site_id),
            ("allowed", &allowed),
            ("at", &at),
            ("url", self.url),
        ];
        letter(template, language, &source, &values)
    }
}

/// The paragraph that says that what is allowed on devices rests stays only where that is so.
fn with_resting(source: &str, rests: bool) -> String {
    const MARK: &str = "{{resting}}";
    let paragraphs = source.split("\n\n").filter(|paragraph| rests || !paragraph.starts_with(MARK));
    paragraphs.map(|paragraph| paragraph.trim_start_matches(MARK)).collect::<Vec<_>>().join("\n\n")
}

/// The greeting without a name.
fn unnamed(source: &str) -> String {
    source.replace("Hello {{name}},", "Hello,").replace("Здравствуйте, {{name}}!", "Здравствуйте!")
}

/// What is asked for or allowed, in one line; devices are counted, not named.
fn said(asks: &Asks, language: MailLanguage) -> String {
    let is_english = language == MailLanguage::En;
    let of = |en: &'static str, ru: &'static str| if is_english { en } else { ru };
    let mut parts = Vec::new();
    if asks.site {
        parts.push(of("managing the site", "управлять объектом").to_owned());
    }
    for permission in DevicePermission::ALL.iter().copied() {
        for validity in Validity::ALL.iter().copied() {
            let is_it =
                |ask: &&siteward_domain::handover::DeviceAsk| ask.permission == permission && ask.validity == validity;
            let count = asks.devices.iter().filter(is_it).count();
            if count == 0 {
                continue;
            }
            let what = match permission {
                DevicePermission::Configuration => of("configuration", "настройка"),
                DevicePermission::LiveView => of("live pictures", "просмотр"),
                DevicePermission::Playback => of("recordings", "записи"),
            };
            let long = match validity {
                Validity::Hours1 => of("for 1 hour", "на 1 ч"),
                Validity::Hours2 => of("for 2 hours", "на 2 ч"),
                Validity::Hours4 => of("for 4 hours", "на 4 ч"),
                Validity::Hours8 => of("for 8 hours", "на 8 ч"),
                Validity::Permanent => of("without an end", "бессрочно"),
            };
            parts.push(match (language, count) {
                (MailLanguage::En, 1) => format!("{what} of 1 device, {long}"),
                (MailLanguage::En, _) => format!("{what} of {count} devices, {long}"),
                (MailLanguage::Ru, _) => format!("{what}, устройств: {count}, {long}"),
            });
        }
    }
    if parts.is_empty() { of("nothing", "ничего").to_owned() } else { parts.join("; ") }
}

#[cfg(test)]
mod tests {
    use siteward_domain::DeviceId;
    use siteward_domain::handover::DeviceAsk;

    use super::super::TOKEN_GAP;
    use super::*;

    fn asks() -> Asks {
        let device_id = DeviceId::parse("01890f00-0000-7000-8000-000000000001").unwrap();
        let ask = |permission, validity| DeviceAsk { device_id: device_id.clone(), permission, validity };
        let devices = vec![
            ask(DevicePermission::LiveView, Validity::Hours4),
            ask(DevicePermission::Configuration, Validity::Permanent),
        ];
        Asks { site: true, devices }
    }

    fn invitation<'a>(kind: HandoverKind, name: &'a str, remark: &'a str, asks: &'a Asks) -> HandoverInvitation<'a> {
        HandoverInvitation {
            kind,
            company: "Lockwood & Sons",
            name,
            inviter: "Alex",
            site: "Harbour",
            devices: 3,
            asks,
            remark,
            until: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
            zone: chrono_tz::Europe::Warsaw,
            url: "https://s.example",
        }
    }

    #[test]
    fn an_invitation_has_its_link_as_a_button_and_as_a_code_in_every_language() {
        for kind in HandoverKind::ALL.iter().copied() {
            for language in MailLanguage::ALL.iter().copied() {
                let letter = invitation(kind, "Olga", "Ring me", &asks()).letter(language);
                assert_eq!(letter.text.matches(TOKEN_GAP).count(), 1, "{}", letter.text);
                assert_eq!(letter.html.matches(TOKEN_GAP).count(), 2, "{}", letter.html);
                assert!(letter.html.contains("src=\"qr:https://s.example/handover/"), "{}", letter.html);
                assert!(letter.text.contains("Ring me") && letter.text.contains("Olga"), "{}", letter.text);
                assert!(letter.text.contains("2027-01-15 09:00 (Europe/Warsaw)"), "{}", letter.text);
                assert!(!letter.text.replace(TOKEN_GAP, "").contains("{{"), "{}", letter.text);
            }
        }
    }

    #[test]
    fn who_has_no_name_is_greeted_without_one_and_what_is_not_said_leaves_no_gap() {
        let nothing = Asks::default();
        let letter = invitation(HandoverKind::Transfer, "", "", &nothing).letter(MailLanguage::En);
        assert!(letter.text.starts_with("Hello,\n\n"), "{}", letter.text);
        assert!(!letter.text.contains("\n\n\n") && !letter.html.contains("<p></p>"), "{}", letter.text);
        assert!(letter.text.contains("asks you to allow: nothing."), "{}", letter.text);
    }

    #[test]
    fn what_is_asked_for_is_said_in_words() {
        assert_eq!(
            said(&asks(), MailLanguage::En),
            "managing the site; configuration of 1 device, without an end; live pictures of 1 device, for 4 hours"
        );
        assert_eq!(said(&Asks::default(), MailLanguage::Ru), "ничего");
    }

    #[test]
    fn whoever_allows_something_on_devices_alone_reads_that_it_rests() {
        let alone = Asks { site: false, ..asks() };
        for (allowed, rests) in [(&alone, true), (&asks(), false), (&Asks::default(), false)] {
            for (language, words) in [(MailLanguage::En, "rests until"), (MailLanguage::Ru, "не действует, пока")]
            {
                for news in [HandoverNews::Welcome, HandoverNews::Accepted] {
                    let told = HandoverTold {
                        news,
                        company: "Lockwood & Sons",
                        name: "Anna",
                        owner: "Olga",
                        site: "Harbour",
                        site_id: "x",
                        allowed,
                        at: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
                        zone: chrono_tz::Europe::Warsaw,
                        url: "https://s.example",
                    };
                    let letter = told.letter(language);
                    let flat = letter.text.replace('\n', " ");
                    assert_eq!(flat.contains(words), rests, "{}", letter.text);
                    assert!(!letter.text.contains("\n\n\n") && !letter.text.contains("resting"), "{}", letter.text);
                }
            }
        }
    }

    #[test]
    fn every_news_is_whole_in_every_language() {
        let allowed = asks();
        for news in [HandoverNews::Accepted, HandoverNews::Welcome, HandoverNews::Refused, HandoverNews::Expired] {
            for language in MailLanguage::ALL.iter().copied() {
                let told = HandoverTold {
                    news,
                    company: "Lockwood & Sons",
                    name: "Anna",
                    owner: "Olga",
                    site: "Harbour",
                    site_id: "x",
                    allowed: &allowed,
                    at: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
                    zone: chrono_tz::Europe::Warsaw,
                    url: "https://s.example",
                };
                let letter = told.letter(language);
                for part in [&letter.subject, &letter.text, &letter.html] {
                    assert!(part.contains("Harbour") && !part.contains("{{"), "{part}");
                }
            }
        }
    }
}
