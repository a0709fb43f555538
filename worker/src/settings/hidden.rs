//! A setting that is shown to nobody.

use std::fmt;

use secrecy::SecretString;
use serde::{Deserialize, Serialize, Serializer};

/// What stands in its place where settings are shown.
const SHOWN: &str = "…";

/// A secret among the settings. `Debug` and serialising leave it out.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Hidden(String);

impl Hidden {
    /// What it is.
    pub fn secret(&self) -> SecretString {
        SecretString::from(self.0.as_str())
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(SHOWN)
    }
}

impl Serialize for Hidden {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(SHOWN)
    }
}
