//! Codes that go to a phone number in a text message, and show that it is an end user's (R-E1).

pub(crate) mod confirm;
pub(crate) mod create;

use secrecy::{ExposeSecret as _, SecretString};
use siteward_domain::EndUserId;
use siteward_domain::end_user::{
    MOST_CODES_TO_A_NUMBER_AN_HOUR, MOST_OFFERS_TO_A_NUMBER_AN_HOUR, MOST_TEXT_MESSAGES_AN_HOUR,
};
use siteward_store::mail_paces::Pace;

use crate::access::token;
use crate::platform::Platform;

/// How many codes may go: of one account, to one number, and of all text messages together.
pub(crate) fn code_paces(platform: &Platform, of: &EndUserId, to: &str) -> [Pace; 3] {
    text_paces(platform, of, "codes_to", to, MOST_CODES_TO_A_NUMBER_AN_HOUR)
}

/// The same of offers. They take none of a number's codes.
pub(crate) fn offer_paces(platform: &Platform, of: &EndUserId, to: &str) -> [Pace; 3] {
    text_paces(platform, of, "offers_to", to, MOST_OFFERS_TO_A_NUMBER_AN_HOUR)
}

fn text_paces(platform: &Platform, of: &EndUserId, purpose: &'static str, to: &str, most: usize) -> [Pace; 3] {
    let all = usize::try_from(platform.settings.sms.most_an_hour).unwrap_or(usize::MAX);
    [
        Pace { purpose: "texts_of", subject: of.to_string(), most: MOST_TEXT_MESSAGES_AN_HOUR },
        Pace { purpose, subject: token::hash(&format!("phone:{to}")), most },
        Pace { purpose: "texts", subject: String::new(), most: all },
    ]
}

/// What is kept of a code.
fn code_hash(of: &EndUserId, code: &SecretString) -> String {
    token::hash(&format!("phone_code:{of}:{}", code.expose_secret()))
}
