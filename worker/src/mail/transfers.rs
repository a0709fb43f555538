//! Mails about a device that goes to another owner: the code for who gives it, the offer, and the answer.

use siteward_domain::mail::{MailLanguage, MailTemplate};

use super::template::{Letter, letter};

/// What mails about a transfer say of it.
#[derive(Debug, Clone)]
pub struct TransferTold<'a> {
    /// The device's name, or its model or serial number where it has none.
    pub device: &'a str,
    /// Its serial number.
    pub serial: &'a str,
    /// The name of who gives it.
    pub giver: &'a str,
    /// Who is to have it, as the giver wrote it.
    pub receiver: &'a str,
    /// How people reach this server.
    pub url: &'a str,
}

impl TransferTold<'_> {
    /// The mail with the code, to who gives the device. It has a gap for the code.
    pub fn code(&self, minutes: i64, language: MailLanguage) -> Letter {
        let source = match language {
            MailLanguage::En => include_str!("templates/device_transfer_code/en.txt"),
            MailLanguage::Ru => include_str!("templates/device_transfer_code/ru.txt"),
        };
        let minutes = minutes.to_string();
        let values = [
            ("device", self.device),
            ("serial", self.serial),
            ("name", self.giver),
            ("receiver", self.receiver),
            ("minutes", &*minutes),
            ("url", self.url),
        ];
        letter(MailTemplate::DeviceTransferCode, language, source, &values)
    }

    /// The mail to who is to have it: the same whether the address has an account or not.
    pub fn offer(&self, language: MailLanguage) -> Letter {
        let source = match language {
            MailLanguage::En => include_str!("templates/device_transfer_offered/en.txt"),
            MailLanguage::Ru => include_str!("templates/device_transfer_offered/ru.txt"),
        };
        let values = [("device", self.device), ("serial", self.serial), ("giver", self.giver), ("url", self.url)];
        letter(MailTemplate::DeviceTransferOffered, language, source, &values)
    }

    /// The mail with the answer, to who gives or gave it.
    pub fn answer(&self, accepted: bool, language: MailLanguage) -> Letter {
        let source = match language {
            MailLanguage::En => include_str!("templates/device_transfer_answered/en.txt"),
            MailLanguage::Ru => include_str!("templates/device_transfer_answered/ru.txt"),
        };
        let (outcome, sentence) = match (accepted, language) {
            (true, MailLanguage::En) => {
                ("accepted", "It was accepted. The device is not yours any more, and nobody sees it through you.")
            }
            (false, MailLanguage::En) => ("refused", "It was refused. The device stays yours."),
            (true, MailLanguage::Ru) => {
                ("передача принята", "Передача принята. Устройство больше не ваше, и через вас его никто не видит.")
            }
            (false, MailLanguage::Ru) => ("передача отклонена", "Передача отклонена. Устройство остаётся у вас."),
        };
        let values = [
            ("device", self.device),
            ("serial", self.serial),
            ("name", self.giver),
            ("receiver", self.receiver),
            ("outcome", outcome),
            ("sentence", sentence),
            ("url", self.url),
        ];
        letter(MailTemplate::DeviceTransferAnswered, language, source, &values)
    }
}

#[cfg(test)]
mod tests {
    use super::super::TOKEN_GAP;
    use super::*;

    #[test]
    fn every_mail_of_a_transfer_is_whole_and_only_the_first_has_a_gap_for_its_code() {
        let told = TransferTold {
            device: "Gate",
            serial: "Q12345678",
            giver: "Olga",
            receiver: "rita@example.org",
            url: "https://s.example",
        };
        for language in MailLanguage::ALL.iter().copied() {
            let letters = [
                told.code(10, language),
                told.offer(language),
                told.answer(true, language),
                told.answer(false, language),
            ];
            for (number, letter) in letters.iter().enumerate() {
                let gaps = [&letter.text, &letter.html].map(|body| body.matches(TOKEN_GAP).count());
                assert_eq!(gaps, [usize::from(number == 0); 2], "{letter:?}");
                let parts = [&letter.subject, &letter.text, &letter.html].map(|part| part.replace(TOKEN_GAP, ""));
                assert!(parts.iter().all(|part| part.contains("Gate") && !part.contains("{{")), "{letter:?}");
            }
        }
    }
}
