//! The caller's company.

pub(crate) mod admin;
pub(crate) mod app_hint;
pub(crate) mod logo;
pub(crate) mod update;

use serde::Serialize;
use siteward_domain::CompanyId;
use siteward_store::{DbConn, StoreError, companies};
use utoipa::ToSchema;

use app_hint::AppHint;

/// An installer company.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Company {
    /// Its id.
    #[schema(format = "uuid")]
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Country code of two letters, fixed after registration.
    pub(crate) region: String,
    /// How people reach this server.
    pub(crate) public_url: String,
    /// Age in days past which only the Admin imports an export QR; null: no limit.
    #[schema(required = true)]
    pub(crate) qr_age_limit_days: Option<u32>,
    /// The app that end users need, where the company names one.
    #[schema(required = true)]
    pub(crate) app_hint: Option<AppHint>,
    /// Whether everybody of its staff needs a second factor.
    pub(crate) two_factor_required: bool,
}

impl From<siteward_domain::company::Company> for Company {
    fn from(company: siteward_domain::company::Company) -> Self {
        Self {
            id: company.id.to_string(),
            name: company.name,
            region: company.region.as_str().to_owned(),
            public_url: company.public_url,
            qr_age_limit_days: company.qr_age_limit_days,
            app_hint: company.app_hint.map(AppHint::from),
            two_factor_required: company.two_factor_required,
        }
    }
}

/// Whether a company may change how people reach this server: links in mails lead there, so only the one that set it up may.
pub(crate) fn may_move(conn: &mut DbConn, company: &CompanyId) -> Result<bool, StoreError> {
    companies::is_first_company(conn, company)
}

/// Most characters of a public address.
pub(crate) const MOST_URL_CHARACTERS: usize = 255;

/// Checks how people reach the server: scheme and host, nothing behind; gives it without a trailing slash.
pub(crate) fn public_url(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('/');
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let uri: actix_web::http::Uri = text.parse().ok()?;
    let host = uri.host()?;
    let plain = uri.authority().is_some_and(|authority| authority.as_str() == rest && !rest.contains('@'));
    (plain && !host.is_empty() && text.len() <= MOST_URL_CHARACTERS).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_a_scheme_and_a_host() {
        for (text, expected) in [
            ("https://siteward.example/", Some("https://siteward.example")),
            ("http://192.168.1.5:8080", Some("http://192.168.1.5:8080")),
            ("http://[fd00::1]:8080", Some("http://[fd00::1]:8080")),
            ("siteward.example", None),
            ("javascript:alert(1)", None),
            ("https://user@siteward.example", None),
            ("https://siteward.example/path", None),
            ("https://", None),
        ] {
            assert_eq!(public_url(text).as_deref(), expected, "{text}");
        }
    }
}
