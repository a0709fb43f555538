//! In which language a page is shown: as its reader chose, else as the mail was written, else as the browser asks for.

use actix_web::HttpRequest;
use actix_web::http::header::ACCEPT_LANGUAGE;
use siteward_domain::mail::MailLanguage;

/// The language of a page; `of_mail`: the language of the mail that led to it, where that is known.
pub(crate) fn language_of(request: &HttpRequest, of_mail: Option<MailLanguage>) -> MailLanguage {
    let asked = || request.headers().get(ACCEPT_LANGUAGE).and_then(|value| accepted(value.to_str().ok()?));
    chosen(request.query_string()).or(of_mail).or_else(asked).unwrap_or(MailLanguage::En)
}

/// What `?language=` says; mail readers may put more into the query.
fn chosen(query: &str) -> Option<MailLanguage> {
    let values = query.split('&').filter_map(|pair| pair.strip_prefix("language="));
    values.filter_map(MailLanguage::from_stored).next_back()
}

/// The language that an `Accept-Language` header wants most, among those that there are.
fn accepted(header: &str) -> Option<MailLanguage> {
    let mut best: Option<(f32, MailLanguage)> = None;
    for part in header.split(',').take(32) {
        let mut pieces = part.split(';').map(str::trim);
        let tag = pieces.next().unwrap_or_default().split('-').next().unwrap_or_default().to_ascii_lowercase();
        let Some(language) = MailLanguage::from_stored(&tag) else { continue };
        let weight = pieces.find_map(|piece| piece.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0_f32);
        if weight > 0.0 && best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_reader_s_choice_comes_before_the_mail_and_the_browser() {
        let (en, ru) = (MailLanguage::En, MailLanguage::Ru);
        for (query, of_mail, browser, shown) in [
            ("language=ru", Some(en), "en", ru),
            ("utm=1&language=en", Some(ru), "ru", en),
            ("language=xx", Some(ru), "en", ru),
            ("", None, "de-DE, ru;q=0.8, en;q=0.9", en),
            ("", None, "ru-RU,ru;q=0.9,en-US;q=0.8", ru),
            ("", None, "en;q=0, ru;q=0.1", ru),
            ("", None, "de", en),
            ("", None, "", en),
        ] {
            let uri = format!("/join/x?{query}");
            let request = TestRequest::with_uri(&uri).insert_header((ACCEPT_LANGUAGE, browser)).to_http_request();
            assert_eq!(language_of(&request, of_mail), shown, "{query} {of_mail:?} {browser}");
        }
    }
}
