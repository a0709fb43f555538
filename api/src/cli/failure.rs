//! Why a command did not do its work.

use siteward_api::error::ApiError;

/// A stable code and a message.
#[derive(Debug)]
pub(super) struct Failure {
    code: String,
    message: String,
}

impl Failure {
    pub(super) fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into() }
    }

    /// Says it on standard error.
    pub(super) fn tell(&self, as_json: bool) {
        if as_json {
            eprintln!("{}", serde_json::json!({ "code": self.code, "message": self.message }));
        } else {
            eprintln!("{}: {}", self.code, self.message);
        }
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self::new(error.code(), error.message())
    }
}

impl From<siteward_api::serve::StartError> for Failure {
    fn from(error: siteward_api::serve::StartError) -> Self {
        Self::new("start", error.to_string())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new("io", error.to_string())
    }
}
