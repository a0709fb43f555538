//! The mail that tells of many incidents at once, when there are too many for one each.

use siteward_domain::incident::IncidentKind;
use siteward_domain::mail::{MailLanguage, MailTemplate};
use siteward_domain::notification::Told;

use super::incidents::said;
use super::template::{Letter, letter};

/// The places of the lines in the text: so many incidents are named.
const LINES: [&str; 10] = ["line0", "line1", "line2", "line3", "line4", "line5", "line6", "line7", "line8", "line9"];

/// What the mail about many incidents tells.
#[derive(Debug, Clone)]
pub struct Digest<'a> {
    /// The company.
    pub company: &'a str,
    /// What happened, oldest first.
    pub items: &'a [DigestItem<'a>],
    /// How people reach this server.
    pub url: &'a str,
}

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct DigestItem<'a> {
    /// What is told of it.
    pub what: Told,
    /// The name of the site.
    pub site: &'a str,
    /// The name of the cause.
    pub name: &'a str,
    /// What is or was wrong with it.
    pub kind: IncidentKind,
}

impl Digest<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let source = match language {
            MailLanguage::En => include_str!("templates/digest/en.txt"),
            MailLanguage::Ru => include_str!("templates/digest/ru.txt"),
        };
        let count = |what: Told| self.items.iter().filter(|item| item.what == what).count().to_string();
        let (opened, closed) = (count(Told::IncidentOpened), count(Told::IncidentClosed));
        let lines: Vec<String> = self.items.iter().take(LINES.len()).map(|item| line(item, language)).collect();
        let places: Vec<String> = LINES.iter().take(lines.len()).map(|place| ["{{", place, "}}"].concat()).collect();
        let source = source.replace("{{lines}}", &places.join("\n\n"));
        let mut values = vec![("company", self.company), ("opened", &opened), ("closed", &closed), ("url", self.url)];
        values.extend(LINES.into_iter().zip(lines.iter().map(String::as_str)));
        letter(MailTemplate::Digest, language, &source, &values)
    }
}

fn line(item: &DigestItem<'_>, language: MailLanguage) -> String {
    let said = said(item.kind, item.name, language);
    match (item.what, language) {
        (Told::IncidentOpened, _) => format!("{}: {said}", item.site),
        (Told::IncidentClosed, MailLanguage::En) => format!("{}: over: {said}", item.site),
        (Told::IncidentClosed, MailLanguage::Ru) => format!("{}: закончилось: {said}", item.site),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use siteward_domain::exception::ExceptionKind;

    #[test]
    fn a_digest_counts_everything_and_names_the_first_ten() {
        let kind = IncidentKind::Exception(ExceptionKind::DeviceOffline);
        let item = |n: usize| DigestItem {
            what: if n < 9 { Told::IncidentOpened } else { Told::IncidentClosed },
            site: "Harbour",
            name: "{{line9}} Gate",
            kind,
        };
        let items: Vec<DigestItem<'_>> = (0..25).map(item).collect();
        for language in MailLanguage::ALL.iter().copied() {
            let letter = Digest { company: "Lockwood", items: &items, url: "https://s.example" }.letter(language);
            assert_eq!(letter.text.matches("Harbour").count(), 10, "{}", letter.text);
            assert!(letter.subject.contains('9') && letter.subject.contains("16"), "{}", letter.subject);
            assert!(!letter.text.contains("{{lines}}") && letter.text.contains("{{line9}} Gate"), "put in as it is");
        }
    }
}
