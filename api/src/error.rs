//! What a refused request answers: stable code, HTTP status, message, details.
//!
//! The only place that knows how errors of the other crates become HTTP. The body carries the
//! request id, which the edge adds, so that a person can name it and the log can be searched for it.

pub mod codes;

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use siteward_domain::text::BadText;
use siteward_store::StoreError;
use utoipa::ToSchema;

use codes::Code;

/// A refusal.
#[derive(Debug)]
pub struct ApiError {
    code: &'static Code,
    message: Option<String>,
    details: Option<Value>,
    retry_after_seconds: Option<u64>,
    /// The cause, for the log only.
    cause: Option<String>,
}

/// The body of every refusal.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorBody {
    /// A stable code; docs/errors.md lists them all.
    pub(crate) code: &'static str,
    /// What it means, in English.
    pub(crate) message: String,
    /// What more a program can use, by code: `field`, `locked_until`, `kind` …
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub(crate) details: Option<Value>,
    /// The id of this request in the server's log.
    pub(crate) request_id: String,
}

impl ApiError {
    /// A refusal with nothing but its code.
    pub fn new(code: &'static Code) -> Self {
        Self { code, message: None, details: None, retry_after_seconds: None, cause: None }
    }

    /// A refusal because of one field of the body.
    pub fn field(code: &'static Code, field: &'static str) -> Self {
        Self::new(code).with_details(json!({ "field": field }))
    }

    /// Something that should not happen; `cause` goes to the log only.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self { cause: Some(cause.to_string()), ..Self::new(codes::INTERNAL) }
    }

    /// A code that another crate gave, or `otherwise` where it is none of the table.
    pub fn of_code(code: &str, otherwise: &'static Code) -> Self {
        Self::new(codes::find(code).unwrap_or(otherwise))
    }

    /// With a better message than the code's meaning.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// With details for programs.
    #[must_use]
    pub fn with_details(mut self, details: Value) -> Self {
        self.details = Some(details);
        self
    }

    /// With the place in a list of what is refused, beside the other details.
    #[must_use]
    pub fn with_index(mut self, index: usize) -> Self {
        let details = self.details.get_or_insert_with(|| json!({}));
        if let Some(details) = details.as_object_mut() {
            details.insert("index".to_owned(), json!(index));
        }
        self
    }

    /// With the seconds after which trying again makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// With the time at which trying again makes sense, told in seconds from now, at least one.
    #[must_use]
    pub fn retry_at(self, until: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        self.retry_after(u64::try_from((until - now).num_seconds()).unwrap_or(0).max(1))
    }

    /// More requests than are taken; one more is from then on.
    pub fn too_many_until(until: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        Self::new(codes::TOO_MANY_REQUESTS).retry_at(until, now)
    }

    /// A locked account.
    pub fn locked(until: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        Self::new(codes::ACCOUNT_LOCKED).with_details(json!({ "locked_until": rfc3339(until) })).retry_at(until, now)
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code.code
    }

    /// The message.
    pub fn message(&self) -> String {
        self.message.clone().unwrap_or_else(|| self.code.meaning.to_owned())
    }

    /// The cause that only the log may tell.
    pub(crate) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    pub(crate) fn retry_after_seconds(&self) -> Option<u64> {
        self.retry_after_seconds
    }

    /// The body as the client gets it.
    pub(crate) fn body(&self, request_id: &str) -> ErrorBody {
        ErrorBody {
            code: self.code.code,
            message: self.message.clone().unwrap_or_else(|| self.code.meaning.to_owned()),
            details: self.details.clone(),
            request_id: request_id.to_owned(),
        }
    }
}

/// A time as the API writes it.
pub(crate) fn rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

impl fmt::Display for ApiError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code.code)
    }
}

impl std::error::Error for ApiError {}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.status_code()).json(self.body(""))
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::new(codes::NOT_FOUND),
            StoreError::Stale => Self::new(codes::STALE),
            StoreError::BadCursor => Self::new(codes::BAD_CURSOR),
            StoreError::Duplicate { what: "site_name" } => Self::field(codes::SITE_NAME_TAKEN, "name"),
            StoreError::Duplicate { what: "device_address" | "device_serial" } => Self::new(codes::DEVICE_ON_THIS_SITE),
            StoreError::Duplicate { what: "company_admin" } => Self::new(codes::SETUP_DONE),
            StoreError::Duplicate { what: "staff_email" } => Self::field(codes::STAFF_EMAIL_TAKEN, "email"),
            StoreError::Duplicate { what: "end_user_email" } => Self::field(codes::EMAIL_TAKEN, "email"),
            StoreError::Duplicate { what: "end_user_phone" } => Self::field(codes::PHONE_TAKEN, "phone"),
            StoreError::Duplicate { what: "invitation" } => Self::field(codes::INVITATION_OPEN, "email"),
            StoreError::Duplicate { what: "handover" } => Self::new(codes::HANDOVER_OPEN),
            StoreError::Duplicate { what: "company_invitation" } => Self::new(codes::COMPANY_INVITATION_OPEN),
            StoreError::Duplicate { what: "upgrade" } => Self::new(codes::UPGRADE_RUNNING),
            StoreError::Duplicate { what: "role_name" } => Self::field(codes::ROLE_NAME_TAKEN, "name"),
            StoreError::Unavailable(cause) => {
                Self { cause: Some(cause), ..Self::new(codes::UNAVAILABLE) }.retry_after(2)
            }
            other => Self::internal(other),
        }
    }
}

/// A bad text in a field that is a name.
pub(crate) fn bad_name(error: &BadText, field: &'static str) -> ApiError {
    match error {
        BadText::Empty => ApiError::field(codes::NAME_EMPTY, field),
        BadText::TooLong { .. } => ApiError::field(codes::NAME_TOO_LONG, field),
        BadText::Control => ApiError::field(codes::TEXT_INVALID, field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unavailable_database_is_503_with_retry_after_and_tells_no_cause() {
        let error = ApiError::from(StoreError::Unavailable("host db1 refused".to_owned()));
        assert_eq!(error.status_code(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(error.retry_after_seconds(), Some(2));
        let body = serde_json::to_string(&error.body("r1")).unwrap();
        assert!(!body.contains("db1"), "{body}");
        assert!(body.contains("\"request_id\":\"r1\""));
    }
}
