//! The words of a document on paper: those of the console, from its own files, so that page and PDF say the same.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde_json::Value;
use siteward_domain::mail::MailLanguage;

static ENGLISH: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../console/src/texts/en.json")).unwrap_or_default());
static RUSSIAN: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../console/src/texts/ru.json")).unwrap_or_default());

/// The texts of a language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Texts {
    pub(crate) language: MailLanguage,
}

impl Texts {
    /// The text of a key such as `report.title`; the key itself where there is none.
    pub(crate) fn get(self, key: &'static str) -> &'static str {
        self.find(key).unwrap_or(key)
    }

    /// The text of a word of a closed set, such as `exception_kind.video_loss`; a dash where there is none.
    pub(crate) fn word(self, section: &str, word: &str) -> &'static str {
        self.find(&format!("{section}.{word}")).unwrap_or("–")
    }

    /// A text with values put in.
    pub(crate) fn with(self, key: &'static str, values: &[(&str, &str)]) -> String {
        let mut text = self.get(key).to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{{{{name}}}}}"), value);
        }
        text
    }

    fn find(self, key: &str) -> Option<&'static str> {
        let all: &'static Value = match self.language {
            MailLanguage::En => &ENGLISH,
            MailLanguage::Ru => &RUSSIAN,
        };
        key.split('.').try_fold(all, |at, part| at.get(part))?.as_str()
    }

    /// The language as HTML names it.
    pub(crate) fn code(self) -> &'static str {
        match self.language {
            MailLanguage::En => "en",
            MailLanguage::Ru => "ru",
        }
    }

    pub(crate) fn date(self, date: NaiveDate) -> String {
        let form = match self.language {
            MailLanguage::En => "%-d %b %Y",
            MailLanguage::Ru => "%d.%m.%Y",
        };
        date.format(form).to_string()
    }

    pub(crate) fn instant(self, at: DateTime<Utc>, zone: Tz) -> String {
        let local = at.with_timezone(&zone);
        format!("{} {}", self.date(local.date_naive()), local.format("%H:%M"))
    }

    /// A part of time in percent, with as many decimals as matter to a contract.
    pub(crate) fn percent(self, percent: Option<f64>) -> String {
        let Some(percent) = percent else { return "–".to_owned() };
        let number = format!("{percent:.3}");
        match self.language {
            MailLanguage::En => format!("{number} %"),
            MailLanguage::Ru => format!("{} %", number.replace('.', ",")),
        }
    }

    /// A length of time in its two greatest units.
    pub(crate) fn span(self, seconds: i64) -> String {
        const UNITS: [(i64, &str); 4] =
            [(86_400, "span.days"), (3600, "span.hours"), (60, "span.minutes"), (1, "span.seconds")];
        let mut rest = seconds;
        let mut parts = Vec::new();
        for (length, key) in UNITS {
            let number = rest / length;
            if number > 0 {
                parts.push(self.with(key, &[("n", &number.to_string())]));
                rest -= number * length;
            } else if !parts.is_empty() {
                break;
            }
            if parts.len() == 2 {
                break;
            }
        }
        if parts.is_empty() { "–".to_owned() } else { parts.join(" ") }
    }

    /// The size of a disk, as the console writes it: devices tell MB.
    pub(crate) fn capacity(self, megabytes: Option<u64>) -> String {
        let Some(size) = megabytes else { return "–".to_owned() };
        let gigabytes = size / 1024;
        if gigabytes < 1000 {
            return self.with("disk.gb", &[("n", &gigabytes.to_string())]);
        }
        let tenths = (size * 10 + 524_288) / 1_048_576;
        let number = format!("{}.{}", tenths / 10, tenths % 10);
        let number = if self.language == MailLanguage::Ru { number.replace('.', ",") } else { number };
        self.with("disk.tb", &[("n", &number)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: Texts = Texts { language: MailLanguage::En };
    const RUSSIAN: Texts = Texts { language: MailLanguage::Ru };

    #[test]
    fn texts_are_those_of_the_console_in_both_languages() {
        assert_eq!(ENGLISH.get("report.title"), "Site report");
        assert_eq!(RUSSIAN.get("report.title"), "Отчёт по объекту");
        for kind in siteward_domain::exception::ExceptionKind::ALL {
            assert_ne!(RUSSIAN.word("exception_kind", kind.as_str()), "–");
        }
    }

    #[test]
    fn numbers_and_times_are_written_as_the_language_does() {
        assert_eq!(
            (ENGLISH.percent(Some(99.95)), RUSSIAN.percent(Some(99.95))),
            ("99.950 %".into(), "99,950 %".into())
        );
        assert_eq!(ENGLISH.percent(None), "–");
        assert_eq!(
            [45, 125, 7260, 90_000].map(|seconds| ENGLISH.span(seconds)),
            ["45 s", "2 min 5 s", "2 h 1 min", "1 d 1 h"]
        );
        assert_eq!(RUSSIAN.span(7260), "2 ч 1 мин");
        let date = NaiveDate::from_ymd_opt(2026, 5, 1).unwrap();
        assert_eq!((ENGLISH.date(date), RUSSIAN.date(date)), ("1 May 2026".into(), "01.05.2026".into()));
        let sizes = (ENGLISH.capacity(Some(4_000_787)), RUSSIAN.capacity(Some(500_107)));
        assert_eq!(sizes, ("3.8 TB".into(), "488 ГБ".into()));
    }
}
