//! The URL of the database, whose password is never shown.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

/// Where the database is. `Debug`, `Display` and serialising leave the password out.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The URL as given, password and all: for connecting only.
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn shown(&self) -> String {
        let Some((scheme, rest)) = self.0.split_once("://") else { return self.0.clone() };
        let (rest, query) = rest.split_once('?').map_or((rest, ""), |(rest, query)| (rest, query));
        let shown = match rest.rsplit_once('@') {
            Some((login, place)) => {
                let user = login.split_once(':').map_or(login, |(user, _)| user);
                format!("{scheme}://{user}@{place}")
            }
            None => format!("{scheme}://{rest}"),
        };
        let options: Vec<&str> =
            query.split('&').filter(|option| !option.is_empty() && !option.starts_with("password=")).collect();
        if options.is_empty() { shown } else { format!("{shown}?{}", options.join("&")) }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.shown(), out)
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.shown())
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.shown())
    }
}
