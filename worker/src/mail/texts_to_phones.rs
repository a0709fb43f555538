//! Text messages to end users. Their subjects are for the outbox alone.

use siteward_domain::end_user::PHONE_CODE_MINUTES;
use siteward_domain::mail::{MailLanguage, MailTemplate};

use super::template::{Letter, letter};

/// Most characters of a name in a text message: two of them fit into it beside what is said.
const MOST_NAME: usize = 40;

/// What a text message tells.
#[derive(Debug, Clone, Copy)]
pub enum TextTold<'a> {
    /// The code that shows that a number is theirs. It has a gap for the code.
    Code,
    /// Somebody offers channels to a number that is nobody's yet.
    Offered {
        /// Who offers.
        giver: &'a str,
        /// The site's name.
        site: &'a str,
    },
}

impl TextTold<'_> {
    /// Writes it; `url`: how people reach this server.
    pub fn letter(&self, language: MailLanguage, url: &str) -> Letter {
        let is_english = language == MailLanguage::En;
        match self {
            Self::Code => {
                let source = if is_english {
                    include_str!("templates/phone_code/en.txt")
                } else {
                    include_str!("templates/phone_code/ru.txt")
                };
                let minutes = PHONE_CODE_MINUTES.to_string();
                letter(MailTemplate::PhoneCode, language, source, &[("minutes", &minutes), ("url", url)])
            }
            Self::Offered { giver, site } => {
                let source = if is_english {
                    include_str!("templates/share_offered_phone/en.txt")
                } else {
                    include_str!("templates/share_offered_phone/ru.txt")
                };
                let (giver, site) = (short(giver), short(site));
                let values = [("giver", giver.as_str()), ("site", site.as_str()), ("url", url)];
                letter(MailTemplate::ShareOfferedPhone, language, source, &values)
            }
        }
    }
}

fn short(name: &str) -> String {
    if name.chars().count() <= MOST_NAME {
        name.to_owned()
    } else {
        name.chars().take(MOST_NAME - 1).chain(['…']).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::TOKEN_GAP;
    use super::*;

    #[test]
    fn a_text_message_is_whole_and_short_in_every_language() {
        let long = "Ж".repeat(128);
        for language in MailLanguage::ALL.iter().copied() {
            let code = TextTold::Code.letter(language, "https://siteward.example.com");
            assert_eq!(code.text.matches(TOKEN_GAP).count(), 1, "{}", code.text);
            let offered = TextTold::Offered { giver: &long, site: &long };
            let offered = offered.letter(language, "https://siteward.example.com");
            for text in [code.text.replace(TOKEN_GAP, "123456"), offered.text] {
                // Four parts of 67 characters at most, as phones put them together.
                assert!(!text.contains("{{") && text.chars().count() <= 4 * 67, "{} {text}", text.chars().count());
            }
        }
    }
}
