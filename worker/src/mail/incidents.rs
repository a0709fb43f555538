//! Mails about incidents: what went wrong, what is affected, and that it is over.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use siteward_domain::exception::ExceptionKind;
use siteward_domain::incident::IncidentKind;
use siteward_domain::mail::{MailLanguage, MailTemplate};

use super::template::{Letter, letter, local_time};

/// Most names of what is affected that a mail tells.
const MOST_NAMES: usize = 6;
/// Most characters of them.
const MOST_CHARACTERS: usize = 160;

/// What the mails about an incident tell.
#[derive(Debug, Clone)]
pub struct IncidentTold<'a> {
    /// The company.
    pub company: &'a str,
    /// The name of the site.
    pub site: &'a str,
    /// The name of the cause.
    pub name: &'a str,
    /// What is wrong with it.
    pub kind: IncidentKind,
    /// Devices that are affected besides.
    pub affected: u32,
    /// Those of them that are cameras.
    pub cameras: u32,
    /// Their names, as far as they are known.
    pub names: &'a [String],
    /// Since when.
    pub opened_at: DateTime<Utc>,
    /// Until when; `None`: it has only begun.
    pub closed_at: Option<DateTime<Utc>>,
    /// The receiver's time zone.
    pub zone: Tz,
    /// How people reach this server.
    pub url: &'a str,
}

impl IncidentTold<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let (template, source) = match (self.closed_at.is_some(), language) {
            (false, MailLanguage::En) => {
                (MailTemplate::IncidentOpened, include_str!("templates/incident_opened/en.txt"))
            }
            (false, MailLanguage::Ru) => {
                (MailTemplate::IncidentOpened, include_str!("templates/incident_opened/ru.txt"))
            }
            (true, MailLanguage::En) => {
                (MailTemplate::IncidentClosed, include_str!("templates/incident_closed/en.txt"))
            }
            (true, MailLanguage::Ru) => {
                (MailTemplate::IncidentClosed, include_str!("templates/incident_closed/ru.txt"))
            }
        };
        let (opened_at, headline) = (local_time(self.opened_at, self.zone), self.headline(language));
        let closed_at = self.closed_at.map(|at| local_time(at, self.zone)).unwrap_or_default();
        let lasted = lasted(self.closed_at.unwrap_or(self.opened_at) - self.opened_at, language);
        let affected = self.affected(language);
        let values = [
            ("headline", headline.as_str()),
            ("company", self.company),
            ("site", self.site),
            ("opened_at", &opened_at),
            ("closed_at", &closed_at),
            ("lasted", &lasted),
            ("affected", &affected),
            ("url", self.url),
        ];
        letter(template, language, source, &values)
    }

    /// The cause in a few words, and how many are affected.
    fn headline(&self, language: MailLanguage) -> String {
        let said = said(self.kind, self.name, language);
        match (self.affected, language) {
            (0, _) => said,
            (_, MailLanguage::En) => format!("{said}, {} affected", self.counted(language)),
            (_, MailLanguage::Ru) => format!("{said}, затронуто: {}", self.counted(language)),
        }
    }

    /// What cannot be reached because of it.
    fn affected(&self, language: MailLanguage) -> String {
        let (counted, names) = (self.counted(language), self.listed(language));
        match (self.affected, language) {
            (0, MailLanguage::En) => "Nothing else is affected.".to_owned(),
            (0, MailLanguage::Ru) => "Больше ничего не затронуто.".to_owned(),
            (_, MailLanguage::En) => format!("Affected by it: {counted}{names}."),
            (_, MailLanguage::Ru) => format!("Затронуто: {counted}{names}."),
        }
    }

    fn counted(&self, language: MailLanguage) -> String {
        let forms = match (self.affected == self.cameras, language) {
            (true, MailLanguage::En) => ["camera", "cameras", "cameras"],
            (false, MailLanguage::En) => ["device", "devices", "devices"],
            (true, MailLanguage::Ru) => ["камера", "камеры", "камер"],
            (false, MailLanguage::Ru) => ["устройство", "устройства", "устройств"],
        };
        format!("{} {}", self.affected, form(self.affected, forms, language))
    }

    /// The first names, and how many more there are.
    fn listed(&self, language: MailLanguage) -> String {
        let (mut listed, mut told) = (String::new(), 0);
        for name in self.names.iter().take(MOST_NAMES) {
            if listed.chars().count() + name.chars().count() > MOST_CHARACTERS {
                break;
            }
            listed.push_str(if told == 0 { " (" } else { ", " });
            listed.push_str(name);
            told += 1;
        }
        let more = self.affected.saturating_sub(told);
        match (told, more, language) {
            (0, ..) => return String::new(),
            (_, 0, _) => {}
            (_, _, MailLanguage::En) => listed += &[" and ", &more.to_string(), " more"].concat(),
            (_, _, MailLanguage::Ru) => listed += &[" и ещё ", &more.to_string()].concat(),
        }
        listed + ")"
    }
}

