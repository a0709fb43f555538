//! A company: the tenant, and what it may set.

use serde::{Deserialize, Serialize};

use crate::ids::CompanyId;

/// An installer company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// Its id.
    pub id: CompanyId,
    /// Its name, up to 128 characters.
    pub name: String,
    /// ISO 3166-1 alpha-2 country, fixed after registration.
    pub region: Region,
    /// The address under which people reach this server, without a trailing slash.
    pub public_url: String,
    /// The age in days past which only the Installer Admin imports an export QR (R-D2); `None`: no limit.
    pub qr_age_limit_days: Option<u32>,
    /// Which app its end users need (R-D10); `None`: this server's own page.
    pub app_hint: Option<AppHint>,
    /// Whether everybody of its staff needs a second factor.
    pub two_factor_required: bool,
}

/// Which app end users need, and where it is (R-D10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppHint {
    /// The app's name.
    pub name: String,
    /// The version they need at least, as it is written; may be empty.
    pub version: String,
    /// Where they get it.
    pub link: String,
}

/// A region: the two capital letters of an ISO 3166-1 country code.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region(String);

/// A text that is not two letters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a region is a country code of two letters")]
pub struct NotARegion;

impl Region {
    /// Reads a country code; small letters are made capital.
    pub fn parse(text: &str) -> Result<Self, NotARegion> {
        let text = text.trim().to_ascii_uppercase();
        if text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()) { Ok(Self(text)) } else { Err(NotARegion) }
    }

    /// The two capitals.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Region {
    type Error = NotARegion;
    fn try_from(text: String) -> Result<Self, NotARegion> {
        Self::parse(&text)
    }
}

impl From<Region> for String {
    fn from(region: Region) -> String {
        region.0
    }
}
