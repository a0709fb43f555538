//! What a panel answers to a change of its accounts.

use super::AccountError;
use crate::call_error::CallError;
use crate::http::Answer;
use crate::isapi::outcome::{self, PASSWORD_RULES, refused_for};
use crate::isapi::text_of;
use crate::xml::read_any;

/// Source of all words: the vendor's list of codes.
const EXISTS: [&str; 4] = ["userExist", "deviceUserAlreadyExist", "userNameRepetitive", "nameExist"];
const FULL: [&str; 2] = ["userMaxNum", "deviceUserFull"];
const GONE: [&str; 3] = ["userInexistence", "deviceUserNotExist", "theUserIdDoesNotExist"];
/// Beside [`PASSWORD_RULES`]: one that another account has.
const CONFLICT: [&str; 1] = ["pwdConflict"];
/// Something in the request will not do, and `errorMsg` may say what.
const BAD_PARAMETERS: [&str; 1] = ["badParameters"];
/// Fields that are not the password.
const OTHER_FIELDS: [&str; 5] = ["username", "usertype", "email", "phone", "indexid"];

/// The answer, taken apart as far as an account needs it.
pub(super) struct Told {
    outcome: Result<(), CallError>,
    message: String,
    /// The number of a new account.
    pub(super) index: Option<u32>,
}

impl Told {
    /// Reads the answer; a page that is none leaves open what was done.
    pub(super) fn read(answer: &Answer) -> Result<Self, AccountError> {
        let outcome = outcome::read(answer).map(|_| ());
        if let Err(error @ CallError::BadAnswer { .. }) = outcome {
            return Err(AccountError::NotKnown(error));
        }
        let text = text_of(&answer.body);
        let root = read_any(&text).ok();
        let field = |name: &str| root.as_ref().and_then(|root| root.text_of(name));
        let index = field("indexID").or_else(|| field("id")).and_then(|text| text.trim().parse().ok());
        let message = field("errorMsg").unwrap_or("").to_ascii_lowercase();
        Ok(Self { outcome, message, index })
    }

    pub(super) fn created(&self) -> Result<(), AccountError> {
        self.judge(!OTHER_FIELDS.iter().any(|field| self.message.contains(field)))
    }

    pub(super) fn changed_password(&self) -> Result<(), AccountError> {
        self.judge(true)
    }

    pub(super) fn deleted(&self) -> Result<(), AccountError> {
        self.judge(false)
    }

    /// `of_password`: parameters that will not do can only be the password.
    fn judge(&self, of_password: bool) -> Result<(), AccountError> {
        let Err(error) = &self.outcome else { return Ok(()) };
        let is_one_of = |words: &[&str]| refused_for(error, words);
        Err(if is_one_of(&EXISTS) {
            AccountError::AlreadyThere
        } else if is_one_of(&FULL) {
            AccountError::Full
        } else if is_one_of(&GONE) {
            AccountError::Gone
        } else if is_one_of(&PASSWORD_RULES) || is_one_of(&CONFLICT) || (of_password && is_one_of(&BAD_PARAMETERS)) {
            AccountError::PasswordRefused { code: word_of(error) }
        } else {
            AccountError::Call(error.clone())
        })
    }
}

fn word_of(error: &CallError) -> String {
    match error {
        CallError::Refused { sub_status_code, .. } => sub_status_code.clone(),
        error => error.code().to_owned(),
    }
}