/// The form of a noun after a number.
fn form(count: u32, [one, few, many]: [&'static str; 3], language: MailLanguage) -> &'static str {
    match (language, count % 10, count % 100) {
        (MailLanguage::En, ..) => {
            if count == 1 {
                one
            } else {
                many
            }
        }
        (MailLanguage::Ru, _, 11..=14) => many,
        (MailLanguage::Ru, 1, _) => one,
        (MailLanguage::Ru, 2..=4, _) => few,
        (MailLanguage::Ru, ..) => many,
    }
}

/// A duration in its two largest units.
pub(super) fn lasted(duration: Duration, language: MailLanguage) -> String {
    let [day, hour, minute, second] = match language {
        MailLanguage::En => ["d", "h", "min", "s"],
        MailLanguage::Ru => ["д", "ч", "мин", "с"],
    };
    let seconds = duration.num_seconds().max(0);
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    if days > 0 {
        format!("{days} {day} {hours} {hour}")
    } else if hours > 0 {
        format!("{hours} {hour} {minutes} {minute}")
    } else if minutes > 0 {
        format!("{minutes} {minute} {} {second}", seconds % 60)
    } else {
        format!("{seconds} {second}")
    }
}

/// What is wrong with whom.
pub(super) fn said(kind: IncidentKind, name: &str, language: MailLanguage) -> String {
    let (before, after) = match language {
        MailLanguage::En => english(kind),
        MailLanguage::Ru => russian(kind),
    };
    format!("{before}“{name}”{after}")
}

fn english(kind: IncidentKind) -> (&'static str, &'static str) {
    match kind {
        IncidentKind::LinkOffline => ("the link ", " is not connected"),
        IncidentKind::Exception(kind) => match kind {
            ExceptionKind::DeviceOffline => ("", " does not answer"),
            ExceptionKind::LoginFailed => ("", " refuses its login"),
            ExceptionKind::DiskError => ("", " has a faulty disk"),
            ExceptionKind::NoDisk => ("", " has no disk to record on"),
            ExceptionKind::VideoLoss => ("", " gets no picture from a camera"),
            ExceptionKind::ChannelOffline => ("", " has lost a camera"),
            ExceptionKind::FirmwareVulnerable => ("", " runs a firmware with known vulnerabilities"),
            ExceptionKind::DiskFull => ("", " has a full disk and records no more"),
            ExceptionKind::RecordingGap => ("", " does not record a camera that it should"),
            ExceptionKind::ClockDrift => ("", " has a wrong clock"),
            ExceptionKind::RebootsOften => ("", " started anew again and again"),
            ExceptionKind::AddressChanged => ("", " has a new address"),
            ExceptionKind::Tamper => ("", " reports an opened case"),
            ExceptionKind::LowBattery => ("", " has a low battery"),
            ExceptionKind::MainsLost => ("", " runs without mains power"),
            ExceptionKind::PanelLinkDown => ("", " has lost one of its ways to the outside"),
            ExceptionKind::ZoneFault => ("", " does not hear a detector"),
            ExceptionKind::PeripheralOffline => ("", " does not hear one of its devices"),
            ExceptionKind::OfflineAfterUpgrade => ("", " did not come back after its upgrade"),
        },
    }
}

fn russian(kind: IncidentKind) -> (&'static str, &'static str) {
    match kind {
        IncidentKind::LinkOffline => ("связка ", " не на связи"),
        IncidentKind::Exception(kind) => match kind {
            ExceptionKind::DeviceOffline => ("", " не отвечает"),
            ExceptionKind::LoginFailed => ("", " не принимает логин"),
            ExceptionKind::DiskError => ("", ": неисправен диск"),
            ExceptionKind::NoDisk => ("", ": нет диска для записи"),
            ExceptionKind::VideoLoss => ("", ": нет изображения с камеры"),
            ExceptionKind::ChannelOffline => ("", ": потеряна камера"),
            ExceptionKind::FirmwareVulnerable => ("", ": прошивка с известными уязвимостями"),
            ExceptionKind::DiskFull => ("", ": диск заполнен, запись остановлена"),
            ExceptionKind::RecordingGap => ("", ": камера не записывается, хотя должна"),
            ExceptionKind::ClockDrift => ("", ": часы идут неверно"),
            ExceptionKind::RebootsOften => ("", ": частые перезагрузки"),
            ExceptionKind::AddressChanged => ("", ": новый адрес"),
            ExceptionKind::Tamper => ("", ": вскрыт корпус"),
            ExceptionKind::LowBattery => ("", ": разряжена батарея"),
            ExceptionKind::MainsLost => ("", ": нет сетевого питания"),
            ExceptionKind::PanelLinkDown => ("", ": потерян один из каналов связи"),
            ExceptionKind::ZoneFault => ("", ": нет связи с извещателем"),
            ExceptionKind::PeripheralOffline => ("", ": нет связи с одним из его устройств"),
            ExceptionKind::OfflineAfterUpgrade => ("", ": не вернулось в сеть после обновления"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(affected: u32, cameras: u32, names: &[String], lasted: Option<i64>, language: MailLanguage) -> Letter {
        let opened_at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        IncidentTold {
            company: "Lockwood",
            site: "Harbour & Sons",
            name: "Router",
            kind: IncidentKind::Exception(ExceptionKind::DeviceOffline),
            affected,
            cameras,
            names,
            opened_at,
            closed_at: lasted.map(|seconds| opened_at + Duration::seconds(seconds)),
            zone: chrono_tz::Europe::Warsaw,
            url: "https://s.example",
        }
        .letter(language)
    }

    #[test]
    fn a_mail_tells_the_cause_and_how_many_are_affected_in_the_receivers_words() {
        let names = ["Gate".to_owned(), "Yard".to_owned()];
        let letter = told(40, 40, &names, None, MailLanguage::En);
        assert_eq!(letter.subject, "Harbour & Sons: “Router” does not answer, 40 cameras affected");
        assert!(letter.text.contains("40 cameras (Gate, Yard and 38 more)"), "{}", letter.text);
        assert!(letter.text.contains("2027-01-15 09:00 (Europe/Warsaw)"), "{}", letter.text);
        for (affected, cameras, wanted) in
            [(1, 1, "1 камера"), (22, 22, "22 камеры"), (12, 12, "12 камер"), (5, 4, "5 устройств")]
        {
            let letter = told(affected, cameras, &[], None, MailLanguage::Ru);
            assert!(letter.subject.ends_with(&format!("затронуто: {wanted}")), "{}", letter.subject);
        }
    }

    #[test]
    fn the_mail_that_it_is_over_tells_how_long_it_lasted() {
        let letter = told(0, 0, &[], Some(3725), MailLanguage::En);
        assert_eq!(letter.subject, "Harbour & Sons: over after 1 h 2 min: “Router” does not answer");
        assert!(letter.text.contains("Nothing else is affected."), "{}", letter.text);
        assert!(told(0, 0, &[], Some(90), MailLanguage::Ru).subject.contains("через 1 мин 30 с"));
    }

    #[test]
    fn every_kind_is_told_whole_in_every_language() {
        for language in MailLanguage::ALL.iter().copied() {
            for kind in IncidentKind::all() {
                assert!(said(kind, "X", language).chars().count() > 8, "{kind:?}");
            }
            for lasted in [None, Some(5)] {
                let letter = told(3, 1, &["a".to_owned()], lasted, language);
                let parts = [&letter.subject, &letter.text, &letter.html];
                assert!(parts.iter().all(|part| !part.is_empty() && !part.contains("{{")), "{letter:?}");
                assert!(letter.html.contains("Harbour &amp; Sons"), "{letter:?}");
            }
        }
    }

    #[test]
    fn many_long_names_are_cut() {
        let names: Vec<String> = (0..9).map(|n| format!("{n}{}", "Ж".repeat(100))).collect();
        assert!(told(9, 9, &names, None, MailLanguage::En).text.contains(" and 8 more)"));
    }
}
