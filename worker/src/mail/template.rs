//! What mails say: one text a mail and language, from which both the plain and the HTML body are made.
//!
//! The first line of a text is the subject; paragraphs are parted by blank lines; a paragraph `=> words | address` is a
//! button, a paragraph `=# words | address` a QR code of an address that a button has too. Values are put in once, so that nothing in a value is taken for a placeholder, a paragraph or a tag.
//! The token of a link is not among them: it is put into its gap when the mail is handed over.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use siteward_domain::mail::{MailLanguage, MailTemplate};
use siteward_domain::text::told_line;

const LAYOUT: &str = include_str!("templates/layout.html");
/// Where the token of a mail's link goes.
pub const TOKEN_GAP: &str = "{{token}}";
/// Most characters of a value: a name is 128 at most.
const MOST_VALUE: usize = 255;

/// A mail's content, ready for the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What it is about.
    pub template: MailTemplate,
    /// The language it is written in.
    pub language: MailLanguage,
    /// The subject.
    pub subject: String,
    /// The body as text.
    pub text: String,
    /// The body as HTML.
    pub html: String,
}

/// What the mail about an unbound device tells.
#[derive(Debug, Clone)]
pub struct DeviceUnbound<'a> {
    /// The company that had it.
    pub company: &'a str,
    /// The device's name there.
    pub device: &'a str,
    /// Its serial number.
    pub serial: &'a str,
    /// The name of the site it was on; empty where that is gone.
    pub site: &'a str,
    /// When it was unbound.
    pub at: DateTime<Utc>,
    /// The time zone of the site.
    pub zone: Tz,
    /// How people reach this server.
    pub url: &'a str,
}

type Values<'a> = [(&'static str, &'a str)];

/// The mail that tries the settings.
pub fn test_letter(language: MailLanguage, company: &str, url: &str) -> Letter {
    let source = match language {
        MailLanguage::En => include_str!("templates/test/en.txt"),
        MailLanguage::Ru => include_str!("templates/test/ru.txt"),
    };
    letter(MailTemplate::Test, language, source, &[("company", company), ("url", url)])
}

impl DeviceUnbound<'_> {
    /// Writes it.
    pub fn letter(&self, language: MailLanguage) -> Letter {
        let source = match language {
            MailLanguage::En => include_str!("templates/device_unbound/en.txt"),
            MailLanguage::Ru => include_str!("templates/device_unbound/ru.txt"),
        };
        self.filled(language, source)
    }

    /// Writes it to the owner of the site.
    pub fn letter_to_owner(&self, language: MailLanguage) -> Letter {
        let source = match language {
            MailLanguage::En => include_str!("templates/device_unbound/owner_en.txt"),
            MailLanguage::Ru => include_str!("templates/device_unbound/owner_ru.txt"),
        };
        self.filled(language, source)
    }

    fn filled(&self, language: MailLanguage, source: &str) -> Letter {
        let at = local_time(self.at, self.zone);
        let site = if self.site.is_empty() { "–" } else { self.site };
        let values = [
            ("company", self.company),
            ("device", self.device),
            ("serial", self.serial),
            ("site", site),
            ("at", &at),
            ("url", self.url),
        ];
        letter(MailTemplate::DeviceUnbound, language, source, &values)
    }
}

/// A time as a mail tells it.
pub(super) fn local_time(at: DateTime<Utc>, zone: Tz) -> String {
    format!("{} ({})", at.with_timezone(&zone).format("%Y-%m-%d %H:%M"), zone.name())
}

pub(super) fn letter(template: MailTemplate, language: MailLanguage, source: &str, values: &Values<'_>) -> Letter {
    let (subject, body) = source.split_once('\n').unwrap_or((source, ""));
    let subject = capitalised(&fill(subject.trim(), values, plain));
    let (mut text, mut html) = (String::new(), String::new());
    for paragraph in body.trim().split("\n\n") {
        let paragraph = paragraph.trim().replace('\n', " ");
        if let Some((words, address)) = paragraph.strip_prefix("=# ").and_then(|code| code.split_once(" | ")) {
            let (words, address) = (fill(words, values, escape), fill(address, values, escape));
            html += &["<p><img class=\"code\" alt=\"", &words, "\" src=\"qr:", &address].concat();
            html += "\" width=\"180\" height=\"180\"></p>\n";
            continue;
        }
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        if let Some((words, address)) = paragraph.strip_prefix("=> ").and_then(|button| button.split_once(" | ")) {
            text += &[&fill(words, values, plain), ":\n", &fill(address, values, plain)].concat();
            let (words, address) = (fill(words, values, escape), fill(address, values, escape));
            html += &["<p><a class=\"button\" href=\"", &address, "\">", &words, "</a></p>\n"].concat();
        } else {
            text.push_str(&fill(&paragraph, values, plain));
            html += &["<p>", &fill(&paragraph, values, escape), "</p>\n"].concat();
        }
    }
    text.push('\n');
    // Each stands once in the layout; what is put in is not searched again.
    let (head, rest) = LAYOUT.split_once("{{subject}}").unwrap_or((LAYOUT, ""));
    let (middle, foot) = rest.split_once("{{body}}").unwrap_or((rest, ""));
    let head = head.replace("{{language}}", language.as_str());
    let html = format!("{head}{}{middle}{html}{foot}", escape(&subject));
    Letter { template, language, subject, text, html }
}

