//! An end user registers (R-E1): the address is shown to be theirs by the link in a mail, whose page makes the account.

pub(crate) mod confirm;
pub(crate) mod create;
pub(crate) mod show;

use actix_web::HttpRequest;
use askama::Template;
use siteward_domain::company::Region;
use siteward_domain::mail::MailLanguage;

use crate::error::{ApiError, codes};
use crate::pages::frame::Frame;
use crate::pages::language::language_of;
use crate::pages::message;

/// Reads a region.
pub(crate) fn region(text: &str) -> Result<Region, ApiError> {
    Region::parse(text).map_err(|_| ApiError::field(codes::REGION_INVALID, "region"))
}

/// A page that shows an address and asks for a password, to confirm both.
#[derive(Template)]
#[template(path = "confirm.html")]
pub(super) struct ConfirmPage<'a> {
    frame: Frame,
    intro: &'static str,
    label: &'static str,
    password: &'static str,
    hint: &'static str,
    submit: &'static str,
    email: &'a str,
    wrong: Option<&'static str>,
}

impl<'a> ConfirmPage<'a> {
    fn new(language: MailLanguage, email: &'a str) -> Self {
        let (title, [intro, label, password, hint, submit]) = match language {
            MailLanguage::En => (
                "Confirm your e-mail address",
                [
                    "One more step, and your account is ready: confirm that this address is yours.",
                    "E-mail address",
                    "Password",
                    "The one that you chose when you registered. If it was not you who registered, close this page: without the password nobody gets an account.",
                    "Confirm and sign in",
                ],
            ),
            MailLanguage::Ru => (
                "Подтвердите адрес эл. почты",
                [
                    "Ещё один шаг, и учётная запись готова: подтвердите, что этот адрес ваш.",
                    "Адрес эл. почты",
                    "Пароль",
                    "Тот, что вы придумали при регистрации. Если регистрировались не вы, закройте эту страницу: без пароля учётная запись не появится.",
                    "Подтвердить и войти",
                ],
            ),
        };
        Self { frame: Frame::new(language, title), intro, label, password, hint, submit, email, wrong: None }
    }

    /// Of another address of an account that there is.
    pub(super) fn of_address(language: MailLanguage, email: &'a str) -> Self {
        let registration = Self::new(language, email);
        let (intro, hint, submit) = match language {
            MailLanguage::En => (
                "From now on you sign in with this address, and mails go to it. Confirm that it is yours.",
                "The one of your account. If it was not you who asked for this, close this page: nothing has changed.",
                "Confirm the address",
            ),
            MailLanguage::Ru => (
                "Теперь вы будете входить с этим адресом, и письма будут приходить на него. Подтвердите, что он ваш.",
                "Тот, что от вашей учётной записи. Если просили не вы, закройте эту страницу: ничего не изменилось.",
                "Подтвердить адрес",
            ),
        };
        Self { intro, hint, submit, ..registration }
    }

    /// After a password that is not the one of the account.
    pub(super) fn wrong_of_address(language: MailLanguage, email: &'a str) -> Self {
        let wrong = match language {
            MailLanguage::En => "This is not the password of the account.",
            MailLanguage::Ru => "Это не пароль учётной записи.",
        };
        Self { wrong: Some(wrong), ..Self::of_address(language, email) }
    }

    /// After a password that is not the one of the registration.
    fn wrong(language: MailLanguage, email: &'a str) -> Self {
        let wrong = match language {
            MailLanguage::En => "This is not the password of the registration. You can register again.",
            MailLanguage::Ru => "Это не пароль регистрации. Можно зарегистрироваться заново.",
        };
        Self { wrong: Some(wrong), ..Self::new(language, email) }
    }
}

/// What a link says that is of no use, also where the address has an account by now.
pub(super) fn gone(request: &HttpRequest) -> actix_web::HttpResponse {
    message::gone_to(language_of(request, None), "/my/sign-in")
}
