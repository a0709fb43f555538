//! What pages say of a new password.

use siteward_domain::mail::MailLanguage;
use siteward_domain::staff::WeakPassword;

/// What is asked of a password.
pub(crate) fn rules(language: MailLanguage) -> &'static str {
    match language {
        MailLanguage::En => "8 to 64 characters, three of: small letters, capitals, digits, other characters.",
        MailLanguage::Ru => "От 8 до 64 символов, три вида из: строчные, прописные, цифры, другие знаки.",
    }
}

/// Why a password is refused.
pub(crate) fn refusal(weak: WeakPassword, language: MailLanguage) -> &'static str {
    match (weak, language) {
        (WeakPassword::Length, MailLanguage::En) => "A password has 8 to 64 characters.",
        (WeakPassword::Length, MailLanguage::Ru) => "В пароле от 8 до 64 символов.",
        (WeakPassword::Classes, MailLanguage::En) => "Mix three of: small letters, capitals, digits, other characters.",
        (WeakPassword::Classes, MailLanguage::Ru) => {
            "Смешайте три вида: строчные буквы, прописные, цифры, другие знаки."
        }
        (WeakPassword::UserName, MailLanguage::En) => "The password may not be your e-mail address.",
        (WeakPassword::UserName, MailLanguage::Ru) => "Пароль не может совпадать с адресом эл. почты.",
        (WeakPassword::Common, MailLanguage::En) => "This password is too common.",
        (WeakPassword::Common, MailLanguage::Ru) => "Этот пароль слишком распространён.",
    }
}
