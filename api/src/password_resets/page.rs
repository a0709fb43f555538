//! The page on which a new password is chosen.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use siteward_domain::mail::MailLanguage;

use super::Link;
use crate::pages::frame::{Frame, answer};
use crate::pages::password::rules;

#[derive(Template)]
#[template(path = "reset.html")]
struct ResetPage<'a> {
    frame: Frame,
    texts: &'static Texts,
    rules: &'static str,
    email: &'a str,
    two_factor: bool,
    wrong: &'a Wrong,
}

/// What is wrong with what was typed.
#[derive(Debug, Default)]
pub(super) struct Wrong {
    pub(super) password: Option<&'static str>,
    pub(super) code: Option<&'static str>,
}

/// The texts of the page in one language.
pub(super) struct Texts {
    title: &'static str,
    intro: &'static str,
    email: &'static str,
    password: &'static str,
    code: &'static str,
    code_hint: &'static str,
    submit: &'static str,
    pub(super) code_needed: &'static str,
    pub(super) code_wrong: &'static str,
    pub(super) code_locked: &'static str,
}

const EN: Texts = Texts {
    title: "Choose a new password",
    intro: "You are signed out everywhere, and sign in with the new password from then on.",
    email: "E-mail address",
    password: "New password",
    code: "Code of your authenticator app",
    code_hint: "A recovery code does too.",
    submit: "Set the password",
    code_needed: "Enter the code of your authenticator app, or a recovery code.",
    code_wrong: "The code is wrong, used already, or too old. Wait for the next one.",
    code_locked: "Too many wrong codes: try again in half an hour.",
};

const RU: Texts = Texts {
    title: "Новый пароль",
    intro: "Все ваши сеансы завершатся, и входить нужно будет с новым паролем.",
    email: "Адрес эл. почты",
    password: "Новый пароль",
    code: "Код из приложения-аутентификатора",
    code_hint: "Подойдёт и код восстановления.",
    submit: "Задать пароль",
    code_needed: "Введите код из приложения-аутентификатора или код восстановления.",
    code_wrong: "Код неверен, уже использован или устарел. Дождитесь следующего.",
    code_locked: "Слишком много неверных кодов: повторите через полчаса.",
};

/// The texts in a language.
pub(super) fn texts(language: MailLanguage) -> &'static Texts {
    match language {
        MailLanguage::En => &EN,
        MailLanguage::Ru => &RU,
    }
}

/// The page of a good link; `wrong`: what the form is sent back with.
pub(super) fn page(link: &Link, language: MailLanguage, wrong: &Wrong) -> HttpResponse {
    let is_right = wrong.password.is_none() && wrong.code.is_none();
    let status = if is_right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let texts = texts(language);
    let page = ResetPage {
        frame: Frame::new(language, texts.title),
        texts,
        rules: rules(language),
        email: link.person.email(),
        two_factor: link.two_factor,
        wrong,
    };
    answer(status, &page)
}
