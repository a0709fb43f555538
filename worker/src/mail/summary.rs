//! The mail that tells once a day what is wrong, and what ended since the last one.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use siteward_domain::incident::IncidentKind;
use siteward_domain::mail::{MailLanguage, MailTemplate};
use siteward_store::incidents::Incident;

use super::incidents::{lasted, said};
use super::template::{Letter, letter, local_time};

/// The places of the paragraphs in the text.
const PLACES: [&str; 26] = [
    "p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "p10", "p11", "p12", "p13", "p14", "p15", "p16", "p17",
    "p18", "p19", "p20", "p21", "p22", "p23", "p24", "p25",
];

/// What a daily summary tells.
#[derive(Debug, Clone)]
pub struct DailySummary<'a> {
    /// The company.
    pub company: &'a str,
    /// The receiver's name.
    pub name: &'a str,
    /// What is wrong, the newest first.
    pub open: Vec<SummaryItem<'a>>,
    /// How much that is.
    pub open_count: u32,
    /// What ended, the last first.
    pub ended: Vec<SummaryItem<'a>>,
    /// How much that is.
    pub ended_count: u32,
    /// When it is written.
    pub now: DateTime<Utc>,
    /// The receiver's time zone.
    pub zone: Tz,
    /// How people reach this server.
    pub url: &'a str,
}

/// An incident of a summary.
#[derive(Debug, Clone)]
pub struct SummaryItem<'a> {
    /// The name of the site.
    pub site: &'a str,
    /// The name of the cause.
    pub name: &'a str,
    /// What is or was wrong with it.
    pub kind: IncidentKind,
    /// Since when.
    pub opened_at: DateTime<Utc>,
    /// Until when; `None`: it lasts.
    pub closed_at: Option<DateTime<Utc>>,
}

impl<'a> From<&'a Incident> for SummaryItem<'a> {
    fn from(incident: &'a Incident) -> Self {
        Self {
            site: &incident.site_name,
            name: &incident.name,
            kind: incident.kind,
            opened_at: incident.opened_at,
            closed_at: incident.closed_at,
        }
    }
}

