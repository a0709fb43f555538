//! The few pages that are ours under a session's host name: what ended, what is refused, and where it is done instead.

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS};
use actix_web::{HttpRequest, HttpResponse};

/// Why a page of ours is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Page {
    /// No session, or it has ended.
    Ended,
    /// The link that enters was used, or is older than a minute.
    EntryUsed,
    /// Holds a secret.
    Secret,
    /// Done in the console.
    ElsewhereDone,
    /// The right to upgrade is missing.
    UpgradeRight,
    /// The owner has not allowed pictures or recordings.
    PermissionMissing,
    /// No path of a device.
    NotHere,
    /// The request came from another page.
    OtherOrigin,
    /// The body is too large.
    TooLarge,
    /// The device did not answer as it should; a stable code.
    Device(String),
    /// The platform is not available just now.
    Unavailable,
}

/// Plain text; a device's own page may hold one in a frame.
const POLICY: &str = "default-src 'none'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

type Texts = (StatusCode, [&'static str; 2], [&'static str; 2]);

impl Page {
    /// Status, titles and texts in English and Russian.
    fn texts(&self) -> Texts {
        use StatusCode as S;
        match self {
            Self::Ended => (
                S::UNAUTHORIZED,
                ["This session has ended", "Сеанс завершён"],
                [
                    "Open remote configuration again from the device's page in Siteward.",
                    "Откройте удалённую настройку снова на странице устройства в Siteward.",
                ],
            ),
            Self::EntryUsed => (
                S::UNAUTHORIZED,
                ["This link cannot be used any more", "Ссылка больше не действует"],
                [
                    "It works once and for one minute. Open remote configuration again from the device's page in Siteward.",
                    "Она работает один раз в течение минуты. Откройте удалённую настройку снова на странице устройства в Siteward.",
                ],
            ),
            Self::Secret => (
                S::FORBIDDEN,
                ["Not through remote configuration", "Недоступно через удалённую настройку"],
                [
                    "This part of the device holds secrets, which stay on the device.",
                    "Эта часть устройства содержит секреты, которые остаются на устройстве.",
                ],
            ),
            Self::ElsewhereDone => (
                S::FORBIDDEN,
                ["Done in Siteward", "Выполняется в Siteward"],
                [
                    "Passwords, users, activation and factory reset are changed on the device's page in Siteward, so that the device stays reachable.",
                    "Пароли, пользователи, активация и сброс меняются на странице устройства в Siteward, чтобы устройство оставалось доступным.",
                ],
            ),
            Self::UpgradeRight => (
                S::FORBIDDEN,
                ["You may not upgrade firmware", "Нет права обновлять прошивку"],
                ["The right to upgrade firmware is needed for this.", "Для этого нужно право обновлять прошивку."],
            ),
            Self::PermissionMissing => (
                S::FORBIDDEN,
                ["The owner has not allowed this", "Владелец этого не разрешил"],
                [
                    "Live pictures and recordings need a permission of their own. Ask the owner on the site's page in Siteward.",
                    "Для просмотра и записей нужно отдельное разрешение. Запросите его у владельца на странице объекта в Siteward.",
                ],
            ),
            Self::NotHere => (
                S::NOT_FOUND,
                ["Not found", "Не найдено"],
                ["There is no such page here.", "Здесь нет такой страницы."],
            ),
            Self::OtherOrigin => (
                S::FORBIDDEN,
                ["Refused", "Отклонено"],
                ["The request came from another page.", "Запрос пришёл с другой страницы."],
            ),
            Self::TooLarge => (
                S::PAYLOAD_TOO_LARGE,
                ["Too large", "Слишком большой файл"],
                [
                    "At most 8 MB are sent to a device this way.",
                    "Таким способом на устройство отправляется не более 8 МБ.",
                ],
            ),
            Self::Device(_) => (
                S::BAD_GATEWAY,
                ["The device does not answer", "Устройство не отвечает"],
                ["Look at the device's page in Siteward.", "Посмотрите страницу устройства в Siteward."],
            ),
            Self::Unavailable => (
                S::SERVICE_UNAVAILABLE,
                ["Not available just now", "Сейчас недоступно"],
                ["Try again in a moment.", "Повторите попытку чуть позже."],
            ),
        }
    }
}

/// A page of ours.
pub(super) fn page(request: &HttpRequest, page: &Page) -> HttpResponse {
    let (status, titles, texts) = page.texts();
    let language = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (code, [title, text]) = if language.trim_start().to_ascii_lowercase().starts_with("ru") {
        ("ru", [titles[1], texts[1]])
    } else {
        ("en", [titles[0], texts[0]])
    };
    let detail = match page {
        Page::Device(code) => format!("<p><code>{code}</code></p>"),
        _ => String::new(),
    };
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(format!(
            "<!doctype html><html lang=\"{code}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
             <title>{title}</title><h1>{title}</h1><p>{text}</p>{detail}</html>"
        ))
}
