//! In which language the page speaks: as the address asks, else as the browser does.

use http::header::ACCEPT_LANGUAGE;
use http::{HeaderMap, Uri};

/// A language of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// English, also for whoever speaks neither.
    English,
    /// Russian.
    Russian,
}

impl Language {
    /// What a request asks for: `?lang=ru`, or the first of the browser's languages that is one of ours.
    pub(crate) fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        let asked = uri.query().and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("lang=")));
        let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut wanted = asked.into_iter().chain(accepted.split(','));
        wanted.find_map(Self::named).unwrap_or(Self::English)
    }

    fn named(tag: &str) -> Option<Self> {
        match tag.trim().get(..2)?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "ru" => Some(Self::Russian),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn the_address_comes_before_the_browser_and_english_is_for_the_rest() {
        let language = |uri: &'static str, accepted: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(accepted));
            Language::of(&Uri::from_static(uri), &headers)
        };
        assert_eq!(language("/?lang=ru", "en"), Language::Russian);
        assert_eq!(language("/", "de, ru-RU;q=0.8, en;q=0.5"), Language::Russian);
        assert_eq!(language("/", "de"), Language::English);
        assert_eq!(Language::of(&Uri::from_static("/"), &HeaderMap::new()), Language::English);
    }
}
