//! What the page of an invitation says.

use siteward_domain::mail::MailLanguage;
use siteward_domain::text::BadText;

/// The texts in one language.
pub(super) struct Texts {
    pub(super) title: &'static str,
    pub(super) intro: &'static str,
    pub(super) company: &'static str,
    pub(super) role: &'static str,
    pub(super) email: &'static str,
    pub(super) email_hint: &'static str,
    pub(super) name: &'static str,
    pub(super) password: &'static str,
    pub(super) submit: &'static str,
    pub(super) address_taken: &'static str,
    name_empty: &'static str,
    name_too_long: &'static str,
    name_invalid: &'static str,
}

const EN: Texts = Texts {
    title: "Accept the invitation",
    intro: "You are invited to work on Siteward. Choose a password, and you are in.",
    company: "Company",
    role: "Your role",
    email: "E-mail address",
    email_hint: "You sign in with it.",
    name: "Your name",
    password: "Password",
    submit: "Accept and sign in",
    address_taken: "This e-mail address cannot be used here: an account has it already. Ask for an invitation to another address.",
    name_empty: "Enter your name.",
    name_too_long: "At most 128 characters.",
    name_invalid: "The name holds characters that are not allowed.",
};

const RU: Texts = Texts {
    title: "Принять приглашение",
    intro: "Вас пригласили работать в Siteward. Придумайте пароль — и можно начинать.",
    company: "Компания",
    role: "Ваша роль",
    email: "Адрес эл. почты",
    email_hint: "С ним вы будете входить.",
    name: "Ваше имя",
    password: "Пароль",
    submit: "Принять и войти",
    address_taken: "Этот адрес эл. почты здесь использовать нельзя: он уже есть у другой учётной записи. Попросите пригласить вас на другой адрес.",
    name_empty: "Введите имя.",
    name_too_long: "Не больше 128 символов.",
    name_invalid: "В имени есть недопустимые символы.",
};

/// The texts in a language.
pub(super) fn texts(language: MailLanguage) -> &'static Texts {
    match language {
        MailLanguage::En => &EN,
        MailLanguage::Ru => &RU,
    }
}

impl Texts {
    /// Why a name is refused.
    pub(super) fn bad_name(&self, bad: &BadText) -> &'static str {
        match bad {
            BadText::Empty => self.name_empty,
            BadText::TooLong { .. } => self.name_too_long,
            BadText::Control => self.name_invalid,
        }
    }
}
