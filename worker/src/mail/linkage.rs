//! The mail of a linkage rule that fired.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use siteward_domain::SiteId;
use siteward_domain::device_event::DeviceEventKind;
use siteward_domain::mail::{MailLanguage, MailTemplate};

use super::template::{Letter, letter, local_time};

/// What the mail tells.
#[derive(Debug, Clone)]
pub struct LinkageTold<'a> {
    /// The company.
    pub company: &'a str,
    /// The name of the site.
    pub site: &'a str,
    /// The site.
    pub site_id: &'a SiteId,
    /// The name of the rule.
    pub rule: &'a str,
    /// The name of the device that told it.
    pub device: &'a str,
    /// The channel, zone or door.
    pub channel: Option<u32>,
    /// What it told.
    pub kind: DeviceEventKind,
    /// When.
    pub at: DateTime<Utc>,
    /// The receiver's time zone.
    pub zone: Tz,
    /// How people reach this server.
    pub url: &'a str,
}

impl LinkageTold<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let source = match language {
            MailLanguage::En => include_str!("templates/linkage_fired/en.txt"),
            MailLanguage::Ru => include_str!("templates/linkage_fired/ru.txt"),
        };
        let (event, at) = (self.event(language), local_time(self.at, self.zone));
        let values = [
            ("company", self.company),
            ("site", self.site),
            ("site_id", self.site_id.as_str()),
            ("rule", self.rule),
            ("event", event.as_str()),
            ("at", &at),
            ("url", self.url),
        ];
        letter(MailTemplate::LinkageFired, language, source, &values)
    }

    /// What happened, where.
    fn event(&self, language: MailLanguage) -> String {
        let (kind, device) = (said(self.kind, language), self.device);
        match self.channel {
            None => format!("{kind}, “{device}”"),
            Some(channel) => format!("{kind}, “{device}” / {channel}"),
        }
    }
}

/// A kind of event in the receiver's words.
pub(super) fn said(kind: DeviceEventKind, language: MailLanguage) -> &'static str {
    use DeviceEventKind as K;
    let (english, russian) = match kind {
        K::Motion => ("motion", "движение"),
        K::LineCrossing => ("a line was crossed", "пересечение линии"),
        K::Intrusion => ("intrusion", "вторжение"),
        K::RegionEntrance => ("somebody came into an area", "вход в область"),
        K::RegionExiting => ("somebody left an area", "выход из области"),
        K::Tamper => ("tampering", "вскрытие или закрытие объектива"),
        K::VideoLoss => ("video loss", "потеря видео"),
        K::AlarmInput => ("alarm input", "тревожный вход"),
        K::DiskFull => ("a disk is full", "диск заполнен"),
        K::DiskError => ("disk error", "ошибка диска"),
        K::NetworkDisconnected => ("network lost", "нет сети"),
        K::IpConflict => ("address conflict", "конфликт адресов"),
        K::IllegalAccess => ("wrong password tried", "попытка входа с неверным паролем"),
        K::Pir => ("PIR alarm", "сработал ИК-датчик"),
        K::DoorOpened => ("a door opened", "дверь открыта"),
        K::DoorForced => ("a door was forced", "дверь взломана"),
        K::DoorOpenTooLong => ("a door stands open", "дверь не закрыта"),
        K::VisitorCalling => ("a visitor rings", "звонок посетителя"),
        K::ZoneAlarm => ("zone alarm", "тревога в зоне"),
        K::ZoneTamper => ("zone tamper", "вскрытие датчика"),
        K::Armed => ("armed", "поставлено на охрану"),
        K::Disarmed => ("disarmed", "снято с охраны"),
        K::Panic => ("panic button", "тревожная кнопка"),
        K::MainsLost => ("mains lost", "нет сетевого питания"),
        K::LowBattery => ("low battery", "батарея разряжена"),
        K::Other => ("another event", "другое событие"),
    };
    match language {
        MailLanguage::En => english,
        MailLanguage::Ru => russian,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mail_of_a_rule_tells_which_one_what_where_and_when() {
        let site_id = SiteId::parse("01890f00-0000-7000-8000-000000000001").unwrap();
        for (language, subject) in [
            (MailLanguage::En, "Harbour: Night watch: intrusion, “Gate” / 2"),
            (MailLanguage::Ru, "Harbour: Night watch: вторжение, “Gate” / 2"),
        ] {
            let told = LinkageTold {
                company: "Lockwood",
                site: "Harbour",
                site_id: &site_id,
                rule: "Night watch",
                device: "Gate",
                channel: Some(2),
                kind: DeviceEventKind::Intrusion,
                at: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
                zone: chrono_tz::Europe::Warsaw,
                url: "https://s.example",
            };
            let letter = told.letter(language);
            assert_eq!(letter.subject, subject);
            assert!(letter.text.contains("2027-01-15 09:00 (Europe/Warsaw)"), "{}", letter.text);
            assert!(letter.text.contains(&format!("https://s.example/sites/{site_id}/linkage")), "{}", letter.text);
            assert!(!letter.text.contains("{{"), "{}", letter.text);
        }
    }
}
