//! Whether a captcha was answered.

use serde::Deserialize;
use siteward_domain::CaptchaId;
use siteward_store::captchas::Captcha;
use utoipa::ToSchema;

use super::{picture, work};
use crate::access::token;

/// The answer to a captcha: what its picture says, or the number that its work found.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaptchaAnswer {
    /// The captcha.
    #[schema(value_type = String, format = "uuid")]
    pub(crate) id: CaptchaId,
    /// What the picture says, in any case.
    #[schema(max_length = 32)]
    answer: Option<String>,
    /// The number that the work found, in decimal.
    #[schema(max_length = 20)]
    work: Option<String>,
}

/// What is kept of an answer; the captcha's id makes that of two equal ones differ.
pub(super) fn hash(id: &CaptchaId, answer: &str) -> String {
    token::hash(&format!("captcha:{id}:{}", picture::normal(answer)))
}

/// Whether the answer is right for a captcha that was taken.
pub(crate) fn is_right(captcha: &Captcha, given: &CaptchaAnswer) -> bool {
    let read = given.answer.as_ref().is_some_and(|answer| token::equal(&captcha.answer_hash, &hash(&given.id, answer)));
    read || given.work.as_ref().is_some_and(|number| work::is_done(&captcha.work_challenge, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_or_the_work_will_do_and_nothing_else() {
        let id = CaptchaId::generate(chrono::Utc::now());
        let captcha = Captcha { answer_hash: hash(&id, "ACD347"), work_challenge: "challenge".to_owned() };
        let given = |answer: Option<&str>, work: Option<String>| {
            let answer = CaptchaAnswer { id: id.clone(), answer: answer.map(str::to_owned), work };
            is_right(&captcha, &answer)
        };
        let found = (0..10_000_000_u64).map(|n| n.to_string()).find(|n| work::is_done("challenge", n));
        assert!(given(Some("acd 347"), None));
        assert!(given(None, found.clone()));
        assert!(given(Some("wrong"), found));
        assert!(!given(Some("ACD34"), None));
        assert!(!given(None, Some("1".to_owned())));
        assert!(!given(None, None));
    }
}
