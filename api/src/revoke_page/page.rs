//! The page on which a permission is taken back.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use siteward_domain::grant::Permission;
use siteward_domain::mail::MailLanguage;

use super::Link;
use crate::pages::frame::{Frame, answer};
use crate::pages::language::language_of;

#[derive(Template)]
#[template(path = "revoke.html")]
struct RevokePage {
    frame: Frame,
    told: String,
    /// Whether it can still be taken back.
    is_open: bool,
    submit: &'static str,
    hint: &'static str,
}

/// The page of a good link.
pub(super) fn ask(request: &HttpRequest, link: &Link) -> HttpResponse {
    let language = language_of(request, Some(link.owner.language));
    let (company, site) = (&link.company, &link.grant.site_name);
    let device = link.grant.device.as_ref().map_or("", |(_, name)| name.as_str());
    let what = permission(link.grant.permission, language);
    let (title, told, submit, hint) = match language {
        MailLanguage::En => (
            "Take a permission back",
            format!("{company} has your permission for {what} of “{device}” on “{site}”."),
            "Take it back",
            "It ends at once. The company can ask you again.",
        ),
        MailLanguage::Ru => (
            "Отозвать разрешение",
            format!("У компании {company} есть ваше разрешение: {what}, устройство «{device}», объект «{site}»."),
            "Отозвать",
            "Доступ прекратится сразу. Компания сможет попросить снова.",
        ),
    };
    answer(StatusCode::OK, &RevokePage { frame: Frame::new(language, title), told, is_open: true, submit, hint })
}

/// What is said once it was taken back.
pub(super) fn done(request: &HttpRequest, link: &Link) -> HttpResponse {
    let language = language_of(request, Some(link.owner.language));
    let company = &link.company;
    let (title, told, submit) = match language {
        MailLanguage::En => {
            ("The permission is taken back", format!("{company} cannot use it any more."), "Open my sites")
        }
        MailLanguage::Ru => {
            ("Разрешение отозвано", format!("Компания {company} больше не может им пользоваться."), "Мои объекты")
        }
    };
    let page = RevokePage { frame: Frame::new(language, title), told, is_open: false, submit, hint: "" };
    answer(StatusCode::OK, &page)
}

fn permission(permission: Permission, language: MailLanguage) -> &'static str {
    match (permission, language) {
        (Permission::Site, MailLanguage::En) => "managing the site",
        (Permission::Site, MailLanguage::Ru) => "управление объектом",
        (Permission::Configuration, MailLanguage::En) => "the configuration",
        (Permission::Configuration, MailLanguage::Ru) => "настройка",
        (Permission::LiveView, MailLanguage::En) => "the live view",
        (Permission::LiveView, MailLanguage::Ru) => "просмотр в реальном времени",
        (Permission::Playback, MailLanguage::En) => "the recordings",
        (Permission::Playback, MailLanguage::Ru) => "просмотр архива",
    }
}