impl DailySummary<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let source = match language {
            MailLanguage::En => include_str!("templates/daily_summary/en.txt"),
            MailLanguage::Ru => include_str!("templates/daily_summary/ru.txt"),
        };
        let headline = self.headline(language);
        let paragraphs = self.paragraphs(language);
        let places: Vec<String> =
            PLACES.iter().take(paragraphs.len()).map(|place| ["{{", place, "}}"].concat()).collect();
        let source = source.replace("{{lines}}", &places.join("\n\n"));
        let today = self.now.with_timezone(&self.zone).format("%Y-%m-%d").to_string();
        let mut values = vec![
            ("company", self.company),
            ("name", self.name),
            ("headline", headline.as_str()),
            ("today", &today),
            ("url", self.url),
        ];
        values.extend(PLACES.into_iter().zip(paragraphs.iter().map(String::as_str)));
        letter(MailTemplate::DailySummary, language, &source, &values)
    }

    fn headline(&self, language: MailLanguage) -> String {
        match (self.open_count, self.ended_count, language) {
            (0, 0, MailLanguage::En) => "all is well".to_owned(),
            (0, 0, MailLanguage::Ru) => "всё в порядке".to_owned(),
            (0, ended, MailLanguage::En) => format!("all is well now, {ended} incidents over"),
            (0, ended, MailLanguage::Ru) => format!("сейчас всё в порядке, закончилось инцидентов: {ended}"),
            (open, 0, MailLanguage::En) => format!("{open} still open"),
            (open, 0, MailLanguage::Ru) => format!("не устранено: {open}"),
            (open, ended, MailLanguage::En) => format!("{open} still open, {ended} over"),
            (open, ended, MailLanguage::Ru) => format!("не устранено: {open}, закончилось: {ended}"),
        }
    }

    /// What is wrong comes first.
    fn paragraphs(&self, language: MailLanguage) -> Vec<String> {
        let mut told = Vec::new();
        let heading = match language {
            MailLanguage::En => ["Wrong now:", "Over since the last summary:"],
            MailLanguage::Ru => ["Неисправно сейчас:", "Закончилось с прошлой сводки:"],
        };
        let sorts = [(&self.open, self.open_count), (&self.ended, self.ended_count)];
        for ((items, count), heading) in sorts.into_iter().zip(heading) {
            if items.is_empty() {
                continue;
            }
            told.push(heading.to_owned());
            told.extend(items.iter().map(|item| self.line(item, language)));
            let more = usize::try_from(count).unwrap_or(usize::MAX).saturating_sub(items.len());
            match (more, language) {
                (0, _) => {}
                (_, MailLanguage::En) => told.push(format!("… and {more} more.")),
                (_, MailLanguage::Ru) => told.push(format!("… и ещё {more}.")),
            }
        }
        if told.is_empty() {
            told.push(
                match language {
                    MailLanguage::En => "Nothing is wrong, and nothing was since the last summary.",
                    MailLanguage::Ru => "Неполадок нет и с прошлой сводки не было.",
                }
                .to_owned(),
            );
        }
        told
    }

    fn line(&self, item: &SummaryItem<'_>, language: MailLanguage) -> String {
        let said = said(item.kind, item.name, language);
        match (item.closed_at, language) {
            (None, MailLanguage::En) => {
                format!("{}: {said}, since {}", item.site, local_time(item.opened_at, self.zone))
            }
            (None, MailLanguage::Ru) => format!("{}: {said}, с {}", item.site, local_time(item.opened_at, self.zone)),
            (Some(closed_at), MailLanguage::En) => {
                format!("{}: {said}, for {}", item.site, lasted(closed_at - item.opened_at, language))
            }
            (Some(closed_at), MailLanguage::Ru) => {
                format!("{}: {said}, длилось {}", item.site, lasted(closed_at - item.opened_at, language))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;
    use siteward_domain::exception::ExceptionKind;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn summary<'a>(open: usize, ended: usize) -> DailySummary<'a> {
        let item = |closed_at| SummaryItem {
            site: "Harbour & Sons",
            name: "{{p3}} Gate",
            kind: IncidentKind::Exception(ExceptionKind::DeviceOffline),
            opened_at: now() - Duration::hours(2),
            closed_at,
        };
        DailySummary {
            company: "Lockwood",
            name: "Anna",
            open: vec![item(None); open.min(10)],
            open_count: u32::try_from(open).unwrap(),
            ended: vec![item(Some(now() - Duration::hours(1))); ended.min(10)],
            ended_count: u32::try_from(ended).unwrap(),
            now: now(),
            zone: chrono_tz::Europe::Warsaw,
            url: "https://s.example",
        }
    }

    #[test]
    fn a_summary_tells_what_is_wrong_since_when_and_what_is_over_after_how_long() {
        let letter = summary(12, 1).letter(MailLanguage::En);
        assert_eq!(letter.subject, "Lockwood: 12 still open, 1 over");
        assert!(letter.text.contains("“{{p3}} Gate” does not answer, since 2027-01-15 07:00 (Europe/Warsaw)"));
        assert!(letter.text.contains("… and 2 more.") && letter.text.contains("does not answer, for 1 h 0 min"));
    }

    #[test]
    fn a_summary_of_nothing_says_that_all_is_well() {
        let letter = summary(0, 0).letter(MailLanguage::En);
        assert_eq!(letter.subject, "Lockwood: all is well");
        assert!(letter.text.contains("Nothing is wrong"), "{}", letter.text);
    }

    #[test]
    fn every_summary_is_whole_in_every_language() {
        for language in MailLanguage::ALL.iter().copied() {
            for (open, ended) in [(0, 0), (0, 3), (3, 0), (40, 40)] {
                let letter = summary(open, ended).letter(language);
                for part in [&letter.subject, &letter.text, &letter.html] {
                    assert!(!part.is_empty() && !part.replace("{{p3}}", "").contains("{{"), "{part}");
                }
                assert!(letter.html.contains("Anna"), "{}", letter.html);
            }
        }
    }
}
