//! The mail about what a shared device told.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use siteward_domain::DeviceId;
use siteward_domain::device_event::DeviceEventKind;
use siteward_domain::mail::{MailLanguage, MailTemplate};

use super::linkage::said;
use super::template::{Letter, letter, local_time};

/// What the mail tells.
#[derive(Debug, Clone)]
pub struct ShareAlarm<'a> {
    /// The name of who reads it.
    pub name: &'a str,
    /// The name of the site.
    pub site: &'a str,
    /// The name of the device.
    pub device: &'a str,
    /// The device.
    pub device_id: &'a DeviceId,
    /// The channel.
    pub channel: Option<u32>,
    /// What it told.
    pub kind: DeviceEventKind,
    /// When.
    pub at: DateTime<Utc>,
    /// The reader's time zone.
    pub zone: Tz,
    /// How people reach this server.
    pub url: &'a str,
}

impl ShareAlarm<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let source = match language {
            MailLanguage::En => include_str!("templates/share_alarm/en.txt"),
            MailLanguage::Ru => include_str!("templates/share_alarm/ru.txt"),
        };
        let device = match self.channel {
            None => format!("“{}”", self.device),
            Some(channel) => format!("“{}” / {channel}", self.device),
        };
        let values = [
            ("name", self.name),
            ("site", self.site),
            ("event", said(self.kind, language)),
            ("device", &device),
            ("device_id", self.device_id.as_str()),
            ("at", &local_time(self.at, self.zone)),
            ("url", self.url),
        ];
        letter(MailTemplate::ShareAlarm, language, source, &values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mail_about_an_alarm_tells_what_where_and_when_and_leads_to_the_picture() {
        let device_id = DeviceId::parse("01890f00-0000-7000-8000-000000000002").unwrap();
        for (language, subject) in
            [(MailLanguage::En, "Harbour: motion, “Gate” / 2"), (MailLanguage::Ru, "Harbour: движение, “Gate” / 2")]
        {
            let told = ShareAlarm {
                name: "Eva",
                site: "Harbour",
                device: "Gate",
                device_id: &device_id,
                channel: Some(2),
                kind: DeviceEventKind::Motion,
                at: DateTime::UNIX_EPOCH,
                zone: chrono_tz::Europe::Berlin,
                url: "https://example.org",
            };
            let letter = told.letter(language);
            assert_eq!(letter.subject, subject);
            assert!(
                letter.text.contains("1970") && letter.text.contains(&format!("/my/shared/{device_id}")),
                "{}",
                letter.text
            );
        }
    }
}