/// A subject that is nothing but a value begins with a capital all the same.
fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// Puts the values where `{{name}}` stands. A name that has no value stays as it is, which a test would see; a value makes
/// no gap for a token.
fn fill(source: &str, values: &Values<'_>, form: fn(&str) -> String) -> String {
    let mut parts = source.split("{{");
    let mut filled = form(parts.next().unwrap_or_default());
    for part in parts {
        match part.split_once("}}") {
            Some((name, rest)) => {
                match values.iter().find(|(known, _)| *known == name) {
                    Some((_, value)) => filled.push_str(&form(&told(value))),
                    None => filled += &["{{", name, "}}"].concat(),
                }
                filled.push_str(&form(rest));
            }
            None => filled.push_str(part),
        }
    }
    filled
}

fn told(value: &str) -> String {
    let mut told = told_line(value, MOST_VALUE);
    while told.contains(TOKEN_GAP) {
        told = told.replace(TOKEN_GAP, "");
    }
    told
}

fn plain(text: &str) -> String {
    text.to_owned()
}

pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unbound(device: &str, language: MailLanguage) -> Letter {
        let told = DeviceUnbound {
            company: "Lockwood & Sons",
            device,
            serial: "G12345678",
            site: "Harbour",
            at: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
            zone: "Europe/Warsaw".parse().unwrap(),
            url: "https://siteward.example",
        };
        told.letter(language)
    }

    #[test]
    fn every_mail_is_whole_in_every_language() {
        for language in MailLanguage::ALL {
            for letter in [unbound("Gate", *language), test_letter(*language, "Lockwood", "https://s.example")] {
                assert!(!letter.subject.is_empty() && letter.text.len() > 80, "{letter:?}");
                for part in [&letter.subject, &letter.text, &letter.html] {
                    assert!(!part.contains("{{") && !part.contains("}}"), "{part}");
                }
                assert!(letter.html.contains(&format!("lang=\"{}\"", language.as_str())), "{}", letter.html);
            }
        }
        assert!(unbound("Gate", MailLanguage::En).text.contains("2027-01-15 09:00 (Europe/Warsaw)"));
    }

    #[test]
    fn a_name_can_be_no_header_no_tag_no_placeholder_and_no_paragraph() {
        let name = "Gate\r\nBcc: thief@example.com\u{202E}\n\n=> x | y {{url}} {{body}} {{subject}} <b onclick='x'>\"";
        let letter = unbound(name, MailLanguage::En);
        assert!(!letter.subject.contains(['\r', '\n', '\u{202E}']), "{}", letter.subject);
        assert!(letter.subject.contains("Gate"));
        assert!(letter.text.contains("{{url}}") && letter.html.contains("{{body}}"), "put in as it is");
        assert!(!letter.html.contains("<b onclick"), "{}", letter.html);
        assert!(letter.html.contains("Lockwood &amp; Sons"));
        assert_eq!(letter.html.matches("class=\"button\"").count(), 1);
        assert_eq!(letter.html.matches("<html").count(), 1);
    }

    #[test]
    fn a_code_is_a_picture_of_the_html_and_nothing_in_the_text() {
        let source = "Hello\n\nOne.\n\n=# Code of {{name}} | {{url}}/x/{{token}}\n\nTwo.";
        let values = [("name", "\" src=\"qr:https://evil.example"), ("url", "https://s.example")];
        let letter = letter(MailTemplate::Test, MailLanguage::En, source, &values);
        assert_eq!(letter.text, "One.\n\nTwo.\n");
        assert_eq!(letter.html.matches("src=\"qr:").count(), 1, "{}", letter.html);
        assert!(letter.html.contains("src=\"qr:https://s.example/x/{{token}}\""), "{}", letter.html);
    }

    #[test]
    fn a_long_name_is_cut() {
        let letter = unbound(&"Ж".repeat(5000), MailLanguage::Ru);
        assert!(letter.subject.chars().count() < 400);
    }
}
